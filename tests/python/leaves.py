"""Where each word of a record is, by the layout engine alone.

The oracle of the readers' tests: it shares no code with what it judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vmgen.languages.python import names
from vmgen.schema import model as m
from vmgen.schema.types import (
    Array,
    Atomic,
    CNumber,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    Type,
    UnsafeCell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts

Path = tuple[str | int, ...]

RECORDS = (m.Struct, m.Union, m.TaggedEnum, m.Functions)


@dataclass(frozen=True)
class Leaf:
    """A word: how to reach it, where it is, and how its bytes are read. Of a bit-field `bits`
    is its first bit, counted from the begin of the data, and its width."""

    path: Path
    offset: int
    size: int
    kind: str
    little: bool
    bits: tuple[int, int] | None = None

    def mask(self, size: int, order: str) -> bytearray:
        """As many bytes as the data has, with ones for the bits of this word."""
        made = bytearray(size)
        first, width = self.place
        for bit in range(first, first + width):
            made[bit // 8] |= 1 << (bit % 8 if order == "little" else 7 - bit % 8)
        return made

    @property
    def place(self) -> tuple[int, int]:
        """Its first bit, in the order in which the target fills bytes, and its width."""
        return self.bits or (8 * self.offset, 8 * self.size)

    def _of_bits(self, data: bytes, order: str) -> int:
        number = 0
        first, width = self.place
        places = [*range(first, first + width)]
        # The first one is the lowest on little-endian targets, and the highest on others.
        for bit in reversed(places) if order == "little" else places:
            shift = bit % 8 if order == "little" else 7 - bit % 8
            number = number * 2 + (data[bit // 8] >> shift & 1)
        negative = self.kind == "signed" and number >> len(places) - 1
        return number - (1 << len(places)) if negative else number

    def expected(self, data: bytes, order: str) -> object:
        if self.bits is not None:
            return self._of_bits(data, order)
        raw = data[self.offset : self.offset + self.size]
        if self.little:
            order = "little"
        number = int.from_bytes(raw, order, signed=self.kind == "signed")  # type: ignore[arg-type]
        return bool(number) if self.kind == "bool" else number

    def value(self, record: object) -> object:
        for step in self.path:
            index = isinstance(step, int)
            record = record[step] if index else getattr(record, step)
        return record


class Leaves:
    """The words of the types of one module, on one layout class."""

    def __init__(
        self,
        layouts: Layouts,
        layout_class: LayoutClass,
        target: m.ModelTarget | None = None,
    ) -> None:
        self._layouts = layouts
        self._signed_char = target is None or target.c_types.signed_char
        self._class = layout_class
        self._types = layouts.module.types

    def of(self, name: str) -> list[Leaf]:
        """The words of a record; all members of a union."""
        return list(self._record(name, (), 0))

    def size(self, name: str) -> int:
        return self._layouts.record(name, self._class).size

    def of_type(
        self, type: Type, path: Path, offset: int, little: bool = False
    ) -> Iterator[Leaf]:
        match type:
            case UnsafeCell(inner) | Option(inner):
                yield from self.of_type(inner, path, offset, little)
            case Array(element, int() as length):
                stride, _ = self._layouts.extent(element, self._class)
                for index in range(length):
                    at = offset + index * stride
                    yield from self.of_type(element, (*path, index), at, little)
            case Named(name):
                declared = self._types[name]
                if isinstance(declared, m.Newtype):
                    inside = declared.inner
                    if self._is_record(inside):
                        path = (*path, "value")
                    yield from self.of_type(inside, path, offset, little)
                elif isinstance(declared, m.PlainEnum):
                    yield from self.of_type(declared.tag, path, offset, little)
                elif isinstance(declared, RECORDS):
                    yield from self._record(name, path, offset)
            case Primitive("f32" | "f64") | CNumber("c_float" | "c_double"):
                return
            case _:
                size, _ = self._layouts.extent(type, self._class)
                kind = _kind(type)
                if type == CNumber("c_char"):
                    kind = "signed" if self._signed_char else "unsigned"
                yield Leaf(path, offset, size, kind, little)

    def _is_record(self, type: Type) -> bool:
        while isinstance(type, Named) and isinstance(self._types[type.name], m.Newtype):
            type = self._types[type.name].inner  # type: ignore[attr-defined]
        return isinstance(type, Named) and not isinstance(
            self._types[type.name], m.PlainEnum
        )

    def _record(self, name: str, path: Path, offset: int) -> Iterator[Leaf]:
        declared = self._types[name]
        record = self._layouts.record(name, self._class)
        offsets = record.offsets
        match declared:
            case m.Struct(fields=fields) | m.Union(fields=fields):
                for field, at, bit in zip(
                    fields, offsets, record.first_bits, strict=True
                ):
                    if field.on is not None and not self._class.meets(field.on):
                        continue
                    attribute = names.attribute(field.name, names.RECORD)
                    little = field.endian == "little"
                    if field.bits:
                        bits = 8 * offset + bit, field.bits.number
                        kind = _kind(field.type)
                        yield Leaf((*path, attribute), 0, 0, kind, little, bits)
                        continue
                    yield from self.of_type(
                        field.type, (*path, attribute), offset + at, little
                    )
            case m.TaggedEnum(tag=tag, variants=variants):
                yield from self.of_type(tag, (*path, "tag"), offset + offsets[0])
                for variant in variants:
                    if variant.payload is not None:
                        member = names.attribute(variant.name, names.VARIANT)
                        where = (*path, "payload", member)
                        yield from self.of_type(
                            variant.payload, where, offset + offsets[1]
                        )
            case m.Functions(slots=slots):
                for slot, at in zip(slots, offsets, strict=True):
                    attribute = names.attribute(slot.name, names.RECORD)
                    yield from self.of_type(
                        slot.signature, (*path, attribute), offset + at
                    )


def _kind(type: Type) -> str:
    match type:
        case CNumber():
            return "signed" if type.is_signed else "unsigned"
        case Int(name) | Atomic(inner=name) | NonZero(inner=name) | Primitive(name):
            if name == "bool":
                return "bool"
            return "signed" if name[0] == "i" else "unsigned"
        case _:
            return "unsigned"
