"""Fields that are there on some targets only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.classes import fields_of
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, on_targets
from vmgen.schema import model as m
from vmgen.schema.types import OpenArray
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis
    from vmgen.targets.conditions import Condition


def _conditions(analysis: Analysis) -> Iterator[tuple[str, Condition, Span]]:
    """Every condition on targets, with what it is of and where it stands."""
    for _, field, span in _on_some(analysis):
        if field.on is not None:
            yield f"`{field.name}`", field.on, span
    for declared in analysis.own.values():
        for case in declared.cases if isinstance(declared, m.Foreign) else ():
            yield f"`{declared.name}`", case.on, case.on_span


def _on_some(analysis: Analysis) -> Iterator[tuple[m.Declaration, m.Field, Span]]:
    """The fields with a condition, whose they are, and where it stands."""
    for declared in analysis.own.values():
        for field in fields_of(declared):
            if field.on_span is not None:
                yield declared, field, field.on_span


@rule(
    "VM322",
    "condition-never-met",
    "A condition that no target of the schema meets.",
    stage="model",
)
def condition_never_met(analysis: Analysis) -> Iterator[Finding]:
    """A field that is there on no target is in no layout, so that nothing tells a
    misspelt condition from a right one. Of an own data model no system and no architecture
    is known: a condition that asks for one isn't met there.
    """
    targets = analysis.module.targets
    for what, condition, span in _conditions(analysis):
        if not any(target.is_met(condition) for target in targets):
            yield Finding(
                f"no target meets the condition of {what}: {condition}",
                span,
                notes=(f"the schema is for {plural(len(targets), 'target')}",),
                helps=("mend the condition, or add such a target to `targets`",),
            )


@rule(
    "VM326",
    "condition-always-met",
    "A condition that every target of the schema meets.",
    severity="warning",
    stage="model",
)
def condition_always_met(analysis: Analysis) -> Iterator[Finding]:
    """The field is there as if nothing were said of targets. The condition may be the wrong
    one, or `targets` lack those that it is about.
    """
    targets = analysis.module.targets
    for what, on, span in _conditions(analysis):
        if all(target.is_met(on) for target in targets):
            yield Finding(
                f"every target meets the condition of {what}: {on}",
                span,
                notes=(f"the schema is for {plural(len(targets), 'target')}",),
                helps=(
                    "mend the condition, remove `on`, or add targets that don't meet it",
                ),
            )


@rule(
    "VM323",
    "nothing-left",
    "A record of which nothing is there on some target.",
    stage="layout",
)
def nothing_left(analysis: Analysis) -> Iterator[Finding]:
    """C has no struct without members, and compilers for C and C++ that take one differ in
    its size. A record needs a part on every target of the schema; where the whole
    isn't there on some, the fields that hold it are to have the condition.
    """
    layouts = analysis.laid_out
    for name, declared in analysis.own.items():
        parts = layouts.parts(name)
        if isinstance(declared, m.Context) or not parts or not all(p.on for p in parts):
            continue
        empty = frozenset.intersection(*(part.absent for part in parts))
        classes = [c for c in layouts.classes if c.index in empty]
        if classes:
            where = on_targets([t for c in classes for t in c.targets], analysis.module)
            yield Finding(
                f"nothing of `{name}` is there {where}",
                declared.span,
                helps=("put the condition on the fields that hold it",),
            )


@rule(
    "VM324",
    "condition-refused",
    "A condition on a field that has to be there.",
    stage="model",
)
def condition_refused(analysis: Analysis) -> Iterator[Finding]:
    """Some things need a field on every target. A type that Rust declares elsewhere is compared with the schema field by
    field; accessors read a member wherever the union is. Code for compilers (`places`
    and handles for Cranelift and LLVM) is for all targets at once: nothing there would
    keep a compiler from loading what its target doesn't have.
    """
    for declared, field, span in _on_some(analysis):
        why = _why_not(declared, field)
        if why:
            yield Finding(f"`{field.name}` can't have a condition: {why}", span)
        for language, option, what in analysis.for_compilers:
            yield Finding(
                f"`{field.name}` isn't there on all targets, which {what} take for granted",
                span,
                helps=(f"leave `{option}` of `[tool.vmgen.{language}]` out",),
            )


def _why_not(declared: m.Declaration, field: m.Field) -> str:
    if isinstance(field.type, OpenArray):
        return "it is an array of any length"
    if isinstance(declared, m.ForeignRecord):
        return f"`{declared.name}` is declared elsewhere"
    if isinstance(declared, m.Union) and declared.accessors:
        return f"`{declared.name}` has accessors"
    return ""


@rule(
    "VM325",
    "condition-among-bits",
    "A condition on what is between bit-fields.",
    stage="model",
)
def condition_among_bits(analysis: Analysis) -> Iterator[Finding]:
    """Where a field of whole bytes isn't there, the bit-fields before it and behind it follow
    each other, and may share a byte. Rust has a run of bit-fields as bytes, with the field
    between two runs; no bytes are in both.
    """
    for declared, field, span in _on_some(analysis):
        if not isinstance(declared, m.Struct) or field.bits is not None:
            continue
        at = declared.fields.index(field)
        before = _nearest(reversed(declared.fields[:at]))
        behind = _nearest(declared.fields[at + 1 :])
        if before and behind:
            yield Finding(
                f"`{field.name}` isn't there on all targets, and stands between the "
                f"bit-fields `{before.name}` and `{behind.name}`",
                span,
                notes=("where it isn't there these two may share a byte",),
                helps=(
                    "put a struct of its own around the bit-fields on one side, or make "
                    f"`{field.name}` a bit-field too, {CHANGES}",
                ),
            )


def _nearest(fields: Iterable[m.Field]) -> m.Field | None:
    """The first bit-field, if nothing stands before it that is there on all targets."""
    for field in fields:
        if field.bits is not None:
            return field
        if field.on is None:
            return None
    return None
