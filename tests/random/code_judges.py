"""Whether the code in generated bindings does the same in every language.

Each judge takes a crowd and gives the names of those at fault with what was said.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from tests.agreement.bindings import HOST, compile_c, ran
from tests.agreement.offsets import (
    by_the_engine,
    c_program,
    contexts_of,
    question,
    rust_program,
)
from tests.agreement.vectors import vectors
from tests.support import ROOT
from tests.values.exchange import build_libraries

if TYPE_CHECKING:
    from tests.random.crowd import Crowd, Judge

VECTORS = 30
"""Counts that each context is tried with on each layout class."""

Asked = tuple[str, str, str, dict[str, int]]
"""A module, a context of it, a target, and counts."""

PYTHON = """\
import json, sys
from importlib import import_module
from pathlib import Path

sys.path[:0] = ["python", {root!r}]
from tests.agreement.bindings import load
import vmgen_runtime

vmgen_runtime.set_host({host!r})
{code}"""

OFFSETS = """\
from tests.agreement.offsets import by_python

modules = {}
for name, context, target, counts in json.load(sys.stdin):
    if name not in modules:
        modules[name] = load(Path(f"{name}.vm.yaml")).types, import_module(name)
    types, module = modules[name]
    print(by_python(types[context], module, target, counts))
"""

VALUES = """\
from tests.values.exchange import bench_of, faults

for name in json.load(sys.stdin):
    bench = bench_of(load(Path(f"{name}.vm.yaml")), Path(), Path().resolve())
    print(json.dumps([name, list(faults(bench))]))
"""


def _python(crowd: Crowd, code: str, given: object) -> list[str]:
    text = PYTHON.format(root=str(ROOT), host=HOST, code=code)
    said = ran([sys.executable, "-B", "-c", text], crowd.bindings, json.dumps(given))
    assert said.code == 0, said.err
    return said.out.splitlines()


def _blaming_all(judge: Judge) -> Judge:
    """A judge for whom all are at fault when a program can't even be built.

    Who it is shows when each is judged alone.
    """

    def judged(crowd: Crowd) -> dict[str, str]:
        try:
            return judge(crowd)
        except AssertionError as error:
            return dict.fromkeys(crowd.names, str(error)[:3000])

    return judged


@_blaming_all
def contexts(crowd: Crowd) -> dict[str, str]:
    """The offsets of contexts are the engine's, in every language and on every class."""
    asked: list[Asked] = []
    questions: list[str] = []
    expected: list[str] = []
    number = 0
    for member in crowd.members:
        job = member.job
        for context in contexts_of(job):
            for layout_class in job.layouts.classes:
                layout = job.contexts[context.name][layout_class.index]
                target = layout_class.targets[0]
                for counts in vectors(context, layout, member.name, VECTORS):
                    asked.append((member.name, context.name, target, counts))
                    questions.append(question(number, job, context, target, counts))
                    expected.append(by_the_engine(context, layout, counts))
            number += 1
    if not asked:
        return {}
    jobs = [member.job for member in crowd.members]
    programs = {name: crowd.folder / f"{name}_offsets" for name in ("c", "rust")}
    compile_c(crowd.bindings, c_program(*jobs), programs["c"])
    rust, _ = crowd.crate
    rust.link(rust_program(*jobs), "bin", programs["rust"], optimize=0)
    stdin = "\n".join(questions)
    said = {
        name: ran([str(program)], crowd.folder, stdin).out.splitlines()
        for name, program in programs.items()
    }
    said["python"] = _python(crowd, OFFSETS, asked)
    found: dict[str, str] = {}
    for language, answers in said.items():
        for about, answer, right in zip(asked, answers, expected, strict=True):
            if answer != right:
                text = f"{about}\n{language}: {answer}\nengine: {right}"
                found.setdefault(about[0], text)
    return found


@_blaming_all
def values(crowd: Crowd) -> dict[str, str]:
    """What one language writes into a record, the others read."""
    modules = [member.module for member in crowd.members]
    rust, _ = crowd.crate
    build_libraries(modules, crowd.bindings, crowd.folder, rust)
    said = [json.loads(line) for line in _python(crowd, VALUES, crowd.names)]
    return {name: "\n".join(faults[:5]) for name, faults in said if faults}
