"""The types of C headers, as clang sees them on a target."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Any

from vmgen.imports.clang_types import RECORDS, TypeReader, identity
from vmgen.imports.clang_values import HEADERS, Asked, values
from vmgen.imports.found import ImportFailed, Source
from vmgen.schema import types as t
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.imports.found import Found, Owner

ATTRIBUTED = 0x1000
"""Clang's option to keep attributes of types, such as `_Nonnull`."""

MAIN = "vmgen_imports.c"


def read_headers(
    files: Sequence[str],
    patterns: Sequence[str],
    target: str,
    flags: Sequence[str],
    owner: Owner | None,
) -> Source:
    """The types that headers declare, or those of them and what they include whose names
    fit a pattern. A header is a path, or as `#include` has it: ``<sys/stat.h>``. Raises
    `ImportFailed` with the place where clang refuses it."""
    unit = _parsed(files, target, flags)
    header = _Header(unit, patterns)
    reader = header.read({})
    if reader.asking:
        head = [_include(file) for file in files]
        asked = [Asked(f"__alignof__({place})") for place in reader.asking]
        told = values(head, asked, target, flags)
        numbers = {reader.asking[i]: number for i, number in told.numbers.items()}
        reader = header.read(numbers)
    return Source(
        target,
        reader.types,
        tuple(header.wanted),
        paths={},
        flat=True,
        # Said, as the default can't go from one process to another.
        places={},
        aliases={},
        in_c=reader.in_c,
        owner=owner,
        macros=frozenset(_macros(unit, [*reader.types.values()])),
    )


def _parsed(files: Sequence[str], target: str, flags: Sequence[str]) -> Any:
    from clang.cindex import (  # type: ignore[import-untyped]
        Index,
        TranslationUnit,
        TranslationUnitLoadError,
    )

    arguments = [
        "-xc", "-std=gnu17", f"--target={TARGETS[target].llvm}", "-fparse-all-comments",
        "-Wno-everything", "-I.", "-isystem", str(HEADERS), *flags,
    ]  # fmt: skip
    options = (
        TranslationUnit.PARSE_SKIP_FUNCTION_BODIES
        | TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        | ATTRIBUTED
    )
    main, unsaved = files[0], []
    if len(files) > 1 or main.startswith("<"):
        text = "".join(f"{_include(file)}\n" for file in files)
        main, unsaved = MAIN, [(MAIN, text)]
    try:
        unit = Index.create().parse(main, arguments, unsaved, options)
    except TranslationUnitLoadError:
        raise ImportFailed("clang can't read it") from None
    for said in unit.diagnostics:
        if said.severity >= said.Error:
            place = said.location
            where = f"{place.file}:{place.line}:{place.column}: " if place.file else ""
            raise ImportFailed(f"{where.removeprefix('./')}{said.spelling}")
    return unit


def _include(file: str) -> str:
    return f"#include {file}" if file.startswith("<") else f'#include "{file}"'


def _macros(unit: Any, types: Sequence[Found]) -> Iterator[str]:
    """The names of members and values for which a macro puts something else: what is declared
    before such a macro has a name that nobody behind it can write."""
    from clang.cindex import Cursor, conf

    declared = {member.name for found in types for member in found.members}
    declared |= {variant.name for found in types for variant in found.variants}
    ask = conf.lib.clang_Cursor_isMacroFunctionLike
    ask.argtypes = [Cursor]
    for cursor in unit.cursor.get_children():
        if cursor.kind.name == "MACRO_DEFINITION" and cursor.spelling in declared:
            words = [token.spelling for token in cursor.get_tokens()]
            if words[1:] != words[:1] and not ask(cursor):
                yield cursor.spelling


class _Header:
    """One parsed header; `wanted` are the keys of what was asked for by name."""

    def __init__(self, unit: Any, patterns: Sequence[str]) -> None:
        self._unit = unit
        self._patterns = patterns
        self._main = {unit.spelling}
        if unit.spelling == MAIN:
            included = (each for each in unit.get_includes() if each.depth == 1)
            self._main = {each.include.name for each in included}
        self.wanted: dict[str, None] = {}

    def read(self, aligns: dict[str, int]) -> TypeReader:
        """The types; `aligns` are the alignments of members that an earlier read had to
        ask for."""
        reader = TypeReader(aligns)
        candidates = dict(self._candidates(reader))
        self.wanted = {}
        missing = dict.fromkeys(self._patterns)
        for definition in candidates.values():
            name = reader.name(definition)
            tag = "" if definition.is_anonymous() else definition.spelling
            fitting = [
                p
                for p in self._patterns
                if any(n and fnmatch.fnmatchcase(n, p) for n in (name, tag))
            ]
            for pattern in fitting:
                missing.pop(pattern, None)
            if (fitting or not self._patterns) and name:
                made = reader.record(definition, 0)
                if isinstance(made, t.Named):
                    self.wanted[made.name] = None
        if missing:
            named = " or ".join(f"`{pattern}`" for pattern in missing)
            raise ImportFailed(f"no type in it is called {named}")
        if not self.wanted:
            raise ImportFailed("it declares no type with a name and a size")
        return reader

    def _candidates(self, reader: TypeReader) -> Iterator[tuple[str, Any]]:
        """The types that are looked at, with their definitions."""
        for cursor in self._unit.cursor.get_children():
            kind = cursor.kind.name
            inside = cursor
            if kind == "TYPEDEF_DECL":
                inside = cursor.underlying_typedef_type.get_declaration()
                if inside.kind.name not in (*RECORDS, "ENUM_DECL"):
                    continue
                reader.see_typedef(inside, cursor)
            elif kind not in (*RECORDS, "ENUM_DECL"):
                continue
            definition = inside.get_definition()
            if definition is None:
                continue
            file = cursor.location.file
            here = file is not None and file.name in self._main
            if self._patterns or here:
                yield identity(definition), definition
