"""What can be asked of types and done with live records."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

from .arrays import LiveArray
from .contexts import Context
from .hints import TYPE_CHECKING, Any, V, cast
from .kinds import Bodiless
from .layouts import Layout, address
from .offsets import ContextLayout
from .pointers import VmPtr, kind_of, pointer_in
from .records import Body, Record, native_layout, put
from .scalars import Scalar

if TYPE_CHECKING:
    from .kinds import Kind, Kinds
    from .models import Model


class FieldInfo(NamedTuple):
    """A field as `fields` tells of it; numbers are bytes."""

    name: str
    type: str
    offset: int
    size: int
    align: int


def store(record: object, name: str, value: Any) -> None:
    """Write a field, one that is read-only too, with a plain store.

    For atomics and for what compiled code takes to be constant: whether anyone else
    may be looking is for the caller to know. A `Scalar`'s one field is `value`.
    """
    if isinstance(record, Scalar):
        record._put(value)
        return
    if isinstance(record, Context):
        record = record._fixed
    layout = native_layout(cast("type[Record]", type(record)))
    put(record, layout, name, value)


def address_of(record: V) -> VmPtr[V]:
    """The address of a live record or context, or of one in another memory; it keeps
    nothing alive."""
    where = record._fixed if isinstance(record, Context) else record
    there = getattr(where, "_vm_there", None)
    if there:
        kind = kind_of(record.__class__)
        return cast("VmPtr[V]", pointer_in(there[1], kind.pointed or kind, there[0]))
    return VmPtr(address(where), type(record))


def allocate(cls: type[V], **values: Any) -> V:
    """A new record, zeroed but for the values given, as aligned as it has to be.

    An instance that ctypes makes by itself is aligned to 8 or 16 bytes at most.
    """
    record = allocate_array(cls, 1)[0]
    if isinstance(record, Record):
        type(record).__init__(record, **values)
    return record


def allocate_array(cls: type[V], count: int) -> LiveArray[V]:
    """New records in a row, zeroed, as aligned as they have to be."""
    kind = kind_of(cls)
    if isinstance(kind, Body):
        native_layout(kind.face)
        # Whoever asks for more than one has to know where the next one is.
        kind.size(None)
    size = ctypes.sizeof(kind.ctype)
    align = kind.align(kind.source.targets.model(None) if kind.source else None)
    memory = (ctypes.c_uint8 * (size * count + align))()
    start = ctypes.addressof(memory)
    return LiveArray(kind, start + (-start & (align - 1)), size, count, memory)


def targets(cls: type) -> tuple[str, ...]:
    """Every target that the schema of a type covers."""
    models = _layout_of(cls).source.targets.models
    return tuple(target for model in models for target in model.targets)


def fields(cls: type, target: str | None = None) -> tuple[FieldInfo, ...]:
    """The fields of a record, or the fixed ones of a context, on a target."""
    layout = _layout_of(cls)
    model = layout.source.targets.model(target)
    return tuple(
        FieldInfo(
            name,
            kind.rust,
            layout.offset(name, model),
            kind.size(model),
            kind.align(model),
        )
        for name, kind in zip(layout.names, layout.kinds, strict=True)
    )


def offset_of(cls: type, field: str, target: str | None = None) -> int:
    """Where a field is on a target, in bytes. Raises AttributeError."""
    layout = _layout_of(cls)
    layout.kind_of(field)
    return layout.offset(field, layout.source.targets.model(target))


def prototype_of(cls: type, field: str) -> Any:
    """What ctypes calls the function by that a field points to: made of an address it is
    a function, and of something callable a callback for that field. Raises
    AttributeError, and TypeError of a field that is something else.
    """
    kind: Any = _layout_of(cls).kind_of(field)
    found = getattr(getattr(kind, "pointee", None), "prototype", None)
    if found is None:
        raise TypeError(f"{cls.__name__}.{field} has no signature to be called by")
    return found


def size_of(cls: type, target: str | None = None) -> int:
    """The size of a type on a target, in bytes; of a context, its fixed part's."""
    kind, model = _sized(cls, target)
    return kind.size(model)


def align_of(cls: type, target: str | None = None) -> int:
    """The alignment of a type on a target, in bytes."""
    kind, model = _sized(cls, target)
    return kind.align(model)


def _sized(cls: type, target: str | None) -> tuple[Kind, Model | None]:
    kind = kind_of(cls)
    if isinstance(kind, Bodiless):
        raise TypeError(f"{cls.__name__} has no size")
    return kind, kind.source.targets.model(target) if kind.source else None


def _layout_of(cls: type) -> Layout:
    """The layout of a record class or a context class. Raises TypeError."""
    layout = getattr(cls, "_vm", None)
    if isinstance(layout, ContextLayout):
        return layout.fixed
    if not isinstance(layout, Layout):
        raise TypeError(f"{cls.__name__} has no fields")
    return layout


def fingerprint_of(cls: type, target: str | None = None) -> int:
    """The fingerprint of a type's module on a target, by which two parties find that
    they have the same layouts; the module's `LAYOUT_FINGERPRINT` is the host's."""
    source = _kind_source(cls)
    model = source.targets.model(target)
    return source.fingerprint(model)


def _kind_source(cls: type) -> Kinds:
    source = kind_of(cls).source
    if source is None:
        raise TypeError(f"{cls.__name__} is no type of a schema")
    return source
