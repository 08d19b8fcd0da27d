"""Numbers of a module that a header of somebody else's states too, by what it calls them.

The file of assertions and `vmgen verify --header` both come of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from vmgen.analysis.called import name_in
from vmgen.languages.language import Declarer
from vmgen.layout.held_on import HeldOn
from vmgen.layout.inside import inside_named, members
from vmgen.schema import model as m
from vmgen.schema.types import INT_BITS, Named, OpenArray
from vmgen.targets.conditions import all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record, Region
    from vmgen.reading.source import Span
    from vmgen.schema.types import Int
    from vmgen.targets.conditions import Condition

What = Literal[
    "size", "alignment", "scalar alignment", "offset", "width", "stride", "value",
    "first bit", "bits",
]  # fmt: skip


class Fact(msgspec.Struct, frozen=True):
    """One number. `type` is the record's name in C, with `struct` or `union` before it if
    it has no other, and empty of a constant; `member` is that of a part, of the constant,
    or empty of the whole. `numbers` has an entry per layout class, in bytes or a value. How
    an integer is aligned by itself, `_Alignof` may have otherwise than as a member.

    The first bit of a bit-field is counted from the record's begin, in the order in which the
    target fills bytes. `bits` is how wide that bit-field is, or the type of a value, 0 of other
    numbers. `name` is what the schema calls it, and `span` where. `on` is the condition on
    targets without which the part isn't there, and `absent` are the layout classes that don't
    meet it.
    """

    what: What
    type: str
    member: str
    numbers: tuple[int, ...]
    name: str
    span: Span
    bits: int = 0
    on: Condition | None = None
    absent: frozenset[int] = frozenset()


def facts(layouts: Layouts, records: Iterable[Record]) -> Iterator[list[Fact]]:
    """The numbers of a module: those of its constants, then those of each record."""
    module = layouts.module
    assert module.owner is not None
    made = _Facts(layouts, {word.text for word in module.owner.without})
    yield made.constants(c for _, c in sorted(module.own_constants.items()))
    held = HeldOn(layouts)
    for record in records:
        on, absent = held.of(record.name)
        found = made.declare(record)
        if on is not None:
            # Their header declares it where it is of use.
            found = [
                replace(fact, on=all_of([on, fact.on]), absent=absent | fact.absent)
                for fact in found
            ]
        yield found


def parts_of(
    declared: m.Declaration, types: Mapping[str, m.Declaration]
) -> Iterator[str]:
    """What can be named behind a type's name in `without`; `io.port` of what is in place."""
    match declared:
        case m.Struct(fields=members) | m.Union(fields=members):
            for field in members:
                yield from _paths(field, types)
        case m.Context(fields=members, regions=regions):
            for field in members:
                yield from _paths(field, types)
            yield from (r.name for r in regions)
        case m.PlainEnum(variants=variants):
            yield from (v.name for v in variants)
        case m.Functions(slots=slots):
            yield from (s.name for s in slots)
        case _:
            pass


def _paths(
    field: m.Field, types: Mapping[str, m.Declaration], before: str = ""
) -> Iterator[str]:
    """The names of a field and of what is in it in place, as C has them."""
    yield f"{before}{field.name}"
    inside = types.get(field.type.name) if isinstance(field.type, Named) else None
    if isinstance(inside, m.Struct | m.Union) and inside.in_place:
        before = before if field.anonymous else f"{before}{field.name}."
        for each in inside.fields:
            yield from _paths(each, types, before)


def expression(fact: Fact) -> str:
    """The number as a constant of C behind the header; of a bit-field, of which C has none,
    the member itself."""
    place = f"(({fact.type} *)0)->{fact.member}"
    match fact.what:
        case "size":
            return f"sizeof({fact.type})"
        case "alignment":
            return f"_Alignof({fact.type})"
        case "scalar alignment":
            return f"__builtin_offsetof(struct {{ char before; {fact.type} it; }}, it)"
        case "offset":
            return f"__builtin_offsetof({fact.type}, {fact.member})"
        case "width":
            return f"sizeof({place})"
        case "stride":
            return f"sizeof({place}[0])"
        case "value":
            return fact.member
        case "first bit" | "bits":
            return place


