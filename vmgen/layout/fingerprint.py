"""The fingerprint of a layout: a u64 by which two parties find that they agree.

It is made in two steps, so that a compiler can repeat the second:

1. The *shape* is what no target changes: the names and kinds of records and parts, types,
   tags, signatures, constants, flags. As the lines that `shape_lines` gives, joined by
   line feeds and encoded as UTF-8, it is hashed with BLAKE2b to eight bytes, read as a
   little-endian number: the seed.
2. The *numbers* of a data model are u32, in the order that `numbers` gives. Starting from
   the seed, each is taken in by ``h = (h * 2**32 + number) % PRIME``.

What a module on a target is, `of_class`, takes in 1 if that is little-endian, else 0,
and then the numbers of its layout class. What its file is, `of_file`, takes in the
numbers of all layout classes in the order of the schema's targets, of classes whose
numbers are all the same only the first's, and no byte order.

Records and constants are taken in the order of their names, which doesn't change when
one moves to another file. Neither documentation nor names of files nor reasons of
`allow` are part of it.

Of modules that the module uses, those records are part of its shape that its own are made
of or point to, however far away, behind its own and with the alignments, sizes and
roundings that their schemas ask for: on any one target, their numbers follow from that.
The numbers themselves are not taken in again, since generated code has them in the other
module, whose own fingerprint is made of them.
"""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Protocol

from vmgen.layout.bits import in_bytes
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.parts import Part, Record, Region

PRIME = 2**64 - 59
"""The largest prime below ``2**64``."""

Remainder = tuple[int, int]
"""Of some numbers the remainder as one large number, and that of the power of two by
which what was before them counts."""

FORMAT = 1
"""Version of what is written above; part of the shape."""


class LaidOut(Protocol):
    """What `vmgen.layout.layouts.Layouts` has of a module."""

    @property
    def module(self) -> m.Module: ...

    @property
    def classes(self) -> Sequence[LayoutClass]: ...

    def records(self) -> list[Record]: ...


class Fingerprints:
    """The fingerprints of one module. `Layouts.fingerprints` has them."""

    def __init__(self, layouts: LaidOut) -> None:
        self._classes = range(len(layouts.classes))
        used = layouts.module.used
        records = layouts.records()
        self._records = [r for r in records if r.name not in used]
        others = [r for r in records if r.name in used]
        self._numbers: dict[int, list[int]] = {}
        self._fixed: dict[int, list[int]] = {}
        self._remainders: dict[int, Remainder] = {}
        self.seed = seed(shape_lines(layouts.module, self._records, others))

    def of_class(self, index: int, *, little_endian: bool) -> int:
        """The module's on a target of the layout class of that index."""
        order = int(little_endian), 1 << 32
        return _after(_after(self.seed, order), self._remainder(index))

    def of_file(self) -> int:
        """That of a file with the numbers of every layout class."""
        found = self.seed
        first = {tuple(self.numbers(i)): i for i in reversed(self._classes)}
        for index in sorted(first.values()):
            found = _after(found, self._remainder(index))
        return found

    def numbers(self, index: int) -> list[int]:
        """All numbers of the module in one layout class; none of those that it uses."""
        found = self._numbers.get(index)
        if found is None:
            found = self._numbers[index] = []
            for record in self._records:
                found += self._of_record(record, index)
        return found

    def _remainder(self, index: int) -> Remainder:
        found = self._remainders.get(index)
        if found is None:
            found = self._remainders[index] = _remainder(self.numbers(index))
        return found

    def _of_record(self, record: Record, index: int) -> list[int]:
        """A record's numbers; records without regions that are laid out alike have the
        same."""
        if record.regions or any(part.on for part in record.parts):
            return list(numbers(record, index))
        layout = id(record.layouts[index])
        known = self._fixed.get(layout)
        if known is None:
            known = self._fixed[layout] = list(numbers(record, index))
        return known


def shown(fingerprint: int) -> str:
    """Sixteen hexadecimal digits."""
    return f"{fingerprint:016x}"


def take_in(found: int, numbers: Iterable[int]) -> int:
    """`found` after some more numbers, each a u32.

    Step by step this would be ``found = ((found << 32) + number) % PRIME``; one large
    remainder says the same much faster.
    """
    return _after(found, _remainder(numbers))


def _after(found: int, numbers: Remainder) -> int:
    remains, power = numbers
    return (found * power + remains) % PRIME


def _remainder(numbers: Iterable[int]) -> Remainder:
    words = array("I", numbers)
    if sys.byteorder == "little":
        # The first number is the most significant word.
        words.reverse()
    whole = int.from_bytes(words.tobytes(), sys.byteorder)
    return whole % PRIME, pow(2, 32 * len(words), PRIME)


