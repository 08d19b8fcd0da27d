"""The generated Python reads and writes the bytes of every target that rustc knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.machines.pyodide_question import context_leaves
from tests.oracle.rustc_source import count_vectors
from tests.oracle.schemas import load
from tests.python.generated import import_from, job_of, write
from tests.python.leaves import RECORDS, Leaf, Leaves
from tests.support import proving
from vmgen.languages.python import names
from vmgen.schema import model as m
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts

PACKAGE = "bytes_of_every_target"
SCHEMAS = ["schemas/wasmtime.vm.yaml@42.0.2"]
if proving():
    SCHEMAS += ["schemas/wasmer.vm.yaml", "tests/schemas/good/torture.vm.yaml"]


@pytest.fixture(scope="module", params=SCHEMAS)
def generated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ModuleType, Layouts]:
    module = load(request.param)
    package = f"{PACKAGE}_{module.name}"
    folder = tmp_path_factory.mktemp("bytes") / package
    write(folder, module, options={"package": package})
    return import_from(folder, module.name), job_of(module).layouts


def distinct(size: int) -> bytes:
    return bytes((7 * i + 1) % 251 + 1 for i in range(size))


class Expected:
    """The engine's view of bytes, once for each layout class and byte order."""

    def __init__(self, layouts: Layouts) -> None:
        self._layouts = layouts
        self._known: dict[object, tuple[bytes, list[tuple[Leaf, object]]]] = {}

    def record(self, name: str, c: LayoutClass, endian: str) -> Any:
        key = name, c.index, endian
        if key not in self._known:
            size = self._layouts.record(name, c).size
            self._known[key] = self._of(Leaves(self._layouts, c).of(name), size, endian)
        return self._known[key]

    def context(
        self, one: m.Context, counts: dict[str, int], c: LayoutClass, endian: str
    ) -> Any:
        key = one.name, tuple(counts.values()), c.index, endian
        if key not in self._known:
            size = self._layouts.context(one.name)[c.index].total(counts)
            leaves = list(context_leaves(one, self._layouts, c, counts))
            self._known[key] = self._of(leaves, size, endian)
        return self._known[key]

    def _of(
        self, leaves: Sequence[Leaf], size: int, endian: str
    ) -> tuple[bytes, list[tuple[Leaf, object]]]:
        data = distinct(size)
        return data, [(leaf, leaf.expected(data, endian)) for leaf in leaves]


def same_words(one: bytes, other: bytes, leaves: Sequence[tuple[Leaf, object]]) -> bool:
    """Whether two records agree wherever a word is."""
    return len(one) == len(other) and all(
        one[leaf.offset : leaf.offset + leaf.size]
        == other[leaf.offset : leaf.offset + leaf.size]
        for leaf, _ in leaves
    )


def test_every_record(generated: tuple[ModuleType, Layouts]) -> None:
    python, layouts = generated
    expected = Expected(layouts)
    records = [n for n, d in layouts.module.types.items() if isinstance(d, RECORDS)]
    read = 0
    for target in TARGETS.values():
        layout_class = layouts.class_of(target.triple)
        for name in records:
            cls = getattr(python, name)
            data, words = expected.record(name, layout_class, target.endian)
            record = cls.read(b"ab" + data + b"c", target.triple, 2)
            for leaf, value in words:
                assert leaf.value(record) == value, (target.triple, name, leaf)
                read += 1
            written = bytearray(len(data) + 3)
            cls.write(written, record, target.triple, 2)
            assert same_words(bytes(written[2:-1]), data, words), (target.triple, name)
            assert bytes(written[:2] + written[-1:]) == bytes(3)
    assert read > 5 * len(TARGETS) * len(records)


def test_every_context(generated: tuple[ModuleType, Layouts]) -> None:
    python, layouts = generated
    expected = Expected(layouts)
    contexts = [d for d in layouts.module.types.values() if isinstance(d, m.Context)]
    for target in TARGETS.values():
        layout_class = layouts.class_of(target.triple)
        for context in contexts:
            cls = getattr(python, context.name)
            for counts in count_vectors(context)[1 : None if proving() else 2]:
                given = {
                    names.attribute(n, names.CONTEXT): c for n, c in counts.items()
                }
                data, words = expected.context(
                    context, counts, layout_class, target.endian
                )
                view = cls.read(b"x" + data, target.triple, given, 1)
                for leaf, value in words:
                    assert leaf.value(view) == value, (target.triple, leaf)
                packed = cls.pack(view, target.triple, given)
                assert same_words(packed, data, words), target.triple
