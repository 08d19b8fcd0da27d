"""`vmgen layout --version A --version B`: versions side by side, as targets are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import vmgen, write_schema

ENGINE = """
vmgen: 1
module: engine
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
versions: ["1.0.0..1.0.3", "2.0.0", "3.0.0"]
types:
  Store:
    kind: struct
    fields:
      - fuel: i64
      - limit: {type: usize, until: "2"}
      - epoch: {type: u64, since: "2"}
      - chain: VmPtr<u8>
      - limit: {type: "[usize; 2]", since: "2"}
  State: {kind: enum, tag: u32, variants: [Ready, {Running: {until: "3"}}, {Done: 2}, {Trapped: {value: 5, since: "2"}}]}
  Old: {kind: newtype, of: u32, until: "2"}
  Same: {kind: struct, fields: {x: u32}}
  Context:
    kind: context
    align: 16
    counts: [num_tags, num_funcs, {num_data: {since: "2"}}]
    fields: {store: VmPtr<Store>}
    regions:
      tags: "[u32; num_tags]"
      funcs:
        type: "[Pair; num_funcs]"
        align: [{is: none, until: "2"}]
        allow: {misaligned-region: [{is: so it was, until: "2"}]}
      data: {type: "[usize; num_data]", since: "2"}
  Pair: {kind: struct, fields: {a: usize, b: usize}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_schema(tmp_path, ENGINE, "engine.vm.yaml")
    return tmp_path


def shown(folder: Path, *words: str) -> str:
    ran = vmgen("layout", "engine.vm.yaml", *words, cwd=folder)
    assert (ran.code, ran.err) == (0, ""), ran.out
    return ran.out


def test_two_versions_stand_side_by_side(folder: Path) -> None:
    types = ("Store", "State", "Old", "Context")
    said = shown(folder, *types, "--version", "1.0.2", "--version", "2.0.0")
    assert said == """\
engine; * marks what differs
  A  1.0.2 on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint 51142f3245d6a704
  B  2.0.0 on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint c71161e42f50d589

struct Store
               A             B
    offset  size  offset  size
         0     8       0     8  fuel   i64
*                      8     8  epoch  u64
        16     8      16     8  chain  VmPtr<u8>
*        8     8      24    16  limit  usize | [usize; 2]
*             24            40  size
               8             8  align

enum State: u32
               A             B
    offset  size  offset  size
               4             4  size
               4             4  align
  0 = Ready
  1 = Running
  2 = Done
* 5 = Trapped  [B]

newtype Old: u32
               A             B
    offset  size  offset  size
*              4                size
*              4                align

context Context
               A             B
    offset  size  offset  size
         0     8       0     8  store  VmPtr<Store>
              16            16  align
  regions, where each begins
    tags = 8
      [u32; num_tags], 4 bytes each
  * funcs = tags + 4 * num_tags  [A]
  * funcs = align_up(tags + 4 * num_tags, 8)  [B]
      [Pair; num_funcs], 16 bytes each
      misaligned with num_tags = 1: funcs is at 12, 4 mod 8  [A]
      allowed: so it was
  * data = funcs + 16 * num_funcs  [B]
      [usize; num_data], 8 bytes each
  * size = funcs + 16 * num_funcs  [A]
  * size = data + 8 * num_data  [B]
    align_up(x, n) is x rounded up to a multiple of n
"""


def test_the_newest_version_is_shown_without_any(folder: Path) -> None:
    assert shown(folder, "Same") == """\
engine 3.0.0 on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint bfc660c2b9aef7a1

struct Same
    offset  size
         0     4  x  u32
  size 4, align 4; 1 field of 4 bytes; 1 cache line
"""


def test_json_says_which_version_it_is(folder: Path) -> None:
    found = json.loads(
        shown(folder, "Store", "--format", "json", "--version", "1.0.1", "--version", "3.0.0")
    )  # fmt: skip
    assert [(o["format"], o["module"], o["version"]) for o in found] == [
        (1, "engine", "1.0.1"),
        (1, "engine", "3.0.0"),
    ]
    assert [o["types"]["Store"]["size"] for o in found] == [24, 40]
    assert found[0]["fingerprint"] != found[1]["fingerprint"]


def test_json_leaves_out_what_is_the_same_in_all_versions(folder: Path) -> None:
    found = json.loads(
        shown(folder, "--format", "json", "--only-differences", "--version", "2.0.0",
              "--version", "1.0.1")
    )  # fmt: skip
    assert [sorted(o["types"]) for o in found] == [
        ["Context", "State", "Store"],
        ["Context", "Old", "State", "Store"],
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--version", "1.0.4"],
         "vmgen: engine.vm.yaml has no version `1.0.4`; the nearest are `1.0.3` and `2.0.0`\n"),
        (["--version", "1.0.0", "--only-differences"],
         "vmgen: --only-differences compares targets or versions; give --target or --version twice\n"),
    ],
)  # fmt: skip
def test_a_call_that_asks_for_no_such_thing_is_told_so(
    folder: Path, words: list[str], message: str
) -> None:
    ran = vmgen("layout", "engine.vm.yaml", *words, cwd=folder)
    assert (ran.code, ran.err) == (2, message)


