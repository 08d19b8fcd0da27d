"""The values of an enum's variants held against those that a binary has names for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.called import names_compiled
from vmgen.binaries.differences import Difference
from vmgen.binaries.members import plain, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.schema import model as m


def differences_of(
    declared: m.Declaration,
    variants: Sequence[m.Variant],
    values: Mapping[str, int | None],
) -> Iterator[Difference]:
    """What is different between variants and the binary's `values`, by their names."""
    name = declared.name
    left = {plain(key): (key, value) for key, value in values.items()}
    before = prefixes([*left])
    for variant in variants:
        known = map(plain, names_compiled(variant))
        spelled = (start + each for each in known for start in before)
        key = next((name for name in spelled if name in left), "")
        _, theirs = left.pop(key, ("", None))
        if theirs is None:
            other = next((k for k, v in values.items() if v == variant.value), None)
            yield Difference(
                "values",
                f"`{name}` has no `{variant.name}` in the binary",
                variant.span,
                (f"there {variant.value} is `{other}`",) if other else (),
            )
        elif theirs != variant.value:
            yield Difference(
                "values",
                f"`{name}::{variant.name}` is {variant.value}, and {theirs} in the "
                "binary",
                variant.span,
            )
    ours = {variant.value for variant in variants}
    for key, value in left.values():
        if value in ours:
            # C may have two names for one value; another name is told of above.
            continue
        yield Difference(
            "values",
            f"the binary's `{name}` has a variant `{key}` with the value {value}, which "
            "the schema hasn't",
            declared.span,
        )
