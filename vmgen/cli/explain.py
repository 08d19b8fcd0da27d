"""`vmgen explain`: say what a rule is about, with a bad and a good example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.cli.arguments import Call
from vmgen.cli.errors import UsageError
from vmgen.reading.diagnostics import did_you_mean
from vmgen.rules.explain import explain, overview
from vmgen.rules.registry import all_rules

if TYPE_CHECKING:
    import argparse

    from vmgen.cli.console import Console


class Arguments(Call, frozen=True, kw_only=True):
    rule: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "rule", nargs="?", metavar="CODE", help="a rule's code or name, as VM102"
    )


def run(args: Arguments, console: Console) -> int:
    if args.rule is None:
        console.out(overview())
        return 0
    rules = {r.code: r for r in all_rules()} | {r.name: r for r in all_rules()}
    rule = rules.get(args.rule) or rules.get(args.rule.upper())
    if rule is None:
        hint = "".join(f", {h}" for h in did_you_mean(args.rule, rules))
        raise UsageError(f"no rule `{args.rule}`{hint}")
    console.out(explain(rule.code))
    return 0
