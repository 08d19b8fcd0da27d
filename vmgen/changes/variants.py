"""Variants of enums: their names, values and payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.changes.edit import BEFORE_ALL
from vmgen.changes.matching import match
from vmgen.changes.members import extent_of
from vmgen.changes.source import compare_source
from vmgen.changes.subject import reserve, unless_said
from vmgen.changes.types import compare_types
from vmgen.rules import changes as kinds

if TYPE_CHECKING:
    from vmgen.changes.edit import Edit
    from vmgen.changes.meaning import Meanings
    from vmgen.changes.saved import Record, Variant
    from vmgen.changes.subject import Subject


def compare_variants(it: Subject) -> None:
    old, new = it.old.variants, it.new.variants
    if not old and not new:
        return
    meanings = it.whole.meanings
    matched = match(
        old,
        new,
        lambda one, other: one.value == other.value
        and _same_payload(meanings, one, other),
    )
    gone: dict[int, Edit] = {}
    come: dict[int, Edit] = {}
    for index in matched.removed:
        variant = old[index]
        gone[index] = it.edit(
            kinds.VARIANT_REMOVED,
            f"`{it.name}::{variant.name}` is removed, which is {variant.value}",
            None,
            position=BEFORE_ALL,
            moves=variant.type is not None,
            helps=reserve(it, variant.name),
        )
    for index in matched.added:
        variant = new[index]
        come[index] = it.edit(
            kinds.VARIANT_ADDED,
            f"`{it.name}::{variant.name}` is added, which is {variant.value}",
            variant.name,
            position=BEFORE_ALL,
            moves=variant.type is not None,
        )
    changed = []
    for one, other in matched.pairs:
        was, now = old[one], new[other]
        if was.value == now.value:
            continue
        text = f"`{it.name}::{now.name}` is {now.value} instead of {was.value}"
        arrived = [edit for index, edit in come.items() if index < other]
        left = [edit for index, edit in gone.items() if index < one]
        # What was counted on from a variant that is gone or new follows from that.
        if now.value - was.value == len(arrived) - len(left):
            (arrived or left)[-1].details.append(text)
        else:
            changed.append((now.name, text))
    if changed:
        (name, text), *others = changed
        more = [text for _, text in others]
        it.edit(kinds.TAG_VALUE_CHANGED, text, name, details=more)
    for one, other in matched.pairs:
        _variant(it, old[one], new[other])
    if matched.reordered:
        first = new[min(matched.reordered)]
        it.edit(
            kinds.TYPE_RESPELLED,
            f"the variants of `{it.name}` are in another order",
            first.name,
        )


def _variant(it: Subject, old: Variant, new: Variant) -> None:
    where = f"`{it.name}::{new.name}`"
    if old.name != new.name:
        it.edit(
            kinds.RENAMED,
            f"`{it.name}::{old.name}` is called `{new.name}`",
            new.name,
            helps=unless_said(old.name in new.was, "it has the value of the old one"),
        )
    compare_source(it, where, old, new, new.name)
    if old.type is None and new.type is None:
        return
    if old.type is None or new.type is None:
        before = f"`{old.type}`" if old.type else "nothing"
        after = f"`{new.type}`" if new.type else "nothing"
        it.edit(
            kinds.PART_RETYPED,
            f"{where} holds {after} instead of {before}",
            new.name,
            position=BEFORE_ALL,
            moves=True,
        )
    else:
        resized = any(
            _payload(a) != _payload(b)
            for a, b in zip(it.pair.old, it.pair.new, strict=True)
        )
        compare_types(
            it, where, old.type, new.type, new.name, BEFORE_ALL, resized, "holds"
        )


def _payload(record: Record) -> tuple[int, int] | None:
    return extent_of(record.fields[1]) if len(record.fields) > 1 else None


def _same_payload(meanings: Meanings, one: Variant, other: Variant) -> bool:
    if one.type is None or other.type is None:
        return one.type is other.type
    return not meanings.between(one.type, other.type)
