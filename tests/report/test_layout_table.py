"""`vmgen layout` as text, and the table of layouts that `vmgen build` writes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import module_of, vmgen, write_schema
from vmgen.layout.describe import describe
from vmgen.layout.records import Layouts
from vmgen.report.layout_table import tables

NAME = "demo.vm.yaml"
SCHEMA = """
vmgen: 1
module: demo
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, i686-pc-windows-msvc]
constants:
  MAGIC: {type: u32, bytes: demo}
  LIMIT: {type: u16, value: 7}
types:
  Tag: {kind: newtype, of: u32}
  State: {kind: enum, tag: u8, variants: {Idle: 0, Busy: 4}}
  Value: {kind: enum, tag: u32, variants: {Nothing: null, Some: u64}}
  Hidden: {kind: opaque}
  Bits: {kind: union, fields: {brief: u16, large: "[u8; 5]"}}
  Calls: {kind: functions, functions: {grow: "(by: u32) -> bool", stop: "()"}}
  Func:
    kind: struct
    fields:
      code: {type: VmPtr<u8>, access: [readonly]}
      tag: Tag
      hidden: Option<VmPtr<Hidden>>
      counters: "[u64; 6]"
      last: u8
  Context:
    kind: context
    align: 16
    counts: [num_tags, num_funcs]
    flags: [has_start]
    fields:
      magic: {type: u32, value: MAGIC}
      func: VmPtr<Func>
    regions:
      tags: "[Tag; num_tags]"
      funcs:
        type: "[Func; num_funcs]"
        align: none
        allow: {misaligned-region: as it has always been}
      start: {type: Tag, when: has_start}
"""

ONE_TARGET = """\
demo on x86_64-unknown-linux-gnu (64-bit, little-endian)

newtype Tag: u32
  size 4, align 4

enum State: u8
  0 = Idle
  4 = Busy
  size 1, align 1

enum Value: u32
    offset  size
         0     4  tag      u32
         4     4  /* 4 bytes hole */
         8     8  payload  ValuePayload
  0 = Nothing
  1 = Some(u64)
  size 16, align 8; 2 fields of 12 bytes; 1 hole of 4 bytes; 1 cache line

opaque Hidden
  known by its address only

union Bits
    offset  size
         0     2  brief  u16
         0     5  large  [u8; 5]
         5     1  /* 1 byte tail padding */
  size 6, align 2; 2 members; tail padding of 1 byte; 1 cache line

functions Calls
    offset  size
         0     8  grow  fn(by: u32) -> bool
         8     8  stop  fn()
  size 16, align 8; 2 slots of 16 bytes; 1 cache line

struct Func
    offset  size
         0     8  code      VmPtr<u8>
         8     4  tag       Tag
        12     4  /* 4 bytes hole */
        16     8  hidden    Option<VmPtr<Hidden>>
        24    48  counters  [u64; 6]
                  /* --- cacheline 1 boundary (64 bytes) was 8 bytes ago --- */
        72     1  last      u8
        73     7  /* 7 bytes tail padding */
  size 80, align 8; 5 fields of 69 bytes; 1 hole of 4 bytes; tail padding of 7 bytes; \
2 cache lines

context Context
    offset  size
         0     4  magic  u32
         4     4  /* 4 bytes hole */
         8     8  func   VmPtr<Func>
  regions, where each begins
    tags = 16
      [Tag; num_tags], 4 bytes each
    funcs = tags + 4 * num_tags
      [Func; num_funcs], 80 bytes each
      misaligned with num_tags = 1: funcs is at 20, 4 mod 8
      allowed: as it has always been
    start = funcs + 80 * num_funcs
      Tag, 4 bytes, if has_start
    size = start + 4 * has_start
  align 16; 2 fields of 12 bytes; 1 hole of 4 bytes
"""

WITH_COUNTS = """\
demo on x86_64-unknown-linux-gnu (64-bit, little-endian)

