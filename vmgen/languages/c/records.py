"""Declared types as lines of C."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.c.constants import fit_an_int, integer_constant
from vmgen.languages.c.declarators import Declarator, Declarators
from vmgen.languages.c.text import INDENT, WIDTH, comment, member_name
from vmgen.schema import model as m
from vmgen.schema.types import INT_BITS, Atomic, Int, NonZero, by_value, children
from vmgen.text import snake_case, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vmgen.languages.c.models import CModels
    from vmgen.languages.job import Job
    from vmgen.layout.place import RecordLayout
    from vmgen.reading.source import Span
    from vmgen.schema.types import Type

ArrayMember = tuple[str, str, "Span", "Type"]
"""An array in a record: the record and the member as C names them, the member's place
in the schema, its type."""


class Block(msgspec.Struct, frozen=True):
    """One declaration: its comment, its first line, what is between the braces, each
    as `block` makes it. A block without a body is the one line `head`.
    """

    doc: str
    head: str
    body: str


def block(doc: list[str], head: str, body: Iterable[str] = ()) -> Block:
    """A block of lines that aren't indented."""
    return Block("\n".join(doc), head, f"\n{INDENT * ' '}".join(body))


def allowed(allow: Mapping[str, m.Allow]) -> list[str]:
    """What a declaration may do against the rules, and why; a paragraph each."""
    return [f"Allows {rule}: {a.reason}" for rule, a in allow.items()]


class Records:
    """Makes the blocks of one module, type by type.

    Of the records so far, `aligned` has those that are told how they are aligned, each
    with the constant that holds the number; and `arrays` those with members that are
    arrays, by the name of the declaration.
    """

    def __init__(self, job: Job, models: CModels, declarators: Declarators) -> None:
        self.aligned: dict[str, str] = {}
        self.arrays: dict[str, list[ArrayMember]] = {}
        self._layouts = job.layouts
        self._models = models
        self._of = declarators.of
        self._function = declarators.function

    def blocks(self, declared: m.Declaration) -> list[Block]:
        """The declarations of one type, besides the forward one of its name."""
        match declared:
            case m.Struct(fields=fields):
                return self._record("struct", declared, fields)
            case m.Union(fields=fields):
                return self._record("union", declared, fields)
            case m.Context(fields=fields):
                return self._record("struct", declared, fields) if fields else []
            case m.PlainEnum():
                return self._plain_enum(declared)
            case m.TaggedEnum():
                return self._tagged_enum(declared)
            case m.Newtype(inner=inner):
                typedef = msgspec.structs.replace(self._of(inner), align="").name(
                    declared.name
                )
                return [block(_doc(declared), f"typedef {typedef};")]
            case m.Functions():
                return [self._functions(declared)]
            case m.Foreign():
                return self._foreign(declared)
            case _:
                return []

    def _row(self, declared: m.Declaration) -> list[RecordLayout]:
        return self._models.numbers(self._layouts.row(declared.name))

    def _record(
        self,
        keyword: str,
        declared: m.Struct | m.Union | m.Context,
        fields: Sequence[m.Field],
    ) -> list[Block]:
        before = self._own_alignment(declared)
        declarators = [self._of(field.text.type) for field in fields]
        if before:
            constant = self.aligned[declared.name]
            declarators[0] = msgspec.structs.replace(declarators[0], align=constant)
        body: list[str] = []
        for field, declarator in zip(fields, declarators, strict=True):
            member = member_name(field.name)
            if declarator.is_array:
                array = (declared.name, member, field.span, field.text.type)
                self.arrays.setdefault(declared.name, []).append(array)
            body += comment(_field_notes(field), INDENT)
            body.append(f"{declarator.name(member)};")
        return [*before, block(_doc(declared), f"{keyword} {declared.name}", body)]

    def _own_alignment(self, declared: m.Struct | m.Union | m.Context) -> list[Block]:
        """What to demand of the first member, when the members alone don't give the
        record its alignment on every target. A context is as aligned as its regions.

        Targets of one model agree on the alignment that the record has, but not on
        what its members need.
        """
        if declared.align is None and not isinstance(declared, m.Context):
            return []
        row = self._layouts.row(declared.name)
        if all(r.align == r.needed_align for r in row):
            return []
        return [self._aligned(declared, self._row(declared))]

    def _aligned(self, declared: m.Declaration, row: Sequence[RecordLayout]) -> Block:
        """The constant that both the record and its assertion name. It has a sum in any
        case, since a record that is aligned to a wrong number agrees with it."""
        constant = self.aligned[declared.name] = f"vmgen_alignment_of_{declared.name}"
        number = self._models.pick_summed([r.align for r in row])
        return block([], f"VMGEN_CONSTANT({constant}, {number});")

    def _plain_enum(self, declared: m.PlainEnum) -> list[Block]:
        typedef = f"typedef {self._of(declared.tag).name(declared.name)};"
        values = _enum_values(declared.name, declared)
        return [block(_doc(declared), typedef), *values]

    def _tagged_enum(self, declared: m.TaggedEnum) -> list[Block]:
        name, tag, payload = declared.name, tag_name(declared), payload_name(declared)
        body: list[str] = []
        for variant in declared.variants:
            if variant.text:
                declarator = self._of(variant.text.type)
                member = member_name(snake_case(variant.name))
                if declarator.is_array:
                    array = (payload, member, variant.span, variant.text.type)
                    self.arrays.setdefault(name, []).append(array)
                notes = [f"With the tag {name}_{variant.name}."]
                body += comment([*notes, *allowed(variant.allow)], INDENT)
                body.append(f"{declarator.name(member)};")
        tag_doc = comment([f"Which variant a {name} is."])
        payload_doc = comment([f"What a {name} carries besides its tag."])
        return [
            block(tag_doc, f"typedef {self._of(declared.tag).name(tag)};"),
            *_enum_values(tag, declared),
            block(payload_doc, f"union {payload}", body),
            block(
                _doc(declared), f"struct {name}", [f"{tag} tag;", f"{payload} payload;"]
            ),
        ]

    def _functions(self, declared: m.Functions) -> Block:
        body: list[str] = []
        for slot in declared.slots:
            body += comment([slot.doc, *allowed(slot.allow)], INDENT)
            slot_name = member_name(slot.name)
            body += _folded(f"{self._function(slot.signature).name(slot_name)};")
        return block(_doc(declared), f"struct {declared.name}", body)

    def _foreign(self, declared: m.Foreign) -> list[Block]:
        row = self._row(declared)
        size = self._models.pick([r.size for r in row])
        before = [self._aligned(declared, row)] if max(r.align for r in row) > 1 else []
        align = self.aligned.get(declared.name, "")
        about = (
            f"Rust's {declared.rust.text}, as bytes." if declared.rust else "As bytes."
        )
        blob = Declarator("unsigned char ", f"[{size}]", align)
        doc = comment([declared.doc, about, *allowed(declared.allow)])
        body = [f"{blob.name('bytes')};"]
        return [*before, block(doc, f"struct {declared.name}", body)]


