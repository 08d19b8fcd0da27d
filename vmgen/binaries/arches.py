"""rustc's `target_arch` for the machines of ELF, by the number that ELF has for each."""

from __future__ import annotations

_ARCHES = {
    2: "sparc", 3: "x86", 4: "m68k", 18: "sparc", 20: "powerpc", 21: "powerpc64",
    22: "s390x", 40: "arm", 43: "sparc64", 62: "x86_64", 83: "avr", 94: "xtensa",
    105: "msp430", 164: "hexagon", 183: "aarch64", 190: "nvptx64", 224: "amdgpu",
    247: "bpf", 252: "csky",
}  # fmt: skip
"""Machines of one width."""

_BY_WIDTH = {
    8: ("mips", "mips64"),
    243: ("riscv32", "riscv64"),
    258: ("loongarch32", "loongarch64"),
}


def arch_of(machine: int, pointer: int) -> str:
    """The architecture of a machine whose pointers have so many bytes; empty where rustc
    has none."""
    if machine in _BY_WIDTH:
        return _BY_WIDTH[machine][pointer == 8]
    return _ARCHES.get(machine, "")
