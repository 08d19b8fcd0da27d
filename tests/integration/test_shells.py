"""Completion in real shells at a real terminal, set up as docs/editors.md says: a line is
typed, Tab is pressed, and the line that comes of it is read back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.pages import blocks
from tests.integration.pages import shell as run
from tests.integration.terminal import ENTER, HOME, TAB, Terminal
from tests.support import ROOT, need, write_schema

SCHEMA = """\
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
types:
  VMTag: {kind: struct, fields: {index: u32}}
  VMContext:
    kind: context
    counts: [num_tags]
    fields: {host: VmPtr<u8>}
    regions: {tags: "[VMTag; num_tags]"}
"""
PAGE = ROOT / "docs/editors.md"
PROMPT = {
    "bash": "PS1='ready> '",
    "zsh": "PS1='ready> '",
    "fish": "function fish_prompt; echo -n 'ready> '; end",
}


@pytest.fixture(params=list(PROMPT))
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    shell: str = request.param
    need(shell)
    folder = tmp_path / "a folder"
    (folder / "schemas").mkdir(parents=True)
    write_schema(folder / "schemas", SCHEMA)
    (folder / "schemas/notes.txt").write_text("")
    program = tmp_path / "bin/vmgen"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vmgen "$@"\n')
    program.chmod(0o755)
    env = {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }
    (setup,) = [b for b in blocks(PAGE) if (b.language, b.title) == ("sh", shell)]
    code, said = run(setup.text, folder, env)
    assert (code, said) == (0, "")
    with Terminal([shell, "-i"], folder, env) as opened:
        opened.press(PROMPT[shell] + ENTER)
        opened.until(r"(?s)ready> '.*ready> ")
        yield opened


def completed(terminal: Terminal, typed: str) -> str:
    """What a line has become after Tab, asked of the shell itself."""
    terminal.press(typed + TAB)
    terminal.press(HOME + "printf '<%s>' " + ENTER)
    found = terminal.until(r"\n\r?((?:<[^<>\n]*>)+)(?=.*ready> )")
    terminal.until("ready> ")
    # zsh takes the slash off a folder again when a line ends with it.
    return found[1].replace("/>", ">")


def test_tab_completes_what_is_typed(terminal: Terminal) -> None:
    for typed, becomes in [
        ("vmgen expl", "<vmgen><explain>"),
        ("vmgen build --list", "<vmgen><build><--list-outputs>"),
        ("vmgen check --format gi", "<vmgen><check><--format><github>"),
        ("vmgen check schemas/sa", "<vmgen><check><schemas/sample.vm.yaml>"),
        ("vmgen layout schemas/sample.vm.yaml VMT",
         "<vmgen><layout><schemas/sample.vm.yaml><VMTag>"),
        ("vmgen layout schemas/sample.vm.yaml --target i",
         "<vmgen><layout><schemas/sample.vm.yaml><--target><i686-unknown-linux-gnu>"),
        ("vmgen layout schemas/sample.vm.yaml --target=i",
         "<vmgen><layout><schemas/sample.vm.yaml><--target=i686-unknown-linux-gnu>"),
        ("vmgen layout schemas/sample.vm.yaml --set num",
         "<vmgen><layout><schemas/sample.vm.yaml><--set><num_tags=>"),
        ("vmgen targets s390x-unknown-linux-g",
         "<vmgen><targets><s390x-unknown-linux-gnu>"),
        ("vmgen build -o sch", "<vmgen><build><-o><schemas>"),
    ]:  # fmt: skip
        assert completed(terminal, typed) == becomes


def test_a_second_tab_lists_what_there_is(terminal: Terminal) -> None:
    terminal.press("vmgen check --format " + TAB + TAB)
    words = ("full", "concise", "json", "github", "sarif")
    terminal.until("(?s)" + "".join(f"(?=.*{word})" for word in words))
