"""The list of versions at the top of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen import releases
from vmgen.reading.source import Mapping, Scalar, Sequence
from vmgen.releases import text_of as release_text
from vmgen.schema import model as m
from vmgen.schema.symbols import text_of
from vmgen.schema.values import point

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report
    from vmgen.releases import Interval, Numbers


class Listed(msgspec.Struct, frozen=True):
    """A version as the list has it: its first and its last release."""

    first: Numbers
    last: Numbers
    version: m.Version


class Versions:
    """The versions that a schema describes, in order.

    A set of them is a number here whose bit i is set where the version with index i is in
    it: conditions of a large schema are many, and different ones few.
    """

    def __init__(self, listed: list[Listed]) -> None:
        self.listed = listed
        self.all = (1 << len(listed)) - 1
        self.length = len(listed[0].first)
        """How many numbers a release has."""
        self.models = tuple(each.version for each in listed)

    def __len__(self) -> int:
        return len(self.listed)

    def within(self, spans: tuple[Interval, ...]) -> int | Listed:
        """The set of versions in some spans; a version that they have only a part of
        where there is one."""
        found = 0
        for index, each in enumerate(self.listed):
            if any(span.holds(each.first, each.last) for span in spans):
                found |= 1 << index
            elif any(span.meets(each.first, each.last) for span in spans):
                return each
        return found

    def index_of(self, release: str) -> int | None:
        """The index of the version that has a release."""
        wanted = releases.numbers(release)
        for index, each in enumerate(self.listed):
            if wanted is None or len(wanted) != self.length:
                return None
            if each.first <= wanted <= each.last:
                return index
        return None

    def words(self, chosen: int) -> str:
        """A set of versions for messages, as ``42.0.0..44.0.3 and 46.0.0``."""
        return releases.words(self.models, self.indices(chosen))

    def indices(self, chosen: int) -> list[int]:
        """The indices of the versions in a set."""
        return [i for i in range(len(self.listed)) if chosen >> i & 1]


def read_versions(root: Mapping, report: Report) -> Versions | None:
    """The list of a schema that passed its shapes; None where it has none, or a fault."""
    node = root.get("versions")
    if not isinstance(node, Sequence):
        return None
    name = text_of(root["module"])
    listed: list[Listed] = []
    names: dict[str, Scalar] = {}
    sound = True
    for item in node.items:
        range_node = item["of"] if isinstance(item, Mapping) else item
        module_node = item.get("module") if isinstance(item, Mapping) else None
        assert isinstance(range_node, Scalar)
        first, last = _ends(range_node.value)
        fault = _fault(first, last, listed)
        if fault is not None:
            message, helps = fault
            report.add("VM071", message, range_node.span, helps=helps)
            sound = False
            continue
        module = text_of(module_node) or _derived(name, first)
        place = module_node if isinstance(module_node, Scalar) else range_node
        other = names.setdefault(module, place)
        if other is not place:
            report.add(
                "VM071",
                f"two versions have the module `{module}`",
                point(place),
                notes=(f"the other is on line {other.span.line}",),
                helps=("give one of them a `module` of its own",),
            )
            sound = False
        if module == name:
            report.add(
                "VM071",
                f"the version `{release_text(first)}` has the module of the schema",
                point(place),
                notes=(
                    f"in Python, `{name}` is the module that leads to all versions",
                ),
                helps=(f"call it `{_derived(name, first)}`, say",),
            )
            sound = False
        version = m.Version(release_text(first), release_text(last), module, place.span)
        listed.append(Listed(first, last, version))
    return Versions(listed) if sound else None


def _ends(text: str) -> tuple[Numbers, Numbers]:
    first, dots, last = (part.strip() for part in text.partition(".."))
    begin = releases.numbers(first)
    end = releases.numbers(last) if dots else begin
    assert begin is not None
    assert end is not None
    return begin, end


def _derived(module: str, first: Numbers) -> str:
    """The module of a version that gives none: without the zeros at its end."""
    parts = list(first)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return "_".join([module, *map(str, parts)])


def _fault(
    first: Numbers, last: Numbers, before: list[Listed]
) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with a version behind others, and what helps."""
    length = len(before[0].first) if before else len(first)
    begin, end = release_text(first), release_text(last)
    for release in (first, last):
        if len(release) != length:
            other = before[0].version.first if before else begin
            return (
                f"`{release_text(release)}` and `{other}` have different numbers of numbers",
                ("write all releases with as many numbers",),
            )
    if last < first:
        return f"`{begin}` is later than `{end}`", (f'write `"{end}..{begin}"`',)
    if first[:-1] != last[:-1]:
        return (
            f"`{begin}` and `{end}` differ in more than the last number",
            ("a range is of releases that follow each other: list several ranges",),
        )
    if before and before[-1].last >= first:
        overlaps = any(b.first <= last and first <= b.last for b in before)
        text = begin if first == last else f"{begin}..{end}"
        other = before[-1].version.text
        if overlaps:
            return f"releases of `{text}` are listed twice", ("list each once",)
        return (
            f"`{text}` stands behind `{other}`",
            ("list versions in order, the newest last",),
        )
    return None


class UnknownVersion(LookupError):
    """A release that a schema doesn't describe; the message says which are near."""


def unknown(asked: str, schema: str, versions: tuple[m.Version, ...]) -> UnknownVersion:
    """What is wrong with a release that none of the versions has."""
    wanted = releases.numbers(asked)
    if not versions:
        return UnknownVersion(f"{schema} has no versions")
    known = f"{versions[0].first} to {versions[-1].last}"
    if wanted is None:
        return UnknownVersion(
            f"`{asked}` is no version; {schema} has {known}, as `{versions[-1].last}`"
        )
    near = _nearest(wanted, versions)
    return UnknownVersion(
        f"{schema} has no version `{asked}`; the nearest "
        f"{'is' if len(near) == 1 else 'are'} {' and '.join(near)}"
    )


def _nearest(wanted: Numbers, versions: tuple[m.Version, ...]) -> list[str]:
    """The last release before one and the first behind it; of a series its newest."""
    ends = [r for v in versions for r in dict.fromkeys((v.first, v.last))]
    numbers = {end: releases.numbers(end) or () for end in ends}
    inside = [e for e in ends if numbers[e][: len(wanted)] == wanted]
    if inside:
        return [f"`{inside[-1]}`"]
    before = [e for e in ends if numbers[e] < wanted]
    behind = [e for e in ends if numbers[e] > wanted]
    return [f"`{end}`" for end in (*before[-1:], *behind[:1])]
