"""Wasmtime 42 misaligns a record, exactly where vmgen says so."""

from __future__ import annotations

import pytest

from tests.oracle.schemas import load
from vmgen.layout.layouts import Layouts
from vmgen.schema.model import Context, ModelTarget
from vmgen.targets.find import find

TARGET = "x86_64-unknown-linux-gnu"


def module_with(tags: int) -> str:
    return f'(module {"(tag)" * tags} (func (export "f")))'


def test_the_smallest_counter_example_is_a_module_that_shows_it(live) -> None:
    (target,) = find(TARGET)
    layouts = Layouts(
        load("schemas/wasmtime.vm.yaml@42.0.2", (ModelTarget(TARGET, target.model),))
    )
    context = layouts.module.types["VMContext"]
    assert isinstance(context, Context)
    layout = layouts.context(context.name)[0]
    wrong = {r.name: r.misaligned for r in layout.regions if r.misaligned}
    assert list(wrong) == ["func_refs"]
    predicted = wrong["func_refs"]
    assert predicted.counts == (("num_defined_tags", 1),)
    assert predicted.remainder == 4

    run = live()
    run.add("m", module_with(tags=1))
    assert run.offsets("m").func_refs.begin % 8 == predicted.remainder
    assert run.address(run.export("m", "f")) % 8 == predicted.remainder


@pytest.mark.parametrize("tags", range(6))
def test_a_func_ref_is_at_4_mod_8_when_the_number_of_tags_is_odd(
    live, tags: int
) -> None:
    run = live()
    run.add("m", module_with(tags))
    assert run.address(run.export("m", "f")) % 8 == (4 if tags % 2 else 0)
    assert run.context("m", "f").func_refs[0].array_call in run.code("m")
    assert len(run.context("m", "f").defined_tags) == tags
