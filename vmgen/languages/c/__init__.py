"""C: `vmgen.h`, and a header per module that C11 and C++11 take alike.

`declarators` spells types, `order` sorts and `records` writes their declarations,
`contexts` those whose size depends on counts; `models` tells the targets apart,
`checks` lists what is asserted. `templates/c` prints what they make.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.language import SLASHES, Language, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.job import Job, Output
    from vmgen.languages.words import Words

_FOLDER = "[A-Za-z0-9_][A-Za-z0-9_.+-]*"


class C(Language):
    """A header per module, and `vmgen.h`. Its options: `prefix` stands before every name
    that C has outside of records, `include` is the folder that headers are included
    from."""

    name = "c"
    comments = (SLASHES,)
    options = MappingProxyType(
        {
            "prefix": Option(
                "[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*_?",
                "the beginning of a name in C, as `rt_`",
            ),
            "include": Option(
                f"{_FOLDER}(/{_FOLDER})*", "a folder, as `rt` or `lib/rt`"
            ),
        }
    )

    def words(self) -> Words:
        from vmgen.languages.c.words import WORDS

        return WORDS

    def module_files(self, job: Job) -> Iterable[Output]:
        from vmgen.languages.c.files import emit_module

        return emit_module(job)

    def shared_files(self, jobs: Sequence[Job]) -> Iterable[Output]:
        from vmgen.languages.c.files import emit_shared

        return emit_shared(jobs)


emit_module = C().module_files
emit_shared = C().shared_files
