"""Other names for what can't be called in all languages as it is in the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.analysis.called import bare
from vmgen.imports.bits import UNNAMED
from vmgen.imports.draft import Part
from vmgen.imports.names import distinct
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.imports.draft import Declared
    from vmgen.languages.words import Role
    from vmgen.rules.reserved import Reserved

RESERVED_NAME = "VM011"
IN_PLACE = "VM085"
ALIGNED_ANONYMOUS = "VM284"
CANT_BE_ANONYMOUS = ("VM274", ALIGNED_ANONYMOUS)
ONE_NAME_FOR_TWO = ("VM012", "VM083")


def renamed(
    code: str,
    types: Mapping[str, Declared],
    name: str,
    part_name: str | None,
    reserved: Reserved,
    *,
    is_owned: bool,
) -> Declared | None:
    """The type `name` with another name in some language for itself or for a part of it,
    which breaks the rule with that code, or what is in such a part with something more that
    has none, if there is a header of which that can be said; None
    where no name helps."""
    declared = types[name]
    part = next((p for p in declared.parts if p.name == part_name), None)
    if code == RESERVED_NAME:
        return _without_words(declared, part, reserved)
    if code == IN_PLACE and part is not None:
        return _renumbered(declared, part, types)
    if code in CANT_BE_ANONYMOUS and part is not None and part.anonymous:
        filled = None
        if code == ALIGNED_ANONYMOUS and part.align and is_owned:
            assert isinstance(part.type, t.Named)
            filled = _filled(types[part.type.name])
        return filled or declared.with_part(part, anonymous=False)
    if code in ONE_NAME_FOR_TWO:
        return _not_as_in_source(declared, part)
    return None


def _without_words(
    declared: Declared, part: Part | None, reserved: Reserved
) -> Declared | None:
    """With a name of its own in Rust and Python, where it is a word of theirs. What is one of
    C's, or of C++, has to be allowed."""
    thing = part or declared
    role: Role = "type"
    if part is not None:
        role = "variant" if declared.kind == "enum" else "field"
        role = "context" if declared.is_open else role
    taken = [
        language
        for language in ("c", "rust", "python")
        for name in [bare(thing.called.get(f"{language}_name", thing.name))]
        if language in reserved.taking(name, role)
    ]
    if not taken or "c" in taken:
        return None
    names = {f"{language}_name": f"{thing.name}_" for language in taken}
    called = {**thing.called, **names}
    if part is None:
        return replace(declared, called=called)
    return declared.with_part(part, called=called)


def _renumbered(
    declared: Declared, part: Part, types: Mapping[str, Declared]
) -> Declared | None:
    """With a number behind the name of what has none, so that nothing is called as it is."""
    if not (part.unnamed and part.name.startswith(UNNAMED)):
        return None
    taken = [p.name for one in types.values() for p in one.parts]
    (name,) = distinct([UNNAMED], taken)
    return declared.with_part(part, name=name)


def _filled(declared: Declared) -> Declared | None:
    """A union with as many bytes as compilers say that it has, if that is one number."""
    sizes = set(declared.sizes.values())
    known = [part.name for part in declared.parts]
    if declared.kind != "union" or len(sizes) != 1 or UNNAMED in known:
        return None
    filling = Part(UNNAMED, t.Array(t.Int("u8"), sizes.pop()), unnamed=True)
    return replace(declared, parts=(*declared.parts, filling))


def _not_as_in_source(declared: Declared, part: Part | None) -> Declared | None:
    """With no other name in a language, where two things would have one name then; or
    without the array of any length that it ends in, which brings names along."""
    if not (part or declared).called:
        return declared.without_end() if declared.is_open else None
    if part is None:
        return replace(declared, called={}, unnamed=True)
    return declared.with_part(part, called={}, unnamed=True)
