"""What YAML drops of a text without a word: a first word behind `&`, the end behind `#`.

`x: &mut u8` is `u8` to YAML, with an anchor, and `doc: Fixed in #123` is "Fixed in" with
a comment. An anchor is one when an alias refers to it; a comment is one beyond doubt when
a space follows its sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.reading.quoting import as_text, behind_comment_sign, raw_text
from vmgen.reading.source import Mapping, Node, Scalar, Sequence, Span

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report

_GLUED = re.compile(r"#(?<=\s#)(?=[^\s#=*~-])")
"""The sign of a comment with something right behind it, rulers and boxes aside. What
begins with the sign itself is looked for much faster."""

_BLOCK = re.compile(r"[|>][-+0-9]*")
"""What begins a text that stands on the lines below."""


def refuse_anchor(name: str, node: Node, report: Report) -> None:
    """Report the anchor of a node that no alias refers to: it may be half of a type."""
    file, start = node.file, node.start
    raw = raw_text(node) if isinstance(node, Scalar) else ""
    is_key = file.text[node.end : node.end + 100].lstrip(" \t").startswith(":")
    report.add(
        "VM023",
        f"nothing refers to the anchor `&{name}`",
        Span(file, start, start + len(name) + 1),
        notes=("YAML takes a word behind `&` for an anchor, and drops it",),
        helps=(("remove it",) if is_key or not raw else (as_text(raw),)),
    )
    if raw and isinstance(node, Scalar) and (node.is_null or name == "mut"):
        node.value = raw  # So that nobody says that there is nothing.


def check_comments(root: Node, report: Report) -> None:
    """Report comments that cut a text short, and put what is lost into its node."""
    text = root.file.text
    # Most files have none, and nothing of them is looked at.
    signs = [found.start() for found in _GLUED.finditer(text)]
    if not signs:
        return
    ends = _ends(root)
    for sign in signs:
        before = _last_seen(text, sign)
        found = ends.get(before)
        if found is None:
            continue
        node, key = found
        is_below = "\n" in text[before:sign]
        # In a block of text a line may begin with `#` and be part of it.
        is_cut = node.plain and node.length
        is_deeper = is_cut and _column(text, sign) > _column(text, key)
        if is_below and not is_deeper:
            continue  # It stands among the keys: a comment, or one that is switched off.
        _refuse(node, before, sign, report)


def _last_seen(text: str, at: int) -> int:
    """The index behind the last character before `at` that is no space."""
    while at and text[at - 1].isspace():
        at -= 1
    return at


def _ends(root: Node) -> dict[int, tuple[Scalar, int]]:
    """Where unquoted texts end, and where empty ones would begin: behind their colon.

    Blocks of text end at the sign that they begin with, as far as its line goes.

    With each its node and the place of the key that it belongs to.
    """
    ends: dict[int, tuple[Scalar, int]] = {}
    waiting: list[tuple[Node, int]] = [(root, 0)]
    seen: set[int] = set()
    text = root.file.text
    while waiting:
        node, key = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            for entry in node.entries.values():
                waiting.append((entry.node, entry.start))
                if isinstance(entry.node, Scalar) and not entry.node.length:
                    colon = text.find(":", entry.end)
                    if entry.node.plain and colon >= 0:
                        ends[colon + 1] = (entry.node, entry.start)
        elif isinstance(node, Sequence):
            for item in node.items:
                waiting.append((item, key))
                if isinstance(item, Scalar) and item.plain and not item.length:
                    ends[_last_seen(text, item.start)] = (item, key)
        elif isinstance(node, Scalar) and node.plain and node.length:
            ends[node.end] = (node, key)
        elif isinstance(node, Scalar) and (begin := _BLOCK.match(text, node.start)):
            ends[begin.end()] = (node, key)
    return ends


def _column(text: str, at: int) -> int:
    """The column of a place, from 0."""
    return at - text.rfind("\n", 0, at) - 1


def _refuse(node: Scalar, before: int, sign: int, report: Report) -> None:
    text = node.file.text
    comment = behind_comment_sign(text, sign)
    start = node.start if node.length else sign
    whole = (
        " ".join(f"{text[start:before]} {comment}".split()) if node.length else comment
    )
    report.add(
        "VM024",
        "this is a comment, and no part of the text before it",
        Span(node.file, sign, sign + len(comment)),
        notes=("YAML drops what stands behind a space and `#`",),
        helps=(as_text(whole), "if it is a comment, put a space behind the `#`"),
    )
    if node.is_null:
        node.value = comment  # So that nobody says that there is nothing.
        node.start, node.length = sign, len(comment)
