"""The names of `typing` that this package needs, without `typing`.

Importing that takes longer than all else that happens when a generated module is
imported. Type checkers see the real names. At run time there are stand-ins: what is
written with them can still be evaluated, by `typing.get_type_hints` for one.
"""

from __future__ import annotations

# `collections.abc` has its names from here, and imports more.
from _collections_abc import Callable, Iterable, Iterator, Mapping, Sequence

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any, ClassVar, Final, Generic, NoReturn, TypeVar, cast, overload

    from typing_extensions import Never, Self  # noqa: UP035

    V = TypeVar("V")
    V_co = TypeVar("V_co", covariant=True)
else:
    from types import GenericAlias

    class Generic:
        """`Generic[V]` is this class as a base, and can be subscripted as one."""

        __slots__ = ()
        __class_getitem__ = classmethod(GenericAlias)

    class ClassVar:
        """`ClassVar[int]` is an int."""

        def __class_getitem__(cls, item: object) -> object:
            return item

    Final = ClassVar
    Any = Never = NoReturn = Self = V = V_co = object

    def cast(kind, value):
        return value

    def overload(function):
        return function


__all__ = [
    "TYPE_CHECKING", "Any", "Callable", "ClassVar", "Final", "Generic", "Iterable",
    "Iterator", "Mapping", "Never", "NoReturn", "Self", "Sequence", "V", "V_co", "cast",
    "overload",
]  # fmt: skip
