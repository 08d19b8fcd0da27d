"""`vmgen targets`: list the targets and their data models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.cli.arguments import Call
from vmgen.cli.errors import UsageError
from vmgen.targets import find as targets

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vmgen.cli.console import Console


class Arguments(Call, frozen=True, kw_only=True):
    patterns: Sequence[str] = ()
    models: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "patterns", nargs="*", metavar="PATTERN", help="as aarch64-* or i686-*-linux-*"
    )
    parser.add_argument(
        "--models", action="store_true", help="list data models instead"
    )


def run(args: Arguments, console: Console) -> int:
    chosen: list[targets.Target] = []
    try:
        for pattern in args.patterns or ["*"]:
            chosen.extend(targets.find(pattern))
    except targets.UnknownTarget as error:
        raise UsageError(str(error)) from None
    unique = {t.triple: t for t in chosen}
    if args.models:
        users: dict[str, int] = {}
        models = {}
        for target in unique.values():
            users[target.model.name] = users.get(target.model.name, 0) + 1
            models[target.model.name] = target.model
        header = ("data model", "targets", "ptr", "u16", "u32", "u64", "u128", "f64")
        rows: list[tuple[str, ...]] = [
            (
                name,
                str(users[name]),
                str(m.align_pointer),
                str(m.align_u16),
                str(m.align_u32),
                str(m.align_u64),
                str(m.align_u128),
                str(m.align_f64),
            )
            for name, m in sorted(models.items())
        ]
        console.out(_table(header, rows))
        console.out("alignments in bytes\n")
        return 0
    table: list[tuple[str, ...]] = [
        (t.triple, t.model.name, str(t.pointer_width), t.endian)
        for t in unique.values()
    ]
    console.out(_table(("target", "data model", "bits", "endian"), table))
    return 0


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(r[i]) for r in [header, *rows]) for i in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(r, widths, strict=True))
        for r in [header, *rows]
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)
