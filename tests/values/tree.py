"""Records as trees down to single words, each with a value of its own.

A tree follows a type by name, as a person would write an access to it; where a union
or an enum leaves a choice, a *case* decides. Every language turns the same tree into
its own reads and writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

from vmgen.layout.classes import LayoutClass
from vmgen.layout.layouts import Layouts
from vmgen.schema import model as m
from vmgen.schema.built_in import BUILT_IN
from vmgen.schema.types import (
    C_NUMBERS,
    INT_BITS,
    Array,
    Atomic,
    CNumber,
    FnPointer,
    Int,
    Named,
    NonZero,
    OpenArray,
    Option,
    Primitive,
    Type,
    UnsafeCell,
    Vector,
    children,
)

_ON_HOST = {
    "c_char": "i8", "c_int": "i32", "c_uint": "u32", "c_long": "i64", "c_ulong": "u64",
}  # fmt: skip
"""What C's numbers are on `HOST` that targets don't have in common."""

HOST = "x86_64-unknown-linux-gnu"


@dataclass(frozen=True, slots=True)
class Word:
    """One value in memory: `size` bytes at `offset` of the record.

    `type` is the type as the field declares it, wrappers by name stripped. `fixed` is
    a value that isn't free to choose, an enum's tag or a constant. `slot` counts the words of
    a case. `bits` is how wide a bit-field is, which has a bit in these bytes, 0 of others.
    """

    slot: int
    type: Type
    offset: int
    size: int
    little: bool = False
    fixed: int | None = None
    bits: int = 0

    @property
    def width(self) -> int:
        """How many bits its value has."""
        return self.bits or 8 * self.size


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a record, or an array's element by its number. `anonymous` is whether
    C has no name for it."""

    name: str | int
    node: Node
    readonly: bool = False
    anonymous: bool = False


