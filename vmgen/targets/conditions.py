"""Conditions on what a target is, and how Rust and C ask for them.

Rust has a `cfg` for each fact, of which the table of targets holds the values. C has what
compilers define by themselves; only systems and architectures that those tell apart can be
asked for (tests/oracle/test_conditions.py has clang's word for each target).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.targets.data_model import DataModel

Fact = Literal["width", "endian", "os", "arch"]
Word = Literal["width", "endian", "os", "arch", "all", "any", "not"]

SYSTEMS = {
    "aix": "defined(_AIX)",
    "android": "defined(__ANDROID__)",
    "cygwin": "defined(__CYGWIN__)",
    "dragonfly": "defined(__DragonFly__)",
    "emscripten": "defined(__EMSCRIPTEN__)",
    "freebsd": "defined(__FreeBSD__)",
    "fuchsia": "defined(__Fuchsia__)",
    "haiku": "defined(__HAIKU__)",
    "hurd": "defined(__GNU__)",
    "ios": "defined(__ENVIRONMENT_IPHONE_OS_VERSION_MIN_REQUIRED__)",
    "linux": "(defined(__linux__) && !defined(__ANDROID__))",
    "macos": "defined(__ENVIRONMENT_MAC_OS_X_VERSION_MIN_REQUIRED__)",
    "netbsd": "defined(__NetBSD__)",
    "openbsd": "defined(__OpenBSD__)",
    "wasi": "defined(__wasi__)",
    "windows": "defined(_WIN32)",
}
"""The systems that a condition may name, by rustc's ``target_os``, and how C asks for each."""

ARCHITECTURES = {
    "aarch64": "(defined(__aarch64__) || defined(_M_ARM64))",
    "arm": "(defined(__arm__) || defined(_M_ARM))",
    "arm64ec": "(defined(__arm64ec__) || defined(_M_ARM64EC))",
    "avr": "defined(__AVR__)",
    "bpf": "defined(__bpf__)",
    "csky": "defined(__csky__)",
    "hexagon": "defined(__hexagon__)",
    "loongarch32": "(defined(__loongarch__) && __loongarch_grlen == 32)",
    "loongarch64": "(defined(__loongarch__) && __loongarch_grlen == 64)",
    "m68k": "defined(__m68k__)",
    "mips": "(defined(__mips__) && !defined(__mips64) && __mips_isa_rev < 6)",
    "mips32r6": "(defined(__mips__) && !defined(__mips64) && __mips_isa_rev >= 6)",
    "mips64": "(defined(__mips64) && __mips_isa_rev < 6)",
    "mips64r6": "(defined(__mips64) && __mips_isa_rev >= 6)",
    "msp430": "defined(__MSP430__)",
    "powerpc": "(defined(__powerpc__) && !defined(__powerpc64__))",
    "powerpc64": "defined(__powerpc64__)",
    "riscv32": "(defined(__riscv) && __riscv_xlen == 32)",
    "riscv64": "(defined(__riscv) && __riscv_xlen == 64)",
    "s390x": "defined(__s390x__)",
    "sparc": "(defined(__sparc__) && !defined(__arch64__))",
    "sparc64": "(defined(__sparc__) && defined(__arch64__))",
    "wasm32": "defined(__wasm32__)",
    "wasm64": "defined(__wasm64__)",
    "x86": "(defined(__i386__) || defined(_M_IX86))",
    "x86_64": (
        "((defined(__x86_64__) || defined(_M_X64)) && "
        "!defined(__arm64ec__) && !defined(_M_ARM64EC))"
    ),
    "xtensa": "defined(__XTENSA__)",
}
"""The same of architectures, by rustc's ``target_arch``."""

_CFG = {
    "width": "target_pointer_width",
    "endian": "target_endian",
    "os": "target_os",
    "arch": "target_arch",
}
_BYTE_ORDER = {"little": "!VMGEN_BIG_ENDIAN", "big": "VMGEN_BIG_ENDIAN"}


class Condition(msgspec.Struct, frozen=True, cache_hash=True):
    """A fact with its value, or `all`, `any` or `not` of other conditions."""

    word: Word
    value: str = ""
    parts: tuple[Condition, ...] = ()

    def holds(self, name: str, model: DataModel) -> bool:
        """Whether a target is so. Of an own data model no system and no architecture is
        known, and it is of none."""
        match self.word:
            case "all":
                return all(part.holds(name, model) for part in self.parts)
            case "any":
                return any(part.holds(name, model) for part in self.parts)
            case "not":
                return not self.parts[0].holds(name, model)
            case "width":
                return str(model.pointer_width) == self.value
            case "endian":
                return model.endian == self.value
        known = TARGETS.get(name)
        if known is None:
            return False
        return (known.os if self.word == "os" else known.arch) == self.value

    @property
    def facts(self) -> Iterator[Condition]:
        """The facts that it is made of, each as often as it is named."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.facts

    @property
    def by_width(self) -> bool:
        """Whether the width of pointers decides it, which tells layout classes apart in any
        case."""
        return all(fact.word == "width" for fact in self.facts)

    @property
    def inverse(self) -> Condition:
        """What holds where this one doesn't."""
        return self.parts[0] if self.word == "not" else Condition("not", "", (self,))

    @property
    def rust(self) -> str:
        """As rustc's `cfg` has it."""
        match self.word:
            case "all" | "any":
                return f"{self.word}({', '.join(part.rust for part in self.parts)})"
            case "not":
                return f"not({self.parts[0].rust})"
        return f'{_CFG[self.word]} = "{self.value}"'

    @property
    def c(self) -> str:
        """As C's preprocessor has it, behind an include of `vmgen.h`."""
        match self.word:
            case "all" | "any":
                sign = " && " if self.word == "all" else " || "
                return f"({sign.join(part.c for part in self.parts)})"
            case "not":
                return f"!{self.parts[0].c}"
            case "width":
                return f"(VM_SIZEOF_USIZE == {int(self.value) // 8})"
            case "endian":
                return _BYTE_ORDER[self.value]
            case "os":
                return SYSTEMS[self.value]
        return ARCHITECTURES[self.value]

    @property
    def slug(self) -> str:
        """Letters, digits and dots, for names of layout classes: ``linux``, ``not.windows``."""
        if not self.parts:
            return self.value
        inner = ".".join(part.slug for part in self.parts)
        return inner if self.word == "all" else f"{self.word}.{inner}"

    def __str__(self) -> str:
        """In words: ``windows``, ``64-bit and not linux``."""
        match self.word:
            case "width":
                return f"{self.value}-bit"
            case "endian":
                return f"{self.value}-endian"
            case "os" | "arch":
                return self.value
            case "not":
                inner = self.parts[0]
                return f"not ({inner})" if len(inner.parts) > 1 else f"not {inner}"
        sign = " and " if self.word == "all" else " or "
        return sign.join(
            f"({part})" if part.word == "any" else str(part) for part in self.parts
        )


def all_of(conditions: Iterable[Condition | None]) -> Condition | None:
    """What holds where all of these do, None if there is none but Nones."""
    found = dict.fromkeys(c for c in conditions if c is not None)
    return combined("all", tuple(found)) if found else None


def any_of(conditions: Iterable[Condition | None]) -> Condition:
    """What holds where one of these does, each None left out."""
    found = dict.fromkeys(c for c in conditions if c is not None)
    return combined("any", tuple(found))


def combined(word: Literal["all", "any"], parts: tuple[Condition, ...]) -> Condition:
    """`all` or `any` of some conditions; of one that itself."""
    return parts[0] if len(parts) == 1 else Condition(word, "", parts)
