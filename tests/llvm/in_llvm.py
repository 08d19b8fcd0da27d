"""Reads and writes of trees by code that LLVM makes from handles."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from llvmlite import ir

from tests.llvm.jit import HOST, I64, POINTER, VOID, Running, function, module_for
from tests.values.tree import Case, Group, Word
from vmgen.languages.python.handles import attribute_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.values.tree import Node

HAVE_HANDLES = ("struct", "union", "tagged", "functions", "context")


class Llvm:
    """Functions that write and read some cases, numbered; all compiled at once.

    `counts` are those of the contexts among them.
    """

    def __init__(
        self,
        generated: Any,
        cases: Sequence[Case],
        counts: Sequence[dict[str, int] | None] = (),
        *,
        optimise: bool = False,
    ) -> None:
        self._vm = generated.Handles(HOST)
        self.cases = cases
        self.words: list[list[Word]] = []
        module = module_for()
        for number, case in enumerate(cases):
            record = getattr(self._vm, case.name)
            if counts:
                record = record.with_counts(**counts[number])
            known = list(handles_of(case.tree, record))
            self.words.append([word for word, _ in known])
            self._emit_write(module, f"write_{number}", known)
            self._emit_read(module, f"read_{number}", known)
        self._running = Running(module, optimise=optimise)
        self._calls: dict[str, Any] = {}

    def write(self, number: int, address: int, given: Sequence[int]) -> None:
        """Put into each word of a case its value."""
        halves = [
            half
            for word in self.words[number]
            for half in (given[word.slot] & (1 << 64) - 1, given[word.slot] >> 64)
        ]
        self._call(f"write_{number}", address, (ctypes.c_uint64 * len(halves))(*halves))

    def read(self, number: int, address: int) -> dict[int, int]:
        """The values of the words of a case, by their slots."""
        words = self.words[number]
        halves = (ctypes.c_uint64 * (2 * len(words)))()
        self._call(f"read_{number}", address, halves)
        return {
            word.slot: halves[2 * i] | halves[2 * i + 1] << 64
            for i, word in enumerate(words)
        }

    def _call(self, name: str, address: int, halves: Any) -> None:
        if name not in self._calls:
            kinds = (ctypes.c_void_p, ctypes.c_void_p)
            self._calls[name] = self._running.call(name, None, *kinds)
        self._calls[name](address, halves)

    def _emit_write(
        self, module: Any, name: str, known: list[tuple[Word, Any]]
    ) -> None:
        made, builder = function(module, name, VOID, POINTER, POINTER)
        base, halves = made.args
        for number, (word, handle) in enumerate(known):
            low, high = (
                builder.load(half(builder, halves, 2 * number + i), typ=I64)
                for i in (0, 1)
            )
            bits: Any = ir.IntType(8 * word.size)
            if word.size > 8:
                shifted = builder.shl(builder.zext(high, bits), ir.Constant(bits, 64))
                value = builder.or_(builder.zext(low, bits), shifted)
            else:
                value = builder.trunc(low, bits)
            if handle.type == POINTER:
                value = builder.inttoptr(value, POINTER)
            elif handle.type != bits:
                value = builder.bitcast(value, handle.type)
            handle.mutable().store(builder, base, value)
        builder.ret_void()

    def _emit_read(self, module: Any, name: str, known: list[tuple[Word, Any]]) -> None:
        made, builder = function(module, name, VOID, POINTER, POINTER)
        base, halves = made.args
        for number, (word, handle) in enumerate(known):
            bits: Any = ir.IntType(8 * word.size)
            value = handle.load(builder, base)
            if handle.type == POINTER:
                value = builder.ptrtoint(value, bits)
            elif handle.type != bits:
                value = builder.bitcast(value, bits)
            low = value if word.size == 8 else self._resized(builder, value)
            builder.store(low, half(builder, halves, 2 * number))
            if word.size > 8:
                high = builder.lshr(value, ir.Constant(bits, 64))
                place = half(builder, halves, 2 * number + 1)
                builder.store(builder.trunc(high, I64), place)
        builder.ret_void()

    def _resized(self, builder: Any, value: Any) -> Any:
        wide = value.type.width > 64
        return builder.trunc(value, I64) if wide else builder.zext(value, I64)


def half(builder: Any, halves: Any, number: int) -> Any:
    """Where a half of a value is."""
    return builder.gep(halves, [ir.Constant(I64, number)], source_etype=I64)


def handles_of(node: Node, handle: Any) -> Iterator[tuple[Word, Any]]:
    """Each word of a tree that has a handle, with it. What is `foreign` has none. An atomic that its place doesn't align can't be
    loaded."""
    if type(handle).__name__ == "Unknown":
        return
    if isinstance(node, Word):
        align = handle._place.known_align
        if handle._promises.ordering is None or align >= node.size:
            yield node, handle
        return
    match node.kind:
        case "foreign":
            return
        case "array":
            for index, element in enumerate(flat(node, handle)):
                yield from handles_of(element, handle[index])
        case "cell" | "newtype" | "plain":
            yield from handles_of(node.parts[0].node, handle)
        case _:
            for part in node.parts:
                inner = getattr(handle, attribute_of(str(part.name)))
                yield from handles_of(part.node, inner)


def flat(node: Group, handle: Any) -> Iterator[Node]:
    """What an array's handle has as elements: not arrays in it, but in a region."""
    of_region = len(node.parts) == len(handle) and len(handle) > 0
    of_region = of_region and type(handle[0]).__name__ in ("Elements", "Unknown")
    for part in node.parts:
        inner = part.node
        while isinstance(inner, Group) and inner.kind in ("cell", "newtype", "plain"):
            inner = inner.parts[0].node
        if isinstance(inner, Group) and inner.kind == "array" and not of_region:
            yield from flat(inner, handle)
        else:
            yield part.node
