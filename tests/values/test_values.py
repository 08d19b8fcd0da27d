"""Values travel: what one language writes into a record, the others read.

Everything happens in one process: a shared library in Rust and one in C, both built
here against the generated code, and the generated Python classes. Each reaches every
field by its name. All values are different, so that two fields of one type that were
swapped would be noticed.
"""

from __future__ import annotations

import pytest

from tests.agreement.bindings import SCHEMAS, Rust, bindings_of, module
from tests.values.exchange import (
    BACKGROUND,
    FENCE,
    LANGUAGES,
    ROUNDS,
    Bench,
    bench_of,
    build_libraries,
)
from tests.values.tree import values

pytestmark = pytest.mark.xdist_group("values")


@pytest.fixture(scope="module", params=SCHEMAS)
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    name: str = request.param
    folder = tmp_path_factory.mktemp(name)
    bindings = bindings_of(name, folder)
    rust = Rust.build(bindings, folder)
    build_libraries([module(name)], bindings, folder, rust)
    return bench_of(module(name), bindings, folder)


@pytest.mark.parametrize("reader", LANGUAGES)
@pytest.mark.parametrize("writer", LANGUAGES)
def test_what_one_language_writes_another_reads(
    bench: Bench, writer: str, reader: str
) -> None:
    for number, case in enumerate(bench.cases):
        for round in range(ROUNDS):
            given, found = bench.exchange(writer, reader, number, round)
            assert found == given, f"{case.name}, case {case.number}, round {round}"


@pytest.mark.parametrize("writer", LANGUAGES)
def test_what_is_written_lies_where_the_engine_says(bench: Bench, writer: str) -> None:
    for number, case in enumerate(bench.cases):
        given, stored = bench.written(writer, number)
        for word, value in zip(case.words, given, strict=True):
            there = stored[word.offset : word.offset + word.size]
            assert int.from_bytes(there, "little") == value, (case.name, word)
        assert stored[case.size :] == bytes([BACKGROUND]) * FENCE, case.name


def test_every_field_of_every_type_has_a_value_of_its_own(bench: Bench) -> None:
    for case in bench.cases:
        for round in (0, 1):
            free = [
                (word.size, value)
                for word, value in zip(case.words, values(case, round), strict=True)
                if word.fixed is None and word.size > 1
            ]
            assert len(free) == len(set(free)), case.name
