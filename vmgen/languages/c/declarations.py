"""Declared types as C declares them: a method for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages import notes
from vmgen.languages.c.constants import fit_an_int, integer_constant
from vmgen.languages.c.declarators import Declarator
from vmgen.languages.c.names import member_name
from vmgen.languages.c.notes import of_field
from vmgen.languages.c.open_arrays import OpenArrays
from vmgen.languages.c.text import INDENT, WIDTH, comment, under
from vmgen.languages.language import Declarer
from vmgen.layout.inside import is_anonymous
from vmgen.schema import model as m
from vmgen.schema.types import Array, Named, OpenArray
from vmgen.targets.conditions import any_of, combined
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vmgen.languages.c.declarators import Declarators
    from vmgen.languages.c.names import Names
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record
    from vmgen.targets.conditions import Condition


ANONYMOUS = "VMGEN_ANONYMOUS"
"""What stands before a struct or a union without a name."""
BIT_FIELD = "VMGEN_BIT_FIELD"
"""What stands before a bit-field."""


class Block(msgspec.Struct, frozen=True):
    """One declaration: its comment, its first line, what is between the braces, each
    as `block` makes it. A block without a body is the one line `head`. `packed` is the most
    that anything in it is aligned to (bytes), 0 without a limit.
    """

    doc: str
    head: str
    body: str
    packed: int = 0


def block(doc: list[str], head: str, body: Iterable[str] = ()) -> Block:
    """A block of lines that aren't indented."""
    return Block("\n".join(doc), head, f"\n{INDENT * ' '}".join(body))


