"""Summaries and synthetic children of LLDB for values of the types of schemas, in C and
in Rust.

LLDB finds these functions and classes by their dotted names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import lldb

from .tables import (
    Bits,
    Found,
    Table,
    bit_number,
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

CATEGORY = "vmgen"


class Loaded:
    """The tables that are loaded, and what shows a whole context."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.whole: Whole = lambda known, address: None


loaded = Loaded()


def pointer(value: Any, session: Any) -> str:
    """The summary of a `VmPtr`."""
    pointee = pointee_of(value.GetTypeName()) or ""
    number = _number(value.GetNonSyntheticValue())
    return "" if number is None else pointer_text(pointee, number)


def enum(value: Any, session: Any) -> str:
    """The summary of a plain enum."""
    known = found(loaded.tables, value.GetTypeName())
    number = _number(value.GetNonSyntheticValue())
    return "" if known is None or number is None else enum_text(known, number)


def enums(value: Any, session: Any) -> str:
    """The summary of an array of plain enums in C, which LLDB may take for text."""
    elements = (value.GetChildAtIndex(i) for i in range(value.GetNumChildren()))
    return f"{{{', '.join(enum(element, session) for element in elements)}}}"


def tagged(value: Any, session: Any) -> str:
    """The summary of a tagged enum: its variant."""
    known, tag = _variant(value.GetNonSyntheticValue())
    if known is None or tag is None:
        return ""
    variant = known.table.tagged[known.name].get(tag)
    if variant is None:
        return f"{known.name}(unknown tag {tag})"
    return f"{known.name}::{variant[0]}"


def context(value: Any, session: Any) -> str:
    """The summary of a context: all of it, as the command `vmgen` shows it."""
    known = found(loaded.tables, value.GetTypeName())
    address = value.GetNonSyntheticValue().GetLoadAddress()
    if known is None or address == lldb.LLDB_INVALID_ADDRESS:
        return ""
    return loaded.whole(known, address) or ""


class Payload:
    """The child of a tagged enum: the payload that its tag means."""

    def __init__(self, value: Any, session: Any) -> None:
        self._value = value
        self._child: Any = None
        self.update()

    def update(self) -> bool:
        self._child = None
        known, tag = _variant(self._value)
        if known is None or tag is None:
            return False
        name, position = known.table.tagged[known.name].get(tag, ("", None))
        if position is not None:
            payload = self._value.GetChildMemberWithName("payload")
            child = payload.GetChildAtIndex(position)
            self._child = _renamed(_peeled(child), name)
        return False

    def num_children(self) -> int:
        return int(self._child is not None)

    def get_child_index(self, name: str) -> int:
        return 0 if self._child is not None and name == self._child.GetName() else -1

    def get_child_at_index(self, index: int) -> Any:
        return self._child if index == 0 else None

    def has_children(self) -> bool:
        return self._child is not None


class Fields:
    """The children of a record of Rust: its fields without what wraps them."""

    def __init__(self, value: Any, session: Any) -> None:
        self._value = value
        self._children: list[Any] = []
        self.update()

    def update(self) -> bool:
        self._children = []
        known = found(loaded.tables, self._value.GetTypeName())
        nullable = known.table.records.get(known.name, {}) if known else {}
        for child in _children(self._value):
            name = child.GetName().removeprefix("__")
            place = self._place(child)
            bits = bits_in(known, child.GetName(), *place)
            if known is not None and bits is not None:
                self._children += [_bit(child, known, one) for one in bits]
            elif name in nullable:
                pointer = _pointer(child, name, nullable[name])
                self._children.append(_peeled(child) if pointer is None else pointer)
            else:
                self._children.append(_renamed(_peeled(child), name))
        return False

    def _place(self, child: Any) -> tuple[int, int, int]:
        """The size of the record, and where in it how many bytes a member has."""
        type = self._value.GetType().GetCanonicalType()
        fields = (type.GetFieldAtIndex(i) for i in range(type.GetNumberOfFields()))
        at = [f.GetOffsetInBytes() for f in fields if f.GetName() == child.GetName()]
        return type.GetByteSize(), at[0] if at else 0, child.GetByteSize()

    def num_children(self) -> int:
        return len(self._children)

    def get_child_index(self, name: str) -> int:
        names = [child.GetName() for child in self._children]
        return names.index(name) if name in names else -1

    def get_child_at_index(self, index: int) -> Any:
        return self._children[index] if 0 <= index < len(self._children) else None

    def has_children(self) -> bool:
        return True


def _bit(value: Any, known: Found, field: Bits) -> Any:
    """A bit-field out of a member of bytes, as a value of its own: a number, a truth, or
    one of its enum."""
    error = lldb.SBError()
    data = value.GetData()
    raw = data.ReadRawData(error, 0, data.GetByteSize())
    big = value.GetTarget().GetByteOrder() == lldb.eByteOrderBig
    number = bit_number(field, raw, big)
    name, _, _, signed, what = field
    target = value.GetTarget()
    basic = lldb.eBasicTypeLongLong if signed else lldb.eBasicTypeUnsignedLongLong
    type = target.GetBasicType(lldb.eBasicTypeBool if what == "bool" else basic)
    if what in known.table.enums:
        path = value.GetTypeName().rpartition("::vmgen_bit_fields::")[0]
        found = target.FindFirstType(f"{path}::{what}")
        type = found if found.IsValid() else type
    size = type.GetByteSize()
    stored = (number & ((1 << 8 * size) - 1)).to_bytes(size, "big" if big else "little")
    made = lldb.SBData()
    made.SetData(error, stored, target.GetByteOrder(), target.GetAddressByteSize())
    return value.CreateValueFromData(name, made, type)


