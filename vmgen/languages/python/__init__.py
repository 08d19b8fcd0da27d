"""Python: `vmgen_runtime.py`, and a module of ctypes classes per schema module.

`records`, `enums` and `contexts` make the classes, `view` is what they have in common,
`spelling` says types as annotations and as tokens, `table` writes the numbers, one for
each of the `columns`, and the `lines` of the schema; `names` keeps clear of what Python
needs, `notes` adds to what docstrings say, `docs` writes them as black would. What runs
in the user's process is in `templates/python/runtime`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.language import HASH, Language, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.job import Job, Output
    from vmgen.languages.words import Words


class Python(Language):
    """A module of ctypes classes per module of the schema, and `vmgen_runtime.py`. Its option
    `package` is the package that the generated Python is part of."""

    name = "python"
    comments = (HASH,)
    options = MappingProxyType(
        {
            "package": Option(
                r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*",
                "a dotted package, as `a.b`",
            )
        }
    )

    def words(self) -> Words:
        from vmgen.languages.python.words import WORDS

        return WORDS

    def module_files(self, job: Job) -> Iterable[Output]:
        from vmgen.languages.python.files import emit_module

        return emit_module(job)

    def shared_files(self, jobs: Sequence[Job]) -> Iterable[Output]:
        from vmgen.languages.python.files import emit_shared

        return emit_shared(jobs)


emit_module = Python().module_files
emit_shared = Python().shared_files
