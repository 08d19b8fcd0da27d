"""Files, spans in them, and the nodes of the trees that `vmgen.reading.yamltree` makes."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import msgspec

from vmgen.reading.files import DISK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.reading.files import Files

ENCODING = "utf-8-sig"
NULLS = frozenset(["", "~", "null", "Null", "NULL"])
"""What YAML reads as nothing, when it is unquoted."""

_MARK = re.compile(
    r"""^[ \t]*\{?[ \t]*(?:[?][ \t]+)?["']?vmgen["']?\s*:(?:\s|$)""", re.M
)


class SourceFile:
    """A schema file's decoded text, and its name as messages print it. `files` are those
    that it is one of, and that names in it are looked for among.

    Several schemas may include one file, and read it once each: it is the same file.
    """

    def __init__(self, path: Path, name: str, text: str, files: Files = DISK) -> None:
        self.path = path
        self.name = name
        self.text = text
        self.files = files

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, SourceFile)
            and self.name == other.name
            and self.text == other.text
        )

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def line_starts(self) -> list[int]:
        """Character offset of the first character of each line."""
        starts, position = [0], self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def is_as_read(self) -> bool:
        """Whether the file on disk still has this text. Raises OSError."""
        try:
            return self.files.content(self.path).decode(ENCODING) == self.text
        except UnicodeDecodeError:
            return False

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its line ending."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else None].rstrip("\r")


class Span(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a source file, in character offsets: `start` to before `end`."""

    file: SourceFile
    start: int
    end: int

    @property
    def line(self) -> int:
        return bisect_right(self.file.line_starts, self.start)

    @property
    def column(self) -> int:
        return self.file.place(self.start)[1]

    def part(self, start: int, end: int) -> Span:
        """The sub-span from `start` to `end`, counted from this span's start."""
        return Span(self.file, self.start + start, self.start + end)


class Node(msgspec.Struct, eq=False, gc=False):
    """A YAML node; `start` and `length` count characters of the file.

    A schema has a million of them. The length is kept rather than the end because
    Python has one object for each small number, and a new one for every large one.
    """

    kind: ClassVar[str] = "node"
    file: SourceFile
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def span(self) -> Span:
        return Span(self.file, self.start, self.start + self.length)


class Scalar(Node, eq=False, gc=False):
    """A scalar; `plain` when unquoted, which is when it may be a number or null."""

    kind: ClassVar[str] = "scalar"
    value: str
    plain: bool

    @property
    def is_null(self) -> bool:
        return self.plain and self.value in NULLS

    @property
    def text_span(self) -> Span | None:
        """The span of `value` itself, or None where escapes or folding moved it."""
        source = self.file.text[self.start : self.end]
        if source == self.value:
            return self.span
        if source[1:-1] == self.value and source[:1] in "'\"":
            return Span(self.file, self.start + 1, self.end - 1)
        return None


class Entry(Scalar, eq=False, gc=False):
    """A key of a mapping, and the node that it leads to."""

    node: Node


class Sequence(Node, eq=False, gc=False):
    """A list of nodes."""

    kind: ClassVar[str] = "list"
    items: list[Node]


class Mapping(Node, eq=False, gc=False):
    """Keys, always scalars, with their values, in the order written."""

    kind: ClassVar[str] = "mapping"
    entries: dict[str, Entry]

    def get(self, key: str) -> Node | None:
        entry = self.entries.get(key)
        return entry.node if entry else None

    def __getitem__(self, key: str) -> Node:
        return self.entries[key].node

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return ((entry, entry.node) for entry in self.entries.values())


def members(node: Node | None) -> Iterator[Entry]:
    """What has a name in a mapping, or in a list of mappings with one key each.

    A name that stands alone in a list leads to nothing, as in `variants: [A, B]`.
    """
    if isinstance(node, Mapping):
        yield from node.entries.values()
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Mapping):
                yield from item.entries.values()
            elif isinstance(item, Scalar):
                place = (item.file, item.start, item.length)
                nothing = Scalar(item.file, item.end, 0, "", True)
                yield Entry(*place, item.value, item.plain, nothing)


def is_marked(text: str) -> bool:
    """Whether a text has the key `vmgen`, by which files of this language are known.

    Messages show lines of what they are about. Of a file without it they show nothing:
    it may be any file, reached by an `include` or a link.
    """
    return _MARK.search(text) is not None
