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
    from collections.abc import Callable, Iterable, Sequence

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

    def names(job: Job) -> list[str]:
        return declared_names(job.called("python").module)

    return entry_to(jobs, "", names)


def entry_to(
    jobs: Sequence[Job], suffix: str, names: Callable[[Job], Iterable[str]]
) -> str:
    """The text of what leads to the modules of versions whose names end with `suffix`;
    `names` are those that such a module declares."""
    first = jobs[0]
    module = first.module
    made = {job.module.name: job for job in jobs}
    package = first.options.get("package", "")
    views = []
    for version in module.versions:
        job = made.get(version.module)
        if job is None and version.module not in first.siblings:
            continue
        its = f"{version.module}{suffix}"
        view = _View(
            literal(version.first),
            literal(version.last),
            literal(its),
            f"{package}.{its}" if package else its,
            f"_{its}",
            [literal(release) for release in _releases(version)],
            sorted(names(job), key=_place) if job else None,
        )
        views.append(view)
    return render(
        "python/versions.py.j2",
        header=header_lines(None, first.shared_command),
        family=module.family,
        example=module.versions[-1].last,
        runtime=f"{package}.{RUNTIME}" if package else RUNTIME,
        of_handles=bool(suffix),
        versions=views,
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