def of(fact: Fact) -> Literal["value", "first bit", "bits"]:
    """What about its expression is the number of a fact."""
    return fact.what if fact.what in ("first bit", "bits") else "value"


def patterns(fact: Fact, index: int = 0) -> list[int]:
    """What the number in a layout class is as an `unsigned long long`: two where the
    header's constant may have a sign that the schema's type has not, or the other way
    round."""
    value = fact.numbers[index]
    every = (1 << 64) - 1
    if fact.what != "value":
        return [value]
    own = (1 << fact.bits) - 1
    found = {value & every, value & own}
    if value >> (fact.bits - 1):
        found.add((value | ~own) & every)
    return sorted(found)


def define(text: str) -> tuple[str, str]:
    """The name and the value of what is defined as ``NAME`` or ``NAME=VALUE``."""
    name, _, value = text.partition("=")
    return name, value


def directive(header: str) -> str:
    """A header as `#include` names it."""
    return header if header.startswith("<") else f'"{header}"'


def head(owner: m.OwnersHeader) -> list[str]:
    """What a source begins with that asks for numbers: a line to each define and each
    header, in order."""
    defines = (define(word.text) for word in owner.defines)
    return [
        *(f"#define {name} {value}".rstrip() for name, value in defines),
        *(f"#include {directive(word.text)}" for word in owner.headers),
    ]


