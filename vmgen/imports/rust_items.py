"""Items of Rust source: where types are declared, and what is said of them.

What a type is made of is rustc's to say. Here items are only found, with their
documentation and their `repr`, so that rustc can be asked about each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from vmgen.imports.comments import documentation

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<doc>///(?!/)[^\n]*|/\*\*(?![*/])(?:[^*]|\*(?!/))*\*/)
    |(?P<skip>\s+|//[^\n]*|/\*)
    |(?P<text>b?c?r(?P<hashes>\#*)"(?:.*?)"(?P=hashes)|[bc]?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\\n]|\\[^\n]+?)')
    |(?P<word>(?:r\#)?[A-Za-z_]\w*|'\w+|\d[\w.]*)
    |(?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_SIGN = re.compile(r"/\*|\*/")
_ALIGN = re.compile(r"\balign\s*\(\s*(\d+)\s*\)")
_STABLE = re.compile(r"\b(C|transparent|[iu](?:8|16|32|64|128|size))\b")
_DOC_ATTRIBUTE = re.compile(r'doc\s*=\s*"((?:[^"\\]|\\.)*)"\s*')

MAX_DEPTH = 64
"""How deep modules may stand in each other; what is deeper isn't found."""

_OPEN_LIFETIME = "'_"
OPEN, CLOSED = "([{", ")]}"


class Token(msgspec.Struct, frozen=True):
    """A token with its place; `kind` is ``doc``, ``text``, ``word`` or ``sign``."""

    kind: str
    text: str
    start: int
    end: int


class Item(msgspec.Struct, frozen=True):
    """A struct, union or enum, whose path has no crate's name before it.

    `end` is the place behind it, `docs` has the documentation of each field or variant,
    `arguments` is what has to stand behind its name: lifetimes that are left open; None if
    it is generic. `conditions` are the `cfg` attributes that it stands under, and `align`
    the alignment in bytes that its `repr` asks for.
    """

    path: tuple[str, ...]
    end: int
    doc: str
    docs: Mapping[str, str]
    stable: bool
    align: int | None
    arguments: str | None
    conditions: tuple[str, ...]


class Include(msgspec.Struct, frozen=True):
    """`mod name;`: a module in a file of its own, which `file` names if it is said."""

    path: tuple[str, ...]
    file: str


def tokens(text: str) -> Iterator[Token]:
    """The tokens of Rust source. What isn't sound is for rustc to refuse."""
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            return
        kind = match.lastgroup or "sign"
        if match[0] == "/*":
            place = _behind_comment(text, place)
            continue
        if match["text"] is not None:
            kind = "text"
        if kind != "skip":
            yield Token(kind, match[0], place, match.end())
        place = match.end()


def _behind_comment(text: str, start: int) -> int:
    """The place behind a block comment, in which others may be."""
    depth = 0
    for match in _COMMENT_SIGN.finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        if not depth:
            return match.end()
    return len(text)


def items(text: str) -> Iterator[Item | Include]:
    """The types that a file declares in it and in its modules, not in functions."""
    return _Reader(text).items(())


