"""The generated Python, live in a 32-bit Python of the newest version."""

from __future__ import annotations

from typing import Any

import pytest

from tests.machines import pyodide

pytestmark = pytest.mark.xdist_group("pyodide")


@pytest.fixture(scope="module")
def question() -> dict[str, Any]:
    return pyodide.question()


@pytest.fixture(scope="module")
def answer(
    question: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    return pyodide.ask(tmp_path_factory.mktemp("pyodide"), question)


def test_every_module_that_is_checked_in_is_asked() -> None:
    files = {path.stem for path in pyodide.GENERATED.glob("*.py")}
    # What leads to the modules of the versions has no records.
    files -= {"vmgen_runtime", "wasmtime_vm", "cpython"}
    assert files == {name for name in pyodide.SCHEMAS if "." not in name}


def test_it_is_a_32_bit_python_of_the_newest_version(answer: dict[str, Any]) -> None:
    where = {k: answer[k] for k in ("python", "platform", "pointer")}
    assert where == {"python": "3.14", "platform": "emscripten", "pointer": 4}


def test_every_word_is_read_and_written_where_the_engine_says(
    answer: dict[str, Any],
) -> None:
    assert answer["differences"] == []


def test_all_records_and_contexts_were_looked_at(
    question: dict[str, Any], answer: dict[str, Any]
) -> None:
    records = [r for about in question.values() for r in about["records"].values()]
    contexts = [c for about in question.values() for c in about["contexts"].values()]
    words = [r["words"] for r in records] + [c["words"] for cs in contexts for c in cs]
    foreign = [words for r in records for _, words in r["elsewhere"].values()]
    assert answer["records"] == len(records) > 80
    assert answer["contexts"] == sum(map(len, contexts)) > 100
    assert answer["words"] == sum(map(len, words)) > 2000
    assert answer["foreign"] == sum(map(len, foreign)) > 1000
    assert answer["readonly"] < answer["words"] / 10
