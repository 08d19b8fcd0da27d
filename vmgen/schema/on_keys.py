"""The key `on`: the targets that a field is there on, and what is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from vmgen.reading.source import Mapping, Node, Scalar, Sequence
from vmgen.schema.composite_shapes import ByForm, Key, Keys, Later, ListOf
from vmgen.schema.shapes import Choice
from vmgen.targets.conditions import (
    ARCHITECTURES,
    SYSTEMS,
    Condition,
    Word,
    combined,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTHS = ("16", "32", "64")


def _one_or_more(words: tuple[str, ...], what: str) -> ByForm:
    choice = Choice(words)
    return ByForm(what, scalar=choice, sequence=ListOf(choice, least=1))


CONDITION: Keys = Keys(
    "a condition",
    {
        "width": Key(
            _one_or_more(WIDTHS, "a pointer width in bits, or a list of some"),
            "How wide pointers are, in bits.",
            "width: 64",
        ),
        "os": Key(
            _one_or_more(tuple(SYSTEMS), "an operating system, or a list of some"),
            "The operating system, as rustc's `target_os` calls it.",
            "os: [linux, android]",
        ),
        "arch": Key(
            _one_or_more(tuple(ARCHITECTURES), "an architecture, or a list of some"),
            "The architecture, as rustc's `target_arch` calls it.",
            "arch: x86_64",
        ),
        "endian": Key(Choice(("little", "big")), "The byte order.", "endian: big"),
        "not": Key(
            Later(lambda: CONDITION),
            "Where this condition isn't met.",
            "not: {os: windows}",
        ),
        "any": Key(
            ListOf(Later(lambda: CONDITION), least=1),
            "Where one of these is met.",
            "any: [{os: linux}, {width: 32}]",
        ),
    },
)
ON = Key(
    CONDITION,
    "The targets that it is there on: all that is listed has to be so. Elsewhere it takes "
    "no byte.",
    "on: {os: linux, width: 64}",
)


def condition_of(node: Node | None) -> Condition | None:
    """The condition that a mapping is; None of none, and of one that says nothing."""
    if not isinstance(node, Mapping):
        return None
    parts = tuple(_parts(node))
    return combined("all", parts) if parts else None


def _parts(node: Mapping) -> Iterator[Condition]:
    for key, value in node:
        if key.value == "not":
            inner = condition_of(value)
            if inner is not None:
                yield Condition("not", "", (inner,))
        elif key.value == "any":
            items = value.items if isinstance(value, Sequence) else ()
            made = tuple(c for c in map(condition_of, items) if c is not None)
            if made:
                yield combined("any", made)
        else:
            word = cast("Word", key.value)
            values = value.items if isinstance(value, Sequence) else (value,)
            texts = [v.value for v in values if isinstance(v, Scalar)]
            if texts:
                yield combined("any", tuple(Condition(word, text) for text in texts))
