"""Words that several rules need: targets in few words, and types to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema.types import (
    INT_BITS,
    Array,
    Atomic,
    CNumber,
    FnPointer,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    RustLayout,
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from vmgen.schema.model import Module
    from vmgen.targets.data_model import DataModel

COMMON_TARGETS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "armv7-unknown-linux-gnueabihf",
    "i686-pc-windows-msvc",
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
    "wasm32-unknown-unknown",
    "wasm32-wasip1",
    "riscv64gc-unknown-linux-gnu",
    "riscv32imac-unknown-none-elf",
    "s390x-unknown-linux-gnu",
    "powerpc64-unknown-linux-gnu",
    "powerpc64le-unknown-linux-gnu",
    "powerpc-unknown-linux-gnu",
    "thumbv7em-none-eabihf",
)
"""Targets that people know, best known first. Messages prefer them as examples, and a
schema that lists no targets is compared on them alone: that something differs on
m68k is no news to those who never asked for it."""

_ORDER = {name: rank for rank, name in enumerate(COMMON_TARGETS)}


def best_known(names: Collection[str]) -> list[str]:
    """The names, common targets first, the others as they came."""
    return sorted(names, key=lambda n: _ORDER.get(n, len(_ORDER)))


def compared_targets(module: Module) -> list[str]:
    """The targets that rules about differences look at, best known first."""
    names = [t.name for t in module.targets]
    if module.all_targets:
        names = [n for n in names if n in _ORDER]
    return best_known(names)


def on_targets(
    names: Collection[str], module: Module, among: Collection[str] | None = None
) -> str:
    """`on 32-bit targets`, `on i686-unknown-linux-gnu and 2 other targets`.

    `among` are the targets that were looked at, all of the module's by default.
    """
    looked_at = {t.name for t in module.targets} if among is None else set(among)
    if len(looked_at) > 1:
        if len(names) == len(looked_at):
            return "on every target"
        by_width: dict[int, int] = {}
        reached: dict[int, int] = {}
        wanted = set(names)
        for target in module.targets:
            if target.name not in looked_at:
                continue
            width = target.model.pointer_width
            by_width[width] = by_width.get(width, 0) + 1
            if target.name in wanted:
                reached[width] = reached.get(width, 0) + 1
        if all(by_width[width] == count for width, count in reached.items()):
            widths = [f"{width}-bit" for width in sorted(reached)]
            return f"on {listed(widths)} targets"
    return f"on {some(best_known(names))}"


def some(names: Sequence[str], what: str = "target") -> str:
    """The first name, and the second if there is no third, else how many others."""
    if len(names) <= 2:
        return listed(names)
    return f"{names[0]} and {len(names) - 1} other {what}s"


def listed(names: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


CHANGES = "which changes the layout"
"""What an advice says that gives a record other offsets or another size. Whoever keeps a
layout that somebody else gave has to know."""


def unless_aligned(alike: bool) -> str:
    """The end of an advice about a type that is as large and maybe aligned otherwise."""
    return "" if alike else f", {CHANGES} on some targets"


def safe_atomic(inner: str) -> str:
    """The VmSafe atomic to write instead of one of `inner`, alike in size if any is."""
    return "AtomicU64" if inner in ("u64", "i64") else "AtomicUsize"


def aligned_alike(module: Module, one: str, other: str) -> bool:
    """Whether every target aligns two primitives alike."""
    models = {target.model for target in module.targets}
    return all(_aligns(model)[one] == _aligns(model)[other] for model in models)


def aligned_like_atomic(module: Module, integer: str) -> bool:
    """Whether every target aligns an integer to its size, as it does the atomic."""
    bits = INT_BITS[integer]
    models = {target.model for target in module.targets}
    return all(
        _aligns(model)[integer] == (bits // 8 if bits else model.pointer)
        for model in models
    )


def _aligns(model: DataModel) -> dict[str, int]:
    """The alignment of each primitive, in bytes."""
    found = {"8": 1, "size": model.align_pointer}
    for bits in ("16", "32", "64", "128"):
        found[bits] = getattr(model, f"align_u{bits}")
    named = {f"{sign}{width}": a for width, a in found.items() for sign in "ui"}
    return {**named, "f32": model.align_f32, "f64": model.align_f64}


def safe_spelling(type: Type, *, nullable: bool = False) -> str:
    """The type to write instead, VmSafe where there is an equivalent.

    Raw pointers become `VmPtr<T>`, or `Option<VmPtr<T>>` when `nullable`.
    """
    match type:
        case RawPointer(_, pointee):
            pointer = f"VmPtr<{safe_spelling(pointee)}>"
            return f"Option<{pointer}>" if nullable else pointer
        case VmPtr(pointee):
            return f"VmPtr<{safe_spelling(pointee)}>"
        case Option(inner):
            return f"Option<{safe_spelling(inner)}>"
        case UnsafeCell(inner):
            return f"UnsafeCell<{safe_spelling(inner)}>"
        case Array(element, length):
            return f"[{safe_spelling(element)}; {length}]"
        case CNumber("c_float"):
            return "u32"
        case CNumber("c_double"):
            return "u64"
        case Primitive(name):
            return {"bool": "u8", "char": "u32", "f32": "u32", "f64": "u64"}[name]
        case NonZero(inner=name):
            return name
        case Atomic(inner=name):
            return safe_atomic(name)
        case FnPointer() | RustLayout() | Unit():
            return "()"
        case _:
            return str(type)
