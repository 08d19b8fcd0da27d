"""What some targets don't have: atomics, 128-bit integers in C, a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, best_known, compared_targets, some
from vmgen.schema import model as m
from vmgen.schema.types import ATOMIC_OF, INT_BITS, Atomic, CNumber
from vmgen.targets import find as known_targets
from vmgen.targets.c_types import OwnCTypes
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type

C_INT128_ON_32_BIT = frozenset({"aarch64", "wasm32", "x86_64"})
"""Architectures whose C has `__int128` although pointers have 32 bits; with 64-bit
pointers all have it, MSVC apart. Asked of clang 18 for every target."""


@rule(
    "VM303",
    "atomic-not-on-target",
    "An atomic that some target doesn't have.",
    severity="warning",
    allowable=True,
)
def atomic_not_on_target(analysis: Analysis) -> Iterator[Finding]:
    """Rust declares `AtomicU64` only where the target has atomics of 64 bits, which many
    32-bit ones don't: riscv32, powerpc and the smaller ARMs. The bindings leave out
    there what needs it (`cfg(target_has_atomic)`), which is worth knowing.
    """
    lacking: dict[Type, list[str]] = {}
    for use in analysis.uses("VM303"):
        names = lacking.get(use.part)
        if names is None:
            names = lacking[use.part] = _without_atomic(analysis.module, use.part)
        if not names:
            continue
        yield Finding(
            f"`{use.part}` doesn't exist on {some(best_known(names))}",
            use.span,
            use.allows,
            notes=(_covered(analysis.module),),
            helps=(
                "list targets that have it under `targets`, or allow it and leave the "
                "others to `cfg(target_has_atomic)`",
            ),
        )


def _covered(module: m.Module) -> str:
    count = len(module.targets)
    if module.all_targets:
        return f"the schema lists no `targets`, which makes it one for all {count}"
    return f"the schema is for {plural(count, 'target')}"


def _without_atomic(module: m.Module, atomic: Type) -> list[str]:
    """The targets without it, unless no target that is looked at lacks it."""
    assert isinstance(atomic, Atomic)
    plain = ATOMIC_OF[atomic.name]
    bits = 8 if plain == "bool" else INT_BITS[plain]
    names = []
    for target in module.targets:
        # Rust's `cfg(target_has_atomic = "64")` asks for exchanging as well.
        has = target.model.cas if bits == 64 else target.model.atomics
        if (bits or target.model.pointer_width) not in has:
            names.append(target.name)
    return names if set(names).intersection(compared_targets(module)) else []


@rule(
    "VM304",
    "no-128-bit-in-c",
    "A 128-bit integer, which C has on some targets only.",
    severity="warning",
    allowable=True,
)
def no_128_bit_in_c(analysis: Analysis) -> Iterator[Finding]:
    """C compilers have `__int128` on 64-bit targets, MSVC apart, and on few others.
    Elsewhere the header has 16 bytes in its place. Where both languages have the type
    they have disagreed on its alignment, and compilers changed theirs: on x86 with
    LLVM 18, on s390x they still differ.
    """
    uses = analysis.uses("VM304")
    lacking = _without_int128(analysis.module) if uses else []
    if not lacking:
        return
    where = some(best_known(lacking))
    for use in uses:
        yield Finding(
            f"C has no `{use.part}` on {where}",
            use.span,
            use.allows,
            notes=(_covered(analysis.module),),
            helps=(_instead_of_128_bits(use.owner, analysis.module),),
        )


def _instead_of_128_bits(owner: object, module: m.Module) -> str:
    if isinstance(owner, m.Slot):
        return "pass `VmPtr<[u8; 16]>`, or two `u64`"
    aligns = {target.model.align_u128 for target in module.targets}
    if len(aligns) == 1:
        return f"write `[u8; 16]` in a struct with `align: {aligns.pop()}`"
    return (
        "write `[u8; 16]` in a struct with `align: 16`, "
        f"{CHANGES} where the number is aligned otherwise"
    )


def _without_int128(module: m.Module) -> list[str]:
    names = []
    for target in module.targets:
        known = known_targets.TARGETS.get(target.name)
        if known is None:
            has = target.model.pointer_width == 64
        elif known.env == "msvc":
            has = False
        else:
            has = known.pointer_width == 64 or known.arch in C_INT128_ON_32_BIT
        if not has:
            names.append(target.name)
    return names if set(names).intersection(compared_targets(module)) else []


@rule("VM308", "untold-c-number", "A number of C's that a data model doesn't tell.")
def untold_c_number(analysis: Analysis) -> Iterator[Finding]:
    """With pointers of 64 bits a `long` has 64 bits on Unix and 32 on Windows, and a plain
    `char` has a sign on some processors and none on others. rustc's targets are known; of
    a data model of one's own nobody knows it but its author.
    """
    told: set[tuple[str, str]] = set()
    for use in analysis.uses("VM308"):
        assert isinstance(use.part, CNumber)
        column = use.part.column or use.part.name
        for target in analysis.module.targets:
            if not isinstance(target.c, OwnCTypes) or column not in target.c.untold:
                continue
            if (target.name, column) in told:
                continue
            told.add((target.name, column))
            what, example = _UNTOLD[column]
            yield Finding(
                f"`{target.name}` doesn't say {what}",
                use.span,
                helps=(
                    f"add `c: {{{example}}}` to that data model, or what is so there",
                ),
            )


_UNTOLD = {
    "c_long": ("how wide a `long` is", "long: 64"),
    "c_char": ("whether a `char` has a sign", "char: signed"),
}
"""What a data model may leave out, and how it is told."""


@rule(
    "VM305",
    "expectation-of-no-target",
    "An expectation for a target or a pointer width that doesn't exist.",
)
def expectation_of_no_target(analysis: Analysis) -> Iterator[Finding]:
    """An expectation that no target asks for is never checked. A triple that rustc
    doesn't know, or a width other than 16, 32 and 64, is a slip. A known target that
    the schema doesn't list is fine: fragments are included by several schemas.
    """
    own = {t.name for t in analysis.module.targets}
    for declared in analysis.own.values():
        yield from _unknown_keys(declared.expect_size, own)
        yield from _unknown_keys(declared.expect_align, own)
    for _, _, field in analysis.stated:
        yield from _unknown_keys(field.expect_offset, own)


def _unknown_keys(expected: m.Expectation | None, own: set[str]) -> Iterator[Finding]:
    keys: Mapping[int | str | None, int] = expected.by_key if expected else {}
    for key in keys:
        if key is None or key in (16, 32, 64) or key in own:
            continue
        assert expected is not None
        if isinstance(key, int):
            yield Finding(
                f"no target has pointers of {key} bits",
                expected.span,
                helps=("pointer widths are 16, 32 and 64",),
            )
        elif key not in known_targets.TARGETS:
            near = known_targets.suggest(key, tuple(own))
            yield Finding(
                f"there is no target `{key}`",
                expected.span,
                notes=("`vmgen targets` lists them",),
                helps=(f"did you mean `{near[0]}`?",) if near else (),
            )
