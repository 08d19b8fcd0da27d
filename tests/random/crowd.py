"""Many random schemas that the rules accept, judged together and shrunk one by one.

Compilers take longer to start than to compile, so that schemas are judged in a crowd:
one program for all. When one of them is at fault, hypothesis walks the same road again,
this time judging each schema by itself, and shrinks the first that is at fault.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from tests.agreement.bindings import Rust, job_of
from tests.random import strategies
from vmgen.build.config import Config
from vmgen.build.pipeline import Checked, emit
from vmgen.reading.diagnostics import Report
from vmgen.rules import run_rules
from vmgen.schema import load_module

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from tests.support import Ran
    from vmgen.languages.job import Job
    from vmgen.schema.model import Module

Schema = dict[str, object]

LANGUAGES = ("rust", "c", "python")


class Member:
    """One accepted schema, under a module name of its own. `key` tells it from others."""

    def __init__(self, key: str, name: str, text: str, checked: Checked) -> None:
        self.key = key
        self.name = name
        self.text = text
        self.checked = checked

    @property
    def module(self) -> Module:
        return self.checked.module

    @cached_property
    def job(self) -> Job:
        return job_of(self.module)

    @property
    def targets(self) -> list[str]:
        return [target.name for target in self.module.targets]


class Crowd:
    """Accepted schemas, and a folder with their texts and their bindings.

    A part of a crowd shares what was made for the `whole`.
    """

    def __init__(
        self, members: list[Member], folder: Path, whole: Crowd | None = None
    ) -> None:
        self.members = members
        self.folder = folder
        self.whole = whole

    @property
    def names(self) -> list[str]:
        return [member.name for member in self.members]

    @cached_property
    def bindings(self) -> Path:
        """The folder, once the bindings are in it."""
        if self.whole:
            return self.whole.bindings
        checked = [member.checked for member in self.members]
        for output in emit(checked, Config(self.folder), LANGUAGES):
            path = self.folder / output.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(output.text, encoding="utf-8")
        return self.folder

    @cached_property
    def crate(self) -> tuple[Rust, Ran]:
        """The generated crate, and what rustc said of it when it was compiled."""
        if self.whole:
            return self.whole.crate
        rust = Rust(self.folder / "crate")
        rust.folder.mkdir()
        return rust, rust.compile(self.bindings)

    def only(self, members: Iterable[Member]) -> Crowd:
        """A part of the crowd, which shares its folder."""
        return Crowd([*members], self.folder, self)

    def parts(self, size: int) -> Iterator[Crowd]:
        """The crowd in smaller ones, which share its folder."""
        for start in range(0, len(self.members), size):
            yield self.only(self.members[start : start + size])


Judge = Callable[[Crowd], dict[str, str]]
"""Finds what is wrong: the name of each member at fault, and what was said of it."""


def accepted(schema: Schema, name: str, folder: Path) -> Member | None:
    """A schema as a member, or None if the rules refuse it.

    Types and constants are named after the module too, so that all modules can be
    compiled together.
    """
    mark, own = strategies.MARK, f"{strategies.MARK}{name[1:]}z"
    text = strategies.as_text(schema, name).replace(mark, own)
    text = text.replace(mark.upper(), own.upper())
    path = folder / f"{name}.vm.yaml"
    path.write_text(text, encoding="utf-8")
    report = Report()
    module = load_module(path, path.name, report)
    if module is None:
        return None
    layouts = run_rules(module, report)
    if layouts is None or report.has_errors:
        return None
    return Member(json.dumps(schema), name, text, Checked(module, layouts))


class Walk:
    """A road through the schemas of a strategy, which a seed decides."""

    def __init__(
        self, strategy: SearchStrategy[Schema], number: int, start: int
    ) -> None:
        self.strategy = strategy
        self.number = number
        self.start = start

    def gather(self, folder: Path) -> Crowd:
        """At least `number` different schemas that the rules accept.

        Raises AssertionError when there are fewer among those that were drawn.
        """
        members: list[Member] = []
        known: set[str] = set()

        def meet(schema: Schema) -> None:
            if json.dumps(schema) in known:
                return
            member = accepted(schema, f"r{len(members)}", folder)
            assume(member is not None)
            assert member is not None
            known.add(member.key)
            members.append(member)

        self._go(meet)
        assert (
            len(members) >= self.number
        ), f"{len(members)} of {self.number} schemas were accepted and different"
        return Crowd(members, folder)

    def hold(self, crowd: Crowd, judge: Judge) -> None:
        """Judge a crowd that `gather` made. Fails with the smallest schema at fault."""
        faults = judge(crowd)
        if not faults:
            return

        sound = {m.key for m in crowd.members if m.name not in faults}

        def meet(schema: Schema) -> None:
            if json.dumps(schema) in sound:
                return
            with tempfile.TemporaryDirectory(prefix="vmgen-random-") as place:
                member = accepted(schema, "r0", Path(place))
                assume(member is not None)
                assert member is not None
                said = judge(Crowd([member], Path(place)))
            if said:
                pytest.fail(f"{member.text}\n\n{said['r0']}")

        self._go(meet)
        first = next(m for m in crowd.members if m.name in faults)
        pytest.fail(
            f"{len(faults)} of {len(crowd.members)} schemas are at fault together and "
            f"none of them alone; the first:\n{first.text}\n\n{faults[first.name]}"
        )

    def _go(self, meet: Callable[[Schema], None]) -> None:
        """Meet the schemas of the road, the same ones as long as nothing is raised."""

        @seed(self.start)
        @settings(
            max_examples=self.number + self.number // 4,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        @given(self.strategy)
        def walk(schema: Schema) -> None:
            meet(schema)

        walk()
