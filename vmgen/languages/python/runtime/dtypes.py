"""numpy, which is imported with this file alone, and what the package makes with it."""

from __future__ import annotations

from .hints import Any

# Type checkers need no numpy of their users for it.
numpy: Any = __import__("numpy")


def word(prefix: str, letter: str, size: int) -> Any:
    """The type of a number in the byte order of `prefix`: "u", "i" or "f" and bytes."""
    return numpy.dtype(f"{prefix}{letter}{size}")


def void(size: int) -> Any:
    """The type of bytes that numpy has no number for."""
    return numpy.dtype(f"V{size}")


def array(element: Any, count: int) -> Any:
    """The type of so many elements in a row."""
    return numpy.dtype((element, (count,)))


def record(names: Any, formats: Any, offsets: Any, size: int) -> Any:
    """The type of a record with these parts."""
    return numpy.dtype(
        {"names": names, "formats": formats, "offsets": offsets, "itemsize": size}
    )


def shared(data: Any, dtype: Any, at: int, stride: int, count: int) -> Any:
    """Values in a buffer as an array that shares the memory: `count` of them, the first
    at `at`, each `stride` bytes behind the one before."""
    if not count:
        return numpy.empty(0, dtype)
    return numpy.ndarray((count,), dtype, data, at, (stride,))