def seed(lines: Iterable[str]) -> int:
    """What the shape's lines come to."""
    from hashlib import blake2b

    text = "\n".join(lines).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def numbers(record: Record, index: int) -> list[int]:
    """A record's numbers in one layout class: size and alignment, then each part's
    offset, for each bit-field how many bits of its first byte are in front of it, and for
    each part that isn't on all targets 1 where it is there and 0 where it isn't. Of a context,
    for its size where the fixed fields end, and at the end each region's rounding and stride.
    An opaque type has none.

    Sizes of parts follow from the shape and from these.
    """
    if isinstance(record.declared, m.Opaque):
        return []
    layout = record.layouts[index]
    found = [layout.size, layout.align, *layout.offsets, *in_bytes(layout.bits)]
    found += [int(index not in p.absent) for p in record.parts if p.on is not None]
    for region in record.regions:
        placed = region.layouts[index]
        found += (placed.round_to, placed.stride)
    return found


def shape_lines(
    module: m.Module, records: Iterable[Record], used: Iterable[Record] = ()
) -> Iterator[str]:
    """What no target changes, a line for each thing; `used` are other modules' records."""
    yield f"vmgen layout {FORMAT}"
    yield f"module {module.family}"
    for _, constant in sorted(module.constants.items()):
        yield f"constant {constant.name}: {constant.type} = {constant.value}"
    for record in records:
        yield from _record(record)
    for record in used:
        first, *rest = _record(record)
        yield f"used {first}"
        yield from rest
        yield from _asked_for(record.declared)


def _record(record: Record) -> Iterator[str]:
    declared = record.declared
    # Who declares a record is no part of its layout: it may be one by hand first.
    kind = m.Struct.KIND if isinstance(declared, m.Struct) else record.kind
    yield f"{kind} {record.name}{_slots(declared)}"
    if m.is_prefix(declared):
        yield "  prefix"
    match declared:
        case m.Newtype(inner=inner):
            yield f"  of {inner}"
        case m.PlainEnum(tag=tag) | m.TaggedEnum(tag=tag):
            yield f"  tag {tag}"
            for variant in declared.variants:
                payload = f"({variant.text.type})" if variant.text else ""
                yield f"  variant {variant.name}{payload} = {variant.value}"
        case m.Context():
            for count in declared.counts:
                yield f"  {'flag' if count.flag else 'count'} {count.name}"
        case _:
            pass
    if not isinstance(declared, m.TaggedEnum):
        for part in record.parts:
            yield f"  {_part(part)}"
    for region in record.regions:
        yield f"  {_region(region)}"


def _slots(declared: m.Declaration) -> str:
    """What is promised of all slots of a table of functions."""
    access = declared.access if isinstance(declared, m.Functions) else frozenset()
    return "".join(f" {word}" for word in sorted(access))


def _asked_for(declared: m.Declaration) -> Iterator[str]:
    """What a schema asks for that of an own record is in its numbers."""
    match declared:
        case m.Struct(align=align) | m.Union(align=align) | m.Context(align=align):
            if align is not None:
                yield f"  align {align}"
            if not isinstance(declared, m.Context) and declared.packed:
                yield f"  packed {declared.packed.number}"
            for field in declared.fields:
                if field.align:
                    yield f"  align {field.name} {field.align.number}"
        case m.Foreign(size=size, align=aligns, cases=cases):
            for width in sorted(size.keys() & aligns.keys()):
                yield f"  {width}-bit {size[width]} {aligns[width]}"
            for case in cases:
                yield f"  on {case.on} {case.size} {case.align}"
    if isinstance(declared, m.Context):
        for region in declared.regions:
            if region.align is not None:
                yield f"  align {region.name} {region.align}"


def _part(part: Part) -> str:
    what = f"{part.role} {part.name}: {part.type}"
    if part.bits:
        what += f" in {part.bits[0].width} bits"
    source = part.source
    said = source.points_to if isinstance(source, m.Field) else None
    if not (part.access or part.value or part.little_endian or said or part.on):
        return what
    words = [what, *sorted(part.access)]
    if part.value is not None:
        words.append(f"= {part.value}")
    if part.little_endian:
        words.append("little")
    if part.on is not None:
        words.append(f"on {part.on}")
    return " ".join([*words, *_promised(said)])


def _region(region: Region) -> str:
    source = region.source
    words = [f"region {region.name}: {region.type}"]
    if source.count is not None:
        words.append(f"* {source.count}")
    if source.when is not None:
        words.append(f"when {source.when}")
    return " ".join([*words, *sorted(region.access), *_promised(source.points_to)])


def _promised(said: m.PointsTo | None) -> list[str]:
    """What the host promises of the bytes that a pointer leads to. Alias regions and
    orderings are between a compiler and itself."""
    if said is None or not (said.access or said.bytes):
        return []
    bytes = [f"{said.byte_count} bytes"] if said.bytes else []
    return ["->", *sorted(said.access), *bytes]
