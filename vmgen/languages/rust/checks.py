"""What makes rustc compare each record with its table, apart from the declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from vmgen.languages.rust.derived import fixed_part
from vmgen.languages.rust.docs import INDENT, SKIP, WIDTH
from vmgen.languages.rust.item import Check, parameters
from vmgen.languages.rust.members import ABSENT
from vmgen.languages.rust.names import raw, spelled
from vmgen.languages.rust.tables import stride_row
from vmgen.schema import model as m
from vmgen.schema.types import Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.languages.rust.conditions import Conditions
    from vmgen.languages.rust.item import Item
    from vmgen.languages.rust.safety import Safety
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Part, Record
    from vmgen.schema.types import Type


_WITH_FIELDS = (m.Struct, m.Union, m.Functions)
"""Kinds whose parts are fields by the same names, whoever declares them."""

MEMORY = 1 << 14
"""Bytes that records are measured in, which even a 16-bit target has. Records of up to
half as many are: what is there in truth may be larger than what is stated."""


TOGETHER = 16
"""How many records are checked together on average."""

LAYOUTS = "layouts"
"""The macro that takes several records."""

_WITH_PLACES = frozenset({LAYOUTS, "large_layout", "trusted", "fixed_part"})
"""Macros that measure places."""


class Checks(msgspec.Struct, frozen=True):
    """The checks of a module, as finished text. `held` are the types that have to be
    VmSafe, `copied` those that have to be `Copy`, each with its conditions; `macros` are
    those that are called, and `has_places` is whether any of them measures places.
    """

    layouts: str
    held: list[tuple[str, str]]
    copied: list[tuple[str, str]]
    macros: frozenset[str]
    has_places: bool
    memory: int = MEMORY


def checks_of(
    items: Iterable[Item], safety: Safety, copied: list[str], conditions: Conditions
) -> Checks:
    """All checks of a module's items."""

    def under(types: Iterable[Type]) -> str:
        missing = conditions.missing(types)
        return "".join(f"#[cfg({condition})] " for condition in missing)

    checks = [check for item in items for check in item.checks]
    macros = frozenset(check.macro for check in checks)
    held = [(text, under(types)) for text, types in safety.held]
    return Checks(
        "".join(_grouped(check for check in checks if check.row_of))
        + "".join(check.text for check in checks if not check.row_of),
        held,
        [(name, under([Named(name)])) for name in copied],
        macros,
        has_places=not _WITH_PLACES.isdisjoint(macros),
    )


def _grouped(rows: Iterable[Check]) -> Iterator[str]:
    """Calls of a macro for several rows each.

    A name alone says whether a group ends behind it. So a record that comes or goes changes
    its own group, or makes one of two, or two of one.
    """
    last = True
    for row in rows:
        yield f"{INDENT}{row.macro}! {{\n" if last else ""
        yield row.text
        last = crc32(row.row_of.encode()) % TOGETHER == 0
        yield f"{INDENT}}}\n" if last else ""
    yield "" if last else f"{INDENT}}}\n"


def layout_checks(
    record: Record, tables: Tables, spelling: Spelling, cfg: str
) -> Iterator[Check]:
    """A record's checks, below the conditions that are given as finished lines."""
    declared = record.declared
    if isinstance(declared, m.Opaque):
        return
    table = tables.name(declared)
    # What others declare has no fields for bits, whatever else it has for them.
    whole = [part for part in record.parts if not part.bits]
    parts = [spelled(part.name) for part in whole]
    elsewhere = isinstance(declared, m.ForeignRecord) and declared.rust is not None
    if existing := tables.existing.get(record.name):
        elsewhere = existing.visible and isinstance(declared, _WITH_FIELDS)
        parts = parts if elsewhere else []
    if elsewhere:
        parts = [raw(part.name) for part in whole]
    params = parameters(declared)
    if len(whole) < len(record.parts):
        macro = "bit_fields_of_prefix" if m.is_prefix(declared) else "bit_fields"
        call = _call(cfg, macro, f"{record.name} as {table}", parts)
        yield _of_one(call, record.name, params) if params else call
        if elsewhere and parts:
            yield _sizes(cfg, record.name, params, whole, parts, spelling)
        return
    trusted = None
    if isinstance(declared, m.TaggedEnum) and declared.trusted:
        trusted = declared
        parts = []  # Nobody can point into an enum of Rust's without a value of it.
    if not (isinstance(declared, m.Context) or m.is_prefix(declared)):
        sizes = [record.layouts[group[0]].size for group in record.columns]
        macro = "large_layout" if max(sizes) > MEMORY // 2 else LAYOUTS
        yield _layout(cfg, macro, record.name, table, parts, params)
        if trusted and not existing:
            head = f"{record.name} as {table}, {trusted.tag.name}"
            payloads = [_payload(v, spelling) for v in trusted.variants if v.text]
            yield _call(cfg, "trusted", head, payloads)
        if elsewhere:
            yield _sizes(cfg, record.name, params, whole, parts, spelling)
        return
    in_one = not isinstance(declared, m.Context)
    fixed = record.name if in_one else fixed_part(record.name)
    for when, ending in _endings(record, spelling):
        listed = [*parts[:-1], f"{parts[-1]} as {ending}"] if parts else parts
        head = f"{record.name}, {fixed} as {table}"
        call = _call(cfg + when, "fixed_part", head, listed)
        yield _of_one(call, record.name, params) if params else call
    if isinstance(declared, m.Context) and record.regions:
        regions = tables.regions_name(declared)
        yield _call(
            cfg,
            "strides",
            f"{record.name} as {regions}",
            [
                f"{r.name} {stride_row(r)} {spelling.type(r.type)}"
                for r in record.regions
            ],
            separator=";",
        )


