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
from vmgen.imports.draft import (
    LAID_OUT_OTHERWISE,
    UNSAID,
    Declared,
    Draft,
    foreign,
)
from vmgen.imports.emit import MODULE, Text, emit
from vmgen.imports.fitting import is_c_abi
from vmgen.imports.found import ImportFailed
from vmgen.imports.measure import is_right, told
from vmgen.imports.names import distinct, words_of
from vmgen.imports.renaming import renamed
from vmgen.reading.diagnostics import Report
from vmgen.rules.registry import rule_of
from vmgen.rules.reserved import reserved
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.build.config import Config
    from vmgen.layout.layouts import Layouts
    from vmgen.reading.diagnostics import Diagnostic
    from vmgen.rules.registry import Rule

MANY = 3
"""How many parts of a type break a rule before the type as a whole is allowed to."""


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
        self._draft = draft
        self._types = dict(draft.declared)
        self._module = module
        self._head = head
        self._config = config
        self._why = UNSAID if draft.is_rust else LAID_OUT_OTHERWISE
        self._reserved = reserved(options=config.options)
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
        allowed += self._draft.c_abi and not is_c_abi(self._config)
        return Settled(text.text, len(self._types), allowed, tuple(foreign))

    def _emit(self, expected: dict[str, list[str]] | None) -> Text:
        draft = replace(self._draft, declared=self._types)
        profile = draft.c_abi and not is_c_abi(self._config)
        return emit(
            draft, self._head, self._module, self._allowed, expected, profile=profile
        )

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
            if self._rename(error.code, place) or self._allow(
                place, rule_of(error.code)
            ):
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

    def _rename(self, code: str, place: tuple[str, str | None]) -> bool:
        """Whether something that breaks the rule with that code could be called otherwise."""
        name, part = place
        owned = self._draft.owner is not None
        made = renamed(code, self._types, name, part, self._reserved, is_owned=owned)
        if made is not None:
            self._types[made.name] = made
        return made is not None

    def _give_up(self, name: str) -> bool:
        """Say less of a type that no schema can say all of; whether that was possible."""
        declared = self._types[name]
        if declared.kind == "functions":
            self._types[name] = self._without_signatures(declared)
        elif declared.kind not in ("foreign", "opaque") and declared.sizes:
            self._types[name] = foreign(declared, self._why)
        else:
            return False
        self._forget(name)
        return True

    def _without_signatures(self, declared: Declared) -> Declared:
        """A table of functions as a struct of addresses."""
        parts = []
        for part in declared.parts:
            place = f"{declared.name}{words_of(part.name)}"
            (name,) = distinct([place], self._types)
            doc = f"The code of a function `{part.type}`."
            self._types[name] = Declared(
                name=name, kind="opaque", doc=doc, unnamed=True
            )
            type: t.Type = t.VmPtr(t.Named(name))
            if part.nullable:
                type = t.Option(type)
            parts.append(replace(part, type=type, nullable=False))
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
        if self._draft.c_abi:
            self._gather_all()
        if self._judged(self._emit(None))[0]:
            # A rule that asks for its reason at each part.
            self._allowed = apart

    def _gather_all(self) -> None:
        """Have a rule that many types break be allowed once, for all of the module."""
        by_rule: dict[str, list[list[str]]] = {}
        for rules in self._allowed.values():
            for rule in rules:
                by_rule.setdefault(rule, []).append(rules)
        for rule, found in by_rule.items():
            if len(found) >= MANY:
                for rules in found:
                    rules.remove(rule)
                self._allowed.setdefault(MODULE, []).append(rule)

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
            if not is_right(record, declared, layouts):
                self._types[name] = told(record, declared, layouts, self._why)
                if self._types[name].kind == "foreign":
                    self._forget(name)
                changed.add(name)
        return bool(changed)

    def _forget(self, name: str) -> None:
        """Allow nothing of a type any more, whose parts are gone."""
        for place in [p for p in self._allowed if p[0] == name]:
            del self._allowed[place]


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
