"""Names of what is at addresses, from the symbol tables of the files that are mapped."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vmgen.binaries.image import BinaryError, sound
from vmgen.languages.python.runtime.errors import Unmapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.python.runtime.memory import Memory

_DEFINED = frozenset({0, 1, 2, 10})
"""The kinds of symbols with an address: without a kind, data, functions, and functions
that are chosen when they are linked."""

_SIGNS = {
    "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ",", "RF": "&", "BP": "*",
    "u20": " ", "u5b": "[", "u5d": "]", "u7b": "{", "u7d": "}", "u3b": ";", "u27": "'",
}  # fmt: skip
"""What stands in Rust's older names for signs that linkers don't take."""

HEADER = 64
"""Bytes of a file's header; where things are in the file is said there."""

LARGEST = 1 << 26
"""Bytes of a symbol table that are looked at."""


class Table:
    """The symbols of one file, by their addresses in it, and its segments: address,
    place in the file, bytes there."""

    def __init__(
        self,
        symbols: Sequence[tuple[int, int, str]],
        segments: Sequence[tuple[int, int, int]],
    ) -> None:
        self.symbols = sorted(symbols)
        self.starts = [start for start, _, _ in self.symbols]
        self.segments = segments

    def name(self, offset: int) -> str:
        """What is at a place in the file, as ``name`` or ``name+0x10``."""
        for start, begin, size in self.segments:
            if begin <= offset < begin + size:
                return self._named(start + offset - begin)
        return ""

    def _named(self, address: int) -> str:
        position = bisect_right(self.starts, address) - 1
        if position < 0:
            return ""
        start, size, name = self.symbols[position]
        skipped = address - start
        if skipped >= max(size, 1):
            return ""
        return f"{name}+{skipped:#x}" if skipped else name

    def offsets(self, name: str) -> Iterator[int]:
        """Where in the file what has a name is."""
        for address, _, found in self.symbols:
            if found == name:
                for start, begin, size in self.segments:
                    if start <= address < start + size:
                        yield begin + address - start


class Symbols:
    """The symbols of a memory; each file is read when it is first needed.

    A file whose header isn't what was mapped is another one by now, and has none. Without
    `tables`, for want of the package that reads them, only files are named.
    """

    def __init__(self, memory: Memory, *, tables: bool = True) -> None:
        self._memory = memory
        areas = [area for area in memory.areas() if area.file]
        self._areas = sorted(areas, key=lambda area: area.start)
        self._starts = [area.start for area in self._areas]
        self._tables: dict[str, Table | None] = {}
        self._read = tables

    def name(self, address: int) -> str:
        """What is at an address: a symbol, or else the file and the place in it; empty
        where no file is mapped."""
        position = bisect_right(self._starts, address) - 1
        if position < 0 or address >= self._areas[position].end:
            return ""
        area = self._areas[position]
        if not area.file.startswith("/"):
            return ""
        offset = address - area.start + area.offset
        table = self._table(area.path)
        found = table.name(offset) if table else ""
        return _printable(found or f"{Path(area.file).name}+{offset:#x}")

    def addresses(self, name: str) -> list[int]:
        """Where what has a name is, as it is or as it is shown; in several files there can
        be one each."""
        name = readable(name)
        found: dict[int, None] = {}
        for path in dict.fromkeys(area.path for area in self._areas):
            table = self._table(path)
            for offset in table.offsets(name) if table else ():
                for area in self._areas:
                    begin = area.offset
                    if (
                        area.path == path
                        and begin <= offset < begin + area.end - area.start
                    ):
                        found.setdefault(area.start + offset - begin)
        return list(found)

    def _table(self, path: str) -> Table | None:
        if not self._read:
            return None
        if path not in self._tables:
            try:
                same = self._is_mapped(path)
                self._tables[path] = read(Path(path)) if same else None
            except (BinaryError, OSError):
                self._tables[path] = None
        return self._tables[path]

    def _is_mapped(self, path: str) -> bool:
        """Whether a file begins as what was mapped, as far as that can be read."""
        if not Path(path).is_file():
            return False
        for area in self._areas:
            if area.path == path and area.offset == 0:
                try:
                    mapped = self._memory.read(area.start, HEADER)
                except Unmapped:
                    continue
                with open(path, "rb") as file:
                    return file.read(HEADER) == mapped
        return True


def read(path: Path) -> Table | None:
    """The symbols of an ELF file; None of what is no regular file. Raises BinaryError,
    OSError."""
    if not path.is_file():
        return None
    with path.open("rb") as file, sound("it is no sound ELF file"):
        from elftools.elf.elffile import ELFFile

        elf = ELFFile(file)
        segments = [
            (s["p_vaddr"], s["p_offset"], s["p_filesz"])
            for s in elf.iter_segments()
            if s["p_type"] == "PT_LOAD"
        ]
        found: dict[int, tuple[int, str]] = {}
        for section in elf.iter_sections():
            if section["sh_type"] in ("SHT_SYMTAB", "SHT_DYNSYM"):
                names = elf.get_section(section["sh_link"])
                for address, size, name in _symbols(elf, section, names):
                    found.setdefault(address, (size, readable(name)))
        return Table([(at, size, name) for at, (size, name) in found.items()], segments)


def _printable(name: str) -> str:
    """A name without what a terminal would obey: files say what they like."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def readable(name: str) -> str:
    """A name as Rust's older mangling has it (``_ZN4core3fmt5write17h…E``) by its words,
    without the hash; any other as it is."""
    if not name.startswith("_ZN") or not re.search(r"17h[0-9a-f]{16}E(\.|$)", name):
        return name
    at, words = 3, []
    while number := re.compile(r"[0-9]{1,5}").match(name, at):
        at = number.end() + int(number[0])
        words.append(name[number.end() : at])
    if len(words) < 2 or name[at : at + 1] != "E":
        return name
    spelled = "::".join(words[:-1]).replace("..", "::")
    for code, sign in _SIGNS.items():
        spelled = spelled.replace(f"${code}$", sign)
    return spelled.replace("::_<", "::<").removeprefix("_" * spelled.startswith("_<"))


def _symbols(elf: Any, section: Any, names: Any) -> Iterator[tuple[int, int, str]]:
    """Address, size and name of each symbol that has them, as its table has them."""
    if max(section["sh_size"], names["sh_size"]) > LARGEST:
        return
    order = "<" if elf.little_endian else ">"
    wide = elf.elfclass == 64
    code = struct.Struct(order + ("IBBHQQ" if wide else "IIIBBH"))
    data, text = section.data(), names.data()
    for fields in code.iter_unpack(data[: len(data) // code.size * code.size]):
        if wide:
            name, info, _, where, address, size = fields
        else:
            name, address, size, info, _, where = fields
        if info & 15 not in _DEFINED or not where or not name:
            continue
        end = text.find(b"\0", name)
        if end > name:
            yield address, size, text[name:end].decode("utf-8", "replace")
