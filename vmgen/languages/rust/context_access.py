"""Typed access to a live context: a pointer to each field and to each element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.conditions import cfg_lines
from vmgen.languages.rust.context_offsets import region_method
from vmgen.languages.rust.docs import INDENT, SKIP, WIDTH, doc, paragraphs
from vmgen.languages.rust.item import has_atomic, visible
from vmgen.languages.rust.members import field_doc, field_member
from vmgen.languages.rust.names import free, spelled

if TYPE_CHECKING:
    from vmgen.languages.rust.conditions import Conditions
    from vmgen.languages.rust.safety import Safety
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.layout.parts import Part, Record, Region

LONGEST_NAME = 28
"""Columns of a context's name with which rustfmt breaks no line about it."""

LONGEST_PART = 36
"""The same of a field's or a region's name."""

METHODS = frozenset({"new", "offsets", "part"})
"""Methods of the generated access type; a part of that name gets an underscore."""


class Accessor(msgspec.Struct, frozen=True):
    """A method of the access type; `head` is its signature, `body` its lines."""

    doc: str
    attributes: str
    head: str
    body: list[str]


class LiveContext(msgspec.Struct, frozen=True):
    """One context's access type. `attributes` are its items'; `left_out` says of which
    parts there is no typed pointer."""

    name: str
    visible: str
    cfg: str
    attributes: str
    accessors: list[Accessor]
    elements: bool
    left_out: str


def live_context(
    record: Record, spelling: Spelling, safety: Safety, conditions: Conditions
) -> LiveContext:
    """The view of one context's access type."""
    held: list[Part | Region] = [*record.parts, *record.regions]
    left_out = [part.name for part in held if not safety.is_safe[part.type]]
    about = f"Not VmSafe, and so not here: {', '.join(left_out)}." if left_out else ""
    fields = [part for part in record.parts if part.name not in left_out]
    regions = [region for region in record.regions if region.name not in left_out]
    condition = conditions.of(record.name)
    widths = sorted(spelling.atomics(record.name))
    needed = [*([condition.text] if condition else []), *map(has_atomic, widths)]
    return LiveContext(
        name=record.name,
        visible=visible(record.declared.in_rust.visibility),
        cfg=cfg_lines(needed),
        attributes=SKIP if len(record.name) > LONGEST_NAME else "",
        accessors=[
            *(_field(part, spelling) for part in fields),
            *(_region(region, spelling) for region in regions),
        ],
        elements=any(region.source.count is not None for region in regions),
        left_out=about,
    )


def _field(part: Part, spelling: Spelling) -> Accessor:
    made = field_member(part, spelling)
    found = f"self.field_(self.offsets.fixed().{made.name})"
    name = free(made.name, METHODS)
    pointer = f"{spelling.names['NonNull']}<{made.type}>"
    about = field_doc(part)
    if part.on is not None:
        about += f"{INDENT}#[cfg({part.on.rust})]\n"
    made_of = _accessor(about, name, pointer, [found])
    if part.on is None:
        return made_of
    return msgspec.structs.replace(made_of, attributes=f"{INDENT}{SKIP}")


def _region(region: Region, spelling: Spelling) -> Accessor:
    names = spelling.names
    source = region.source
    element = spelling.type(region.type)
    found = f"self.offsets.{region_method(source)}()"
    several = source.count is not None
    returns = f"{names['Elements' if several else 'NonNull']}<{element}>"
    given = "self.shared_(place)"
    if several:
        given = f"{names['Elements']}::new(self.shared_(place.begin()), place.count())"
    if source.when is not None:
        returns = f"{names['Option']}<{returns}>"
        body = [f"let place = {found}?;", f"{names['Some']}({given})"]
    else:
        body = [f"let place = {found};", given]
    text = paragraphs(region.doc, _warning(region))
    name = free(spelled(region.name), METHODS)
    return _accessor(doc(text, INDENT), name, returns, body)


def _warning(region: Region) -> str:
    """A sentence for a region that is not always aligned."""
    for layout in region.layouts:
        if layout.misaligned is not None:
            counts = [f"`{name}` is {n}" for name, n in layout.misaligned.counts]
            where = f" where {' and '.join(counts)}" if counts else ""
            return (
                f"These are not always aligned: they begin {layout.misaligned.remainder} "
                f"past a multiple of {layout.align}{where}. Use `read_unaligned`."
            )
    return ""


def _accessor(doc: str, name: str, returns: str, body: list[str]) -> Accessor:
    head = f"pub fn {name}(self) -> {returns}"
    long = len(name) > LONGEST_PART or len(head) > WIDTH - len("     {")
    long = long or max(map(len, body)) > WIDTH - len("        ")
    return Accessor(doc, f"{INDENT}{SKIP}" if long else "", head, body)
