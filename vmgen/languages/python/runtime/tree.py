"""What was found in a memory, as a tree that is shown as lines or told as JSON."""

from __future__ import annotations

from .hints import Any, Callable, Final, Iterator

STATES: Final[tuple[str, ...]] = (
    "read", "null", "absent", "unmapped", "malformed", "seen", "cut",
)  # fmt: skip
"""What can be said of a part. It was `read`; it is a pointer that may be null and is; by
its flag it isn't there; its bytes can't be read; they can't be of its type; what it
points to is shown elsewhere; or that is deeper than was asked for."""

Paint = Callable[[str, str], str]
"""Gives a piece of a line its colour: what it is, one of `STATES`, "name" or "note", and
its text."""


class Node:
    """A part: a field, an element, or what a pointer leads to.

    `type` is as Rust spells it. `address` is where the part itself is. `value` is a
    number, bool, or text; None of what is made of parts and of what couldn't be read.
    `shown` is the value as it is printed. `leads_to` is the type that a pointer that was
    followed leads to, whose parts are then the `parts`. `note` is what else there is to
    say, in words.
    """

    __slots__ = (
        "address", "leads_to", "left_out", "level", "name", "note", "parts", "path",
        "shown", "state", "symbol", "type", "value",
    )  # fmt: skip

    def __init__(
        self, name: str, path: str, type: str, address: int, level: int
    ) -> None:
        self.name = name
        self.path = path
        self.type = type
        self.address = address
        self.level = level
        self.value: Any = None
        self.shown = ""
        self.leads_to = ""
        self.symbol = ""
        self.state = "read"
        self.note = ""
        self.parts: list[Node] = []
        self.left_out = 0

    def fail(self, state: str, note: str) -> None:
        """Say that it couldn't be shown."""
        self.state = state
        self.note = f"{self.note}; {note}" if self.note else note

    def __str__(self) -> str:
        return "\n".join(lines(self))

    def as_json(self) -> dict[str, Any]:
        """What `json` writes: addresses are hexadecimal text, integers numbers."""
        told: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "address": f"{self.address:#x}",
            "state": self.state,
        }
        for key in "value", "leads_to", "symbol", "note", "left_out":
            found = getattr(self, key)
            if found is not None and (key == "value" or found):
                told[key] = found
        if self.parts:
            told["parts"] = [part.as_json() for part in self.parts]
        return told


def _plain(what: str, text: str) -> str:
    return text


def lines(root: Node, paint: Paint = _plain) -> Iterator[str]:
    """A tree as lines of text, without their ends."""
    before = ": " if root.shown or root.state in WORDS else " "
    word = _word(root)
    after = _told(word, paint, " = ") if word else ""
    where = f"{paint('name', root.name)} at {root.address:#x}"
    yield f"{where}{_told(root, paint, before)}{after}"
    if not word:
        yield from _below(root, "", paint)


def _below(node: Node, indent: str, paint: Paint) -> Iterator[str]:
    for position, part in enumerate(node.parts):
        last = position + 1 == len(node.parts) and not node.left_out
        name = paint("name", part.name)
        word = _word(part)
        after = _told(word, paint, " = ") if word else ""
        yield f"{indent}{'└' if last else '├'}─ {name}{_told(part, paint, ': ')}{after}"
        if word:
            continue
        yield from _below(part, f"{indent}{' ' if last else '│'}  ", paint)
    if node.left_out:
        more = paint("note", f"... {node.left_out} more")
        yield f"{indent}└─ {more}"


def _word(node: Node) -> Node | None:
    """The word that a pointer leads to, for its line."""
    if len(node.parts) != 1 or node.parts[0].name != "*" or node.parts[0].parts:
        return None
    return node.parts[0]


def _told(node: Node, paint: Paint, before: str) -> str:
    """What a line says behind the name."""
    said = []
    if node.shown:
        said.append(paint(node.state, node.shown))
    if node.symbol:
        said.append(paint("note", f"<{node.symbol}>"))
    if node.leads_to:
        said.append(f"-> {node.leads_to}")
    if node.state in WORDS:
        said.append(paint(node.state, WORDS[node.state]))
    if node.note:
        said.append(paint("note", f"({node.note})"))
    if not said:
        return f"{before}{node.type}" if node.parts and before == ": " else ""
    return before + " ".join(said)


WORDS: Final[dict[str, str]] = {
    "absent": "absent",
    "unmapped": "unmapped",
    "malformed": "malformed",
    "cut": "...",
}
"""What lines say of states that aren't seen from the rest of the line."""
