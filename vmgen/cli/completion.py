"""`vmgen completion`: print a script that teaches a shell to complete vmgen.

The scripts come back with `vmgen completion SHELL -- WORDS…` whenever a completion is
asked for, and get the candidates for the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.cli.arguments import Call
from vmgen.cli.shells import SCRIPTS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vmgen.cli.console import Console


class Arguments(Call, frozen=True, kw_only=True):
    shell: str
    words: Sequence[str] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from argparse import SUPPRESS

    parser.add_argument("shell", choices=list(SCRIPTS), help="the shell to teach")
    parser.add_argument("words", nargs="*", default=SUPPRESS, help=SUPPRESS)


def run(args: Arguments, console: Console) -> int:
    call = args.said
    if "--" not in call:
        console.out(SCRIPTS[args.shell])
        return 0
    from vmgen.cli.candidates import candidates

    words = list(call[call.index("--") + 1 :])
    if args.shell == "bash":
        words = _mended(words)
    for candidate in candidates(words):
        word = candidate.word
        if args.shell == "bash" and word.startswith("--"):
            # bash splits at `=`, so what stands before it is another word to it.
            word = word[word.find("=") + 1 :] or word
        about = " ".join(candidate.about.split())
        console.out(f"{word}\t{about}\n" if about else f"{word}\n")
    return 0


def _mended(words: Sequence[str]) -> list[str]:
    """`--option`, `=`, `value` as the one word that they are."""
    mended: list[str] = []
    joins = False
    for word in words:
        if mended and (word == "=" or joins):
            mended[-1] += word
        else:
            mended.append(word)
        joins = word == "="
    return mended
