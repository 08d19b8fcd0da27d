"""The tokens of a type expression, one at a time, each with its place."""

from __future__ import annotations

import re
from typing import NoReturn

TOKEN = re.compile(
    r"\s*(?:(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<number>0[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|0[oO]_*[0-7][0-7_]*"
    r"|0[bB]_*[01][01_]*|[0-9][0-9_]*)"
    r"|(?P<life>'[A-Za-z_]+)"
    r'|(?P<abi>"[A-Za-z-]+")'
    r"|(?P<mark>->|[*&\[\]();,<>:?!+=-])"
    r"|(?P<bad>\S))"
)


class TypeSyntaxError(Exception):
    """A text that is no type; `start` and `end` are offsets into the text."""

    def __init__(self, message: str, start: int, end: int, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.help = help


class Tokens:
    """Stands on one token of a text: its `kind`, its text, where it starts and ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = 0
        self.advance()

    def advance(self) -> None:
        self.previous_end = self.end
        match = TOKEN.match(self.text, self.end)
        if match is None:
            self.kind, self.token = "end", ""
            self.start = self.end = len(self.text.rstrip())
            return
        self.kind = kind = match.lastgroup or "bad"
        self.token = token = match[kind]
        # A token is the last thing in its match.
        self.end = end = match.end()
        self.start = end - len(token)
        if kind == "bad":
            self.fail(f"`{token}` can't stand in a type")

    @property
    def word(self) -> str:
        return self.token if self.kind == "word" else ""

    def fail(self, message: str, help: str = "") -> NoReturn:
        raise TypeSyntaxError(message, self.start, max(self.end, self.start + 1), help)

    def expect(self, mark: str) -> None:
        if self.token != mark:
            found = f"`{self.token}`" if self.token else "the end"
            self.fail(f"expected `{mark}`, found {found}")
        self.advance()
