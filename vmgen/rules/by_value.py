"""Types that nothing can hold, whose size is unknown, open or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import about
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES
from vmgen.schema import model as m
from vmgen.schema.types import Named, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis
    from vmgen.rules.finding import Finding


@rule("VM111", "opaque-by-value", "An opaque type or a context by value.")
def opaque_by_value(analysis: Analysis) -> Iterator[Finding]:
    """An opaque type is known by its address alone, and a context is as large as the
    module at hand makes it. What follows one of them in a record would have no offset.
    """
    for use in analysis.uses("VM111"):
        assert isinstance(use.part, Named)
        if isinstance(analysis.types[use.part.name], m.Context):
            message = f"`{use.part}` is a context: its size depends on counts"
            instead = f"write `VmPtr<{use.part}>`, {CHANGES}"
        else:
            message = f"`{use.part}` is opaque: its size is not known"
            instead = (
                f"declare it as `kind: foreign` with its size, or write "
                f"`VmPtr<{use.part}>`, {CHANGES}"
            )
        yield about(
            use,
            message,
            notes=("such a type can only be pointed to",),
            helps=(instead,),
        )


@rule("VM245", "parameter-by-value", "A parameter that a generic record is made of.")
def parameter_by_value(analysis: Analysis) -> Iterator[Finding]:
    """A generic record is laid out once, whatever stands for its parameters: C and Python
    have one record for all. So only pointers lead to them. One that no field mentions is
    there for Rust alone, which has a `PhantomData` of it.
    """
    for use in analysis.uses("VM245"):
        yield about(
            use,
            f"`{use.part}` is held by value, and may be of any size",
            notes=("the layout of a generic record doesn't depend on its parameters",),
            helps=(
                f"point to it: `VmPtr<{use.part}>`, {CHANGES}, or declare a record for "
                "each type",
            ),
        )


@rule("VM112", "unit-by-value", "A `()` or a `c_void` by value.")
def unit_by_value(analysis: Analysis) -> Iterator[Finding]:
    """`()` takes no space, and C has no type that takes none: an empty struct has
    size 0 in GNU C, 1 in C++ and 4 with MSVC. `c_void` is C's `void`, of which there
    are no values. Behind a pointer both may stand, for a type that nothing here looks into.
    """
    for use in analysis.uses("VM112"):
        if isinstance(use.owner, m.Variant):
            instead = f"leave the payload out: `{use.owner.name}: null`"
        else:
            instead = (
                f"leave it out, or write `VmPtr<{use.part}>` for an untyped pointer, "
                f"{CHANGES}"
            )
        if use.part == Unit():
            message = "`()` takes no space"
            note = "C and C++ disagree on the size of an empty type"
        else:
            message = f"`{use.part}` has no values"
            note = "it is C's `void`, which can only be pointed to"
        yield about(use, message, notes=(note,), helps=(instead,))


@rule("VM280", "prefix-by-value", "A record by value of which only a prefix is known.")
def prefix_by_value(analysis: Analysis) -> Iterator[Finding]:
    """With `prefix: true` a record goes on behind the fields that are described, and nobody
    here knows how far. What followed it in a record or in an array would have no offset.
    """
    for use in analysis.uses("VM280"):
        yield about(
            use,
            f"of `{use.part}` only a prefix is described: its size is not known",
            notes=("such a type can only be pointed to",),
            helps=(f"write `VmPtr<{use.part}>`, {CHANGES}, or describe all of it",),
        )
