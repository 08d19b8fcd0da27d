"""Enums as Rust items.

Neither kind becomes a Rust enum in memory, unless the schema trusts whoever writes it: a
discriminant that no variant has, which compiled code or another version may write, would be
undefined behaviour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.traits import DERIVES
from vmgen.languages import notes
from vmgen.languages.rust.constants import PORTABLE
from vmgen.languages.rust.docs import INDENT, SKIP, WIDTH, comment, doc
from vmgen.languages.rust.item import Item, VariantView
from vmgen.languages.rust.members import COMPLEX, is_complex, type_doc
from vmgen.languages.rust.names import spelled
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.languages.rust.safety import Safety
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.schema.types import Type


LONGEST = 48
"""Columns of a condition that rustfmt leaves on its line before an arm of a match."""

UNEVEN = '#[allow(clippy::large_enum_variant, reason = "as in the schema")]\n'
TRUNCATED = (
    '#[allow(clippy::cast_possible_truncation, reason = "a tag fits every target")]\n'
)

LARGE = """\
#[allow(
    unknown_lints,
    repr_c_enums_larger_than_int,
    reason = "its integer is given"
)]
"""
"""For tags that are no C `int`, which rustc says of an enum whose integer is given, too."""

LONGEST_NAME = 44
"""Columns of a name that fits every line about an enum whatever else is there."""


def trusted_enum(
    declared: m.PlainEnum | m.TaggedEnum, spelling: Spelling, safety: Safety
) -> Item:
    """An enum of Rust's own, for memory that holds nothing else."""
    tagged = isinstance(declared, m.TaggedEnum)
    tags = spelling.tags(declared)
    variants = [_variant(v, spelling) for v in declared.variants]
    payloads = [v.text.type for v in declared.variants if v.text]
    wide = _wide(declared)
    cast = f" as {declared.tag.name}" if wide else ""
    longest = max(
        len(f"    {v.name}({v.payload}) = {tags}::{v.name}{cast},") for v in variants
    )
    hard = longest > WIDTH or any(len(v.cfg) > LONGEST for v in variants)
    traits = spelling.traits_of(declared)
    representation = f"C, {declared.tag.name}" if tagged else declared.tag.name
    reason = comment(f"Only these are ever written: {notes.sentence(declared.trusted)}")
    return Item(
        "trusted_enum",
        declared.name,
        type_doc(declared),
        attributes=(
            (SKIP if hard else "")
            + (COMPLEX if any(map(is_complex, payloads)) else "")
            + (TRUNCATED if wide else "")
            + (UNEVEN if tagged else "")
            + (LARGE if tagged and not _are_ints(declared.variants) else "")
        ),
        representation=representation,
        inner=declared.tag.name,
        wide=wide,
        tags=tags,
        variants=variants,
        derives=", ".join(t for t in DERIVES if t in traits),
        copy="Copy" in traits,
        safety=safety.comment(declared.variants, declared.allow, representation)
        + reason,
    )


def plain_enum(declared: m.PlainEnum, spelling: Spelling, safety: Safety) -> Item:
    """An integer with names for some of its values."""
    tags = spelling.tags(declared) if declared.variants else ""
    names = [spelled(variant.name) for variant in declared.variants]
    lines = [f"    pub const {name}: Self = Self({tags}::{name});" for name in names]
    lines += [f'            Self::{name} => f.write_str("{name}"),' for name in names]
    longest = max(map(len, lines), default=0)
    traits = spelling.traits_of(declared)
    long = any(len(_condition(v)) > LONGEST for v in declared.variants)
    long = long or longest > WIDTH or len(declared.name) > LONGEST_NAME
    return Item(
        "plain_enum",
        declared.name,
        type_doc(declared),
        inner=declared.tag.name,
        wide=_wide(declared),
        tags=tags,
        kept=SKIP if long else "",
        derives=", ".join(t for t in DERIVES if t in traits and t != "Debug"),
        variants=[
            VariantView(doc(v.doc, INDENT), spelled(v.name), _condition(v))
            for v in declared.variants
        ],
        safety=safety.comment((), {}, "transparent"),
    )


def tagged_enum(declared: m.TaggedEnum, spelling: Spelling, safety: Safety) -> Item:
    """A tag, and a union of the payloads."""
    payloads = [v.text.type for v in declared.variants if v.text]
    tags, wide = spelling.tags(declared), _wide(declared)
    variants = [_variant(v, spelling) for v in declared.variants]
    longest = max(_longest_line(declared.name, tags, v) for v in variants)
    complex = any(map(is_complex, payloads))
    traits = spelling.traits_of(declared)
    return Item(
        "tagged_enum",
        declared.name,
        type_doc(declared),
        inner=declared.tag.name,
        wide=wide,
        tags=tags,
        kept=(SKIP if longest > WIDTH else "") + (COMPLEX if complex else ""),
        variants=variants,
        derives=", ".join(t for t in ("Clone", "Copy") if t in traits),
        value_derives=", ".join(_common(payloads, spelling)),
        debug="Debug" in traits,
        copy="Copy" in traits,
        safety=safety.comment(declared.variants, declared.allow),
    )


def _are_ints(variants: Iterable[m.Variant]) -> bool:
    """Whether C's `int` holds all values."""
    return all(-(1 << 31) <= variant.value < 1 << 31 for variant in variants)


def _wide(declared: m.PlainEnum | m.TaggedEnum) -> str:
    """What a tag is cast to to be compared with values that are as wide as any target's
    pointer; empty for others."""
    return PORTABLE.get(declared.tag.name, "")


def _longest_line(enum: str, tags: str, variant: VariantView) -> int:
    """Columns of the longest line about a variant, or more than fit if rustfmt breaks
    one that would fit."""
    name, payload = variant.name, variant.payload
    if max(len(name), len(enum)) > LONGEST_NAME or len(payload) > 60:
        return WIDTH + 1
    if len(variant.cfg) > LONGEST:
        return WIDTH + 1
    wrapped = "::core::mem::ManuallyDrop::new(held)" if variant.wrapped else "held"
    return max(
        len(f"    {name}: {variant.member},"),
        len(f"    {name}(&'a {payload}),"),
        len(f"            {enum}Value::{name}(held) => {{"),
        len(f"            {enum}Value::{name} => {tags}::{name} as usize,"),
        len(f"                payload.{name} = {wrapped};"),
        len(
            f"                {tags}::{name} => {enum}Value::{name}(&self.payload.{name}),"
        ),
    )


def _common(payloads: list[Type], spelling: Spelling) -> list[str]:
    """The traits that an enum of Rust's own with these payloads can derive."""
    traits = [spelling.traits(payload) for payload in payloads]
    return [t for t in DERIVES if all(t in each for each in traits)]


def _variant(variant: m.Variant, spelling: Spelling) -> VariantView:
    described = doc(variant.doc, INDENT)
    name = spelled(variant.name)
    if variant.text is None:
        return VariantView(described, name, _condition(variant))
    payload = spelling.type(variant.text.type)
    member = spelling.member(variant.text.type)
    cfg = _condition(variant)
    return VariantView(described, name, cfg, payload, member, member != payload)


def _condition(variant: m.Variant) -> str:
    condition = variant.in_rust.condition
    return condition.text if condition else ""
