"""Layouts as text for review: every size, alignment and offset on every target.

A change of the ABI is a change of this file, a line for each part that moves. So a
line's text depends on nothing but its own part: columns have a fixed width, a region's
place is told from the region before it, and types are in the order of their names.
`head` says what is above the types, `blocks` what each type is, `columns` its numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.language import HASH, Language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.languages.job import Job, Output


class Text(Language):
    """A table of a module's layouts; it stands alone, so that modules share nothing."""

    name = "layout"
    comments = (HASH,)

    def module_files(self, job: Job) -> Iterable[Output]:
        from vmgen.languages.text.files import module_table

        yield module_table(job)
