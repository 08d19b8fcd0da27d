"""Rust: `src/<module>.rs` has the types, `src/<module>_offsets.rs` the numbers.

The first is for a runtime, which has the records in its memory: its numbers are the
compiling target's, and rustc is made to check each. The second is for a compiler,
which may compile for another target: it has every target's numbers and no types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.rust.crate import shared_files
from vmgen.languages.rust.module import module_file
from vmgen.languages.rust.offsets import offsets_file
from vmgen.languages.rust.rows import Chooser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.job import Job, Output


def emit_module(job: Job) -> Iterator[Output]:
    """The files of one module."""
    chooser = Chooser(job)
    yield module_file(chooser)
    yield offsets_file(chooser)


def emit_shared(jobs: Sequence[Job]) -> Iterator[Output]:
    """The crate around them and its runtime, if the project has none of its own."""
    return shared_files(jobs)
