"""A draft held against the rules and against what compilers said of it, until it is right.

What a rule refuses is allowed, if it can be, with a place for the reason; what is laid out
otherwise than a compiler had it is packed, is told its alignment, or only its size.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from vmgen.analysis.order import embedded
from vmgen.build import pipeline
from vmgen.build.project import SchemaPath
from vmgen.imports.draft import Declared, Draft, foreign
from vmgen.imports.emit import Text, emit
from vmgen.imports.found import ImportFailed
from vmgen.imports.names import distinct, type_name
from vmgen.reading.diagnostics import Report
from vmgen.rules.registry import rule_of
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.build.config import Config
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Record
    from vmgen.reading.diagnostics import Diagnostic
    from vmgen.rules.registry import Rule

MANY = 3
"""How many parts of a type break a rule before the type as a whole is allowed to."""

MAX_ALIGN = 1 << 16
"""The largest alignment that is tried, in bytes."""


class Settled(msgspec.Struct, frozen=True):
    """A schema's text that has no errors, how many types it declares and rules it allows,
    and the types of which it says size and alignment alone."""

    text: str
    types: int
    allowed: int
    foreign: tuple[str, ...]


def settle(draft: Draft, module: str, head: Sequence[str], config: Config) -> Settled:
    """The text of a draft, in which every finding that is an error is seen to.

    Raises `ImportFailed` where that can't be.
    """
    return _Settling(draft, module, head, config).run()


class _Settling:
    def __init__(
        self, draft: Draft, module: str, head: Sequence[str], config: Config
    ) -> None:
        self._targets = draft.targets
        self._types = dict(draft.declared)
        self._module = module
        self._head = head
        self._config = config
        self._allowed: dict[tuple[str, str | None], list[str]] = {}

    def run(self) -> Settled:
        # Each round but the last mends something that stays mended: an alignment grows,
        # a rule is allowed, a type loses its parts.
        while True:
            text = self._emit(None)
            errors, layouts = self._judged(text)
            if layouts is not None and not errors:
                if not self._measure(layouts):
                    break
            elif not self._mend(text, errors):
                raise ImportFailed(_spoken(errors))
        self._gather()
        text = self._emit(_behind_holes(layouts, self._types))
        errors, _ = self._judged(text)
        if errors:
            raise ImportFailed(_spoken(errors))
        allowed = sum(len(rules) for rules in self._allowed.values())
        foreign = [n for n, d in self._types.items() if d.kind == "foreign"]
        return Settled(text.text, len(self._types), allowed, tuple(foreign))

    def _emit(self, expected: dict[str, list[str]] | None) -> Text:
        draft = Draft(self._targets, self._types)
        return emit(draft, self._head, self._module, self._allowed, expected)

    def _judged(self, text: Text) -> tuple[list[Diagnostic], Layouts | None]:
        report = Report()
        name = f"{self._module}.vm.yaml"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_text(text.text, encoding="utf-8")
            modules = pipeline.read([SchemaPath(path, name)], self._config, report)
        checked = pipeline.judge(modules, self._config, report)
        errors = [found for found in report if found.severity == "error"]
        return errors, checked[0].layouts if checked else None

    def _mend(self, text: Text, errors: Sequence[Diagnostic]) -> bool:
        """Whether something could be done about errors."""
        mended = False
        refused: list[str] = []
        for error in errors:
            line = error.span.line if error.span else 0
            place = text.places[line - 1] if 0 < line <= len(text.places) else None
            if place is None:
                continue
            if self._allow(place, rule_of(error.code)):
                mended = True
            else:
                refused.append(place[0])
        if not mended:
            mended = self._give_up(refused[0]) if refused else False
        self._allowed = {
            place: rules for place, rules in self._allowed.items() if rules
        }
        return mended

    def _allow(self, place: tuple[str, str | None], rule: Rule) -> bool:
        """Allow a rule at a place, or for the whole type where that doesn't help; whether
        there was anything to allow."""
        if not rule.allowable:
            return False
        rules = self._allowed.setdefault(place, [])
        if rule.name in rules and place[1] is not None:
            rules.remove(rule.name)
            rules = self._allowed.setdefault((place[0], None), [])
        if rule.name in rules:
            return False
        rules.append(rule.name)
        return True

    def _give_up(self, name: str) -> bool:
        """Say less of a type that no schema can say all of; whether that was possible."""
        declared = self._types[name]
        if declared.kind == "functions":
            self._types[name] = self._without_signatures(declared)
        elif declared.kind not in ("foreign", "opaque") and declared.sizes:
            self._types[name] = foreign(declared)
        else:
            return False
        self._forget(name)
        return True

    def _without_signatures(self, declared: Declared) -> Declared:
        """A table of functions as a struct of addresses."""
        parts = []
        for part in declared.parts:
            place = f"{declared.name}{type_name(part.name)}"
            (name,) = distinct([place], self._types)
            doc = f"The code of a function `{part.type}`."
            self._types[name] = Declared(name=name, kind="opaque", doc=doc)
            parts.append(replace(part, type=t.VmPtr(t.Named(name))))
        return replace(declared, kind="struct", parts=tuple(parts))

    def _gather(self) -> None:
        """Have a rule that many parts of a type break be allowed once, for the type."""
        apart = {place: list(rules) for place, rules in self._allowed.items()}
        for name in self._types:
            mine = [
                r for place, rules in apart.items() if place[0] == name for r in rules
            ]
            for rule in sorted(set(mine)):
                if mine.count(rule) < MANY:
                    continue
                for place, rules in self._allowed.items():
                    if place[0] == name and rule in rules:
                        rules.remove(rule)
                self._allowed.setdefault((name, None), []).append(rule)
        if self._judged(self._emit(None))[0]:
            # A rule that asks for its reason at each part.
            self._allowed = apart

    def _measure(self, layouts: Layouts) -> bool:
        """Hold layouts against what compilers say; whether something changed for it.

        Types that are made of others are looked at when these are right.
        """
        changed: set[str] = set()
        for name in layouts.order:
            declared = self._types[name]
            if declared.kind in ("opaque", "foreign") or not declared.sizes:
                continue
            if not changed.isdisjoint(embedded(layouts.module.types[name])):
                changed.add(name)
                continue
            record = layouts.of(name)
            if not _is_right(record, declared, layouts):
                self._types[name] = _told(record, declared, layouts)
                if self._types[name].kind == "foreign":
                    self._forget(name)
                changed.add(name)
        return bool(changed)

    def _forget(self, name: str) -> None:
        """Allow nothing of a type any more, whose parts are gone."""
        for place in [p for p in self._allowed if p[0] == name]:
            del self._allowed[place]


def _is_right(record: Record, declared: Declared, layouts: Layouts) -> bool:
    for target, size in declared.sizes.items():
        index = layouts.class_of(target).index
        extent = record.extents[index]
        if extent[0] != size or extent[1] != declared.aligns.get(target, extent[1]):
            return False
    return _are_parts_right(record, declared, layouts)


def _are_parts_right(record: Record, declared: Declared, layouts: Layouts) -> bool:
    """Whether all parts are where compilers have them."""
    if declared.kind == "enum":
        offsets = [declared.payload] if len(record.parts) > 1 else []
        parts = record.parts[1:]
    else:
        offsets = [part.offsets for part in declared.parts]
        parts = record.parts
    return all(
        part.offsets[layouts.class_of(target).index] == offset
        for part, numbers in zip(parts, offsets, strict=False)
        for target, offset in numbers.items()
    )


def _told(record: Record, declared: Declared, layouts: Layouts) -> Declared:
    """A type that is laid out otherwise than compilers have it, packed to their alignment
    where that is less, or with the next larger alignment; without its parts if neither
    helps."""
    if _may_be_packed(record, declared, layouts):
        return replace(declared, packed=max(declared.aligns.values()))
    if declared.kind in ("struct", "union") and _are_parts_right(
        record, declared, layouts
    ):
        least = max(align for _, align in record.extents)
        asked = max(declared.align or 0, least) * 2
        sizes = declared.sizes.values()
        if asked <= MAX_ALIGN and all(size % asked == 0 for size in sizes):
            known = declared.aligns.values()
            if all(align >= asked for align in known):
                return replace(declared, align=asked)
    return foreign(declared)


def _may_be_packed(record: Record, declared: Declared, layouts: Layouts) -> bool:
    """Whether compilers align a type less than what is in it on some target."""
    if declared.kind not in ("struct", "union") or declared.align or declared.packed:
        return False
    return any(
        record.extents[layouts.class_of(target).index][1] > align
        for target, align in declared.aligns.items()
    )


def _behind_holes(layouts: Layouts, types: dict[str, Declared]) -> dict[str, list[str]]:
    """The parts, by type, before which some target has padding: where an offset isn't
    the sum of what stands before."""
    found: dict[str, list[str]] = {}
    for name, declared in types.items():
        if declared.kind != "struct":
            continue
        record = layouts.of(name)
        for before, part in zip(record.parts, record.parts[1:], strict=False):
            if any(hole is not None for hole in before.padding):
                found.setdefault(name, []).append(part.name)
    return found


def _spoken(errors: Sequence[Diagnostic]) -> str:
    first = errors[0] if errors else None
    if first is None:
        return "no schema could be made of it"
    return f"no schema could be made of it: {first.message} ({first.code})"
