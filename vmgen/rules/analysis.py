"""The module that the rules look at, with what several of them need, made once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from vmgen.analysis.members import members_of
from vmgen.analysis.not_vm_safe import not_vm_safe
from vmgen.analysis.order import by_value_order
from vmgen.analysis.region_keys import parts_of
from vmgen.analysis.uses import uses
from vmgen.rules.reserved import NO_OPTIONS, by_language, reserved
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.analysis.alias_regions import AliasRegion, AliasRegions, View
    from vmgen.analysis.uses import Use
    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.layouts import Layouts
    from vmgen.reading.source import Span
    from vmgen.rules.reserved import Options, Reserved
    from vmgen.schema.types import Type

Stage = Literal[
    "reading", "model", "cycles", "layout", "last", "project", "binary", "header", "changes"
]  # fmt: skip
"""When a rule is held against a module: while it is read; once it is resolved; once
its types are in order; once they are laid out; when every other rule has had its say;
once all modules are read; and, elsewhere than in `check`, once a binary is."""

_FOR_COMPILERS = (
    ("rust", "modules", "places", "places"),
    ("rust", "cranelift", "", "handles for Cranelift"),
    ("c", "llvm", "", "handles for LLVM"),
    ("python", "llvmlite", "", "handles for llvmlite"),
)
"""Options of languages, a word in what they are set to, and what comes of it."""

_Record = m.Struct | m.Union | m.Context
_RECORDS = (m.Struct, m.Union, m.Context)


class Analysis:
    """A module under examination.

    A `complete` module has everything that its author wrote; otherwise what contains
    an unknown name was left out of it. `own` are the types that it declares, which rules
    look at; `types` are there to look names up, and have those that other modules declare
    too. `layouts` is None until the rules that need none have passed. `stages` are those
    that are through, `used_allows` the spans of the allows that found something to allow.
    `crates` are those that the generated Rust crate depends on, as paths call them; None
    where no crate is made. `languages` are those chosen, and `options` the tables of all
    that have one.
    """

    def __init__(
        self,
        module: m.Module,
        *,
        complete: bool = True,
        crates: frozenset[str] | None = frozenset(),
        languages: tuple[str, ...] = (),
        options: Options = NO_OPTIONS,
    ) -> None:
        self.module = module
        self.crates = crates
        self._languages = languages
        self._options = options
        self.types = module.types
        self.own = module.own_types
        self.complete = complete
        self.layouts: Layouts | None = None
        self.stages: set[Stage] = set()
        self.used_allows: set[Span] = set()

    def lay_out(self) -> None:
        """Make the layouts. Raises `LayoutError` unless the first rules passed."""
        from vmgen.layout.layouts import Layouts

        self.layouts = Layouts(self.module)

    @property
    def laid_out(self) -> Layouts:
        """The layouts, for rules that run when there are some."""
        assert self.layouts is not None
        return self.layouts

    @property
    def cycles(self) -> list[list[str]]:
        """Types that hold themselves by value, as the names along each cycle."""
        if self.layouts is not None:
            return self.layouts.cycles
        return by_value_order(self.own)[1]

    @property
    def cargo_features(self) -> frozenset[str]:
        """The features that the generated Rust crate has."""
        return frozenset(self._options.get("rust", {}).get("features", "").split())

    @cached_property
    def for_compilers(self) -> list[tuple[str, str, str]]:
        """The outputs that are chosen for compilers which make code for any target: the
        language, the option, and what they are."""
        found = []
        for language, option, word, what in _FOR_COMPILERS:
            said = self._options.get(language, {}).get(option, "")
            if word in said.split() or (said and not word):
                found.append((language, option, what))
        return found

    @cached_property
    def reserved(self) -> Reserved:
        """The names that the languages reserve: vmgen's own, chosen or not, since a
        schema should be fit for all of them, and the others that are chosen."""
        return reserved(self._languages, self._options)

    @cached_property
    def by_language(self) -> list[tuple[Reserved, m.Module]]:
        """The module as languages have it, for rules about names."""
        return by_language(self.module, self.reserved)

    @property
    def in_c(self) -> tuple[Reserved, m.Module]:
        """The module as C has it, and the words that it is among; by the schema's names
        where two things have one name there."""
        named = (each for each in self.by_language if "c" in each[0].languages)
        return next(named, (self.reserved, self.module))

    @cached_property
    def allows(self) -> list[m.Allow]:
        """Everything that is allowed somewhere."""
        found = list(self.module.allow.values())
        for declared in self.own.values():
            found.extend(declared.allow.values())
            for owner in members_of(declared):
                # Asking for the values of nothing takes longer than seeing that.
                if owner.allow:
                    found.extend(owner.allow.values())
        return found

    @cached_property
    def stated(self) -> list[tuple[_Record, int, m.Field]]:
        """The few fields, each with its record and its index there, of which a schema
        says more than a type: a constant, a byte order or an expected offset."""
        return [
            (declared, index, field)
            for declared in self.own.values()
            if isinstance(declared, _RECORDS)
            for index, field in enumerate(declared.fields)
            if field.value is not None
            or field.expect_offset is not None
            or field.endian != "native"
        ]

    @cached_property
    def told_compilers(self) -> list[tuple[m.Declaration, m.Field | m.Region, Type]]:
        """The fields and regions, each with its record and its type or its elements', of
        which the schema says something for compilers."""
        found: list[tuple[m.Declaration, m.Field | m.Region, Type]] = []
        for declared in self.own.values():
            if isinstance(declared, _RECORDS) and (
                any(map(_is_told, declared.fields)) or isinstance(declared, m.Context)
            ):
                found += [
                    (declared, part, type)
                    for part, type in parts_of(declared)
                    if _is_told(part)
                ]
        return found

    @cached_property
    def aliases(self) -> list[tuple[m.Declaration, m.Field | m.Region, m.Alias]]:
        """Each `alias` of the schema, with the record and the part that has it."""
        found = []
        for declared, part, _ in self.told_compilers:
            said = part.points_to.alias if part.points_to else None
            found += [(declared, part, a) for a in (part.alias, said) if a is not None]
        return found

    @cached_property
    def alias_regions(self) -> AliasRegions:
        """The alias regions, which hardly any schema asks for here."""
        from vmgen.analysis.alias_regions import AliasRegions

        return AliasRegions(self.module)

    @cached_property
    def views(self) -> list[list[View]]:
        """What is in each alias region, of all regions in which the schema could
        contradict itself."""
        # Hardly any schema has either, and looking at all parts of a large one takes time.
        if not self.aliases and not any(
            isinstance(declared, m.Union) for declared, _, _ in self.told_compilers
        ):
            return []
        found: dict[AliasRegion, list[View]] = {}
        for view in self.alias_regions.views():
            found.setdefault(view.region, []).append(view)
        return [*found.values()]

    def uses(self, code: str) -> list[Use]:
        """The places that a rule about parts of types has to look at."""
        return self._uses.get(code, [])

    @cached_property
    def not_vm_safe(self) -> frozenset[str]:
        """The types of `c-abi` modules that aren't VmSafe."""
        return not_vm_safe(self.module)

    @cached_property
    def _uses(self) -> dict[str, list[Use]]:
        return uses(self.own, self.types, self.not_vm_safe)

    @cached_property
    def contexts(self) -> dict[str, tuple[ContextLayout, ...]]:
        """Each context's layouts, one per layout class; contexts whose alignment
        can't be proved are left out."""
        contexts = [d for d in self.own.values() if isinstance(d, m.Context)]
        if not contexts:
            return {}
        # Most schemas have none, and don't wait for what it takes to lay one out.
        from vmgen.layout.alignment import TooManyStates

        found = {}
        for context in contexts:
            try:
                found[context.name] = self.laid_out.context(context.name)
            except TooManyStates:
                continue
        return found


def _is_told(part: m.Field | m.Region) -> bool:
    """Whether the schema says something of a part for compilers."""
    return bool(part.access_span or part.alias or part.atomic or part.points_to)