context Context
    offset  size
         0     4  magic  u32
         4     4  /* 4 bytes hole */
         8     8  func   VmPtr<Func>
        16    12  tags   [Tag; 3]
        28    80  funcs  [Func; 1]
                  /* misaligned: it begins at 4 mod 8 */
                  /* --- cacheline 1 boundary (64 bytes) was 44 bytes ago --- */
       108     0  start  [Tag; 0]
  size 108, align 16; 5 fields of 104 bytes; 1 hole of 4 bytes; 2 cache lines
"""

SIDE_BY_SIDE = """\
demo; * marks what differs
  A  x86_64-unknown-linux-gnu (64-bit, little-endian)
  B  i686-unknown-linux-gnu (32-bit, little-endian)

struct Func
               A             B
    offset  size  offset  size
*        0     8       0     4  code      VmPtr<u8>
*        8     4       4     4  tag       Tag
*       12     4                /* 4 bytes hole */
*       16     8       8     4  hidden    Option<VmPtr<Hidden>>
*       24    48      12    48  counters  [u64; 6]
*       72     1      60     1  last      u8
*       73     7      61     3  /* tail padding */
*             80            64  size
*              8             4  align

context Context
               A             B
    offset  size  offset  size
         0     4       0     4  magic  u32
*        4     4                /* 4 bytes hole */
*        8     8       4     4  func   VmPtr<Func>
              16            16  align
  regions, where each begins
  * tags = 16  [A]
  * tags = 8  [B]
      [Tag; num_tags], 4 bytes each
    funcs = tags + 4 * num_tags
      [Func; num_funcs], 80 or 64 bytes each
      misaligned with num_tags = 1: funcs is at 20, 4 mod 8  [A]
      allowed: as it has always been
  * start = funcs + 80 * num_funcs  [A]
  * start = funcs + 64 * num_funcs  [B]
      Tag, 4 bytes, if has_start
    size = start + 4 * has_start
"""

ONLY_DIFFERENCES = """\
demo; * marks what differs
  A  i686-unknown-linux-gnu (32-bit, little-endian)
  B  i686-pc-windows-msvc (32-bit, little-endian)

enum Value: u32
               A             B
    offset  size  offset  size
*                      4     4  /* 4 bytes hole */
*        4     8       8     8  payload  ValuePayload
*             12            16  size
*              4             8  align

struct Func
               A             B
    offset  size  offset  size
*                     12     4  /* 4 bytes hole */
*       12    48      16    48  counters  [u64; 6]
*       60     1      64     1  last      u8
*       61     3      65     7  /* tail padding */
*             64            72  size
*              4             8  align

context Context
  regions, where each begins
    funcs = tags + 4 * num_tags
      [Func; num_funcs], 64 or 72 bytes each
      misaligned with num_tags = 1: funcs is at 12, 4 mod 8  [B]
      allowed: as it has always been
  * start = funcs + 64 * num_funcs  [A]
  * start = funcs + 72 * num_funcs  [B]
      Tag, 4 bytes, if has_start

5 of 8 types are the same on all of these targets
"""

REVIEWED = """\
# @generated by vmgen from demo.vm.yaml. Do not edit.
# Remake it with: vmgen build demo.vm.yaml
#
# `16+4` is a part at offset 16 with 4 bytes, `24/8` a record of 24 bytes aligned to 8.
# A column is for the layout classes named above it; a bare width, as `64`, is for all
# classes of that width that no other column of the type names, `all` for all there are.

class 64
  alignments: pointer 8, u16 2, u32 4, u64 8, u128 16, f32 4, f64 8
  targets: x86_64-unknown-linux-gnu

class 32-u64a4-f64a4
  alignments: pointer 4, u16 2, u32 4, u64 4, u128 16, f32 4, f64 4
  targets: i686-unknown-linux-gnu

class 32
  alignments: pointer 4, u16 2, u32 4, u64 8, u128 16, f32 4, f64 8
  targets: i686-pc-windows-msvc

constants
  MAGIC: u32 = 0x6f6d6564
  LIMIT: u16 = 7

newtype Tag: u32
  all
  4/4       size/align

enum State: u8
  all
  1/1       size/align
  0 = Idle
  4 = Busy

enum Value: u32
  64+32     32-u64a4-f64a4
  16/8      12/4      size/align
  0+4       0+4       tag: u32
  4+4       .         (padding)
  8+8       4+8       payload
  0 = Nothing
  1 = Some(u64)

