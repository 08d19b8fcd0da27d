"""Bit-fields in headers: records that others declare, and every standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, check, write_headers
from tests.support import Ran, module_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    profile: {c-abi: what C has}
    targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
    types:
      Sort: {kind: enum, tag: u8, variants: {Low: 0, High: 3}}
      Own:
        kind: struct
        fields:
          up: {type: bool, bits: 1}
          sort: {type: Sort, bits: 2}
          each: {anonymous: true, union: {all: u32, bits: {struct: {low: {type: u32, bits: 9}}}}}
      Theirs:
        kind: foreign
        c: struct theirs
        c_header: theirs.h
        fields: {a: {type: u8, bits: 3}, b: {type: u8, bits: 4}, c: u8}
      Holder: {kind: struct, fields: {own: Own, theirs: "[Theirs; 2]"}}
    """
THEIRS = "struct theirs { unsigned char a : 3, b : 4; unsigned char c; };\n"


def said(folder: Path, standard: str, theirs: str = THEIRS) -> Ran:
    write_headers(folder, module_of(folder, SCHEMA))
    (folder / "theirs.h").write_text(theirs, encoding="utf-8")
    # The owner's header is compiled as theirs is.
    flags = STRICT if "++" in standard or standard == "c11" else ()
    return check(folder, '#include "sample.h"\n', standard, *flags)


@pytest.mark.parametrize("standard", ["c11", "c17", "c++11", "c++20"])
def test_every_standard_takes_them(tmp_path: Path, standard: str) -> None:
    theirs = f"#pragma GCC system_header\n{THEIRS}"
    assert said(tmp_path, standard, theirs) == Ran(0, "", "")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("b : 4;", "b : 6;", "Theirs: size or alignment"),
        ("unsigned char c;", "unsigned short c;", "Theirs: size or alignment"),
    ],
)
def test_what_others_declare_is_compared_where_it_has_whole_bytes(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    assert old in THEIRS
    ran = said(tmp_path, "c11", THEIRS.replace(old, new))
    assert f'static assertion failed: "{what} differs from' in ran.err
