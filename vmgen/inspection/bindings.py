"""The generated Python of a schema, in this process rather than in files."""

from __future__ import annotations

import sys
from itertools import count
from types import ModuleType
from typing import TYPE_CHECKING

from vmgen.languages.job import Job
from vmgen.languages.python.module import RUNTIME, module_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.layout.layouts import Layouts

_numbers = count(1)


class _BySchema(Job):
    """A job whose output has the schema's names: what is shown of memory goes by them, as
    what is asked does."""

    def called(self, language: str) -> Job:
        return self


def bindings(layouts: Sequence[Layouts]) -> dict[str, ModuleType]:
    """The modules that Python has for schemas, by their names. Each module that one uses
    has to be among them.

    They read bytes of all targets of the schemas, and have no live records: the host needs
    to be none of the targets.
    """
    from vmgen.languages.python import runtime

    # This is not the copy that a user's modules import, and what it is told about the host
    # concerns nobody else.
    runtime.set_host(None)
    package = f"vmgen_inspected_{next(_numbers)}"
    sys.modules[package] = ModuleType(package)
    sys.modules[f"{package}.{RUNTIME}"] = runtime
    by_name = {one.module.name: one for one in layouts}
    made: dict[str, ModuleType] = {}
    waiting = [*by_name]
    while waiting:
        name = waiting[-1]
        one = by_name[name]
        options = {"package": package}
        job = _BySchema(one.module, one, str(one.module.path), "", options)
        needed = [used for used in job.used if used not in made]
        if needed:
            waiting += needed
            continue
        waiting.pop()
        if name not in made:
            path = f"{package}.{name}"
            made[name] = sys.modules[path] = ModuleType(path)
            code = compile(module_text(job), f"<{path}>", "exec")
            exec(code, made[name].__dict__)
    return made
