"""Two types of one thing, and what is told of a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.changes.edit import BEFORE_ALL
from vmgen.rules import changes as kinds

if TYPE_CHECKING:
    from vmgen.changes.meaning import Aspect
    from vmgen.changes.subject import Subject
    from vmgen.rules.changes import Change


_ASPECTS: tuple[tuple[Aspect, Change, str], ...] = (
    ("nullability", kinds.NULLABILITY_CHANGED, ""),
    ("atomicity", kinds.ATOMICITY_CHANGED, ""),
    ("niche", kinds.NICHE_CHANGED, ""),
    ("spelling", kinds.TYPE_RESPELLED, ", with the same bytes"),
)
"""What a difference of types in one respect is, the worst first."""


def compare_types(
    it: Subject,
    where: str,
    old: str,
    new: str,
    part: str | None,
    position: float,
    resized: bool,
    what: str = "is",
) -> None:
    """Tell in what two types differ. `resized` says that sizes or alignments do, which
    moves what is behind the position, not what is there."""
    aspects = it.whole.meanings.between(old, new)
    if not aspects:
        return
    message = f"{where} {what} `{new}` instead of `{old}`"
    if it.new.kind == "functions" and part is not None:
        if aspects <= {"spelling", "parameters"}:
            kind = (
                kinds.TYPE_RESPELLED
                if "spelling" in aspects
                else kinds.DOCUMENTATION_CHANGED
            )
            message = f"{where} takes and gives the same, spelled `{new}`"
            it.edit(kind, message, part, details=(f"it was `{old}`",))
        else:
            it.edit(kinds.SIGNATURE_CHANGED, message, part)
        return
    if "meaning" in aspects or (resized and aspects == {"spelling"}):
        it.edit(kinds.PART_RETYPED, message, part, position=position + 0.25, moves=True)
        return
    worst = next(kind for aspect, kind, _ in _ASPECTS if aspect in aspects)
    for aspect, kind, more in _ASPECTS:
        if aspect in aspects and (aspect != "spelling" or kind is worst):
            it.edit(
                kind,
                message + more,
                part,
                position=position + 0.25,
                moves=resized and kind is worst,
            )


def compare_wrapped(it: Subject) -> None:
    old, new = it.old, it.new
    if old.of is not None and new.of is not None:
        resized = any(
            (a.size, a.align) != (b.size, b.align)
            for a, b in zip(it.pair.old, it.pair.new, strict=True)
        )
        compare_types(
            it, f"`{it.name}`", old.of, new.of, None, BEFORE_ALL, resized, "wraps"
        )
