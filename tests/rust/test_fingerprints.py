"""Generated Rust comes to the same fingerprints as the tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import check, crate, execute, texts_of, write
from tests.support import Ran, module_of
from vmgen.languages.rust import tables
from vmgen.layout.fingerprint import Fingerprints
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu]
    constants: {PAIR: {type: u32, value: 1}, LIMIT: {type: usize, value: 40000}}
    types:
      Pair: {kind: struct, fields: {first: u32, second: u64}}
      Bare: {kind: opaque}
      Last: {kind: enum, tag: usize, variants: {Nothing: {value: 3}, Both: Pair}}
      Plain: {kind: enum, tag: isize, variants: {Up: {value: 3}, Down: {value: -3}}}
      Frame:
        kind: context
        counts: [n]
        fields: {magic: u32}
        regions: {pairs: "[Pair; n]", bytes: "[u8; n]"}
    """

PROGRAM = """\
use bindings::sample::{self, Plain};
use bindings::sample_offsets::{DataModel, FILE_FINGERPRINT, LAYOUT_FINGERPRINT};

fn main() {
    for target in [TARGETS] {
        let model = DataModel::of_target(target).unwrap();
        println!("{target} {} {}", model.fingerprint(true), model.fingerprint(false));
    }
    println!("{FILE_FINGERPRINT} {}", sample::FILE_FINGERPRINT);
    assert_eq!(LAYOUT_FINGERPRINT, Some(sample::LAYOUT_FINGERPRINT));
    println!("{}", sample::LAYOUT_FINGERPRINT);
    println!("{} {} {:?}", sample::PAIR, sample::LIMIT, Plain(-3));
}
"""


@pytest.mark.parametrize("rows_at_once", [tables.ROWS_AT_ONCE, 8])
def test_rust_and_the_tool_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    """Also where one constant would be too much for the compiler."""
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", rows_at_once)
    module = module_of(tmp_path, SCHEMA)
    folder = crate(tmp_path, module)
    layouts = Layouts(module)
    prints = Fingerprints(layouts)
    targets = [target.name for target in module.targets]
    named = ", ".join(f'"{target}"' for target in targets)

    def of(target: str, little: bool) -> int:
        index = layouts.class_of(target).index
        return prints.of_class(index, little_endian=little)

    expected = [f"{t} {of(t, True)} {of(t, False)}" for t in targets]
    expected += [f"{prints.of_file()} {prints.of_file()}", str(of(targets[0], True))]
    said = execute(folder, PROGRAM.replace("TARGETS", named))
    assert said.splitlines() == [*expected, "1 40000 Down"]
    text = (folder / "src/sample_offsets.rs").read_text(encoding="utf-8")
    assert text.count("= take_in(") == (1 if rows_at_once > 8 else 3)


def test_a_table_named_like_a_constant_gets_an_underscore(tmp_path: Path) -> None:
    text = texts_of([module_of(tmp_path, SCHEMA)])["src/sample_offsets.rs"]
    assert "    PAIR_: PairOffsets {\n" in text
    assert "    FRAME_REGIONS: FrameRegionsOffsets {\n" in text


def test_modules_that_have_nothing_compile(tmp_path: Path) -> None:
    for types in ("{}", "{Bare: {kind: opaque}}"):
        texts = texts_of([module_of(tmp_path, f"types: {types}\n")])
        assert check(write(tmp_path, texts)) == Ran(0, "", "")


def test_documentation_and_comments_change_no_number(tmp_path: Path) -> None:
    """A comment changes nothing, and a field's documentation that of the field and of
    the method that leads to it."""
    before = texts_of([module_of(tmp_path, SCHEMA)])
    commented = SCHEMA.replace("    types:", "    # A comment.\n\n    types:")
    assert texts_of([module_of(tmp_path, commented)]) == before
    told = SCHEMA.replace("magic: u32", "magic: {type: u32, doc: Told.}")
    after = texts_of([module_of(tmp_path, told)])
    changed = {
        path: [
            line for line in text.splitlines() if line not in before[path].splitlines()
        ]
        for path, text in after.items()
        if text != before[path]
    }
    assert changed == {"src/sample.rs": ["    /// Told."] * 2}
