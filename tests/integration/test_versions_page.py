"""The page about versions, followed from an empty folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.integration.pages import blocks, commands
from tests.support import ROOT, vmgen


def test_the_page_shows_what_happens(tmp_path: Path) -> None:
    ran = 0
    for block in blocks(ROOT / "docs/versions.md"):
        if block.title:
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command, shown in commands(block.text):
                program, *words = shlex.split(command)
                assert program == "vmgen"
                done = vmgen(*words, cwd=tmp_path)
                assert (done.code, done.err) == (0, ""), command
                expected = ".*".join(map(re.escape, shown.split("…\n")))
                assert re.fullmatch(expected, done.out, re.DOTALL), done.out
                ran += 1
    assert ran == 4
