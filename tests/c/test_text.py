"""No text can end a comment or a string, or make a compiler read it in another way."""

from __future__ import annotations

import pytest

from vmgen.languages.c.text import comment, prose, string


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a */ b", "a * / b"),
        ("a /* b", "a / * b"),
        ("**/", "** /"),
        ("*/*", "* / *"),
        ("/*/", "/ * /"),
        ("??/ ???", "? ?/ ? ? ?"),
        ("bell \a", "bell <U+0007>"),
        ("\u202e reversed", "<U+202E> reversed"),
        ("line\u2028separator", "line<U+2028>separator"),
        ("é 漢字", "é 漢字"),
        ("two\nlines\tand", "two\nlines\tand"),
    ],
)
def test_prose_is_safe_in_a_comment(text: str, expected: str) -> None:
    assert prose(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", '"plain"'),
        ('a "quote"', r'"a \"quote\""'),
        ("back\\slash", r'"back\\slash"'),
        ("what??/", r'"what\?\?/"'),
        ("é1", r'"\303\2511"'),
        ("two\nlines", r'"two\012lines"'),
    ],
)
def test_a_string_literal_is_the_text(text: str, expected: str) -> None:
    assert string(text) == expected


def test_a_short_text_is_a_comment_of_one_line() -> None:
    assert comment(["Short."]) == ["/** Short. */"]
    assert comment(["x" * 93]) == [f"/** {'x' * 93} */"]
    assert comment(["x" * 94]) == ["/**", f" * {'x' * 94}", " */"]


def test_a_comment_counts_its_indentation() -> None:
    assert comment(["x" * 89], 4) == [f"/** {'x' * 89} */"]
    assert comment(["x" * 90], 4) == ["/**", f" * {'x' * 90}", " */"]


def test_paragraphs_stay_apart() -> None:
    assert comment(["One.", "", "Two."]) == ["/**", " * One.", " *", " * Two.", " */"]
    assert comment([]) == []
    assert comment(["", ""]) == []


def test_no_line_of_a_comment_ends_with_a_backslash() -> None:
    assert comment(["C:\\"]) == ["/**", " * C:\\.", " */"]
    assert all(line[-1] != "\\" for line in comment(["word \\ " * 60]))
