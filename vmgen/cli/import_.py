"""`vmgen import`: make a schema of a binary, a C header or Rust source."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.cli.arguments import Call, refuse_empty
from vmgen.cli.errors import UsageError
from vmgen.cli.packages import BINARIES, need

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vmgen.cli.console import Console
    from vmgen.imports.found import Source
    from vmgen.imports.settle import Settled

SOURCES = ("dwarf", "c", "rust")
STDOUT = "-"
ENDING = ".vm.yaml"


class Arguments(Call, frozen=True, kw_only=True):
    source: str
    files: Sequence[str]
    types: Sequence[str] = ()
    target: Sequence[str] = ()
    flag: Sequence[str] = ()
    module: str | None = None
    out: str = STDOUT
    force: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", choices=SOURCES, metavar="SOURCE", help="dwarf, c or rust"
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="binaries of one program with debug information, of one target or of several; "
        "or headers, in the order in which they are included, which the compiler looks for if "
        "they are given as '<linux/kvm.h>'; or a file of Rust, which may have modules in others",
    )
    parser.add_argument(
        "--type",
        dest="types",
        action="append",
        metavar="NAME",
        help="a type, or all whose names fit a pattern as `VM*`, or whose paths do as "
        "`engine::vm::*`; may be given again",
    )
    parser.add_argument(
        "--target",
        action="append",
        metavar="T",
        help="a target to import for, which may be given again for a header; default: this "
        "machine, and of a binary that which it was made for",
    )
    parser.add_argument(
        "--flag",
        action="append",
        metavar="FLAG",
        help="a flag of clang's for a header, as --flag=-Iinclude, or of rustc's for Rust, as "
        "--flag=--edition=2018",
    )
    parser.add_argument(
        "--module", metavar="NAME", help="the module's name; default: the file's"
    )
    parser.add_argument(
        "-o",
        "--out",
        metavar="SCHEMA",
        help="the schema to write; default: standard output",
    )
    parser.add_argument(
        "--force", action="store_true", help="write over a schema that is there"
    )


def run(args: Arguments, console: Console) -> int:
    from vmgen.binaries.image import BinaryError
    from vmgen.build.config import ConfigError, find_config
    from vmgen.imports.convert import draft_of
    from vmgen.imports.fitting import is_c_abi, need_c_abi
    from vmgen.imports.found import ImportFailed
    from vmgen.imports.merge import merged
    from vmgen.imports.settle import settle

    refuse_empty("--out", args.out)
    out = None if args.out == STDOUT else Path(args.out)
    _refuse_place(out, args)
    _refuse_module(args)
    _refuse_unknown_targets(args.target)
    try:
        config = find_config(Path.cwd())
        sources = _sources(args)
        c_abi = need_c_abi(sources) or is_c_abi(config)
        draft = merged([draft_of(source, c_abi=c_abi) for source in sources])
        module = _module(args, draft.owner.headers if draft.owner else ())
        settled = settle(draft, module, _head(args), config)
    except ConfigError as error:
        raise UsageError(str(error)) from None
    except (BinaryError, ImportFailed) as error:
        raise UsageError(f"{', '.join(args.files)}: {error}") from None
    if out is None:
        console.out(settled.text)
    else:
        _write(out, settled.text, overwrite=args.force)
    console.beside(_summary(settled, args))
    return 0


def _sources(args: Arguments) -> list[Source]:
    """What there is in each file, on each target. Raises `BinaryError` and
    `ImportFailed`."""
    if args.source == "dwarf":
        need(BINARIES, "import dwarf reads")
        if not args.types:
            raise UsageError("name the types to import by --type, as --type 'VM*'")
        return _of_binaries(args)
    if args.source == "rust":
        if len(args.files) > 1:
            raise UsageError("import rust reads one file, and its modules")
        need(BINARIES, "import rust reads")
        return _of_rust(args)
    need({"clang": "libclang"}, "import c reads")
    return _of_headers(args)


def _of_binaries(args: Arguments) -> list[Source]:
    from vmgen.binaries.containers import images
    from vmgen.binaries.image import BinaryError
    from vmgen.imports.binary import read_images

    target = args.target[0] if len(args.target) == 1 else None
    made = []
    for file in args.files:
        try:
            made.append(read_images(images(Path(file), file), args.types, target))
        except BinaryError as error:
            raise UsageError(f"{file}: {error}") from None
    return made


def _of_headers(args: Arguments) -> list[Source]:
    from vmgen.imports.header import read_headers_apart
    from vmgen.imports.host import host

    return [
        read_headers_apart(args.files, args.types, target, args.flag)
        for target in args.target or [host()]
    ]


def _of_rust(args: Arguments) -> list[Source]:
    from vmgen.imports.rust_source import read_rust

    (file,) = args.files
    targets: Sequence[str | None] = args.target or [None]
    return [read_rust(Path(file), args.types, t, args.flag) for t in targets]


def _summary(settled: Settled, args: Arguments) -> str:
    """What was made, and what is left to do about it."""
    from vmgen.imports.top import UNREASONED
    from vmgen.text import plural

    made = [f"{plural(settled.types, 'type')} imported"]
    if settled.allowed:
        made.append(
            f'{plural(settled.allowed, "reason")} to write, where "{UNREASONED}" stands'
        )
    if settled.foreign:
        names = ", ".join(f"`{name}`" for name in settled.foreign)
        made.append(f"of which the layout can't be stated: {names}")
    return f"{'; '.join(made)}\n"


def _refuse_module(args: Arguments) -> None:
    if args.module is not None:
        from vmgen.cli.init import refuse_bad_name

        refuse_bad_name(args.module)


def _module(args: Arguments, headers: Sequence[str]) -> str:
    """The name of the module: as given, or after the schema or the first file, but none
    whose header is one of theirs."""
    from vmgen.imports.names import free_module_name, module_name

    if args.module is not None:
        return args.module
    file = args.files[0] if args.out == STDOUT else args.out
    return free_module_name(module_name(Path(file).name), headers)


def _refuse_place(out: Path | None, args: Arguments) -> None:
    """Stop before anything is read where the schema could not be written."""
    if out is None:
        return
    if not out.name.endswith(ENDING):
        raise UsageError(f"{out}: a schema's name ends in {ENDING}")
    if out.exists() and not args.force:
        raise UsageError(f"{out} is there already; --force writes over it")


def _write(out: Path, text: str, *, overwrite: bool) -> None:
    from vmgen.build.atomic import write_all

    if out.exists() and not overwrite:
        raise UsageError(f"{out} is there already; --force writes over it")
    try:
        # What a person then works on is all that there is of it.
        write_all([(out, text.encode())], flush=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"can't write {error.filename}: {reason}") from None


def _refuse_unknown_targets(wanted: Sequence[str]) -> None:
    from vmgen.targets.find import UnknownTarget, find, is_pattern

    for name in wanted:
        try:
            find(name)
        except UnknownTarget as error:
            raise UsageError(str(error)) from None
        if is_pattern(name):
            raise UsageError(f"--target takes one target, and `{name}` is a pattern")


def _head(args: Arguments) -> list[str]:
    """The comment that a schema begins with: what it was made of."""
    from vmgen.text import packed

    pieces = [f"Made by vmgen import {args.source}", *map(shlex.quote, args.files)]
    for option, values in (("--type", args.types), ("--target", args.target)):
        pieces += [f"{option} {shlex.quote(value)}" for value in values]
    pieces += [f"--flag={shlex.quote(flag)}" for flag in args.flag]
    return packed(pieces, 78)
