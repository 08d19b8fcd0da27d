"""What leads to the handles of each version of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.job import Output
from vmgen.languages.python.handles import RECORDS, SUFFIX
from vmgen.languages.python.module import named
from vmgen.languages.python.versions import entry_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.job import Job


def handles_entry(jobs: Sequence[Job]) -> Output:
    """`python/<family>_llvm.py`; `jobs` are the versions of one schema."""
    family = jobs[0].module.family
    return Output(f"python/{family}{SUFFIX}.py", entry_to(jobs, SUFFIX, _declared))


def _declared(job: Job) -> list[str]:
    """The names that a version's module of handles declares."""
    job = job.called("python")
    classes, _ = named(job.module)
    records = [r for r in job.records if isinstance(r.declared, RECORDS)]
    return ["Handles", *(f"{classes[record.name]}Handles" for record in records)]
