"""What changed between the releases of Wasmtime, to be held against its sources.

``UPDATE_GOLDEN=1`` writes the reports anew; read the difference before it is kept.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support import ROOT, vmgen

SCHEMA = "schemas/wasmtime.vm.yaml"
GOLDEN = Path(__file__).parent / "golden"
STEPS = (
    ("42.0.2", "43.0.2"),
    ("43.0.2", "44.0.3"),
    ("44.0.3", "45.0.3"),
    ("45.0.3", "46.0.3"),
    ("46.0.3", "47.0.4"),
    ("47.0.4", "48.0.5"),
    ("48.0.5", "48.0.6"),
    ("48.0.5", "49.0.2"),
    ("49.0.2", "49.0.3"),
    ("49.0.3", "50.0.1"),
)


@pytest.mark.parametrize(("old", "new"), STEPS, ids="-".join)
def test_from_one_release_to_the_next(old: str, new: str) -> None:
    ran = vmgen(
        "diff", f"{SCHEMA}@{old}", f"{SCHEMA}@{new}", "--format", "markdown", cwd=ROOT,
        VMGEN_CACHE_DIR=os.devnull,
    )  # fmt: skip
    golden = GOLDEN / f"wasmtime-{old}-{new}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(ran.out, encoding="utf-8")
    assert ran.out == golden.read_text(encoding="utf-8")
    assert ran.code == int(old != "43.0.2")


def test_aligned_func_refs_are_one_finding() -> None:
    ran = vmgen(
        "diff", f"{SCHEMA}@48.0.5", f"{SCHEMA}@48.0.6", "--format", "json", cwd=ROOT,
        VMGEN_CACHE_DIR=os.devnull,
    )  # fmt: skip
    (found,) = json.loads(ran.out)
    assert (found["rule"], found["type"], found["part"]) == (
        "region-moved",
        "VMContext",
        "func_refs",
    )
    assert found["message"].endswith(
        "; `func_refs` and everything behind it move by 4 when num_defined_tags is odd on "
        "64-bit targets"
    )
    (effect,) = found["numbers"]
    assert "armv7-unknown-linux-gnueabihf" not in effect["targets"]
    assert {n["counts"] for n in effect["changed"]} == {"num_defined_tags = 1"}
