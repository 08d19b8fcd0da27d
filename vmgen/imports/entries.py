"""Entries of debug information (DIEs) as types that a schema can be made of.

Unlike `vmgen.binaries.entries` this keeps what is lost on those who compare layouts: what
pointers lead to, names that C gives to types, and what Rust's generic types are about.
"""

from __future__ import annotations

from typing import Any

from vmgen.binaries.dies import children, counts_of, name_of, number_of
from vmgen.binaries.entries import MAX_DEPTH, SEE_THROUGH
from vmgen.binaries.image import BinaryError
from vmgen.imports import numbers
from vmgen.imports.entry_members import MemberReader
from vmgen.imports.found import PINNED, Found, Kind, Member, Variant, add
from vmgen.imports.pointees import (
    COMPOSITES,
    ENUMS_TOO,
    REFERENCES,
    bare,
    takes_none,
)
from vmgen.imports.wrappers import HOLDERS, unwrapped
from vmgen.schema import types as t
from vmgen.schema.built_in import is_built_in

VECTORS = {
    "__m128i": "i8x16", "__m128": "f32x4", "__m128d": "f64x2",
    "int8x16_t": "i8x16", "float32x4_t": "f32x4", "float64x2_t": "f64x2",
}  # fmt: skip
"""SIMD types of x86 and Arm, as a signature has them."""


