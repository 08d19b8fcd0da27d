"""What a call of a command says, as values with types.

Every command has `Arguments`, whose defaults are what holds when nothing is said, and
`add_arguments(parser)`, which tells how to read the rest. A call without arguments, as
most are, is the defaults and needs no parser: importing argparse and making one take
as long as writing a language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import NODEFAULT, Struct

from vmgen.cli.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vmgen.cli.console import Console


class Call(Struct, frozen=True, kw_only=True):
    """What every command is told: the words behind its name, as they came."""

    said: Sequence[str] = ()


_A = TypeVar("_A", bound=Call)


class Command(Protocol[_A]):
    """What the module of a command has; `run` returns the exit code."""

    Arguments: type[_A]

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None: ...

    @staticmethod
    def run(args: _A, console: Console) -> int: ...


def add_version(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the option that chooses a version of schemas that describe several."""
    parser.add_argument(
        "--version",
        metavar="V",
        help="a release that the schema describes, as 48.0.6, where it describes several; "
        f"default: {default}",
    )


def refuse_empty(option: str, path: str | None) -> None:
    """Raise `UsageError` for an empty path, which a script's unset variable leaves."""
    if path == "":
        raise UsageError(f"{option}: the path is empty")


def parse(name: str, about: str, command: Command[_A], words: Sequence[str]) -> _A:
    """The arguments in `words`. Raises SystemExit for `--help` and for wrong calls."""
    given: dict[str, object] = {}
    if words or NODEFAULT in command.Arguments.__struct_defaults__:
        import argparse

        parser = argparse.ArgumentParser(
            prog=f"vmgen {name}",
            description=about,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
        )
        command.add_arguments(parser)
        # Options may stand between what belongs together, as SCHEMA and TYPE; Python's own
        # parser for that takes what is behind `--` for options.
        mixed = "--" not in words
        read = parser.parse_intermixed_args if mixed else parser.parse_args
        given = vars(read(words))
    return command.Arguments(said=words, **given)
