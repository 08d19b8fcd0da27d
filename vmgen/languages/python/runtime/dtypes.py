"""numpy's types for the kinds of a schema; numpy is imported with this file alone."""

from __future__ import annotations

from .arrays import Blob, Elements
from .hints import TYPE_CHECKING, Any
from .records import Body
from .words import Float, Little, NonZero, Wide, Word

if TYPE_CHECKING:
    from .kinds import Kind
    from .layouts import Layout
    from .models import Model


# Type checkers need no numpy of their users for it.
numpy: Any = __import__("numpy")


def dtype_of(kind: Kind, model: Model) -> Any:
    """The `numpy.dtype` of values in memory of a data model.

    Integers, enums, flags and pointers are numbers in its byte order, 128-bit integers
    16 bytes of type void. Members of a union have the same offset.
    """
    if isinstance(kind, Body):
        return layout_dtype(kind.layout, model)
    if isinstance(kind, Elements):
        return numpy.dtype((dtype_of(kind.element, model), (kind.count,)))
    if isinstance(kind, Blob):
        return numpy.dtype((numpy.uint8, (kind.size(model),)))
    if isinstance(kind, NonZero):
        return dtype_of(kind.inner, model)
    if isinstance(kind, Wide):
        return numpy.dtype("V16")
    prefix = model.prefix
    if isinstance(kind, Little):
        kind, prefix = kind.inner, "<"
    if not isinstance(kind, Word):
        raise TypeError(f"{kind.rust} has no size")
    letter = "f" if isinstance(kind, Float) else "i" if kind.signed else "u"
    return numpy.dtype(f"{prefix}{letter}{kind.size(model)}")


def layout_dtype(layout: Layout, model: Model) -> Any:
    """The same of a record, or of the fixed part of a context, with the offsets and the
    size that the table states."""
    row = layout.row(model)
    names = [*layout.names]
    return numpy.dtype(
        {
            "names": names,
            "formats": [dtype_of(kind, model) for kind in layout.kinds],
            "offsets": [*row[2 : len(names) + 2]],
            "itemsize": layout.size_on(model),
        }
    )


def array_of(
    data: Any, kind: Kind, at: int, stride: int, count: int, model: Model
) -> Any:
    """Values in a buffer as an array of numpy that shares the memory: `count` of them,
    the first at `at`, each `stride` bytes behind the one before."""
    dtype = dtype_of(kind, model)
    if not count:
        return numpy.empty(0, dtype)
    return numpy.ndarray((count,), dtype, data, at, (stride,))
