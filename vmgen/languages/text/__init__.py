"""Layouts as text for review: every size, alignment and offset on every target.

A change of the ABI is a change of this file, a line for each part that moves. So a
line's text depends on nothing but its own part: columns have a fixed width, a region's
place is told from the region before it, and types are in the order of their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.language import HASH, Language
from vmgen.languages.render import render
from vmgen.languages.text.blocks import Blocks
from vmgen.languages.text.head import head_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.job import Job

INTRO = """\
`16+4` is a part at offset 16 with 4 bytes, `24/8` a record of 24 bytes aligned to 8.
A column is for the layout classes named above it; a bare width, as `64`, is for all
classes of that width that no other column of the type names, `all` for all there are.
A fingerprint is the module's `LAYOUT_FINGERPRINT` on targets of its line.\
"""


class Text(Language):
    """A table of a module's layouts; it stands alone, so that modules share nothing."""

    name = "layout"
    comments = (HASH,)

    def module_files(self, job: Job) -> Iterator[Output]:
        """One table of what the module declares."""
        blocks = Blocks(job.layouts.classes)
        yield Output(
            f"layout/{job.module.name}.txt",
            render(
                "layout/module.txt.j2",
                header=header_lines(job.schema, job.command),
                intro=INTRO.splitlines(),
                blocks=[*head_blocks(job), *map(blocks.declare, job.records)],
            ),
        )
