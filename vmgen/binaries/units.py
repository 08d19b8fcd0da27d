"""Types found by name, without reading what else the debug information says.

A large program has millions of entries (DIEs), which take minutes to make objects of.
Here they are stepped over by the sizes that their abbreviations imply (DWARF 5, section
7.5), which takes a fiftieth of that.
"""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Any

import msgspec

from vmgen.binaries.image import BinaryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.binaries.names import Names

TYPE_TAGS = frozenset(
    {
        "DW_TAG_structure_type", "DW_TAG_union_type", "DW_TAG_class_type",
        "DW_TAG_enumeration_type", "DW_TAG_typedef",
    }
)  # fmt: skip
_SCOPES = TYPE_TAGS | {"DW_TAG_namespace", "DW_TAG_module"}

_FIXED = {
    "DW_FORM_data1": 1, "DW_FORM_data2": 2, "DW_FORM_data4": 4, "DW_FORM_data8": 8,
    "DW_FORM_data16": 16, "DW_FORM_flag": 1, "DW_FORM_flag_present": 0, "DW_FORM_ref1": 1,
    "DW_FORM_ref2": 2, "DW_FORM_ref4": 4, "DW_FORM_ref8": 8, "DW_FORM_ref_sig8": 8,
    "DW_FORM_ref_sup4": 4, "DW_FORM_ref_sup8": 8, "DW_FORM_strx1": 1, "DW_FORM_strx2": 2,
    "DW_FORM_strx3": 3, "DW_FORM_strx4": 4, "DW_FORM_addrx1": 1, "DW_FORM_addrx2": 2,
    "DW_FORM_addrx3": 3, "DW_FORM_addrx4": 4, "DW_FORM_implicit_const": 0,
}  # fmt: skip
"""Bytes of the forms that are as long in every unit."""
_OFFSETS = frozenset(
    {
        "DW_FORM_strp", "DW_FORM_line_strp", "DW_FORM_sec_offset", "DW_FORM_strp_sup",
        "DW_FORM_GNU_ref_alt", "DW_FORM_GNU_strp_alt",
    }
)  # fmt: skip
_NUMBERS = frozenset(
    {
        "DW_FORM_sdata", "DW_FORM_udata", "DW_FORM_ref_udata", "DW_FORM_strx",
        "DW_FORM_addrx", "DW_FORM_loclistx", "DW_FORM_rnglistx",
    }
)  # fmt: skip
_BLOCKS = {
    "DW_FORM_block1": 1, "DW_FORM_block2": 2, "DW_FORM_block4": 4, "DW_FORM_block": 0,
    "DW_FORM_exprloc": 0,
}  # fmt: skip
"""Bytes of the length before a block, 0 for a number of varying length."""

_NUMBER, _STRING = -1, -2
_BLOCK = -3
"""What a step is that isn't a number of bytes; a block whose length has N bytes is
`_BLOCK - N`."""

MAX_DEPTH = 4096
"""How deep entries may stand in each other."""


class Found(msgspec.Struct, frozen=True):
    """A type's entry: where it is in ``.debug_info``, and its name behind those of the
    namespaces and types that it stands in; `nested` says whether a type is among these.
    """

    offset: int
    path: tuple[str, ...]
    name: str
    nested: bool


class _Shape(msgspec.Struct, frozen=True):
    """How entries of one abbreviation are stepped over.

    `name` is the form of their name, None where they have none or nobody asks for it;
    `before` are the steps to it.
    """

    tag: str
    children: bool
    size: int | None
    steps: tuple[int, ...]
    name: str | None
    before: tuple[int, ...]


def find_types(dwarf: Any, names: Names, info: bytes) -> Iterator[Found]:
    """The entries of types that have one of the names. `dwarf` is pyelftools' view of
    the sections that `names` was made of, and `info` its ``.debug_info``.

    Raises `BinaryError`, and what pyelftools raises over broken headers.
    """
    shapes: dict[tuple[int, int, int], dict[int, _Shape]] = {}
    for unit in dwarf.iter_CUs():
        if unit.cu_offset + unit.size > len(info):
            raise BinaryError("its .debug_info ends within a unit")
        key = (
            unit["debug_abbrev_offset"],
            unit.structs.dwarf_format,
            unit["address_size"] | unit["version"] << 8,
        )
        table = shapes.get(key)
        if table is None:
            table = shapes[key] = _shapes(unit)
        yield from _walk(unit, table, names, info)


