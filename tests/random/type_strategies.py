"""Random types of fields, with what they need to be let through.

Types are drawn step by step rather than composed of strategies: a strategy for each
scope would have to be made anew all the time, which takes longer than drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

INTEGERS = (
    "u8", "u16", "u32", "u64", "u128", "usize",
    "i8", "i16", "i32", "i64", "i128", "isize",
)  # fmt: skip
C_NUMBERS = (
    "c_char", "c_schar", "c_uchar", "c_short", "c_ushort", "c_int", "c_uint", "c_long",
    "c_ulong", "c_longlong", "c_ulonglong", "size_t", "ssize_t",
)  # fmt: skip
ATOMICS = ("AtomicUsize", "AtomicU64")
WAIVED = {
    "unsafe-primitive": ("bool", "char"),
    "floating-point": ("f32", "f64", "c_float", "c_double"),
    "raw-pointer": (
        "*mut {}", "*const {}", "NonNull<{}>", "&{}", "&mut {}", "Box<{}>",
        "Option<NonNull<{}>>", "Option<&{}>", "*mut *const {}", "*const c_char",
        "*mut *mut *mut {}", "*mut [{}; 2]", "*mut c_void", "*const *mut c_void",
    ),
    "function-pointer-field": ("fn{}", "Option<fn{}>", "*mut fn{}", "*mut Option<fn{}>"),
    "non-zero-integer": (
        "NonZeroU8", "NonZeroI16", "NonZeroU32", "NonZeroI64", "NonZeroU128",
        "NonZeroUsize", "NonZeroIsize", "Option<NonZeroU16>", "Option<NonZeroI128>",
        "Option<NonZeroUsize>",
    ),
    "unsafe-atomic": (
        "AtomicBool", "AtomicU8", "AtomicI16", "AtomicU32", "AtomicI64", "AtomicIsize",
    ),
}  # fmt: skip
"""Spellings that VmSafe refuses and Rust lays out, by the rule to allow."""
NOT_OF_C = ("char",)
"""Spellings that are refused where the layout is somebody else's, too."""

VECTORS = ("i8x16", "f32x4", "f64x2")


@dataclass(frozen=True)
class Drawn:
    """A type's text, whether Rust can copy it, and the rules to allow for it."""

    text: str
    copy: bool = True
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """What types may refer to: `names` behind pointers, `embeddable` by value.

    `copyable` are those of the latter that Rust can copy. `lengths` are the constants
    that an array's length may be. `allowed` says whether types that VmSafe refuses may
    be drawn, and `owned` that somebody else owns the layout, so that none has to be.
    `passable` are types that functions may be given by value.
    """

    names: tuple[str, ...] = ()
    embeddable: tuple[str, ...] = ()
    copyable: frozenset[str] = frozenset()
    lengths: tuple[str, ...] = ()
    allowed: bool = False
    owned: bool = False
    passable: tuple[str, ...] = ()

    def with_type(self, name: str, *, copy: bool) -> Scope:
        """The scope after a type was declared that can be held by value."""
        copyable = self.copyable | {name} if copy else self.copyable
        return replace(self, embeddable=(*self.embeddable, name), copyable=copyable)

    def passing(self, name: str) -> Scope:
        """The scope after a type was declared that functions may be given by value."""
        return replace(self, passable=(*self.passable, name))


@lru_cache(maxsize=4096)
def one_of(items: tuple[T, ...]) -> st.SearchStrategy[T]:
    """One of some items, the first one when shrunk."""
    return st.sampled_from(items)


NUMBERS = st.integers(1, 5)
CHANCE = st.integers(0, 9)
YES = st.booleans()


def pointer(draw: st.DrawFn, scope: Scope) -> str:
    """A pointer that VmSafe admits, to anything."""
    spelled = draw(one_of(("VmPtr<{}>", "Option<VmPtr<{}>>")))
    form = draw(one_of(("{}",) * 6 + ("[{}; 3]", "UnsafeCell<{}>", "VmPtr<{}>")))
    if form == "[{}; 3]":
        pointee = draw(one_of((*INTEGERS, *C_NUMBERS, *scope.embeddable)))
    elif form == "UnsafeCell<{}>":
        pointee = draw(one_of((*INTEGERS, *ATOMICS)))
    else:
        pointee = draw(one_of((*INTEGERS, *ATOMICS, "()", *scope.names, *scope.names)))
    return spelled.format(form.format(pointee))


def _refused(draw: st.DrawFn, scope: Scope) -> Drawn:
    rule = draw(one_of(tuple(WAIVED)))
    text = draw(one_of(WAIVED[rule]))
    if rule == "function-pointer-field":
        text = text.format(signature(draw, scope))
        if "*" in text:
            rule = "raw-pointer"
    elif "{}" in text:
        text = text.format(draw(one_of((*INTEGERS, *C_NUMBERS, *scope.names))))
    copy = not any(word in text for word in ("Atomic", "Box", "&mut"))
    if scope.owned and text not in NOT_OF_C:
        return Drawn(text, copy)
    if not scope.allowed:
        return Drawn("u8")
    return Drawn(text, copy, frozenset({rule}))


def field_type(
    draw: st.DrawFn, scope: Scope, depth: int = 2, *, copy: bool = False
) -> Drawn:
    """A type that a field may have; with `copy`, one that Rust can copy."""
    forms = ["integer", "integer", "pointer"]
    if not copy:
        forms.append("atomic")
    embeddable = scope.embeddable
    if copy:
        embeddable = tuple(name for name in embeddable if name in scope.copyable)
    if embeddable:
        forms += ["named", "named"]
    if scope.allowed or scope.owned:
        forms += ["refused"] * (1 + scope.owned)
    if depth:
        forms += ["array", "array"] if copy else ["array", "array", "cell"]
    match draw(one_of(tuple(forms))):
        case "integer":
            return Drawn(draw(one_of((*INTEGERS, *INTEGERS, *C_NUMBERS))))
        case "pointer":
            return Drawn(pointer(draw, scope))
        case "atomic":
            return Drawn(draw(one_of(ATOMICS)), copy=False)
        case "named":
            name = draw(one_of(embeddable))
            return Drawn(name, name in scope.copyable)
        case "refused":
            drawn = _refused(draw, scope)
            return drawn if drawn.copy or not copy else Drawn("u8")
        case "array":
            inner = field_type(draw, scope, depth - 1, copy=copy)
            length = str(draw(NUMBERS))
            if scope.lengths and draw(CHANCE) == 9:
                length = draw(one_of(scope.lengths))
            return replace(inner, text=f"[{inner.text}; {length}]")
        case _:
            inner = field_type(draw, scope, depth - 1)
            return replace(inner, text=f"UnsafeCell<{inner.text}>", copy=False)


def signature(draw: st.DrawFn, scope: Scope) -> str:
    """A function's signature."""

    def by_value() -> str:
        if draw(CHANCE) > 5:
            return pointer(draw, scope)
        floats = ("bool", "f32", "f64", *VECTORS)
        return draw(one_of((*INTEGERS, *C_NUMBERS, *floats, *scope.passable)))

    params = [by_value() for _ in range(draw(st.integers(0, 6)))]
    if draw(YES):
        params = [f"p{i}: {p}" for i, p in enumerate(params)]
    result = f" -> {by_value()}" if draw(YES) else ""
    return f"({', '.join(params)}){result}"
