"""The files of Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.python.module import RUNTIME, module_text
from vmgen.languages.python.versions import entry_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.job import Job

_SOURCE = Path(__file__).parent / "runtime"


def module_files(job: Job) -> Iterator[Output]:
    """`python/<module>.py`, and its handles where these are asked for."""
    yield Output(f"python/{job.module.name}.py", module_text(job))
    if "llvmlite" in job.options:
        from vmgen.languages.python.handles import handles_file

        yield handles_file(job)


def shared_files(jobs: Sequence[Job]) -> Iterator[Output]:
    """`python/vmgen_runtime/`, the same for every module, with what handles need if any
    are made, and `python/<family>.py`, with handles `python/<family>_llvm.py` too, for each
    schema that describes several versions."""
    families: dict[str, list[Job]] = {}
    for job in jobs:
        if job.module.versions:
            families.setdefault(job.module.family, []).append(job)
    for family, of_versions in families.items():
        yield Output(f"python/{family}.py", entry_text(of_versions))
        if "llvmlite" in of_versions[0].options:
            from vmgen.languages.python.handles_versions import handles_entry

            yield handles_entry(of_versions)
    lines = header_lines(None, jobs[0].shared_command)
    head = "".join(f"# {line}\n" for line in lines)
    handles = any("llvmlite" in job.options for job in jobs)
    for path in sorted(_SOURCE.glob("*.py")):
        if path.stem.partition("_")[0] == "llvm" and not handles:
            continue
        text = path.read_text(encoding="utf-8")
        yield Output(f"python/{RUNTIME}/{path.name}", head + text)
