"""Which of a schema's versions a condition is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen import releases
from vmgen.reading.source import Entry, Mapping, Node, Scalar
from vmgen.releases import Interval, Term
from vmgen.schema.condition_shapes import CONDITIONS
from vmgen.schema.values import shortened

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report
    from vmgen.schema.versions import Versions

UNKNOWN = -1
"""The versions of a condition with a fault. As a set it has all of them."""


class Former(msgspec.Struct, frozen=True):
    """A former name of something, and the set of versions in which it has it."""

    name: str
    versions: int


class Sets:
    """The sets of versions of conditions, as `Versions` has sets. Faults go to `report`."""

    def __init__(self, versions: Versions | None, report: Report) -> None:
        self.versions = versions
        self.report = report
        self._known: dict[tuple[str, str], int] = {}
        self.told = False
        """Whether it was told that the schema lists no versions."""

    def of(self, node: Mapping) -> int | None:
        """The versions of the condition that stands in a mapping, `UNKNOWN` where it has a
        fault; None without one."""
        parts = [
            (name, entry.node)
            for name in CONDITIONS
            if (entry := node.entries.get(name)) is not None
            and isinstance(entry.node, Scalar)
        ]
        if not parts:
            return None
        if self.versions is None:
            if not self.told:
                name = parts[0][0]
                self.report.add(
                    "VM076",
                    f"`{name}` speaks of versions, and the schema lists none",
                    node.entries[name].span,
                    helps=("list them under `versions` at the top of the schema",),
                )
                self.told = True
            return UNKNOWN
        sets = [self._set(name, value) for name, value in parts]
        if any(found is None for found in sets):
            return UNKNOWN
        chosen = self.versions.all
        for found in sets:
            chosen &= found or 0
        return chosen

    def _set(self, name: str, node: Node) -> int | None:
        """The versions that one key stands for; None after a reported fault."""
        assert isinstance(node, Scalar)
        key = name, node.value
        found = self._known.get(key)
        if found is None:
            found = self._evaluated(name, node)
            if found is not None:  # A fault is told wherever it stands.
                self._known[key] = found
        return found

    def _evaluated(self, name: str, node: Scalar) -> int | None:
        versions = self.versions
        assert versions
        length = versions.length
        if name == "versions":
            parts = releases.terms(node.value) or ()
        else:
            parts = (Term(releases.numbers(node.value), None),)
        for term in parts:
            if term.longest > length:
                self.report.add(
                    "VM070",
                    f"a version of this schema has {length} "
                    f"number{'s' * (length > 1)}, and `{node.value}` has more",
                    node.span,
                    notes=(f"the first is `{versions.models[0].first}`",),
                )
                return None
        if name == "versions":
            for term in parts:
                span = term.span(length)
                if span.end is not None and span.end <= span.begin:
                    self.report.add(
                        "VM070",
                        f"`{shortened(node.value)}` ends before it begins",
                        node.span,
                        helps=("write the earlier version first",),
                    )
                    return None
            spans = releases.joined(term.span(length) for term in parts)
        else:
            begin = releases.padded(releases.numbers(node.value) or (), length)
            whole = (0,) * length
            spans = (
                Interval(begin, None) if name == "since" else Interval(whole, begin),
            )
        found = versions.within(spans)
        if isinstance(found, int):
            return found
        self.report.add(
            "VM074",
            f"`{shortened(node.value)}` divides the version `{found.version.text}`",
            node.span,
            notes=("all releases of a version have one layout",),
            helps=("list the releases before and behind it as two versions",),
        )
        return None

    def former(self, entry: Entry, was: Mapping) -> list[Former]:
        """The names that something had, each with the versions in which it had it."""
        found: list[Former] = []
        before = 0
        for name, until in was:
            assert isinstance(until, Scalar)
            if self.versions is None:
                if not self.told:
                    self.report.add(
                        "VM076",
                        "`was` speaks of versions, and the schema lists none",
                        until.span,
                        helps=(f"write `was: {name.value}`",),
                    )
                    self.told = True
                return []
            chosen = self._set("until", until)
            if chosen is None:
                return found
            if not chosen & ~before or name.value == entry.value:
                self.report.add(
                    "VM077",
                    (
                        f"`{shortened(entry.value)}` is called `{shortened(name.value)}` in "
                        "no version"
                        if name.value != entry.value
                        else f"`{name.value}` is the name that it has"
                    ),
                    name.span,
                    helps=(
                        "give each former name the version before which it was in use, "
                        "the oldest first",
                    ),
                )
            found.append(Former(name.value, chosen & ~before))
            before |= chosen
        return found
