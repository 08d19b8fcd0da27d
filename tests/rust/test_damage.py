"""A number that is changed by hand, whichever target's it is, stops every compiler."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import check, texts_of, write
from tests.support import ROOT, module_of, proving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = """\
    targets:
      - x86_64-unknown-linux-gnu
      - i686-unknown-linux-gnu
      - i686-pc-windows-msvc
      - avr-none
    types:
      Leaf: {kind: newtype, of: u64}
      Holder:
        kind: struct
        fields: {base: VmPtr<u8>, count: u64, leaves: "[Leaf; 12]", last: u16}
      Word: {kind: union, fields: {wide: u64, near: usize}}
      Choice: {kind: enum, tag: u32, variants: {Leaf: Leaf, Wide: u64}}
      State: {kind: enum, tag: u16, variants: {Idle: , Busy: }}
      Calls: {kind: functions, functions: {go: "(a: usize) -> u32", stop: ()}}
      Elsewhere: {kind: foreign, size: {64: 24, 32: 12, 16: 6}, align: {64: 8, 32: 4, 16: 1}}
      Frame:
        kind: context
        counts: [num_leaves, num_cells]
        fields: {first: u32, second: VmPtr<Holder>}
        regions: {leaves: "[Leaf; num_leaves]", holders: "[Holder; num_cells]", end: u32}
    """

ROW = re.compile(r"(?m)^    (?:\d+, )+(?=// )")
ARRAY = re.compile(r"\[\d[\d, ]*(?:; \d+)?\]")
LAYOUT = re.compile(r"(?m)^vmgen_checks::layout! \{\n    (.*);\n([^}]*)\}")
REGIONS = re.compile(r"(?m)^vmgen_checks::regions! \{\n    (\w+), .*\n([^}]*)\}")
OFFSETS = re.compile(r"(?m)^    (\w+)Offsets \{\n([^}]*)\}")
OFFSET = re.compile(r"(?m)^ +(\w+): (\[.*\]),$")
REGION = re.compile(r"(?m)^    (\w+): \d+ of .*: (\[[^]]*\]), (\[[^]]*\]);$")
CONTEXT = re.compile(
    r"(?s)impl (\w+)Offsets \{(?:(?!impl).)*?STRIDES[^\n]*\n(.*?)    \];"
    r".*?ROUNDINGS[^\n]*\n(.*?)    \];"
)
SAID = re.compile(
    r"evaluation panicked: the (\w+) of (\S+) is \d+ (?:here|in this file)"
)


@dataclass(frozen=True)
class Number:
    """A number of a generated file: where it is, and what is wrong if it is."""

    file: str
    start: int
    end: int
    what: str
    part: str

    @property
    def record(self) -> str:
        return self.part.partition(".")[0]


def numbers(texts: dict[str, str], module: str) -> list[Number]:
    """Every number of a layout in both files of a module."""
    types, offsets = f"src/{module}.rs", f"src/{module}_offsets.rs"
    found = [*_of_types(types, texts[types]), *_of_offsets(offsets, texts[offsets])]
    return [n for n in found if texts[n.file][n.start : n.end].isdecimal()]


def _of_types(file: str, text: str) -> Iterator[Number]:
    for layout in LAYOUT.finditer(text):
        record, *parts = re.findall(r"(\w+): \d+", layout[1])
        named = [("size", record), ("alignment", record)]
        named += [("offset", f"{record}.{part}") for part in parts]
        for row in ROW.finditer(text, layout.start(2), layout.end(2)):
            each = re.finditer(r"\d+", row[0])
            for (what, part), number in zip(named, each, strict=True):
                yield _number(file, row.start(), number, what, part)
    for regions in REGIONS.finditer(text):
        for region in REGION.finditer(text, regions.start(2), regions.end(2)):
            part = f"{regions[1]}.{region[1]}"
            for group, what in ((2, "stride"), (3, "rounding")):
                for number in _of_array(region[group]):
                    yield _number(file, region.start(group), number, what, part)


def _of_offsets(file: str, text: str) -> Iterator[Number]:
    fixed = {context[1] for context in CONTEXT.finditer(text)}
    for record in OFFSETS.finditer(text):
        name = record[1].removesuffix("Fixed")
        name = name if name in fixed else record[1]
        for offset in OFFSET.finditer(text, record.start(2), record.end(2)):
            what, part = {
                "record_size": ("size", name),
                "record_align": ("alignment", name),
            }.get(offset[1], ("offset", f"{name}.{offset[1]}"))
            for number in _of_array(offset[2]):
                yield _number(file, offset.start(2), number, what, part)
    for context in CONTEXT.finditer(text):
        for group, what in ((2, "stride"), (3, "rounding")):
            for row in re.finditer(r"(\[.*\]), // (\w+)", context[group]):
                start = context.start(group) + row.start(1)
                for number in _of_array(row[1]):
                    yield _number(file, start, number, what, f"{context[1]}.{row[2]}")


def _of_array(array: str) -> list[re.Match[str]]:
    """The numbers of `[1, 2]`, and of `[1; 2]` without how many they are."""
    return list(re.finditer(r"(?<!; )\b\d+", array))


def _number(file: str, base: int, found: re.Match[str], what: str, part: str) -> Number:
    return Number(file, base + found.start(), base + found.end(), what, part)


def damaged(texts: dict[str, str], chosen: list[Number]) -> dict[str, str]:
    """The files with a digit of each of these numbers deleted, or another if it is the
    only one."""
    made = dict(texts)
    for number in sorted(chosen, key=lambda n: -n.start):
        text = made[number.file]
        digits = text[number.start : number.end]
        wrong = digits[1:] if len(digits) > 1 else str((int(digits) + 1) % 10)
        made[number.file] = f"{text[: number.start]}{wrong}{text[number.end :]}"
    return made


def rounds(found: list[Number]) -> list[list[Number]]:
    """The numbers in groups of which each has one for each record, since a compiler
    says one thing of each."""
    by_record: dict[tuple[str, str], list[Number]] = {}
    for number in found:
        by_record.setdefault((number.record, number.what in ("stride", "rounding")), []).append(number)  # fmt: skip
    most = max(map(len, by_record.values()))
    return [
        [each[i] for each in by_record.values() if i < len(each)] for i in range(most)
    ]


def unnoticed(
    folder: Path, texts: dict[str, str], chosen: list[Number]
) -> list[Number]:
    """Those of the numbers that rustc doesn't name when they are damaged."""
    said = check(write(folder, damaged(texts, chosen)))
    named = {(found[1], found[2]) for found in SAID.finditer(said.err)}
    return [n for n in chosen if (n.what, n.part) not in named]


def test_every_number_of_a_small_schema(tmp_path: Path) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)])
    found = numbers(texts, "sample")
    assert len(found) == 189
    assert {n.what for n in found} == {
        "size",
        "alignment",
        "offset",
        "stride",
        "rounding",
    }
    assert [unnoticed(tmp_path, texts, each) for each in rounds(found)] == [
        [] for _ in rounds(found)
    ]


@pytest.mark.parametrize("module", ["wasmtime42", "wasmer"])
def test_numbers_of_what_is_checked_in(tmp_path: Path, module: str) -> None:
    folder = ROOT / "generated" / "rust"
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.rs")
        if "target" not in path.parts
    }
    found = numbers(texts, module)
    assert len(found) > 400
    random.Random(module).shuffle(found)
    groups = rounds(found)
    for group in groups if proving() else groups[:4]:
        assert unnoticed(tmp_path, texts, group) == []
