"""Reading the Rust type that a foreign type stands for.

The grammar is the Rust reference's, "Types" and "Paths", for what can be the right side
of `pub type T = …;` in a module without type parameters: a path with generic arguments.
Qualified paths, `<T as Trait>::U`, and macros are left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

import msgspec

from vmgen.schema.tokens import TypeSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable

KEYWORDS = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "crate",
        "else",
        "enum",
        "extern",
        "false",
        "fn",
        "for",
        "if",
        "impl",
        "in",
        "let",
        "loop",
        "match",
        "mod",
        "move",
        "mut",
        "pub",
        "ref",
        "return",
        "self",
        "Self",
        "static",
        "struct",
        "super",
        "trait",
        "true",
        "type",
        "unsafe",
        "use",
        "where",
        "while",
        "async",
        "await",
        "dyn",
        "abstract",
        "become",
        "box",
        "do",
        "final",
        "gen",
        "macro",
        "override",
        "priv",
        "try",
        "typeof",
        "unsized",
        "virtual",
        "yield",
    ]
)
"""Those of Rust's editions 2015 to 2024 (the Rust reference, "Keywords")."""

MAX_NESTING = 32

_TOKEN = re.compile(
    r"\s*(?:(?P<word>(?:r#)?[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<number>[0-9][0-9_]*(?:u8|u16|u32|u64|u128|usize|i8|i16|i32|i64|i128|isize)?(?!\w))"
    r"|(?P<life>'[A-Za-z_][A-Za-z0-9_]*)"
    r'|(?P<abi>"[A-Za-z-]+")'
    r"|(?P<mark>->|::|[*&\[\]();,<>!+-])"
    r"|(?P<bad>\S))"
)
_STARTS = ("crate", "self", "super")
_NOT_RAW = (*_STARTS, "Self", "_")
_EXAMPLE = "write a path as `crate::Handle` or `core::ops::Range<usize>`"


class Root(msgspec.Struct, frozen=True):
    """A path in a Rust type, without its generic arguments: its segments, with ``""``
    before those of a path that starts with `::`, and its offsets in the text."""

    segments: tuple[str, ...]
    start: int
    end: int


class RustType(msgspec.Struct, frozen=True):
    """A type as rustfmt spells it, and every path in it, in the order written."""

    text: str
    roots: tuple[Root, ...]


@lru_cache(maxsize=4096)
def parse_rust_type(text: str) -> RustType:
    """Read a Rust type. Raises `TypeSyntaxError`."""
    parser = _Parser(text)
    if parser.kind != "word" and parser.token != "::":
        parser.fail(f"expected the path of a type, found {parser.found}", _EXAMPLE)
    spelled = parser.path(0)
    if parser.kind != "end":
        parser.fail(f"the type ends before {parser.found}")
    return RustType(spelled, tuple(parser.roots))


