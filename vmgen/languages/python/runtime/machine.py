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
