"""A fault in one type hides no fault in another."""

from __future__ import annotations

from pathlib import Path

from tests.support import vmgen

SCHEMA = """\
vmgen: 1
module: f
constants: {LITTLE_ENDIAN: {type: u8, value: 0}}
types:
  S: {kind: struct, fields: {X: u32, l: u8}}
  T: {kind: struct, fields: {s: S, p: "*mut u8", q: VmPtr<S>, z: uint32_t}}
  bad-name: {kind: struct, fields: {a: u8}}
  U: {kind: strukt, fields: {a: u8}}
"""


def test_faults_of_types_are_told_in_one_run(
    tmp_path: Path,
) -> None:
    (tmp_path / "f.vm.yaml").write_text(SCHEMA)
    told = vmgen(
        "check", "f.vm.yaml", "--format", "concise", cwd=tmp_path
    ).out.splitlines()
    assert [line.split(" ")[:3] for line in told] == [
        ["f.vm.yaml:3:13:", "error:", "VM030"],
        ["f.vm.yaml:5:30:", "error:", "VM010"],
        ["f.vm.yaml:6:40:", "error:", "VM102"],
        ["f.vm.yaml:6:66:", "error:", "VM008"],
        ["f.vm.yaml:7:3:", "error:", "VM010"],
        ["f.vm.yaml:8:13:", "error:", "VM005"],
        ["6", "errors", "in"],
    ]


def test_a_fault_outside_of_the_types_still_stops_the_module(
    tmp_path: Path,
) -> None:
    (tmp_path / "f.vm.yaml").write_text(SCHEMA.replace("value: 0", "value: none"))
    told = vmgen(
        "check", "f.vm.yaml", "--format", "concise", cwd=tmp_path
    ).out.splitlines()
    assert [line.split(" ")[2] for line in told[:-1]] == [
        "VM005",
        *["VM010"] * 2,
        "VM005",
    ]