def _endings(record: Record, spelling: Spelling) -> Iterator[tuple[str, str]]:
    """The type of the last part, which may depend on a condition: finished lines of that,
    and the type."""
    if not record.parts:
        yield "", ""
        return
    last = record.parts[-1]
    type = spelling.type(last.type, little=last.little_endian)
    if last.on is None:
        yield "", type
    else:
        yield f"#[cfg({last.on.rust})]\n", type
        yield f"#[cfg({last.on.inverse.rust})]\n", ABSENT


def _sizes(
    cfg: str,
    name: str,
    params: tuple[str, ...],
    parts: Sequence[Part],
    names: Sequence[str],
    spelling: Spelling,
) -> Check:
    """The check of what is declared elsewhere: what the schema has in mind may be larger
    than what is there, and move nothing."""
    types = [spelling.type(part.type, little=part.little_endian) for part in parts]
    sized = [f"{p}: {t}" for p, t in zip(names, types, strict=True)]
    call = _call(cfg, "sizes", name, sized)
    return _of_one(call, name, params) if params else call


def _payload(variant: m.Variant, spelling: Spelling) -> str:
    """A variant with a payload as the macro takes it."""
    assert variant.payload is not None
    condition = variant.in_rust.condition
    before = f"#[cfg({condition.text})] " if condition else ""
    return f"{before}{spelled(variant.name)}: {spelling.type(variant.payload)}"


def _of_one(call: Check, name: str, params: Sequence[str]) -> Check:
    """The check of a generic record, which is laid out alike whatever it is about. Types
    of its parts name the parameters."""
    about = ", ".join(["()"] * len(params))
    named = "".join(f"{INDENT * 2}type {param} = ();\n" for param in params)
    if call.macro != "sizes":
        named = ""
    head, *rest = call.text.partition(f"{INDENT}{call.macro}!")
    inside = "".join(rest).replace("\n", f"\n{INDENT}").rstrip(" ")
    return Check(
        call.macro,
        f"{head}{INDENT}const _: () = {{\n"
        f"{INDENT * 2}type {name} = super::{name}<{about}>;\n"
        f"{named}"
        f"{INDENT}{inside}{INDENT}}};\n",
    )


def _layout(
    cfg: str,
    macro: str,
    name: str,
    table: str,
    parts: Sequence[str],
    params: Sequence[str],
) -> Check:
    """The row of a record, or a call with it alone where it has conditions, is generic or
    large."""
    head = f"{INDENT * 2}{name} as {table} "
    row = f"{head}{{ {', '.join(parts)} }}\n" if parts else f"{head}{{}}\n"
    if len(row) > WIDTH + 1:
        listed = "".join(f"{INDENT * 3}{part},\n" for part in parts)
        row = f"{head}{{\n{listed}{INDENT * 2}}}\n"
    conditions = _conditions(cfg)
    if macro == LAYOUTS and not (conditions or params):
        return Check(macro, row, row_of=name)
    call = Check(macro, f"{conditions}{INDENT}{macro}! {{\n{row}{INDENT}}}\n")
    return _of_one(call, name, params) if params else call


def _conditions(cfg: str) -> str:
    """Conditions as they stand before a check."""
    # What rustfmt leaves alone is all of the module that this is in.
    lines = [line for line in cfg.splitlines() if line != SKIP.strip()]
    return "".join(f"{INDENT}{line}\n" for line in lines)


def _call(
    cfg: str, macro: str, head: str, parts: Sequence[str], separator: str = ","
) -> Check:
    """The call of a macro: on one line, or if that is too long, with a part on each."""
    line = f"{INDENT}{macro}! {{ {head} }}"
    if parts:
        line = f"{INDENT}{macro}! {{ {head}: {f'{separator} '.join(parts)} }}"
    if len(line) > WIDTH and parts:
        listed = "".join(f"{INDENT * 2}{part}{separator}\n" for part in parts)
        line = f"{INDENT}{macro}! {{\n{INDENT * 2}{head}:\n{listed}{INDENT}}}"
    return Check(macro, f"{_conditions(cfg)}{line}\n")
