"""What is raised."""

from __future__ import annotations

from _collections_abc import Iterable


class LayoutMismatch(ImportError):
    """A generated number is wrong; the message says which, and the remedy."""


class NullPointer(ValueError):
    """A `VmPtr<T>` that is null, in memory or about to be."""


class Unmapped(LookupError):
    """Bytes of another memory that can't be read; `address` is that of the first."""

    def __init__(self, address: int, why: str) -> None:
        super().__init__(f"{address:#x}: {why}")
        self.address = address
        self.why = why


class NoPath(ValueError):
    """A path that leads to nothing; the message says from where on."""


class UnknownTarget(LookupError):
    """A target that the schema doesn't cover."""


class UnknownVariant(ValueError):
    """A tagged enum whose tag is none of its variants'."""


class WrongVersion(LookupError):
    """A version that there is none of, or that can't be what is read."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that isn't known."""
    from difflib import get_close_matches

    near = get_close_matches(name, [*known], 1)
    return f", did you mean {near[0]}?" if near else ""
