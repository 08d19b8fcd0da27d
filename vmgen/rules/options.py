"""`Option` of what has no null, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import about
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, safe_spelling
from vmgen.schema import model as m
from vmgen.schema.types import Named, NonZero, Option, RawPointer, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis
    from vmgen.rules.finding import Finding


@rule(
    "VM105",
    "option-of-non-pointer",
    "An `Option` of anything but `VmPtr`.",
    allowable=True,
)
def option_of_non_pointer(analysis: Analysis) -> Iterator[Finding]:
    """Rust promises where `None` is kept only where a null pointer, or a zero in a
    `NonZero`, can stand for it. For any other `T` the tag of `Option<T>` may be
    anywhere. VmSafe has the one `Option` that is needed: a pointer that may be null.

    It can be allowed for a newtype of a pointer, whose layout Rust defines.
    """
    for use in analysis.uses("VM105"):
        option = use.part
        assert isinstance(option, Option)
        if use.misuse.defined:
            yield about(
                use,
                f"`{option}` is not VmSafe",
                notes=("the only `Option` in VmSafe is `Option<VmPtr<T>>`",),
                helps=(_instead_of_option(option.inner, analysis),),
            )
        else:
            yield about(
                use,
                f"`{option}` has no layout that Rust promises",
                notes=("only for pointers does Rust say where `None` is kept",),
                helps=(_instead_of_option(option.inner, analysis),),
            )


def _instead_of_option(inner: Type, analysis: Analysis) -> str:
    if isinstance(inner, RawPointer):
        # A pointer that may be null leaves no room for another none.
        instead = f"write `{safe_spelling(inner, nullable=True)}`"
        return instead + (f", {CHANGES}" if inner.nullable else "")
    if isinstance(inner, Option):
        return (
            f"write `{safe_spelling(inner)}`, {CHANGES}: there is one null pointer, "
            "not two"
        )
    if isinstance(inner, Named):
        declared = analysis.types.get(inner.name)
        if isinstance(declared, m.Newtype) and not isinstance(declared.inner, NonZero):
            nullable = f"Option<{safe_spelling(declared.inner)}>"
            return f"let the newtype be nullable itself: `of: {nullable}`"
        if isinstance(declared, m.Functions) and len(declared.slots) == 1:
            return "point to the code: `Option<VmPtr<u8>>`"
        if isinstance(declared, (m.Struct, m.Union, m.TaggedEnum, m.Functions)):
            return (
                f"write `Option<VmPtr<{inner}>>`, or add a field that says if it is there; "
                "both change the layout"
            )
    instead = safe_spelling(inner)
    if isinstance(inner, NonZero):
        return f"write `{instead}`, and let 0 stand for none"
    return (
        f"reserve a value of `{instead}` for none, or add a field that says if it is "
        "there; both change the layout"
    )
