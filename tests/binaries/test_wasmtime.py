"""The schema of Wasmtime 42.0.2 is the layout of its own debug build."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT, need, vmgen

CRATE = Path(__file__).parent / "wasmtime"
TARGET = ROOT / "build" / "debugged-wasmtime"

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def library() -> Path:
    """Wasmtime's library with debug information of its own types."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    run = [need("cargo"), "build", "--locked", "--quiet"]
    subprocess.run(run, cwd=CRATE, env=environment, check=True)
    (made,) = (TARGET / "debug" / "deps").glob("libwasmtime-*.rlib")
    return made


def test_every_record_is_as_the_schema_says(library: Path) -> None:
    schema = str(ROOT / "schemas/wasmtime.vm.yaml")
    ran = vmgen(
        "verify", schema, "--binary", str(library), "--format", "concise", cwd=ROOT
    )
    assert (ran.code, ran.err) == (0, "")
    *unverified, summary = ran.out.splitlines()
    # Wasmtime declares no struct with the fields of its contexts: its offset code is the
    # oracle of these. The state of host functions is a `Box` there.
    assert [line.partition("`")[2].partition("`")[0] for line in unverified] == [
        "VMComponentContext",
        "VMContext",
        "BoxedHostState",
    ]
    assert summary == (
        f"55 types of `wasmtime_vm` 42.0.0..42.0.2 are laid out as in {library} on "
        "x86_64-unknown-linux-gnu (621 numbers), 3 types unverified"
    )


FAULTS = {
    "an offset": (
        "definitions.vm.yaml",
        r"(      base:\n(?:        .*\n)*)(      current_length:\n(?:        .*\n)*)",
        r"\2\1",
        "VM503 `VMMemoryDefinition.current_length` is at 0, and at 8 in the binary",
    ),
    "a tag": (
        "imports.vm.yaml",
        r"(      Host:\n        type: DefinedGlobalIndex\n        value:) 0",
        r"\1 4",
        "VM505 `VMGlobalKind::Host` is 4, and 0 in the binary",
    ),
    "null": (
        "functions.vm.yaml",
        r"type: Option<VmPtr<VMWasmCallFunction>>",
        r"type: VmPtr<VMWasmCallFunction>",
        "VM506 `VMFuncRef.wasm_call` is `VmPtr<VMWasmCallFunction>`, and may be null in the "
        "binary",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_one_finding(
    fault: tuple[str, str, str, str], library: Path, tmp_path: Path
) -> None:
    file, before, after, said = fault
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    for path in (tmp_path / "schemas").rglob("*.vm.yaml"):
        # What the author believes would tell of the fault first.
        text = re.sub(r"\n +expect_\w+: .*", "", path.read_text(encoding="utf-8"))
        if path.name == file and path.parent.name == "wasmtime":
            text, changes = re.subn(before, after, text)
            assert changes == 1
        path.write_text(text, encoding="utf-8")
    arguments = ("verify", "schemas/wasmtime.vm.yaml", "--binary", str(library))
    ran = vmgen(*arguments, "--format", "concise", cwd=tmp_path)
    errors = [line for line in ran.out.splitlines() if " error: " in line]
    assert [line.partition(" error: ")[2] for line in errors] == [said]