def _shapes(unit: Any) -> dict[int, _Shape]:
    """The shapes of a unit's abbreviations, by their codes."""
    table = unit.get_abbrev_table()
    widths = dict.fromkeys(_OFFSETS, unit.structs.dwarf_format // 8)
    widths["DW_FORM_addr"] = unit["address_size"]
    widths["DW_FORM_ref_addr"] = (
        unit["address_size"] if unit["version"] < 3 else unit.structs.dwarf_format // 8
    )
    widths |= _FIXED
    made = {}
    for code, abbreviation in table._abbrev_map.items():
        declared = abbreviation.decl
        steps: list[int] = []
        name: str | None = None
        before: tuple[int, ...] = ()
        for spec in declared["attr_spec"]:
            if spec.name == "DW_AT_name" and declared["tag"] in _SCOPES:
                name, before = spec.form, tuple(steps)
            _add_step(steps, spec.form, widths)
        fixed = len(steps) < 2 and all(s >= 0 for s in steps)
        made[code] = _Shape(
            declared["tag"],
            abbreviation.has_children(),
            sum(steps) if fixed else None,
            tuple(steps),
            name,
            before,
        )
    return made


def _add_step(steps: list[int], form: str, widths: Mapping[str, int]) -> None:
    if form in widths:
        if steps and steps[-1] >= 0:
            steps[-1] += widths[form]
        else:
            steps.append(widths[form])
    elif form in _NUMBERS:
        steps.append(_NUMBER)
    elif form == "DW_FORM_string":
        steps.append(_STRING)
    elif form in _BLOCKS:
        steps.append(_BLOCK - _BLOCKS[form])
    else:
        raise BinaryError(
            f"its debug information has the form {form}, which isn't read"
        )


def _walk(
    unit: Any, shapes: Mapping[int, _Shape], names: Names, info: bytes
) -> Iterator[Found]:
    """The wanted types of one unit."""
    little = unit.structs.little_endian
    place = unit.cu_die_offset
    end = unit.cu_offset + unit.size
    wanted = _Wanted(unit, names, info, little)
    if not wanted.possible:
        return
    scopes: list[tuple[_Shape, int]] = []
    try:
        while place < end:
            start = place
            code = info[place]
            place += 1
            if code >= 0x80:
                code, place = _number(info, start)
            if code == 0:
                if not scopes:
                    break
                scopes.pop()
                continue
            shape = shapes[code]
            if shape.name is not None and shape.tag in TYPE_TAGS:
                name = wanted.name(shape, place)
                if name is not None:
                    around = [wanted.text(s, p) for s, p in scopes if s.tag in _SCOPES]
                    nested = any(s.tag in TYPE_TAGS for s, _ in scopes)
                    full = wanted.text(shape, place)
                    yield Found(start, (*filter(None, around), name), full, nested)
            if shape.children:
                if len(scopes) == MAX_DEPTH:
                    raise BinaryError("its entries are nested too deep")
                scopes.append((shape, place))
            if shape.size is not None:
                place += shape.size
            else:
                place = _step(info, place, shape.steps, little)
    except (IndexError, KeyError):
        raise BinaryError(
            f"its .debug_info is broken in the unit at {unit.cu_offset:#x}"
        ) from None


class _Wanted:
    """Tells whether an entry of one unit has a wanted name."""

    def __init__(self, unit: Any, names: Names, info: bytes, little: bool) -> None:
        self._names = names
        self._info = info
        self._little = little
        self._width = unit.structs.dwarf_format // 8
        self._strings = names.at
        self._table: Sequence[int] = ()
        self._indices: dict[int, str] = {}
        self.possible = True
        self._table = _string_offsets(unit)
        if self._table:
            known = names.at["DW_FORM_strp"]
            self._indices = {
                index: name
                for index, offset in enumerate(self._table)
                if (name := known.get(offset)) is not None
            }
            self.possible = bool(self._indices)

    def name(self, shape: _Shape, place: int) -> str | None:
        """The wanted name of an entry whose attributes begin at `place`, if it has one."""
        at = _step(self._info, place, shape.before, self._little)
        form = shape.name
        if form is not None and form in self._strings:
            return self._strings[form].get(self._fixed(at, self._width))
        if form == "DW_FORM_string":
            end = self._info.find(b"\0", at)
            return self._names.words.get(self._info[at:end].partition(b"<")[0])
        return self._indices.get(self._index(form, at))

    def text(self, shape: _Shape, place: int) -> str:
        """The name of an entry whatever it is, empty where it has none."""
        if shape.name is None:
            return ""
        at = _step(self._info, place, shape.before, self._little)
        form = shape.name
        if form == "DW_FORM_string":
            text, at = self._info, at
        else:
            if form in self._names.texts:
                text, at = self._names.texts[form], self._fixed(at, self._width)
            else:
                text = self._names.texts["DW_FORM_strp"]
                at = self._table[self._index(form, at)]
        return text[at : text.find(b"\0", at)].decode("utf-8", "replace")

    def _index(self, form: str | None, at: int) -> int:
        if form in _FIXED:
            return self._fixed(at, _FIXED[form])
        return _number(self._info, at)[0]

    def _fixed(self, at: int, width: int) -> int:
        part = self._info[at : at + width]
        return int.from_bytes(part, "little" if self._little else "big")


def _string_offsets(unit: Any) -> Sequence[int]:
    """Where the strings are that a unit refers to by number (DWARF 5, section 7.26)."""
    section = unit.dwarfinfo.debug_str_offsets_sec
    if section is None:
        return ()
    width = unit.structs.dwarf_format // 8
    little = unit.structs.little_endian
    base = unit.get_top_DIE().attributes.get("DW_AT_str_offsets_base")
    if base is None:
        return ()
    # The header before it has the length and four bytes of version and padding.
    start = base.value
    section.stream.seek(start - 4 - width)
    length = int.from_bytes(section.stream.read(width), "little" if little else "big")
    section.stream.seek(start)
    content = section.stream.read(max(0, length - 4))
    table = array("I" if width == 4 else "Q")
    table.frombytes(content[: len(content) // width * width])
    if little != (sys.byteorder == "little"):
        table.byteswap()
    return table


def _step(info: bytes, place: int, steps: Sequence[int], little: bool) -> int:
    """Where attributes end that begin at `place`."""
    for step in steps:
        if step >= 0:
            place += step
        elif step == _NUMBER:
            while info[place] >= 0x80:
                place += 1
            place += 1
        elif step == _STRING:
            place = info.index(0, place) + 1
        elif step == _BLOCK:
            length, place = _number(info, place)
            place += length
        else:
            width = _BLOCK - step
            part = info[place : place + width]
            place += width + int.from_bytes(part, "little" if little else "big")
    return place


def _number(info: bytes, place: int) -> tuple[int, int]:
    """An unsigned LEB128 and where it ends."""
    value = shift = 0
    while True:
        byte = info[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
