"""What C's predefined macros call the architectures of the target table; writes the list
of them in `vmgen.h`.

The macros are those of gcc and clang (`cc -dM -E`), and of MSVC where it has the
architecture. They serve for what C can't measure: the alignment of a 128-bit integer
where there is none, whether the compiler's alignments are Rust's at all, and the name
of a target in a message.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.targets.data_model import NATURAL_ALIGN
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.targets.data_model import DataModel
    from vmgen.targets.find import Target

HEADER = Path(__file__).resolve().parent.parent / "vmgen/languages/c/runtime/vmgen.h"
BEFORE = "#if defined(VMGEN_ARCH)\n#  define VMGEN_RUST_ALIGNS_ANY\n"
BEHIND = '#else\n#  define VMGEN_ARCH "unknown processor"\n'

_MACROS = {
    "aarch64": ("__aarch64__", "_M_ARM64"),
    "amdgpu": ("__AMDGCN__",),
    "arm": ("__arm__", "_M_ARM"),
    "arm64ec": ("__arm64ec__", "_M_ARM64EC"),
    "avr": ("__AVR__",),
    "bpf": ("__bpf__",),
    "csky": ("__csky__", "__CSKY__"),
    "hexagon": ("__hexagon__",),
    "loongarch32": ("__loongarch__",),
    "loongarch64": ("__loongarch64",),
    "m68k": ("__m68k__",),
    "mips": ("__mips__",),
    "mips32r6": (),
    "mips64": ("__mips64",),
    "mips64r6": (),
    "msp430": ("__MSP430__",),
    "nvptx64": ("__NVPTX__",),
    "powerpc": ("__powerpc__", "_ARCH_PPC"),
    "powerpc64": ("__powerpc64__", "_ARCH_PPC64"),
    "riscv32": ("__riscv",),
    "riscv64": ("__riscv",),
    "s390x": ("__s390x__",),
    "sparc": ("__sparc__",),
    "sparc64": ("__sparc__",),
    "wasm32": ("__wasm32__",),
    "wasm64": ("__wasm64__",),
    "x86": ("__i386__", "_M_IX86"),
    "x86_64": ("__x86_64__", "_M_X64"),
    "xtensa": ("__xtensa__", "__XTENSA__"),
}
"""By rustc's `target_arch`. An empty tuple: another entry's macros are true there,
and its alignments are the same (the r6 kinds of mips)."""

_AND = {
    "loongarch32": "__loongarch_grlen == 32",
    "riscv32": "__riscv_xlen == 32",
    "riscv64": "__riscv_xlen == 64",
    "sparc64": "defined(__arch64__)",
}

MEASURED = ("u16", "u32", "u64", "f32", "f64")
"""What a header measures besides pointers; u128 goes by the architecture."""

_FIRST = ("arm64ec", "x86_64", "mips64", "powerpc64", "sparc64")
"""Asked before the others: their compilers define another one's macros as well."""


class Architecture(msgspec.Struct, frozen=True):
    """One branch of the header's list: its condition and what follows from it.

    `u128_align` is a C expression. It is the alignment of `uint64_t` wherever Rust
    gives both the same, which on arm differs between operating systems. `odd` has
    the primitives that Rust doesn't align to their size on all targets of the
    architecture, each with the alignments that it has on one or another, added up.
    """

    name: str
    condition: str
    u128_align: str
    odd: list[tuple[str, int]]


def architectures(targets: Iterable[Target] | None = None) -> list[Architecture]:
    """Every architecture of the table, in the order in which C should ask.

    Raises KeyError for an architecture whose macros aren't known here.
    """
    by_arch: dict[str, dict[str, DataModel]] = {}
    for target in TARGETS.values() if targets is None else targets:
        by_arch.setdefault(target.arch, {})[target.model.name] = target.model
    order = sorted(by_arch, key=lambda a: (a not in _FIRST, a))
    return [
        Architecture(
            arch,
            _condition(arch),
            _u128_align(arch, by_arch[arch].values()),
            list(_odd_alignments(by_arch[arch].values())),
        )
        for arch in order
        if _MACROS[arch]
    ]


def _condition(arch: str) -> str:
    asked = " || ".join(f"defined({macro})" for macro in _MACROS[arch])
    also = _AND.get(arch)
    if also is None:
        return asked
    return f"{asked} && {also}"


def _u128_align(arch: str, models: Iterable[DataModel]) -> str:
    aligns = {model.align_u128 for model in models}
    if all(model.align_u128 == model.align_u64 for model in models):
        return "VMGEN_ALIGNOF_U64"
    if len(aligns) != 1:
        raise ValueError(f"{arch} aligns u128 in more than one way")
    return str(aligns.pop())


def _odd_alignments(models: Iterable[DataModel]) -> Iterator[tuple[str, int]]:
    pointers = {(model.align_pointer, model.pointer) for model in models}
    if any(align != size for align, size in pointers):
        yield "POINTER", sum({align for align, _ in pointers})
    for column in MEASURED:
        aligns = {int(getattr(model, f"align_{column}")) for model in models}
        if aligns != {NATURAL_ALIGN[column]}:
            yield column.upper(), sum(aligns)


def branches() -> str:
    """The list as the header has it."""
    lines = []
    for arch in architectures():
        lines.append(f"#elif {arch.condition}")
        lines.append(f'#  define VMGEN_ARCH "{arch.name}"')
        lines.append(f"#  define VMGEN_RUST_ALIGN_OF_U128 {arch.u128_align}")
        lines += [f"#  define VMGEN_RUST_ALIGNS_{type} {sum}" for type, sum in arch.odd]
    return "".join(f"{line}\n" for line in lines)


def updated(header: str) -> str:
    """The header with that list."""
    before, _, rest = header.partition(BEFORE)
    _, _, behind = rest.partition(BEHIND)
    return f"{before}{BEFORE}{branches()}{BEHIND}{behind}"


if __name__ == "__main__":
    HEADER.write_text(updated(HEADER.read_text(encoding="utf-8")), encoding="utf-8")
