"""The release that runs is found, and another one's bindings are refused in time."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.live.wheels import locked

MODULE = """(module (import "host" "log" (func (param i32)))
    (import "host" "log" (func (param i32)))
    (global i32 (i32.const 1)) (tag) (func (export "f")))"""

LAYOUTS = {
    "42.0.0": 0, "43.0.0": 0, "44.0.0": 0, "45.0.0": 1, "46.0.1": 1, "47.0.1": 1,
    "48.0.0": 1, "49.0.0": 1, "50.0.1": 2,
}  # fmt: skip
"""Those with one number have the func refs of the module above in one place."""


@pytest.fixture
def release(example: Path):
    sys.path.insert(0, str(example.parent))
    import wasmtime_release

    return wasmtime_release


def test_a_library_is_known_by_its_build_id(release) -> None:
    import wasmtime

    known = release.BUILD_IDS[release.build_id(release.library(wasmtime))]
    assert known == version("wasmtime") == release.release_of(wasmtime)
    assert set(release.BUILD_IDS.values()) == set(locked())


@pytest.mark.parametrize("other", LAYOUTS)
def test_bindings_of_another_layout_are_refused_before_a_pointer_is_followed(
    live, release, other: str
) -> None:
    import wasmtime_vm

    run = live()
    run.define("log", run.function(lambda _: None, "i32"))
    run.add("m", MODULE)
    raw = run.address(run.export("m", "f"))
    context = int(run.func_ref(run.export("m", "f")).vmctx)
    counts = run.counts["m"].by_name()
    names = wasmtime_vm.at(other)
    offsets = names.VMContextOffsets(
        **{n: v for n, v in counts.items() if other >= "46" or n not in SINCE_46}
    )
    if LAYOUTS[other] == LAYOUTS[version("wasmtime")]:
        release.refuse_another_layout(offsets, context, raw)
        return
    with pytest.raises(release.AnotherLayout, match="another release runs here"):
        release.refuse_another_layout(offsets, context, raw)


SINCE_46 = ("num_runtime_data", "has_startup_func")