class _Facts(Declarer[list[Fact]]):
    def __init__(self, layouts: Layouts, without: set[str]) -> None:
        self._layouts = layouts
        self._without = without
        self._each = (0,) * len(layouts.classes)

    def declare(self, record: Record) -> list[Fact]:
        # What is in place has no name of its own there: it is told of where it is.
        if record.name in self._without or record.declared.in_place:
            return []
        return super().declare(record)

    def constants(self, constants: Iterable[m.Constant]) -> list[Fact]:
        return [
            self._value(name_in(c, "c"), c.type, c.value, c.name, c.span)
            for c in constants
            if c.name not in self._without
        ]

    def struct(self, record: Record, declared: m.Struct) -> list[Fact]:
        if m.is_prefix(declared):
            return [*self._members(record)]
        return self._record(record)

    def union(self, record: Record, declared: m.Union) -> list[Fact]:
        return self._record(record)

    def functions(self, record: Record, declared: m.Functions) -> list[Fact]:
        return self._record(record)

    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> list[Fact]:
        # What C has for the tag and the payload has no name here.
        return self._whole(record)

    def plain_enum(self, record: Record, declared: m.PlainEnum) -> list[Fact]:
        # A name for an integer, which C rarely has: its values are what counts.
        return [
            *self._scalar(record),
            *self._values(declared),
        ]

    def newtype(self, record: Record, declared: m.Newtype) -> list[Fact]:
        return self._scalar(record)

    def _scalar(self, record: Record) -> list[Fact]:
        """The size and the alignment of what is a name for an integer, if C has one."""
        if not record.declared.called.c:
            return []
        size, align = self._whole(record)
        return [size, replace(align, what="scalar alignment")]

    def _values(self, declared: m.PlainEnum) -> list[Fact]:
        return [
            self._value(
                name_in(variant, "c"),
                declared.tag,
                variant.value,
                f"{declared.name}.{variant.name}",
                variant.span,
            )
            for variant in declared.variants
            if f"{declared.name}.{variant.name}" not in self._without
        ]

    def opaque(self, record: Record, declared: m.Opaque) -> list[Fact]:
        return []

    def foreign(self, record: Record, declared: m.Foreign) -> list[Fact]:
        return self._whole(record) if declared.c or declared.called.c else []

    def context(self, record: Record, declared: m.Context) -> list[Fact]:
        # C has one array without a length, at the end, and no other region; and what
        # sizeof says of the whole depends on where that begins.
        found = [self._align(record), *self._members(record)]
        for region in record.regions[:1]:
            found += self._region(record, region)
        return found

    def _record(self, record: Record) -> list[Fact]:
        return [*self._whole(record), *self._members(record)]

    def _whole(self, record: Record) -> list[Fact]:
        sizes = tuple(layout.size for layout in record.layouts)
        size = Fact("size", _type(record), "", sizes, record.name, record.declared.span)
        return [size, self._align(record)]

    def _align(self, record: Record) -> Fact:
        aligns = tuple(layout.align for layout in record.layouts)
        return Fact(
            "alignment", _type(record), "", aligns, record.name, record.declared.span
        )

    def _members(self, record: Record) -> Iterator[Fact]:
        for path, part in self._in_place(members(record.name, self._layouts)):
            words = [record.name, *(one.name for one in (*path, part))]
            name = ".".join(words)
            around = {".".join(words[:n]) for n in range(2, len(words) + 1)}
            if not around.isdisjoint(self._without):
                continue
            about = _type(record), ".".join(map(_member, (*path, part)))
            for fact in self._of_part(part, about, name):
                yield replace(fact, on=part.on, absent=part.absent)

    def _of_part(self, part: Part, about: tuple[str, str], name: str) -> Iterator[Fact]:
        if part.bits:
            bits = tuple(place.width for place in part.bits)
            first = part.first_bits
            yield Fact("first bit", *about, first, name, part.span, bits=bits[0])
            yield Fact("bits", *about, bits, name, part.span)
        else:
            yield Fact("offset", *about, part.offsets, name, part.span)
            yield self._room(part, about, name)

    def _room(self, part: Part, about: tuple[str, str], name: str) -> Fact:
        """The size of a part; of an array of any length that of an element."""
        what: What = "width"
        extents = part.extents
        if isinstance(part.type, OpenArray):
            what = "stride"
            element, layouts = part.type.element, self._layouts
            extents = tuple(layouts.extent(element, c) for c in layouts.classes)
        sizes = tuple(size for size, _ in extents)
        return Fact(what, *about, sizes, name, part.span)

    def _in_place(
        self, parts: Iterable[Part], path: tuple[Part, ...] = ()
    ) -> Iterator[tuple[tuple[Part, ...], Part]]:
        """Parts, and behind each that is declared in place those that it is made of, each
        with the parts that it is in."""
        for part in parts:
            yield path, part
            declared = None
            if isinstance(part.type, Named):
                declared = self._layouts.module.types[part.type.name]
            if declared is not None and declared.in_place:
                yield from self._in_place(
                    inside_named(part, self._layouts), (*path, part)
                )

    def _region(self, record: Record, region: Region) -> Iterator[Fact]:
        name = f"{record.name}.{region.name}"
        if name in self._without:
            return
        begins = tuple(layout.begin({}) for layout in region.layouts)
        strides = tuple(layout.stride for layout in region.layouts)
        about = (_type(record), name_in(region.source, "c"))
        span = region.source.span
        yield Fact("offset", *about, begins, name, span)
        what: What = "width" if region.source.count is None else "stride"
        yield Fact(what, *about, strides, name, span)

    def _value(self, in_c: str, type: Int, value: int, name: str, span: Span) -> Fact:
        bits = INT_BITS[type.name] or 64
        numbers: Sequence[int] = [value for _ in self._each]
        return Fact("value", "", in_c, tuple(numbers), name, span, bits=bits)


def _type(record: Record) -> str:
    declared = record.declared
    if isinstance(declared, (m.Foreign, m.ForeignRecord)) and declared.c:
        return declared.c.name
    return declared.called.c.text if declared.called.c else declared.name


def _member(part: Part) -> str:
    source = part.source
    if isinstance(source, m.TaggedEnum):
        return part.name
    # A word of C++ is a name in their header, whatever ours makes of it.
    return name_in(source, "c")
