"""What the running interpreter says of the machine that it is on, by name.

Only what can't be measured is concluded from names.
"""

from __future__ import annotations

import os
import sys

from .hints import Final

_UNSIGNED: Final[tuple[str, ...]] = (
    "aarch64", "arm", "csky", "hexagon", "ppc", "powerpc", "riscv", "s390", "xtensa",
)  # fmt: skip
"""How machines are called on which C's `char` has no sign, where the system doesn't
decide."""


def has_signed_char() -> bool:
    """Whether C's `char` has a sign here."""
    if sys.platform in ("win32", "darwin", "ios"):
        return True
    uname = getattr(os, "uname", None)
    return not (uname and uname().machine.startswith(_UNSIGNED))


def bit_rule() -> int:
    """The rule by which C lays out bit-fields here, as the table numbers it: 1 is
    Microsoft's, 3 AIX's, 0 that of all others on which there is a Python."""
    return {"win32": 1, "aix": 3}.get(sys.platform, 0)


_SYSTEMS: Final[dict[str, str]] = {
    "win32": "windows", "darwin": "macos", "gnu": "hurd",
}  # fmt: skip
"""Systems that Python calls otherwise than rustc."""

_MACHINES: Final[dict[str, str]] = {
    "amd64": "x86_64", "x64": "x86_64", "i386": "x86", "i486": "x86", "i586": "x86",
    "i686": "x86", "arm64": "aarch64", "ppc": "powerpc", "ppc64": "powerpc64",
    "ppc64le": "powerpc64", "aarch64_be": "aarch64",
}  # fmt: skip
"""The same of machines."""

_NARROW: Final[dict[str, str]] = {"x86_64": "x86", "aarch64": "arm", "s390x": "s390"}
"""What a 32-bit process is of on machines that run those too."""


def is_so(word: str, value: str) -> int | None:
    """Whether the host is of a system (the word ``os``) or an architecture (``arch``);
    None of anything else, which follows from these."""
    if word == "os":
        return int(_system() == value)
    return int(_architecture() == value) if word == "arch" else None


def _system() -> str:
    if hasattr(sys, "getandroidapilevel"):
        return "android"
    name = sys.platform.rstrip("0123456789") if sys.platform != "win32" else "win32"
    return _SYSTEMS.get(name, name)


def _architecture() -> str:
    import platform

    machine = platform.machine().lower()
    name = _MACHINES.get(machine, machine)
    if name.startswith("arm"):
        name = "arm"
    if sys.maxsize < 1 << 32:
        # A process of x32 is of x86_64 and has short pointers.
        return _NARROW.get(name, name)
    return name
