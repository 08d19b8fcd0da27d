"""llvmlite, as this package needs it: the one place that imports it.

It has no types of its own for checkers, so that what comes from it is `Any` here.
"""

from __future__ import annotations

import llvmlite  # type: ignore[import-untyped, import-not-found, unused-ignore]
from llvmlite import ir as ir  # type: ignore[import-untyped, import-not-found, unused-ignore]

from .hints import TYPE_CHECKING, Any

if not llvmlite.__version__.startswith("0.50."):
    # Older ones have pointers with types, newer ones nobody has tried.
    raise ImportError(
        f"these handles are for llvmlite 0.50, this is {llvmlite.__version__}"
    )

if TYPE_CHECKING:
    Value = Any
    """A value of llvmlite's: an instruction, an argument or a constant."""
    Builder = Any
    """An `ir.IRBuilder`."""
    Type = Any
    """A type of llvmlite's."""
else:
    Value, Builder, Type = ir.Value, ir.IRBuilder, ir.Type

POINTER: Type = ir.PointerType()
BYTE: Type = ir.IntType(8)
I64: Type = ir.IntType(64)

FLOATS: dict[str, tuple[int, Type]] = {
    "f32": (4, ir.FloatType()),
    "f64": (8, ir.DoubleType()),
}

WIDTHS: dict[str, int] = {
    "u8": 1, "u16": 2, "u32": 4, "u64": 8, "u128": 16,
    "i8": 1, "i16": 2, "i32": 4, "i64": 8, "i128": 16,
}  # fmt: skip
"""Bytes of each integer but those of a pointer's width."""


def is_pointer(value: Value) -> bool:
    """Whether a value is a pointer as code has them: opaque, of address space 0."""
    return bool(value.type == POINTER)


def integer(width: int) -> Type:
    """The integer of so many bytes."""
    return ir.IntType(width * 8)


def size_of(kind: Type, pointer: int) -> int | None:
    """Bytes that a load of a type reads, None of one that isn't loaded in one piece."""
    if isinstance(kind, ir.IntType):
        return kind.width // 8 if kind.width % 8 == 0 else None
    if isinstance(kind, ir.PointerType):
        return pointer if kind.addrspace == 0 else None
    for width, known in FLOATS.values():
        if kind == known:
            return width
    if isinstance(kind, ir.VectorType):
        inside = size_of(kind.element, pointer)
        return None if inside is None else inside * kind.count
    return None
