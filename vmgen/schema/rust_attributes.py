"""Reading what becomes an attribute of a Rust item: conditions, and attributes as they are.

The grammar of conditions is the Rust reference's, "Conditional compilation"; of other
attributes a path and what Rust calls a token tree, of which only the brackets are looked
at.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NoReturn

import msgspec

from vmgen.schema.rusttype import KEYWORDS
from vmgen.schema.tokens import TypeSyntaxError

_TOKEN = re.compile(r'\s*(?:(?P<word>[A-Za-z_]\w*)|(?P<text>"[^"\\\n]*")|(?P<mark>\S))')
_COMBINED = ("all", "any", "not")
_PATH = re.compile(r"[A-Za-z_]\w*(::[A-Za-z_]\w*)*")
_UNSAFE = re.compile(r"unsafe ?\( ?(?P<name>\w+)")
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)\'|\d\w*')
_LAYOUT = re.compile(r"\brepr\b|\bcfg\b|\bcfg_attr\b")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_PLAIN = re.compile(r'[\w:]+(\([\w:]+(, [\w:]+)*\))?| *[\w:]+ = "[^"\\]*"')
_OWN_KEYS = {
    "repr": "a layout is the schema's: `align`, `tag` and the order of fields decide it",
    "derive": "list what is derived under `derive`",
    "cfg": "write the condition under `cfg`",
}
_EXAMPLE = 'write a condition as `feature = "gc"`, `unix` or `not(feature = "gc")`'
MAX_NESTING = 32


class Condition(msgspec.Struct, frozen=True):
    """A condition as rustfmt spells it, its first word, those that it is made of, and what
    is between the quotes of one that asks for a value."""

    text: str
    word: str
    parts: tuple[Condition, ...] = ()
    value: str = ""

    @property
    def features(self) -> frozenset[str]:
        """The features of cargo's that it asks for."""
        own = {self.value} if self.word == "feature" else set()
        return frozenset(own).union(*(part.features for part in self.parts))

    @property
    def each(self) -> frozenset[str]:
        """Conditions that hold wherever this one does, itself or what `all` lists."""
        if self.word != "all":
            return frozenset({self.text})
        return frozenset[str]().union(*(part.each for part in self.parts))

    @property
    def inverse(self) -> str:
        """The condition that holds where this one doesn't."""
        return self.parts[0].text if self.word == "not" else f"not({self.text})"


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Condition:
    """Read a condition. Raises `TypeSyntaxError`."""
    parser = _Conditions(text)
    condition = parser.condition(0)
    if parser.token:
        parser.fail(f"the condition ends before `{parser.token}`")
    return condition