class _Before(msgspec.Struct):
    """What stands before an item: documentation, and attributes without their signs."""

    docs: list[str]
    attributes: list[str]

    @property
    def doc(self) -> str:
        return documentation("\n".join(self.docs))

    def reprs(self) -> list[str]:
        return [a for a in self.attributes if a.startswith("repr")]

    def conditions(self) -> tuple[str, ...]:
        return tuple(a for a in self.attributes if a.startswith("cfg("))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._all = [*tokens(text)]
        self._at = 0

    def _peek(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        end = len(self._text)
        return self._all[at] if at < len(self._all) else Token("end", "", end, end)

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _skip_group(self) -> Token:
        """Go behind a group whose opening sign is next; gives its last token."""
        depth = 0
        while True:
            token = self._next()
            if token.kind == "sign" and token.text in OPEN:
                depth += 1
            elif token.kind == "sign" and token.text in CLOSED:
                depth -= 1
            if depth <= 0 or token.kind == "end":
                return token

    def _before(self) -> _Before:
        """Go behind documentation and attributes."""
        found = _Before([], [])
        while True:
            token = self._peek()
            if token.kind == "doc":
                found.docs.append(self._next().text)
            elif token.text == "#" and self._peek(1).text == "[":
                self._next()
                start = self._peek().end
                end = self._skip_group().start
                attribute = self._text[start:end].strip()
                said = _DOC_ATTRIBUTE.fullmatch(attribute)
                if said is not None:
                    found.docs.append(f"/// {said[1]}")
                else:
                    found.attributes.append(attribute)
            else:
                return found

    def items(self, path: tuple[str, ...]) -> Iterator[Item | Include]:
        """The items up to the end, or to the brace that ends their module."""
        while self._peek().kind != "end" and not (path and self._peek().text == "}"):
            before = self._before()
            self._visibility()
            word = self._peek().text
            name = self._peek(1)
            if word == "mod" and name.kind == "word" and len(path) < MAX_DEPTH:
                yield from self._module((*path, name.text), before)
            elif word in ("struct", "enum") or (
                word == "union" and name.kind == "word"
            ):
                yield self._item((*path, name.text), before)
            else:
                self._other()
            if not path and self._peek().text == "}":
                # One too many, which rustc tells of.
                self._next()

    def _visibility(self) -> None:
        if self._peek().text == "pub":
            self._next()
            if self._peek().text == "(":
                self._skip_group()

    def _module(
        self, path: tuple[str, ...], before: _Before
    ) -> Iterator[Item | Include]:
        self._next()
        self._next()
        if self._peek().text != "{":
            files = [a for a in before.attributes if a.startswith("path")]
            named = re.search(r'"([^"]*)"', files[0]) if files else None
            yield Include(path, named[1] if named else "")
            return
        self._next()
        conditions = before.conditions()
        for item in self.items(path):
            if isinstance(item, Item) and conditions:
                item = msgspec.structs.replace(
                    item, conditions=(*conditions, *item.conditions)
                )
            yield item
        self._next()

    def _other(self) -> None:
        """Go behind an item of another kind: its semicolon, or its braces."""
        while self._peek().kind != "end":
            token = self._peek()
            if token.text == "}":
                return
            if token.text == ";":
                self._next()
                return
            if token.kind == "sign" and token.text in OPEN:
                last = self._skip_group()
                if last.text == "}" and self._peek().text not in (";", "."):
                    return
            else:
                self._next()

    def _item(self, path: tuple[str, ...], before: _Before) -> Item:
        self._next()
        self._next()
        arguments = self._arguments()
        docs: dict[str, str] = {}
        end = self._peek().end
        while self._peek().kind != "end":
            token = self._peek()
            if token.text == ";":
                end = self._next().end
                break
            if token.text == "{":
                docs = self._parts()
                end = self._peek(-1).end
                break
            group = token.kind == "sign" and token.text in OPEN
            end = (self._skip_group() if group else self._next()).end
        reprs = " ".join(before.reprs())
        asked = _ALIGN.search(reprs)
        return Item(
            path,
            end,
            before.doc,
            docs,
            bool(_STABLE.search(reprs)),
            int(asked[1]) if asked else None,
            arguments,
            before.conditions(),
        )

    def _arguments(self) -> str | None:
        """What stands for the parameters of an item; None for types and constants."""
        if self._peek().text != "<":
            return ""
        depth, lifetimes, others = 0, 0, False
        starts = False
        while self._peek().kind != "end":
            token = self._next()
            if token.text == "<":
                depth += 1
                starts = depth == 1
                continue
            if token.text == ">":
                depth -= 1
                if not depth:
                    break
            elif depth == 1 and token.text == ",":
                starts = True
                continue
            elif depth == 1 and starts:
                if token.text.startswith("'"):
                    lifetimes += 1
                else:
                    others = True
            starts = False
        if others:
            return None
        return f"<{', '.join([_OPEN_LIFETIME] * lifetimes)}>" if lifetimes else ""

    def _parts(self) -> dict[str, str]:
        """The documentation of fields or variants, whose opening brace is next."""
        docs: dict[str, str] = {}
        self._next()
        while self._peek().kind != "end" and self._peek().text != "}":
            before = self._before()
            self._visibility()
            if self._peek().kind == "word" and before.doc:
                docs[self._peek().text.removeprefix("r#")] = before.doc
            depth = 0
            while self._peek().kind != "end":
                token = self._peek()
                if token.text == "}" or (token.text == "," and depth <= 0):
                    break
                if token.kind == "sign" and token.text in OPEN:
                    self._skip_group()
                    continue
                depth += (token.text == "<") - (
                    token.text == ">" and self._peek(-1).text not in "-="
                )
                self._next()
            if self._peek().text == ",":
                self._next()
        self._next()
        return docs
