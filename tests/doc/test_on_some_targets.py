"""The page shows what isn't there on the target that is looked at as not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import ROOT, vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doc.browser import Browser

SCHEMA = """
vmgen: 1
module: sample
targets: [x86_64-unknown-linux-gnu, x86_64-pc-windows-msvc]
types:
  Thing:
    kind: struct
    fields: {a: u32, b: {type: u32, on: {os: linux}}, c: u64}
"""
ROWS = """
return [...document.querySelectorAll("#Thing tr[data-part]")]
  .map((row) => [row.dataset.part, row.className, ...[...row.querySelectorAll(".number")]
    .map((cell) => (cell.querySelector(".dec") || cell).textContent)].join(" "))
"""
PIECES = """
return [...document.querySelectorAll("#Thing [data-part]")]
  .filter((piece) => piece.tagName !== "TR").map((piece) => piece.dataset.part)
"""


def test_a_part_has_numbers_where_it_is_there(window: Browser, tmp_path: Path) -> None:
    schema = write_schema(tmp_path, SCHEMA)
    page = tmp_path / "page.html"
    ran = vmgen("doc", str(schema), "-o", str(page), cwd=ROOT)
    assert (ran.code, ran.err) == (0, ""), ran.out
    window.open(page)
    found = []
    for label in ("first", "last"):
        window.click(f"#page-classes label:{label}-of-type")
        found.append((window.run(ROWS), window.run(PIECES)))
    assert found == [
        (["a  0 4", "b  4 4", "c  8 8"], ["a", "b", "c"]),
        (
            ["a  0 4", "hole4 padding 4 4", "b absent – –", "c  8 8"],
            ["a", "hole4", "c"],
        ),
    ]
