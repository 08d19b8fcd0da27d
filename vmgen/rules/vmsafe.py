"""VmSafe: what may be stored where compiled code reads it, and what to write instead.

`vmgen.analysis.vmsafe` finds the parts of types; a rule here says one of them in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import about
from vmgen.rules.registry import rule
from vmgen.rules.wording import (
    CHANGES,
    aligned_alike,
    aligned_like_atomic,
    safe_atomic,
    safe_spelling,
    unless_aligned,
)
from vmgen.schema.types import (
    Atomic,
    CNumber,
    Named,
    Primitive,
    RawPointer,
    RustLayout,
    Vector,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis
    from vmgen.rules.finding import Finding


@rule("VM101", "unsafe-primitive", "A `bool` or a `char`.", allowable=True)
def unsafe_primitive(analysis: Analysis) -> Iterator[Finding]:
    """Most bit patterns of a `bool` or a `char` are undefined behaviour in Rust, and
    nothing keeps compiled code from storing one. Wasmtime's VmSafe has neither.
    """
    for use in analysis.uses("VM101"):
        valid = (
            "0 and 1 are" if use.part == Primitive("bool") else "Unicode scalars are"
        )
        yield about(
            use,
            f"`{use.part}` is not VmSafe",
            notes=(
                f"only {valid} valid in it; any other value that compiled code "
                "stores is undefined behaviour in Rust",
            ),
            helps=(
                f"write `{safe_spelling(use.part)}`"
                # Who knows C writes `char` for a byte.
                + (
                    f", or `c_char` if C's is meant, {CHANGES}"
                    if valid[0] == "U"
                    else ""
                ),
            ),
            # Who describes C's layouts and writes `char` means a byte.
            in_all_profiles=use.part == Primitive("char"),
        )


@rule(
    "VM102", "raw-pointer", "A pointer that doesn't expose provenance.", allowable=True
)
def raw_pointer(analysis: Analysis) -> Iterator[Finding]:
    """Compiled code knows addresses, not pointers: the host gets a number back and
    makes a pointer of it. Rust permits that only for pointers whose provenance was
    exposed before. `VmPtr` exposes it when it is made; raw pointers, references,
    `NonNull` and `Box` don't, so that Wasmtime leaves them out of VmSafe.
    """
    for use in analysis.uses("VM102"):
        pointer = use.part
        assert isinstance(pointer, RawPointer)
        never_null = safe_spelling(pointer)
        nullable = safe_spelling(pointer, nullable=True)
        if use.misuse.optional:
            instead = f"write `{nullable}`"
        elif pointer.nullable:
            instead = f"write `{never_null}`, or `{nullable}` if it may be null"
        else:
            instead = f"write `{never_null}`"
        yield about(
            use,
            f"`{pointer}` doesn't expose its provenance",
            notes=(
                "compiled code hands back numbers, and Rust may only make pointers "
                "of them if their provenance was exposed; `VmPtr` does that",
            ),
            helps=(instead,),
        )


@rule("VM103", "floating-point", "An `f32` or an `f64`.", allowable=True)
def floating_point(analysis: Analysis) -> Iterator[Finding]:
    """VmSafe has no floats. Moving one may change the bits of a NaN, as the x87 unit
    does on i686, and C aligns a `double` to four bytes on some targets. WebAssembly
    promises that a stored NaN keeps its bits, so that records hold them as integers.
    """
    for use in analysis.uses("VM103"):
        bits = safe_spelling(use.part)
        plain = use.part.plain if isinstance(use.part, CNumber) else str(use.part)
        same = aligned_alike(analysis.module, plain or "", bits)
        yield about(
            use,
            f"`{use.part}` is not VmSafe",
            notes=("moving a float may change the bits of a NaN",),
            helps=(
                f"write `{bits}` and keep the float's bits in it{unless_aligned(same)}",
            ),
        )


@rule("VM104", "rust-layout-type", "A type whose layout Rust leaves open.")
def rust_layout_type(analysis: Analysis) -> Iterator[Finding]:
    """Without `repr(C)` or `repr(transparent)` Rust may order and pad a type as it
    likes, differently with each compiler and even with each build. Tuples, slices and
    the types of the standard library are such types, and SIMD vectors have no stable
    name. No layout could be stated for them, so that this rule can't be allowed.
    """
    for use in analysis.uses("VM104"):
        part = use.part
        if isinstance(part, Vector):
            yield about(
                use,
                f"`{part}` is for the signatures of functions",
                notes=("stable Rust has no type of that name to store",),
                helps=("write `[u8; 16]` in a struct with `align: 16`",),
            )
            continue
        assert isinstance(part, RustLayout)
        from vmgen.rules.rust_types import advice

        what, instead = advice(part)
        yield about(
            use,
            f"`{part}` has no layout that Rust promises",
            notes=(what,),
            helps=instead,
        )


@rule(
    "VM106",
    "non-zero-integer",
    "A `NonZero` integer.",
    allowable=True,
)
def non_zero_integer(analysis: Analysis) -> Iterator[Finding]:
    """A zero in a `NonZero` integer is undefined behaviour in Rust, and nothing keeps
    compiled code from storing one. VmSafe has plain integers only.
    """
    for use in analysis.uses("VM106"):
        plain = safe_spelling(use.part)
        optional = ", and let 0 stand for none" if use.misuse.optional else ""
        yield about(
            use,
            f"`{use.part}` is not VmSafe",
            notes=(
                (
                    "VmSafe has plain integers only, also where Rust promises that a zero "
                    "is `None`"
                    if use.misuse.optional
                    else "a zero that compiled code stores is undefined behaviour in Rust"
                ),
            ),
            helps=(f"write `{plain}`{optional}",),
        )


@rule("VM107", "unsized-pointee", "A pointer to a type without a size.")
def unsized_pointee(analysis: Analysis) -> Iterator[Finding]:
    """A pointer to a slice, a `str` or a trait object is two words, the address and a
    length or a vtable, in an order that Rust doesn't promise. `VmPtr<T>` is one word
    and takes sized types only: compiled code can't use the others.
    """
    for use in analysis.uses("VM107"):
        part = use.part
        pointee = part.pointee if isinstance(part, RawPointer) else part
        assert isinstance(pointee, RustLayout)
        from vmgen.rules.rust_types import instead_of_unsized

        if part is pointee:
            message = f"`VmPtr` can't point to `{pointee}`, which has no size"
        else:
            message = f"`{part}` points to something without a size"
        yield about(
            use,
            message,
            notes=(
                "Rust keeps a length or a vtable beside such an address, in an order "
                "it doesn't promise",
            ),
            helps=instead_of_unsized(pointee),
        )


@rule(
    "VM108",
    "unsafe-atomic",
    "An atomic other than `AtomicUsize` and `AtomicU64`.",
    allowable=True,
)
def unsafe_atomic(analysis: Analysis) -> Iterator[Finding]:
    """Two atomics are in Wasmtime's VmSafe, `AtomicUsize` and `AtomicU64`. The others
    have a defined layout too, but C and Python have less to put beside them, and an
    `AtomicBool` has the faults of a `bool`.
    """
    for use in analysis.uses("VM108"):
        atomic = use.part
        assert isinstance(atomic, Atomic)
        plain = "u8" if atomic.inner == "bool" else atomic.inner
        safe = safe_atomic(atomic.inner)
        alone = f"`{plain}` if one side alone uses it while the other runs"
        # An atomic is aligned to its size, whatever its integer is aligned to.
        as_plain = unless_aligned(aligned_like_atomic(analysis.module, plain))
        if safe == f"AtomicU{plain[1:]}":
            instead = f"write `{safe}`, or {alone}{as_plain}"
        else:
            instead = f"write {alone}{as_plain}, or `{safe}`, {CHANGES}"
        yield about(
            use,
            f"`{atomic}` is not VmSafe",
            notes=("of the atomics VmSafe has `AtomicUsize` and `AtomicU64`",),
            helps=(instead,),
        )


@rule(
    "VM110",
    "function-pointer-field",
    "A function pointer outside of a table.",
    allowable=True,
)
def function_pointer_field(analysis: Analysis) -> Iterator[Finding]:
    """What a function pointer can be called with, whether it may be null and how it
    differs between languages is said once, by tables of functions. Wasmtime's VmSafe
    has no function pointers; code is otherwise pointed to as the bytes that it is.
    """
    for use in analysis.uses("VM110"):
        yield about(
            use,
            f"`{use.part}` is a function pointer, which is not VmSafe",
            notes=(
                "in a schema functions stand in tables, which say their ABI and that "
                "none of them is null",
            ),
            helps=(
                # No slot of a table is null.
                (
                    "point to the code: `Option<VmPtr<u8>>`"
                    if use.misuse.optional
                    else "declare a table with this slot (`kind: functions`), or point to "
                    "the code as `VmPtr<u8>`"
                ),
            ),
        )


@rule(
    "VM116",
    "foreign-not-vm-safe",
    "A foreign type that is said not to be VmSafe.",
    allowable=True,
)
def foreign_not_vm_safe(analysis: Analysis) -> Iterator[Finding]:
    """vmgen can't see into a foreign type; `vm_safe: false` says that it isn't VmSafe.
    What holds one all the same, because nobody but the host looks at it there, says so
    with a reason. The compiler isn't asked about it then, and the foreign type need not
    pretend by an `unsafe impl`.
    """
    for use in analysis.uses("VM116"):
        assert isinstance(use.part, Named)
        name = use.part.name
        if name in analysis.not_vm_safe:
            yield about(
                use,
                f"`{use.part}` is of a C ABI, and not VmSafe",
                notes=(
                    f"`{analysis.module.used.get(name)}` has the profile `c-abi`, and the type "
                    "holds or leads to what VmSafe doesn't admit",
                ),
                helps=(
                    "allow it with the reason why compiled code may share it, or give this "
                    "schema the profile `c-abi` too",
                ),
            )
            continue
        yield about(
            use,
            f"`{use.part}` is said not to be VmSafe",
            notes=("`vm_safe: false` stands in its declaration",),
            helps=("allow it with the reason why compiled code may share it",),
        )
