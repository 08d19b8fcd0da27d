"""What a schema says of its versions: which of them each condition is for.

Found once for all versions, with everything that is wrong about it; `vmgen.schema.select`
then takes what one version has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.source import Entry, Mapping, Node, Scalar, Sequence, members
from vmgen.schema import keys
from vmgen.schema.composite_shapes import (
    ByForm,
    ByKind,
    Keys,
    Later,
    ListOf,
    MapOf,
    NumberOr,
)
from vmgen.schema.condition_sets import UNKNOWN, Former, Sets
from vmgen.schema.condition_shapes import CONDITIONS, OrCases, cases_of
from vmgen.schema.found_conditions import IDENTIFIER, Found, parts_of
from vmgen.schema.member_shapes import Members
from vmgen.schema.path_shapes import FieldPath, NameOrPart
from vmgen.schema.shapes import Name, NameElsewhere, TypeExpression
from vmgen.schema.values import point, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.reading.diagnostics import Report
    from vmgen.schema.files import Document
    from vmgen.schema.shapes import Shape
    from vmgen.schema.versions import Versions


def find_conditions(
    documents: list[Document],
    versions: Versions | None,
    used: Iterable[Found],
    report: Report,
) -> Found:
    """All conditions of documents that passed their shapes; faults go to `report`.

    `used` are those of used modules, whose names need not be the same in all versions.
    """
    walk = _Walk(versions, report)
    walk.note_renamed(documents, used)
    for document in documents:
        shape = keys.FRAGMENT if "module" not in document.root.entries else keys.MODULE
        walk.visit(document.root, shape, walk.all)
    for what in ("types", "constants"):
        entries = [e for d in documents for e in members(d.root.get(what))]
        walk.refuse_overlaps(entries)
    return walk.found


class _Walk:
    """One pass over the documents, along the shapes that they passed."""

    def __init__(self, versions: Versions | None, report: Report) -> None:
        self.versions = versions
        self.all = versions.all if versions else 1
        self.report = report
        self.found = Found({}, {}, {}, set(), {}, {}, {}, {}, set())
        self.renamed: set[str] = set()
        self.renamed_parts: set[str] = set()
        self.owner = ""
        self.sets = Sets(versions, report)

    def note_renamed(self, documents: list[Document], used: Iterable[Found]) -> None:
        """Look for names that types and paths may mention and that were others before."""
        self.renamed.update(name for found in used for name in found.names)
        for document in documents:
            for what in ("types", "constants"):
                for entry in members(document.root.get(what)):
                    node = entry.node
                    if not isinstance(node, Mapping):
                        continue
                    self._note_former(entry, node, self.found.names)
                    if what == "types":
                        self.found.declared[entry.value] = node
                        self._note_parts(node)
                    local: dict[str, list[Former]] = {}
                    for counted in ("counts", "flags"):
                        for count in members(node.get(counted)):
                            if isinstance(count.node, Mapping):
                                self._note_former(count, count.node, local)
                    if local:
                        self.found.local[id(node)] = local
                        self.renamed.update(local)
        self.renamed.update(self.found.names)
        for found in (*used, self.found):
            self.renamed_parts |= found.parts

    def _note_parts(self, node: Mapping) -> None:
        for part in parts_of(node):
            if isinstance(part.node, Mapping):
                if isinstance(part.node.get("was"), Mapping):
                    self.found.parts.add(part.value)
                self._note_parts(part.node)

    def _note_former(
        self, entry: Entry, node: Mapping, names: dict[str, list[Former]]
    ) -> None:
        if isinstance(was := node.get("was"), Mapping):
            found = self.sets.former(entry, was)
            names.setdefault(entry.value, []).extend(found)
            self.found.former[id(node)] = found

    def visit(self, node: Node, shape: Shape, within: int) -> bool:
        """Look at a node that passed a shape and is there in the versions `within`;
        whether it isn't the same in all."""
        varies = False
        match shape:
            case OrCases(value):
                cases = cases_of(node)
                if cases is None:
                    return self.visit(node, value, within)
                self._cases(node, cases, value, within)
                varies = True
            case Keys() if isinstance(node, Mapping):
                for name, entry in node.entries.items():
                    key = shape.keys.get(name)
                    if name == "was":
                        varies |= isinstance(entry.node, Mapping)
                    elif key and self.visit(entry.node, key.shape, within):
                        varies = True
                        if name in shape.required and key.needed_in(node):
                            self._refuse_gap(entry, within)
            case MapOf():
                varies = self._members(node, shape, within)
            case ListOf(item) if isinstance(node, Sequence):
                for each in node.items:
                    varies |= self.visit(each, item, within)
            case ByForm():
                form = {Mapping: shape.mapping, Sequence: shape.sequence}.get(
                    type(node), shape.scalar
                )
                varies = form is not None and self.visit(node, form, within)
            case ByKind(_, kinds) if isinstance(node, Mapping):
                kind = node.get("kind")
                assert isinstance(kind, Scalar)
                varies = self.visit(node, kinds[kind.value], within)
            case NumberOr(_, other):
                varies = self.visit(node, other, within)
            case NameElsewhere():
                pass
            case FieldPath() | NameOrPart() if isinstance(node, Scalar):
                varies = self._path(node, shape)
            case Later():
                varies = self.visit(node, shape.get(), within)
            case TypeExpression() | Name() if isinstance(node, Scalar):
                # Where names were others, what mentions them differs.
                varies = bool(self.renamed) and not self.renamed.isdisjoint(
                    IDENTIFIER.findall(node.value)
                )
            case _:
                pass
        if varies:
            self.found.varying.add(id(node))
        return varies

    def _path(self, node: Scalar, shape: FieldPath | NameOrPart) -> bool:
        """Note a path of fields; whether it may not be the same in all versions."""
        if isinstance(shape, NameOrPart) and "." not in node.value:
            return False
        whole = isinstance(shape, NameOrPart) or shape.whole
        self.found.paths[id(node)] = "" if whole else self.owner
        mentioned = IDENTIFIER.findall(node.value)
        return not (
            self.renamed.isdisjoint(mentioned[: 1 if whole else 0])
            and self.renamed_parts.isdisjoint(mentioned)
        )

    def _members(self, node: Node, shape: MapOf, within: int) -> bool:
        varies = False
        entries = []
        holders: list[tuple[Node | None, Entry]] = []
        if isinstance(node, Sequence):
            for item in node.items:
                if isinstance(item, Mapping):
                    holders += [(item, entry) for entry in item.entries.values()]
        elif isinstance(node, Mapping):
            holders = [(None, entry) for entry in node.entries.values()]
        for holder, entry in holders:
            here = within
            value = entry.node
            if shape is keys.TYPES:
                self.owner = entry.value
            if isinstance(value, Mapping):
                own = self._condition(entry, value, within)
                if own is not None:
                    here &= own
                    varies = True
                was = value.get("was")
                if isinstance(was, Mapping) and id(value) not in self.found.former:
                    self.found.former[id(value)] = self.sets.former(entry, was)
            if self.visit(value, shape.value, here):
                varies = True
                if holder is not None:
                    self.found.varying.add(id(holder))
            entries.append(entry)
        if isinstance(shape, Members):
            self.refuse_overlaps(entries)
        return varies

    def _condition(self, entry: Entry, node: Mapping, within: int) -> int | None:
        """The versions in which a member is there; None without a condition."""
        own = self.sets.of(node)
        if own is None:
            return None
        self.found.there[id(node)] = own
        self.found.varying.add(id(node))
        if not own & within and self.versions:
            place = next(node.entries[k] for k in CONDITIONS if k in node.entries)
            note = (
                f"it can only be there in {self.versions.words(within)}"
                if own and within
                else f"the versions are {self.versions.words(self.all)}"
            )
            self.report.add(
                "VM072",
                f"`{shortened(entry.value)}` is in no version",
                point(place.node),
                notes=(note,),
                helps=("remove it, or list the version that it is for",),
            )
        return own

    def _cases(
        self, node: Node, cases: list[Mapping], value: Shape, within: int
    ) -> None:
        found: list[tuple[int, Node]] = []
        taken = 0
        for case in cases:
            own = self.sets.of(case)
            here = self.all if own is None else own
            item = case["is"]
            self.visit(item, value, here & within)
            if self.versions:
                if UNKNOWN in (own, taken):
                    pass
                elif here & taken:
                    self.report.add(
                        "VM073",
                        f"two cases are for {self.versions.words(here & taken)}",
                        point(case),
                        helps=("give each version one case",),
                    )
                elif not here & within:
                    self.report.add(
                        "VM072",
                        "this case is for no version",
                        point(case),
                        notes=(
                            "what it is a case of is there in "
                            f"{self.versions.words(within) or 'none'}",
                        ),
                        helps=("remove it",),
                    )
            taken |= here
            found.append((here, item))
        self.found.cases[id(node)] = found

    def _refuse_gap(self, entry: Entry, within: int) -> None:
        """Report the versions in which a key that is needed has no value."""
        cases = self.found.cases.get(id(entry.node))
        if cases is None or self.versions is None:
            return
        for here, _ in cases:
            within &= ~here
        if within:
            self.report.add(
                "VM075",
                f"`{entry.value}` has no case for {self.versions.words(within)}",
                entry.span,
                notes=("it can't be left out",),
                helps=("add a case for them",),
            )

    def refuse_overlaps(self, entries: list[Entry]) -> None:
        """Report names that two members have in one version, if conditions say so."""
        if self.versions is None:
            return
        seen: dict[str, list[tuple[int, Entry]]] = {}
        for entry in entries:
            here = self.found.there.get(id(entry.node), self.all)
            if here == UNKNOWN:
                continue
            names = [Former(entry.value, here)]
            for former in self.found.former.get(id(entry.node), ()):
                names.append(Former(former.name, former.versions & here))
                names[0] = Former(entry.value, names[0].versions & ~former.versions)
            for name in names:
                for other, first in seen.get(name.name, ()):
                    both = other & name.versions
                    if both and (both != self.all or self._depend(entry, first)):
                        self.report.add(
                            "VM073",
                            f"`{shortened(name.name)}` is there twice in "
                            f"{self.versions.words(both)}",
                            entry.span,
                            notes=(
                                f"the other is at {first.span.file.name}:"
                                f"{first.span.line}",
                            ),
                            helps=("let the one end where the other begins",),
                        )
                seen.setdefault(name.name, []).append((name.versions, entry))

    def _depend(self, *entries: Entry) -> bool:
        return any(id(e.node) in self.found.there for e in entries)
