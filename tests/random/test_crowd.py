"""The tests of random schemas would notice: each judge, and the crowd itself."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.random import code_judges, judges, owner_judges, strategies, target_judges
from tests.random.crowd import Crowd, Judge, Member, Walk
from vmgen.build.pipeline import Checked
from vmgen.layout.layouts import Layouts
from vmgen.schema.model import ModelTarget
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("random")

SCHEMA = {
    "vmgen": 1,
    "module": "random",
    "targets": [*strategies.HOSTS, "i686-unknown-linux-gnu", "avr-none"],
    "types": {
        "ZqPair": {"kind": "struct", "fields": {"first": "u32", "second": "u32"}},
        "ZqContext": {
            "kind": "context",
            "align": 8,
            "counts": ["num_a", "num_b"],
            "fields": {"a": "u32", "b": "u32"},
            "regions": {
                "pairs": "[ZqPair; num_a]",
                "words": "[u64; num_b]",
                "last": "u64",
            },
        },
    },
}
SCHEMAS = [{**SCHEMA, "doc": word} for word in ("one", "two", "three")]

DAMAGES: dict[str, tuple[Judge, str, str, str]] = {
    "gcc": (judges.gcc, "c/r1.h", r"    uint32_t first;\n", ""),
    "g++": (judges.gpp, "c/r1.h", r"    uint32_t first;\n", ""),
    "rustc": (judges.rustc, "rust/src/r1.rs", "pub first: u32", "pub first: u64"),
    "rustc of 2024": (
        judges.rustc_2024, "rust/src/r1.rs", "pub first: u32", "pub first: u64"
    ),
    "rustfmt": (judges.rustfmt, "rust/src/r1.rs", "pub first: ", "pub first:  "),
    "rustfmt of offsets": (
        judges.rustfmt, "rust/src/r1_offsets.rs", "pub enum ", "pub  enum "
    ),
    "with a prefix": (owner_judges.beside, "c/r1.h", r"    uint32_t first;\n", ""),
    "owners": (owner_judges.owners, "c/r1.h", r"uint32_t first;", "uint64_t first;"),
    "ctypes": (judges.ctypes, "python/r1.py", r"\(8, 4, 0, 4\)", "(8, 4, 0, 8)"),
    "black": (judges.black, "python/r1.py", "first: int", "first:int"),
    "ruff": (judges.ruff, "python/r1.py", r"\Z", "import os\n"),
    "mypy": (judges.mypy, "python/r1.py", "first: int", "first: nothing"),
    "contexts in C": (
        code_judges.contexts, "c/r1.h", r"(begin.last = .*)end", r"\1end + 1"
    ),
    "contexts in Rust": (
        code_judges.contexts, "rust/src/r1_offsets.rs", r"\*end as u32", "*end as u32 + 1"
    ),
    "contexts in Python": (
        code_judges.contexts, "python/r1.py", r'(\("pairs", .*), "num_a"', r'\1, "num_b"'
    ),
    "clang on another target": (
        target_judges.clang, "c/r1.h", r"(VMGEN_RECORDS\(\w+, )8", r"\1sizeof(void *)"
    ),
    "gcc for i386": (
        target_judges.gcc_i386, "c/r1.h", r"(VMGEN_RECORDS\(\w+, )8", r"\1sizeof(void *)"
    ),
    "rustc on another target": (
        target_judges.rustc_elsewhere,
        "rust/src/r1.rs",
        "pub first: u32",
        "pub first: u64",
    ),
    "columns of Python": (
        target_judges.python_columns, "python/r1.py", r"\(8, 1, 0, 4\)", "(8, 2, 0, 4)"
    ),
    "values": (
        code_judges.values,
        "python/r1.py",
        r'"first", "u32",\n *"second"',
        '"second", "u32", "first"',
    ),
}  # fmt: skip
"""By judge: a file, what is changed in it, and into what."""


@pytest.fixture
def crowd(tmp_path: Path) -> Crowd:
    made = Walk(st.sampled_from(SCHEMAS), 2, start=1).gather(tmp_path)
    assert made.names[:2] == ["r0", "r1"]
    return made


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_judge_notices_what_is_wrong_and_with_whom(crowd: Crowd, damage: str) -> None:
    judge, file, pattern, instead = DAMAGES[damage]
    path = crowd.bindings / file
    text, changes = re.subn(pattern, instead, path.read_text(encoding="utf-8"), count=1)
    assert changes == 1
    path.write_text(text, encoding="utf-8")
    assert "r1" in judge(crowd)
    if judge not in (judges.rustc, judges.rustc_2024):
        # A type in Rust is in two files, of which the other is in order.
        assert list(judge(crowd)) == ["r1"]


def test_rustc_notices_a_wrong_engine_on_another_target(crowd: Crowd) -> None:
    member = crowd.members[1]
    wrong = replace(TARGETS["i686-unknown-linux-gnu"].model, align_u64=8)
    others = [t for t in member.module.targets if t.name in strategies.HOSTS]
    targets = (*others, ModelTarget("i686-unknown-linux-gnu", wrong))
    module = replace(member.module, targets=targets)
    checked = Checked(module, Layouts(module))
    crowd.members[1] = Member(member.key, member.name, member.text, checked)
    said = target_judges.rustc_layouts(crowd)
    assert list(said) == ["r1"]
    assert said["r1"].startswith("i686-unknown-linux-gnu: Disagreement(")


def test_too_few_accepted_schemas_are_a_failure(tmp_path: Path) -> None:
    refused = {**SCHEMA, "targets": ["x86_64-unknown-nothing"]}
    mixed = st.sampled_from([*SCHEMAS, refused])
    with pytest.raises(AssertionError, match=r"\b3 of 4 schemas were accepted"):
        Walk(mixed, 4, start=1).gather(tmp_path)


def test_what_is_at_fault_is_shrunk_to_the_smallest_schema(tmp_path: Path) -> None:
    def dislikes_unions(crowd: Crowd) -> dict[str, str]:
        return {m.name: "a union" for m in crowd.members if '"kind": "union"' in m.text}

    walk = Walk(strategies.schemas(allowed=True), 40, start=3)
    crowd = walk.gather(tmp_path)
    with pytest.raises(pytest.fail.Exception) as caught:
        walk.hold(crowd, dislikes_unions)
    text = str(caught.value).partition("\n\n")[0]
    smallest = json.loads(text)
    (declared,) = smallest["types"].values()
    assert declared == {"kind": "union", "fields": {"a": "u8"}}


def test_the_second_walk_meets_the_schemas_of_the_first(tmp_path: Path) -> None:
    walk = Walk(strategies.schemas(allowed=True), 20, start=5)
    first = [member.key for member in walk.gather(tmp_path).members]
    assert [member.key for member in walk.gather(tmp_path).members] == first
