"""No text of a schema ends a comment, or means something to rustdoc that it didn't say."""

from __future__ import annotations

import html
import random
import re
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import cargo, crate, module_at, need_component, run
from tests.support import Ran, need, write_schema
from vmgen.languages.rust import markdown
from vmgen.languages.rust.docs import comment, doc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXTS = {
    "": "",
    "Plain text, with a dash-word and snake_case.": (
        "/// Plain text, with a dash-word and snake_case.\n"
    ),
    "Of `VMContext`, not `this`one ``or`` `_that`.": (
        "/// Of `VMContext`, not `this`one \\`\\`or\\`\\` `_that`.\n"
    ),
    "Two  spaces.": "/// Two spaces.\n",
    "A `Vec<T>` and a Vec<T>.": "/// A `Vec<T>` and a Vec\\<T\\>.\n",
    "See [this] and [that](there).": "/// See \\[this\\] and \\[that\\](there).\n",
    "*mut u8 or *const u8": "/// \\*mut u8 or \\*const u8\n",
    "_private and public_": "/// \\_private and public\\_\n",
    "At https://example.com/a_b?c=d.": "/// At <https://example.com/a_b?c=d>.\n",
    "# no heading": "/// \\# no heading\n",
    "1. no list": "/// 1\\. no list\n",
    "> no quote": "/// \\> no quote\n",
    "```rust\nno code\n```": "/// \\`\\`\\`rust no code \\`\\`\\`\n",
    "    no code either": "/// no code either\n",
    "A & B | C ~ D ^ E $ F \\ G": "/// A \\& B \\| C \\~ D \\^ E \\$ F \\\\ G\n",
    "</div> <script>": "/// \\</div\\> \\<script\\>\n",
    "One.\n\nTwo.": "/// One.\n///\n/// Two.\n",
    "Items:\n* one\n- two": "/// Items:\n/// * one\n/// - two\n",
    "*/ and // and /*": "/// \\*/ and // and /\\*\n",
    "turned \u202eround\u0007": "/// turned U+202EroundU+0007\n",
    "a -- b --flag": "/// a \\-\\- b \\-\\-flag\n",
    "a - b + c": "/// a \\- b \\+ c\n",
}


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_escaped_where_markdown_would_read_it(text: str) -> None:
    assert doc(text) == TEXTS[text]


def test_plain_text_and_code_are_what_markdown_makes_of_them() -> None:
    pieces = ["word", "12", "`Name`", "`a-_b`", "`a``", "snake_case", "1.", "it's", "-"]
    chosen = random.Random(1)
    for _ in range(500):
        text = " ".join(chosen.choices(pieces, k=chosen.randint(1, 30)))
        lines = markdown.prose(text, 100 - 4)
        assert doc(text) == "".join(f"/// {line}\n" for line in lines), text


def test_lines_are_wrapped_and_their_starts_stay_text() -> None:
    text = (
        "words " * 14
        + "wordless 1. starts no list, "
        + "so on " * 11
        + "so one # heading"
    )
    assert doc(text, "    ").splitlines() == [
        "    /// " + "words " * 14 + "wordless",
        "    /// 1\\. starts no list, " + "so on " * 11 + "so one",
        "    /// \\# heading",
    ]


def test_what_continues_an_item_is_indented() -> None:
    assert doc("* " + "word " * 25 + "\n* next").splitlines() == [
        "/// * " + "word " * 18 + "word",
        "///   word word word word word word",
        "/// * next",
    ]


def test_comments_are_no_markdown() -> None:
    assert comment("A [link] & `code`.\n\nMore.", "  ") == (
        "  // A [link] & `code`.\n  //\n  // More.\n"
    )


