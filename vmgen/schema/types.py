"""Type expressions: the nodes, and how each is spelled.

Nodes are frozen, compare by meaning and hold no positions; `vmgen.schema.typetext`
reads them from text and keeps the positions beside them. A declared type appears
by name (`Named`), so that types may refer to each other in any order and in cycles.
"""

from __future__ import annotations

from typing import Literal

import msgspec

INT_BITS: dict[str, int | None] = {
    "u8": 8, "u16": 16, "u32": 32, "u64": 64, "u128": 128, "usize": None,
    "i8": 8, "i16": 16, "i32": 32, "i64": 64, "i128": 128, "isize": None,
}  # fmt: skip
"""Bits of every integer type; None for the two that are as wide as a pointer."""

ATOMIC_OF = {
    "AtomicU8": "u8", "AtomicU16": "u16", "AtomicU32": "u32", "AtomicU64": "u64",
    "AtomicUsize": "usize", "AtomicI8": "i8", "AtomicI16": "i16", "AtomicI32": "i32",
    "AtomicI64": "i64", "AtomicIsize": "isize", "AtomicBool": "bool",
}  # fmt: skip
"""The plain type that each of Rust's atomics wraps."""

NON_ZERO_OF = {
    "NonZeroU8": "u8", "NonZeroU16": "u16", "NonZeroU32": "u32", "NonZeroU64": "u64",
    "NonZeroU128": "u128", "NonZeroUsize": "usize", "NonZeroI8": "i8",
    "NonZeroI16": "i16", "NonZeroI32": "i32", "NonZeroI64": "i64",
    "NonZeroI128": "i128", "NonZeroIsize": "isize",
}  # fmt: skip
"""The integer that each of Rust's `NonZero` types wraps."""

VECTORS = {"i8x16": 16, "f32x4": 16, "f64x2": 16}
"""SIMD types that only a function signature may name, with their size in bytes."""


C_NUMBERS: dict[str, str | None] = {
    "c_char": None, "c_schar": "i8", "c_uchar": "u8", "c_short": "i16", "c_ushort": "u16",
    "c_int": None, "c_uint": None, "c_long": None, "c_ulong": None, "c_longlong": "i64",
    "c_ulonglong": "u64", "size_t": "usize", "ssize_t": "isize", "c_float": "f32",
    "c_double": "f64",
}  # fmt: skip
"""C's numbers by their names in Rust's `core::ffi`, and what each is on all targets; None
where targets differ."""


class CNumber(msgspec.Struct, frozen=True, cache_hash=True):
    """One of C's numbers, as wide as the target's C has it."""

    name: str

    @property
    def plain(self) -> str | None:
        """What it is on every target: `i16` of `c_short`, None of `c_long`."""
        return C_NUMBERS[self.name]

    @property
    def column(self) -> str | None:
        """The type that says how wide it is where targets differ in that: `c_long` of
        `c_ulong`."""
        signed = self.name.replace("_u", "_", 1)
        return signed if signed in ("c_int", "c_long") else None

    @property
    def is_float(self) -> bool:
        return (self.plain or "").startswith("f")

    @property
    def is_signed(self) -> bool | None:
        """Whether it has a sign, None where targets differ."""
        if self.name == "c_char":
            return None
        return not (self.plain or self.name.removeprefix("c_")).startswith("u")

    def __str__(self) -> str:
        return self.name


class Int(msgspec.Struct, frozen=True, cache_hash=True):
    """An integer primitive, `usize` and `isize` among them."""

    name: str

    def __str__(self) -> str:
        return self.name


class Primitive(msgspec.Struct, frozen=True, cache_hash=True):
    """A primitive that VmSafe doesn't admit: `bool`, `char`, `f32`, `f64`."""

    name: str

    def __str__(self) -> str:
        return self.name


class Vector(msgspec.Struct, frozen=True, cache_hash=True):
    """A SIMD value, for function signatures alone."""

    name: str

    def __str__(self) -> str:
        return self.name


class Atomic(msgspec.Struct, frozen=True, cache_hash=True):
    """One of Rust's atomic integers, aligned to its size on every target."""

    name: str

    @property
    def inner(self) -> str:
        """The name of the plain type: `usize` for `AtomicUsize`."""
        return ATOMIC_OF[self.name]

    def __str__(self) -> str:
        return self.name


class NonZero(msgspec.Struct, frozen=True, cache_hash=True):
    """`NonZeroU32` and its kin: the integer's layout, and a niche for `Option`."""

    name: str

    @property
    def inner(self) -> str:
        """The name of the plain integer: `u32` for `NonZeroU32`."""
        return NON_ZERO_OF[self.name]

    def __str__(self) -> str:
        return self.name


