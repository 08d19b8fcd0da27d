"""Characters that an editor doesn't show, or turns text around for, in what is made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import write_schema
from vmgen.cli import main
from vmgen.languages.c import text as c_text
from vmgen.languages.python import docs as python_docs
from vmgen.languages.rust import docs as rust_docs
from vmgen.text import UNSEEN

DIRECTIONS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
SAMPLES = [0x7F, 0x85, 0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x200B, 0x200D, 0x200F, 0x2028,
           0x202E, 0x2060, 0x2066, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9, 0x1D173, 0xE0041]  # fmt: skip


def test_the_list_has_every_mark_of_direction_and_every_separator_of_lines() -> None:
    unseen = re.compile(f"[{UNSEEN}]")
    for code in range(0x80, 0x110000):
        character = chr(code)
        category = unicodedata.category(character)
        wanted = unicodedata.bidirectional(character) in DIRECTIONS or category in (
            "Cc",
            "Zl",
            "Zp",
        )
        assert not wanted or unseen.match(character), hex(code)
    assert not unseen.search("abc\u00e9\u4e2d\u0627\u05d0\ufe0f\U0001f600 \u00a0")


@pytest.mark.parametrize("code", SAMPLES, ids=hex)
@pytest.mark.parametrize(
    "written",
    [
        rust_docs.doc,
        rust_docs.comment,
        lambda text: "".join(c_text.comment([text])),
        lambda text: python_docs.docstring(text, 0),
        python_docs.literal,
    ],
    ids=["rust-doc", "rust-comment", "c", "python-doc", "python-literal"],
)
def test_a_character_that_is_not_seen_is_spelled(
    code: int, written: Callable[[str], str]
) -> None:
    made = written(f"a{chr(code)}b")
    assert chr(code) not in made
    # What ends a line ends one in comments as well.
    assert f"{code:x}" in made.lower() or code in (0x85, 0x2028)


def test_none_is_in_any_file_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = "".join(f"a\\U{code:08x}" for code in SAMPLES)
    schema = write_schema(
        tmp_path,
        f"""\
        doc: "{odd}"
        features: {{gc: {{default: true, doc: "{odd}"}}}}
        constants: {{C: {{type: u8, bytes: "\\x7f", doc: "{odd}"}}}}
        types:
          A:
            kind: struct
            doc: "{odd}"
            fields:
              a: {{type: "*mut u8", doc: "{odd}", allow: {{raw-pointer: "{odd}"}}}}
          E: {{kind: enum, tag: u8, variants: {{V: {{doc: "{odd}"}}}}}}
          F: {{kind: functions, functions: {{f: {{signature: "()", doc: "{odd}"}}}}}}
          X:
            kind: context
            counts: {{n: "{odd}"}}
            regions: {{r: {{type: "[u8; n]", doc: "{odd}"}}}}
        """,
    )
    out = tmp_path / "out"
    assert main(["build", str(schema), "-o", str(out)]) == 0, capsys.readouterr()
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        found = re.search(f"[{UNSEEN}]", path.read_text(encoding="utf-8"))
        assert found is None, f"{path.name}: {found}"
