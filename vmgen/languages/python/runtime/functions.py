"""Pointers to functions whose signature the schema has: they can be called here."""

from __future__ import annotations

import ctypes

from .hints import TYPE_CHECKING, Any, Final
from .kinds import Bodiless, Kinds, Tree
from .pointers import Pointer
from .scalars import Function

if TYPE_CHECKING:
    from .kinds import Kind


_FUNCTION: Final[Any] = ctypes.CFUNCTYPE(None).__mro__[1]
"""The base of what ctypes has for functions."""


class Signature(Bodiless):
    """A function's signature, as ctypes calls it."""

    def __init__(self, spelling: Tree, source: Kinds) -> None:
        super().__init__(spelling, Function)
        self.source = source
        self._prototype: Any = None

    @property
    def prototype(self) -> Any:
        """What makes a function of an address, or a callback of something callable."""
        if self._prototype is None:
            source: Any = self.source
            spelling: Any = self.spelling
            _, result, *parameters = spelling
            passed = [_passed(source[tree], tree) for tree in parameters]
            given = None if result == "()" else _passed(source[result], result)
            self._prototype = ctypes.CFUNCTYPE(given, *passed)
        return self._prototype


def _passed(kind: Kind, tree: Tree) -> Any:
    """The type of ctypes by which a value of a kind is passed."""
    if isinstance(kind, Pointer):
        return ctypes.c_void_p
    if tree == "bool":
        return ctypes.c_bool
    if kind.ctype is None or issubclass(kind.ctype, ctypes.Array):
        raise TypeError(f"ctypes can't pass a {kind.rust}")
    return kind.ctype


class FunctionPointer(Pointer):
    """A pointer to a function; what ctypes has for one, a callback too, can be stored.

    Nothing here keeps a callback: whoever stores one keeps it for as long as it may be
    called.
    """

    def number(self, value: Any, size: int) -> int:
        if isinstance(value, _FUNCTION):
            value = ctypes.cast(value, ctypes.c_void_p).value
        return super().number(value, size)
