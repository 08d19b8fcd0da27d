"""The module that a schema with several versions has in common: it leads to each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from vmgen import releases
from vmgen.languages.header import header_lines
from vmgen.languages.python.docs import literal
from vmgen.languages.python.module import RUNTIME, declared_names
from vmgen.languages.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.job import Job
    from vmgen.schema.model import Version

MOST_LITERALS = 100
"""So many releases of one version a type checker is told of."""


class _View(msgspec.Struct, frozen=True):
    """A version for the template; `names` are None where its module isn't of this run."""

    first: str
    last: str
    module: str
    source: str
    title: str
    releases: list[str]
    names: list[str] | None


def entry_text(jobs: Sequence[Job]) -> str:
    """The text of `python/<family>.py`; `jobs` are the versions of one schema."""
    first = jobs[0]
    module = first.module
    made = {job.module.name: job for job in jobs}
    package = first.options.get("package", "")
    views = [
        _view(version, made.get(version.module), f"{package}." if package else "")
        for version in module.versions
        if version.module in made or version.module in first.siblings
    ]
    return render(
        "python/versions.py.j2",
        header=header_lines(None, first.shared_command),
        family=module.family,
        example=module.versions[-1].last,
        runtime=f"{package}.{RUNTIME}" if package else RUNTIME,
        versions=views,
    )


def _view(version: Version, job: Job | None, package: str) -> _View:
    return _View(
        literal(version.first),
        literal(version.last),
        literal(version.module),
        f"{package}{version.module}",
        f"_{version.module}",
        [literal(release) for release in _releases(version)],
        (
            sorted(declared_names(job.called("python").module), key=_place)
            if job
            else None
        ),
    )


def _place(name: str) -> tuple[int, list[str | int], str]:
    """Where ruff wants a name in an import: constants, classes, then others, and among
    those alike but for digits, by number."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    parts = re.split(r"([0-9]+)", name.lower())
    return kind, [int(p) if p.isdigit() else p for p in parts], name


def _releases(version: Version) -> list[str]:
    """Every release of a version, unless there are too many to list."""
    first, last = releases.numbers(version.first), releases.numbers(version.last)
    assert first is not None
    assert last is not None
    numbers = range(first[-1], last[-1] + 1)[:MOST_LITERALS]
    return [releases.text_of((*first[:-1], number)) for number in numbers]
