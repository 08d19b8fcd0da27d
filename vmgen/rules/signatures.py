"""What a function may take and give by value.

Signatures may also name `bool`, `f32`, `f64` and vectors, which live in registers
there and never in memory that both sides look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.peel import below_newtypes
from vmgen.rules.finding import about
from vmgen.rules.registry import rule
from vmgen.schema import model as m
from vmgen.schema.types import Atomic, Named, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis
    from vmgen.rules.finding import Finding


@rule(
    "VM109",
    "wrapper-by-value",
    "A struct around one primitive, passed by value.",
    allowable=True,
)
def wrapper_by_value(analysis: Analysis) -> Iterator[Finding]:
    """A `repr(C)` struct with a single field is an aggregate to a compiler, and an ABI
    may pass it in another place than its content: i686 Linux returns it through
    memory and the bare number in a register. Wasmtime asks that wrappers which are
    used by value are `repr(transparent)`; in a schema that is a newtype. Rust's
    atomics are such structs as well.
    """
    if not analysis.complete:
        return
    for use in analysis.uses("VM109"):
        part = use.part
        notes = (
            "an ABI may pass a struct otherwise than the one thing in it: i686 Linux "
            "returns it through memory",
        )
        if isinstance(part, Atomic):
            yield about(
                use,
                f"`{part}` is passed by value, and is a struct to Rust",
                notes=notes,
                helps=(f"pass `{part.inner}`, or `VmPtr<{part}>` to share it",),
            )
            continue
        assert isinstance(part, Named)
        struct, inner = _wrapped(part, analysis)
        yield about(
            use,
            f"`{part}` is passed by value, and is a struct around one `{inner}`",
            notes=notes,
            helps=(f"declare `{struct}` as a newtype: `kind: newtype`, `of: {inner}`",),
        )


def _wrapped(type: Named, analysis: Analysis) -> tuple[str, Type]:
    """The struct that does the wrapping, and what it wraps."""
    inside = below_newtypes(type, analysis.types)
    assert isinstance(inside, Named)
    declared = analysis.types[inside.name]
    assert isinstance(declared, m.Struct)
    return declared.name, declared.fields[0].type


@rule("VM113", "array-by-value", "An array as a parameter or a result.")
def array_by_value(analysis: Analysis) -> Iterator[Finding]:
    """C has no arrays by value: a parameter that is written as one is a pointer to its
    first element, and a result can't be one at all. Rust would pass the elements.
    """
    for use in analysis.uses("VM113"):
        yield about(
            use,
            f"`{use.part}` can't be passed by value",
            notes=("C passes the address of the first element instead",),
            helps=(f"pass `VmPtr<{use.part}>`, or declare a struct around it",),
        )


@rule(
    "VM114",
    "union-by-value",
    "A union, or a record with one in it, passed by value.",
    allowable=True,
)
def union_by_value(analysis: Analysis) -> Iterator[Finding]:
    """Where a union is passed depends on all of its members at once, compilers have
    disagreed on it, and libffi, with which Python calls functions, doesn't know unions.
    A tagged enum has a union in it.
    """
    for use in analysis.uses("VM114"):
        assert isinstance(use.part, Named)
        declared = analysis.types[use.part.name]
        is_union = isinstance(declared, m.Union)
        yield about(
            use,
            f"`{use.part}` is passed by value, and {'is' if is_union else 'holds'} a union",
            notes=("libffi, with which Python calls functions, doesn't know unions",),
            helps=(f"pass `VmPtr<{use.part}>`",),
        )


@rule(
    "VM115",
    "vector-argument",
    "A vector that Rust has no name for, passed by value.",
    severity="warning",
    allowable=True,
)
def vector_argument(analysis: Analysis) -> Iterator[Finding]:
    """Stable Rust has no portable type for `i8x16` and its kin, and how the types of each
    architecture are passed depends on features that Rust and compiled code need not agree
    on. The slot is a `VmPtr<()>` in Rust, the address alone; C has `vm_i8x16`.

    The path of a type of your own, as `crate::simd::I8x16`, is taken as it is. C has no name
    for it, so that the slot is a `void (*)(void)` there.
    """
    for use in analysis.uses("VM115"):
        yield about(
            use,
            f"Rust has no type `{use.part}` to pass by value",
            notes=("the slot is a `VmPtr<()>` in Rust, which can't be called",),
            helps=("write the path of a type of your own, or allow it",),
        )
