"""What is compared: a module's layouts as the JSON of ``vmgen layout`` has them.

The JSON that was saved and the layouts of a schema are both read into these structs, so
that a comparison knows no more of one than of the other. Sizes, alignments, offsets and
strides are in bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from vmgen.show.json import FORMAT

if TYPE_CHECKING:
    from collections.abc import Sequence


class Incomparable(Exception):
    """Something that can't be compared; the message says what and where."""


class Saved(msgspec.Struct, frozen=True):
    """What everything may have: documentation, former names, the latest first, what is
    allowed with the reasons, and what is said for the source of one language alone, by the
    keys that say it."""

    doc: str = ""
    was: tuple[str, ...] = ()
    allow: dict[str, str] = {}
    source: dict[str, str | bool] = {}


class Alias(msgspec.Struct, frozen=True):
    """The name of an alias region, None where it is its own; whether each element is in
    one."""

    region: str | None = None
    indexed: bool = False


class PointsTo(msgspec.Struct, frozen=True):
    """What is said of the bytes that a pointer leads to."""

    access: frozenset[str] = frozenset()
    alias: Alias | None = None
    atomic: str | None = None
    bytes: int | str | None = None


class Part(Saved, frozen=True, kw_only=True):
    """A field, a member of a union, a slot, a tag or a payload. One that is `absent` isn't
    there on the target; `on` is where it is, in words."""

    name: str
    type: str
    offset: int
    size: int
    align: int
    absent: bool = False
    on: str | None = None
    bit_offset: int | None = None
    bits: int | None = None
    access: frozenset[str] = frozenset()
    value: str | None = None
    endian: str = "native"
    alias: Alias | None = None
    atomic: str | None = None
    points_to: PointsTo | None = None
    volatile: bool = False

    @property
    def shown_offset(self) -> str:
        """Its offset as people see it: of a bit-field with the bit in its first byte."""
        bit = "" if self.bit_offset is None else f".{self.bit_offset}"
        return f"{self.offset}{bit}"


class Region(Saved, frozen=True, kw_only=True):
    """A region; `length` is its count, a name or a number."""

    name: str
    type: str
    stride: int
    align: int
    round_to: int
    length: int | str
    when: str | None = None
    access: frozenset[str] = frozenset()
    alias: Alias | None = None
    atomic: str | None = None
    points_to: PointsTo | None = None


class Variant(Saved, frozen=True, kw_only=True):
    """A variant of an enum, with the type of its payload if it has one."""

    name: str
    value: int
    type: str | None = None


class Record(Saved, frozen=True, kw_only=True):
    """A declared type on one target. An opaque one has no size, nor has one of which only a
    `prefix` is described; of a context `size` counts for nothing, and `fixed_size` is where
    the fixed fields end."""

    kind: str
    prefix: bool = False
    size: int = 0
    align: int = 1
    fields: tuple[Part, ...] = ()
    tag: str | None = None
    variants: tuple[Variant, ...] = ()
    of: str | None = None
    fixed_size: int = 0
    counts: dict[str, int] = {}
    flags: tuple[str, ...] = ()
    count_docs: dict[str, str] = {}
    count_index: dict[str, str] = {}
    count_was: dict[str, tuple[str, ...]] = {}
    regions: tuple[Region, ...] = ()
    reserved: tuple[str, ...] = ()
    access: frozenset[str] = frozenset()


class Constant(Saved, frozen=True, kw_only=True):
    """A constant of the module."""

    type: str
    value: int