class Unit(msgspec.Struct, frozen=True, cache_hash=True):
    """`()` or `c_void`: nothing, or as a pointee something nobody looks at."""

    name: str = "()"

    def __str__(self) -> str:
        return self.name


class VmPtr(msgspec.Struct, frozen=True, cache_hash=True):
    """`VmPtr<T>`: a pointer that is never null and whose provenance is exposed."""

    pointee: Type

    def __str__(self) -> str:
        return f"VmPtr<{self.pointee}>"


class RawPointer(msgspec.Struct, frozen=True, cache_hash=True):
    """Any pointer of Rust's own; none of them exposes provenance."""

    spelling: str
    pointee: Type

    def __str__(self) -> str:
        if self.spelling in ("NonNull", "Box"):
            return f"{self.spelling}<{self.pointee}>"
        gap = "" if self.spelling == "&" else " "
        return f"{self.spelling}{gap}{self.pointee}"

    @property
    def nullable(self) -> bool:
        """Whether null is a value of the type itself, as of `*mut T`."""
        return self.spelling in ("*mut", "*const")


class Option(msgspec.Struct, frozen=True, cache_hash=True):
    """`Option<T>`; its layout is defined only where `T` has a null niche."""

    inner: Type

    def __str__(self) -> str:
        return f"Option<{self.inner}>"


class UnsafeCell(msgspec.Struct, frozen=True, cache_hash=True):
    """`UnsafeCell<T>`: laid out as `T`, written behind a shared reference."""

    inner: Type

    def __str__(self) -> str:
        return f"UnsafeCell<{self.inner}>"


class Array(msgspec.Struct, frozen=True, cache_hash=True):
    """`[T; N]`. `length` is a number, or the name of a constant or of a count.

    In a resolved model a field's length is always a number, and a region's array
    is split into element and count (`vmgen.schema.model.Region`).
    """

    element: Type
    length: int | str

    def __str__(self) -> str:
        return f"[{self.element}; {self.length}]"


class OpenArray(Array, frozen=True):
    """`[T]` in a union: an array of any length, which has no size of its own. `length` is 0."""

    def __str__(self) -> str:
        return f"[{self.element}]"


class FnPointer(msgspec.Struct, frozen=True, cache_hash=True):
    """A function pointer with its signature; a slot of a `functions` table."""

    params: tuple[Param, ...]
    result: Type | None

    def __str__(self) -> str:
        params = ", ".join(str(p) for p in self.params)
        return f"fn({params})" + (f" -> {self.result}" if self.result else "")


class Param(msgspec.Struct, frozen=True, cache_hash=True):
    """A parameter; an unnamed one has the name ``""``."""

    name: str
    type: Type

    def __str__(self) -> str:
        return f"{self.name}: {self.type}" if self.name else str(self.type)


class Parameter(Unit, frozen=True):
    """A parameter of a generic record, of that name: like `()` something that nobody here
    looks into, and that only a pointer may lead to."""


class Named(msgspec.Struct, frozen=True, cache_hash=True):
    """A declared type, by name; of a generic one with what stands for its parameters,
    which decides nothing of its layout."""

    name: str
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if not self.arguments:
            return self.name
        return f"{self.name}<{', '.join(map(str, self.arguments))}>"


class RustLayout(msgspec.Struct, frozen=True, cache_hash=True):
    """A type whose layout Rust leaves open, as the author spelled it.

    Tuples, slices, `str`, `String`, `Vec<T>`, `Range<T>` and other types of Rust's
    library: understood in order to be refused with a reason, never laid out. A `path`
    names a type of some module, which a function may take and give by value.

    `name` is the last word of a path, empty unless `form` is ``name``; `arguments` are
    the types in its angle brackets, and of a slice its element.
    """

    text: str
    unsized: bool = False
    path: bool = False
    form: Literal["name", "tuple", "slice", "trait", "never"] = "name"
    name: str = ""
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        return self.text


Type = (
    Int | CNumber | Primitive | Vector | Atomic | NonZero | Unit | VmPtr | RawPointer | Option
    | UnsafeCell | Array | FnPointer | Named | RustLayout
)  # fmt: skip


def children(type: Type) -> tuple[Type, ...]:
    """The types directly inside a type, pointees included."""
    match type:
        case VmPtr(pointee) | RawPointer(_, pointee):
            return (pointee,)
        case Option(inner) | UnsafeCell(inner) | Array(inner, _):
            return (inner,)
        case FnPointer(params, result):
            inside = tuple(p.type for p in params)
            return (*inside, result) if result is not None else inside
        case Named(_, arguments):
            return arguments
        case _:
            return ()
