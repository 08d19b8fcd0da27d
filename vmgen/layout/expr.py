"""Offsets as expressions over a context's counts.

An expression is a sum of a constant and of terms ``stride * count``, rounded up
here and there. The three forms are all that a context needs; each is evaluated by
Python and printed as a formula. Counts and results are u32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.place import align_up
from vmgen.targets.data_model import U32_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping


class OffsetOverflow(ArithmeticError):
    """An offset or a size that doesn't fit a u32."""


class Const(msgspec.Struct, frozen=True):
    """A number of bytes."""

    value: int

    def evaluate(self, counts: Mapping[str, int]) -> int:
        return self.value

    def __str__(self) -> str:
        return str(self.value)


class Term(msgspec.Struct, frozen=True):
    """`stride` bytes for each of `count`, if the flag `when` is set.

    `count` is a count's name, or a fixed number; `when` a flag's name or None.
    """

    stride: int
    count: str | int
    when: str | None = None

    def evaluate(self, counts: Mapping[str, int]) -> int:
        if self.when is not None and not counts.get(self.when, 0):
            return 0
        if isinstance(self.count, int):
            return self.stride * self.count
        return self.stride * counts.get(self.count, 0)

    def __str__(self) -> str:
        factors = [self.stride] if self.stride != 1 else []
        names: list[object] = []
        if isinstance(self.count, str):
            names.append(self.count)
        elif self.count != 1:
            factors = [self.stride * self.count]
        if self.when is not None:
            names.append(self.when)
        return " * ".join(str(f) for f in [*factors, *names]) or str(self.stride)


class Sum(msgspec.Struct, frozen=True):
    """The sum of its parts, at least one."""

    parts: tuple[Expr, ...]

    def evaluate(self, counts: Mapping[str, int]) -> int:
        return sum(p.evaluate(counts) for p in self.parts)

    def __str__(self) -> str:
        return " + ".join(str(p) for p in self.parts)


class AlignUp(msgspec.Struct, frozen=True):
    """`inner` rounded up to a multiple of `to`, a power of two."""

    inner: Expr
    to: int

    def evaluate(self, counts: Mapping[str, int]) -> int:
        return align_up(self.inner.evaluate(counts), self.to)

    def __str__(self) -> str:
        return f"align_up({self.inner}, {self.to})"


Expr = Const | Term | Sum | AlignUp


def add(left: Expr, right: Expr) -> Expr:
    """The sum, with constants folded and sums flattened."""
    parts: list[Expr] = list(left.parts) if isinstance(left, Sum) else [left]
    if isinstance(right, Term) and isinstance(right.count, int) and right.when is None:
        right = Const(right.stride * right.count)
    if isinstance(right, Const):
        for index, part in enumerate(parts):
            if isinstance(part, Const):
                parts[index] = Const(part.value + right.value)
                break
        else:
            parts.append(right)
    else:
        parts.append(right)
    parts = [p for p in parts if p != Const(0)] or [Const(0)]
    return parts[0] if len(parts) == 1 else Sum(tuple(parts))


def round_up(inner: Expr, to: int) -> Expr:
    """`inner` rounded up; a constant is rounded at once."""
    if to == 1:
        return inner
    if isinstance(inner, Const):
        return Const(align_up(inner.value, to))
    return AlignUp(inner, to)


def checked(value: int) -> int:
    """`value` if it fits a u32. Raises `OffsetOverflow`."""
    if value > U32_MAX:
        raise OffsetOverflow(f"{value} bytes don't fit a u32")
    return value
