"""Names that are keywords or very long, and texts that rustfmt would break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import (
    EDITIONS,
    cargo,
    check,
    crate,
    need_component,
    run,
    set_edition,
)
from tests.support import Ran, module_of, need

if TYPE_CHECKING:
    from pathlib import Path

LONG = "ARecordWhoseNameIsSoLongThatItsItemsHardlyFitALineOfOneHundredColumns"

SCHEMA = f"""\
    types:
      Keywords:
        kind: struct
        allow: {{reserved-name: on purpose}}
        fields: {{type: u8, match: u8, async: u8, gen: u8, final: u8, try: u8, dyn: u8}}
      Slots:
        kind: functions
        functions:
          loop:
            signature: "(fn: u8, ref: u32) -> u8"
            allow: {{reserved-name: on purpose}}
          long_one: "(first: VmPtr<{LONG}>, second: u8) -> u8"
      Tagged:
        kind: enum
        tag: u8
        variants: {{Nothing: null, {LONG}: "VmPtr<{LONG}>", Ok: u8}}
      {LONG}:
        kind: struct
        fields:
          a_field_with_a_name_so_long_that_its_type_can_hardly_stand_on_the_same_line_as_it_does: u8
          a_field_with_a_name_so_long_that_its_type_can_hardly_stand_on_the_same_line_as_itself: u8
          a_field_with_a_name_so_long_that_its_type_can_hardly_stand_on_the_same_line_as_hers: u16
          twin: VmPtr<{LONG}>
          nested: Option<VmPtr<{LONG}>>
          table: VmPtr<Option<VmPtr<{LONG}>>>
      Frame:
        kind: context
        counts: [a_count_with_a_name_so_long_that_its_region_does_not_fit_a_line]
        fields: {{first_field: VmPtr<{LONG}>}}
        regions:
          some_things: "[u32; a_count_with_a_name_so_long_that_its_region_does_not_fit_a_line]"
          new: {{type: {LONG}, allow: {{reserved-name: on purpose}}}}
          regions: "[u8; 7]"
    """


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return crate(tmp_path, module_of(tmp_path, SCHEMA))


@pytest.mark.parametrize("edition", EDITIONS)
def test_they_give_no_warning(folder: Path, edition: str) -> None:
    need_component("clippy")
    set_edition(folder, edition)
    silent = Ran(0, "", "")
    formatted = [need("rustfmt"), "--check", "--edition", edition, "src/lib.rs"]
    assert run(formatted, folder) == silent
    assert cargo(folder, "clippy", RUSTFLAGS="-Dwarnings") == silent


def test_keywords_get_an_underscore(folder: Path) -> None:
    text = (folder / "src" / "sample.rs").read_text(encoding="utf-8")
    for member in ("type_", "match_", "async_", "gen_", "final_", "try_", "dyn_"):
        assert f"    pub {member}: u8,\n" in text
    assert 'pub loop_: unsafe extern "C" fn(fn_: u8, ref_: u32) -> u8,\n' in text


def test_a_region_called_like_a_method_gets_an_underscore(folder: Path) -> None:
    text = (folder / "src" / "sample_offsets.rs").read_text(encoding="utf-8")
    assert "    pub const fn new_(&self) -> u32 {\n" in text
    assert "    pub const fn regions_(&self) -> Region {\n" in text


def test_what_tells_where_a_word_of_rust_is_there_has_a_name_in_its_style(
    tmp_path: Path,
) -> None:
    schema = """\
        targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
        types:
          Words:
            kind: struct
            allow: {reserved-name: it is theirs}
            fields: {first: u32, self: {type: u32, on: {width: 64}}}
        """
    made = crate(tmp_path, module_of(tmp_path, schema))
    assert check(made) == Ran(0, "", "")
    offsets = (made / "src" / "sample_offsets.rs").read_text(encoding="utf-8")
    assert "self_is_there: [1, 0]," in offsets
