"""One file of all that gdb needs to print a crate's types, for the crate to bring along."""

from __future__ import annotations

import ast
from textwrap import indent
from typing import TYPE_CHECKING

from vmgen.languages.debuggers.files import EMBEDDED, RUNTIME
from vmgen.languages.debuggers.tables import Rows
from vmgen.languages.header import header_lines
from vmgen.languages.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.job import Job


def embedded_text(jobs: Sequence[Job]) -> str:
    """The text of `vmgen_gdb.py`. It has the printers inside of a function, since gdb runs
    the scripts of all crates in one namespace."""
    return render(
        "debuggers/embedded.py.j2",
        header=header_lines(None, jobs[0].shared_command),
        file=EMBEDDED,
        sources=[_inside(name) for name in ("tables.py", "gdb_printers.py")],
        modules=[Rows(job) for job in jobs],
    )


def _inside(name: str) -> str:
    """A file of the runtime as the body of a function: without its docstring, and without
    the imports of what is there already."""
    source = (RUNTIME / name).read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        relative = isinstance(node, ast.ImportFrom) and (
            node.level > 0 or node.module == "__future__"
        )
        if relative or isinstance(node, ast.Expr):
            del lines[node.lineno - 1 : node.end_lineno]
    return indent("\n".join(lines).strip("\n"), "    ")
