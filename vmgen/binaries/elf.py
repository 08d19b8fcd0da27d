"""Debug sections of ELF files: programs, shared libraries, objects.

Sections are decompressed here, zlib's and zstd's alike, and those of objects have their
relocations applied, since nearly all that debug information refers to there is a
relocation.
"""

from __future__ import annotations

import io
import zlib
from typing import Any

from vmgen.binaries.arches import arch_of
from vmgen.binaries.image import SPLIT, BinaryError, Image, Machine, sound
from vmgen.binaries.relocate import relocated, symbol_values

_SYSTEMS = {
    "ELFOSABI_LINUX": "linux", "ELFOSABI_FREEBSD": "freebsd", "ELFOSABI_NETBSD": "netbsd",
    "ELFOSABI_OPENBSD": "openbsd", "ELFOSABI_SOLARIS": "solaris",
}  # fmt: skip

MAX_SECTION = 1 << 32
"""Bytes that a section may have once it is decompressed."""


def read_elf(data: bytes, shown: str) -> Image:
    """The image of an ELF file. Raises `BinaryError`."""
    with sound("it is no sound ELF file"):
        return _read(data, shown)


def _read(data: bytes, shown: str) -> Image:
    from elftools.elf.elffile import ELFFile
    from elftools.elf.enums import ENUM_E_MACHINE

    elf = ELFFile(io.BytesIO(data))
    pointer = elf.elfclass // 8
    name = elf["e_machine"]
    arch = arch_of(ENUM_E_MACHINE.get(name, name), pointer)
    machine = Machine(
        arch,
        pointer,
        "little" if elf.little_endian else "big",
        _SYSTEMS.get(elf.header["e_ident"]["EI_OSABI"], ""),
    )
    sections: dict[str, bytes] = {}
    elsewhere: list[str] = []
    relocatable = elf["e_type"] == "ET_REL"
    # By the number of the section that they change: sections may have one name.
    relocations = {
        s["sh_info"]: s
        for s in elf.iter_sections()
        if relocatable and s["sh_type"] in ("SHT_REL", "SHT_RELA")
    }
    for index, section in enumerate(elf.iter_sections()):
        found = section.name
        plain = found.replace(".zdebug_", ".debug_", 1)
        if found == ".debug_info.dwo":
            raise BinaryError(SPLIT)
        if plain in _NEEDED and section["sh_type"] != "SHT_NOBITS":
            content = _content(elf, section, data)
            if index in relocations:
                content = _relocated(elf, relocations[index], content, data, arch)
            # An object may have a section of its own for each group of types.
            sections[plain] = sections.get(plain, b"") + content
        elif found in (".gnu_debuglink", ".gnu_debugaltlink"):
            linked = section.data().partition(b"\0")[0]
            elsewhere.append(linked.decode("utf-8", "replace"))
    return Image(shown, machine, sections, tuple(elsewhere))


_NEEDED = frozenset(
    {
        ".debug_info", ".debug_abbrev", ".debug_str", ".debug_line", ".debug_types",
        ".debug_addr", ".debug_line_str", ".debug_str_offsets", ".debug_rnglists",
        ".debug_loclists",
    }
)  # fmt: skip
"""The sections that types are read from, and those without which units can't be."""


def _content(elf: Any, section: Any, data: bytes) -> bytes:
    """What a section holds, decompressed."""
    start, size = section["sh_offset"], section["sh_size"]
    if start + size > len(data):
        raise BinaryError(f"it ends within its section {section.name}")
    raw = data[start : start + size]
    if section["sh_flags"] & 0x800:
        header = elf.structs.Elf_Chdr.parse(raw)
        size = header["ch_size"]
        raw = raw[elf.structs.Elf_Chdr.sizeof() :]
        kind = header["ch_type"]
        if kind == "ELFCOMPRESS_ZLIB":
            return _inflated(raw, size, section.name)
        if kind in (2, "ELFCOMPRESS_ZSTD"):
            return _zstd(raw, size, section.name)
        raise BinaryError(f"its section {section.name} is compressed in an unknown way")
    if raw.startswith(b"ZLIB") and section.name.startswith(".zdebug_"):
        return _inflated(raw[12:], int.from_bytes(raw[4:12], "big"), section.name)
    return raw


def _inflated(raw: bytes, size: int, name: str) -> bytes:
    _refuse_huge(size, name)
    try:
        content = zlib.decompressobj().decompress(raw, size)
    except zlib.error:
        content = b""
    return _whole(content, size, name)


def _zstd(raw: bytes, size: int, name: str) -> bytes:
    import zstandard

    _refuse_huge(size, name)
    content = b""
    try:
        with zstandard.ZstdDecompressor().stream_reader(raw) as reader:
            content = reader.read(size)
    except zstandard.ZstdError:
        pass
    return _whole(content, size, name)


def _refuse_huge(size: int, name: str) -> None:
    if not 0 < size <= MAX_SECTION:
        raise BinaryError(f"its section {name} claims {size} bytes decompressed")


def _whole(content: bytes, size: int, name: str) -> bytes:
    if len(content) != size:
        raise BinaryError(f"its section {name} can't be decompressed")
    return content


def _relocated(
    elf: Any, relocations: Any, content: bytes, data: bytes, arch: str
) -> bytes:
    """What a section of an object holds once its relocations are applied."""
    wide = elf.elfclass == 64
    order = "<" if elf.little_endian else ">"
    table = elf.get_section(relocations["sh_link"])
    return relocated(
        content,
        _content(elf, relocations, data),
        symbol_values(_content(elf, table, data), wide=wide, order=order),
        arch,
        addends=relocations["sh_type"] == "SHT_RELA",
        wide=wide,
        order=order,
    )
