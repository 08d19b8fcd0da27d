"""The one file of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.languages.text.blocks import Blocks
from vmgen.languages.text.head import head_blocks

if TYPE_CHECKING:
    from vmgen.languages.job import Job

INTRO = """\
`16+4` is a part at offset 16 with 4 bytes, `24/8` a record of 24 bytes aligned to 8.
A column is for the layout classes named above it; a bare width, as `64`, is for all
classes of that width that no other column of the type names, `all` for all there are.
A fingerprint is the module's `LAYOUT_FINGERPRINT` on targets of its line.\
"""


def module_table(job: Job) -> Output:
    """What the module declares, and what of it is declared elsewhere by name."""
    blocks = Blocks(job.layouts.classes)
    text = render(
        "layout/module.txt.j2",
        header=header_lines(job.schema, job.command),
        intro=INTRO.splitlines(),
        blocks=[*head_blocks(job), *map(blocks.declare, job.records)],
    )
    return Output(f"layout/{job.module.name}.txt", text)
