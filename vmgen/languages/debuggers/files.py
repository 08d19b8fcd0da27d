"""The files of the debuggers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.languages.debuggers.tables import Beside, Rows
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.job import Job

PACKAGE = "vmgen_debugger"
RUNTIME = Path(__file__).with_name("runtime")
EMBEDDED = "vmgen_gdb.py"
_SHARED = ("__init__.py", "reading.py", "tables.py")


def script(job: Job, debugger: str, title: str) -> Output:
    """`<debugger>/<module>_<debugger>.py`, which isn't named as the module's bindings."""
    name = f"{job.module.name}_{debugger}.py"
    text = render(
        "debuggers/script.py.j2",
        header=header_lines(job.schema, job.command),
        title=title,
        file=name,
        debugger=debugger,
        runtime=PACKAGE,
        rows=Rows(job),
        beside=Beside(job),
        package=job.options.get("package", ""),
    )
    return Output(f"{debugger}/{name}", text)


def runtime(jobs: Sequence[Job], debugger: str) -> Iterator[Output]:
    """`<debugger>/vmgen_debugger/`, the same for every module."""
    head = "".join(f"# {line}\n" for line in header_lines(None, jobs[0].shared_command))
    for path in sorted(RUNTIME.glob("*.py")):
        if path.name in _SHARED or path.name.startswith(f"{debugger}_"):
            text = path.read_text(encoding="utf-8")
            yield Output(f"{debugger}/{PACKAGE}/{path.name}", head + text)