class Declarations(Declarer[list[Block]]):
    """Makes the blocks of one module, record by record, besides the forward declarations
    of their names."""

    def __init__(
        self, layouts: Layouts, names: Names, declarators: Declarators
    ) -> None:
        self._module = layouts.module
        self._layouts = layouts
        self._names = names
        self._declarators = declarators
        self._of = declarators.of
        self._open = OpenArrays(layouts, names, declarators)

    def struct(self, record: Record, declared: m.Struct) -> list[Block]:
        return self._fields(record, "struct", declared)

    def union(self, record: Record, declared: m.Union) -> list[Block]:
        return self._fields(record, "union", declared)

    def context(self, record: Record, declared: m.Context) -> list[Block]:
        if not record.parts:
            return []
        blocks = self._fields(record, "struct", declared)
        if not declared.flexible:
            return blocks
        (region,) = declared.regions
        member = self._of(Array(region.element, "")).name(member_name(region.name))
        body = [
            f"{blocks[-1].body}\n#if !defined(__cplusplus)",
            *comment([notes.sentence(region.doc)] if region.doc else [], INDENT),
            f"{member};\n#endif",
        ]
        last = msgspec.structs.replace(blocks[-1], body=f"\n{INDENT * ' '}".join(body))
        return [*blocks[:-1], last]

    def plain_enum(self, record: Record, declared: m.PlainEnum) -> list[Block]:
        name = self._names.type(record.name)
        typedef = f"typedef {self._of(declared.tag).name(name)};"
        return [block(_doc(declared), typedef), *self._values(name, declared)]

    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> list[Block]:
        name = self._names.identifier(record.name)
        tag, payload = self._names.tag(record.name), self._names.payload(record.name)
        body: list[str] = []
        for variant in declared.variants:
            if variant.text:
                declarator = self._of(variant.text.type)
                value = self._names.value(record.name, variant)
                body += comment(
                    [f"With the tag {value}.", notes.of_payload(variant)], INDENT
                )
                body.append(f"{declarator.name(variant_member(variant))};")
        tag_doc = comment([f"Which variant a {name} is."])
        payload_doc = comment([f"What a {name} carries besides its tag."])
        members = [f"{tag} tag;", f"{payload} payload;"]
        return [
            block(tag_doc, f"typedef {self._of(declared.tag).name(tag)};"),
            *self._values(tag, declared),
            block(payload_doc, f"union {payload}", body),
            block(_doc(declared), f"struct {name}", members),
        ]

    def newtype(self, record: Record, declared: m.Newtype) -> list[Block]:
        # A typedef can't raise an alignment; each field of the type does.
        declarator = msgspec.structs.replace(self._of(declared.inner), align="")
        typedef = declarator.name(self._names.type(record.name))
        return [block(_doc(declared), f"typedef {typedef};")]

    def opaque(self, record: Record, declared: m.Opaque) -> list[Block]:
        return []

    def functions(self, record: Record, declared: m.Functions) -> list[Block]:
        body: list[str] = []
        for slot in declared.slots:
            body += comment([notes.of_slot(slot)], INDENT)
            mark = "VM_NULLABLE" if slot.nullable else "VM_NONNULL"
            prototype = self._declarators.function(slot.signature, mark)
            room = WIDTH - INDENT
            body += prototype.lines(member_name(slot.name), room, INDENT)
        return [
            block(_doc(declared), f"struct {self._names.identifier(record.name)}", body)
        ]

    def foreign_record(self, record: Record, declared: m.ForeignRecord) -> list[Block]:
        return [] if declared.c else self.struct(record, declared)

    def foreign(self, record: Record, declared: m.Foreign) -> list[Block]:
        """As many bytes, as aligned."""
        if declared.c:
            return []
        about = (
            f"Rust's {declared.rust.text}, as bytes." if declared.rust else "As bytes."
        )
        allows = " ".join(notes.allow_notes(declared.allow))
        doc = comment([declared.doc, about, allows])
        size, align = self._by_width(declared.size), self._by_width(declared.align)
        lines = [_blob(size, align)]
        for index, case in reversed([*enumerate(declared.cases)]):
            word = "#elif" if index else "#if"
            here = [f"{word} {case.on.c}", _blob(str(case.size), str(case.align))]
            otherwise = lines if index + 1 < len(declared.cases) else ["#else", *lines]
            lines = [*here, *otherwise]
        head = f"struct {self._names.identifier(record.name)}"
        return [block(doc, head, [*lines, "#endif"] if declared.cases else lines)]

    def _by_width(self, numbers: Mapping[int, int]) -> str:
        """A number, given by the width of a pointer in bits."""
        widths = {target.model.pointer_width for target in self._module.targets}
        if len({numbers[width] for width in widths}) == 1:
            return str(numbers[min(widths)])
        each = [str(numbers[w]) if w in widths else "VM_NONE" for w in (64, 32, 16)]
        return f"VM_BY_WIDTH({', '.join(each)})"

    def _fields(
        self,
        record: Record,
        keyword: str,
        declared: m.Struct | m.Union | m.Context,
    ) -> list[Block]:
        before, align = self._own_alignment(record, declared)
        before += [Block(*each) for each in self._open.alignments(record)]
        body = self._members(record, INDENT, align)
        head = f"{keyword} {self._names.identifier(record.name)}"
        made = block(self._record_doc(declared), head, body)
        if not isinstance(declared, m.Context) and declared.packed:
            made = msgspec.structs.replace(made, packed=declared.packed.number)
        return [*before, made]

    def _declarator(self, part: Part) -> Declarator:
        """How a part is declared, which may be aligned to more than its type is."""
        made = self._of(part.type)
        asked = _asked(part)
        return msgspec.structs.replace(made, align=str(asked)) if asked else made

    def _members(self, record: Record, indent: int, align: str = "") -> list[str]:
        """The members between a record's braces, a line per entry, none of them indented as
        far as these are; `align` is what the first one is aligned to besides."""
        lines: list[str] = []
        before: list[Condition] = []
        for part in record.parts:
            if not align:
                found = self._member(record, part, indent, "")
            elif not before:
                found = self._member(record, part, indent, align)
            else:
                # It is the first where none of those before it is there.
                found = [
                    f"#if {any_of(before).c}",
                    *self._member(record, part, indent, ""),
                    "#else",
                    *self._member(record, part, indent, align),
                    "#endif",
                ]
            if part.on is None:
                align = ""
            else:
                before.append(part.on)
            lines += under(part.on, found)
        return lines

    def _member(self, record: Record, part: Part, indent: int, first: str) -> list[str]:
        """The lines of one member of a record, which if `first` says so is aligned to that besides."""
        lines = comment([of_field(part)], indent)
        if not is_anonymous(part):
            declarator = self._declarator(part)
            if part.volatile:
                before = f"{declarator.before}volatile "
                declarator = msgspec.structs.replace(declarator, before=before)
            if isinstance(part.type, OpenArray):
                return [*lines, *self._open.member(record, part, declarator, first)]
            if first:
                declarator = msgspec.structs.replace(declarator, align=first)
            named = declarator.name(member_name(part.name))
            if part.bits:
                named = f"{BIT_FIELD} {named} : {part.bits[0].width}"
            return [*lines, f"{named};"]
        assert isinstance(part.type, Named)
        inner = self._layouts.of(part.type.name)
        if isinstance(part.source, m.Field) and part.source.align and not first:
            # C++ aligns nothing of what has no name but the members in it.
            first = str(part.source.align.number)
        members = self._members(inner, indent + INDENT, first)
        return [
            *lines,
            f"{ANONYMOUS} {inner.kind} {{",
            *(f"{' ' * INDENT}{line}" for line in members),
            "};",
        ]

    def _own_alignment(
        self, record: Record, declared: m.Struct | m.Union | m.Context
    ) -> tuple[list[Block], str]:
        """What to demand of the first member, when the members alone don't give the
        record its alignment on every target, and what to declare before. A context is as
        aligned as its regions.

        Where targets differ in it, the compiler measures a union of all that counts.
        """
        if declared.align is None and not isinstance(declared, m.Context):
            return [], ""
        aligns = {layout.align for layout in record.layouts}
        if all(layout.align == layout.needed_align for layout in record.layouts):
            return [], ""
        if len(aligns) == 1:
            return [], str(*aligns)
        counted = [*self._counted(record.parts)]
        least: list[tuple[int, Condition | None]] = [(declared.align or 1, None)]
        least += [(_asked(part), on) for part, on in counted]
        held = [(part.type, on) for part, on in counted if not is_anonymous(part)]
        if isinstance(declared, m.Context) and declared.align is None:
            least += [(region.align or 1, None) for region in declared.regions]
            held += [(region.element, None) for region in declared.regions]
        members = []
        for index, (type, on) in enumerate(dict.fromkeys(held)):
            members += under(on, [f"{self._of(type).name(f'm{index}')};"])
        always = max(align for align, on in least if on is None)
        asked = [(always, None), *[(a, on) for a, on in least if on and a > always]]
        for index, (align, on) in enumerate(dict.fromkeys(asked)):
            if align > 1:
                line = f"VM_ALIGNAS({align}) char least{index or ''};"
                members += under(on, [line])
        name = self._names.identifier(record.name)
        union = f"union vmgen_alignment_of_{name}"
        doc = f"/* What decides how a {name} is aligned. */"
        packed = f"vmgen_packed_in_{self._module.name}"
        return [block([doc], union, members)], f"{packed} ? 0 : VMGEN_ALIGNOF({union})"

    def _counted(
        self, parts: Iterable[Part], under: tuple[Condition, ...] = ()
    ) -> Iterator[tuple[Part, Condition | None]]:
        """The parts that an alignment comes of, those of what is anonymous too, each with
        the condition that it is under."""
        for part in parts:
            on = (*under, *([part.on] if part.on else []))
            yield part, combined("all", on) if on else None
            if is_anonymous(part):
                assert isinstance(part.type, Named)
                yield from self._counted(self._layouts.of(part.type.name).parts, on)

    def _record_doc(self, declared: m.Declaration) -> list[str]:
        if m.is_prefix(declared):
            return _doc(
                declared,
                "This is its begin. More follows, so that neither sizeof nor a copy makes sense.",
            )
        if not (isinstance(declared, m.Context) and declared.regions):
            return _doc(declared)
        return _doc(
            declared,
            "These are the fixed fields. The regions follow, so that neither sizeof nor a "
            f"copy makes sense; {self._names.offsets(declared.name)} knows the places.",
        )

    def _values(self, type: str, declared: m.PlainEnum | m.TaggedEnum) -> list[Block]:
        """The values of an enum: enumerators where every `int` holds them, else macros."""
        values = [
            (variant, self._names.value(declared.name, variant))
            for variant in declared.variants
        ]
        if not fit_an_int(declared.variants):
            return [
                block(
                    comment([notes.of_variant(variant)]),
                    f"#define {name} "
                    f"VM_CAST({type}, {integer_constant(declared.tag, variant.value)})",
                )
                for variant, name in values
            ]
        body: list[str] = []
        for variant, name in values:
            body += comment([notes.of_variant(variant)], INDENT)
            body.append(f"{name} = {variant.value},")
        return [block([], "enum", body)] if body else []


def variant_member(variant: m.Variant) -> str:
    """The member that is a variant's payload."""
    return member_name(snake_case(variant.name))


def _blob(size: str, align: str) -> str:
    blob = Declarator("unsigned char ", f"[{size}]", "" if align == "1" else align)
    return f"{blob.name('bytes')};"


def _asked(part: Part) -> int:
    """What a part alone is aligned to, in bytes; 0 where nothing is asked."""
    source = part.source
    return source.align.number if isinstance(source, m.Field) and source.align else 0


def _doc(declared: m.Declaration, *more: str) -> list[str]:
    return comment([notes.of_type(declared), *more])
