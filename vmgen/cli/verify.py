"""`vmgen verify`: hold a schema against the debug information of a binary, or a header."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.cli.arguments import Call, add_version
from vmgen.cli.errors import UsageError
from vmgen.cli.one_schema import one_schema
from vmgen.cli.packages import BINARIES, need
from vmgen.releases import words
from vmgen.report import FORMATS, renderer
from vmgen.rules.verified import findings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from vmgen.binaries.image import Image
    from vmgen.binaries.told import Told
    from vmgen.binaries.verify import Verified
    from vmgen.build.config import Config
    from vmgen.cli.console import Console
    from vmgen.layout.layouts import Layouts


class Arguments(Call, frozen=True, kw_only=True):
    binary: Sequence[str] = ()
    header: bool = False
    flag: Sequence[str] = ()
    schema: str | None = None
    target: str | None = None
    version: str | None = None
    format: str = "full"
    strict: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "schema",
        nargs="?",
        metavar="SCHEMA",
        help="a schema; without one, that of the project's configuration",
    )
    parser.add_argument(
        "--binary",
        action="append",
        metavar="FILE",
        help="a program, library, object, archive or dSYM with debug information; may be "
        "given again for one that is in several files",
    )
    parser.add_argument(
        "--header",
        action="store_true",
        help="the header that the schema names under `c`, as clang compiles it",
    )
    parser.add_argument(
        "--flag",
        action="append",
        metavar="FLAG",
        help="a flag of clang's for the header, as --flag=-Iinclude",
    )
    parser.add_argument(
        "--target",
        metavar="T",
        help="the target that the binary was made for, where it doesn't tell, or that the "
        "header is compiled for; default there: this machine",
    )
    add_version(parser, "that which is most like the binary")
    parser.add_argument("--format", choices=list(FORMATS), help="default: full")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit 1 for types that aren't verified, too",
    )


def run(args: Arguments, console: Console) -> int:
    from vmgen.binaries.image import NoDebugInformation
    from vmgen.cli.findings import print_findings
    from vmgen.reading.diagnostics import Report

    if args.header == bool(args.binary):
        raise UsageError("name a binary by --binary, or ask for the --header; not both")
    if args.header:
        from vmgen.cli import verify_header

        asked = verify_header.Question(
            args.schema, args.version, args.target, args.flag, args.format
        )
        return verify_header.run(asked, console)
    need(BINARIES, "verify reads binaries")
    report = Report()
    checked, config = one_schema(
        args.schema, args.version, report, "a binary is held against", every=True
    )
    if not checked:
        print_findings(report, args.format, 1, console)
        return 1
    path = checked[0].module.path
    versions = [one.layouts for one in checked if one.module.path == path]
    _refuse_unknown_target(args.target, versions[0])
    try:
        every = _verified(args, versions, config)
    except NoDebugInformation as error:
        told = [*_told(args.binary, versions)]
        if not told:
            raise UsageError(f"{', '.join(args.binary)}: {error}") from None
        return _by_what_it_tells(told, args, console)
    layouts, verified, like = _nearest(versions, every)
    # Warnings about the schema are `check`'s to tell.
    found = Report()
    for one in findings(verified, layouts):
        found.append(one)
    console.out(renderer(args.format)(found, colour=console.colour))
    said = f"{_summary(verified, layouts, like, args)}\n"
    if args.format in ("full", "concise"):
        console.out(("\n" if len(found) and args.format == "full" else "") + said)
    else:
        console.beside(said)
    if found.has_errors or not verified.right:
        return 1
    return 1 if args.strict and len(found) else 0


def _nearest(
    versions: Sequence[Layouts], verified: Sequence[Verified]
) -> tuple[Layouts, Verified, Sequence[Layouts]]:
    """The version whose types are most like the binary's, and all those that are as much
    so. The newest of these is the first to be asked for."""
    least = min((len(v.differs), len(v.unverified)) for v in verified)
    alike = [
        (layouts, one)
        for layouts, one in zip(versions, verified, strict=True)
        if (len(one.differs), len(one.unverified)) == least
    ]
    layouts, one = alike[-1]
    return layouts, one, [layouts for layouts, _ in alike]


def _refuse_unknown_target(name: str | None, layouts: Layouts) -> None:
    known = [t.name for t in layouts.module.targets]
    if name is not None and name not in known:
        from vmgen.reading.diagnostics import did_you_mean

        hint = "".join(f", {h}" for h in did_you_mean(name, known))
        raise UsageError(f"the schema has no target `{name}`{hint}")


def _verified(
    args: Arguments, versions: Sequence[Layouts], config: Config
) -> list[Verified]:
    """Each version held against the binary. Raises `NoDebugInformation`."""
    from vmgen.binaries.image import BinaryError, NoDebugInformation
    from vmgen.binaries.verify import verify
    from vmgen.languages.rust.derived import fixed_part

    prefix = config.language_options("c").get("prefix", "")
    shown = ", ".join(args.binary)
    try:
        return verify(
            versions,
            _images(args.binary),
            args.target,
            lambda name: (f"{prefix}{name}", fixed_part(name)),
        )
    except NoDebugInformation:
        raise
    except BinaryError as error:
        raise UsageError(f"{shown}: {error}") from None


def _told(paths: Sequence[str], versions: Sequence[Layouts]) -> Iterator[Told]:
    from vmgen.binaries.told import told

    for path in map(Path, paths):
        if path.is_file():
            yield from told(path.read_bytes(), versions)


def _by_what_it_tells(told: Sequence[Told], args: Arguments, console: Console) -> int:
    """Hold the schema against a binary that tells no more than its own descriptor."""
    who = f"{', '.join(args.binary)} has no debug information, and tells"
    lines = []
    for one in told:
        number = f"{one.descriptor.fingerprint:016x}"
        if one.alike:
            layouts, target = one.alike[-1]
            named = _named(layouts, [each for each, _ in one.alike])
            lines.append(
                f"{who} that its records are those of {named} on {target} (fingerprint "
                f"{number})\n"
            )
        else:
            lines.append(
                f"{who} of `{one.descriptor.module}` with the fingerprint {number}, which "
                "the schema has on no target\n"
            )
    if args.format in ("full", "concise"):
        console.out("".join(lines))
    else:
        from vmgen.reading.diagnostics import Report

        console.out(renderer(args.format)(Report(), colour=console.colour))
        console.beside("".join(lines))
    return 0 if all(one.alike for one in told) else 1


def _images(paths: Sequence[str]) -> Iterator[Image]:
    from vmgen.binaries.containers import images

    for path in paths:
        yield from images(Path(path), path)


def _summary(
    verified: Verified, layouts: Layouts, like: Sequence[Layouts], args: Arguments
) -> str:
    """How much was held against the binary, and how much of it is right."""
    module = _named(layouts, like)
    faults = len(verified.differs)
    number = len(verified.right)
    parts = [
        f"{_counted(number, 'type')} of {module} {'is' if number == 1 else 'are'} laid out "
        f"as in {', '.join(args.binary)} on {verified.target} "
        f"({_counted(verified.numbers, 'number')})"
    ]
    if faults:
        parts.append(f"{_counted(faults, 'difference')}")
    if verified.unverified:
        parts.append(f"{_counted(len(verified.unverified), 'type')} unverified")
    return ", ".join(parts)


def _named(layouts: Layouts, like: Sequence[Layouts]) -> str:
    """A module, and those of its versions that are alike, where it has several."""
    described = layouts.module.versions
    if not described:
        return f"`{layouts.module.family}`"
    right = {version for one in like for version in one.module.listed}
    named = words(described, [i for i, v in enumerate(described) if v in right])
    return f"`{layouts.module.family}` {named}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
