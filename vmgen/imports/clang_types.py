"""Types of C as clang sees them on a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from vmgen.imports import numbers
from vmgen.imports.clang_members import (
    UNKNOWN,
    arguments_of,
    asked_align,
    behind,
    dimensions,
    is_const,
    is_never_null,
    is_volatile,
    kind_of,
    of_typedefs,
    value_of,
    without_attributes,
)
from vmgen.imports.comments import documentation
from vmgen.imports.found import Found, ImportFailed, Kind, Member, Variant, add
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_DEPTH = 64
RECORDS = ("STRUCT_DECL", "UNION_DECL")
_KEYWORDS = {"STRUCT_DECL": "struct", "UNION_DECL": "union", "ENUM_DECL": "enum"}
_NO_WIDTH = "Neither Rust nor Python has such a number."
_NO_VECTOR = "Rust's vectors are no integers, and Python has none."
_ANY_ARGUMENTS = "A function that takes any number of arguments."


class TypeReader:
    """Reads types of one header, each once. `types` are those found so far, by key, and
    `in_c` what C calls others, by theirs.

    `aligns` are what members are aligned to, in bytes, by the expressions of C that are
    them; `asking` are those of which that isn't known.
    """

    def __init__(self, aligns: Mapping[str, int]) -> None:
        self.types: dict[str, Found] = {}
        self.in_c: dict[str, str] = {}
        self._made: dict[str, t.Type] = {}
        self._typedefs: dict[str, Any] = {}
        self._aligns = aligns
        self._inside = ""
        self.asking: list[str] = []

    def see_typedef(self, inside: Any, typedef: Any) -> None:
        """Remember the first name that a typedef gives to a struct, union or enum."""
        self._typedefs.setdefault(identity(inside), typedef)

    def name(self, cursor: Any) -> str:
        """The name of a struct, union or enum, empty where it has none."""
        typedef = self._typedefs.get(identity(cursor))
        if typedef is not None:
            return str(typedef.spelling)
        anonymous = cursor.is_anonymous() or not cursor.spelling.isidentifier()
        return "" if anonymous else str(cursor.spelling)

    def _in_c(self, cursor: Any) -> str:
        """The same with the keyword that it has in C if there is no typedef; empty where no
        source declares it, but the compiler."""
        name = self.name(cursor)
        if cursor.location.file is None:
            return ""
        if not name or identity(cursor) in self._typedefs:
            return name
        return f"{_KEYWORDS[cursor.kind.name]} {name}"

    def _doc(self, cursor: Any) -> str:
        comment = cursor.raw_comment
        if comment is None and identity(cursor) in self._typedefs:
            comment = self._typedefs[identity(cursor)].raw_comment
        return documentation(comment) if comment else ""

    def _value(self, type: Any, depth: int) -> t.Type:
        """A type that is held by value."""
        if depth > MAX_DEPTH:
            raise ImportFailed("a type of it is nested too deep")
        kind = kind_of(type)
        declared = type.get_declaration()
        if kind in ("TYPEDEF", "ELABORATED"):
            known = numbers.of_typedef(declared.spelling)
            if known is not None:
                return known
            if declared.kind.name == "TYPEDEF_DECL":
                made = self._value(declared.underlying_typedef_type, depth + 1)
                return numbers.as_named(declared.spelling, made, type.get_size())
            return self._value(type.get_named_type(), depth + 1)
        if kind == "ATTRIBUTED":
            return self._attributed(type, depth)
        if kind == "ATOMIC":
            inside = self._value(value_of(type), depth + 1)
            made = numbers.atomic_of(inside, type.get_size())
            return made if made != inside else self._hidden(type)
        if kind in ("CONSTANTARRAY", "INCOMPLETEARRAY"):
            count = type.element_count if kind == "CONSTANTARRAY" else 0
            return t.Array(self._value(type.get_array_element_type(), depth + 1), count)
        if kind == "POINTER":
            return self._pointer_to(type, depth, never_null=False)
        if kind in ("RECORD", "ENUM"):
            definition = declared.get_definition()
            return self.record(definition, depth) if definition else self._hidden(type)
        if kind == "UNEXPOSED":
            return self._value(type.get_canonical(), depth + 1)
        return self._number(type) or self._hidden(type)

    def _number(self, type: Any) -> t.Type | None:
        kind, size = kind_of(type), type.get_size()
        if kind == "VOID":
            return t.Unit()
        if kind in ("INT128", "UINT128", "WCHAR", "CHAR16", "CHAR32"):
            return numbers.integer(size, signed=kind in ("INT128", "WCHAR"))
        name = type.get_canonical().spelling
        for word in ("const ", "volatile "):
            name = name.replace(word, "")
        return numbers.of_c(name, size)

    def _hidden(self, type: Any) -> t.Type:
        size, align = type.get_size(), type.get_align()
        if size <= 0:
            return t.Unit()
        name, why = type.get_declaration().spelling or type.spelling, _NO_WIDTH
        if kind_of(type) in ("VECTOR", "EXTVECTOR"):
            name, why = "vector", _NO_VECTOR
        found = Found(kind="hidden", name=name, size=size, align=align, why=why)
        return add(self.types, found)

    def _attributed(self, type: Any, depth: int) -> t.Type:
        inside = without_attributes(type)
        if kind_of(inside.get_canonical()) != "POINTER":
            return self._value(inside, depth + 1)
        if not is_never_null(type):
            return self._value(inside, depth + 1)
        while kind_of(inside) != "POINTER":
            inside = behind(inside)
        return self._pointer_to(inside, depth, never_null=True)

    def _pointer_to(self, type: Any, depth: int, *, never_null: bool) -> t.Type:
        pointee = type.get_pointee()
        inside = pointee.get_canonical()
        if kind_of(inside) in ("FUNCTIONPROTO", "FUNCTIONNOPROTO"):
            function = self._function(pointee, depth)
            if function is None:
                return t.RawPointer("*mut", t.Unit())
            return function if never_null else t.Option(function)
        made = self._pointee(pointee, depth + 1)
        if never_null:
            return t.VmPtr(made)
        spelling = "*const" if is_const(inside) else "*mut"
        return t.RawPointer(spelling, made)

    def _pointee(self, type: Any, depth: int) -> t.Type:
        """What a pointer leads to: of a declared type its name, and no look at it."""
        if depth > MAX_DEPTH:
            return t.Unit()
        kind = kind_of(type)
        declared = type.get_declaration()
        is_typedef = declared.kind.name == "TYPEDEF_DECL"
        if kind in ("TYPEDEF", "ELABORATED"):
            known = numbers.of_typedef(declared.spelling)
            if known is not None:
                return known
        if declared.kind.name in _KEYWORDS:
            inside = declared.get_definition() or declared
            name = self.name(inside)
            if name:
                self.in_c.setdefault(name, self._in_c(inside))
            return t.Named(name) if name else t.Unit()
        if kind == "ATTRIBUTED" and kind_of(type.get_canonical()) == "POINTER":
            return self._attributed(type, depth)
        if kind in ("TYPEDEF", "ELABORATED", "ATTRIBUTED", "UNEXPOSED"):
            if is_typedef:
                made = self._pointee(declared.underlying_typedef_type, depth + 1)
                return numbers.as_named(declared.spelling, made, type.get_size())
            inside = type.get_canonical()
            return (
                self._pointee(inside, depth + 1)
                if kind_of(inside) != kind
                else t.Unit()
            )
        if kind == "POINTER":
            return self._pointer_to(type, depth, never_null=False)
        if kind == "CONSTANTARRAY" and type.element_count:
            element = self._pointee(type.get_array_element_type(), depth + 1)
            return (
                element
                if isinstance(element, t.Unit)
                else t.Array(element, type.element_count)
            )
        if kind == "INCOMPLETEARRAY":
            return self._pointee(type.get_array_element_type(), depth + 1)
        return self._number(type) or t.Unit()  # fmt: skip

    def _function(self, type: Any, depth: int) -> t.FnPointer | None:
        """None of one of which no signature tells what it takes."""
        canonical = type.get_canonical()
        if kind_of(canonical) == "FUNCTIONNOPROTO" or canonical.is_function_variadic():
            return None
        plain = type if kind_of(type) == "FUNCTIONPROTO" else canonical
        params = tuple(
            t.Param("", self._argument(each, depth)) for each in arguments_of(plain)
        )
        result = self._argument(plain.get_result(), depth)
        return t.FnPointer(params, None if isinstance(result, t.Unit) else result)

    def _argument(self, type: Any, depth: int) -> t.Type:
        """What is passed to a function. An array that is passed is an address."""
        made = self._value(type, depth + 1)
        while kind_of(type) == "ELABORATED":
            type = type.get_named_type()
        if isinstance(made, t.Array):
            return t.RawPointer("*mut", made.element)
        return made

    def record(self, cursor: Any, depth: int) -> t.Type:
        """The type that a struct, union or enum with its definition is."""
        which = identity(cursor)
        if which not in self._made:
            enum = cursor.kind.name == "ENUM_DECL"
            made = self._enumeration(cursor) if enum else self._composite(cursor, depth)
            self._made[which] = made
        return self._made[which]

    def _enumeration(self, cursor: Any) -> t.Type:
        type = cursor.type
        integer = cursor.enum_type.get_canonical()
        known = self._number(integer)
        signed = isinstance(known, t.CNumber) and known.is_signed is not False
        signed = signed or (isinstance(known, t.Int) and known.name.startswith("i"))
        tag = numbers.integer(integer.get_size(), signed=signed)
        if tag is None:
            return self._hidden(type)
        variants = tuple(
            Variant(v.spelling, numbers.within(v.enum_value, tag), doc=self._doc(v))
            for v in cursor.get_children()
            if v.kind.name == "ENUM_CONSTANT_DECL"
        )
        found = Found(
            kind="enum", name=self.name(cursor), size=type.get_size(),
            align=type.get_align(), tag=tag, variants=variants, doc=self._doc(cursor),
            in_c=self._in_c(cursor),
            place="" if self.name(cursor) else identity(cursor),
        )  # fmt: skip
        return add(self.types, found) if variants else self._hidden(type)

    def _composite(self, cursor: Any, depth: int) -> t.Type:
        type = cursor.type
        if type.get_size() <= 0:
            return t.Unit()
        kind: Kind = "union" if cursor.kind.name == "UNION_DECL" else "struct"
        around, in_c = self._inside, self._in_c(cursor)
        if in_c:
            self._inside = f"(*({in_c} *)0)"
        members = tuple(self._members(cursor, depth))
        self._inside = around
        asked = asked_align(cursor)
        return add(
            self.types,
            Found(
                kind=kind, name=self.name(cursor), size=type.get_size(),
                align=type.get_align(), members=members, doc=self._doc(cursor),
                place="" if in_c else identity(cursor), in_c=in_c, asked=type.get_align() if asked == UNKNOWN else asked,
            ),
        )  # fmt: skip

    def _members(self, cursor: Any, depth: int) -> Iterator[Member]:
        if depth > MAX_DEPTH:
            raise ImportFailed("a type of it is nested too deep")
        inside = self._inside
        for field in cursor.type.get_fields():
            first = field.get_field_offsetof()
            named = field.spelling.isidentifier()
            name = field.spelling if named else ""
            if not name and not field.is_bitfield() and not field.type.get_size():
                # C's way to have an array of any length where none can be.
                for member in self._members(field.type.get_declaration(), depth + 1):
                    yield replace(member, offset=first // 8)
                continue
            place = f"{inside}.{name}" if name and inside else inside
            self._inside = place + "[0]" * dimensions(field.type)
            made = self._value(field.type, depth + 1)
            self._inside = inside
            bits = None
            if field.is_bitfield():
                bits = (first, field.get_bitfield_width())
            doc = self._doc(field)
            if _takes_anything(field.type):
                doc = f"{doc} {_ANY_ARGUMENTS}".strip()
            made = _with_names(made, field)
            declared = field.type.get_declaration()
            alias = declared.spelling if declared.kind.name == "TYPEDEF_DECL" else ""
            align = asked_align(field) or of_typedefs(field.type)
            if align == UNKNOWN:
                align = self._aligns.get(place)
                if align is None and name:
                    self.asking.append(place)
            yield Member(
                name, made, first // 8, doc, bits, alias, align, is_volatile(field.type),
                unit=max(field.type.get_size(), 1),
            )  # fmt: skip


def identity(cursor: Any) -> str:
    """What tells a declaration from others. Clang has one name for all unions without a
    name of a struct, so that its place counts too."""
    definition = cursor.get_definition() or cursor.canonical
    return f"{cursor.get_usr()} {definition.location.offset}"


def _takes_anything(type: Any) -> bool:
    inside = type.get_canonical()
    if kind_of(inside) != "POINTER":
        return False
    function = inside.get_pointee()
    if kind_of(function) == "FUNCTIONPROTO":
        return bool(function.is_function_variadic())
    return kind_of(function) == "FUNCTIONNOPROTO"


def _with_names(type: t.Type, field: Any) -> t.Type:
    """A function's type with the names that its parameters have where it is declared."""
    inside = type.inner if isinstance(type, t.Option) else type
    if not isinstance(inside, t.FnPointer):
        return type
    declared = field.type.get_declaration()
    where = declared if declared.kind.name == "TYPEDEF_DECL" else field
    names = [c.spelling for c in where.get_children() if c.kind.name == "PARM_DECL"]
    if len(names) != len(inside.params):
        return type
    params = tuple(
        t.Param(name, p.type) for name, p in zip(names, inside.params, strict=True)
    )
    named = t.FnPointer(params, inside.result)
    return t.Option(named) if isinstance(type, t.Option) else named
