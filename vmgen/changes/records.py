"""One record of the old side held against the same one of the new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import embedded_name
from vmgen.changes.accesses import compare_promises
from vmgen.changes.causes import attribute
from vmgen.changes.edit import BEFORE_ALL
from vmgen.changes.matching import Matched
from vmgen.changes.meaning import type_of
from vmgen.changes.members import members_of
from vmgen.changes.parts import compare_parts
from vmgen.changes.regions import compare_counts
from vmgen.changes.source import compare_source
from vmgen.changes.subject import Comparison, Pair, Subject, unless_said
from vmgen.changes.types import compare_wrapped
from vmgen.changes.variants import compare_variants
from vmgen.rules import changes as kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.changes.saved import Record


def compare_record(whole: Comparison, pair: Pair) -> None:
    """Find the edits of a record, and what they do to its numbers."""
    whole.members[pair.name] = [m.name for m in members_of(pair.new[0])]
    it = Subject(whole, pair)
    _compare(it)
    whole.edits += it.edits


def _compare(it: Subject) -> None:
    pair, old, new = it.pair, it.old, it.new
    if pair.name != pair.old_name:
        it.edit(
            kinds.RENAMED,
            f"`{pair.old_name}` is called `{pair.name}`",
            None,
            helps=unless_said(
                pair.old_name in new.was, "its parts tell that it is the same"
            ),
        )
    fields_too = (old.kind, bool(old.fields)) != (new.kind, bool(new.fields))
    if old.prefix != new.prefix or (
        fields_too and (old.kind != new.kind or old.kind == "enum")
    ):
        it.edit(
            kinds.KIND_CHANGED,
            f"`{it.name}` is {kind_of(new)} instead of {kind_of(old)}",
            None,
            position=BEFORE_ALL,
            moves=True,
        )
        attribute(it, Matched((), (), (), frozenset()))
        return
    if old.tag != new.tag:
        it.edit(
            kinds.RECORD_RESIZED,
            f"the tag of `{it.name}` is `{new.tag}` instead of `{old.tag}`",
            None,
            position=BEFORE_ALL,
            moves=True,
        )
    compare_wrapped(it)
    compare_variants(it)
    matched = compare_parts(it)
    compare_counts(it)
    compare_promises(it, f"a slot of `{it.name}`", old.access, new.access, None)
    compare_source(it, f"`{it.name}`", old, new, None)
    compare_alignment(it)
    attribute(it, matched)


def compare_alignment(it: Subject) -> None:
    """An alignment that a record is given, and not its parts' own."""
    pairs = list(zip(it.pair.old, it.pair.new, strict=True))
    if it.old.kind not in ("struct", "union", "context") or it.new.prefix:
        return
    if any(_given(a) != _given(b) for a, b in pairs):
        aligned = dict.fromkeys(f"{b.align} instead of {a.align}" for a, b in pairs)
        how = f"aligned to {', '.join(aligned)}"
        if any(a.align == b.align for a, b in pairs):
            how = "given another alignment"
        it.edit(
            kinds.RECORD_RESIZED,
            f"`{it.name}` is {how}",
            None,
            moves=True,
        )


def _given(record: Record) -> int | None:
    """The alignment of a record where its parts don't need it."""
    asked = [m.align for m in members_of(record)] + [r.round_to for r in record.regions]
    needed = max(asked, default=1)
    return record.align if record.align != needed else None


def kind_of(record: Record) -> str:
    words = {
        "struct": "a struct",
        "union": "a union",
        "newtype": "a newtype",
        "opaque": "an opaque type",
        "functions": "a table of functions",
        "foreign": "a foreign type",
        "context": "a context",
    }
    if record.prefix:
        return "a prefix"
    if record.kind == "enum":
        return "an enum with payloads" if record.fields else "a plain enum"
    return words.get(record.kind, record.kind)


def by_value(records: Mapping[str, Record], names: Sequence[str]) -> Iterator[str]:
    """Names of records, each behind those that it holds by value."""
    done: set[str] = set()
    for root in names:
        path = [(root, iter(_holds(records[root])))] if root not in done else []
        done.add(root)
        while path:
            name, rest = path[-1]
            held = next(rest, None)
            if held is None:
                path.pop()
                yield name
            elif held in records and held not in done:
                done.add(held)
                path.append((held, iter(_holds(records[held]))))


def _holds(record: Record) -> list[str]:
    texts = [m.type for m in members_of(record) if record.kind != "enum"]
    texts += [v.type for v in record.variants if v.type]
    texts += [record.of] if record.of else []
    return [name for text in texts if (name := embedded_name(type_of(text)))]
