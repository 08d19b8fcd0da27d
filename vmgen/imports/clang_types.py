"""Types of a C header as clang sees them on a target."""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vmgen.imports import numbers
from vmgen.imports.comments import documentation
from vmgen.imports.found import Found, ImportFailed, Kind, Member, Source, Variant, add
from vmgen.schema import types as t
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADERS = Path(__file__).parent / "headers"
"""The headers that a compiler brings along, which the library of it doesn't."""

MAX_DEPTH = 64
ATTRIBUTED = 0x1000
"""Clang's option to keep attributes of types, such as `_Nonnull`."""

_RECORDS = ("STRUCT_DECL", "UNION_DECL")


def read_header(
    path: Path, patterns: Sequence[str], target: str, flags: Sequence[str]
) -> Source:
    """The types that a header declares, or those of it and what it includes whose names
    fit a pattern. Raises `ImportFailed` with the place where clang refuses it."""
    from clang.cindex import (  # type: ignore[import-untyped]
        Index,
        TranslationUnit,
        TranslationUnitLoadError,
    )

    arguments = [
        "-xc", "-std=c17", f"--target={TARGETS[target].llvm}", "-fparse-all-comments",
        "-Wno-everything", "-isystem", str(HEADERS), *flags,
    ]  # fmt: skip
    options = TranslationUnit.PARSE_SKIP_FUNCTION_BODIES | ATTRIBUTED
    try:
        unit = Index.create().parse(str(path), args=arguments, options=options)
    except TranslationUnitLoadError:
        raise ImportFailed("clang can't read it") from None
    for said in unit.diagnostics:
        if said.severity >= said.Error:
            place = said.location
            where = f"{place.file}:{place.line}:{place.column}: " if place.file else ""
            raise ImportFailed(f"{where}{said.spelling}")
    return _Header(unit, target).read(patterns)


