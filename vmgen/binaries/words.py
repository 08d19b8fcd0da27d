"""Types of a binary in words, for messages."""

from __future__ import annotations

from vmgen.binaries.types import (
    Array,
    Composite,
    Enumeration,
    Pointer,
    Scalar,
    Tagged,
    Type,
    Unknown,
)


def in_bytes(number: int) -> str:
    return f"{number} byte{'s' * (number != 1)}"


def spoken(found: Type) -> str:
    """A type of a binary in words."""
    match found:
        case Scalar(name, size):
            return f"`{name}` of {in_bytes(size)}"
        case Pointer(size):
            return f"a pointer of {in_bytes(size)}"
        case Array(element, count):
            return f"an array of {count if count is not None else 'any number of'} × {spoken(element)}"
        case Composite(kind, name, size):
            return (
                f"the {kind} `{name}` of {in_bytes(size)}"
                if name
                else f"a {kind} of {in_bytes(size)}"
            )
        case Enumeration(name, size) | Tagged(name, size):
            return f"the enum `{name}` of {in_bytes(size)}"
        case Unknown(name):
            return f"`{name}`, of which nothing is known,"
