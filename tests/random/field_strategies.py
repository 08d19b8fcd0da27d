"""Random fields: what records of every kind are made of, and records in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.random.type_strategies import (
    CHANCE,
    INTEGERS,
    YES,
    Drawn,
    Scope,
    field_type,
    one_of,
)
from vmgen.rules.reserved import reserved

if TYPE_CHECKING:
    from collections.abc import Iterable

DEPTH = 2
"""How deep records in place may be."""

MARK = "Zq"
MAGIC, SEVEN = (f"{MARK.upper()}_{name}" for name in ("MAGIC", "SEVEN"))

LONG_NAME = "field_whose_name_alone_is_as_long_as_some_declarations_are"
FIELD_NAMES = (
    "a", "base", "length", "x1", "long_field_name_number_two", LONG_NAME, "ptr", "value_of_it",
    "_hidden", "n", "limit", "first", "last", "u", "data", "raw_bits", "state", "value",
    "tag", "payload", "it", "before", "model", "counts", "begin", "u8", "x", "__reserved",
)  # fmt: skip
RESERVED = ("from", "type", "class", "default", "self", "new", "raise", "union", "at")
"""Names that one language or another keeps, and that can be allowed."""

HAVE_BYTE_ORDER = (*INTEGERS, "f32", "f64", "char", "*mut u8", "NonZeroU32")

WORDS = ("the", "length", "of", "a", "memory", "in", "bytes,", "or", "VMContext")
NASTY = (
    "*/ ends a comment", '""" ends a docstring', "a \\ at the end \\", "??/ a trigraph",
    "[link] <b>html</b> `code` {{ jinja }} {% raw %}", "tab\tand \u2028 and é and 漢字 and 🦀",
    "// comment", "r#\"raw\"#", "'quotes' and \"quotes\"", "* a list\n\n* of two items",
    "\\N{DASH} \\x41 \\u0041 \\", "#define X", "%s %d {} {0}", "ends with a quote\"",
    "# heading\n\n    indented\n\n```\nfence\n```", "/* opens", "https://a.b/c?d=e_f*g",
    "\u202eturned", "a\u00a0b", "[x]: y", "1. one\n2. two", "<!-- -->", "'''", "\\\"\"\"",
    "ends in ??", "*", "\\", '"', "_a_ __b__ **c**", "line one\nline two \\\nline three",
    "@param x of @return", "\\brief is \\param y: \\\\ and @@ and \\@ and @\\ @", "</p> a<b <a href",
    "@", "\\@endcode \\verbatim a@b.c", "/**< it", "<!DOCTYPE &lt; &x; @{ \\f$ x",
)  # fmt: skip
CONDITIONS: tuple[dict[str, object], ...] = (
    {"os": "linux"}, {"os": "windows"}, {"width": 64}, {"arch": "x86_64"},
    {"endian": "little"}, {"not": {"os": "linux"}}, {"not": {"width": [32, 16]}},
    {"any": [{"os": "linux"}, {"width": 32}]}, {"os": "windows", "not": {"arch": "x86"}},
    {"any": [{"endian": "big"}, {"os": ["windows", "macos"], "width": 64}]},
)  # fmt: skip
"""Each is met by a target that every schema has, or by one of two."""
LONG_DOCS = st.lists(one_of(WORDS), min_size=1, max_size=60)


def some(draw: st.DrawFn, items: tuple[str, ...], most: int) -> list[str]:
    """One to `most` different items, each number of them as likely as another."""
    size = draw(st.integers(1, most))
    left = list(items)
    return [left.pop(draw(st.integers(0, len(left) - 1))) for _ in range(size)]


def doc(draw: st.DrawFn) -> str:
    """Plain prose, short and long, and text that tries to break out of comments."""
    if draw(YES):
        return draw(one_of(NASTY))
    return " ".join(draw(LONG_DOCS)) + "."


def allowing(rules: Iterable[str], more: str = "") -> dict[str, object]:
    """The key that allows some rules, if there are any."""
    names = sorted({*rules, more} - {""})
    return {"allow": dict.fromkeys(names, "it is tried")} if names else {}


