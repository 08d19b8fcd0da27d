"""Where clang does not do what rustc does: the list, with versions.

The tests hold it against both compilers, so an entry that is no longer true fails
like one that is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from vmgen.analysis.order import held_types
from vmgen.analysis.peel import laid_out
from vmgen.schema.types import CNumber

if TYPE_CHECKING:
    from vmgen.schema.model import Module
    from vmgen.targets.find import Target

CLANG, RUSTC = "18.1.1", "1.95.0"
"""The compilers that disagree; other versions may not."""

UNKNOWN = {
    "xtensa-*": "no such processor",
    "aarch64*_ilp32": "compiled for as if pointers had 64 bits",
}
"""Targets of rustc that this clang can't compile for, and what it does."""

ANOTHER_SYSTEM = {
    "*-uefi": {"os_windows"},
    "*-wrs-vxworks*": {"os_linux"},
    "s390x-unknown-none-softfloat": {"os_linux"},
    "wasm32-wali-linux-musl": {"os_linux", "os_wasi"},
    "x86_64-lynx-lynxos178": {"os_hurd"},
}
"""Targets for which LLVM has no system of its own, and what clang says otherwise there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A type that clang lays out otherwise, on the targets of a pattern.

    `clang` and `rustc` are size and alignment in bytes, the alignment being that of
    a member. `remedy` says what the generated header does about it.
    """

    targets: str
    type: str
    clang: tuple[int, int]
    rustc: tuple[int, int]
    remedy: str


_ALIGNED = "aligned by the header"
_BY_PROCESSOR = "made of two halves, aligned as the processor's table says"
REFUSED = "refused"

DIFFERENCES = [
    # amdgcn's data layout says nothing of 128 bits: rustc takes the alignment of u64.
    Difference("amdgcn-amd-amdhsa", "u128", (16, 16), (16, 8), _BY_PROCESSOR),
    # avr-gcc's double has four bytes, and clang follows it.
    Difference("avr-none", "f64", (4, 1), (8, 1), REFUSED),
    Difference("avr-none", "(f64, u8)", (5, 1), (9, 1), REFUSED),
    Difference("avr-none", "AtomicUsize", (2, 1), (2, 2), _ALIGNED),
    Difference("avr-none", "AtomicU64", (8, 1), (8, 8), _ALIGNED),
    Difference("csky-*", "AtomicU64", (8, 4), (8, 8), _ALIGNED),
    # The m68k ABI aligns nothing to more than two bytes. clang aligns everything to
    # its size; rustc does as LLVM's data layout says, which is silent on 64 bits.
    Difference("m68k-*", "usize", (4, 4), (4, 2), REFUSED),
    Difference("m68k-*", "VmPtr", (4, 4), (4, 2), REFUSED),
    Difference("m68k-*", "u32", (4, 4), (4, 2), REFUSED),
    Difference("m68k-*", "u64", (8, 8), (8, 4), REFUSED),
    Difference("msp430-*", "AtomicU64", (8, 2), (8, 8), _ALIGNED),
    # AIX's "power" alignment: the size of a struct that begins with a double is a
    # multiple of 8, though nothing aligns it to more than 4.
    Difference("powerpc64-ibm-aix", "(f64, u8)", (16, 4), (12, 4), REFUSED),
]


_LONG = frozenset(("c_long", "c_ulong"))
_C_NUMBERS = {
    # avr-gcc aligns nothing at all, and clang what it calls `short`.
    "avr-none": frozenset(("c_short", "c_ushort")),
    "*-unknown-uefi": _LONG,
    "wasm32-wali-*": _LONG,
}


def has_odd_c_numbers(target: Target, module: Module) -> bool:
    """Whether a module has some of them."""
    held = {t for d in module.types.values() for t in held_types(d)}
    named = {t.name for t in map(laid_out, held) if isinstance(t, CNumber)}
    return not odd_c_numbers(target).isdisjoint(named)


def odd_c_numbers(target: Target) -> frozenset[str]:
    """C's numbers by name that are others there for clang than for rustc."""
    odd = [o for at, o in _C_NUMBERS.items() if fnmatchcase(target.triple, at)]
    return frozenset().union(*odd)


def known(target: Target) -> bool:
    """Whether this clang can compile for the target."""
    return not any(fnmatchcase(target.triple, pattern) for pattern in UNKNOWN)
