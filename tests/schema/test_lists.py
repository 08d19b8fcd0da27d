"""Fields, regions, slots and variants as lists: the same as the mappings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import findings, write_schema
from vmgen.cli import main

MAPPINGS = """\
vmgen: 1
module: m
types:
  S:
    kind: struct
    fields:
      z: {type: u32, doc: First., expect_offset: 0}
      a: VmPtr<u8>
      b: "[u8; 4]"
  U: {kind: union, fields: {b: u32, a: "[u8; 4]"}}
  E: {kind: enum, tag: u8, variants: {B: , A: 7, C: {doc: Last.}}}
  P: {kind: enum, tag: u8, variants: {B: u32, A: , C: {type: u8, value: 9}}}
  F: {kind: functions, functions: {g: "(a: u32)", f: {signature: "() -> u8", doc: It.}}}
  X:
    kind: context
    counts: [n]
    fields: {magic: u32, a: u32}
    regions:
      s: "[S; n]"
      f: {type: F, doc: Functions.}
"""
LISTS = """\
vmgen: 1
module: m
types:
  S:
    kind: struct
    fields:
      - z: {type: u32, doc: First., expect_offset: 0}
      - a: VmPtr<u8>
      - b: "[u8; 4]"
  U: {kind: union, fields: [b: u32, a: "[u8; 4]"]}
  E: {kind: enum, tag: u8, variants: [B, A: 7, C: {doc: Last.}]}
  P: {kind: enum, tag: u8, variants: [B: u32, A: , C: {type: u8, value: 9}]}
  F: {kind: functions, functions: [g: "(a: u32)", f: {signature: "() -> u8", doc: It.}]}
  X:
    kind: context
    counts: [n]
    fields: [magic: u32, a: u32]
    regions:
      - s: "[S; n]"
      - f: {type: F, doc: Functions.}
"""


def test_a_list_makes_the_same_files_as_a_mapping(tmp_path: Path) -> None:
    made = []
    for name, text in (("mappings", MAPPINGS), ("lists", LISTS)):
        folder = tmp_path / name
        folder.mkdir()
        schema = write_schema(folder, text)
        assert main(["build", str(schema), "-o", str(folder / "out")]) == 0
        files = sorted(p for p in (folder / "out").rglob("*") if p.is_file())
        made.append({p.name: p.read_text(encoding="utf-8") for p in files})
    assert len(made[0]) > 8
    assert made[0] == made[1]


def said(folder: Path, fields: str, key: str = "kind: struct, fields") -> str:
    return findings(write_schema(folder, f"types: {{A: {{{key}: {fields}}}}}"))


@pytest.mark.parametrize(
    ("fields", "message", "help"),
    [
        ("[base]", "expected a mapping with one key, the name of a field, found `base`", "write `- base: …`"),
        ("[{a: u8, doc: x}]", "expected a mapping with one key, the name of a field, found a mapping",
         "write `- a: {type: …, doc: …}`"),
        ("[{name: a, type: u8}]", "expected a mapping with one key, the name of a field, found a mapping",
         "the name is the key: write `- a: {type: …}`"),
        ("[a: u8, b: u8, a: u8]", "`a` is given twice in this list", "keep one of the two"),
    ],
)  # fmt: skip
def test_an_item_is_one_name_and_what_it_is(
    tmp_path: Path, fields: str, message: str, help: str
) -> None:
    lines = said(tmp_path, fields).splitlines()
    assert lines[0].partition("]: ")[2] == message
    assert lines[-1] == f"  = help: {help}"


def test_a_name_alone_is_a_variant_and_no_field(tmp_path: Path) -> None:
    assert said(tmp_path, "[A, B]", "kind: enum, tag: u8, variants") == ""
    assert "VM005" in said(tmp_path, "[a, b]")


@pytest.mark.parametrize(
    ("types", "found", "help"),
    [
        ("[{name: A, kind: opaque}]", "a mapping", "the name is the key: write `- A: {kind: …}`"),
        ("[VMMemory]", "`VMMemory`", "write `- VMMemory: …`"),
    ],
)  # fmt: skip
def test_types_in_a_list_have_their_names_as_members_do(
    tmp_path: Path, types: str, found: str, help: str
) -> None:
    lines = findings(write_schema(tmp_path, f"types: {types}")).splitlines()
    assert lines[0] == (
        "sample.vm.yaml:3:9: error[VM005]: expected a mapping with one key, the name of a "
        f"type, found {found}"
    )
    assert lines[-1] == f"  = help: {help}"


def test_types_and_constants_may_be_lists(tmp_path: Path) -> None:
    text = "constants: [C: {type: u8, value: 1}]\ntypes: [A: {kind: opaque}]"
    assert findings(write_schema(tmp_path, text)) == ""