Kind = Literal[
    "struct", "context", "functions", "union", "array", "newtype", "cell", "plain",
    "tagged", "foreign",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A type that holds others. `name` is its declared name, empty for none.

    Of a union only the case's member is a part. A tagged enum has the part `tag` and,
    if the case's `variant` has a payload, a second part of the variant's name.
    """

    kind: Kind
    name: str
    parts: tuple[Part, ...]
    little: bool = False
    variant: str = ""


Node = Word | Group


@dataclass(frozen=True, slots=True)
class Case:
    """A declared type with a choice of members: one way to fill its bytes."""

    name: str
    number: int
    tree: Group
    words: tuple[Word, ...]
    size: int
    align: int


class Trees:
    """Makes the trees of one module, on the host."""

    def __init__(self, module: m.Module) -> None:
        self.module = module
        self.layouts = Layouts(module)
        self.host: LayoutClass = self.layouts.class_of(HOST)
        self._slots = count()

    def cases(self) -> list[Case]:
        """Every case of every type that has bytes of its own, and a name."""
        return [
            self._case(declared, number)
            for declared in self.module.types.values()
            if self._has_bytes(declared)
            for number in range(self._choices(Named(declared.name)))
        ]

    def context(self, name: str, counts: dict[str, int]) -> Case:
        """A context with so many elements in its regions."""
        declared = self.module.types[name]
        assert isinstance(declared, m.Context)
        layout = self.layouts.context(name)[self.host.index]
        self._slots = count()
        tree = self._declared(declared, 0, 0)
        regions = []
        for region, placed in zip(declared.regions, layout.regions, strict=True):
            begin = placed.begin(counts)
            elements = [
                self._node(region.element, begin + i * placed.stride, i)
                for i in range(placed.length(counts))
            ]
            parts = tuple(Part(i, element) for i, element in enumerate(elements))
            if region.count is not None:
                regions.append(Part(region.name, Group("array", "", parts)))
            elif elements:
                regions.append(Part(region.name, elements[0]))
        whole = replace(tree, parts=(*tree.parts, *regions))
        words, size = tuple(words_of(whole)), layout.total(counts)
        return Case(name, 0, whole, words, size, layout.align)

    def _has_bytes(self, declared: m.Declaration) -> bool:
        if declared.in_place is not None and declared.in_place.anonymous:
            # It is a part of the record around it, and C has no name for it.
            return False
        match declared:
            case m.Opaque() | m.Context(fields=()):
                return False
            case _:
                return self.layouts.record(declared.name, self.host).size > 0

    def _case(self, declared: m.Declaration, number: int) -> Case:
        self._slots = count()
        tree = self._declared(declared, 0, number)
        record = self.layouts.record(declared.name, self.host)
        return Case(
            declared.name,
            number,
            tree,
            tuple(words_of(tree)),
            record.size,
            record.align,
        )

    def _choices(self, type: Type) -> int:
        """How many cases it takes to see every member of everything inside."""
        match type:
            case Array(inner) | UnsafeCell(inner):
                return self._choices(inner)
            case Named(name):
                declared = self.module.types[name]
            case _:
                return 1
        match declared:
            case m.Struct(fields=fields) | m.Context(fields=fields):
                return max([self._choices(f.text.type) for f in fields], default=1)
            case m.Union(fields=fields):
                here = [*self._cases(fields)]
                return len(here) * max(self._choices(f.text.type) for f in here)
            case m.TaggedEnum(variants=variants):
                inner = [self._choices(v.text.type) for v in variants if v.text]
                return len(variants) * max(inner, default=1)
            case m.Newtype(inner=inner_type):
                return self._choices(inner_type)
            case _:
                return 1

    def _node(self, type: Type, offset: int, case: int, little: bool = False) -> Node:
        size, _ = self.layouts.extent(type, self.host)
        match type:
            case Array(element, int() as length):
                step, _ = self.layouts.extent(element, self.host)
                parts = [
                    Part(i, self._node(element, offset + i * step, case, little))
                    for i in range(length)
                ]
                return Group("array", "", tuple(parts), little)
            case UnsafeCell(inner):
                part = Part("", self._node(inner, offset, case, little))
                return Group("cell", "", (part,), little)
            case Named(name):
                return self._declared(self.module.types[name], offset, case, little)
            case _:
                return Word(next(self._slots), type, offset, size, little)

    def _declared(
        self, declared: m.Declaration, offset: int, case: int, little: bool = False
    ) -> Group:
        name = declared.name
        record = self.layouts.record(name, self.host)

        def group(kind: Kind, *parts: Part, variant: str = "") -> Group:
            return Group(kind, name, parts, little, variant)

        match declared:
            case m.Struct(fields=fields) | m.Context(fields=fields):
                kind: Kind = "struct" if isinstance(declared, m.Struct) else "context"
                pairs = [
                    (f, o)
                    for f, o in zip(fields, record.offsets, strict=True)
                    if self._is_there(f)
                ]
                return group(
                    kind, *(self._field(f, offset + o, case) for f, o in pairs)
                )
            case m.Union(fields=fields):
                here = [*self._cases(fields)]
                rest, index = divmod(case, len(here))
                return group("union", self._field(here[index], offset, rest))
            case m.Newtype(inner=inner):
                return group(
                    "newtype", Part("", self._node(inner, offset, case, little))
                )
            case m.PlainEnum(tag=tag, variants=variants, trusted=trusted):
                node = self._node(tag, offset, case, little)
                if trusted and isinstance(node, Word):
                    # Rust must never see another value.
                    value = variants[case % len(variants)].value
                    node = replace(node, fixed=value)
                return group("plain", Part("", node))
            case m.TaggedEnum():
                return self._tagged(declared, offset, case)
            case m.Functions(slots=slots):
                pairs_of_slots = zip(slots, record.offsets, strict=True)
                return group(
                    "functions",
                    *(
                        Part(s.name, self._node(s.signature, offset + o, case))
                        for s, o in pairs_of_slots
                    ),
                )
            case _:
                bytes_ = Array(Int("u8"), record.size)
                return group("foreign", Part("", self._node(bytes_, offset, case)))

    def _is_there(self, field: m.Field) -> bool:
        return field.on is None or self.host.meets(field.on)

    def _cases(self, fields: tuple[m.Field, ...]) -> Iterator[m.Field]:
        """The members of a union that can have a value here."""
        for field in fields:
            if self._is_there(field) and not isinstance(field.type, OpenArray):
                yield field

    def _field(self, field: m.Field, offset: int, case: int) -> Part:
        node = self._node(field.text.type, offset, case, field.endian == "little")
        if field.value is not None and isinstance(node, Word):
            # Compilers are told that nothing else is there.
            node = replace(node, fixed=self.module.constants[field.value].value)
        if field.bits is not None and isinstance(node, Word):
            node = replace(node, bits=field.bits.number)
        return Part(field.name, node, "readonly" in field.access, field.anonymous)

    def _tagged(self, declared: m.TaggedEnum, offset: int, case: int) -> Group:
        record = self.layouts.record(declared.name, self.host)
        rest, index = divmod(case, len(declared.variants))
        variant = declared.variants[index]
        tag = Word(
            next(self._slots),
            declared.tag,
            offset + record.offsets[0],
            record.extents[0][0],
            fixed=variant.value,
        )
        parts = [Part("tag", tag)]
        if variant.text:
            at = offset + record.offsets[1]
            parts.append(Part(variant.name, self._node(variant.text.type, at, rest)))
        return Group("tagged", declared.name, tuple(parts), variant=variant.name)


def words_of(node: Node) -> Iterator[Word]:
    """Every word of a tree, in the order of their slots."""
    if isinstance(node, Word):
        yield node
    else:
        for part in node.parts:
            yield from words_of(part.node)


def scalar(type: Type, types: dict[str, m.Declaration] | None = None) -> Type:
    """What is in a word, below `Option` and, with `types`, below names."""
    while True:
        match type:
            case Option(inner) | UnsafeCell(inner):
                type = inner
            case Named(name) if types is not None:
                declared = types[name]
                match declared:
                    case m.Newtype(inner=inner):
                        type = inner
                    case m.PlainEnum(tag=tag):
                        type = tag
                    case _:
                        return type
            case CNumber(name):
                return BUILT_IN[C_NUMBERS[name] or _ON_HOST[name]]
            case _:
                return type


def is_signed(type: Type) -> bool:
    """Whether the word is a signed integer."""
    match type:
        case Int(name) | Atomic(inner=name) | NonZero(inner=name):
            return name.startswith("i")
        case _:
            return False


def is_wide(type: Type) -> bool:
    """Whether the word is a 128-bit integer."""
    match type:
        case Int(name) | NonZero(inner=name):
            return INT_BITS[name] == 128
        case _:
            return False


def has_vectors(signature: FnPointer) -> bool:
    """Whether a function takes or gives a vector, so that Rust can't name it."""
    return any(isinstance(t, Vector) for t in children(signature))


def is_optional(word: Word) -> bool:
    """Whether zero stands for None or null there."""
    type = word.type
    return isinstance(type, Option) or bool(getattr(type, "nullable", False))


def values(case: Case, round: int) -> list[int]:
    """A value for each word, every byte of it unlike its neighbours and not zero.

    The second round has every bit of the first one turned over; in the third round
    whatever may be null is.
    """
    made = []
    position = 0
    for word in case.words:
        data = bytes(1 + (position + i) % 251 for i in range(word.size))
        position += word.size
        if round == 1:
            data = bytes(255 - byte for byte in data)
        made.append(_as_value(word, data, round))
    return made


def _as_value(word: Word, data: bytes, round: int) -> int:
    if word.fixed is not None:
        return word.fixed & ((1 << word.width) - 1)
    if round == 2 and is_optional(word):
        return 0
    number = int.from_bytes(data, "little") & ((1 << word.width) - 1)
    match scalar(word.type):
        case Primitive("bool") | Atomic("AtomicBool"):
            return int(round != 1)
        case Primitive("char"):
            return 0x1_0000 + number % 0xF_0000
        case Primitive("f32"):
            # No byte that makes an infinity, or a NaN that a copy may alter.
            return number & 0x00FF_FFFF | 0x4100_0000
        case Primitive("f64"):
            return number & 0x00FF_FFFF_FFFF_FFFF | 0x4100_0000_0000_0000
    return number