class TypeReader(MemberReader):
    """Reads types of one image, each once; `types` are those found so far, by key."""

    def __init__(self, dwarf: Any, types: dict[str, Found]) -> None:
        super().__init__(dwarf, types)
        self._made: dict[int, t.Type] = {}
        self._place = ""

    def declared(self, offset: int, name: str) -> str | None:
        """The key of the type whose entry is there, called `name`; None where it is only
        declared, or no type of its own. Raises `BinaryError`."""
        made = self._value(self._dwarf.get_DIE_from_refaddr(offset), 0, name)
        if isinstance(made, t.Named) and made.name in self.types:
            return made.name
        return None

    def is_rust_at(self, offset: int) -> bool:
        """Whether the entry there is of Rust."""
        return self._is_rust(self._dwarf.get_DIE_from_refaddr(offset))

    def _value(self, die: Any, depth: int, name: str = "") -> t.Type:
        """A type that is held by value; `()` where it takes no room."""
        if depth > MAX_DEPTH:
            raise BinaryError("a type of it contains itself, or is nested too deep")
        made = self._made.get(die.offset)
        if made is None or (name and made != t.Named(name)):
            made = self._read(die, depth, name)
            self._made[die.offset] = made
        return made

    def _read(self, die: Any, depth: int, name: str) -> t.Type:
        tag = die.tag
        if "DW_AT_signature" in die.attributes:
            there = self._references.referred(die, "DW_AT_signature")
            return self._value(there, depth + 1, name)
        if tag in SEE_THROUGH:
            return self._alias(die, depth, name)
        if tag in REFERENCES:
            return self._pointer_to(die, depth)
        if tag == "DW_TAG_subroutine_type":
            return self._function(die, depth) or t.Unit()
        if tag == "DW_TAG_base_type":
            return self._number(die)
        if tag == "DW_TAG_array_type":
            made = self._of(die, depth)
            for count in reversed(counts_of(die)):
                made = t.Array(made, count or 0)
            return made
        if tag == "DW_TAG_enumeration_type":
            return self._enumeration(die, depth, name or name_of(die))
        if tag in COMPOSITES:
            return self._composite(die, depth, name or bare(name_of(die)))
        size = number_of(die, "DW_AT_byte_size") or 0
        return self._hidden(name or name_of(die), size, None) if size else t.Unit()

    def _of(self, die: Any, depth: int) -> t.Type:
        """What the attribute `DW_AT_type` of an entry refers to."""
        if "DW_AT_type" not in die.attributes:
            return t.Unit()
        there = self._references.referred(die, "DW_AT_type")
        return self._value(there, depth + 1)

    def _alias(self, die: Any, depth: int, name: str) -> t.Type:
        """What a typedef or a qualifier is put on. C's names of integers say more than
        what they stand for; a struct goes by the name that a typedef gives it."""
        own = name_of(die) if die.tag == "DW_TAG_typedef" else ""
        known = numbers.of_typedef(own)
        if known is not None:
            return known
        if "DW_AT_type" not in die.attributes:
            return t.Unit()
        there = self._references.referred(die, "DW_AT_type")
        if own and there.tag in ENUMS_TOO:
            self._see_typedef(own, there)
            return self._value(there, depth + 1, name or own)
        made = self._value(there, depth + 1, name if there.tag in SEE_THROUGH else "")
        if die.tag == "DW_TAG_atomic_type":
            return numbers.atomic_of(made, self._size(made) or 0)
        return self._as_named(own, made) if own else made

    def _hidden(
        self, name: str, size: int, align: int | None, doc: str = "", why: str = ""
    ) -> t.Type:
        """A type of which nothing can be said but its size."""
        name = bare(name)
        found = Found(
            kind="hidden", name=name, size=size, align=align, doc=doc, why=why
        )
        return add(self.types, found)

    def _function(self, die: Any, depth: int) -> t.FnPointer | None:
        params = []
        for child in children(die):
            if child.tag == "DW_TAG_formal_parameter":
                params.append(t.Param("", self._argument(child, depth)))
            elif child.tag == "DW_TAG_unspecified_parameters":
                return None
        result = self._argument(die, depth) if "DW_AT_type" in die.attributes else None
        return t.FnPointer(
            tuple(params), None if isinstance(result, t.Unit) else result
        )

    def _argument(self, die: Any, depth: int) -> t.Type:
        """What is passed to a function. An array that is passed is an address."""
        made = self._of(die, depth)
        if isinstance(made, t.Array):
            return t.RawPointer("*mut", made.element)
        if isinstance(made, t.Named) and made.name in VECTORS:
            return t.Vector(VECTORS[made.name])
        return made

    def _enumeration(self, die: Any, depth: int, name: str) -> t.Type:
        if "DW_AT_declaration" in die.attributes:
            return t.Unit()
        values = [
            (name_of(child), number_of(child, "DW_AT_const_value") or 0)
            for child in children(die)
            if child.tag == "DW_TAG_enumerator"
        ]
        size = number_of(die, "DW_AT_byte_size")
        tag = self._of(die, depth)
        if isinstance(tag, t.CNumber):
            signed = tag.is_signed is not False
            tag = numbers.integer(size or 4, signed=signed) or t.Int("u32")
        if not isinstance(tag, t.Int):
            tag = numbers.of_values([value for _, value in values], size or 4)
        return add(
            self.types,
            Found(
                kind="enum",
                name=name,
                size=size,
                align=number_of(die, "DW_AT_alignment"),
                tag=tag,
                variants=tuple(Variant(n, numbers.within(v, tag)) for n, v in values),
                in_c=self._in_c(die, name),
                place="" if name else self._place,
            ),
        )

    def _in_c(self, die: Any, name: str) -> str:
        """What C calls the type of an entry, which the source calls `name`."""
        if not name or self._is_rust(die):
            return ""
        is_tag = name == name_of(die) and self.in_c.get(name) != name
        return self._tagged_name(die, name) if is_tag else name

    def _composite(self, die: Any, depth: int, name: str) -> t.Type:
        size = number_of(die, "DW_AT_byte_size")
        if "DW_AT_declaration" in die.attributes or size is None:
            return t.Unit()
        rust = self._is_rust(die)
        align = number_of(die, "DW_AT_alignment")
        arguments: tuple[tuple[str, t.Type], ...] = ()
        if rust:
            if name == PINNED.name and not size:
                return PINNED
            parameters = self._parameters(die)
            arguments = tuple((n, self._pointee(of, depth + 1)) for n, of in parameters)
            pointees = [of for _, of in arguments]
            made = unwrapped(name, pointees, size, self._pointer)
            if made is None and len(parameters) == 1 and name in HOLDERS:
                made = self._held(name, parameters[0][1], depth, size)
            if made is not None:
                return made
        if not size:
            return t.Unit()
        if rust and (is_built_in(name) or not name.isidentifier()):
            # Rust's library promises no layout of it; nor has a tuple one, or a pointer
            # to a slice or a trait object.
            return self._hidden(
                _kind_of(name), size, align, f"Rust's `{name_of(die)}`."
            )
        members: list[Member] = []
        place = self._place
        for number, child in enumerate(children(die)):
            self._place = f"{name or place}.{number}"
            if child.tag == "DW_TAG_variant_part":
                self._place = place
                return self._tagged(child, depth, name, size, align)
            if (
                child.tag == "DW_TAG_member"
                and "DW_AT_external" not in child.attributes
            ):
                members += self._members(child, depth, size)
        self._place = place
        taking = [m for m in members if not takes_none(m.type)]
        alone = rust and len(taking) == 1 and taking[0].offset == 0
        if alone and arguments and self._size(taking[0].type) == size:
            # A newtype for whatever it is about.
            return taking[0].type
        kind: Kind = "union" if die.tag == "DW_TAG_union_type" else "struct"
        positional = bool(taking) and all(m.name.startswith("__") for m in taking)
        if alone and positional and self._size(taking[0].type) == size:
            kind = "newtype"
        return add(
            self.types,
            Found(
                kind=kind,
                name=name,
                size=size,
                align=align,
                members=tuple(members),
                arguments=arguments,
                in_c=self._in_c(die, name),
                place="" if name else place,
                asked=None if rust else self._asked(align, members),
            )
        )  # fmt: skip

    def _asked(self, align: int | None, members: list[Member]) -> int | None:
        """The alignment that was asked for of a record of C's: what compilers state, unless
        that is a member's."""
        aligns = []
        for member in members:
            inside = member.type
            while isinstance(inside, t.Array):
                inside = inside.element
            found = self.types.get(inside.name) if isinstance(inside, t.Named) else None
            aligns += [member.align or 0, (found.align or 0) if found else 0]
        return align if (align or 0) > max(aligns, default=0) else None

    def _held(self, name: str, of: Any, depth: int, size: int) -> t.Type | None:
        """What a wrapper of Rust's library is that holds its argument by value."""
        value = self._value(of, depth + 1)
        if self._size(value) != size:
            return None
        if name != "Option":
            return t.UnsafeCell(value) if HOLDERS[name] else value
        if isinstance(value, t.FnPointer) or self._has_niche(value):
            return t.Option(value)
        return None

    def _tagged(
        self, part: Any, depth: int, name: str, size: int, align: int | None
    ) -> t.Type:
        """A Rust enum whose variants hold something. Where it has no tag of its own, as
        with niches, nothing can be said of it."""
        tag: t.Type | None = None
        if "DW_AT_discr" in part.attributes:
            member = part.get_DIE_from_attribute("DW_AT_discr")
            if not number_of(member, "DW_AT_data_member_location"):
                tag = self._of(member, depth)
        variants = []
        for child in children(part):
            if child.tag != "DW_TAG_variant":
                continue
            value = number_of(child, "DW_AT_discr_value")
            if value is None or not isinstance(tag, t.Int):
                return self._hidden(name, size, align)
            variants.append(
                self._variant(child, depth, name, numbers.within(value, tag))
            )
        if not variants or not isinstance(tag, t.Int):
            return self._hidden(name, size, align)
        return add(
            self.types,
            Found(
                kind="tagged",
                name=name,
                size=size,
                align=align,
                tag=tag,
                variants=tuple(variants),
            ),
        )

    def _variant(self, die: Any, depth: int, enum: str, value: int) -> Variant:
        for member in children(die):
            if member.tag != "DW_TAG_member":
                continue
            name = name_of(member)
            inside = self._references.referred(member, "DW_AT_type")
            size = number_of(inside, "DW_AT_byte_size") or 0
            parts = [
                self._member(child, depth + 1, size)
                for child in children(inside)
                if child.tag == "DW_TAG_member"
            ]
            parts = [part for part in parts if not takes_none(part.type)]
            if not parts:
                return Variant(name, value)
            first = min(part.offset or 0 for part in parts)
            if len(parts) == 1 and parts[0].name.startswith("__"):
                return Variant(name, value, parts[0].type, first)
            moved = [Member(p.name, p.type, (p.offset or 0) - first) for p in parts]
            payload = Found(kind="struct", name=f"{enum}{name}", members=tuple(moved))
            return Variant(name, value, add(self.types, payload), first)
        return Variant("", value)


def _kind_of(name: str) -> str:
    """What to call a type of Rust's that has no name of its own, or one that only the
    library's has."""
    if name.isidentifier():
        return f"Rust{name}"
    return "Tuple" if name.startswith("(") else "WidePointer"
