"""The shape of what has names and an order: fields, regions, functions, variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.quoting import is_bare
from vmgen.reading.source import Entry, Mapping, Node, Scalar, Sequence, members
from vmgen.schema.composite_shapes import ByForm, MapOf
from vmgen.schema.condition_shapes import CONDITIONS
from vmgen.schema.values import found, point, shortened

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report


class Reason(ByForm, frozen=True):
    """Why something is allowed: a text, or a mapping in which it has a key.

    Braces without such a key are a text that lacks quotes.
    """

    keys: frozenset[str] = frozenset()

    def check(self, node: Node, report: Report) -> bool:
        if isinstance(node, Mapping) and self.keys.isdisjoint(node.entries):
            assert self.scalar is not None
            return self.scalar.check(node, report)
        return ByForm.check(self, node, report)


class Members(MapOf, frozen=True):
    """A mapping, or the same as a list of mappings with one key each.

    Order is layout, and tools that sort the keys of mappings leave lists alone. Where
    `bare`, an item may also be a name without anything. A list may have a name several
    times if a condition on versions stands with each.
    """

    bare: bool = False

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Sequence):
            return MapOf.check(self, node, report)
        for item in node.items:
            if not self._is_member(item):
                # The others are as this one; once is enough.
                report.add(
                    "VM005",
                    f"expected {self._item()}, found {found(item)}",
                    point(item),
                    helps=_one_name(item),
                )
                return False
        sound = True
        seen: dict[str, Entry] = {}
        for entry in members(node):
            if not self.key.check(entry, report):
                sound = False
            if not self.value.check(entry.node, report):
                sound = False
            first = seen.setdefault(entry.value, entry)
            if first is not entry and not (_depends(first) and _depends(entry)):
                report.add(
                    "VM003",
                    f"`{shortened(entry.value)}` is given twice in this list",
                    entry.span,
                    notes=(f"first given on line {first.span.line}",),
                    helps=(
                        (
                            "say of each in which versions it is there"
                            if _depends(first) or _depends(entry)
                            else "keep one of the two"
                        ),
                    ),
                )
                sound = False
        return sound

    def _is_member(self, item: Node) -> bool:
        if isinstance(item, Mapping):
            entries = list(item.entries.values())
            # In braces without a colon it is a text that YAML takes for a mapping.
            return len(entries) == 1 and not is_bare(entries[0])
        return self.bare and isinstance(item, Scalar)

    def _item(self) -> str:
        alone = "a name, or " if self.bare else ""
        return f"{alone}a mapping with one key, {self.key.describe()}"

    def describe(self) -> str:
        return "a mapping, or a list of mappings with one key each"


def _depends(entry: Entry) -> bool:
    """Whether a member says in which versions it is there."""
    node = entry.node
    return isinstance(node, Mapping) and any(k in node.entries for k in CONDITIONS)


def _one_name(item: Node) -> tuple[str, ...]:
    """How to write an item that has its name in the wrong place."""
    if isinstance(item, Scalar):
        return (f"write `- {shortened(item.value)}: …`",) if item.value else ()
    if not isinstance(item, Mapping) or not item.entries:
        return ()
    name = item.get("name")
    keys = list(item.entries)
    if isinstance(name, Scalar):
        rest = ", ".join(f"{key}: …" for key in keys if key != "name")
        return (f"the name is the key: write `- {shortened(name.value)}: {{{rest}}}`",)
    rest = ", ".join(f"{key}: …" for key in keys[1:])
    first = item.entries[keys[0]].node
    short = "type: …, " if isinstance(first, Scalar) and not first.is_null else ""
    return (f"write `- {shortened(keys[0])}: {{{short}{rest}}}`",)