class _Header:
    def __init__(self, unit: Any, target: str) -> None:
        self._unit = unit
        self._target = target
        self._pointer = TARGETS[target].pointer_width // 8
        self._types: dict[str, Found] = {}
        self._made: dict[str, t.Type] = {}
        self._typedefs: dict[str, Any] = {}

    def read(self, patterns: Sequence[str]) -> Source:
        main = self._unit.spelling
        candidates: dict[str, Any] = {}
        for cursor in self._unit.cursor.get_children():
            kind = cursor.kind.name
            inside = cursor
            if kind == "TYPEDEF_DECL":
                inside = cursor.underlying_typedef_type.get_declaration()
                if inside.kind.name not in (*_RECORDS, "ENUM_DECL"):
                    continue
                self._typedefs.setdefault(inside.get_usr(), cursor)
            elif kind not in (*_RECORDS, "ENUM_DECL"):
                continue
            definition = inside.get_definition()
            if definition is None:
                continue
            here = (
                cursor.location.file is not None and cursor.location.file.name == main
            )
            if patterns or here:
                candidates.setdefault(definition.get_usr(), definition)
        wanted: dict[str, None] = {}
        missing = dict.fromkeys(patterns)
        for definition in candidates.values():
            name = self._name(definition)
            tag = "" if definition.is_anonymous() else definition.spelling
            fitting = [
                p
                for p in patterns
                if any(n and fnmatch.fnmatchcase(n, p) for n in (name, tag))
            ]
            for pattern in fitting:
                missing.pop(pattern, None)
            if (fitting or not patterns) and name:
                made = self._record(definition, 0)
                if isinstance(made, t.Named):
                    wanted[made.name] = None
        if missing:
            named = " or ".join(f"`{pattern}`" for pattern in missing)
            raise ImportFailed(f"no type in it is called {named}")
        if not wanted:
            raise ImportFailed("it declares no type with a name and a size")
        return Source(
            self._target,
            self._types,
            tuple(wanted),
            paths={},
            flat=True,
            # Said, as the default can't go from one process to another.
            places={},
        )

    def _name(self, cursor: Any) -> str:
        typedef = self._typedefs.get(cursor.get_usr())
        if typedef is not None:
            return str(typedef.spelling)
        anonymous = cursor.is_anonymous() or not cursor.spelling.isidentifier()
        return "" if anonymous else str(cursor.spelling)

    def _doc(self, cursor: Any) -> str:
        comment = cursor.raw_comment
        if comment is None and cursor.get_usr() in self._typedefs:
            comment = self._typedefs[cursor.get_usr()].raw_comment
        return documentation(comment) if comment else ""

    def _value(self, type: Any, depth: int) -> t.Type:
        """A type that is held by value."""
        if depth > MAX_DEPTH:
            raise ImportFailed("a type of it is nested too deep")
        kind = _kind(type)
        declared = type.get_declaration()
        if kind in ("TYPEDEF", "ELABORATED"):
            known = numbers.of_typedef(declared.spelling)
            if known is not None:
                return known
            if declared.kind.name == "TYPEDEF_DECL":
                return self._value(declared.underlying_typedef_type, depth + 1)
            return self._value(type.get_named_type(), depth + 1)
        if kind == "ATTRIBUTED":
            return self._attributed(type, depth)
        if kind == "ATOMIC":
            # Clang's library has no name for what is inside; it is as large.
            made = numbers.integer(type.get_size(), signed=False)
            return made if made is not None else self._hidden(type)
        if kind in ("CONSTANTARRAY", "INCOMPLETEARRAY"):
            count = type.element_count if kind == "CONSTANTARRAY" else 0
            return t.Array(self._value(type.element_type, depth + 1), count)
        if kind == "POINTER":
            return self._pointer_to(type, depth, never_null=False)
        if kind in ("RECORD", "ENUM"):
            definition = declared.get_definition()
            return self._record(definition, depth) if definition else self._hidden(type)
        if kind == "UNEXPOSED":
            return self._value(type.get_canonical(), depth + 1)
        return self._number(type) or self._hidden(type)

    def _number(self, type: Any) -> t.Type | None:
        kind, size = _kind(type), type.get_size()
        if kind == "VOID":
            return t.Unit()
        if kind == "BOOL":
            return t.Primitive("bool")
        if kind in ("CHAR_S", "CHAR_U"):
            return t.Int("u8")
        if kind in ("FLOAT", "DOUBLE", "LONGDOUBLE") and size in (4, 8):
            return t.Primitive(f"f{size * 8}")
        if kind in ("SCHAR", "SHORT", "INT", "LONG", "LONGLONG", "INT128", "WCHAR"):
            return numbers.integer(size, signed=True)
        if kind in ("UCHAR", "USHORT", "UINT", "ULONG", "ULONGLONG", "UINT128"):
            return numbers.integer(size, signed=False)
        return None

    def _hidden(self, type: Any) -> t.Type:
        size, align = type.get_size(), type.get_align()
        if size <= 0:
            return t.Unit()
        name = type.spelling
        return add(self._types, Found(kind="hidden", name=name, size=size, align=align))

    def _attributed(self, type: Any, depth: int) -> t.Type:
        inside = type.get_canonical()
        if _kind(inside) == "POINTER":
            never_null = type.spelling.rstrip().endswith("_Nonnull")
            return self._pointer_to(inside, depth, never_null=never_null)
        return self._value(inside, depth + 1)

    def _pointer_to(self, type: Any, depth: int, *, never_null: bool) -> t.Type:
        pointee = type.get_pointee()
        inside = pointee.get_canonical()
        if _kind(inside) in ("FUNCTIONPROTO", "FUNCTIONNOPROTO"):
            function = self._function(pointee, depth)
            return function if never_null else t.Option(function)
        pointer = t.VmPtr(self._pointee(pointee, depth + 1))
        return pointer if never_null else t.Option(pointer)

    def _pointee(self, type: Any, depth: int) -> t.Type:
        """What a pointer leads to: of a declared type its name, and no look at it."""
        if depth > MAX_DEPTH:
            return t.Unit()
        kind = _kind(type)
        declared = type.get_declaration()
        known = (
            numbers.of_typedef(declared.spelling)
            if kind in ("TYPEDEF", "ELABORATED")
            else None
        )
        if known is not None:
            return known
        if declared.kind.name in (*_RECORDS, "ENUM_DECL"):
            name = self._name(declared.get_definition() or declared)
            return t.Named(name) if name else t.Unit()
        if kind in ("TYPEDEF", "ELABORATED", "ATTRIBUTED", "UNEXPOSED"):
            if declared.kind.name == "TYPEDEF_DECL":
                return self._pointee(declared.underlying_typedef_type, depth + 1)
            inside = type.get_canonical()
            return (
                self._pointee(inside, depth + 1) if _kind(inside) != kind else t.Unit()
            )
        if kind == "POINTER":
            return self._pointer_to(type, depth, never_null=False)
        if kind == "CONSTANTARRAY" and type.element_count:
            element = self._pointee(type.element_type, depth + 1)
            return (
                element
                if isinstance(element, t.Unit)
                else t.Array(element, type.element_count)
            )
        if kind == "INCOMPLETEARRAY":
            return self._pointee(type.element_type, depth + 1)
        return self._number(type) or t.Unit()  # fmt: skip

    def _function(self, type: Any, depth: int) -> t.FnPointer:
        canonical = type.get_canonical()
        arguments: list[Any] = []
        if _kind(canonical) == "FUNCTIONPROTO":
            plain = type if _kind(type) == "FUNCTIONPROTO" else canonical
            arguments = list(plain.argument_types())
        params = tuple(t.Param("", self._argument(a, depth)) for a in arguments)
        result = self._argument(canonical.get_result(), depth)
        return t.FnPointer(params, None if isinstance(result, t.Unit) else result)

    def _argument(self, type: Any, depth: int) -> t.Type:
        """What is passed to a function. A function that is passed is an address."""
        made = self._value(type, depth + 1)
        inside = made.inner if isinstance(made, t.Option) else made
        if isinstance(inside, t.FnPointer):
            address = t.VmPtr(t.Int("u8"))
            return t.Option(address) if made != inside else address
        return made

    def _record(self, cursor: Any, depth: int) -> t.Type:
        usr = cursor.get_usr()
        if usr not in self._made:
            enum = cursor.kind.name == "ENUM_DECL"
            made = self._enumeration(cursor) if enum else self._composite(cursor, depth)
            self._made[usr] = made
        return self._made[usr]

    def _enumeration(self, cursor: Any) -> t.Type:
        type = cursor.type
        integer = cursor.enum_type.get_canonical()
        tag = self._number(integer)
        if not isinstance(tag, t.Int):
            return self._hidden(type)
        variants = tuple(
            Variant(v.spelling, numbers.within(v.enum_value, tag), doc=self._doc(v))
            for v in cursor.get_children()
            if v.kind.name == "ENUM_CONSTANT_DECL"
        )
        found = Found(
            kind="enum", name=self._name(cursor), size=type.get_size(),
            align=type.get_align(), tag=tag, variants=variants, doc=self._doc(cursor),
        )  # fmt: skip
        return add(self._types, found) if variants else self._hidden(type)

    def _composite(self, cursor: Any, depth: int) -> t.Type:
        type = cursor.type
        if type.get_size() < 0:
            return t.Unit()
        kind: Kind = "union" if cursor.kind.name == "UNION_DECL" else "struct"
        members = tuple(self._members(cursor, depth))
        return add(
            self._types,
            Found(
                kind=kind, name=self._name(cursor), size=type.get_size(),
                align=type.get_align(), members=members, doc=self._doc(cursor),
            ),
        )  # fmt: skip

    def _members(self, cursor: Any, depth: int) -> Iterator[Member]:
        for field in cursor.type.get_fields():
            first = field.get_field_offsetof()
            named = field.spelling.isidentifier()
            name = field.spelling if named else ""
            made = self._value(field.type, depth + 1)
            bits = None
            if field.is_bitfield():
                bits = (first, field.get_bitfield_width())
                if not name:
                    continue
            made = _with_names(made, field)
            declared = field.type.get_declaration()
            alias = declared.spelling if declared.kind.name == "TYPEDEF_DECL" else ""
            yield Member(name, made, first // 8, self._doc(field), bits, alias)


def _kind(type: Any) -> str:
    """The kind of a type. The library's own list lacks that of types with attributes."""
    try:
        return str(type.kind.name)
    except ValueError:
        return "ATTRIBUTED"


def _with_names(type: t.Type, field: Any) -> t.Type:
    """A function's type with the names that its parameters have where it is declared."""
    inside = type.inner if isinstance(type, t.Option) else type
    if not isinstance(inside, t.FnPointer):
        return type
    names = [c.spelling for c in field.get_children() if c.kind.name == "PARM_DECL"]
    if len(names) != len(inside.params):
        return type
    params = tuple(
        t.Param(name, p.type) for name, p in zip(names, inside.params, strict=True)
    )
    named = t.FnPointer(params, inside.result)
    return t.Option(named) if isinstance(type, t.Option) else named