def tag_name(declared: m.TaggedEnum) -> str:
    """The type of a tagged enum's tag. No type of a schema has an underscore."""
    return f"{declared.name}_Tag"


def payload_name(declared: m.TaggedEnum) -> str:
    """The union of a tagged enum's payloads."""
    return f"{declared.name}_Payload"


def _doc(declared: m.Declaration) -> list[str]:
    notes = allowed(declared.allow)
    if isinstance(declared, m.Context) and declared.regions:
        notes.append(
            "These are the fixed fields. The regions follow, so that neither sizeof nor "
            f"a copy makes sense; {declared.name}Offsets knows the places."
        )
    return comment([declared.doc, *notes])


def _enum_values(type: str, declared: m.PlainEnum | m.TaggedEnum) -> list[Block]:
    """The values of an enum: enumerators where every `int` holds them, else macros."""
    if not fit_an_int(declared.variants):
        return [
            block(
                comment(_variant_notes(variant)),
                f"#define {declared.name}_{variant.name} "
                f"VM_CAST({type}, {integer_constant(declared.tag, variant.value)})",
                [],
            )
            for variant in declared.variants
        ]
    body: list[str] = []
    for variant in declared.variants:
        body += comment(_variant_notes(variant), INDENT)
        body.append(f"{declared.name}_{variant.name} = {variant.value},")
    return [block([], "enum", body)] if body else []


def _variant_notes(variant: m.Variant) -> list[str]:
    # What a payload is allowed stands with the payload.
    return [variant.doc, *([] if variant.text else allowed(variant.allow))]


def _field_notes(field: m.Field) -> list[str]:
    if not (field.access or field.value or field.allow) and field.endian == "native":
        return [field.doc]
    notes = [f"Always {field.value}."] if field.value else []
    notes += [note for access, note in m.ACCESS_NOTES.items() if access in field.access]
    if field.endian == "little":
        notes.append(_little_endian(field.text.type))
    return [field.doc, " ".join(notes), *allowed(field.allow)]


def _little_endian(type: Type) -> str:
    """Which helpers of the runtime header read and write such a field."""
    always = "Little-endian on every host"
    match by_value(type):
        case Int(name) | NonZero(inner=name) | Atomic(inner=name):
            bits = INT_BITS.get(name, 0)
            if bits in (16, 32, 64):
                return f"{always}: vm_le{bits}_load, vm_le{bits}_store."
            if bits is not None:
                return f"{always}."
        case other if not children(other):
            return f"{always}."
    return f"{always}: vm_le_usize_load, vm_le_usize_store."


def _folded(prototype: str) -> list[str]:
    """A member that is a function pointer, its parameters on lines of their own when
    it is too long for one."""
    if len(prototype) <= WIDTH - INDENT:
        return [prototype]
    head, _, params = prototype.partition(")(")
    return [f"{head})(", *(f"    {line}" for line in wrap(params, WIDTH - 2 * INDENT))]
