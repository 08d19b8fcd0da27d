"""C: `vmgen.h`, and a header per module that C11 and C++11 take alike.

`names` has every derived name, `declarators` spells types, `order` sorts and
`declarations` writes them, `contexts` what depends on counts; `models` tells the targets
apart, `rows` lists what is asserted. `files` puts all of it together, `templates/c`
prints it, and `runtime/vmgen.h` is copied.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.language import SLASHES, Language, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from vmgen.languages.job import Job, Output
    from vmgen.languages.words import Derived, Words
    from vmgen.schema.model import Module


class C(Language):
    """A header per module, and `vmgen.h`.

    `prefix` begins every name that a header declares, members aside; `include` is the
    folder below `c/` that the headers are in, and that includes name; `llvm` asks for
    headers of constants for compilers on LLVM.
    """

    name = "c"
    comments = (SLASHES,)
    options = MappingProxyType(
        {
            "prefix": Option(
                "[A-Za-z](?!.*__)[A-Za-z0-9_]*", "the beginning of a name, as `wt_`"
            ),
            "descriptor": Option("true", "`true`"),
            "llvm": Option("true", "`true`"),
            "include": Option(
                r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*",
                "a folder below `c/`, as `wasm/runtime`",
            ),
        }
    )

    def words(self) -> Words:
        from vmgen.languages.c.words import WORDS

        return WORDS

    def derived(self, module: Module) -> Iterator[Derived]:
        from vmgen.languages.c.derived import derived

        return derived(module)

    def companions(self, options: Mapping[str, str]) -> Mapping[str, str]:
        asked = {"llvm": "constants for LLVM", "descriptor": "descriptor"}
        found = {f"_{key}": what for key, what in asked.items() if key in options}
        return {"_header_check": "comparison with a header", **found}

    def module_files(self, job: Job) -> Iterable[Output]:
        from vmgen.languages.c.files import module_header

        yield module_header(job)
        if "descriptor" in job.options:
            from vmgen.languages.c.descriptor import descriptor_file

            yield descriptor_file(job)
        if "llvm" in job.options:
            from vmgen.languages.c.llvm import constants_header

            yield constants_header(job)
        if job.module.owner is not None:
            from vmgen.languages.c.header_check import header_check

            yield header_check(job, job.module.owner)

    def shared_files(self, jobs: Sequence[Job]) -> Iterable[Output]:
        from vmgen.languages.c.files import runtime_header

        yield runtime_header(jobs[0])
        if any("llvm" in job.options for job in jobs):
            from vmgen.languages.c import llvm

            yield llvm.runtime_header(jobs[0])
