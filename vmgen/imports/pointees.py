"""What pointers lead to, in entries of debug information (DIEs), and what numbers are.

Of a declared type that something points to only the name is read: a pointer is no reason
to import what it leads to.
"""

from __future__ import annotations

from typing import Any

from vmgen.binaries.dies import References, children, counts_of, name_of, number_of
from vmgen.binaries.entries import MAX_DEPTH, SEE_THROUGH
from vmgen.imports import numbers
from vmgen.imports.found import Found
from vmgen.imports.qualified import is_const
from vmgen.imports.wrappers import HOLDERS, unwrapped
from vmgen.schema import types as t

RUST = 0x1C
C = frozenset({0x01, 0x02, 0x0C, 0x1D, 0x2C, 0x3E})
"""The numbers of Rust, and of C from C89 to C23, among `DW_AT_language`'s (DWARF 5, section
7.12, and what came behind it)."""

COMPOSITES = frozenset(
    {"DW_TAG_structure_type", "DW_TAG_class_type", "DW_TAG_union_type"}
)
REFERENCES = frozenset(
    {
        "DW_TAG_pointer_type", "DW_TAG_reference_type", "DW_TAG_rvalue_reference_type",
    }
)  # fmt: skip
NO_SUCH_NUMBER = "Neither Rust nor Python has such a number."
"""What is said of C's numbers that no schema has."""
ENUMS_TOO = COMPOSITES | {"DW_TAG_enumeration_type"}
_KEYWORDS = {
    "DW_TAG_structure_type": "struct", "DW_TAG_union_type": "union",
    "DW_TAG_enumeration_type": "enum",
}  # fmt: skip
_SPELLINGS = (
    ("*mut ", "*mut"), ("*const ", "*const"), ("&mut ", "&mut"), ("&", "&"),
    ("alloc::boxed::Box<", "Box"),
)  # fmt: skip
"""How rustc names pointers, and how a schema spells them."""


