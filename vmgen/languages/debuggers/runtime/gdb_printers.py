"""Printers of gdb for values of the types of schemas, in C and in Rust."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gdb

from .tables import (
    Found,
    Table,
    bit_text,
    bits_in,
    enum_text,
    found,
    is_little,
    is_wrapper,
    pointee_of,
    pointer_text,
)

Whole = Callable[[Found, int], str | None]
"""A context at an address as text; None where it can't be read."""

Child = tuple[str, Any]


class Printers:
    """What gdb asks for the printer of each value. `tables` are those that are loaded."""

    name = "vmgen"
    enabled = True

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.whole: Whole = lambda known, address: None

    def __call__(self, value: Any) -> Any:
        # A typedef of C is the name of an enum; what it stands for isn't.
        spelled = value.type.unqualified().name
        if spelled is None:
            return self._array(value)
        pointee = pointee_of(spelled)
        if pointee is not None:
            address = _number(value)
            return None if address is None else _Text(pointer_text(pointee, address))
        known = found(self.tables, spelled)
        return None if known is None else self._printer(known, value)

    def _array(self, value: Any) -> Any:
        """Values of an enum in a row, which gdb may take for text."""
        if value.type.code != gdb.TYPE_CODE_ARRAY:
            return None
        spelled = value.type.target().unqualified().name or ""
        known = found(self.tables, spelled)
        if known is None or known.name not in known.table.enums or "::" in spelled:
            return None
        return _Array(value)

    def _printer(self, known: Found, value: Any) -> Any:
        table, name = known
        if name in table.enums:
            number = _number(value)
            return None if number is None else _Text(enum_text(known, number))
        fields = _fields(value)
        if fields is None:
            return None
        if name in table.tagged:
            return _Text(_tagged_text(known, value)) if "tag" in fields else None
        if name in table.contexts:
            text = None
            if value.address is not None:
                text = self.whole(known, int(value.address))
            return _fixed(value) if text is None else _Text(text)
        # C's fields are shown as they are.
        if "::" not in str(value.type):
            return None
        if fields == ["__0"]:
            inner = value[value.type.strip_typedefs().fields()[0]]
            return _Text(f"{name}({_shown(inner)})")
        return _Record(value, known)


class _Text:
    """A value that is one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def to_string(self) -> str:
        return self._text


class _Array:
    """Elements one by one."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def display_hint(self) -> str:
        return "array"

    def to_string(self) -> None:
        return None

    def children(self) -> Iterator[Child]:
        low, high = self._value.type.range()
        for index in range(low, high + 1):
            yield f"[{index}]", self._value[index]


class _Record:
    """A struct or union of Rust: its fields without what wraps them, and bit-fields, of
    which Rust has the bytes."""

    def __init__(self, value: Any, known: Found | None = None) -> None:
        self._value = value
        self._known = known

    def to_string(self) -> None:
        return None

    def children(self) -> Iterator[Child]:
        type = self._value.type.strip_typedefs()
        for field in type.fields():
            place = (type.sizeof, field.bitpos // 8, field.type.sizeof)
            bits = bits_in(self._known, field.name, *place)
            if bits is not None and self._known is not None:
                data = _bytes(self._value[field]) if bits else b""
                for one in bits:
                    yield one[0], bit_text(self._known, one, data, is_big())
            elif field.type.sizeof or field.type.code == gdb.TYPE_CODE_ARRAY:
                yield field.name, _child(self._value[field])


def _bytes(value: Any) -> bytes:
    """The bytes inside of whatever wraps them."""
    while value.type.strip_typedefs().code != gdb.TYPE_CODE_ARRAY:
        value = value[value.type.strip_typedefs().fields()[0]]
    low, high = value.type.strip_typedefs().range()
    return bytes(int(value[index]) for index in range(low, high + 1))


def _tagged_text(known: Found, value: Any) -> str:
    """A tagged enum: the variant's name, and its payload."""
    table, name = known
    tag = _number(value["tag"])
    variant = table.tagged[name].get(0 if tag is None else tag)
    if variant is None:
        return f"{name}(unknown tag {tag})"
    if variant[1] is None:
        return f"{name}::{variant[0]}"
    payload = value["payload"]
    field = payload.type.strip_typedefs().fields()[variant[1]]
    return f"{name}::{variant[0]}({_shown(payload[field])})"


def _shown(value: Any) -> str:
    """A value as text."""
    child = _child(value)
    return child if isinstance(child, str) else str(child.format_string())


def _child(value: Any) -> Any:
    """A value without Rust's wrappers; an `Option` as text, which gdb shows with all of
    its type's name."""
    inner = _peeled(value)
    spelled = str(inner.type)
    if not spelled.startswith("core::option::Option<"):
        return inner
    return str(inner.format_string()).removeprefix(f"{spelled}::")


def _fixed(value: Any) -> Any:
    """The printer of a context's fixed fields, which in Rust have a type of their own."""
    if value.address is None or "::" not in str(value.type):
        return None
    try:
        fixed = gdb.lookup_type(f"{value.type.unqualified().name}Fixed")
    except gdb.error:
        return None
    return _Record(value.address.cast(fixed.pointer()).dereference())


def _fields(value: Any) -> list[str] | None:
    """The names of a struct's or union's fields; None of anything else."""
    type = value.type.strip_typedefs()
    if type.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return None
    return [field.name for field in type.fields()]


def _inside(value: Any) -> Any | None:
    """The one field of a struct that has a size."""
    if _fields(value) is None:
        return None
    fields = [f for f in value.type.strip_typedefs().fields() if f.type.sizeof]
    return value[fields[0]] if len(fields) == 1 else None


def _number(value: Any) -> int | None:
    """The integer or address that is all that a value holds."""
    while True:
        type = value.type.strip_typedefs()
        if type.code in _NUMBERS:
            return int(value)
        inner = _inside(value)
        if inner is None:
            return None
        value = inner


_NUMBERS = (
    gdb.TYPE_CODE_INT,
    gdb.TYPE_CODE_CHAR,
    gdb.TYPE_CODE_BOOL,
    gdb.TYPE_CODE_PTR,
    gdb.TYPE_CODE_ENUM,
)


def _peeled(value: Any) -> Any:
    """A value without Rust's wrappers."""
    while is_wrapper(str(value.type)):
        inner = _inside(value)
        if inner is None:
            break
        if is_little(str(value.type)) and is_big():
            return _swapped(value, inner)
        value = inner
    return value


def _swapped(value: Any, inner: Any) -> Any:
    """What little-endian bytes mean where others are big-endian."""
    number = _number(inner)
    if number is None:
        return inner
    size = value.type.sizeof
    stored = (number & ((1 << (8 * size)) - 1)).to_bytes(size, "big")
    return int.from_bytes(stored, "little", signed=number < 0)


def is_big() -> bool:
    """Whether the program that is looked at is big-endian."""
    return "big endian" in gdb.execute("show endian", to_string=True)


printers = Printers()


def load_table(table: Table) -> None:
    """Print values of a module's types from now on; anew, if it was loaded already."""
    printers.tables = [t for t in printers.tables if t.module != table.module] + [table]
    if printers not in gdb.pretty_printers:
        gdb.pretty_printers.insert(0, printers)
