"""Zig: a file per module, whose compiler checks sizes, alignments and offsets in it."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.language import SLASHES, Language, Option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.job import Job, Output

TEMPLATES = Path(__file__).parent / "templates"


class Zig(Language):
    name = "zig"
    comments = (SLASHES,)
    options = MappingProxyType(
        {"file": Option(r"[a-z_]+", "the name of a file, as `layout`")}
    )

    def module_files(self, job: Job) -> Iterator[Output]:
        from vmgen_zig.declarations import module_file

        yield module_file(job, TEMPLATES)
