"""The debuggers themselves, in batches of commands."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.support import need

_MARK = "---- what follows is of the next command ----"


def gdb(*commands: str, first: tuple[str, ...] = ()) -> list[str]:
    """What gdb prints for each command, errors too; `first` come before any file is
    loaded."""
    arguments = ["-nx", "-q", "-batch"]
    for command in ("set debuginfod enabled off", "set width 0", *first):
        arguments += ["-iex", command]
    for command in commands:
        arguments += ["-ex", f"echo {_MARK}\\n", "-ex", command]
    _, *said = _run([need("gdb"), *arguments], os.environ.copy()).split(f"{_MARK}\n")
    return [text.rstrip("\n") for text in said]


def lldb(*commands: str) -> list[str]:
    """The same of LLDB, which stops at an error."""
    program = need("lldb")
    arguments = ["--no-lldbinit", "-b", "-o", "settings set use-color false"]
    for command in commands:
        arguments += ["-o", command]
    # Debian 12's looks for its Python in a folder that isn't there.
    own = Path(os.path.realpath(program)).parents[1].glob("lib/python3*/*-packages")
    path = os.pathsep.join(map(str, sorted(own)))
    # It takes the library of the first Python in the path, which has to be its own.
    here = str(Path(os.path.realpath(program)).parent)
    environment = {**os.environ, "PYTHONPATH": path, "PATH": f"{here}:/usr/bin:/bin"}
    said = _run([program, *arguments], environment)
    _, _, *each = re.split(r"^\(lldb\) ", said, flags=re.MULTILINE)
    return [text.partition("\n")[2].rstrip("\n") for text in each]


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        env={**environment, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    return done.stdout


def without_addresses(text: str) -> str:
    """A text with a word for each address that a loader has chosen."""
    return re.sub(r"0x0*[1-9a-f][0-9a-f]{6,15}\b", "ADDRESS", text)
