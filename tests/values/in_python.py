"""Reads and writes of trees in Python, through the generated classes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tests.values.tree import Case, Group, Node, Word, is_signed, scalar
from vmgen.languages.python import names
from vmgen.schema.types import (
    Atomic,
    FnPointer,
    Named,
    Primitive,
    RawPointer,
    Type,
    VmPtr,
)

if TYPE_CHECKING:
    from vmgen.schema import model as m

TAKEN = {
    "struct": names.RECORD,
    "union": names.RECORD,
    "functions": names.RECORD,
    "context": names.CONTEXT,
    "tagged": names.VARIANT,
}
FLOATS = {"f32": ("<f", "<I"), "f64": ("<d", "<Q")}

Path = tuple[str | int, ...]
"""Attributes and indices that lead from a record to one of its parts."""


class Python:
    """One generated module, which reads and writes memory of this process."""

    def __init__(self, module: m.Module, generated: ModuleType, runtime: Any) -> None:
        self.types = dict(module.types)
        self.generated = generated
        self.runtime = runtime

    def write(self, case: Case, address: int, given: Sequence[int]) -> None:
        """Put a value into every word, one by one, by name."""
        holder, parts = self._root(case, address)
        self.write_into(holder, parts, given)

    def read(self, case: Case, address: int) -> list[int]:
        """The words' values, as unsigned numbers."""
        holder, parts = self._root(case, address)
        found = dict(self.read_from(holder, parts))
        if case.tree.kind == "tagged":
            self._check_value(holder, case.tree)
        return [found[word.slot] for word in case.words]

    def _root(
        self, case: Case, address: int
    ) -> tuple[Any, Iterator[tuple[Path, Node, bool]]]:
        cls, tree = getattr(self.generated, case.name), case.tree
        if tree.kind == "plain":
            # An enum's values have no class that stays in place; an array of them does.
            values = self.runtime.VmPtr(address, cls).array(1)
            return values, iter([((0,), tree.parts[0].node, False)])
        if tree.kind == "newtype":
            return self.runtime.VmPtr(address, cls).deref(), parts_of(tree)
        return cls.at(address), parts_of(tree)

    def write_into(
        self,
        holder: Any,
        parts: Iterator[tuple[Path, Node, bool]],
        given: Sequence[int],
    ) -> None:
        for path, node, readonly in parts:
            inner = _shown(node)
            if _is_plain(inner):
                self._assign(holder, path, self._value(inner, given), readonly)
            else:
                self.write_into(_get(holder, path), parts_of(inner), given)

    def read_from(
        self, holder: Any, parts: Iterator[tuple[Path, Node, bool]]
    ) -> Iterator[tuple[int, int]]:
        for path, node, _ in parts:
            inner, found = _shown(node), _get(holder, path)
            if isinstance(inner, Word):
                yield inner.slot, self._number(inner, found)
                continue
            yield from self.read_from(found, parts_of(inner))
            if inner.kind == "tagged":
                self._check_value(found, inner)

    def _assign(self, holder: Any, path: Path, value: Any, readonly: bool) -> None:
        holder = _get(holder, path[:-1])
        last = path[-1]
        if isinstance(last, int):
            holder[last] = value
            return
        try:
            setattr(holder, last, value)
        except AttributeError:
            self.runtime.store(holder, last, value)
        else:
            assert not readonly, f"{last} is read-only and could be assigned"

    def _value(self, node: Node, given: Sequence[int]) -> Any:
        """What is assigned to a word, or to an array of words."""
        if isinstance(node, Group):
            return [self._value(_shown(part.node), given) for part in node.parts]
        number = given[node.slot]
        type = scalar(node.type, self.types)
        match type:
            case Primitive("bool") | Atomic("AtomicBool"):
                return bool(number)
            case Primitive("f32" | "f64" as name):
                real, bits = FLOATS[name]
                return struct.unpack(real, struct.pack(bits, number))[0]
            case _ if is_signed(type) and number >> (node.width - 1):
                return number - (1 << node.width)
            case _:
                return number

    def _number(self, word: Word, found: Any) -> int:
        """The number that a value stands for."""
        if found is None:
            return 0
        match scalar(word.type, self.types):
            case Primitive("f32" | "f64" as name):
                real, bits = FLOATS[name]
                return int(struct.unpack(bits, struct.pack(real, found))[0])
            case VmPtr(pointee) | RawPointer(_, pointee):
                self._check_pointee(found, pointee)
            case FnPointer():
                assert found.pointee is self.runtime.Function
        return int(found) & ((1 << word.width) - 1)

    def _check_pointee(self, found: Any, pointee: Type) -> None:
        assert isinstance(found, self.runtime.VmPtr), found
        if isinstance(pointee, Named):
            assert found.pointee is getattr(self.generated, pointee.name)

    def _check_value(self, holder: Any, tree: Group) -> None:
        """A tagged enum's `value` is what its tag says."""
        assert holder.tag.name == names.attribute(tree.variant, names.VARIANT)
        if len(tree.parts) == 1:
            assert holder.value is None
            return
        payload = getattr(holder.payload, holder.tag.name)
        assert type(holder.value) is type(payload)
        if isinstance(_shown(tree.parts[1].node), Word):
            assert holder.value == payload


def parts_of(group: Group) -> Iterator[tuple[Path, Node, bool]]:
    """Each part with the way to it, and whether it is declared read-only."""
    for part in group.parts:
        path: Path
        match group.kind:
            case "array":
                path = (part.name,)
            case "foreign":
                path = ("storage",)
            case "newtype":
                path = ("value",)
            case "tagged" if part.name == "tag":
                path = ("tag",)
            case kind:
                name = names.attribute(str(part.name), TAKEN[kind])
                path = ("payload", name) if kind == "tagged" else (name,)
        yield path, part.node, part.readonly


def _shown(node: Node) -> Node:
    """A node without what Python doesn't show: cells, wrappers of other than records."""
    while isinstance(node, Group) and (
        node.kind in ("cell", "plain")
        or (node.kind == "newtype" and not _holds_record(node))
    ):
        node = node.parts[0].node
    return node


def _holds_record(node: Node) -> bool:
    while isinstance(node, Group) and node.kind in ("newtype", "cell"):
        node = node.parts[0].node
    return isinstance(node, Group) and node.kind not in ("array", "plain")


def _is_plain(node: Node) -> bool:
    """Whether a node is a word or an array of words, which is assigned as a whole."""
    while isinstance(node, Group) and node.kind == "array" and node.parts:
        node = _shown(node.parts[0].node)
    return isinstance(node, Word)


def _get(holder: Any, path: Path) -> Any:
    for step in path:
        holder = holder[step] if isinstance(step, int) else getattr(holder, step)
    return holder
