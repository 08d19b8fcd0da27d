"""`vmgen build --depfile`: what the outputs depend on, for Make."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from vmgen.build.atomic import refuse_irregular
from vmgen.build.depfile import depfile, is_depfile
from vmgen.build.project import shown_from_here
from vmgen.build.write import Change
from vmgen.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def dependency_file(
    path: Path, outputs: Sequence[Path], inputs: Sequence[Path]
) -> Change:
    """The change that writes it. Raises `UsageError` where it would go over anything
    that is no dependency file, and OSError."""
    place = os.path.realpath(path)
    for files, what in (inputs, "an input of"), (outputs, "an output of"):
        if place in map(os.path.realpath, files):
            raise UsageError(f"--depfile: {path} is {what} this build")
    refuse_irregular(path)
    if path.exists() and not is_depfile(path.read_text(errors="replace")):
        raise UsageError(
            f"--depfile: {path} is no dependency file; move it away, or choose "
            "another name"
        )
    made = [shown_from_here(output) for output in outputs]
    read = [shown_from_here(file) for file in inputs]
    text = depfile(made, read).encode(errors="surrogateescape")
    return Change(path, "changed", None, text)
