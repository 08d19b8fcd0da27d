"""Python: the package `vmgen_runtime`, and a module of ctypes classes per schema module.

`files` says what is written, `module` makes the text of a module: `classes` the classes,
`annotations` what these say of their attributes, `table` the rows of layouts, with
numbers for each of the `columns` and the types as trees of `types`, in `literals`. `words` and `names`
keep clear of what Python needs, `docs` writes docstrings as black would. `runtime` is
what runs in the user's process; it is copied as it is, and nothing here imports it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.language import HASH, Language, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vmgen.languages.job import Job, Output
    from vmgen.languages.words import Words


LLVMLITE = "llvmlite"


class Python(Language):
    """A module of ctypes classes per module of the schema, and `vmgen_runtime`.

    Its option `package` is the package that the generated Python is part of; `llvmlite` is
    the version of llvmlite that modules of handles are made for.
    """

    name = "python"
    comments = (HASH,)
    options = MappingProxyType(
        {
            "package": Option(
                r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*",
                "a dotted package, as `a.b`",
            ),
            LLVMLITE: Option(
                r"0\.50", "a version of llvmlite that handles are made for: `0.50`"
            ),
        }
    )

    def words(self) -> Words:
        from vmgen.languages.python.words import WORDS

        return WORDS

    def companions(self, options: Mapping[str, str]) -> Mapping[str, str]:
        return {"_llvm": "handles for llvmlite"} if LLVMLITE in options else {}

    def module_files(self, job: Job) -> Iterable[Output]:
        from vmgen.languages.python.files import module_files

        return module_files(job)

    def shared_files(self, jobs: Sequence[Job]) -> Iterable[Output]:
        from vmgen.languages.python.files import shared_files

        return shared_files(jobs)