class _Parser:
    """Recursive descent; each method gives what it read as rustfmt spells it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.roots: list[Root] = []
        self.end = 0
        self.advance()

    def advance(self) -> str:
        """Go to the next token; gives the one before."""
        self.previous_end = self.end
        before = getattr(self, "token", "")
        match = _TOKEN.match(self.text, self.end)
        if match is None:
            self.kind, self.token = "end", ""
            self.start = self.end = len(self.text.rstrip())
            return before
        self.kind = match.lastgroup or "bad"
        self.token = match[self.kind]
        self.end = match.end()
        self.start = self.end - len(self.token)
        if self.kind == "bad":
            self.fail(f"`{self.token}` can't stand in a Rust type", _EXAMPLE)
        return before

    @property
    def found(self) -> str:
        return f"`{self.token}`" if self.token else "the end"

    def fail(self, message: str, help: str = "") -> NoReturn:
        raise TypeSyntaxError(message, self.start, max(self.end, self.start + 1), help)

    def expect(self, mark: str) -> None:
        if self.token != mark:
            self.fail(f"expected `{mark}`, found {self.found}")
        self.advance()

    def path(self, depth: int, *, bound: bool = False) -> str:
        """A path; that of a trait, as a bound, may have its arguments in parentheses."""
        start, place = self.start, len(self.roots)
        spelled, segments = "", []
        if self.token == "::":
            spelled, segments = self.advance(), [""]
        while True:
            segments.append(self.segment(segments))
            spelled += segments[-1]
            end = self.previous_end
            if self.token == "<":
                spelled += self.arguments(depth)
            elif self.token == "(" and bound:
                return self.root(
                    segments, start, end, place, spelled + self.call(depth)
                )
            if self.token != "::":
                break
            self.advance()
            if self.token == "<":
                spelled += self.arguments(depth)
                if self.token != "::":
                    break
                self.advance()
            spelled += "::"
        if segments[-1] in _STARTS:
            self.fail(f"expected `::`, found {self.found}", _EXAMPLE)
        return self.root(segments, start, end, place, spelled)

    def root(
        self, segments: list[str], start: int, end: int, place: int, spelled: str
    ) -> str:
        self.roots.insert(place, Root(tuple(segments), start, end))
        return spelled

    def segment(self, before: list[str]) -> str:
        """A name; one of Rust's keywords for paths where it may stand."""
        word = self.token
        if self.kind != "word":
            self.fail(f"expected a name, found {self.found}", _EXAMPLE)
        leads = word in _STARTS and (
            not before or (word == "super" and before[-1] in ("self", "super"))
        )
        plain = word.removeprefix("r#")
        if word == "_" or plain == "_":
            self.fail("`_` leaves the type open", "write the type")
        if plain in _NOT_RAW and not leads:
            self.fail(f"`{word}` can't stand here", _EXAMPLE)
        if word in KEYWORDS and not leads:
            self.fail(f"`{word}` is a keyword of Rust", _EXAMPLE)
        return self.advance()

    def arguments(self, depth: int) -> str:
        self.advance()
        if self.token == ">":
            self.fail("expected a type, found `>`", "leave the brackets out")
        found = self.listed(">", lambda: self.argument(depth + 1))
        return f"<{', '.join(found)}>"

    def listed(self, close: str, read: Callable[[], str]) -> list[str]:
        """What is separated by commas, up to and with the closing mark."""
        found = []
        while self.token != close:
            found.append(read())
            if self.token != ",":
                break
            self.advance()
        self.expect(close)
        return found

    def argument(self, depth: int) -> str:
        if self.kind == "life":
            return self.lifetime()
        if self.kind == "number" or self.token in ("true", "false"):
            return self.advance()
        if self.token == "-":
            self.advance()
            if self.kind != "number":
                self.fail(f"expected a number, found {self.found}")
            return f"-{self.advance()}"
        return self.type(depth)

    def lifetime(self) -> str:
        if self.token != "'static":
            self.fail(f"no lifetime `{self.token}` is declared here", "write `'static`")
        return self.advance()

    def type(self, depth: int) -> str:
        if depth > MAX_NESTING:
            self.fail(f"a type nested more than {MAX_NESTING} levels deep")
        token = self.token
        match token:
            case "*":
                self.advance()
                if self.token not in ("mut", "const"):
                    self.fail("a raw pointer is `*mut T` or `*const T`")
                return f"*{self.advance()} {self.pointee(depth)}"
            case "&":
                self.advance()
                if self.kind != "life":
                    self.fail("a reference needs a lifetime here", "write `&'static T`")
                lifetime = self.lifetime()
                mut = f"{self.advance()} " if self.token == "mut" else ""
                return f"&{lifetime} {mut}{self.pointee(depth)}"
            case "[":
                return self.array(depth)
            case "(":
                return self.tuple(depth)
            case "fn" | "unsafe" | "extern":
                return self.function(depth)
            case "dyn":
                self.advance()
                return f"dyn {self.bounds(depth)}"
            case "!":
                self.fail("`!` is no type in stable Rust")
            case _:
                return self.path(depth)

    def pointee(self, depth: int) -> str:
        several = self.token == "dyn"
        spelled = self.type(depth + 1)
        return f"({spelled})" if several and " + " in spelled else spelled

    def array(self, depth: int) -> str:
        self.advance()
        element = self.type(depth + 1)
        if self.token == "]":
            self.advance()
            return f"[{element}]"
        self.expect(";")
        length = self.advance() if self.kind == "number" else self.path(depth + 1)
        self.expect("]")
        return f"[{element}; {length}]"

    def tuple(self, depth: int) -> str:
        self.advance()
        found = self.listed(")", lambda: self.type(depth + 1))
        comma = self.text[: self.previous_end - 1].rstrip()[-1] == ","
        return (
            f"({found[0]},)" if len(found) == 1 and comma else f"({', '.join(found)})"
        )

    def function(self, depth: int) -> str:
        before = ""
        if self.token == "unsafe":
            before = f"{self.advance()} "
        if self.token == "extern":
            before += f"{self.advance()} "
            if self.kind == "abi":
                before += f"{self.advance()} "
        self.expect("fn")
        return f"{before}fn{self.call(depth)}"

    def call(self, depth: int) -> str:
        self.expect("(")
        found = self.listed(")", lambda: self.type(depth + 1))
        arrow = ""
        if self.token == "->":
            self.advance()
            arrow = f" -> {self.type(depth + 1)}"
        return f"({', '.join(found)}){arrow}"

    def bounds(self, depth: int) -> str:
        found = [self.path(depth + 1, bound=True)]
        while self.token == "+":
            self.advance()
            life = self.kind == "life"
            found.append(self.lifetime() if life else self.path(depth + 1, bound=True))
        return " + ".join(found)
