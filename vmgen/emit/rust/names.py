"""Names in generated Rust: how they are spelled, and what the compiler dislikes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.schema.reserved import RUST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SNAKE = re.compile(r"_*[a-z0-9]*(_[a-z0-9]+)*_*\Z")
_CAMEL = re.compile(r"_*[A-Z][A-Za-z0-9]*\Z")

KEYWORDS = RUST


def spelled(name: str) -> str:
    """A declared name, with `_` where it is a keyword that the author kept.

    `vmgen.schema.reserved.escaped` says why that can't be another name.
    """
    return f"{name}_" if name in KEYWORDS else name


def naming(type: str, parts: Iterable[str] = ()) -> str:
    """What keeps the compiler from disliking names that the schema chose: an attribute
    with its line end, or nothing."""
    allows = []
    if _CAMEL.match(type) is None:
        allows.append("non_camel_case_types")
    for part in parts:
        if _SNAKE.match(part) is None:
            allows.append("non_snake_case")
            break
    return f"#[allow({', '.join(allows)})]\n" if allows else ""


def free(name: str, taken: Collection[str]) -> str:
    """`name`, with as many underscores after it as it takes not to be taken."""
    while name in taken:
        name += "_"
    return name


def literal(text: str) -> str:
    """What is between the quotes of a string literal that says `text`."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