class Pointees:
    """Reads what is known of types without what they hold by value.

    `types` are the types that were found so far, by key, `in_c` what C calls others, by
    theirs, and `aliases` the names of what has a typedef, by their tags.
    """

    def __init__(self, dwarf: Any, types: dict[str, Found]) -> None:
        self._dwarf = dwarf
        self._references = References(dwarf)
        self._pointer: int = dwarf.config.default_address_size
        self._pointees: dict[int, t.Type] = {}
        self._languages: dict[int, int] = {}
        self._sizes: dict[t.Type, int] = {}
        self.types = types
        self.in_c: dict[str, str] = {}
        self.aliases: dict[str, str] = {}

    def _function(self, die: Any, depth: int) -> t.FnPointer | None:
        """The function that a pointer is the address of; None of one of which no signature
        tells what it takes."""
        raise NotImplementedError

    def _hidden(
        self, name: str, size: int, align: int | None, doc: str = "", why: str = ""
    ) -> t.Type:
        """A type of which nothing can be said but its size."""
        raise NotImplementedError

    def _number(self, die: Any) -> t.Type:
        name, size = name_of(die), number_of(die, "DW_AT_byte_size") or 0
        if self._is_rust(die):
            known = numbers.of_rust(name)
        else:
            encoding = number_of(die, "DW_AT_encoding") or 0
            known = numbers.of_encoding(encoding, size, name)
        if known is not None:
            self._sizes[known] = size
            return known
        why = "" if self._is_rust(die) else NO_SUCH_NUMBER
        return self._hidden(name, size, None, why=why) if size else t.Unit()

    def _pointer_to(self, die: Any, depth: int) -> t.Type:
        if "DW_AT_type" in die.attributes:
            there = self._references.referred(die, "DW_AT_type")
            if there.tag == "DW_TAG_subroutine_type":
                made = self._function(there, depth + 1)
                if made is None:
                    return t.RawPointer("*mut", t.Unit())
                return made if self._is_rust(die) else t.Option(made)
        pointee = self._behind(die, depth + 1)
        if not self._is_rust(die):
            if die.tag != "DW_TAG_pointer_type":
                return t.VmPtr(pointee)
            return t.RawPointer(
                "*const" if is_const(die, self._references) else "*mut", pointee
            )
        name = name_of(die)
        for start, spelling in _SPELLINGS:
            if name.startswith(start):
                return t.RawPointer(spelling, pointee)
        return t.RawPointer("*mut", pointee)

    def _behind(self, die: Any, depth: int) -> t.Type:
        """What the attribute `DW_AT_type` of an entry refers to, as a pointee."""
        if "DW_AT_type" not in die.attributes:
            return t.Unit()
        return self._pointee(self._references.referred(die, "DW_AT_type"), depth)

    def _pointee(self, die: Any, depth: int) -> t.Type:
        """What a pointer leads to: of a declared type its name, and no look at it."""
        if depth > MAX_DEPTH:
            return t.Unit()
        if die.offset not in self._pointees:
            # What is about itself, in a way that needs no name, ends here.
            self._pointees[die.offset] = t.Unit()
            self._pointees[die.offset] = self._read_pointee(die, depth)
        return self._pointees[die.offset]

    def _read_pointee(self, die: Any, depth: int) -> t.Type:
        tag = die.tag
        if "DW_AT_signature" in die.attributes:
            there = self._references.referred(die, "DW_AT_signature")
            return self._pointee(there, depth + 1)
        if tag in SEE_THROUGH:
            own = name_of(die) if tag == "DW_TAG_typedef" else ""
            known = numbers.of_typedef(own)
            if known is not None:
                return known
            made = self._behind(die, depth + 1)
            if not own or "DW_AT_type" not in die.attributes:
                return made
            there = self._references.referred(die, "DW_AT_type")
            if there.tag in ENUMS_TOO:
                self._see_typedef(own, there)
                return t.Named(own)
            return self._as_named(own, made)
        if tag in REFERENCES:
            return self._pointer_to(die, depth + 1)
        if tag == "DW_TAG_base_type":
            made = self._number(die)
            return made if not isinstance(made, t.Named) else t.Unit()
        if tag == "DW_TAG_array_type":
            element = self._behind(die, depth)
            counts = counts_of(die)
            # C's pointer to an array of open length is one to its first element.
            for count in reversed(counts):
                if isinstance(element, t.Unit) or not count:
                    return element
                element = t.Array(element, count)
            return element
        if tag == "DW_TAG_enumeration_type" and name_of(die) == "c_void":
            return t.Unit()
        if tag in COMPOSITES and self._is_rust(die):
            return self._rust_pointee(die, depth)
        if tag in COMPOSITES or tag == "DW_TAG_enumeration_type":
            name = bare(name_of(die))
            if name:
                self.in_c.setdefault(name, self._tagged_name(die, name))
            return t.Named(name) if name else t.Unit()
        return t.Unit()

    def _as_named(self, name: str, made: t.Type) -> t.Type:
        """A number as a typedef of it says."""
        return numbers.as_named(name, made, self._sizes.get(made, 0))

    def _see_typedef(self, name: str, die: Any) -> None:
        """Remember that C has a typedef for a struct, union or enum."""
        self.in_c[name] = name
        tag = bare(name_of(die))
        if tag and tag != name:
            self.aliases.setdefault(tag, name)

    def _tagged_name(self, die: Any, name: str) -> str:
        """The name of what has no typedef, with the keyword that C has before it."""
        keyword = _KEYWORDS.get(die.tag, "") if self._language(die) in C else ""
        return f"{keyword} {name}".strip()

    def _rust_pointee(self, die: Any, depth: int) -> t.Type:
        """A pointee of Rust's: a wrapper as it is, another type by its name."""
        name = bare(name_of(die))
        arguments = [
            (parameter, self._pointee(of, depth + 1))
            for parameter, of in self._parameters(die)
        ]
        size = number_of(die, "DW_AT_byte_size") or 0
        inside = [of for _, of in arguments]
        made = unwrapped(name, inside, size, self._pointer)
        if made is not None and not takes_none(made):
            return made
        if len(inside) == 1 and name in HOLDERS:
            if name != "Option":
                return t.UnsafeCell(inside[0]) if HOLDERS[name] else inside[0]
            if self._has_niche(inside[0]):
                return t.Option(inside[0])
        return t.Named(name) if name.isidentifier() else t.Unit()

    def _parameters(self, die: Any) -> list[tuple[str, Any]]:
        """The parameters of a generic type, with the entries of what stands for them. An
        enum's stand with each of its variants."""
        found: list[tuple[str, Any]] = []
        for child in children(die):
            if (
                child.tag == "DW_TAG_template_type_param"
                and "DW_AT_type" in child.attributes
            ):
                of = self._references.referred(child, "DW_AT_type")
                found.append((name_of(child), of))
            elif child.tag in COMPOSITES and not found:
                found = self._parameters(child)
        return found

    def _has_niche(self, type: t.Type) -> bool:
        """Whether Rust promises that an Option of a type is as large as it."""
        match type:
            case t.VmPtr() | t.NonZero():
                return True
            case t.RawPointer():
                return not type.nullable
            case t.Named(name):
                found = self.types.get(name)
                return (
                    found is not None
                    and found.kind == "newtype"
                    and any(self._has_niche(m.type) for m in found.members)
                )
            case _:
                return False

    def _is_rust(self, die: Any) -> bool:
        return self._language(die) == RUST

    def _language(self, die: Any) -> int:
        """The number of the language that an entry is of."""
        unit = die.cu
        known = self._languages.get(unit.cu_offset)
        if known is None:
            known = number_of(unit.get_top_DIE(), "DW_AT_language") or 0
            self._languages[unit.cu_offset] = known
        return known


def bare(name: str) -> str:
    """The name of a generic type without its arguments."""
    return name if name.startswith(("&", "*", "(", "[")) else name.partition("<")[0]


def takes_none(type: t.Type) -> bool:
    """Whether a type takes no room in what holds it."""
    return isinstance(type, (t.Unit, t.RustLayout))
