"""Trees in the bytes of any target, by the generated Python: `pack` and `read`."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from tests.values.tree import Group, Node, Word, is_signed, scalar
from vmgen.languages.python import names
from vmgen.schema import model as m
from vmgen.schema.types import Atomic, Primitive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from tests.machines.trees import ContextCase
    from tests.values.tree import Case

TAKEN = {"context": names.CONTEXT, "tagged": names.VARIANT}
FLOATS = {"f32": ("<f", "<I"), "f64": ("<d", "<Q")}


class Bytes:
    """One generated module, and the target whose bytes it reads and writes."""

    def __init__(self, module: m.Module, generated: ModuleType, target: str) -> None:
        self.types = dict(module.types)
        self.generated = generated
        self.target = target

    def has(self, case: Case) -> bool:
        """Whether the type has a class that packs it alone, as records have. Contexts
        need their counts."""
        cls = getattr(self.generated, case.name)
        return case.tree.kind != "context" and hasattr(cls, "pack")

    def pack(self, case: Case, given: Sequence[int]) -> bytes:
        cls, value = getattr(self.generated, case.name), self._given(case.tree, given)
        if case.tree.kind == "newtype" and not _holds_record(case.tree):
            value = {"value": value}
        packed: bytes = cls.pack(value, self.target)
        return packed

    def read(self, case: Case, data: bytes) -> list[int]:
        record = getattr(self.generated, case.name).read(data, self.target)
        if case.tree.kind == "newtype" and not _holds_record(case.tree):
            # A field of the type shows what is inside; the type itself has a `value`.
            record = record.value
        return self._found(case, record)

    def pack_context(self, one: ContextCase, given: Sequence[int]) -> bytes:
        cls = getattr(self.generated, one.case.name)
        value = self._given(self._parts_of(one), given)
        packed: bytes = cls.pack(value, self.target, self._counts(one))
        return packed

    def read_context(self, one: ContextCase, data: bytes) -> list[int]:
        cls = getattr(self.generated, one.case.name)
        view = cls.read(data, self.target, self._counts(one))
        return self._found(one.case, view, self._parts_of(one))

    def _counts(self, one: ContextCase) -> dict[str, int]:
        return {names.attribute(n, names.CONTEXT): c for n, c in one.counts.items()}

    def _parts_of(self, one: ContextCase) -> Group:
        """The context's tree, single records in place of their arrays, and without
        what its flag says is not there."""
        context, tree = self.types[one.case.name], one.case.tree
        assert isinstance(context, m.Context)
        single = {r.name for r in context.regions if r.count is None}
        parts = []
        for part in tree.parts:
            node = part.node
            if part.name in single:
                assert isinstance(node, Group)
                parts += [type(part)(part.name, inner.node) for inner in node.parts]
            else:
                parts.append(part)
        return Group(tree.kind, tree.name, tuple(parts))

    def _found(self, case: Case, holder: Any, tree: Group | None = None) -> list[int]:
        found: dict[int, int] = {}
        self._read(tree or case.tree, holder, found)
        return [found[word.slot] for word in case.words]

    def _given(self, node: Node, given: Sequence[int]) -> Any:
        """What `pack` takes for a node."""
        if isinstance(node, Word):
            return self._value(node, given[node.slot])
        inner = [(part.name, self._given(part.node, given)) for part in node.parts]
        match node.kind:
            case "array":
                return [value for _, value in inner]
            case "cell" | "plain":
                return inner[0][1]
            case "newtype":
                return {"value": inner[0][1]} if _holds_record(node) else inner[0][1]
            case "foreign":
                return {"storage": bytes(inner[0][1])}
            case "tagged":
                payload = {_attribute(node, name): v for name, v in inner[1:]}
                return {"tag": inner[0][1], "payload": payload}
            case _:
                return {_attribute(node, name): value for name, value in inner}

    def _read(self, node: Node, shown: Any, found: dict[int, int]) -> None:
        """Take the words' numbers out of what a reader shows of a node."""
        if isinstance(node, Word):
            found[node.slot] = self._number(node, shown)
            return
        for part in node.parts:
            match node.kind:
                case "array":
                    assert isinstance(part.name, int)
                    inner = shown[part.name]
                case "cell" | "plain":
                    inner = shown
                case "newtype":
                    inner = shown.value if _holds_record(node) else shown
                case "foreign":
                    inner = bytes(shown.storage)
                case "tagged" if part.name == "tag":
                    inner = shown.tag
                case "tagged":
                    inner = getattr(shown.payload, _attribute(node, part.name))
                case _:
                    inner = getattr(shown, _attribute(node, part.name))
            self._read(part.node, inner, found)

    def _value(self, word: Word, number: int) -> Any:
        match scalar(word.type, self.types):
            case Primitive("bool") | Atomic("AtomicBool"):
                return bool(number)
            case Primitive("f32" | "f64" as name):
                real, bits = FLOATS[name]
                return struct.unpack(real, struct.pack(bits, number))[0]
            case type if is_signed(type) and number >> (8 * word.size - 1):
                return number - (1 << (8 * word.size))
            case _:
                return number

    def _number(self, word: Word, shown: Any) -> int:
        if shown is None:
            return 0
        match scalar(word.type, self.types):
            case Primitive("f32" | "f64" as name):
                real, bits = FLOATS[name]
                return int(struct.unpack(bits, struct.pack(real, shown))[0])
            case _:
                return int(shown) & ((1 << (8 * word.size)) - 1)


def by_the_engine(case: Case, data: bytes, endian: str) -> list[int]:
    """The words' numbers in bytes, each at the offset that the layout engine states."""
    return [
        int.from_bytes(
            data[word.offset : word.offset + word.size],
            "little" if word.little or endian == "little" else "big",
        )
        for word in case.words
    ]


def to_numbers(data: bytes, cases: Sequence[Case]) -> list[list[int]]:
    """The values that a program of `program.driver` wrote, by case."""
    numbers = (
        int.from_bytes(data[i : i + 16], "little") for i in range(0, len(data), 16)
    )
    return [[next(numbers) for _ in case.words] for case in cases]


def from_numbers(values: Sequence[Sequence[int]]) -> bytes:
    """The values as such a program takes them."""
    return b"".join(v.to_bytes(16, "little") for case in values for v in case)


def records_of(data: bytes, cases: Sequence[Case]) -> list[bytes]:
    """The records that such a program wrote."""
    made, at = [], 0
    for case in cases:
        made.append(data[at : at + case.size])
        at += case.size
    assert at == len(data)
    return made


def _attribute(group: Group, name: str | int) -> str:
    return names.attribute(str(name), TAKEN.get(group.kind, names.RECORD))


def _holds_record(node: Node) -> bool:
    while isinstance(node, Group) and node.kind in ("newtype", "cell"):
        node = node.parts[0].node
    return isinstance(node, Group) and node.kind not in ("array", "plain")