class Declared(Saved, frozen=True, kw_only=True):
    """What the schema says: at its top, its constants, of its types besides the numbers,
    and the types of other modules that its own are made of or point to."""

    types: dict[str, dict[str, Any]]
    used: dict[str, dict[str, Any]]
    constants: dict[str, Constant]
    reserved: tuple[str, ...] = ()


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A module on one target, its `declared` aside: `types` and `used` have numbers and
    what is said besides them in one."""

    format: int
    module: str
    version: str | None
    fingerprint: str
    target: str
    pointer_width: int
    endian: str
    types: dict[str, Record]
    used: dict[str, Record]
    declared: Declared


def read(text: str, name: str) -> list[Target]:
    """The targets of a saved JSON, at least one. `name` is the file's in messages.

    Raises `Incomparable` for what `vmgen layout --format json` of this version doesn't
    write, or not for a comparison.
    """
    try:
        objects = json.loads(text)
    except ValueError as error:
        raise Incomparable(f"{name}: no JSON: {error}") from None
    except RecursionError:
        raise Incomparable(f"{name}: no JSON: it is nested too deep") from None
    if not isinstance(objects, list) or not objects:
        raise Incomparable(
            f"{name}: a saved layout is a list of objects, one for each target, as "
            "`vmgen layout --format json` writes it"
        )
    for number, one in enumerate(objects):
        found = one.get("format") if isinstance(one, dict) else None
        if found != FORMAT:
            what = "it has none" if found is None else f"this is format {found!r}"
            raise Incomparable(
                f"{name}: `$[{number}].format` is not {FORMAT}, which this version of "
                f"vmgen reads: {what}; save it again from the schema"
            )
    targets = typed(_sharing(objects), name)
    _check(targets, name)
    return targets


def _sharing(objects: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects again; of those with equal records each has the first one's, as in
    what was saved before it was text."""
    different: list[tuple[Any, Any]] = []
    found = []
    for one in objects:
        both = one.get("types"), one.get("declared")
        first = next((known for known in different if known == both), None)
        if first is None:
            different.append(both)
            first = both
        shared = {"types": first[0], "declared": first[1]}
        found.append({**one, **{k: v for k, v in shared.items() if k in one}})
    return found


def typed(objects: Sequence[dict[str, Any]], name: str) -> list[Target]:
    """Objects of the JSON as structs. Targets that share objects share structs."""
    known: dict[tuple[int, int], Target] = {}
    made = []
    for number, one in enumerate(objects):
        if "declared" not in one:
            raise Incomparable(
                f"{name}: `$[{number}]` has no `declared`: it was saved with some of the "
                "types alone, or by an earlier vmgen; save it again without naming types"
            )
        key = id(one.get("types")), id(one["declared"])
        first = known.get(key)
        try:
            if first is None:
                found = known[key] = msgspec.convert(_whole(one), Target)
            else:
                rest = {**one, "types": {}, "used": {}, "declared": _NOTHING_SAID}
                found = msgspec.structs.replace(
                    msgspec.convert(rest, Target),
                    types=first.types,
                    used=first.used,
                    declared=first.declared,
                )
        except msgspec.ValidationError as error:
            raise Incomparable(f"{name}: in `$[{number}]`: {error}") from None
        made.append(found)
    return made


_NOTHING_SAID: dict[str, Any] = {"types": {}, "used": {}, "constants": {}}


def _whole(one: dict[str, Any]) -> dict[str, Any]:
    """An object in which each type has its numbers and what is said of it."""
    declared = msgspec.convert(one["declared"], Declared)
    types = msgspec.convert(one.get("types"), dict[str, dict[str, Any]])
    own = {n: _joined(t, declared.types.get(n, {})) for n, t in types.items()}
    used = {n: _joined(t, t.get("said", {})) for n, t in declared.used.items()}
    return {**one, "types": own, "used": used}


def _joined(numbers: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """A type's numbers and what is said of it; each part with what is said of that."""
    parts: dict[str, Any] = {}
    for key in ("fields", "regions", "variants"):
        if key in numbers:
            of_each = msgspec.convert(said.get(key, {}), dict[str, dict[str, Any]])
            listed = msgspec.convert(numbers[key], list[dict[str, Any]])
            parts[key] = [{**p, **of_each.get(p.get("name", ""), {})} for p in listed]
    return {**numbers, **said, **parts}


def _check(targets: Sequence[Target], name: str) -> None:
    """Refuse what no single module could have been saved as."""
    first = targets[0]
    seen: set[str] = set()
    for number, target in enumerate(targets):
        where = f"{name}: `$[{number}]`"
        if target.module != first.module or target.version != first.version:
            raise Incomparable(
                f"{where} is the module `{target.module}`, and `$[0]` is "
                f"`{first.module}`: save the layouts of one schema"
            )
        if target.target in seen:
            raise Incomparable(f"{where}: the target `{target.target}` comes twice")
        seen.add(target.target)
