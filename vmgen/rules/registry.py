"""What a rule is, and the one list of everything that vmgen can find fault with.

A rule is a function in a topic's file, made a `Rule` by the decorator `rule`; its
docstring is the reason that `vmgen explain` prints. The readers' codes have no
function here: `vmgen.rules.syntax` declares them. Examples lie in `examples/`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from vmgen.reading.diagnostics import Severity
    from vmgen.reading.source import Span
    from vmgen.rules.subject import Subject
    from vmgen.schema.model import Allow

    Check = Callable[[Subject], Iterable["Finding"]]

CHECKED_TOPICS = (
    "names", "collisions", "values", "vmsafe", "signatures", "layout", "numbers",
    "contexts", "differences", "targets", "crates", "suppressions",
)  # fmt: skip
"""The files of rules that have a function, in the order in which they run."""

TOPICS = ("syntax", *CHECKED_TOPICS, "modules")

Stage = Literal["reading", "model", "cycles", "layout", "last", "project"]
"""When a rule is held against a module: while it is read; once it is resolved; once
its types are in order; once they are laid out; when every other rule has had its say;
and once all modules are read."""


class Finding(msgspec.Struct, frozen=True):
    """What a rule's function yields; `vmgen.rules.run` makes a `Diagnostic` of it.

    `allows` are the places that may silence it, the nearest first. A `firm` finding
    means that there is no layout to go on with: nothing silences it, and the rules
    about layouts don't run.
    """

    message: str
    span: Span
    allows: tuple[Mapping[str, Allow], ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    firm: bool = False


class Rule(msgspec.Struct, frozen=True):
    """One thing that vmgen refuses: a code that never changes, a name for `allow`.

    `summary` is one line, `doc` the reason as its docstring has it. A `waivable` rule
    can be silenced with `allow`.
    """

    code: str
    name: str
    summary: str
    doc: str
    severity: Severity = "error"
    waivable: bool = False
    stage: Stage = "reading"
    check: Check | None = None

    @property
    def reason(self) -> str:
        """Why the rule is there: paragraphs, each one line, a blank line between."""
        paragraphs = self.doc.split("\n\n")
        return "\n\n".join(" ".join(p.split()) for p in paragraphs)

    @property
    def bad_example(self) -> str:
        """A whole little schema that breaks this rule and no other, or two of them."""
        return _shown(self.bad_paths)

    @property
    def good_example(self) -> str:
        """The same schema, mended."""
        return _shown(self.good_paths)

    @property
    def bad_paths(self) -> list[Path]:
        return sorted(_examples().glob(f"{self.code}.bad*.vm.yaml"))

    @property
    def good_paths(self) -> list[Path]:
        return sorted(_examples().glob(f"{self.code}.good*.vm.yaml"))


def _shown(paths: list[Path]) -> str:
    # One of the faults is a file that isn't UTF-8.
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    return "\n".join(texts)


def _examples() -> Path:
    from pathlib import Path

    return Path(__file__).parent / "examples"


def rule(
    code: str,
    name: str,
    summary: str,
    *,
    stage: Stage = "model",
    severity: Severity = "error",
    waivable: bool = False,
) -> Callable[[Check], Rule]:
    """Make a `Rule` of a function; the docstring becomes the reason."""

    def made(check: Check) -> Rule:
        doc = check.__doc__ or ""
        return Rule(code, name, summary, doc, severity, waivable, stage, check)

    return made


def rules_of(topic: str) -> list[Rule]:
    """The rules of one topic's file, in the order written."""
    module = import_module(f"vmgen.rules.{topic}")
    return [value for value in vars(module).values() if isinstance(value, Rule)]


@cache
def checked_rules() -> tuple[Rule, ...]:
    """Every rule that has a function, topic by topic."""
    return tuple(r for topic in CHECKED_TOPICS for r in rules_of(topic))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    found = [r for topic in TOPICS for r in rules_of(topic)]
    return tuple(sorted(found, key=lambda r: r.code))


@cache
def _by_code() -> dict[str, Rule]:
    return {r.code: r for r in all_rules()}


def rule_of(code: str) -> Rule:
    """The rule with that code. Raises KeyError."""
    return _by_code()[code]
