"""The page for layouts that others own, followed from an empty folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.pages import blocks
from tests.integration.test_guide import Newcomer
from tests.support import ROOT, need

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs/from-c.md"


def test_the_whole_page_is_so(tmp_path: Path) -> None:
    for tool in ("gcc", "g++"):
        need(tool)
    newcomer = Newcomer(tmp_path)
    for block in blocks(PAGE):
        newcomer.follow(block)
    assert newcomer.run == 11
