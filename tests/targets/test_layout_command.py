"""`vmgen layout` beside other targets, and what it says of targets that are not there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
vmgen: 1
module: sample
targets: [i686-unknown-linux-gnu, i686-pc-windows-msvc, x86_64-unknown-linux-gnu, dsp32]
data_models:
  dsp32: {pointer: 32, align: {u64: 2}}
types:
  Index: {kind: newtype, of: u32}
  Memory: {kind: struct, fields: {base: VmPtr<u8>, length: u64}}
  Thing:
    kind: context
    align: 16
    counts: [num_memories]
    fields: {magic: u32}
    regions: {memories: "[Memory; num_memories]"}
"""
LINUX, WINDOWS = "i686-unknown-linux-gnu", "i686-pc-windows-msvc"

OWN_BESIDE_LINUX = """\
sample; * marks what differs
  A  i686-unknown-linux-gnu (32-bit, little-endian)
  B  dsp32 (32-bit, little-endian)

struct Memory
               A             B
    offset  size  offset  size
         0     4       0     4  base    VmPtr<u8>
         4     8       4     8  length  u64
              12            12  size
               4             4  align
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_schema(tmp_path, SCHEMA)
    return tmp_path


def described(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    ran = vmgen("layout", "sample.vm.yaml", "--format", "json", *arguments, cwd=folder)
    assert (ran.code, ran.err) == (0, ""), ran.out
    found: list[dict[str, Any]] = json.loads(ran.out)
    return found


def test_json_of_the_differences_leaves_out_what_is_the_same(folder: Path) -> None:
    both = ("--target", LINUX, "--target", WINDOWS)
    whole = described(folder, *both)
    assert [list(one["types"]) for one in whole] == [["Index", "Memory", "Thing"]] * 2
    different = described(folder, *both, "--only-differences")
    assert [one["target"] for one in different] == [LINUX, WINDOWS]
    assert [list(one["types"]) for one in different] == [["Memory", "Thing"]] * 2
    sizes = [one["types"]["Memory"]["size"] for one in different]
    offsets = [one["types"]["Memory"]["fields"][1]["offset"] for one in different]
    assert (sizes, offsets) == ([12, 16], [4, 8])


def test_differences_of_one_target_are_no_question_in_json_either(folder: Path) -> None:
    ran = vmgen(
        "layout", "sample.vm.yaml", "--format", "json", "--only-differences", cwd=folder
    )
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "vmgen: --only-differences compares targets; give --target twice\n"
    )


def test_a_data_model_of_ones_own_stands_beside_a_target(folder: Path) -> None:
    targets = ("--target", LINUX, "--target", "dsp32")
    ran = vmgen("layout", "sample.vm.yaml", "Memory", *targets, cwd=folder)
    assert ran.out == OWN_BESIDE_LINUX


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "x86_64-unknown-linux-musl",
            "the schema has no target `x86_64-unknown-linux-musl`; list it there under "
            "`targets`",
        ),
        ("avr-*", "the schema has no target `avr-*`; list it there under `targets`"),
        ("dsp23", "the schema has no target `dsp23`, did you mean `dsp32`?"),
        ("toaster", "the schema has no target `toaster`"),
    ],
)
def test_a_target_that_is_not_there_is_told(
    folder: Path, target: str, message: str
) -> None:
    ran = vmgen("layout", "sample.vm.yaml", "--target", target, cwd=folder)
    assert (ran.code, ran.out, ran.err) == (2, "", f"vmgen: {message}\n")
