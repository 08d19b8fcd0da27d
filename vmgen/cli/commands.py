"""The commands, and what becomes of whatever stops one.

A command is a module as `vmgen.cli.arguments` describes it, and a row in `COMMANDS`.
Only the module of the command that was asked for is imported.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any, cast

from vmgen.cli.arguments import Call, Command, parse
from vmgen.cli.console import Console
from vmgen.cli.errors import (
    BROKEN_PIPE,
    INTERRUPTED,
    OUT_OF_MEMORY,
    USAGE_ERROR,
    UsageError,
    is_out_of_memory,
)
from vmgen.version import __version__

COMMANDS = {
    "build": "make the bindings, or with --check see that they are current",
    "check": "check schemas against the rules",
    "layout": "show sizes, offsets and padding on any target",
    "diff": "tell what changed between two layouts, for whom, on which targets",
    "explain": "say what a rule is about, with a bad and a good example",
    "targets": "list the targets and their data models",
    "schema": "print the JSON Schema of the schema language, for editors",
    "init": "write a first schema and its configuration",
    "doc": "write a page that shows a module's layouts",
    "import": "make a schema of a binary, a C header or Rust source",
    "verify": "hold a schema against the debug information of a binary, or a header",
    "inspect": "show records in the memory of a process, a core or a file",
    "completion": "print a script that teaches a shell to complete vmgen",
}
"""Each command's help line; its module is `module_of` its name."""


def module_of(command: str) -> str:
    """The module of a command: of its name, and with a `_` behind one of Python's words."""
    return f"vmgen.cli.{command}{'_' * iskeyword(command)}"


def run(words: list[str]) -> int:
    """Run a command and return its exit code; nothing it raises gets past here."""
    console = Console()
    try:
        return _run(words, console)
    except UsageError as error:
        console.complain(str(error))
    except BrokenPipeError:
        # Python would try once more, and complain, at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        console.complain(f"{where}{(error.strerror or str(error)).lower()}")
    except Exception as error:
        if is_out_of_memory(error):
            console.complain(OUT_OF_MEMORY)
            return USAGE_ERROR
        if "VMGEN_TRACEBACK" in os.environ:
            raise
        from vmgen.languages.registry import LanguageError

        if isinstance(error, LanguageError):
            console.complain(str(error))
            return USAGE_ERROR
        what = f"{type(error).__name__}: {error}"
        console.complain(
            f"internal error: {what}\n"
            "This is a bug in vmgen. VMGEN_TRACEBACK=1 shows where it is."
        )
    return USAGE_ERROR


def _run(words: list[str], console: Console) -> int:
    chosen = words[0] if words else ""
    if chosen not in COMMANDS:
        return _parse_without_command(words)
    command: Command[Call] = cast("Any", import_module(module_of(chosen)))
    try:
        args = parse(chosen, COMMANDS[chosen], command, words[1:])
    except SystemExit as stop:
        return _code(stop)
    code = command.run(args, console)
    console.flush()
    return code


def _parse_without_command(words: list[str]) -> int:
    """Help, the version, or what is wrong with a call that names no command of ours."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="vmgen",
        description="Bindings for the records a runtime shares with compiled code.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vmgen {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, help_line in COMMANDS.items():
        commands.add_parser(name, help=help_line)
    if not words:
        parser.print_help()
        return USAGE_ERROR
    try:
        parser.parse_args(words)
    except SystemExit as stop:
        return _code(stop)
    return USAGE_ERROR


def _code(stop: SystemExit) -> int:
    return stop.code if isinstance(stop.code, int) else USAGE_ERROR
