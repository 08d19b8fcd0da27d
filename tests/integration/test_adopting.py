"""The page for adopters, followed from an empty folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.pages import blocks
from tests.integration.test_guide import Newcomer
from tests.support import ROOT, need

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs/adopting.md"


def test_every_step_is_so(tmp_path: Path) -> None:
    need("rustc")
    newcomer = Newcomer(tmp_path)
    for block in blocks(PAGE):
        if block.language != "text":
            newcomer.follow(block)
    assert newcomer.run == 5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "pub top: VmPtr<u8>,\n    pub length: usize,",
            "pub length: usize,\n    pub top: VmPtr<u8>,",
            "the offset of VMStack.top is 8 here, and 0 according to",
        ),
        (
            "pub length: usize",
            "pub length: u32",
            "the size of VMStack.length is 4 here, and 8",
        ),
    ],
)
def test_verifying_finds_what_differs(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    need("rustc")
    newcomer = Newcomer(tmp_path)
    steps = blocks(PAGE)
    first = next(n for n, block in enumerate(steps) if block.language == "console")
    for block in steps[:first]:
        newcomer.follow(block)
    assert newcomer.shell("vmgen build")[0] == 0
    source = newcomer.folder / "src/vm.rs"
    text = source.read_text()
    assert old in text
    source.write_text(text.replace(old, new))
    code, output = newcomer.shell("rustc --edition 2021 src/main.rs -o main")
    assert code == 1
    assert said in output
