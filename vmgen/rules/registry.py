"""What a rule is, and the one list of everything that vmgen can find fault with.

A rule is a function in a topic's file, made a `Rule` by the decorator `rule`; its
docstring is the reason that `vmgen explain` prints. The readers' codes have no
function here: `vmgen.rules.syntax` declares them. Examples lie in `examples/`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from vmgen.reading.diagnostics import Severity
    from vmgen.rules.analysis import Analysis, Stage
    from vmgen.rules.finding import Finding

    Check = Callable[[Analysis], Iterable[Finding]]

CHECKED_TOPICS = (
    "called", "names", "collisions", "values", "rust_items", "accessors", "vmsafe", "by_value", "options", "signatures", "on_some", "layout", "packing", "bits",
    "numbers", "contexts", "compilers", "accesses", "alias_regions", "inspected", "differences", "targets", "uses", "retired", "crates", "owned", "allows",
)  # fmt: skip
"""The files of rules that have a function, in the order in which they run."""

TOPICS = ("syntax", *CHECKED_TOPICS, "modules", "binaries", "headers", "changes")


class Rule(msgspec.Struct, frozen=True):
    """One thing that vmgen refuses: a code that never changes, a name for `allow`.

    `summary` is one line, `doc` the reason as its docstring has it. A `allowable` rule
    can be allowed at a place.
    """

    code: str
    name: str
    summary: str
    doc: str
    severity: Severity = "error"
    allowable: bool = False
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
    def old_example(self) -> str:
        """The schema that a change starts from; empty of another rule."""
        return _shown(self.old_paths)

    @property
    def good_example(self) -> str:
        """The same schema, mended."""
        return _shown(self.good_paths)

    @property
    def old_paths(self) -> list[Path]:
        """What a change is from; nothing of another rule."""
        return sorted(_examples().glob(f"{self.code}.old*.vm.yaml"))

    @property
    def bad_paths(self) -> list[Path]:
        return sorted(_examples().glob(f"{self.code}.bad*.vm.yaml"))

    @property
    def good_paths(self) -> list[Path]:
        return sorted(_examples().glob(f"{self.code}.good*.vm.yaml"))

    @property
    def binary_path(self) -> Path | None:
        """The source of the binary that both examples are held against, if they are."""
        return next(_examples().glob(f"{self.code}.binary.*"), None)

    @property
    def header_path(self) -> Path | None:
        """The header that both examples are held against, if they are: their `theirs.h`."""
        path = _examples() / f"{self.code}.header.h"
        return path if path.exists() else None

    @property
    def example_paths(self) -> list[Path]:
        """All files of its examples."""
        others = [p for p in (self.binary_path, self.header_path) if p is not None]
        return [*self.old_paths, *self.bad_paths, *self.good_paths, *others]


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
    allowable: bool = False,
) -> Callable[[Check], Rule]:
    """Make a `Rule` of a function; the docstring becomes the reason."""

    def made(check: Check) -> Rule:
        doc = check.__doc__ or ""
        return Rule(code, name, summary, doc, severity, allowable, stage, check)

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
