"""Debug sections of Mach-O files: objects, and what `dsymutil` collects.

A program or library itself has none: its objects keep them, or a dSYM beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from vmgen.binaries.image import BinaryError, Image, Machine, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARCHES = {
    "X86_64": ("x86_64", 8), "X86": ("x86", 4), "ARM64": ("aarch64", 8),
    "ARM": ("arm", 4), "POWERPC": ("powerpc", 4), "POWERPC64": ("powerpc64", 8),
}  # fmt: skip

_SYSTEMS = {
    "MACOS": "macos", "IOS": "ios", "IOS_SIMULATOR": "ios", "MAC_CATALYST": "ios",
    "TVOS": "tvos", "TVOS_SIMULATOR": "tvos", "WATCHOS": "watchos",
    "WATCHOS_SIMULATOR": "watchos", "VISIONOS": "visionos",
}  # fmt: skip

_NAMES = {"__debug_str_offs": ".debug_str_offsets"}
"""Sections whose names don't fit into Mach-O's sixteen bytes."""


def read_macho(data: bytes, shown: str) -> Iterator[Image]:
    """The image for each architecture of a file. Raises `BinaryError`."""
    import lief

    lief.logging.disable()
    fat = lief.MachO.parse(data)
    if fat is None:
        raise BinaryError("it is no sound Mach-O file")
    several = len(fat) > 1
    for binary in fat:
        with sound("it is no sound Mach-O file"):
            name = f"{shown}({binary.header.cpu_type.name})" if several else shown
            image = _image(binary, name)
        yield image


def _image(binary: Any, name: str) -> Image:
    arch, pointer = _ARCHES.get(binary.header.cpu_type.name, ("", 0))
    if not arch:
        raise BinaryError(f"its processor {binary.header.cpu_type.name} isn't known")
    platform = binary.platform.name if binary.platform is not None else ""
    endian: Literal["little", "big"] = "big" if arch.startswith("powerpc") else "little"
    sections = {}
    for section in binary.sections:
        if section.segment_name == "__DWARF":
            plain = _NAMES.get(section.name, "." + section.name.removeprefix("__"))
            sections[plain] = bytes(section.content)
    elsewhere = () if sections else (f"{name}.dSYM",)
    machine = Machine(arch, pointer, endian, _SYSTEMS.get(platform, "macos"))
    return Image(name, machine, sections, elsewhere)
