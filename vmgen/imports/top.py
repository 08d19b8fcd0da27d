"""What stands at the top of a schema that is written of a draft: who owns all this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.imports.scalars import WIDTH, braced, scalar
from vmgen.schema import types as t
from vmgen.schema.profiles import C_ABI

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.imports.draft import Declared, Draft

UNREASONED = "?"
"""The reason of what is allowed until a person has written one."""


def top(draft: Draft, *, profile: bool) -> Iterator[str]:
    """The lines about who owns what is declared."""
    if profile:
        yield f'profile: {{{C_ABI}: "{UNREASONED}"}}'
    if draft.owner is None:
        return
    entries = {"header": _one_or_list(draft.owner.headers)}
    if draft.owner.defines:
        entries["defines"] = _list(draft.owner.defines)
    without = without_of(draft)
    if without:
        entries["without"] = _list(without)
    line = f"c: {{{', '.join(f'{k}: {v}' for k, v in entries.items())}}}"
    if len(line) <= WIDTH:
        yield line
        return
    yield "c:"
    for key, value in entries.items():
        if len(key) + len(value) + 4 <= WIDTH:
            yield f"  {key}: {value}"
            continue
        yield f"  {key}:"
        yield from (f"    - {scalar(name)}" for name in without)


def without_of(draft: Draft) -> list[str]:
    """What has no name in the headers, or none on some target: types, and parts of types
    that have one."""
    found = []
    placed = in_place(draft)
    for declared in draft.declared.values():
        if declared.name in placed or declared.kind in ("opaque", "foreign"):
            continue
        somewhere = set(draft.targets) - declared.sizes.keys()
        if (declared.unnamed and declared.kind != "enum") or somewhere:
            found.append(declared.name)
            continue
        found += [f"{declared.name}.{path}" for path in _unnamed(declared, placed)]
    return found


def _unnamed(
    declared: Declared, placed: Mapping[str, Declared], before: str = ""
) -> Iterator[str]:
    """The parts that have no name in C, as paths. What has none but is there for what is in
    it, C sees through."""
    for part in declared.parts:
        inside = None
        if declared.kind in ("struct", "union") and isinstance(part.type, t.Named):
            inside = placed.get(part.type.name)
        if (inside is None or not part.anonymous) and part.unnamed:
            yield f"{before}{part.name}"
            continue
        if inside is not None:
            path = before if part.anonymous else f"{before}{part.name}."
            yield from _unnamed(inside, placed, path)


def _one_or_list(words: Sequence[str]) -> str:
    return braced("", words[0]) if len(words) == 1 else _list(words)


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(braced('', word) for word in words)}]"


def in_place(draft: Draft) -> dict[str, Declared]:
    """The types that are written where the one field is that is of them, by name."""
    held = {
        part.type.name
        for declared in draft.declared.values()
        if declared.kind in ("struct", "union")
        for part in declared.parts
        if isinstance(part.type, t.Named)
    }
    return {
        name: declared
        for name, declared in draft.declared.items()
        if declared.in_place
        and declared.kind in ("struct", "union")
        and declared.align is None
        and declared.packed is None
        and not declared.pinned
        and name in held
    }
