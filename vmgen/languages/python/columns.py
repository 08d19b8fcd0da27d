"""The columns of a module's table: what can tell its layouts on two targets apart.

A column is for the layout classes that what the schema lays out cannot tell apart.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vmgen.analysis.peel import laid_out
from vmgen.languages.python.literals import MARGIN, shown
from vmgen.layout.classes import conditions_of
from vmgen.schema import model as m
from vmgen.schema.built_in import BUILT_IN
from vmgen.schema.types import (
    INT_BITS,
    Array,
    Atomic,
    CNumber,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
    children,
)
from vmgen.targets.bit_fields import BIT_RULES
from vmgen.targets.c_types import COLUMNS
from vmgen.targets.find import TARGETS
from vmgen.text import wrap

if TYPE_CHECKING:
    from vmgen.languages.job import Job
    from vmgen.targets.conditions import Condition
    from vmgen.targets.data_model import DataModel

POINTER = "pointer"
U128 = "u128"
C_CHAR = "c_char"
BITS = "bits"
OF_C = frozenset((C_CHAR, BITS, *COLUMNS))
_NO_SYSTEM = frozenset({"none", "unknown", "cuda", "amdhsa", "uefi", ""})


class Columns:
    """The columns of a module's table, and the models whose targets share each."""

    def __init__(self, job: Job) -> None:
        self._conditions = _conditions(job)
        self._facts = sorted(_facts(job) | self._conditions.keys())
        self._by_key: dict[tuple[int, ...], int] = {}
        self.classes: list[int] = []
        self._targets = job.module.targets
        for target in self._targets:
            key = self._key(target)
            if key not in self._by_key:
                self._by_key[key] = len(self.classes)
                self.classes.append(job.layouts.class_of(target.name).index)

    def models(self) -> tuple[list[str], list[int]]:
        """A row per data model, and all numbers in them, in order.

        A row is name, byte order, facts, targets, and what else there is to say.
        """
        groups: dict[tuple[tuple[int, ...], str], list[m.ModelTarget]] = {}
        for target in self._targets:
            key = self._key(target), target.model.endian
            groups.setdefault(key, []).append(target)
        rows, numbers = [], []
        for group in groups.values():
            model = group[0].model
            known = [self._fact(group[0], fact) for fact in self._facts]
            facts: list[tuple[str | int, ...]] = [
                (fact, *sizes) for fact, sizes in zip(self._facts, known, strict=True)
            ]
            numbers.append(model.pointer if POINTER in self._facts else 0)
            numbers += [sizes[-1] for sizes in known]
            words = ['"bare"'] if all(map(_is_bare, group)) else []
            if U128 in self._facts and self._is_doubtful(model):
                words.append('"doubt"')
            rows.append(_row(model, facts, [t.name for t in group], words))
        return rows, numbers

    def _is_doubtful(self, model: DataModel) -> bool:
        """Whether hosts differ in the alignment of u128 alone, which Python can't see.

        Hosts are what rustc knows with an operating system, in the schema or not.
        """
        of_target = OF_C | self._conditions.keys()
        seen = [f for f in self._facts if f != U128 and f not in of_target]
        facts = (model.endian, *(_of_model(model, fact) for fact in seen))
        return any(
            other.align_u128 != model.align_u128
            and facts == (other.endian, *(_of_model(other, fact) for fact in seen))
            for other in _host_models()
        )

    def _key(self, target: m.ModelTarget) -> tuple[int, ...]:
        return tuple([n for fact in self._facts for n in self._fact(target, fact)])

    def _fact(self, target: m.ModelTarget, fact: str) -> tuple[int, ...]:
        condition = self._conditions.get(fact)
        return (int(target.is_met(condition)),) if condition else _fact(target, fact)


@cache
def _host_models() -> tuple[DataModel, ...]:
    """The data models of targets that have an operating system."""
    hosts = [t.model for t in TARGETS.values() if t.os not in _NO_SYSTEM]
    return tuple({model.name: model for model in hosts}.values())


def _is_bare(target: m.ModelTarget) -> bool:
    """Whether nothing runs there that could run Python; unknown of own models."""
    known = TARGETS.get(target.name)
    return known is not None and known.os in _NO_SYSTEM