opaque Hidden

union Bits
  all
  6/2       size/align
  0+2       brief: u16
  0+5       large: [u8; 5]
  5+1       (padding)

functions Calls
  64        32
  16/8      8/4       size/align
  0+8       0+4       grow: fn(by: u32) -> bool
  8+8       4+4       stop: fn()

struct Func
  64        32-u64a4-f64a4
  |         |         32
  80/8      64/4      72/8      size/align
  0+8       0+4       0+4       code: VmPtr<u8> readonly
  8+4       4+4       4+4       tag: Tag
  12+4      .         .         (padding)
  16+8      8+4       8+4       hidden: Option<VmPtr<Hidden>>
  .         .         12+4      (padding)
  24+48     12+48     16+48     counters: [u64; 6]
  72+1      60+1      64+1      last: u8
  73+7      61+3      65+7      (padding)

context Context
  64        32
  /16       /16       align
  0+4       0+4       magic: u32 = MAGIC
  4+4       .         (padding)
  8+8       4+4       func: VmPtr<Func>
  region tags: [Tag; num_tags]
  region funcs: [Func; num_funcs]
  region start: Tag when has_start
  offsets on 64
    tags = 16
    funcs = tags + 4 * num_tags
    start = funcs + 80 * num_funcs
    size = start + 4 * has_start
    misaligned with num_tags = 1: funcs is at 20, 4 mod 8
  offsets on 32-u64a4-f64a4
    tags = 8
    funcs = tags + 4 * num_tags
    start = funcs + 64 * num_funcs
    size = start + 4 * has_start
  offsets on 32
    tags = 8
    funcs = tags + 4 * num_tags
    start = funcs + 72 * num_funcs
    size = start + 4 * has_start
    misaligned with num_tags = 1: funcs is at 12, 4 mod 8
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_schema(tmp_path, SCHEMA, NAME)
    return tmp_path


def shown(folder: Path, *arguments: str) -> str:
    ran = vmgen("layout", NAME, *arguments, cwd=folder)
    assert (ran.code, ran.err) == (0, ""), ran.out
    return ran.out


X64 = ("--target", "x86_64-unknown-linux-gnu")
I686 = ("--target", "i686-unknown-linux-gnu")


def test_one_target(folder: Path) -> None:
    assert shown(folder) == ONE_TARGET


def test_counts_make_a_context_concrete(folder: Path) -> None:
    counts = ("--set", "num_tags=3", "--set", "num_funcs=1")
    assert shown(folder, "Context", *counts) == WITH_COUNTS


def test_targets_side_by_side(folder: Path) -> None:
    assert shown(folder, "Func", "Context", *X64, *I686) == SIDE_BY_SIDE


def test_only_what_differs(folder: Path) -> None:
    out = shown(folder, "--target", "i686-*", "--only-differences")
    assert out == ONLY_DIFFERENCES


