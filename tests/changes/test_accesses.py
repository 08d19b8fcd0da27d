"""What compiled code may take for granted: what is taken back, and what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
vmgen: 1
module: t
targets: [x86_64-unknown-linux-gnu]
types:
"""


def told(folder: Path, old: str, new: str) -> list[str]:
    """The first line of each finding, without its place."""
    write_schema(folder, HEAD + old, "old.vm.yaml")
    write_schema(folder, HEAD + new, "new.vm.yaml")
    ran = vmgen("diff", "old.vm.yaml", "new.vm.yaml", cwd=folder)
    assert ran.err == ""
    return [
        line.partition(": ")[2]
        for line in ran.out.splitlines()
        if line.startswith("new.vm.yaml:")
    ]


def pair(words: str) -> str:
    return (
        f"  A: {{kind: struct, fields: {{x: {{type: u32{words}}}}}}}\n"
        "  B: {kind: struct, fields: {y: u32}}\n"
    )


def field(type: str, words: str) -> str:
    return f"  A: {{kind: struct, fields: {{x: {{type: {type}{words}}}}}}}\n"


JOINED = "error[VM414]: `A.x` can be the same bytes as `B.y`"
PARTED = "note[VM484]: `A.x` is never the same bytes as `B.y`"


def test_bytes_that_can_be_the_same_break_code(tmp_path: Path) -> None:
    assert told(tmp_path, pair(""), pair(", alias: B.y")) == [JOINED]
    assert told(tmp_path, pair(", alias: B.y"), pair("")) == [PARTED]


def test_a_name_joins_what_has_it(tmp_path: Path) -> None:
    both = pair(", alias: cells").replace("y: u32", "y: {type: u32, alias: cells}")
    named = pair("").replace("y: u32", "y: {type: u32, alias: cells}")
    assert told(tmp_path, named, both) == [JOINED]
    other = both.replace("cells", "words")
    assert told(tmp_path, both, other) == [
        "note[VM481]: `A.x` is in the alias region `words`",
        "note[VM481]: `B.y` is in the alias region `words`",
    ]


def test_a_renamed_record_is_in_its_region_still(tmp_path: Path) -> None:
    old = pair(", alias: B.y")
    new = old.replace("B.y", "C.y").replace("  B: {", "  C: {was: B, ")
    assert told(tmp_path, old, new) == ["error[VM441]: `B` is called `C`"]


def test_a_renamed_part_is_in_its_region_still(tmp_path: Path) -> None:
    old = pair(", alias: B.y").replace("y: u32", "y: u32, w: {type: u32, alias: B.y}")
    new = old.replace("B.y", "B.z").replace("y: u32", "z: {type: u32, was: y}")
    assert told(tmp_path, old, new) == ["error[VM441]: `B.y` is called `z`"]
    alone = new.replace("x: {type: u32, alias: B.z}", "x: u32")
    assert told(tmp_path, old, alone) == [
        "note[VM484]: `A.x` is never the same bytes as `B.w` and `B.z`",
        "error[VM441]: `B.y` is called `z`",
    ]


@pytest.mark.parametrize(
    ("type", "old", "new", "there", "back"),
    [
        (
            '"[u32; 2]"',
            "",
            ", alias: {indexed: true}",
            "note[VM484]: elements of `A.x` are alias regions of their own",
            "error[VM414]: elements of `A.x` are in one alias region",
        ),
        (
            "AtomicU64",
            "",
            ", atomic: relaxed",
            "note[VM484]: `A.x` may be loaded and stored `relaxed` instead of `seq_cst`",
            "error[VM414]: `A.x` has to be loaded and stored `seq_cst`, and not `relaxed`",
        ),
        (
            "u32",
            "",
            ", atomic: relaxed",
            "error[VM416]: `A.x` is loaded and stored atomically",
            "error[VM416]: `A.x` is no longer atomic",
        ),
        (
            "VmPtr<u64>",
            "",
            ", points_to: {bytes: 8}",
            "note[VM484]: what `A.x` points to has 8 bytes for certain",
            "error[VM414]: what `A.x` points to has no bytes for certain, and not 8 bytes",
        ),
        (
            "VmPtr<u8>",
            ", points_to: {bytes: 8}",
            ", points_to: {bytes: 16}",
            "note[VM484]: what `A.x` points to has 16 bytes for certain",
            "error[VM414]: what `A.x` points to has 8 bytes for certain, and not 16 bytes",
        ),
        (
            "VmPtr<u8>",
            ", points_to: {alias: page}",
            ", points_to: {alias: page, access: [readonly]}",
            "note[VM484]: what `A.x` points to is `readonly`",
            "error[VM414]: what `A.x` points to isn't `readonly` any more",
        ),
        (
            "VmPtr<AtomicU64>",
            ", points_to: {atomic: acquire_release}",
            ", points_to: {atomic: relaxed}",
            "note[VM484]: what `A.x` points to may be loaded and stored `relaxed` instead "
            "of `acquire_release`",
            "error[VM414]: what `A.x` points to has to be loaded and stored "
            "`acquire_release`, and not `relaxed`",
        ),
    ],
)
def test_what_is_promised_and_what_is_taken_back(
    tmp_path: Path, type: str, old: str, new: str, there: str, back: str
) -> None:
    assert told(tmp_path, field(type, old), field(type, new)) == [there]
    assert told(tmp_path, field(type, new), field(type, old)) == [back]


def test_an_atomic_type_is_told_once(tmp_path: Path) -> None:
    old, new = field("u64", ""), field("AtomicU64", ", atomic: relaxed")
    assert told(tmp_path, old, new) == [
        "error[VM416]: `A.x` is `AtomicU64` instead of `u64`"
    ]


def test_what_a_table_promises_is_compared(tmp_path: Path) -> None:
    old = "  T: {kind: functions, access: [readonly], functions: {f: '()'}}\n"
    new = "  T: {kind: functions, functions: {f: '()'}}\n"
    assert told(tmp_path, old, new) == [
        "error[VM414]: a slot of `T` isn't `readonly` any more"
    ]
    assert told(tmp_path, new, old) == ["note[VM484]: a slot of `T` is `readonly`"]
