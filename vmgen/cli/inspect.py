"""`vmgen inspect`: show records in the memory of a process, of a core, of a file."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from vmgen.cli.arguments import Call, add_version, refuse_empty
from vmgen.cli.errors import UsageError
from vmgen.cli.one_schema import one_schema

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vmgen.build.pipeline import Checked
    from vmgen.cli.console import Console
    from vmgen.inspection.question import Question
    from vmgen.languages.python.runtime.memory import Memory

DEPTH = 3
ELEMENTS = 16
ROLES = {
    "name": "bold",
    "note": "dim",
    "seen": "dim",
    "cut": "dim",
    "null": "dim",
    "absent": "dim",
    "unmapped": "warning",
    "malformed": "error",
}
"""The colours of what `vmgen_runtime.tree` prints."""


class Arguments(Call, frozen=True, kw_only=True):
    at: Sequence[str] = ()
    find: Sequence[str] = ()
    schema: str | None = None
    pid: int | None = None
    core: str | None = None
    bytes: str | None = None
    base: str = "0"
    target: str | None = None
    version: str | None = None
    depth: int = DEPTH
    elements: int = ELEMENTS
    field: Sequence[str] = ()
    set: Sequence[str] = ()
    format: str = "tree"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "schema",
        nargs="?",
        metavar="SCHEMA",
        help="a schema; without one, that of the project's configuration",
    )
    memory = parser.add_mutually_exclusive_group(required=True)
    memory.add_argument(
        "--pid", type=int, metavar="PID", help="look into a process (Linux)"
    )
    memory.add_argument("--core", metavar="FILE", help="look into a core file")
    memory.add_argument("--bytes", metavar="FILE", help="look into a file of bytes")
    parser.add_argument(
        "--base", metavar="ADDRESS", help="of --bytes, where the first is; default: 0"
    )
    parser.add_argument(
        "--at",
        action="append",
        metavar="[TYPE@]ADDRESS",
        help="what to show: a type of the schema, its context without one, and a number "
        "or a symbol, as VMContext@0x7f00 or VMContext@instance+16; may be given again",
    )
    parser.add_argument(
        "--find",
        action="append",
        metavar="TYPE",
        help="show all that may be of a type, by the fixed values of its fields; may be "
        "given again",
    )
    parser.add_argument(
        "--depth",
        type=int,
        metavar="N",
        help=f"how many pointers are followed one after the other; default: {DEPTH}",
    )
    parser.add_argument(
        "--elements",
        type=int,
        metavar="N",
        help=f"how many elements of an array are shown; default: {ELEMENTS}",
    )
    parser.add_argument(
        "--field",
        action="append",
        metavar="PATH",
        help="show only what this leads to, as memories[0].base[0:16], or "
        "vmctx:VMContext for another type; may be given again",
    )
    parser.add_argument(
        "--set",
        action="append",
        metavar="COUNT=N",
        help="what a count of the first context is; may be given again",
    )
    parser.add_argument(
        "--target", metavar="T", help="the target, where the memory doesn't tell"
    )
    add_version(parser, "the newest")
    parser.add_argument(
        "--format",
        choices=["tree", "json", "page"],
        help="how to show it; a page is HTML; default: tree",
    )


def run(args: Arguments, console: Console) -> int:
    from vmgen.cli.findings import print_findings
    from vmgen.languages.python.runtime.errors import Unmapped
    from vmgen.reading.diagnostics import Report

    _refuse_senseless(args)
    report = Report()
    checked, _ = one_schema(args.schema, args.version, report, "memory is read by")
    if not checked:
        print_findings(report, "full", 1, console)
        return 1
    module = checked[0].module
    told = _told(args, module.family) if args.version is None else ""
    if told and module.versions:
        checked, _ = one_schema(args.schema, told, report, "memory is read by")
        console.beside(f"read as {module.family} {told}, as the program itself tells\n")
    elif args.version is None and module.versions:
        console.beside(
            f"read as {module.family} {module.version}, the newest that the schema "
            "describes; --version says which\n"
        )
    where = _shown(args)
    try:
        with _memory(args) as memory:
            console.out(_answer(args, checked, memory, console))
    except Unmapped as error:
        raise UsageError(f"{where}: {error}") from None
    except OSError as error:
        raise UsageError(f"{where}: {_reason(args, error)}") from None
    return 0


def _refuse_senseless(args: Arguments) -> None:
    for option in "core", "bytes":
        refuse_empty(f"--{option}", getattr(args, option))
    if not (args.at or args.find):
        raise UsageError("say what to show, by --at or --find")
    for option in "depth", "elements":
        if getattr(args, option) < 0:
            raise UsageError(f"--{option} is at least 0")
    if args.base != "0" and args.bytes is None:
        raise UsageError("--base is where the first of --bytes is")


def _told(args: Arguments, family: str) -> str:
    """The release that a descriptor of a schema in the memory tells; empty where none
    does, or several tell different ones."""
    from vmgen.binaries.descriptor import in_memory

    try:
        with _memory(args) as memory:
            told = {
                one.versions[-1][1]
                for one in in_memory(memory)
                if one.schema == family and one.versions
            }
    except OSError:
        # It is told where it is read in earnest.
        return ""
    return told.pop() if len(told) == 1 else ""


def _shown(args: Arguments) -> str:
    return str(args.core or args.bytes or f"process {args.pid}")


def _memory(args: Arguments) -> Memory:
    """The memory that is meant. Raises UsageError, OSError."""
    from vmgen.languages.python.runtime.core import Core
    from vmgen.languages.python.runtime.memory import Bytes
    from vmgen.languages.python.runtime.process import Process

    try:
        if args.pid is not None:
            return Process(args.pid)
        if args.core is not None:
            return Core(args.core)
        return Bytes(args.bytes, _address("--base", args.base))
    except ValueError as error:
        raise UsageError(f"{_shown(args)}: {error}") from None


def _reason(args: Arguments, error: OSError) -> str:
    """Why a memory can't be read, and for a process what it would take."""
    reason = (error.strerror or str(error)).lower()
    if isinstance(error, PermissionError) and args.pid is not None:
        return (
            f"{reason}; looking into it takes being its user or root, and that "
            "/proc/sys/kernel/yama/ptrace_scope doesn't forbid it"
        )
    return reason


