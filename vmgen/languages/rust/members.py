"""Fields, members of unions, and slots: what is between a record's braces."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.peel import by_value
from vmgen.languages import notes
from vmgen.languages.rust.docs import INDENT, SKIP, WIDTH, doc, paragraphs
from vmgen.languages.rust.item import visible
from vmgen.languages.rust.names import free, spelled
from vmgen.schema import model as m
from vmgen.schema.rust_attributes import is_plain, parse_attribute, path_of
from vmgen.schema.types import (
    FnPointer,
    Option,
    RawPointer,
    VmPtr,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.languages.rust.spelling import Spelling
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part
    from vmgen.schema.types import Type
    from vmgen.targets.conditions import Condition

COMPLEX = '#[allow(clippy::type_complexity, reason = "as in the schema")]\n'
ABSENT = "[u8; 0]"
"""The type of a field where it isn't there."""
USUAL_NESTING = 4
LONGEST_ARROW = 64
"""Columns of ` -> T` after which rustfmt breaks the type in its own way."""


class Member(msgspec.Struct, frozen=True):
    """One line, or a few, between the braces.

    `text` is finished, with documentation and line end; `schema_type` is the type of
    the schema that `type` spells, if there is one. `long` says that rustfmt would break
    it, but how is hard to tell.
    """

    name: str
    type: str
    text: str
    schema_type: Type | None = None
    long: bool = False


def field_member(
    part: Part, spelling: Spelling, *, union: bool = False, hidden: bool = False
) -> Member:
    """A field of a struct or a context, or a member of a union; `hidden` if nobody sees it
    whatever is said of it."""
    about = field_doc(part)
    if part.on is None:
        return _member_of(part, about, spelling, union=union, hidden=hidden)
    made = _member_of(part, "", spelling, union=union, hidden=hidden)
    seen = "" if hidden else visible(_said_of(part).visibility)
    return only_on(part.on, made, about, seen)


def only_on(
    on: Condition | None, made: Member, about: str = "", seen: str = "pub "
) -> Member:
    """A member under a condition, None for none, with the documentation `about` it.
    Elsewhere it is nothing, which whoever makes a record writes as `[]`, and where
    that is can be measured like the place of any other."""
    if on is None:
        return made
    text = (
        f"{about}{INDENT}#[cfg({on.rust})]\n{made.text}"
        f"{INDENT}#[cfg({on.inverse.rust})]\n{INDENT}{seen}{made.name}: {ABSENT},\n"
    )
    # Of attributes that are long rustfmt has a form of its own.
    return msgspec.structs.replace(made, text=text, long=True)


def _said_of(part: Part) -> m.RustItem:
    source = part.source
    return source.in_rust if isinstance(source, m.Field) else m.PLAIN_ITEM


def _member_of(
    part: Part, about: str, spelling: Spelling, *, union: bool, hidden: bool
) -> Member:
    spell = spelling.member if union else spelling.type
    text = spell(part.type, little=part.little_endian)
    said = _said_of(part)
    if said is m.PLAIN_ITEM and not hidden:
        return member(about, spelled(part.name), text, part.type)
    lines, plain = attributes(said, INDENT)
    before = INDENT if hidden else f"{INDENT}{visible(said.visibility)}"
    made = member(about + lines, spelled(part.name), text, part.type, before)
    return made if plain else msgspec.structs.replace(made, long=True)


def attributes(item: m.RustItem, indent: str = "") -> tuple[str, bool]:
    """A schema's own attributes as finished lines, and whether rustfmt leaves them."""
    parsed = [parse_attribute(written.value) for written in item.attributes]
    lines = "".join(f"{indent}#[{attribute}]\n" for attribute in parsed)
    return lines, all(map(is_plain, parsed))


def said_of(item: m.RustItem, name: str) -> bool:
    """Whether an attribute of that name is among a schema's own."""
    return any(path_of(written.value) == name for written in item.attributes)


def slot_member(slot: m.Slot, spelling: Spelling) -> Member:
    """A slot of a table of function pointers."""
    text = notes.of_slot(slot)
    signature = slot.rust_signature
    if not spelling.is_callable(signature):
        text = paragraphs(
            text,
            f"The function's address. Its signature, `{signature}`, has vectors, which "
            "Rust and compiled code need not pass in the same way.",
        )
    name = spelled(slot.name)
    described = doc(text, INDENT)
    made = member(described, name, spelling.slot(signature, slot.nullable), signature)
    condition = slot.in_rust.condition
    if condition is not None:
        # The slot is there in any case; what it can be called with may not be.
        address = spelling.optional(spelling.address(), slot.nullable)
        bare = member("", name, address, signature)
        whole = _long_slot(slot, made, described, spelling) if made.long else made
        text = (
            f"{INDENT}#[cfg({condition.text})]\n{whole.text}"
            f"{INDENT}#[cfg({condition.inverse})]\n{bare.text}"
        )
        return Member(name, whole.type, text, signature, long=True)
    return _long_slot(slot, made, described, spelling) if made.long else made