NASTY = [
    "*/", "//", "/**", "///", "`", "``", "```", "~~~", "`a", "[a]", "[a](b)", "[^1]", "<T>",
    "<br>", "</T", "&lt;", "https://x.y/z_", "http://a", "www.a.b", "#", "##", "# a", "-",
    "- a", "+ b", "* c", "1.", "1. d", "12) e", "=", "===", "---", "|", "|-|", ":-:", ">",
    "> f", "\\", "\\n", "_", "_g", "h_", "__i__", "*j*", "**k", "~l~", "$m$", "^n", "{o}",
    "{{p}}", "{%q%}", '"', "'", "\u202e", "\u200b", "\u00e9", "\u4e2d", "\U0001f600", "\t",
    "\n", "\n\n", "    ", "word", "words", "Vec<u8>", "a::b", "!r", "![s](t)", "@u", "#[v]",
]  # fmt: skip


def test_rustdoc_and_clippy_accept_any_text_and_rustdoc_shows_it(
    tmp_path: Path,
) -> None:
    need_component("clippy")
    source = random.Random(7)
    texts = [
        source.choice(("A ", ""))
        + " ".join(source.choice(NASTY) for _ in range(source.randint(1, 30)))
        for _ in range(400)
    ]
    lines = ["vmgen: 1", "module: sample", "types:", "  Record:", "    kind: struct"]
    lines.append("    fields:")
    for index, text in enumerate(texts):
        quoted = "".join(
            c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text
        )
        lines.append(f'      field{index}: {{type: u8, doc: "{quoted}"}}')
    lines.append("      last: {type: u8, doc: The end.}")
    module = module_at(write_schema(tmp_path, "\n".join(lines) + "\n"))
    folder = crate(tmp_path, module)
    silent = Ran(0, "", "")
    assert cargo(folder, "doc", "--no-deps", RUSTDOCFLAGS="-Dwarnings") == silent
    assert cargo(folder, "clippy", RUSTFLAGS="-Dwarnings") == silent
    assert run([need("rustfmt"), "--check", "src/lib.rs"], folder) == silent
    page = (
        folder / "target" / "doc" / "vmgen_bindings" / "sample" / "struct.Record.html"
    )
    shown = page.read_text(encoding="utf-8")
    for index, text in enumerate(texts):
        assert _letters(_shown(shown, index)) == _letters(_spelled(text)), text


def _shown(page: str, index: int) -> str:
    """The documentation of a field on rustdoc's page, without its tags."""
    start = page.index(f'id="structfield.field{index}"')
    body = page[start : page.index('id="structfield.', start + 1)]
    found = re.search(
        r'<div class="docblock">(.*?)</div>(?=<span|</section|$)', body, re.S
    )
    return html.unescape(re.sub(r"<[^>]*>", " ", found[1])) if found else ""


def _spelled(text: str) -> str:
    from vmgen.languages.rust.docs import visible

    return re.sub(r"(?m)^\s*[*-] ", " ", visible(text))


def _letters(text: str) -> str:
    """What is left when spaces, and marks that lists and code lose, are gone."""
    plain = text.translate(str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''"))
    return re.sub(r"[\s`*-]", "", plain)


@pytest.mark.parametrize("word", ["1.", "7)"])
def test_a_number_that_starts_a_wrapped_line_starts_no_list(word: str) -> None:
    first = " ".join(["word"] * 19)
    assert doc(f"{first} {word} and more") == (
        f"/// {first}\n/// {word[0]}\\{word[1]} and more\n"
    )


class _Counted:
    """A pattern, and how many characters were before its searches."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.characters = 0

    def finditer(self, text: str, at: int = 0) -> Iterator[re.Match[str]]:
        self.characters += len(text) - at
        return self.pattern.finditer(text, at)

    search = finditer


def test_text_is_searched_once_however_much_code_is_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = _Counted(markdown._VERBATIM)
    monkeypatch.setattr(markdown, "_VERBATIM", counted)
    text = "` a" * 2000
    assert len(markdown.prose(text, 100)) > 50
    assert counted.characters == len(text)
