"""How to write a text that YAML takes for syntax of its own.

Who writes schemas writes Rust, and `&mut u8`, `[u8; 4]` or a documentation with a colon
in it mean something else to YAML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.source import Entry, Mapping, Scalar

if TYPE_CHECKING:
    from vmgen.reading.source import Node

LONGEST = 200
"""Characters of a text that a message repeats in full."""


MOST_ENTRIES = 100
"""Keys of a mapping in which texts that were cut are looked for: more is no slip."""


def quoted(text: str) -> str:
    """A text as YAML takes it for this very text, on one line where it is one."""
    text = " ".join(text.split())
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def as_text(raw: str, key: str = "") -> str:
    """The `help` that says how to write `raw` so that it is a text."""
    if len(raw) > LONGEST:
        return "put the whole text in quotes"
    before = f"{key}: " if key else ""
    return f"if it is meant as text, quote it: `{before}{quoted(raw)}`"


def as_text_of(node: Node) -> tuple[str, ...]:
    """The `help` for what is no text to YAML but would be in quotes; or nothing.

    That is a list or a mapping on one line, a word for null, an empty block of text.
    """
    raw = raw_text(node)
    is_quoted = isinstance(node, Scalar) and raw[:1] in ("'", '"')
    return (as_text(raw),) if raw and not is_quoted else ()


def split_by_comma(mapping: Mapping, entry: Entry) -> tuple[str, ...]:
    """The `help` for a key without a colon, which a comma cut off from a text.

    In braces `{doc: first, then}` has the key `then`. Nothing where no text is before.
    """
    if len(mapping.entries) > MOST_ENTRIES:
        return ()
    entries = list(mapping.entries.values())
    index = entries.index(entry)
    first = index
    while first and is_bare(entries[first]):
        first -= 1
    while index + 1 < len(entries) and is_bare(entries[index + 1]):
        index += 1
    before, last = entries[first], entries[index]
    if is_bare(before) or not isinstance(before.node, Scalar) or not before.node.plain:
        return ()
    return (as_text(mapping.file.text[before.node.start : last.end], before.value),)


def is_bare(entry: Entry) -> bool:
    """Whether a key stands alone, without a colon and a value behind it."""
    if entry.node.length or not isinstance(entry.node, Scalar):
        return False
    text = entry.file.text
    return not text[entry.end : entry.end + 1000].lstrip().startswith(":")


def raw_text(node: Node) -> str:
    """What stands in the file for a node; empty if it goes over several lines."""
    raw = node.file.text[node.start : node.end].strip()
    return "" if "\n" in raw else raw


def behind_comment_sign(text: str, start: int) -> str:
    """The rest of the line of a comment that begins at `start`."""
    end = text.find("\n", start)
    return text[start : end if end >= 0 else None].rstrip()
