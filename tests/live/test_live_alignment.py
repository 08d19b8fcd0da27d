"""Where func refs are: misaligned until Wasmtime 49.0.2, exactly where vmgen says so."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.live.regions import defined
from tests.oracle.conftest import layouts_of
from vmgen.schema.model import Context

TARGET = "x86_64-unknown-linux-gnu"


def module_with(tags: int) -> str:
    return f'(module {"(tag)" * tags} (func (export "f")))'


def test_the_smallest_counter_example_is_a_module_that_shows_it(live) -> None:
    layouts = layouts_of(version("wasmtime"))
    context = layouts.module.types["VMContext"]
    assert isinstance(context, Context)
    layout = layouts.context(context.name)[layouts.class_of(TARGET).index]
    (found,) = (r.misaligned for r in layout.regions if r.name == "func_refs")
    run = live()
    if run.series == 50:
        assert found is None
        return
    assert found is not None
    assert found.counts == (("num_defined_tags", 1),)
    assert found.remainder == 4

    run.add("m", module_with(tags=1))
    assert run.offsets("m").func_refs.begin % 8 == found.remainder
    assert run.address(run.export("m", "f")) % 8 == found.remainder


@pytest.mark.parametrize("tags", range(6))
def test_a_func_ref_is_at_4_mod_8_when_the_number_of_tags_is_odd_until_49(
    live, tags: int
) -> None:
    run = live()
    run.add("m", module_with(tags))
    rest = run.address(run.export("m", "f")) % 8
    assert rest == (4 if tags % 2 and run.series < 50 else 0)
    assert rest == run.offsets("m").func_refs.begin % 8
    assert run.context("m", "f").func_refs[0].array_call in run.code("m")
    assert len(defined(run.context("m", "f"), "tags")) == tags
