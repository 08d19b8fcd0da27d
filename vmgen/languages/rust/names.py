"""Names in generated Rust, and texts in its literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema.model import Context, Declaration
from vmgen.schema.reserved import RUST

if TYPE_CHECKING:
    from collections.abc import Collection

KEYWORDS = RUST


def spelled(name: str) -> str:
    """A declared name, with `_` where it is a keyword that the author kept.

    `vmgen.schema.reserved.escaped` says why that can't be another name.
    """
    return f"{name}_" if name in KEYWORDS else name


def free(name: str, taken: Collection[str]) -> str:
    """`name`, with as many underscores after it as it takes not to be taken."""
    while name in taken:
        name += "_"
    return name


def offsets_type(declared: Declaration) -> str:
    """The name of the type that has a declared type's offsets; of a context, that of
    its fixed fields'."""
    return f"{declared.name}{'Fixed' if isinstance(declared, Context) else ''}Offsets"


def literal(text: str) -> str:
    """What is between the quotes of a string literal that says `text`."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
