"""Declared types as Rust items: a method for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.vmsafe import exposes_parameter, pointed_to
from vmgen.languages.language import Declarer
from vmgen.languages.rust.accessors import add_accessors
from vmgen.languages.rust.bit_fields import BitFields
from vmgen.languages.rust.checks import layout_checks
from vmgen.languages.rust.conditions import Conditions, cfg_lines
from vmgen.languages.rust.derived import fixed_part
from vmgen.languages.rust.docs import INDENT, SKIP, comment, doc
from vmgen.languages.rust.elsewhere import bytes_of, held_by, named, standing_for
from vmgen.languages.rust.enums import plain_enum, tagged_enum, trusted_enum
from vmgen.languages.rust.item import (
    UNUSED,
    Item,
    has_atomic,
    in_brackets,
    marker,
    representation,
    visible,
)
from vmgen.languages.rust.members import (
    IMPROPER,
    Member,
    aligner,
    asked_alignment,
    attributes,
    field_member,
    kept,
    member,
    said_of,
    slot_member,
    type_doc,
    wrapped,
)
from vmgen.languages.rust.names import free
from vmgen.languages.rust.safety import IN_GENERAL, reasons
from vmgen.languages.rust.stand_ins import stand_ins
from vmgen.layout.place import least_align
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.languages.rust.existing import Existing
    from vmgen.languages.rust.safety import Safety
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Record
    from vmgen.schema.types import Type


DEPRECATED = '#[allow(deprecated, reason = "it is declared here")]\n'
UNDERSCORES = (
    '#[allow(clippy::pub_underscore_fields, reason = "to be set by who makes one")]\n'
)
PINNED = "::core::marker::PhantomPinned"
_RECORDS = (m.Struct, m.Union, m.Context)


class Declarations(Declarer[Item]):
    """Makes the items of one module; notes what they hold, and alignments of fields."""

    def __init__(self, spelling: Spelling, tables: Tables, safety: Safety) -> None:
        self.spelling = spelling
        self.tables = tables
        self.safety = safety
        self.conditions = Conditions(tables.job.module)
        self.copied: list[str] = []
        self.alignments: set[int] = set()

    def items(self, record: Record) -> list[Item]:
        """A declared type, and where it can't exist everywhere, its stand-in."""
        existing = self.tables.existing.get(record.name)
        if existing:
            item = self._existing(record.declared, existing)
            item.visible = visible(record.declared.in_rust.visibility)
        else:
            item = self.declare(record)
            self._as_said(item, record.declared)
        needed = self._needed(record.name)
        if record.name in self.safety.unsafe:
            for made in (item, item.fixed):
                if made:
                    made.safety = ""
        item.cfg = cfg_lines(needed)
        item.checks = [*layout_checks(record, self.tables, self.spelling, item.cfg)]
        if said_of(record.declared.in_rust, "deprecated"):
            # What is made of a type uses it.
            item.cfg += DEPRECATED
        if item.fixed:
            item.fixed.cfg = item.cfg
        return [item, *stand_ins(record.declared, needed, self.conditions)]

    def _needed(self, name: str) -> list[str]:
        """The conditions without which a declared type isn't there."""
        widths = sorted(self.spelling.atomics(name))
        found = self.conditions.of(name)
        return [*([found.text] if found else []), *map(has_atomic, widths)]

    def _as_said(self, item: Item, declared: m.Declaration) -> None:
        """Add what the schema says for Rust alone."""
        said = declared.in_rust
        item.visible = visible(said.visibility)
        item.zero = "Default" in said.derives
        item.must_use = said_of(said, "must_use")
        lines, plain = attributes(said)
        item.attributes += lines if plain or SKIP in item.attributes else SKIP + lines
        fields = declared.fields if isinstance(declared, _RECORDS) else ()
        told = [f.in_rust for f in fields if f.in_rust.visible]
        hidden = any(field.visibility != "pub" for field in told)
        seen = (said.visibility, said.inner_visibility)
        unused = UNUSED if hidden or seen != ("pub", "pub") else ""
        if item.kind not in ("opaque", "trusted_enum"):
            # These two say so in any case.
            item.attributes += unused
        record = item.fixed or item
        if any(f.name[0] == "_" or f.align or f.bits for f in fields) or _is_pinned(
            declared
        ):
            record.attributes += UNDERSCORES
        if item.fixed:
            item.fixed.visible = item.visible
            item.fixed.attributes += unused

    def struct(self, record: Record, declared: m.Struct) -> Item:
        return self._record("struct", record, declared)

    def union(self, record: Record, declared: m.Union) -> Item:
        return self._record("union", record, declared)

    def plain_enum(self, record: Record, declared: m.PlainEnum) -> Item:
        self.safety.hold([(declared.tag, False)])
        if declared.trusted:
            return trusted_enum(declared, self.spelling, self.safety)
        return plain_enum(declared, self.spelling, self.safety)

    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> Item:
        payloads = [v.text.type for v in declared.variants if v.text]
        self.safety.hold([(type, False) for type in (declared.tag, *payloads)])
        if declared.trusted:
            return trusted_enum(declared, self.spelling, self.safety)
        return tagged_enum(declared, self.spelling, self.safety)

    def newtype(self, record: Record, declared: m.Newtype) -> Item:
        inner = self.spelling.type(declared.inner)
        safety = self.safety.comment((), {}, "transparent")
        if not self.safety.is_safe[declared.inner]:
            safety = comment(
                f"SAFETY: the schema allows it. {reasons(declared.allow) or IN_GENERAL}"
            )
        self.safety.hold([(declared.inner, False)])
        return Item(
            "newtype",
            declared.name,
            type_doc(declared),
            attributes=kept([wrapped(declared.name, inner, declared.inner)]),
            inner=f"{visible(declared.in_rust.inner_visibility)}{inner}",
            derives=self.spelling.derived(declared),
            safety=safety,
        )

    def opaque(self, record: Record, declared: m.Opaque) -> Item:
        return Item("opaque", declared.name, type_doc(declared))

    def functions(self, record: Record, declared: m.Functions) -> Item:
        members = [slot_member(slot, self.spelling) for slot in declared.slots]
        return Item(
            "struct",
            declared.name,
            type_doc(declared),
            attributes=kept(members) + IMPROPER,
            members="".join([made.text for made in members]),
            derives=self.spelling.derived(declared),
            callable=True,
            safety=comment("SAFETY: `repr(C)`, addresses of functions alone."),
        )

    def foreign_record(self, record: Record, declared: m.ForeignRecord) -> Item:
        """A record of the project, or a struct where the schema names none."""
        if declared.rust is None:
            return self.struct(record, declared)
        return self._named(declared, declared.rust.text)

    def foreign(self, record: Record, declared: m.Foreign) -> Item:
        """A type of the project, or as many bytes where the schema names none."""
        if declared.rust:
            return self._named(declared, declared.rust.text)
        return bytes_of(declared, self.tables, self.spelling)

    def _named(self, declared: m.Foreign | m.ForeignRecord, path: str) -> Item:
        """A type of the project by its name in the schema."""
        if declared.copy:
            self.copied.append(declared.name)
        return named(declared, path)

    def _existing(self, declared: m.Declaration, existing: Existing) -> Item:
        """A type that the project has, however the schema would have it declared."""
        self.safety.hold(held_by(declared))
        return standing_for(declared, existing)

    def context(self, record: Record, declared: m.Context) -> Item:
        name = fixed_part(declared.name)
        fixed = self._fields("struct", name, record, declared)
        fixed.doc = doc(
            f"The fields that every `{declared.name}` begins with, to be used through "
            "pointers: what follows them may begin before this struct ends."
        )
        self.safety.hold([(region.element, False) for region in declared.regions])
        align = least_align(declared)
        parts = self._aligning(declared, name)
        return Item(
            "context",
            declared.name,
            type_doc(declared),
            attributes=kept(parts),
            representation=f"C, align({align})" if align > 1 else "C",
            members="".join([part.text for part in parts]),
            safety=comment("SAFETY: nothing but an address; its parts are checked."),
            fixed=fixed,
        )

    def _record(self, kind: str, record: Record, declared: m.Struct | m.Union) -> Item:
        item = self._fields(kind, declared.name, record, declared)
        item.doc = type_doc(declared)
        item.derives = self.spelling.derived(declared)
        if _is_pinned(declared):
            taken = [part.name for part in record.parts]
            item.members += f"{INDENT}pub {free('_marker', taken)}: {PINNED},\n"
        if isinstance(declared, m.Struct) and declared.params:
            self._generic(item, record, declared)
        item.representation = representation(declared)
        if isinstance(declared, m.Union):
            add_accessors(item, declared, self.spelling)
        return item

    def _generic(self, item: Item, record: Record, declared: m.Struct) -> None:
        """Add the parameters, those that no field mentions as markers."""
        safe = f"{self.spelling.names['VmSafe']}"
        exposed = exposes_parameter(declared)
        bounds = ", ".join(f"{name}: {safe}" for name in declared.params)
        item.params = in_brackets(declared.params)
        item.bounds = f"<{bounds}>" if exposed else item.params
        named = {name for part in record.parts for name in pointed_to(part.type)}
        unused = [name for name in declared.params if name not in named]
        if unused:
            taken = [part.name for part in record.parts]
            pinned = ["_marker"] if declared.pinned else []
            name = free("_marker", [*taken, *pinned])
            item.members += f"{INDENT}pub {name}: {marker(unused)},\n"

    def _fields(
        self,
        kind: str,
        name: str,
        record: Record,
        declared: m.Struct | m.Union | m.Context,
    ) -> Item:
        """A struct or union of a record's fields."""
        union = kind == "union"
        hidden = isinstance(declared, m.Union) and declared.accessors
        members = []
        taken = [part.name for part in record.parts]
        bits = None
        if any(part.bits for part in record.parts):
            bits = BitFields(record, self.tables, self.spelling, taken)
            members += bits.aligning
        for part in record.parts:
            if bits is not None and part.bits:
                members += bits.members.get(part.name, [])
                continue
            if to := asked_alignment(part, self.tables.job.layouts):
                self.alignments.add(to)
                members.append(aligner(part, to, taken))
            members.append(
                field_member(part, self.spelling, union=union, hidden=hidden)
            )
        self.safety.hold([(p.type, p.little_endian) for p in record.parts])
        return Item(
            kind,
            name,
            "",
            attributes=kept(members),
            members="".join([made.text for made in members]),
            bit_fields=bits.views if bits is not None else [],
            safety=self.safety.comment(declared.fields, declared.allow),
        )

    def _aligning(self, declared: m.Context, fixed: str) -> list[Member]:
        """What gives a context its alignment without giving it a size. One tuple of all
        would be nothing that rustc takes for safe to hand to C."""
        types: dict[str, Type | None] = {fixed: None}
        if not declared.align:
            for region in declared.regions:
                types[self.spelling.type(region.element)] = region.element
        return [
            member("", f"_part{index}", f"[{text}; 0]", type, before=INDENT)
            for index, (text, type) in enumerate(types.items())
        ]


def _is_pinned(declared: m.Declaration) -> bool:
    if m.is_prefix(declared):
        # Whoever moves it would leave the rest where it is.
        return True
    return isinstance(declared, m.Struct) and declared.pinned is not None