def _long_slot(
    slot: m.Slot, made: Member, described: str, spelling: Spelling
) -> Member:
    """A slot that doesn't fit a line."""
    signature, name = slot.rust_signature, made.name
    if slot.nullable:
        return msgspec.structs.replace(made, long=True)
    # A parameter per line, as rustfmt has it.
    params = "".join(f"        {spelling.param(p)},\n" for p in signature.params)
    result = signature.result
    arrow = f" -> {spelling.type(result)}" if result is not None else ""
    text = f'    pub {name}: unsafe extern "C" fn(\n{params}    ){arrow},\n'
    long = len(arrow) > LONGEST_ARROW or any(len(p) > WIDTH for p in params.split("\n"))
    return Member(name, made.type, described + text, signature, long)


def member(
    doc: str, name: str, text: str, type: Type | None, before: str = "    pub "
) -> Member:
    """A member as rustfmt writes it: on one line, or its type on the next. `text` spells
    the schema's `type`."""
    line = f"{before}{name}: {text},\n"
    if len(line) <= WIDTH + 1:
        return Member(name, text, doc + line, type)
    if type is not None and holds_function(type) and not isinstance(type, FnPointer):
        return Member(name, text, doc + line, type, long=True)
    if len(text) < WIDTH - 8:
        return Member(name, text, f"{doc}{before}{name}:\n        {text},\n", type)
    return Member(name, text, doc + line, type, long=True)


def asked_alignment(part: Part, layouts: Layouts) -> int:
    """What a field is aligned to besides what its type is, 0 for nothing."""
    if not isinstance(part.source, m.Field) or part.source.align is None:
        return 0
    here = [c for c in layouts.classes if c.index not in part.absent]
    own = [layouts.extent(part.type, c)[1] for c in here]
    aligns = [part.extents[c.index][1] for c in here]
    return part.source.align.number if aligns != own else 0


def aligner(following: Part, to: int, taken: list[str]) -> Member:
    """A member that takes no space, and has what follows it begin at a multiple of `to`;
    `taken` are the names of the others, and get its own."""
    # Two underscores in a row are nothing that rustc likes in a name.
    name = free(f"_align_{following.name.lstrip('_')}", taken)
    taken.append(name)
    return only_on(following.on, member("", name, f"vmgen_alignment::To{to}", None))


def wrapped(
    name: str, inner: str, type: Type | None = None, *, long: bool = False
) -> Member:
    """What a tuple struct has inside. `long` is as of `Member`; a long line is so anyway."""
    line = f"pub struct {name}(pub {inner});"
    return Member("0", inner, line, type, long or len(line) > WIDTH)


def alias(name: str, path: str) -> Member:
    """The path that a name stands for."""
    line = f"pub type {name} = {path};"
    return Member("", path, line, long=len(line) > WIDTH)


IMPROPER = (
    '#[allow(improper_ctypes_definitions, reason = "C and rustc agree on them")]\n'
)
"""For signatures. The lint looks through pointers at what nobody passes, older compilers
at 128-bit integers."""


def kept(members: Iterable[Member]) -> str:
    """Attributes for a record: that rustfmt may not write it in its own way, which is
    hard to tell, and that types may be as nested as the schema's."""
    attributes = ""
    types = set()
    for member in members:
        if member.schema_type is not None:
            types.add(member.schema_type)
        if member.long:
            attributes = SKIP
    if any(map(is_complex, types)):
        attributes += COMPLEX
    # A table of functions says so in any case.
    if any(holds_function(t) and not isinstance(t, FnPointer) for t in types):
        attributes += IMPROPER
    return attributes


@cache
def is_complex(type: Type) -> bool:
    """Whether clippy may find a type too complex: it is nested more than usual, or is a
    function pointer."""
    # What doesn't have to be dropped, or is little-endian, gets one more around it.
    return holds_function(type) or _depth(type) + 1 > USUAL_NESTING


@cache
def holds_function(type: Type) -> bool:
    """Whether there is a function pointer in a type, whose length rustfmt breaks in its own
    way."""
    return isinstance(type, FnPointer) or any(map(holds_function, children(type)))


def _depth(type: Type) -> int:
    """How many wrappers are around the innermost type."""
    return 1 + max(map(_depth, children(type)), default=-1)


def type_doc(declared: m.Declaration) -> str:
    """A type's documentation, with what it is allowed and why."""
    return doc(notes.of_type(declared))


def field_doc(part: Part) -> str:
    """A field's documentation, with what compiled code may rely on."""
    plain = not part.little_endian and part.value is None
    if plain and not (part.access or part.allow or part.volatile or part.on):
        return doc(part.doc, INDENT)
    return doc(notes.of_field(part, _little_endian(part.type), "`"), INDENT)


def _little_endian(type: Type) -> str:
    inner = by_value(type)
    if isinstance(inner, (VmPtr, RawPointer, Option)):
        return f"A `{type}`, kept as an address in little-endian order on every target."
    return notes.LITTLE_ENDIAN