OTHER_TARGETS = """
vmgen: 1
module: engine
versions: ["1.0", "2.0", "3.0"]
targets:
  - {is: [i686-unknown-linux-gnu], until: "2"}
  - {is: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu], versions: "2"}
  - {is: [x86_64-unknown-linux-gnu], since: "3"}
types:
  Store: {kind: struct, fields: {limit: usize}}
"""


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (["--version", "1.0", "--version", "2.0"], ["1.0 on i686", "2.0 on i686"]),
        (["--version", "2.0", "--version", "3.0"], ["2.0 on x86_64", "3.0 on x86_64"]),
        (["--version", "1.0", "--version", "3.0", "--target", "*"],
         ["1.0 on i686", "3.0 on x86_64"]),
        (["--version", "1.0", "--version", "3.0"],
         "vmgen: these versions have no target in common; name one of each by --target\n"),
        (["--version", "1.0", "--version", "3.0", "--target", "i686-*"],
         "vmgen: 3.0 has no target `i686-*`; name one of its own by --target, too\n"),
        (["--version", "1.0", "--version", "3.0", "--target", "avr-*"],
         "vmgen: the schema has no target `avr-*`; list it there under `targets`\n"),
    ],
)  # fmt: skip
def test_versions_are_shown_on_a_target_that_they_have(
    words: list[str], columns: list[str] | str, tmp_path: Path
) -> None:
    write_schema(tmp_path, OTHER_TARGETS, "engine.vm.yaml")
    ran = vmgen("layout", "engine.vm.yaml", "Store", *words, cwd=tmp_path)
    if isinstance(columns, str):
        assert (ran.code, ran.err) == (2, columns)
    else:
        shown_there = [line[5:] for line in ran.out.splitlines() if " on " in line]
        assert [line.partition("-")[0] for line in shown_there] == columns


RENAMED = """
vmgen: 1
module: engine
targets: [x86_64-unknown-linux-gnu]
versions: ["1.0", "2.0"]
types:
  - Store:
      kind: struct
      fields:
        - cap: {type: u32, was: {limit: "2"}}
        - limit: {type: u64, since: "2"}
  - Link: {kind: struct, was: {Chain: "2"}, fields: {next: Option<VmPtr<Store>>}}
  - State: {kind: enum, tag: u32, variants: [{Done: {was: {Ready: "2"}}}, Halted]}
  - Context:
      kind: context
      counts: [num_tags]
      regions:
        - tags: {type: "[u32; num_tags]", was: {low: "2"}}
        - low: {type: "[u32; num_tags]", since: "2"}
"""


def test_what_is_called_otherwise_is_one_row(tmp_path: Path) -> None:
    write_schema(tmp_path, RENAMED, "engine.vm.yaml")
    said = shown(tmp_path, "--version", "1.0", "--version", "2.0")
    assert said == """\
engine; * marks what differs
  A  1.0 on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint 724d9f3ca59c6716
  B  2.0 on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint 72dafcd682ebb8fe

struct Store
               A             B
    offset  size  offset  size
*        0     4       0     4  limit | cap  u32
*                      4     4  /* 4 bytes hole */
*                      8     8  limit        u64
*              4            16  size
*              4             8  align

struct Chain | Link
               A             B
    offset  size  offset  size
         0     8       0     8  next  Option<VmPtr<Store>>
               8             8  size
               8             8  align

enum State: u32
               A             B
    offset  size  offset  size
               4             4  size
               4             4  align
* 0 = Ready | Done
  1 = Halted

context Context
               A             B
    offset  size  offset  size
               4             4  align
  regions, where each begins
  * low = 0  [A]
  * tags = 0  [B]
      [u32; num_tags], 4 bytes each
  * low = tags + 4 * num_tags  [B]
      [u32; num_tags], 4 bytes each
    size = low + 4 * num_tags
"""


def test_the_older_version_may_stand_behind(tmp_path: Path) -> None:
    write_schema(tmp_path, RENAMED, "engine.vm.yaml")
    said = shown(tmp_path, "--version", "2.0", "--version", "1.0", "--only-differences")
    assert said == """\
engine; * marks what differs
  A  2.0 on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint 72dafcd682ebb8fe
  B  1.0 on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint 724d9f3ca59c6716

struct Store
               A             B
    offset  size  offset  size
*        0     4       0     4  cap | limit  u32
*        4     4                /* 4 bytes hole */
*        8     8                limit        u64
*             16             4  size
*              8             4  align

struct Link | Chain

enum State: u32
* 0 = Done | Ready

context Context
  regions, where each begins
  * tags = 0  [A]
  * low = 0  [B]
      [u32; num_tags], 4 bytes each
  * low = tags + 4 * num_tags  [A]
      [u32; num_tags], 4 bytes each
"""
