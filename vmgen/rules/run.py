"""Hold a module against every rule, in an order that gives each what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.diagnostics import Diagnostic
from vmgen.rules.analysis import Analysis
from vmgen.rules.registry import checked_rules
from vmgen.rules.reserved import NO_OPTIONS
from vmgen.schema.profiles import ADMITTED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vmgen.layout.layouts import Layouts
    from vmgen.reading.diagnostics import Report
    from vmgen.rules.analysis import Stage
    from vmgen.rules.finding import Finding
    from vmgen.rules.registry import Rule
    from vmgen.rules.reserved import Options
    from vmgen.schema.model import Module


class Judged(msgspec.Struct, frozen=True):
    """What the rules made of a module.

    `layouts` are those that the rules looked at, None where there are none: its readers
    or a rule found what leaves no layout. `passed` says that no error was found;
    `of_project` are the rules that found something which the project allows.
    """

    layouts: Layouts | None
    passed: bool
    of_project: frozenset[str] = frozenset()


def run_rules(
    module: Module,
    report: Report,
    crates: frozenset[str] | None = frozenset(),
    languages: tuple[str, ...] = (),
) -> Layouts | None:
    """`judge`, for those who need layouts without any error: None when there is one."""
    judged = judge(module, report, crates, languages)
    return judged.layouts if judged.passed else None


def judge_all(
    modules: Sequence[Module],
    report: Report,
    crates: frozenset[str] | None = frozenset(),
    languages: tuple[str, ...] = (),
    options: Options = NO_OPTIONS,
) -> list[Judged]:
    """`judge` for each of the modules, and once for each that they use."""
    begun: dict[int, _Run] = {}
    for module in modules:
        used = module.modules_used
        for one in (*used, module):
            if id(one) not in begun:
                possible = all(begun[id(u)].layouts for u in one.modules_used)
                begun[id(one)] = _begin(
                    one, report, crates, languages, options, used_laid_out=possible
                )
    _share_allows([*begun.values()])
    made = {key: run.finish() for key, run in begun.items()}
    return [made[id(module)] for module in modules]


def judge(
    module: Module,
    report: Report,
    crates: frozenset[str] | None = frozenset(),
    languages: tuple[str, ...] = (),
) -> Judged:
    """Report everything that is wrong with a module that was read.

    `crates` are those that the generated Rust crate depends on; None where none is made.
    `languages` are those chosen, which may reserve names that vmgen's own don't.
    """
    run = _begin(module, report, crates, languages, NO_OPTIONS)
    _share_allows([run])
    return run.finish()


def _begin(
    module: Module,
    report: Report,
    crates: frozenset[str] | None,
    languages: tuple[str, ...],
    options: Options,
    *,
    used_laid_out: bool | None = None,
) -> _Run:
    """Hold a module against all rules but the last ones.

    Where the readers left something out, offsets would be those of another record, so
    that the rules about layouts are not asked. Nor are they where a module that it uses
    has no layout: `used_laid_out` says whether each has one, if they were judged.
    `options` are the tables of languages, some of which leave names to schemas.
    """
    report = report.part((module.path, module.version))
    if used_laid_out is None:
        sound = not report.has_errors_in(module.all_files)
    else:
        sound = used_laid_out and not report.has_errors_in(module.files)
    analysis = Analysis(
        module, complete=sound, crates=crates, languages=languages, options=options
    )
    run = _Run(analysis, report)
    run.stage("model")
    possible = sound and not run.firm
    if possible:
        run.analysis.lay_out()
    run.stage("cycles")
    if possible and not run.firm:
        run.stage("layout")
    return run


def _share_allows(runs: Sequence[_Run]) -> None:
    """What is allowed at the top of a schema is of use where one of its versions needs it.
    Unless all versions are here nobody can say that none does."""
    schemas: dict[Path, list[_Run]] = {}
    for run in runs:
        if run.analysis.module.versions:
            schemas.setdefault(run.analysis.module.path, []).append(run)
    for of_schema in schemas.values():
        modules = [run.analysis.module for run in of_schema]
        at_top = {allow.span for module in modules for allow in module.allow.values()}
        here = {version for module in modules for version in module.listed}
        if len(here) == len(modules[0].versions):
            at_top &= {s for run in of_schema for s in run.analysis.used_allows}
        for run in of_schema:
            run.analysis.used_allows |= at_top


NOT_ALLOWED = "it can't be allowed: there is nothing that could be emitted for it"


class _Run:
    """One pass over the rules; remembers what stops it."""

    def __init__(self, analysis: Analysis, report: Report) -> None:
        self.analysis = analysis
        self.report = report
        self.firm = False
        self.errors = False
        self.of_project: set[str] = set()

    @property
    def layouts(self) -> Layouts | None:
        """Those that the rules looked at, None where something leaves none."""
        return (
            self.analysis.layouts if self.analysis.complete and not self.firm else None
        )

    def finish(self) -> Judged:
        """Ask the last rules, which are about what the others found."""
        self.stage("last")
        passed = self.layouts is not None and not self.errors
        return Judged(self.layouts, passed, frozenset(self.of_project))

    def stage(self, stage: Stage) -> None:
        for rule in checked_rules():
            if rule.stage == stage and rule.check is not None:
                for finding in rule.check(self.analysis):
                    self.judge(rule, finding)
        self.analysis.stages.add(stage)

    def judge(self, rule: Rule, finding: Finding) -> None:
        """Report a finding, unless the profile admits it or the author has allowed it."""
        module = self.analysis.module
        if (
            module.profile is not None
            and rule.code in ADMITTED
            and not (finding.firm or finding.in_all_profiles)
        ):
            return
        notes = finding.notes
        allow = None
        for allows in (*finding.allows, module.allow, module.project_allow):
            allow = allows.get(rule.name)
            if allow is not None:
                self.analysis.used_allows.add(allow.span)
                if allows is module.project_allow:
                    self.of_project.add(rule.name)
                break
        if allow is not None and rule.allowable:
            if not finding.firm:
                return
            notes = (*notes, NOT_ALLOWED)
        self.firm = self.firm or finding.firm
        self.errors = self.errors or rule.severity == "error"
        self.report.append(
            Diagnostic(
                rule.code,
                finding.message,
                finding.span,
                notes,
                finding.helps,
                rule.severity,
            )
        )
