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
  A  i686-unknown-linux-gnu (32-bit, little-endian), fingerprint 4ec924e309b48df2
  B  dsp32 (32-bit, little-endian), fingerprint 4ec924e309b48df2

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
        "vmgen: --only-differences compares targets or versions; give --target or --version twice\n"
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


UNSAFE = """\
vmgen: 1
module: risky
types:
  Raw: {kind: struct, fields: {base: "*mut u8", length: u32}}
"""
UNSAFE_FINDING = """\
risky.vm.yaml:4:39: error[VM102]: `*mut u8` doesn't expose its provenance
  |
4 |   Raw: {kind: struct, fields: {base: "*mut u8", length: u32}}
  |                                       ^^^^^^^
  = note: compiled code hands back numbers, and Rust may only make pointers of them if \
their provenance was exposed; `VmPtr` does that
  = help: write `VmPtr<u8>`, or `Option<VmPtr<u8>>` if it may be null
"""
UNSAFE_TABLE = """\
risky on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint e06a6049e7ba45af

struct Raw
    offset  size
         0     8  base    *mut u8
         8     4  length  u32
        12     4  /* 4 bytes tail padding */
  size 16, align 8; 2 fields of 12 bytes; tail padding of 4 bytes; 1 cache line
"""


def test_a_layout_that_exists_is_shown_beside_the_findings(tmp_path: Path) -> None:
    write_schema(tmp_path, UNSAFE, "risky.vm.yaml")
    ran = vmgen("layout", "risky.vm.yaml", "Raw", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, UNSAFE_TABLE)
    assert ran.err.startswith(UNSAFE_FINDING)
    assert ran.err.splitlines()[-1].startswith("1 error")
    ran = vmgen("layout", "risky.vm.yaml", "Raw", "--format", "json", cwd=tmp_path)
    assert ran.code == 0
    assert json.loads(ran.out)[0]["types"]["Raw"]["size"] == 16
    assert ran.err.startswith(UNSAFE_FINDING)


@pytest.mark.parametrize(
    "types",
    [
        "Self: {kind: struct, fields: {me: Self}}",
        "Loop: {kind: struct, fields: {me: Loop}}",
        "Lost: {kind: struct, fields: {me: Elsewhere}}",
        "List: {kind: struct, fields: {me: Vec<u8>}}",
        "Huge: {kind: struct, fields: {me: '[u64; 4294967295]'}}",
        "Huge: {kind: context, counts: [n], fields: {a: u8}, "
        "regions: {r: '[[u64; 1073741824]; n]'}}",
        "Huge: {kind: context, fields: {a: u8}, regions: {r: '[u64; 1073741824]'}}",
    ],
)
def test_without_a_layout_findings_are_all_and_never_json(
    tmp_path: Path, types: str
) -> None:
    text = f"vmgen: 1\nmodule: sample\ntypes:\n  {types}\n"
    write_schema(tmp_path, text)
    ran = vmgen("layout", "sample.vm.yaml", cwd=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("sample.vm.yaml:4:")
    json_ran = vmgen("layout", "sample.vm.yaml", "--format", "json", cwd=tmp_path)
    assert (json_ran.code, json_ran.out, json_ran.err) == (1, "", ran.out)


def test_numbers_keep_their_distance(tmp_path: Path) -> None:
    write_schema(
        tmp_path,
        "vmgen: 1\nmodule: sample\ntypes:\n  Big:\n    kind: struct\n"
        "    fields: {head: '[u64; 6]', large: '[u64; 60000]', next: u64}\n"
        "  Small: {kind: struct, fields: {one: u8}}\n",
    )
    ran = vmgen("layout", "sample.vm.yaml", "--target", "*linux-gnu", cwd=tmp_path)
    assert ran.code == 0
    big = ran.out.split("struct Big\n")[1].split("\n\n")[0].splitlines()
    assert [line[:32] for line in big[1:4]] == [
        "    offset    size  offset    si",
        "         0      48       0      ",
        "        48  480000      48  4800",
    ]
    small = ran.out.split("struct Small\n")[1].splitlines()
    assert small[1][:30] == "    offset  size  offset  size"


CONFIGURED = "[tool.vmgen]\nschemas = ['*.vm.yaml']\n"
OTHER = """\
vmgen: 1
module: other
types:
  Only: {kind: struct, fields: {word: u64}}
  Memory: {kind: struct, fields: {word: u64}}
"""


@pytest.fixture
def project(folder: Path) -> Path:
    (folder / "pyproject.toml").write_text(CONFIGURED)
    write_schema(folder, OTHER, "other.vm.yaml")
    return folder


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("Only",), [("other", ["Only"])]),
        (("Memory",), [("other", ["Memory"]), ("sample", ["Memory"])]),
        (("Index", "Only"), [("other", ["Only"]), ("sample", ["Index"])]),
        (("sample.vm.yaml", "Memory"), [("sample", ["Memory"])]),
        ((), [("other", ["Only", "Memory"]), ("sample", ["Index", "Memory", "Thing"])]),
    ],
)
def test_a_project_knows_its_schemas(
    project: Path, words: tuple[str, ...], shown: list[tuple[str, list[str]]]
) -> None:
    ran = vmgen("layout", *words, "--format", "json", cwd=project)
    assert (ran.code, ran.err) == (0, "")
    found = [(one["module"], list(one["types"])) for one in json.loads(ran.out)]
    assert found == shown
    table = vmgen("layout", *words, cwd=project)
    heads = [line for line in table.out.splitlines() if " on " in line]
    assert [head.split()[0] for head in heads] == [module for module, _ in shown]


def test_a_type_that_no_schema_of_a_project_has(project: Path) -> None:
    ran = vmgen("layout", "Onlu", cwd=project)
    said = "vmgen: the schemas have no type `Onlu`, did you mean `Only`?\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)


def test_a_type_without_a_project_needs_a_schema(folder: Path) -> None:
    ran = vmgen("layout", "Memory", cwd=folder)
    said = "vmgen: can't read `Memory`: no such file or directory\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)
    ran = vmgen("layout", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("vmgen: no schema given, and no `[tool.vmgen]`")


def test_the_help_says_that_one_target_is_shown(folder: Path) -> None:
    said = " ".join(vmgen("layout", "--help", cwd=folder).out.split())
    assert "'*' for all" in said
    assert "without it only x86_64-unknown-linux-gnu is shown" in said
