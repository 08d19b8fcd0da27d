"""Shapes of what is made of several values, or may look in several ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.diagnostics import did_you_mean
from vmgen.reading.quoting import is_bare, split_by_comma
from vmgen.reading.source import (
    NULLS,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
)
from vmgen.schema.shapes import Choice, Number, Shape, Text
from vmgen.schema.values import number, point, shortened, unquoting

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from vmgen.reading.diagnostics import Report

DECLARING = frozenset(
    {"include", "uses", "features", "data_models", "constants", "types", "targets"}
    | {"counts", "flags", "versions"}
)
"""The keys that say what there is to refer to. Without what is under one of them each
reference to it would be reported, and hide that the key itself is misspelt."""


class Later(Shape, frozen=True):
    """A shape that holds itself, which `get` gives."""

    get: Callable[[], Shape]

    def check(self, node: Node, report: Report) -> bool:
        return self.get().check(node, report)

    def describe(self) -> str:
        return self.get().describe()


class ListOf(Shape, frozen=True):
    """A list of at least so many items of one shape."""

    item: Shape
    least: int = 0

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Sequence):
            return self.mismatch(node, report)
        if len(node.items) < self.least:
            report.add(
                "VM005",
                f"expected {self.describe()}, found an empty list",
                point(node),
                helps=("leave the key out, or put something into the list",),
            )
            return False
        results = [self.item.check(item, report) for item in node.items]
        return all(results)

    def describe(self) -> str:
        return f"a list, each item {self.item.describe()}"


class MapOf(Shape, frozen=True):
    """A mapping from names to values of one shape, `least` of them at least; `fitting` are
    names seen before."""

    key: Shape
    value: Shape
    fitting: set[str] = msgspec.field(default_factory=set)
    least: int = 0

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Mapping):
            return self.mismatch(node, report, _unmapped(node))
        if len(node.entries) < self.least:
            return self.mismatch(node, report)
        sound = True
        fitting, check_value = self.fitting, self.value.check
        for name, entry in node.entries.items():
            if not entry.node.length and is_bare(entry) and not _takes_nothing(self):
                # It is no key: a comma that was meant as part of a text is before it.
                helps = split_by_comma(node, entry)
                sound = self.value.mismatch(entry.node, report, helps)
                continue
            if name not in fitting:
                if not self.key.check(entry, report):
                    sound = False
                elif name not in NULLS:  # of which quotes make a name
                    fitting.add(name)
            if not check_value(entry.node, report):
                sound = False
        if isinstance(self.key, Text):  # Neither names nor choices spell numbers.
            _refuse_equal_numbers(node, report)
        return sound

    def describe(self) -> str:
        return "a mapping that isn't empty" if self.least else "a mapping"


def _takes_nothing(shape: MapOf) -> bool:
    return isinstance(shape.value, ByForm) and shape.value.null


def _unmapped(node: Node) -> tuple[str, ...]:
    """How to write as a mapping what was written as a list, or without spaces."""
    if isinstance(node, Scalar) and node.plain and re.match(r"\w+:\S", node.value):
        return ("put a space behind each `:`",)
    if not isinstance(node, Sequence) or not node.items:
        return ()
    first = node.items[0]
    if isinstance(first, Mapping) and isinstance(name := first.get("name"), Scalar):
        return (
            f"the name is the key: write `{shortened(name.value)}:`, the rest below",
        )
    if isinstance(first, Mapping) and first.entries:
        key = shortened(next(iter(first.entries)))
        return (f"remove the `-` before each name: write `{key}:`",)
    if isinstance(first, Scalar) and first.value:
        return (f"write a name and what it is: `{shortened(first.value)}: …`",)
    return ()


def _refuse_equal_numbers(node: Mapping, report: Report) -> None:
    """Report keys that spell a number which another key has spelled already."""
    seen: dict[int, Entry] = {}
    for entry in node.entries.values():
        value = number(entry)
        if value is None:
            continue
        first = seen.setdefault(value, entry)
        if first is not entry:
            report.add(
                "VM003",
                f"`{entry.value}` and `{first.value}` are the same number",
                entry.span,
                notes=(f"`{first.value}` is on line {first.span.line}",),
                helps=("keep one of the two",),
            )


class Key(msgspec.Struct, frozen=True):
    """A key: what its value looks like, what it is for, and how it is written. A
    `required` one may be left out where one of the keys `unless` is there.
    """

    shape: Shape
    doc: str
    example: str = ""
    required: bool = False
    unless: tuple[str, ...] = ()

    def needed_in(self, node: Mapping) -> bool:
        """Whether a required one can't be left out of a mapping."""
        return node.entries.keys().isdisjoint(self.unless)


