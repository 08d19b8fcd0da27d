"""rustc lays out every type of the schemas, on every target, as the engine does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from scripts.rustc_targets import CompilerError
from tests.oracle.rustc_oracle import Crate, Disagreement, disagreements
from tests.oracle.schemas import SCHEMAS, load
from tests.support import need
from vmgen.schema.model import ModelTarget, Opaque
from vmgen.targets.find import TARGETS


@pytest.fixture(autouse=True)
def _needs_rustc() -> None:
    need("rustc")


def test_every_layout_on_every_target_is_rustcs() -> None:
    modules = [load(schema) for schema in SCHEMAS]
    assert disagreements(modules, TARGETS) == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_crate_asks_about_every_type_that_has_a_layout(schema: str) -> None:
    module = load(schema)
    asked = {question.name.split(" with ")[0] for question in Crate([module]).questions}
    opaque = {name for name, type in module.types.items() if isinstance(type, Opaque)}
    assert set(module.types) - asked == opaque


def test_a_wrong_alignment_in_the_table_is_seen() -> None:
    triple = "x86_64-unknown-linux-gnu"
    wrong = replace(TARGETS[triple].model, align_u64=4)
    module = load("tests/schemas/good/torture.vm.yaml", (ModelTarget(triple, wrong),))
    found = {d.question: d for d in disagreements([module], [triple])}
    assert "ByteThenU32" not in found
    assert found["ByteThenU64"] == Disagreement(
        triple, "ByteThenU64", rustc=(16, 8), engine=(12, 4)
    )
    assert found["PlainU64"].rustc == (8, 8)
    assert found["News"].rustc is not None
    assert any(question.startswith("RoundedContext with ") for question in found)


def test_an_error_in_the_crate_is_no_answer() -> None:
    crate = Crate([])
    with pytest.raises(CompilerError, match="expected item"):
        crate.read("avr-none", "layouts.rs:7:1: error: expected item, found `]`")
