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

from tests.report.layout_texts import (
    NAME,
    ONE_TARGET,
    ONLY_DIFFERENCES,
    REVIEWED,
    SCHEMA,
    SIDE_BY_SIDE,
    WITH_COUNTS,
)
from tests.support import module_of, vmgen, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.show.columns import Column
from vmgen.show.table.table import table


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


def test_a_field_that_one_of_the_targets_lacks_has_a_line(tmp_path: Path) -> None:
    (tmp_path / "on.vm.yaml").write_text(
        "vmgen: 1\nmodule: on\ntargets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu]\n"
        "types:\n  T:\n    kind: struct\n    fields:\n"
        "      low: {type: u32, on: {endian: little}}\n"
        "      high: u32\n"
        "      low_behind: {type: u32, on: {endian: big}}\n"
    )
    targets = (*X64, "--target", "s390x-unknown-linux-gnu")
    ran = vmgen("layout", "on.vm.yaml", "T", *targets, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.split("\n\n", 1)[1] == (
        "struct T\n"
        "               A             B\n"
        "    offset  size  offset  size\n"
        "*        0     4                low         u32\n"
        "*        4     4       0     4  high        u32\n"
        "*                      4     4  low_behind  u32\n"
        "               8             8  size\n"
        "               4             4  align\n"
    )


def test_only_what_differs(folder: Path) -> None:
    out = shown(folder, "--target", "i686-*", "--only-differences")
    assert out == ONLY_DIFFERENCES


def test_differences_of_one_target_are_no_question(folder: Path) -> None:
    ran = vmgen("layout", NAME, "--only-differences", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "vmgen: --only-differences compares targets or versions; give --target or "
        "--version twice\n"
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


UNION = """\
demo; * marks what differs
  A  x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint b3e16e524181d3c5
  B  i686-unknown-linux-gnu (32-bit, little-endian), fingerprint ada28ec81a2b9bb8

union Odd
               A             B
    offset  size  offset  size
         0     9       0     9  large  [u8; 9]
*        9     7       9     3  /* tail padding */
*        0     8       0     4  word   usize
*             16            12  size
*              8             4  align
"""


def test_padding_of_a_union_is_at_its_end_whichever_is_its_longest(
    tmp_path: Path,
) -> None:
    types = "types:\n  Odd: {kind: union, fields: {large: '[u8; 9]', word: usize}}\n"
    write_schema(tmp_path, SCHEMA.replace("types:\n", types, 1), NAME)
    assert shown(tmp_path, "Odd", *X64, *I686) == UNION
    assert "         9     7  /* 7 bytes tail padding */\n" in shown(tmp_path, "Odd")


def rendered(folder: Path, *names: str, **choices: object) -> str:
    module = module_of(folder, SCHEMA)
    layouts = Layouts(module)
    given: dict[str, object] = {"only_differences": False, "colour": False, **choices}
    return table([Column(layouts, module.targets[0])], names, None, **given)  # type: ignore[arg-type]


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
    fingerprints = before.index("fingerprints")
    for line in range(fingerprints + 1, fingerprints + 4):
        assert before[line][:18] != after[line][:18]
        assert before[line][18:] == after[line][18:]
        before[line] = after[line] = ""
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


def test_places_in_the_schema_change_nothing(tmp_path: Path) -> None:
    """Comments, the order of types and constants, and the file that a type is in."""
    before = built(tmp_path, SCHEMA)
    head, types = SCHEMA.split("types:\n")
    first, rest = types.split("  Bits:")
    write_schema(tmp_path, f"vmgen: 1\ntypes:\n{first}", "part.vm.yaml")
    head = head.replace("module: demo\n", "module: demo\ninclude: [part.vm.yaml]\n\n")
    magic, limit = head.splitlines(keepends=True)[-2:]
    head = head.replace(magic + limit, limit + magic)
    assert built(tmp_path, f"# Moved.\n{head}types:\n  Bits:{rest}") == before


TWO_BYTE_ORDERS = """\
vmgen: 1
module: demo
targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu, aarch64-apple-darwin,
  aarch64_be-unknown-linux-gnu, armv7-unknown-linux-gnueabihf, i686-pc-windows-msvc]
types:
  Word: {kind: struct, fields: {it: usize}}
"""


def test_classes_with_the_same_numbers_share_a_fingerprint(tmp_path: Path) -> None:
    lines = built(tmp_path, TWO_BYTE_ORDERS)
    start = lines.index("fingerprints") + 1
    shown = [line.split("  ") for line in lines[start : lines.index("", start)]]
    assert [(endian, classes) for _, _, endian, classes in shown] == [
        ("little-endian", "64"),
        ("big-endian", "64, 64-u128a8"),
        ("little-endian", "32-u128a8, 32"),
    ]
    described = json.loads(
        vmgen("layout", NAME, "--target", "*", "--format", "json", cwd=tmp_path).out
    )
    by_target = {one["target"]: one["fingerprint"] for one in described}
    assert [fingerprint for _, fingerprint, _, _ in shown] == [
        by_target["x86_64-unknown-linux-gnu"],
        by_target["s390x-unknown-linux-gnu"],
        by_target["i686-pc-windows-msvc"],
    ]
    assert len(set(by_target.values())) == 3


BASE = """\
vmgen: 1
module: base
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
constants: {LENGTH: {type: u32, value: 3}, OTHER: {type: u8, value: 1}}
types:
  Hidden: {kind: opaque}
  Inner: {kind: struct, fields: {it: usize}}
  Pair: {kind: struct, fields: {a: Inner, b: u8}}
"""
USES_BASE = """\
vmgen: 1
module: user
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
uses: [base.vm.yaml]
constants: {OWN: {type: u8, value: 7}}
types:
  Holder: {kind: struct, fields: {pairs: "[Pair; 3]", to: VmPtr<Hidden>,
    magic: {type: u32, value: LENGTH}}}
"""


def test_what_another_module_declares_is_named_and_not_repeated(tmp_path: Path) -> None:
    write_schema(tmp_path, BASE, "base.vm.yaml")
    write_schema(tmp_path, USES_BASE, "user.vm.yaml")
    names = ["base.vm.yaml", "user.vm.yaml"]
    ran = vmgen("build", *names, "-o", "out", "--lang", "layout", cwd=tmp_path)
    assert ran.code == 0, ran.out
    lines = (tmp_path / "out" / "layout" / "user.txt").read_text().splitlines()
    assert lines[lines.index("uses base") :] == [
        "uses base",
        "  Hidden, LENGTH, Pair",
        "",
        "constants",
        "  OWN: u8 = 7",
        "",
        "struct Holder",
        "  64        32",
        "  64/8      32/4      size/align",
        "  0+48      0+24      pairs: [Pair; 3]",
        "  48+8      24+4      to: VmPtr<Hidden>",
        "  56+4      28+4      magic: u32 = LENGTH",
        "  60+4      .         (padding)",
    ]


ELSEWHERE = """\
vmgen: 1
module: demo
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
types:
  Other: {kind: foreign, rust: "elsewhere::Other", size: {64: 24, 32: 12}, align: 4}
  Unnamed: {kind: foreign, size: 1, align: 1}
"""


def test_a_foreign_type_says_where_it_is_from(tmp_path: Path) -> None:
    lines = built(tmp_path, ELSEWHERE)
    assert lines[lines.index("foreign Other: elsewhere::Other") :] == [
        "foreign Other: elsewhere::Other",
        "  64        32",
        "  24/4      12/4      size/align",
        "",
        "foreign Unnamed",
        "  all",
        "  1/1       size/align",
    ]
