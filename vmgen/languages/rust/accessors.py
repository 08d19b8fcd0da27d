"""Methods by which a union is made of a member, and a member is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.accessors import (
    Conversion,
    accessors_of,
    conversion,
    methods_of,
    value_of,
)
from vmgen.languages.rust.docs import INDENT, doc, paragraphs
from vmgen.languages.rust.item import UNUSED, AccessorView
from vmgen.languages.rust.names import spelled
from vmgen.schema.types import INT_BITS, Int, RawPointer

if TYPE_CHECKING:
    from vmgen.languages.rust.item import Item
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.schema import model as m
    from vmgen.schema.types import Type

_BYTES = (Int("u8"), Int("i8"))
"""What has no byte order."""


def add_accessors(item: Item, union: m.Union, spelling: Spelling) -> None:
    """Give a union what it has instead of visible members, and what prints it."""
    if union.accessors:
        item.accessors = _views(union, spelling)
        item.attributes += UNUSED
    # Rust derives none; what prints one reads its members.
    item.debug = "Debug" in union.in_rust.derives
    item.derives = item.derives.replace(", Debug", "")


def _views(union: m.Union, spelling: Spelling) -> list[AccessorView]:
    """The accessors of a union."""
    found: list[AccessorView] = []
    for field, accessor in accessors_of(union):
        is_first = not any(view.member == spelled(field.name) for view in found)
        found.append(_view(field, accessor, spelling, is_first=is_first))
    return found


def _view(
    field: m.Field, accessor: m.Accessor, spelling: Spelling, *, is_first: bool
) -> AccessorView:
    value = value_of(field, spelling.types)
    assert value is not None
    wanted = accessor.text.type if accessor.text else value
    text = spelling.type(wanted)
    member = spelled(field.name)
    place = f"self.{member}"
    word = ""
    if field.endian == "little" and value not in _BYTES:
        word = spelling.names["Le"]
        place += ".get()"
    if word and isinstance(value, RawPointer):
        mutable = "_mut" if value.spelling == "*mut" else ""
        stored = "value.expose_provenance()"
        read = f"::core::ptr::with_exposed_provenance{mutable}({place})"
    else:
        stored, read = _converted(value, wanted, text, place)
    make, get = methods_of(accessor)
    about = f"One whose `{accessor.name}` is this, and whose other bytes are zero."
    return AccessorView(
        doc=doc(paragraphs(about, field.doc), INDENT),
        name=accessor.name,
        make=spelled(make),
        get=get,
        member=member,
        type=text,
        stored=f"{word}::new({stored})" if word else stored,
        read=read,
        const=not (word and isinstance(value, RawPointer)),
        shown=_shown(wanted),
        is_first=is_first,
    )


def _converted(value: Type, wanted: Type, text: str, place: str) -> tuple[str, str]:
    """What is stored of a `value` of the type that is wanted, and how it is read."""
    match conversion(value, wanted):
        case Conversion.SIGN:
            return f"value as {value}", f"{place} as {text}"
        case Conversion.BYTES:
            return "value.to_le_bytes()", f"{text}::from_le_bytes({place})"
        case Conversion.POINTER:
            return "value.cast()", f"{place}.cast()"
        case _:
            return "value", place


def _shown(type: Type) -> str:
    """The format of an integer, in hexadecimal digits for each of its bytes."""
    if not isinstance(type, Int):
        return ""
    bits = INT_BITS[type.name]
    return f"{{:#0{2 + bits // 4}x}}" if bits else "{:#x}"
