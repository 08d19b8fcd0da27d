"""What a schema says of the header that owns its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.owner import parts_of
from vmgen.reading.diagnostics import did_you_mean
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis
    from vmgen.schema import model as m


@rule("VM912", "bad-owner", "A header that can't be theirs, or lacks what isn't here.")
def bad_owner(analysis: Analysis) -> Iterator[Finding]:
    """The file that holds the layouts against a header of somebody else's lies beside the
    header that is made, so that a name in quotes finds that one first. And `without` is
    about what the schema has: a name that nothing has is misspelt, or a leftover.
    """
    owner = analysis.module.owner
    if owner is None:
        return
    own = {f"{name}.h" for name, _ in analysis.module.file_names} | {"vmgen.h"}
    for header in owner.headers:
        if header.text in own:
            yield Finding(
                f"`{header.text}` is a header that vmgen makes",
                header.span,
                helps=("call the module otherwise, or name the folder of theirs",),
            )
    for word in owner.without:
        yield from _lacking(word, analysis)


def _lacking(word: m.Word, analysis: Analysis) -> Iterator[Finding]:
    name, dot, part = word.text.partition(".")
    types = analysis.module.own_types
    own = {**types, **analysis.module.own_constants}
    declared = types.get(name)
    if name not in own:
        yield Finding(
            f"nothing here is named `{name}`", word.span, helps=did_you_mean(name, own)
        )
    elif dot:
        parts = list(parts_of(declared, types)) if declared else []
        if part not in parts:
            yield Finding(
                f"`{name}` has no part `{part}`",
                word.span,
                helps=did_you_mean(part, parts),
            )
