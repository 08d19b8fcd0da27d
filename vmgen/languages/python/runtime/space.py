"""Another memory as seen by the data model of what is in it."""

from __future__ import annotations

from .errors import UnknownTarget
from .hints import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Protocol

    from .models import Model, Targets

    class Readable(Protocol):
        """What bytes are fetched from, as from a `Memory`, which says of which machine."""

        order: str | None
        pointer: int | None

        def read(self, address: int, size: int) -> bytes: ...


class Space:
    """A memory, and the data model of what is in it. `pointers` are the classes of
    addresses in it, by the kind of what is there."""

    def __init__(self, memory: Readable, model: Model) -> None:
        self.memory = memory
        self.model = model
        self.pointers: dict[Any, Any] = {}

    @classmethod
    def of(cls, memory: Readable, targets: Targets, target: str | None) -> Space:
        """The space of a target, or else of the memory's machine. Raises UnknownTarget
        for one that the schema hasn't, and where it has several such machines on which
        it lays things out in different ways."""
        if target is not None:
            return cls(memory, targets.model(target))
        fitting = [
            model
            for model in targets.models
            if model.order == memory.order
            and model.pointer in (0, memory.pointer)
            and not model.bare
        ]
        if targets.host is not None and targets.host in fitting:
            fitting = [targets.host]
        if len({model.column for model in fitting}) == 1:
            return cls(memory, fitting[0])
        known = ", ".join(model.key for model in fitting or targets.models)
        raise UnknownTarget(f"name the target that this memory is of, one of {known}")