@dataclass
class Around:
    """What fields are drawn for: the record that has them, and those around that.

    `copy` is whether Rust has to be able to copy them, `union` whether they are at the same
    bytes as others, and `context` whether the record's size depends on counts. `taken` are
    the names of what C has as members of one record, `depth` how deep records in place may
    still go.
    """

    copy: bool = False
    union: bool = False
    context: bool = False
    taken: set[str] = field(default_factory=set)
    depth: int = DEPTH

    def inside(self, kind: str, *, anonymous: bool) -> Around:
        """What the fields are drawn for that a field in place has."""
        taken = self.taken if anonymous else set[str]()
        union = self.union or kind == "union"
        # C++ has nothing anonymous with atomics in it, which nothing that is copied has.
        return Around(self.copy or anonymous, union, False, taken, self.depth - 1)


class Fields:
    """Draws fields out of a scope; with `theirs`, some of them records in place."""

    def __init__(self, draw: st.DrawFn, scope: Scope, theirs: bool) -> None:
        self.draw = draw
        self.theirs = theirs
        self.features, self.constants = draw(YES), draw(YES)
        self.scope = scope
        self.atomics: tuple[str, ...] = ()

    def fields(self, around: Around) -> tuple[dict[str, object], bool]:
        """Fields, and whether Rust can copy them all; where it has to, it can."""
        made: dict[str, object] = {}
        whole = True
        taken = reserved().names("context" if around.context else "field")
        most = 9 if around.depth == DEPTH else 3
        for name in some(self.draw, (*FIELD_NAMES, *RESERVED), most):
            if name in around.taken:
                continue
            around.taken.add(name)
            rule = "reserved-name" if name in taken else ""
            if self.theirs and around.depth and made and self.draw(CHANCE) > 7:
                made[name], copy = self._in_place(around, rule)
            else:
                drawn = field_type(self.draw, self.scope, copy=around.copy)
                copy = drawn.copy
                made[name] = self._field(drawn, rule, around, bool(made))
            whole = whole and copy
        if not made:
            made["only" + str(len(around.taken))] = "u8"
        return made, whole

    def _in_place(self, around: Around, rule: str) -> tuple[dict[str, object], bool]:
        """A struct or union that is declared where its field stands."""
        kind = self.draw(one_of(("struct", "union")))
        anonymous = not around.context and self.draw(YES)
        inner, copy = self.fields(around.inside(kind, anonymous=anonymous))
        made: dict[str, object] = {kind: inner}
        if anonymous:
            made["anonymous"] = True
        if self.draw(CHANCE) > 7:
            made["name"] = f"{MARK}InPlace{self.draw(st.integers(0, 99))}"
        if self.draw(YES):
            made["doc"] = doc(self.draw)
        return {**made, **self.on(True), **allowing([], rule)}, copy

    def _field(self, drawn: Drawn, rule: str, around: Around, later: bool) -> object:
        """A field in its short or its long form."""
        draw = self.draw
        rules = allowing(drawn.rules, rule)
        if not rules and not draw(YES):
            return drawn.text
        long: dict[str, object] = {"type": drawn.text, **rules}
        if draw(YES):
            long["doc"] = doc(draw)
        if drawn.text in HAVE_BYTE_ORDER and draw(YES):
            long["endian"] = "little"
        if draw(YES) and not around.union and not self._may_change(drawn.text):
            long["access"] = ["readonly", "can_move"][: draw(one_of((1, 2)))]
        elif "endian" not in long and draw(CHANCE) > 7:
            long["volatile"] = True
        if draw(YES):
            long["attrs"] = [draw(one_of(("doc(hidden)", "doc( hidden )")))]
        if draw(CHANCE) > 7:
            long["align"] = draw(one_of((16, 64, 128)))
        long |= self.on(later)
        if drawn.text == "u32" and self.constants and draw(YES):
            long["value"] = MAGIC
        if self.features and later and draw(CHANCE) > 6:
            long["when"] = draw(one_of(("on", "off")))
        return long

    def on(self, later: bool) -> dict[str, object]:
        """A condition now and then; the first field is always there."""
        if not later or self.draw(CHANCE) < 8:
            return {}
        return {"on": CONDITIONS[self.draw(st.integers(0, len(CONDITIONS) - 1))]}

    def _may_change(self, type: str) -> bool:
        """Whether it contradicts itself that something of this type doesn't change."""
        return any(name in type for name in ("Atomic", *self.atomics))
