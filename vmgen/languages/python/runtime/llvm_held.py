"""What something holds, before it is known where that is."""

from __future__ import annotations

from .hints import TYPE_CHECKING, Any
from .llvm_access import NOTHING_PROMISED, Promises

if not TYPE_CHECKING:
    pass
else:
    from .llvm_places import Place
    from .llvm_target import Target


class Held:
    """What a part, an element or a pointee holds; `promises` are what is said of it."""

    promises: Promises = NOTHING_PROMISED

    def at(self, name: str, place: Place, number: int | None = None) -> Any:
        """The handle of it at a place; `number` is its index where it is an element of
        an array and that is known. Raises TypeError where there is none."""
        raise NotImplementedError

    def size_on(self, target: Target) -> int:
        """Bytes from one in an array to the next. Raises TypeError."""
        raise NotImplementedError

    def align_on(self, target: Target) -> int:
        """The alignment, in bytes, of one that a pointer leads to; 1 if none is known."""
        raise NotImplementedError

    def reach_on(self, target: Target) -> int:
        """How many bytes can be read wherever there is a pointer to one."""
        return 0

    def other(self, type: Any, target: Target, align: int) -> Held:
        """What is held where something is taken for another type: one of llvmlite's, of
        which the alignment is told, or a class of handles. Raises TypeError."""
        raise NotImplementedError
