"""Types of Rust's library, and `VmPtr`, as the schema language has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Sequence

_NON_ZERO = {plain: name for name, plain in t.NON_ZERO_OF.items()}
_ATOMIC = {plain: name for name, plain in t.ATOMIC_OF.items()}

HOLDERS = {
    "UnsafeCell": True, "Cell": True, "SyncUnsafeCell": True, "ManuallyDrop": False,
    "MaybeUninit": False, "Wrapping": False, "Saturating": False, "Option": False,
}  # fmt: skip
"""Types of Rust's library that hold another one by value, and whether it is written
behind shared references."""


def unwrapped(
    name: str, arguments: Sequence[t.Type], size: int, pointer: int
) -> t.Type | None:
    """What a struct of this name, without its path and arguments, is in a schema.

    `arguments` are what stands for its parameters, as pointees; `size` is its own, and
    `pointer` that of an address, in bytes. None for a struct that is only itself.
    """
    if name in t.ATOMIC_OF:
        return t.Atomic(name)
    if name in t.NON_ZERO_OF:
        return t.NonZero(name)
    if name == "PhantomData" and not size:
        return t.Unit()
    if len(arguments) != 1:
        return None
    (inside,) = arguments
    if name in ("VmPtr", "NonNull", "AtomicPtr") and size == pointer:
        if name == "AtomicPtr":
            return t.Atomic("AtomicUsize")
        return t.VmPtr(inside) if name == "VmPtr" else t.RawPointer(name, inside)
    plain = str(inside)
    if name == "NonZero" and plain in _NON_ZERO:
        return t.NonZero(_NON_ZERO[plain])
    if name == "Atomic":
        if plain in _ATOMIC:
            return t.Atomic(_ATOMIC[plain])
        if isinstance(inside, t.RawPointer):
            return t.Atomic("AtomicUsize")
    return None
