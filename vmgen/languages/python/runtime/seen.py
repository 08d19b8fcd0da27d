"""What stands for a thing in another memory, and is read when it is looked at."""

from __future__ import annotations

from .hints import TYPE_CHECKING, Any, ClassVar, Final
from .kinds import UNCHANGEABLE, Kind
from .layouts import Layout, record_repr, variant_value

if TYPE_CHECKING:
    from .space import Space


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


def placed(cls: Any, address: int, space: Space) -> Any:
    """An instance of a class of views, of what is at an address of a space."""
    made = object.__new__(cls)
    _set_there(made, (address, space))
    return made


def word_view(kind: Kind, address: int, space: Space) -> Any:
    """A word at an address of a space, whose value is `value`."""

    made = _word_views.get(kind)
    if made is None:
        parts = {"__slots__": (), "_face": kind.face, "_kind": kind}
        made = _word_views[kind] = type(kind.face.__name__, (_WordView,), parts)
    return placed(made, address, space)


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
