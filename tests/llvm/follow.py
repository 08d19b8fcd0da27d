"""From the path of a word in a record to its handle.

Paths are those of the ctypes classes. Handles have arrays in arrays as one, and no step
for an enum's payloads or for what a newtype wraps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.python.leaves import Path


class Follower:
    """Follows the paths of one record, in the order of its words."""

    def __init__(self, record: Any) -> None:
        self._record = record
        self._ordinals: dict[tuple[Any, ...], dict[tuple[int, ...], int]] = {}

    def handle(self, path: Path) -> Any:
        """The handle of a word."""
        found, at = self._record, 0
        while at < len(path):
            step = path[at]
            if isinstance(step, str):
                found = _part(found, step)
                at += 1
                continue
            end = at + 1
            if type(found[0]).__name__ != "Elements":
                while end < len(path) and isinstance(path[end], int):
                    end += 1
            steps = tuple(int(one) for one in path[at:end])
            known = self._ordinals.setdefault(path[:at], {})
            found = found[known.setdefault(steps, len(known))]
            at = end
        return found


def _part(record: Any, name: str) -> Any:
    """A part by the name that its ctypes class has for it."""
    parts = type(record)._vm.index
    known = [one for one in (name, f"{name}_", name.removesuffix("_")) if one in parts]
    if not known:
        assert name in ("payload", "value"), (record, name)
        return record
    return getattr(record, known[0])