def _address(option: str, text: str) -> int:
    """An address as a call says it. Raises UsageError."""
    if not re.fullmatch(r"0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20}", text):
        raise UsageError(
            f"{option} takes an address, as 0x7f00 or 32512; found `{text}`"
        )
    address = int(text, 16 if text[:2] in ("0x", "0X") else 10)
    if address >> 64:
        raise UsageError(f"{option}: no address is as large as {text}")
    return address


def _answer(
    args: Arguments, checked: Sequence[Checked], memory: Memory, console: Console
) -> str:
    """What is found, in the format that is asked for. Raises UsageError, Unmapped."""
    from vmgen.binaries.image import BinaryError
    from vmgen.cli.counts import counts
    from vmgen.inspection.question import Question
    from vmgen.languages.python.runtime.errors import NoPath
    from vmgen.languages.python.runtime.tree import lines
    from vmgen.schema.model import Context

    layouts = [one.layouts for one in checked]
    types = layouts[0].module.types.values()
    contexts = [declared for declared in types if isinstance(declared, Context)]
    try:
        question = Question(
            layouts,
            memory,
            args.target,
            counts(args.set, contexts),
            depth=args.depth,
            elements=args.elements,
            symbols=find_spec("elftools") is not None,
        )
        trees = [
            tree
            for at in args.at
            for tree in question.trees(*_place(at, question), args.field)
        ]
        trees += [
            tree
            for name in args.find
            for address in question.found(name)
            for tree in question.trees(name, address, args.field)
        ]
    except (BinaryError, NoPath) as error:
        raise UsageError(f"{_shown(args)}: {error}") from None
    if args.format == "json":
        import json

        return json.dumps([tree.as_json() for tree in trees], indent=2) + "\n"
    if args.format == "page":
        from vmgen.show.memory import page

        return page(trees, _shown(args), question.target, layouts[0].module.name)
    colour = console.colour
    return "\n".join(
        "".join(f"{line}\n" for line in lines(tree, _painted if colour else _plain))
        for tree in trees
    )


def _place(at: str, question: Question) -> tuple[str, int]:
    """A type and an address out of `[TYPE@]ADDRESS`. Raises UsageError, NoPath."""
    name, _, where = at.rpartition("@")
    name = name or question.only_context()
    if where[:1].isdigit():
        return name, _address("--at", where)
    symbol, _, more = where.partition("+")
    if not symbol:
        raise UsageError(f"--at takes [TYPE@]ADDRESS; found `{at}`")
    return name, question.address(symbol) + (_address("--at", more) if more else 0)


def _painted(what: str, text: str) -> str:
    from vmgen.colour import paint

    return paint(text, ROLES[what], what in ROLES) if what in ROLES else text


def _plain(what: str, text: str) -> str:
    return text
