"""A number that is changed by hand stops every compiler: one of its own target by name,
and any other by the fingerprint."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import SCHEMAS, check, module_at, texts_of, write
from tests.support import module_of, proving

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
      Large: {kind: struct, fields: {first: u8, bytes: "[u8; 20000]", last: u32}}
      Word: {kind: union, fields: {wide: u64, near: usize}}
      Choice: {kind: enum, tag: u32, variants: {Leaf: Leaf, Wide: u64}}
      Trusted: {kind: enum, tag: u8, trusted: all, variants: {Leaf: Leaf, Wide: u32, Odd: {type: u8, cfg: windows}}}
      State: {kind: enum, tag: u16, variants: {Idle: , Busy: }}
      Calls: {kind: functions, functions: {go: "(a: usize) -> u32", stop: ()}}
      Elsewhere: {kind: foreign, size: {64: 24, 32: 12, 16: 6}, align: {64: 8, 32: 4, 16: 1}}
      Frame:
        kind: context
        counts: [num_leaves, num_cells]
        fields: {first: u32, second: VmPtr<Holder>}
        regions: {leaves: "[Leaf; num_leaves]", holders: "[Holder; num_cells]", end: u32}
    """

TABLE = re.compile(
    r"(?m)^    (\w+): (\w+)Offsets \{\n((?:        \w+: \[.*\],\n)*)    \}"
)
ROW = re.compile(r"(?m)^        (\w+): \[(.*)\],$")
SAID = re.compile(
    r"evaluation panicked: the (\w+) of (\S+) is \d+ here, and \d+ according"
)
EDITED = "a number of {}_offsets.rs was edited; remake the file with `vmgen build "


@dataclass(frozen=True)
class Number:
    """A number of a table: where it is in the file, in which column, and what is wrong
    if it is; `what` is a rounding where a compiler can't measure it."""

    start: int
    end: int
    column: int
    what: str
    part: str

    @property
    def record(self) -> tuple[str, bool]:
        return self.part.partition(".")[0], self.what == "stride"


def numbers(text: str) -> list[Number]:
    """Every number of the tables of a module's offsets."""
    return [n for table in TABLE.finditer(text) for n in _of_table(text, table)]


def _of_table(text: str, table: re.Match[str]) -> Iterator[Number]:
    of_regions = table[2].endswith("Regions")
    of_context = (
        of_regions or f" {table[2].removesuffix('Fixed')}RegionsOffsets" in text
    )
    record = re.sub("(Fixed|Regions)$", "", table[2]) if of_context else table[2]
    for row in ROW.finditer(text, table.start(3), table.end(3)):
        what, part = "offset", f"{record}.{row[1]}"
        if of_regions:
            region, what = row[1].rsplit("_", 1)
            part = f"{record}.{region}"
        elif row[1] in ("record_size", "record_align"):
            what = {"record_size": "size", "record_align": "alignment"}[row[1]]
            part = record
        for column, number in enumerate(re.finditer(r"\d+", row[2])):
            start, end = (row.start(2) + at for at in number.span())
            yield Number(start, end, column, what, part)


def damaged(text: str, chosen: list[Number]) -> str:
    """The file with a digit of each of these numbers deleted, or another if it is the
    only one."""
    for number in sorted(chosen, key=lambda n: -n.start):
        digits = text[number.start : number.end]
        wrong = digits[1:] if len(digits) > 1 else str((int(digits) + 1) % 10)
        text = f"{text[: number.start]}{wrong}{text[number.end :]}"
    return text


def checked_together(types: str) -> dict[str, str]:
    """Each record that is checked with others, and the first of them."""
    calls = re.findall(r"(?ms)^    layouts! \{\n(.*?)^    \}\n", types)
    together = [re.findall(r"(?m)^        (\w+) as ", call) for call in calls]
    return {name: names[0] for names in together for name in names}


def rounds(found: list[Number], first: dict[str, str]) -> list[list[Number]]:
    """The numbers in groups of which each has one for each constant that compares some,
    since a compiler says one thing of each; `first` is of those `checked_together`."""
    by_constant: dict[tuple[str, bool], list[Number]] = {}
    for number in found:
        record, strides = number.record
        # Of regions each is said.
        key = (number.part, True) if strides else (first.get(record, record), False)
        by_constant.setdefault(key, []).append(number)
    most = max(map(len, by_constant.values()))
    return [
        [each[i] for each in by_constant.values() if i < len(each)] for i in range(most)
    ]


def said_of(
    folder: Path, texts: dict[str, str], module: str, chosen: list[Number]
) -> str:
    """What rustc says when these numbers are damaged."""
    path = f"src/{module}_offsets.rs"
    said = check(write(folder, {**texts, path: damaged(texts[path], chosen)}))
    assert said.code == 1
    return said.err


def assert_all_named(
    folder: Path, texts: dict[str, str], module: str, most: int
) -> None:
    """The compiler names each number of its own target that is damaged."""
    found = [n for n in numbers(texts[f"src/{module}_offsets.rs"]) if n.column == 0]
    # What is declared as so many bytes takes their number from the table.
    bytes = re.findall(r"pub struct (\w+)\(\[u8; super::", texts[f"src/{module}.rs"])
    # What is inside of an enum of Rust's own, stable Rust can't measure.
    enums = re.findall(r"repr\(C, \w+\)\]\npub enum (\w+) ", texts[f"src/{module}.rs"])
    own = [
        n
        for n in found
        if n.what != "rounding"
        and not (n.what == "size" and n.part in bytes)
        and not (n.what == "offset" and n.record[0] in enums)
    ]
    groups = rounds(own, checked_together(texts[f"src/{module}.rs"]))
    for group in groups if proving() else groups[:most]:
        said = said_of(folder, texts, module, group)
        named = {(found[1], found[2]) for found in SAID.finditer(said)}
        assert [n for n in group if (n.what, n.part) not in named] == []
        assert EDITED.format(module) in said


def test_every_number_of_a_small_schema_is_named(tmp_path: Path) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)])
    found = numbers(texts["src/sample_offsets.rs"])
    assert len(found) == 4 * len([n for n in found if n.column == 0])
    assert {n.what for n in found} == {
        "size",
        "alignment",
        "offset",
        "stride",
        "rounding",
    }
    assert_all_named(tmp_path, texts, "sample", 99)


def test_numbers_of_other_targets_are_noticed(tmp_path: Path) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)])
    found = numbers(texts["src/sample_offsets.rs"])
    others = [n for n in found if n.column != 0 or n.what == "rounding"]
    chosen = others if proving() else random.Random(10).sample(others, 5)
    for number in chosen:
        said = said_of(tmp_path, texts, "sample", [number])
        assert EDITED.format("sample") in said
        assert not SAID.search(said)


@pytest.mark.parametrize("module", ["wasmtime42", "torture"])
def test_numbers_of_large_schemas_are_named(tmp_path: Path, module: str) -> None:
    assert_all_named(tmp_path, texts_of([module_at(SCHEMAS[module])]), module, 3)


@pytest.mark.parametrize("name", ["SEED", "FILE_FINGERPRINT"])
def test_an_edited_fingerprint_is_noticed(tmp_path: Path, name: str) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)])
    path = "src/sample_offsets.rs"
    number = re.search(rf"const {name}: u64 = 0x(.)", texts[path])
    assert number
    digit = "1" if number[1] != "1" else "2"
    edited = texts[path][: number.start(1)] + digit + texts[path][number.end(1) :]
    said = check(write(tmp_path, {**texts, path: edited}))
    assert EDITED.format("sample") in said.err