class Keys(Shape, frozen=True):
    """A mapping with known keys, `least` of them at least; `required` are the names of those
    it needs."""

    what: str
    keys: ReadOnly[str, Key]
    required: tuple[str, ...] = ()
    least: int = 0

    def __post_init__(self) -> None:
        needed = tuple(name for name, key in self.keys.items() if key.required)
        msgspec.structs.force_setattr(self, "required", needed)

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Mapping) or len(node.entries) < self.least:
            return self.mismatch(node, report)
        sound = True
        known, entries = self.keys, node.entries
        for name, entry in entries.items():
            key = known.get(name)
            if key is None:
                if not self._refuse(entry, node, report):
                    sound = False
            elif not key.shape.check(entry.node, report):
                sound = False
        for name in self.required:
            if name not in entries and self.keys[name].needed_in(node):
                report.add(
                    "VM006",
                    f"{self.what} needs the key `{name}`",
                    point(node),
                    helps=_as_in(self.keys[name]),
                )
                sound = False
        return sound

    def _refuse(self, key: Entry, node: Mapping, report: Report) -> bool:
        """Report an unknown key; whether the rest can be looked at without it."""
        report.add(
            "VM004",
            f"{self.what} has no key `{shortened(key.value)}`",
            key.span,
            notes=("its keys are " + ", ".join(f"`{k}`" for k in self.keys),),
            helps=(is_bare(key) and split_by_comma(node, key))
            or self._meant_key(key.value),
        )
        missed = DECLARING.intersection(self.keys) - node.entries.keys()
        return not did_you_mean(key.value, missed)

    def _meant_key(self, name: str) -> tuple[str, ...]:
        from vmgen.schema.hints import key_hint

        near = did_you_mean(name, self.keys)
        if near and ("versions" in near[0] or name == "name"):
            # It is near many words, some of which mean something else.
            return key_hint(self.what, name, self.keys) or near
        return near or key_hint(self.what, name, self.keys)

    def describe(self) -> str:
        return "a mapping that isn't empty" if self.least else "a mapping"


def _as_in(key: Key) -> tuple[str, ...]:
    """How a key is written that has one value, or else an example of it."""
    if isinstance(key.shape, Number) and len(key.shape.values) == 1:
        return (f"write `{key.example}`",)
    return (f"as in `{key.example}`",) if key.example else ()


class ByForm(Shape, frozen=True):
    """A short form and a long one, told apart by what kind of node it is."""

    what: str
    scalar: Shape | None = None
    mapping: Shape | None = None
    sequence: Shape | None = None
    null: bool = False

    def check(self, node: Node, report: Report) -> bool:
        shape: Shape | None
        if isinstance(node, Mapping):
            shape = None if self._is_text(node) else self.mapping
        elif isinstance(node, Scalar):
            if self.null and node.is_null:
                return True
            shape = self.scalar
        else:
            shape = self.sequence
        if shape is not None:
            return shape.check(node, report)
        return self.mismatch(node, report, self.meant(node))

    def _is_text(self, node: Mapping) -> bool:
        """Whether a mapping has nothing like a key, where a text without quotes may be
        meant."""
        if not isinstance(self.scalar, Text) or not isinstance(self.mapping, Keys):
            return False
        if node.entries.keys() & self.mapping.keys.keys():
            return False
        return not all(
            name.isidentifier() and entry.node.length
            for name, entry in node.entries.items()
        )

    def meant(self, node: Node) -> tuple[str, ...]:
        return self.scalar.meant(node) if self.scalar else ()

    def describe(self) -> str:
        return self.what


class NumberOr(Shape, frozen=True):
    """A whole number, or else something that isn't one."""

    number: Number
    other: Shape

    def check(self, node: Node, report: Report) -> bool:
        helps = unquoting(node)
        if helps:  # Quotes make no name or type of a number.
            return self.mismatch(node, report, helps)
        chosen = self.number if number(node) is not None else self.other
        return chosen.check(node, report)

    def meant(self, node: Node) -> tuple[str, ...]:
        return self.other.meant(node)

    def describe(self) -> str:
        return f"{self.number.describe()} or {self.other.describe()}"


class ByKind(Shape, frozen=True):
    """A mapping whose key `kind` says which other keys it has."""

    what: str
    kinds: ReadOnly[str, Keys] = msgspec.field(default_factory=dict)

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Mapping):
            return self.mismatch(node, report)
        kind = node.get("kind")
        if kind is None:
            self._refuse_unknown(node, report)
            report.add(
                "VM006",
                f"{self.what} needs the key `kind`",
                point(node),
                helps=(f"its kinds are {', '.join(self.kinds)}",),
            )
            return False
        if not isinstance(kind, Scalar) or kind.value not in self.kinds:
            from vmgen.schema.hints import kind_hint

            helps: tuple[str, ...] = ()
            if isinstance(kind, Scalar):
                helps = kind_hint(kind.value) or did_you_mean(kind.value, self.kinds)
            return Choice(tuple(self.kinds)).mismatch(kind, report, helps)
        return self.kinds[kind.value].check(node, report)

    def _refuse_unknown(self, node: Mapping, report: Report) -> None:
        """Report keys that no kind has: one of them may be meant to be `kind`."""
        from vmgen.schema.hints import key_hint

        known = {name for keys in self.kinds.values() for name in keys.keys}
        for name, entry in node.entries.items():
            if name not in known:
                report.add(
                    "VM004",
                    f"{self.what} has no key `{shortened(name)}`",
                    entry.span,
                    helps=did_you_mean(name, known) or key_hint(self.what, name, known),
                )

    def describe(self) -> str:
        return "a mapping with the key `kind`"