class _Conditions:
    """Recursive descent; `token` is the one that is looked at, empty at the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = 0
        self.advance()

    def advance(self) -> str:
        before = getattr(self, "token", "")
        match = _TOKEN.match(self.text, self.end)
        self.kind, self.token = "end", ""
        self.start = self.end = len(self.text.rstrip())
        if match is not None:
            self.kind = match.lastgroup or "mark"
            self.token = match[self.kind]
            self.end = match.end()
            self.start = self.end - len(self.token)
        return before

    def fail(self, message: str) -> NoReturn:
        end = max(self.end, self.start + 1)
        raise TypeSyntaxError(message, self.start, end, _EXAMPLE)

    @property
    def found(self) -> str:
        return f"`{self.token}`" if self.token else "the end"

    def expect(self, mark: str) -> None:
        if self.token != mark:
            self.fail(f"expected `{mark}`, found {self.found}")
        self.advance()

    def condition(self, depth: int) -> Condition:
        if depth > MAX_NESTING:
            self.fail(f"a condition nested more than {MAX_NESTING} levels deep")
        if self.kind != "word":
            self.fail(f"expected a condition, found {self.found}")
        if self.token in KEYWORDS - {"true", "false"}:
            self.fail(f"`{self.token}` is a keyword of Rust")
        word = self.advance()
        if word in _COMBINED:
            parts = tuple(self.listed(word, depth))
            text = f"{word}({', '.join(part.text for part in parts)})"
            return Condition(text, word, parts)
        if self.token != "=":
            if word == "feature":
                self.fail("`feature` needs a value: the name of one of cargo's")
            return Condition(word, word)
        self.advance()
        if self.kind != "text":
            self.fail(f"expected a text in double quotes, found {self.found}")
        if word == "feature" and self.token == '""':
            self.fail("a feature has a name")
        text = self.advance()
        return Condition(f"{word} = {text}", word, value=text[1:-1])

    def listed(self, word: str, depth: int) -> list[Condition]:
        self.expect("(")
        found = []
        while self.token != ")":
            found.append(self.condition(depth + 1))
            if self.token != ",":
                break
            self.advance()
        if word == "not" and len(found) != 1:
            self.fail(f"`not` takes one condition, found {len(found)}")
        self.expect(")")
        return found


@lru_cache(maxsize=4096)
def parse_attribute(text: str) -> str:
    """What stands between `#[` and `]`, in one line. Raises `TypeSyntaxError`."""
    text = " ".join(text.split())
    path = _PATH.match(text)
    if path is None:
        raise TypeSyntaxError(
            "expected the path of an attribute", 0, len(text) or 1,
            "write it without `#[` and `]`, as `must_use` or `doc(hidden)`",
        )  # fmt: skip
    inside = _UNSAFE.match(text)
    name = inside["name"] if inside else path[0]
    if name in _OWN_KEYS:
        message = f"`{name}` can't be given as it is"
        start, end = inside.span("name") if inside else path.span()
        raise TypeSyntaxError(message, start, end, _OWN_KEYS[name])
    if name == "cfg_attr" and (moves := _LAYOUT.search(text, path.end())):
        raise TypeSyntaxError(
            f"`{moves[0]}` under a condition would move a byte", *moves.span(),
            _OWN_KEYS["repr"],
        )  # fmt: skip
    _balanced(text, path.end())
    return text


def path_of(attribute: str) -> str:
    """The path that an attribute begins with, empty without one."""
    found = _PATH.match(attribute.strip())
    return found[0] if found else ""


def is_plain(attribute: str) -> bool:
    """Whether rustfmt leaves an attribute as it is."""
    return _PLAIN.fullmatch(attribute) is not None and len(attribute) < 60


def _balanced(text: str, start: int) -> None:
    """Refuse what isn't one attribute: brackets that don't match, comments, a literal
    without its end."""
    open_: list[tuple[str, int]] = []
    at = start
    # A path has nothing behind it, one pair of brackets, or a value.
    alone = not text.startswith((" =", "="), at)
    if at < len(text) and alone and text[at:].lstrip()[:1] not in _CLOSING:
        raise TypeSyntaxError(
            f"the attribute ends before `{text[at:].lstrip()}`", at, len(text)
        )
    if text[at:].strip() == "=":
        raise TypeSyntaxError("expected a value behind `=`", at, len(text))
    while alone and text[at : at + 1] == " ":
        at += 1
    while at < len(text):
        char = text[at]
        literal = _LITERAL.match(text, at)
        if literal is not None:
            at = literal.end()
            continue
        if char in _CLOSING:
            open_.append((_CLOSING[char], at))
        elif char in ")]}":
            if not open_ or open_.pop()[0] != char:
                raise TypeSyntaxError(f"nothing is closed by `{char}`", at, at + 1)
        elif char in "\"'" or text.startswith(("//", "/*"), at):
            raise TypeSyntaxError("this has no end here", at, len(text))
        at += 1
        if alone and not open_ and at < len(text):
            raise TypeSyntaxError(
                f"the attribute ends before `{text[at:].lstrip()}`", at, len(text)
            )
    if open_:
        closing, at = open_[-1]
        raise TypeSyntaxError(f"`{text[at]}` is closed by no `{closing}`", at, at + 1)