def _row(
    model: DataModel,
    facts: list[tuple[str | int, ...]],
    targets: list[str],
    words: list[str],
) -> str:
    """A model of the table; what else there is to say of it is in `words`."""
    known = ", ".join(map(shown, facts)) + ("," if len(facts) == 1 else "")
    # The targets are one string; a space keeps those on two lines apart.
    first, *rest = wrap(" ".join(targets), 88 - len(MARGIN) - 6)
    text = "".join([f'"{first}', *(f' "\n{MARGIN}  "{line}' for line in rest), '"'])
    more = "".join(f", {word}" for word in words)
    head = f'"{model.name}", "{model.endian}", ({known}),'
    return f"{MARGIN}({head}\n{MARGIN} ({text}){more}),"


def _fact(target: m.ModelTarget, fact: str) -> tuple[int, ...]:
    """What there is to say of a fact: an alignment in bytes, before it of pointers their
    size; of C's types the width in bytes, and of its `char` 1 if that is signed; of bit-fields the rule's
    number."""
    if fact == C_CHAR:
        return (int(target.c_types.signed_char),)
    if fact == BITS:
        return (BIT_RULES.index(target.bit_rule),)
    if fact in OF_C:
        return (target.c_types.width(fact),)
    return _of_model(target.model, fact)


def _of_model(model: DataModel, fact: str) -> tuple[int, ...]:
    align = int(getattr(model, f"align_{fact}"))
    return (model.pointer, align) if fact == POINTER else (align,)


def _facts(job: Job) -> set[str]:
    """The widths whose alignment can show in a layout of the module."""
    facts = {fact for fact in map(_fact_of, job.layouts.held) if fact is not None}
    for type in {laid_out(t) for t in job.layouts.held | _behind(job)}:
        if isinstance(type, CNumber):
            facts |= _facts_of_c(type)
    if any(c.bit_rule is not None for c in job.layouts.classes):
        facts.add(BITS)
    asked = [f for c in _conditions(job).values() for f in c.facts]
    if any(fact.word == "width" for fact in asked):
        facts.add(POINTER)
    declared = job.module.types.values()
    if any(isinstance(d, (m.Functions, m.Foreign)) for d in declared):
        # The sizes of a foreign type go by the width of pointers.
        facts.add(POINTER)
    return facts


def _conditions(job: Job) -> dict[str, Condition]:
    """The conditions of fields, and what each asks of systems and architectures, by which
    a host is found."""
    found: dict[str, Condition] = {}
    for condition in conditions_of(job.module, by_width=True):
        found[f"on {condition}"] = condition
        for fact in condition.facts:
            if fact.word in ("os", "arch"):
                found[f"{fact.word} {fact.value}"] = fact
    return found


def _behind(job: Job) -> set[Type]:
    """The numbers of C that pointers lead to: what is there is read by them."""
    found: set[Type] = set()
    pending = [*job.layouts.held]
    while pending:
        type = pending.pop()
        found |= {type} if isinstance(type, CNumber) else set()
        pending += children(type)
    return found


def _facts_of_c(type: CNumber) -> set[str]:
    """As wide as one of two integers, it is aligned as that one."""
    match type.column:
        case "c_int":
            return {"c_int", "u16", "u32"}
        case "c_long":
            return {"c_long", "u32", "u64"}
    return {C_CHAR} if type.is_signed is None else set()


def _fact_of(type: Type) -> str | None:
    """The width that a type's size or alignment depends on."""
    while isinstance(type, (Array, UnsafeCell, Option)):
        type = type.element if isinstance(type, Array) else type.inner
    match type:
        case VmPtr() | RawPointer() | FnPointer():
            return POINTER
        case CNumber(plain=str(name)):
            return _fact_of(BUILT_IN[name])
        case Int(name) | NonZero(inner=name):
            bits = INT_BITS[name]
            return POINTER if bits is None else f"u{bits}" if bits > 8 else None
        case Atomic(inner=name):
            return POINTER if name in ("usize", "isize") else None
        case Primitive("char"):
            return "u32"
        case Primitive(name):
            return name if name != "bool" else None
        case Named() | Unit():
            return None
        case _:
            return None
