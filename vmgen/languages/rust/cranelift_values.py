"""What handles for Cranelift are of: the types, constants and expressions of each value."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.region_keys import text_of
from vmgen.languages.rust.index_types import IndexTypes
from vmgen.languages.rust.names import free, spelled
from vmgen.layout.accesses import Access, Accesses
from vmgen.layout.parts import Region
from vmgen.schema import model as m
from vmgen.text import screaming_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.analysis.alias_regions import AliasRegion
    from vmgen.analysis.values import Scalar
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.accesses import Pointee
    from vmgen.layout.parts import Record
    from vmgen.schema.model_accesses import Ordering

WIDEST_ATOMIC = 8
"""Bytes of the widest value that every backend loads and stores atomically."""

_TYPES = {
    ("int", 1): "I8",
    ("int", 2): "I16",
    ("int", 4): "I32",
    ("int", 8): "I64",
    ("int", 16): "I128",
    ("float", 4): "F32",
    ("float", 8): "F64",
}


class SlotView(msgspec.Struct, frozen=True):
    """A constant of a part's place, and of what is held there; `offset` is empty where
    counts decide the place. `held` has one expression, or of a number that is of another
    width on other data models one for each: the constant is an array then."""

    part: str
    name: str
    type: str
    offset: str
    held: list[str]

    @property
    def here(self) -> str:
        """What is held on the data model of `self`, as an expression behind the path of the
        constants."""
        by_model = _HERE if len(self.held) > 1 else ""
        return f"{self.name}{by_model}{'.held' if self.offset else ''}"


_HERE = "[self.handles.model as usize]"


class Whole(msgspec.Struct, frozen=True):
    """What is held at a place: the type of its handles in Rust, `{}` being the path to it,
    and the expression of them at the place `{}`. `elements` is what each element of an
    array is, if it is one whose elements have handles."""

    type: str
    made: str
    elements: str = ""


class Values:
    """What there is in a module's records. `others` are the modules that have handles which
    these need."""

    def __init__(self, tables: Tables) -> None:
        self.module = tables.job.module
        self.layouts = tables.job.layouts
        self.accesses = Accesses(self.layouts)
        self._models = tables.models.all
        self.indices = IndexTypes(self.module).names
        self.others: set[str] = set()

    def has_handles(self, name: str) -> bool:
        return bool(name) and bool(self.accesses.of_record(name))

    @cached_property
    def _of_contexts(self) -> set[int]:
        """The regions, by id, that are named after parts of contexts. That is the same in
        every module, whatever is joined to one."""
        return {
            access.alias_region.id
            for name, declared in self.module.types.items()
            if isinstance(declared, m.Context)
            for access in self.accesses.of_record(name)
            if access.alias_region is not None
            and access.alias_region.name == text_of((name, access.part.name))
        }

    @cached_property
    def lower(self) -> dict[str, int]:
        """What records are aligned to, in bytes, of which some counts put one where its own
        alignment doesn't allow it to be: a pointer may lead to that one."""
        found: dict[str, int] = {}
        for name in self.module.types:
            for access in self.accesses.of_record(name):
                if access.role != "element" or access.value is None:
                    continue
                assert isinstance(access.part, Region)
                natural = [layout.align for layout in access.part.layouts]
                pairs = zip(access.aligns, natural, strict=True)
                lower = [align for align, least in pairs if align < least]
                if lower:
                    for record in self._inside(access.value.record):
                        found[record] = min(*lower, found.get(record, lower[0]))
        return found

    def _inside(self, name: str) -> set[str]:
        """A record, and those that it has in it."""
        found: set[str] = set()
        waiting = [name] if name else []
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                values = [access.value for access in self.accesses.of_record(name)]
                waiting += [value.record for value in values if value and value.record]
        return found

    def free(self, name: str) -> str:
        """The name of a type, which an index may have."""
        return free(name, self.indices)

    def type(self, name: str) -> str:
        """The type that has the handles of a record, which another module may declare."""
        owner = self.module.used.get(name)
        if owner is None:
            return self.free(f"{name}Handles")
        self.others.add(owner)
        used = next(m for m in self.module.modules_used if m.name == owner)
        type = free(f"{name}Handles", IndexTypes(used).names)
        return f"super::{owner}_cranelift::{type}"

    def record_of(self, name: str) -> str:
        """The expression of a record's handles wherever it is."""
        owner = self.module.used.get(name)
        handles = f"self.handles.{owner}" if owner else "self.handles"
        return f"{self.type(name)}::of({handles})"

    def slot(
        self, record: Record, access: Access, table: str, names: set[str]
    ) -> SlotView | None:
        """The constant of a value, or of each value of an array."""
        value = access.value
        region = access.alias_region
        if value is None or value.scalar is None or region is None:
            return None
        shapes = self._shapes(value.scalar)
        if shapes is None:
            return None
        name = access.name if access.role != "variant" else f"payload_{access.name}"
        constant = free(screaming_case(name), names)
        names.add(constant)
        offset = ""
        if access.role != "element":
            offset = f"offsets::{table}.{spelled(access.part.name)}"
        how = "".join(
            f".{word}()"
            for word in ("readonly", "can_move", "little_endian")
            if getattr(access, word)
        )
        kind = self._kind(access, value.scalar)
        mode = self._mode(record, access)
        where = self._region(region)
        held = [f"handles::Held::new({shape}, {where}){how}" for shape in shapes]
        return SlotView(
            f"{record.name}.{access.name}",
            constant,
            f"{kind.type}, {mode}",
            offset,
            held,
        )

    def _region(self, region: AliasRegion) -> str:
        more = ".of_context()" if region.id in self._of_contexts else ""
        if region.indexed:
            more += ".indexed()"
        return f'handles::Region::new({region.id:#_x}, "{region.name}"){more}'

    def _mode(self, record: Record, access: Access) -> str:
        """How a value may be accessed."""
        if access.volatile:
            return "handles::Volatile"
        if access.ordering is None:
            return f"handles::{'ReadOnly' if access.readonly else 'ReadWrite'}"
        assert access.value is not None
        assert access.value.scalar is not None
        low = self.lower.get(record.name)
        aligns = [min(align, low or align) for align in access.aligns]
        return self._atomic(access.value.scalar, access.ordering, aligns)

    def _atomic(self, scalar: Scalar, ordering: Ordering, aligns: Sequence[int]) -> str:
        """How an atomic may be accessed, which is aligned to so many bytes in each layout
        class: not at all where that isn't one instruction that nothing comes between.
        """
        pointers = [c.model.pointer for c in self.layouts.classes]
        widths = self.accesses.widths(scalar)
        if scalar.kind == "float" or max(widths) > WIDEST_ATOMIC:
            return "()"
        if any(w > align for w, align in zip(widths, aligns, strict=True)):
            return "()"
        plain = all(w <= p for w, p in zip(widths, pointers, strict=True))
        return f"handles::{'Relaxed' if ordering == 'relaxed' and plain else 'Atomic'}"

    def _shapes(self, scalar: Scalar) -> list[str] | None:
        """How it is held, as an expression, or as one for each data model; None where a
        data model is of targets whose C has it in different widths."""
        if scalar.of_c is None:
            return [_shape_of(scalar.kind, scalar.bytes)]
        widths = self.accesses.widths(scalar)
        pointers = tuple(c.model.pointer for c in self.layouts.classes)
        if widths == pointers and len(set(widths)) > 1:
            return [_shape_of(scalar.kind, None)]
        each = [{widths[i] for i in model.classes} for model in self._models]
        if any(len(found) > 1 for found in each):
            return None
        shapes = [_shape_of(scalar.kind, min(found)) for found in each]
        return shapes[:1] if len(set(shapes)) == 1 else shapes

    def _kind(self, access: Access, scalar: Scalar) -> Whole:
        """What a value is: the type in Rust, and the expression."""
        value = access.value
        assert value is not None
        if scalar.kind == "pointer":
            target = self._pointee(access)
            if target is None or access.ordering not in (None, "relaxed"):
                return _plain("Address")
            word = "Nullable" if scalar.nullable else "Pointer"
            return Whole(
                f"handles::{word}<{target.type}>",
                f"handles::{word}::to({target.made}){_promises(access.points_to)}",
            )
        if scalar.kind == "float":
            return _plain("Float")
        indexed = access.alias_region is not None and access.alias_region.indexed
        if value.array and scalar.bytes == 1 and not access.ordering and not indexed:
            return _plain("Byte")
        return _plain("Int")

    def _pointee(self, access: Access) -> Whole | None:
        """What a pointer leads to, where code may follow it: a record, and a value of which
        is known what else may be the same bytes."""
        points_to = access.points_to
        value = points_to.value if points_to else None
        if points_to is None or value is None or value.array:
            return None
        if self.has_handles(value.record):
            return Whole(self.type(value.record), self.record_of(value.record))
        region = points_to.alias_region
        if value.scalar is None or region is None or value.scalar.kind == "pointer":
            return None
        scalar = value.scalar
        shapes = self._shapes(scalar)
        if shapes is None:
            return None
        shape = f"[{', '.join(shapes)}]{_HERE}" if len(shapes) > 1 else shapes[0]
        aligns = [
            self.layouts.extent(value.element, c)[1] for c in self.layouts.classes
        ]
        mode = f"handles::{'ReadOnly' if points_to.readonly else 'ReadWrite'}"
        if points_to.ordering is not None:
            mode = self._atomic(scalar, points_to.ordering, aligns)
        kind = "Float" if scalar.kind == "float" else "Int"
        if scalar.bytes == 1 and points_to.ordering is None and not region.indexed:
            kind = "Byte"
        held = f"handles::Held::new({shape}, {self._region(region)})"
        held += _promises(points_to)
        return Whole(
            f"handles::ValueAt<handles::{kind}, {mode}{', true' if region.indexed else ''}>",
            f"handles::ValueAt::new({held}, handles::{kind}, {min(aligns)})",
        )

    def whole(
        self, access: Access, slot: SlotView | None, slots: str, count: str, index: str
    ) -> Whole:
        """What a part or the elements of a region are. `count` and `index` are of an array:
        how many there are, as an expression, and the type of their numbers."""
        value = access.value
        if access.volatile and (value is None or value.scalar is None):
            # Handles of what is in it would load it.
            return Whole("handles::Place<P>", "{}")
        if value is not None and value.record and self.has_handles(value.record):
            record = self.type(value.record)
            made = self.record_of(value.record)
            place = f"{{}}{_promises(access)}"
            if count:
                return Whole(
                    f"handles::Array<P, {index}, handles::Records<{record}>>",
                    f"handles::Array::of_records({place}, {count}, {made})",
                    f"handles::Records<{record}>",
                )
            return Whole(f"{record}<P>", f"handles::Pointee::on({made}, {place})")
        if value is None or value.scalar is None or slot is None:
            return Whole("handles::Place<P>", "{}")
        kind = self._kind(access, value.scalar)
        held = f"{slots}::{slot.here}"
        if count:
            return Whole(
                f"handles::Array<P, {index}, handles::Values<{slot.type}>>",
                f"handles::Array::of_values({{}}, {count}, &{held}, {kind.made})",
                f"handles::Values<{slot.type}>",
            )
        return Whole(
            f"handles::Handle<P, {slot.type}>", f"{{}}.holds(&{held}, {kind.made})"
        )

    def elements(
        self, access: Access, slot: SlotView | None, slots: str, index: str
    ) -> Whole:
        """What the elements of a region are that a count says the number of."""
        value = access.value
        if value is None or not value.array:
            return self.whole(access, slot, slots, "region.count()", index)
        each = self.whole(access, slot, slots, str(value.count), "u32")
        if not each.elements:
            return each
        return Whole(
            f"handles::Array<P, {index}, handles::Rows<{each.elements}>>",
            f"{each.made}.in_each(region.count())",
        )


def _promises(said: Access | Pointee | None) -> str:
    """What the schema promises, as calls."""
    words = ("readonly", "can_move")
    return "".join([f".{word}()" for word in words if said and getattr(said, word)])


def _plain(kind: str) -> Whole:
    return Whole(f"handles::{kind}", f"handles::{kind}")


def _shape_of(kind: str, bytes: int | None) -> str:
    if bytes is None:
        return "handles::Shape::Pointer"
    return f"handles::Shape::Fixed(handles::types::{_TYPES[kind, bytes]})"
