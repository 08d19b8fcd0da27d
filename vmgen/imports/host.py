"""The target of this machine, where nobody names one."""

from __future__ import annotations

import platform
import sys

from vmgen.imports.found import ImportFailed
from vmgen.targets.find import TARGETS

_ARCHES = {"amd64": "x86_64", "arm64": "aarch64", "x86": "i686", "i386": "i686"}
_SYSTEMS = {
    "linux": "unknown-linux-gnu", "darwin": "apple-darwin", "win32": "pc-windows-msvc",
}  # fmt: skip


def host() -> str:
    """rustc's triple for this machine. Raises `ImportFailed` where it has none."""
    arch = platform.machine().lower()
    arch = _ARCHES.get(arch, arch)
    name = f"{arch}-{_SYSTEMS.get(sys.platform, sys.platform)}"
    if name not in TARGETS:
        raise ImportFailed("name the target by --target: this machine is no target")
    return name
