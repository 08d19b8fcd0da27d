"""What clang tells of single members: what they are aligned to, and how they are used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = re.compile(
    r"(?:_?_?aligned_?_?|_Alignas|alignas)\( *(0x[0-9A-Fa-f]+|[0-9]+) *\)"
)
_NON_NULL = 0
"""Clang's `CXTypeNullability_NonNull`."""
UNKNOWN = -1
"""An alignment that is asked for by what isn't a number."""


def asked_align(cursor: Any) -> int | None:
    """The alignment in bytes that an attribute of a member, a type or a typedef asks for;
    `UNKNOWN` where a macro or a constant has the number, None where nothing asks."""
    found = []
    for child in cursor.get_children():
        if child.kind.name == "ALIGNED_ATTR":
            text = "".join(token.spelling for token in child.get_tokens())
            number = _NUMBER.fullmatch(text)
            found.append(int(number[1], 0) if number else UNKNOWN)
    if UNKNOWN in found:
        return UNKNOWN
    return max(found, default=0) or None


def of_typedefs(type: Any) -> int | None:
    """The alignment in bytes that a typedef gives to the type of a member."""
    while True:
        declared = type.get_declaration()
        if declared.kind.name != "TYPEDEF_DECL":
            return None
        if asked_align(declared) is not None:
            return int(type.get_align())
        type = declared.underlying_typedef_type


def is_volatile(type: Any) -> bool:
    """Whether a member is volatile, or its elements are."""
    return any(one.is_volatile_qualified() for one in _elements(type))


def is_const(type: Any) -> bool:
    """Whether something may not be changed, or its elements may not."""
    return any(one.is_const_qualified() for one in _elements(type))


def _elements(type: Any) -> Iterator[Any]:
    """A type, and if it is an array its elements, and so on: clang has the qualifiers of
    elements at the array."""
    inside = type.get_canonical()
    yield inside
    while inside.kind.name in ("CONSTANTARRAY", "INCOMPLETEARRAY"):
        inside = inside.get_array_element_type().get_canonical()
        yield inside


def value_of(type: Any) -> Any:
    """What is inside of an `_Atomic`."""
    return _asked("clang_Type_getValueType", type)


def without_attributes(type: Any) -> Any:
    """What a type with attributes is without them."""
    return _asked("clang_Type_getModifiedType", type)


def is_never_null(type: Any) -> bool:
    """Whether an attribute of a pointer says so."""
    from clang.cindex import Type, conf  # type: ignore[import-untyped]

    ask = conf.lib.clang_Type_getNullability
    ask.argtypes = [Type]
    return bool(ask(type) == _NON_NULL)


def arguments_of(type: Any) -> list[Any]:
    """The types of what a function takes. Clang's library for Python refuses those with
    attributes."""
    from clang.cindex import conf

    number = conf.lib.clang_getNumArgTypes(type)
    return [conf.lib.clang_getArgType(type, index) for index in range(number)]


def _asked(function: str, type: Any) -> Any:
    """What clang's library says of a type by a function that Python's has no name for."""
    from clang.cindex import Type, conf

    ask = getattr(conf.lib, function)
    ask.argtypes, ask.restype, ask.errcheck = [Type], Type, Type.from_result
    return ask(type)


def behind(type: Any) -> Any:
    """What a typedef or an attribute of a pointer is about."""
    declared = type.get_declaration()
    if declared.kind.name == "TYPEDEF_DECL":
        return declared.underlying_typedef_type
    if kind_of(type) == "ATTRIBUTED":
        return without_attributes(type)
    return type.get_canonical()


def kind_of(type: Any) -> str:
    """The kind of a type. The library's own list lacks that of types with attributes."""
    try:
        return str(type.kind.name)
    except ValueError:
        return "ATTRIBUTED"


def dimensions(type: Any) -> int:
    """How many times something is an array."""
    number, inside = 0, type.get_canonical()
    while kind_of(inside) in ("CONSTANTARRAY", "INCOMPLETEARRAY"):
        number, inside = number + 1, inside.get_array_element_type().get_canonical()
    return number
