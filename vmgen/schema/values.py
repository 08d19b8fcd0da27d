"""Single values of a tree: the number one spells, and how messages speak of it."""

from __future__ import annotations

import re

from vmgen.reading.source import Mapping, Node, Scalar, Sequence, Span

_NUMBER = re.compile(r"-?(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|0|[1-9][0-9_]*)")
MAX_NUMBER_LENGTH = 60


def number(node: Node) -> int | None:
    """The whole number that a plain scalar spells, or None."""
    if not isinstance(node, Scalar) or not node.plain:
        return None
    if len(node.value) > MAX_NUMBER_LENGTH or not _NUMBER.fullmatch(node.value):
        return None
    return int(node.value.replace("_", ""), 0)


def unquoting(node: Node) -> tuple[str, ...]:
    """The help for a number that quotes make a text of; nothing for anything else."""
    if not isinstance(node, Scalar) or node.plain or not _NUMBER.fullmatch(node.value):
        return ()
    quoted = node.file.text[node.start : node.end]
    return ("remove the quotes",) if quoted[:1] in ("'", '"') else ()


def point(node: Node) -> Span:
    """Where a message about a node points: all of a scalar, else its first line."""
    if isinstance(node, Scalar):
        return node.span
    line_end = node.file.text.find("\n", node.start)
    end = node.end if line_end < 0 else min(node.end, line_end)
    return Span(node.file, node.start, max(end, node.start + 1))


def found(node: Node) -> str:
    """What a node is, in words for a message."""
    if isinstance(node, Scalar):
        if node.is_null:
            return "nothing"
        return f"`{shortened(node.value)}`" if node.value.strip() else "an empty text"
    empty = (isinstance(node, Mapping) and not node.entries) or (
        isinstance(node, Sequence) and not node.items
    )
    return f"an empty {node.kind}" if empty else f"a {node.kind}"


def shortened(text: str) -> str:
    """A text on one line, of at most 40 characters."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
