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


def bindings(layouts: Layouts, others: Sequence[Layouts] = ()) -> ModuleType:
    """The module that Python has for a schema. `others` are the layouts of the modules
    that it uses, and of those that these use.

    It reads bytes of all targets of the schema, and has no live records: the host needs to
    be none of the targets.
    """
    from vmgen.languages.python import runtime

    # This is not the copy that a user's modules import, and what it is told about the host
    # concerns nobody else.
    runtime.set_host(None)
    package = f"vmgen_inspected_{next(_numbers)}"
    sys.modules[package] = ModuleType(package)
    sys.modules[f"{package}.{RUNTIME}"] = runtime
    by_name = {one.module.name: one for one in (layouts, *others)}
    waiting = [layouts.module.name]
    while waiting:
        one = by_name[waiting[-1]]
        name = f"{package}.{waiting[-1]}"
        job = Job(one.module, one, str(one.module.path), "", {"package": package})
        needed = [used for used in job.used if f"{package}.{used}" not in sys.modules]
        if needed:
            waiting += needed
            continue
        waiting.pop()
        if name not in sys.modules:
            made = sys.modules[name] = ModuleType(name)
            exec(compile(module_text(job), f"<{name}>", "exec"), made.__dict__)
    return sys.modules[f"{package}.{layouts.module.name}"]
