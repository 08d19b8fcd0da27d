"""Records in another memory, each field of which is read when it is asked for."""

from __future__ import annotations

from .errors import NullPointer, UnknownTarget
from .hints import TYPE_CHECKING, Any, ClassVar, Final, Mapping, cast
from .kinds import UNCHANGEABLE, Kind
from .layouts import Layout, record_repr, variant_value
from .pointers import VmPtr, kind_of

if TYPE_CHECKING:
    from .memory import Memory
    from .models import Model
    from .offsets import ContextOffsets


class Space:
    """A memory, and the data model of what is in it."""

    def __init__(self, memory: Memory, model: Model) -> None:
        self.memory = memory
        self.model = model
        self._pointers: dict[Kind, Any] = {}

    @classmethod
    def of(cls, memory: Memory, kind: Kind, target: str | None) -> Space:
        """The space of a target, or else of the memory's machine. Raises UnknownTarget
        for one that the kind's schema hasn't, and where it has several such machines on
        which it lays things out in different ways."""
        source = kind.source
        if source is None:
            raise UnknownTarget(f"{kind.rust} is of no schema: no target has it")
        targets = source.targets
        if target is not None:
            return cls(memory, targets.model(target))
        fitting = [
            model
            for model in targets.models
            if model.order == memory.order
            and model.pointer in (0, memory.pointer)
            and not model.bare
        ]
        if targets.host in fitting:
            fitting = [targets.host]
        if len({model.column for model in fitting}) == 1:
            return cls(memory, fitting[0])
        known = ", ".join(model.name for model in fitting or targets.models)
        raise UnknownTarget(f"name the target that this memory is of, one of {known}")

    def value(
        self,
        kind: Kind,
        address: int,
        counts: Mapping[str, int] | ContextOffsets | None,
    ) -> Any:
        """What is at an address. Only a context takes counts: TypeError."""
        if counts is None:
            return kind.place_there(address, self)
        context = getattr(kind, "layout", None)
        if not hasattr(context, "regions"):
            raise TypeError(f"{kind.rust} takes no counts")
        return cast("Any", kind).there(address, self, counts)

    def pointer(self, kind: Kind, address: int) -> VmPtr[Any]:
        """An address here of something of a kind."""
        made = self._pointers.get(kind)
        if made is None:
            parts = {"_kind": kind, "_model": self.model, "_space": self}
            made = type("VmPtr", (VmPtr,), {**parts, "__slots__": ()})
            self._pointers[kind] = made
        return cast("VmPtr[Any]", int.__new__(made, address))


def kind_in(cls: type) -> Kind:
    """The kind of a class as pointers to it see it. Raises TypeError."""
    kind = kind_of(cls)
    return kind.pointed or kind


class View:
    """A record or a word at an address of a space. It passes for an instance of the class
    that was asked for it, and has what that class defines."""

    __slots__ = ("_vm_there",)
    _vm_there: tuple[int, Space]
    _vm: ClassVar[Layout]
    _face: ClassVar[Any]

    if not TYPE_CHECKING:
        __class__ = property(lambda self: self._face)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(UNCHANGEABLE)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        return self._vm_there == other._vm_there

    def __hash__(self) -> int:
        return hash((type(self), self._vm_there))

    def __copy__(self) -> View:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        name = self._face.__name__
        raise TypeError(f"a {name} in another memory can't be copied or pickled")

    def _variant(self) -> Any:
        return variant_value(self, self._vm)

    def __repr__(self) -> str:
        return record_repr(self, self._vm)


_set_there: Final[Any] = View.__dict__["_vm_there"].__set__


def view(layout: Layout, face: Any, address: int, space: Space) -> Any:
    """A record at an address of a space, seen as an instance of `face`."""
    if layout.views is None:
        layout.views = {}
    made = layout.views.get(face)
    if made is None:
        # Whoever only looks at live memory doesn't need it.
        from .images import stand_in

        parts = stand_in(layout.cls, face, _fields(layout))
        made = type(face.__name__, (View,), {**parts, "_vm": layout})
        layout.views[face] = made
    return _placed(made, address, space)


def word_view(kind: Kind, address: int, space: Space) -> Any:
    """A word at an address of a space, whose value is `value`."""

    made = _word_views.get(kind)
    if made is None:
        parts = {"__slots__": (), "_face": kind.face, "_kind": kind}
        made = _word_views[kind] = type(kind.face.__name__, (_WordView,), parts)
    return _placed(made, address, space)


_word_views: Final[dict[Kind, Any]] = {}


class _WordView(View):
    __slots__ = ()
    _kind: ClassVar[Kind]

    @property
    def value(self) -> Any:
        address, space = self._vm_there
        return self._kind.there(address, space)

    def __repr__(self) -> str:
        return f"{self._face.__name__}({self.value!r})"


def _placed(cls: Any, address: int, space: Space) -> Any:
    made = object.__new__(cls)
    _set_there(made, (address, space))
    return made


def _fields(layout: Layout) -> dict[str, Any]:
    """What reads each field of a view."""
    parts: dict[str, Any] = {
        name: _field(layout, position, name)
        for position, name in enumerate(layout.names)
    }
    if layout.category == "tagged":
        parts["value"] = property(View._variant)
    return parts


def _field(layout: Layout, position: int, name: str) -> property:
    def read(self: View) -> Any:
        address, space = self._vm_there
        own = layout.source.targets.own(space.model)
        at = address + layout.row(own)[position + 2]
        try:
            return layout.kinds[position].there(at, space)
        except NullPointer as error:
            raise NullPointer(f"{layout.name}.{name}: {error}") from None

    return property(read)
