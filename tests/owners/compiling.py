"""Files of assertions, and the compilers of several machines that judge them."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from tests.support import need, vmgen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COMPILERS = {
    "x86_64-unknown-linux-gnu": "gcc",
    "i686-unknown-linux-gnu": "i686-linux-gnu-gcc",
    "armv7-unknown-linux-gnueabihf": "arm-linux-gnueabihf-gcc",
    "s390x-unknown-linux-gnu": "s390x-linux-gnu-gcc",
}
"""The compiler of each machine, with the headers of its own."""


def built(folder: Path, schema: str, *options: str) -> None:
    """Make the C of a schema in a folder, in `generated/c` below it."""
    ran = vmgen("build", schema, "--lang", "c", *options, cwd=folder)
    assert (ran.code, ran.err) == (0, ""), ran.out


def compiled(
    folder: Path, command: Sequence[str], source: str, *, into: str = ""
) -> list[str]:
    """The errors that a compiler has about a source, without where they are. It only reads
    the source, unless it makes code of it, `into` a file."""
    tool, *flags = command
    done = subprocess.run(
        [
            need(tool),
            *flags,
            *(("-c", "-o", into) if into else ("-fsyntax-only",)),
            *("-Wall", "-Wextra", "-Werror", "-fmax-errors=0"),
            *("-I.", "-Igenerated/c", source),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"(?:fatal )?error: (.*)", done.stderr)
    assert bool(found) == bool(done.returncode), done.stderr
    return found