def test_differences_of_one_target_are_no_question(folder: Path) -> None:
    ran = vmgen("layout", NAME, "--only-differences", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "vmgen: --only-differences compares targets; give --target twice\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Funk",), "the schema has no type `Funk`, did you mean `Func`?"),
        (("--set", "num_tag=1"), "no count is named `num_tag`, did you mean"),
        (("--set", "num_tags"), "--set takes COUNT=N, as num_tags=3; found `num_tags`"),
        (("--set", "num_tags=-1"), "--set takes COUNT=N"),
        (("--set", "num_tags=4294967296"), "`num_tags` is at most 4294967295"),
        (("--set", "has_start=2"), "`has_start` is at most 1"),
        (("--set", "num_funcs=4294967295"), "with these counts an offset overflows"),
        (("--target", "x86_64-pc-windows-msvc"), "the schema has no target"),
        (("--target", "avr-*"), "the schema has no target `avr-*`"),
    ],
)
def test_a_wrong_question_is_told(
    folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    ran = vmgen("layout", NAME, *arguments, cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_text_and_json_have_the_same_numbers(folder: Path) -> None:
    (described,) = json.loads(shown(folder, "Func", "--format", "json"))
    assert described["types"]["Func"] == {
        "kind": "struct",
        "size": 80,
        "align": 8,
        "fields": [
            {"name": n, "type": t, "offset": o, "size": s, "align": a}
            for n, t, o, s, a in (
                ("code", "VmPtr<u8>", 0, 8, 8),
                ("tag", "Tag", 8, 4, 4),
                ("hidden", "Option<VmPtr<Hidden>>", 16, 8, 8),
                ("counters", "[u64; 6]", 24, 48, 8),
                ("last", "u8", 72, 1, 1),
            )
        ],
    }


def rendered(folder: Path, *names: str, **choices: object) -> str:
    module = module_of(folder, SCHEMA)
    layouts = Layouts(module)
    described = [describe(layouts, module.targets[0], names, {})]
    given: dict[str, object] = {
        "concrete": False,
        "only_differences": False,
        "colour": False,
        **choices,
    }
    return tables(described, layouts, **given)  # type: ignore[arg-type]


def test_a_narrow_terminal_cuts_types(tmp_path: Path) -> None:
    lines = rendered(tmp_path, "Func", width=40).splitlines()
    assert lines[4] == "         0     8  code      VmPtr<u8>"
    assert lines[7] == "        16     8  hidden    Option<Vm..."
    assert max(len(line) for line in lines[4:8]) == 40


def test_colour_marks_holes_and_misaligned_regions(tmp_path: Path) -> None:
    text = rendered(tmp_path, "Func", "Context", colour=True)
    assert "\x1b[1;33m/* 4 bytes hole */\x1b[0m" in text
    assert "\x1b[1;31m      misaligned with num_tags = 1" in text


def on_a_terminal(folder: Path, *arguments: str, columns: int) -> str:
    """What a terminal of that width gets."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
    ours, theirs = pty.openpty()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NO_COLOR", "FORCE_COLOR", "TERM")
    }
    with subprocess.Popen(
        [sys.executable, "-m", "vmgen", "layout", NAME, *arguments],
        cwd=folder,
        env={**environment, "COLUMNS": str(columns), "TERM": "xterm"},
        stdout=theirs,
        stdin=subprocess.DEVNULL,
    ):
        os.close(theirs)
        text = b""
        with contextlib.suppress(OSError):  # Linux says so at the end.
            while chunk := os.read(ours, 4096):
                text += chunk
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colour_and_lines_that_fit(folder: Path) -> None:
    text = on_a_terminal(folder, "Func", columns=40)
    assert "\x1b[1;33m/* 4 bytes hole */\x1b[0m" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == rendered(folder, "Func", width=40)


def test_the_reviewed_table(folder: Path) -> None:
    ran = vmgen("build", NAME, "-o", "out", "--lang", "layout", cwd=folder)
    assert (ran.code, ran.err) == (0, ""), ran.out
    assert (folder / "out" / "layout" / "demo.txt").read_text() == REVIEWED


def built(folder: Path, text: str) -> list[str]:
    write_schema(folder, text, NAME)
    ran = vmgen("build", NAME, "-o", "out", "--lang", "layout", cwd=folder)
    assert ran.code == 0, ran.out
    return (folder / "out" / "layout" / "demo.txt").read_text().splitlines()


def test_a_wider_field_changes_only_the_lines_of_what_moves(tmp_path: Path) -> None:
    before = built(tmp_path, SCHEMA)
    after = built(tmp_path, SCHEMA.replace('"[u8; 5]"', '"[u8; 7]"'))
    assert [line for line in before if line not in after] == [
        "  6/2       size/align",
        "  0+5       large: [u8; 5]",
        "  5+1       (padding)",
    ]
    assert [line for line in after if line not in before] == [
        "  8/2       size/align",
        "  0+7       large: [u8; 7]",
        "  7+1       (padding)",
    ]


def test_another_stride_changes_one_formula(tmp_path: Path) -> None:
    text = SCHEMA.replace("last: u8", "last: '[u8; 9]'")
    before, after = built(tmp_path, SCHEMA), built(tmp_path, text)
    moved = [line for line in after if line not in before and "num_funcs" in line]
    assert moved == ["    start = funcs + 88 * num_funcs"]
