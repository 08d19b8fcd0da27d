"""Shapes of versions, of conditions on them, and of what differs between versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen import releases
from vmgen.reading.source import Mapping, Node, Scalar, Sequence
from vmgen.releases import NUMBERS
from vmgen.schema.composite_shapes import ByForm, Key, Keys, ListOf, MapOf
from vmgen.schema.shapes import Shape
from vmgen.schema.values import found, point

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report

CONDITIONS = ("since", "until", "versions")
"""The keys of a mapping that say in which versions it is there."""


_TERM = rf"({NUMBERS}( *\.\. *({NUMBERS})?)?|\.\. *{NUMBERS})"


class ReleaseText(Shape, frozen=True):
    """A release, or the series that fewer numbers are. YAML takes some for numbers, so
    that `3.10` would be 3.1: those need quotes."""

    what: str = "a version"
    example: str = "48.0.6"
    pattern: str = rf"^{NUMBERS}$"

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Scalar) or node.is_null:
            return self.mismatch(node, report)
        if node.plain and releases.is_like_a_number(node.value):
            report.add(
                "VM070",
                f"`{node.value}` is a number to YAML, and {self.what} is a text",
                point(node),
                notes=("`3.10` is the number 3.1, and another version than `3.1`",),
                helps=(f'write `"{node.value}"`',),
            )
            return False
        if re.fullmatch(self.pattern[1:-1], node.value):
            return True
        report.add(
            "VM070",
            f"expected {self.describe()}, found {found(node)}",
            point(node),
        )
        return False

    def describe(self) -> str:
        return f'{self.what} such as `"{self.example}"`'


class RangeText(ReleaseText, frozen=True):
    """A release, or a range of releases with two dots between its ends."""

    what: str = "a release or a range of releases"
    example: str = "48.0.0..48.0.5"
    pattern: str = rf"^ *{NUMBERS} *(\.\. *{NUMBERS} *)?$"


class ConditionText(ReleaseText, frozen=True):
    """Releases, series and ranges, with `or` between."""

    what: str = "a condition on versions"
    example: str = "48.0.6.. or 50.."
    pattern: str = rf"^\s*{_TERM}(\s+or\s+{_TERM})*\s*$"


RELEASE = ReleaseText()
RANGE = RangeText()
CONDITION_KEYS = {
    "since": Key(RELEASE, "There from this version on.", 'since: "45"'),
    "until": Key(RELEASE, "Gone from this version on.", 'until: "49"'),
    "versions": Key(
        ConditionText(), "There in these versions.", 'versions: "48.0.6.. or 50.."'
    ),
}


def cases_of(node: Node | None) -> list[Mapping] | None:
    """The cases that a list is, if it is one: mappings with `is` and a condition."""
    if not isinstance(node, Sequence) or not node.items:
        return None
    items = [item for item in node.items if isinstance(item, Mapping)]
    # A list of members may have one called `is`, whose mapping has no second key.
    if len(items) < len(node.items) or not all("is" in i.entries for i in items):
        return None
    return items if any(len(item.entries) > 1 for item in items) else None


class OrCases(Shape, frozen=True):
    """A value, or a list of cases that says which value in which versions."""

    value: Shape

    def check(self, node: Node, report: Report) -> bool:
        # Nearly every value is no list, and is the same in all versions.
        cases = cases_of(node) if isinstance(node, Sequence) else None
        if cases is None:
            return self.value.check(node, report)
        keys = self.case
        results = [keys.check(case, report) for case in cases]
        for case in cases:
            if not case.entries.keys() & set(CONDITIONS):
                report.add(
                    "VM006",
                    "a case needs one of the keys `since`, `until` and `versions`",
                    point(case),
                    helps=('as in `{is: 8, since: "48"}`',),
                )
                return False
        return all(results)

    @property
    def case(self) -> Keys:
        """The keys of one case."""
        value = Key(self.value, "The value in those versions.", "is: 8", required=True)
        return Keys("a case", {"is": value, **CONDITION_KEYS})

    def describe(self) -> str:
        return self.value.describe()

    def meant(self, node: Node) -> tuple[str, ...]:
        return self.value.meant(node)


def former_names(name: Shape) -> Shape:
    """What `was` takes of a thing whose names are of that shape."""
    return ByForm(
        "a former name, a list of them, or a mapping from names to versions",
        scalar=name,
        sequence=ListOf(name, least=1),
        mapping=MapOf(name, RELEASE),
    )


def varying(known: dict[str, Key], name: Shape, *fixed: str) -> dict[str, Key]:
    """The keys of a thing that may be in some versions only, and whose attributes may
    differ between versions, those that are `fixed` aside."""
    former = Key(
        former_names(name),
        "What it was called, and before which version.",
        'was: {old_name: "47"}',
    )
    return {**or_cases(known, *fixed), "was": former, **CONDITION_KEYS}


def or_cases(known: dict[str, Key], *fixed: str) -> dict[str, Key]:
    """The keys with cases for each that isn't `fixed`."""
    return {
        name: (key if name in fixed else replace(key, shape=OrCases(key.shape)))
        for name, key in known.items()
    }