def _variant(value: Any) -> tuple[Found | None, int | None]:
    """What a tagged enum is, and its tag; None of a type that has none."""
    known = found(loaded.tables, value.GetTypeName())
    tag = value.GetChildMemberWithName("tag")
    if known is None or known.name not in known.table.tagged or not tag.IsValid():
        return None, None
    return known, _number(tag.GetNonSyntheticValue())


def _children(value: Any) -> list[Any]:
    """The parts of a value, without markers, which hold nothing."""
    all = (value.GetChildAtIndex(i) for i in range(value.GetNumChildren()))
    return [child.GetNonSyntheticValue() for child in all if not _is_marker(child)]


def _is_marker(value: Any) -> bool:
    name = value.GetTypeName()
    return name.startswith("core::marker::Phantom") or not value.GetByteSize()


def _pointer(value: Any, name: str, pointee: str) -> Any:
    """An `Option` of a pointer, which LLDB doesn't understand, as a pointer that is null
    for `None`. None of one that isn't in memory."""
    address = value.GetLoadAddress()
    if address == lldb.LLDB_INVALID_ADDRESS:
        return None
    target = value.GetTarget()
    type = target.FindFirstType(pointee)
    if not type.IsValid():
        type = target.GetBasicType(lldb.eBasicTypeVoid)
    return value.CreateValueFromAddress(name, address, type.GetPointerType())


def _number(value: Any) -> int | None:
    """The integer or address that is all that a value holds."""
    while True:
        kind = value.GetType().GetCanonicalType()
        if kind.GetTypeFlags() & (lldb.eTypeIsScalar | lldb.eTypeIsPointer):
            signed = kind.GetTypeFlags() & lldb.eTypeIsSigned
            get = value.GetValueAsSigned if signed else value.GetValueAsUnsigned
            return int(get())
        inner = _children(value)
        if len(inner) != 1:
            return None
        value = inner[0]


def _peeled(value: Any) -> Any:
    """A value without Rust's wrappers."""
    while is_wrapper(value.GetTypeName()):
        inner = _children(value)
        order = value.GetTarget().GetByteOrder()
        if len(inner) != 1:
            break
        if is_little(value.GetTypeName()) and order == lldb.eByteOrderBig:
            return _swapped(inner[0])
        value = inner[0]
    return value


def _swapped(value: Any) -> Any:
    """What little-endian bytes mean where others are big-endian."""
    error = lldb.SBError()
    data = value.GetData()
    raw = data.ReadRawData(error, 0, data.GetByteSize())
    size = value.GetTarget().GetAddressByteSize()
    turned = lldb.SBData()
    turned.SetData(error, raw[::-1], lldb.eByteOrderBig, size)
    return value.CreateValueFromData(value.GetName(), turned, value.GetType())


def _renamed(value: Any, name: str) -> Any:
    """The same value under another name."""
    if value.GetName() == name:
        return value
    address = value.GetLoadAddress()
    if address == lldb.LLDB_INVALID_ADDRESS:
        return value.CreateValueFromData(name, value.GetData(), value.GetType())
    return value.CreateValueFromAddress(name, address, value.GetType())


def load_table(debugger: Any, table: Table) -> None:
    """Print values of a module's types from now on; anew, if it was loaded already."""
    loaded.tables = [t for t in loaded.tables if t.module != table.module] + [table]
    here = __name__
    run = debugger.HandleCommand
    run(f"script import {here}")
    summary = f"type summary add -w {CATEGORY} --no-value --skip-pointers -F {here}"
    children = f"type synthetic add -w {CATEGORY} --skip-pointers -l {here}"
    run(f"{summary}.pointer -x '^([A-Za-z0-9_]+::)*VmPtr<.*>$'")
    for what, names, rust_only in (
        (f"{summary}.enum", table.enums, False),
        (f"{summary}.tagged -e", table.tagged, False),
        (f"{children}.Payload", table.tagged, False),
        (f"{summary}.context", table.contexts, False),
        (f"{children}.Fields", table.records, True),
    ):
        if names:
            run(f"{what} -x '{_pattern(table, names, rust_only)}'")
    if table.enums:
        in_c = _pattern(table, table.enums, False).replace("$", r" ?\[[0-9]+\]$")
        run(f"{summary}.enums -x '{in_c}'")
    run(f"type category enable {CATEGORY}")


def _pattern(table: Table, names: Any, rust_only: bool) -> str:
    """A regular expression of the names that types have in Rust, and in C."""
    some = "|".join(re.escape(name) for name in names)
    in_rust = f"([A-Za-z0-9_]+::)*{re.escape(table.module)}::({some})(<.*>)?"
    in_c = f"{re.escape(table.prefix)}({some})"
    return f"^{in_rust}$" if rust_only else f"^({in_rust}|{in_c})$"
