"""Asks clang how it lays out C on any target, by way of libclang, in this process.

libclang parses and checks but generates no code, so no back end is needed; it comes
without headers, for which `clang_include` stands in.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, TypeVar

from clang import cindex

from vmgen.analysis.peel import by_value
from vmgen.languages.c import C
from vmgen.languages.job import Job
from vmgen.layout.layouts import Layouts
from vmgen.schema import model as m
from vmgen.schema.types import Atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from vmgen.targets.find import Target

INCLUDE = Path(__file__).with_name("clang_include")

WARNINGS = (
    "-Weverything", "-Wno-padded", "-Wno-unaligned-access", "-Wno-unsafe-buffer-usage",
    "-Wno-reserved-identifier",
)  # fmt: skip
"""All that clang can warn of, but that records have padding, packed ones have none, C has
pointers, and names are as a schema has them."""

_EXTRA = {
    "amdgcn-*": ["-nogpulib"],
    "avr-*": ["-mmcu=atmega328p"],
    "riscv32e*": ["-march=rv32e", "-mabi=ilp32e"],
}
"""What clang must be told besides the triple."""

Numbers = tuple[int, ...]

T = TypeVar("T")


class UnknownTriple(Exception):
    """A triple that clang has no target for."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A translation unit: what clang says about it, and its layouts by name.

    A record's numbers are size, alignment, then the offset of each member; a
    typedef's are size and alignment; all in bytes. `bits` has records with the offsets in
    bits.
    """

    messages: tuple[str, ...]
    layouts: dict[str, Numbers]
    bits: dict[str, Numbers]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What clang says about a header, and the names that it lays out otherwise, with
    its numbers and the engine's."""

    messages: tuple[str, ...]
    different: tuple[tuple[str, Numbers, Numbers], ...]


LibclangError = cindex.LibclangError


def version() -> str:
    """Such as ``18.1.1``. Raises LibclangError when there is no library to load."""
    ask = cindex.conf.lib.clang_getClangVersion
    ask.restype, ask.errcheck = cindex._CXString, cindex._CXString.from_result
    words = str(ask()).split()
    return words[words.index("version") + 1]


class Clang:
    """libclang for one thread."""

    def __init__(self) -> None:
        self._index = cindex.Index.create()

    def parse(
        self,
        target: Target,
        source: str,
        folder: Path,
        *,
        standard: str = "c11",
        flags: Iterable[str] = (),
    ) -> Parsed:
        """Check `source`, which may include what is in `folder`, for that target.

        Of the library of C++ there is nothing. Raises UnknownTriple where clang knows
        no such target.
        """
        main = str(folder / ("main.cpp" if "++" in standard else "main.c"))
        arguments = ["-target", target.llvm, f"-std={standard}", "-ffreestanding"]
        arguments += ["-nostdinc", "-isystem", str(INCLUDE), *WARNINGS, *flags]
        for pattern, extra in _EXTRA.items():
            if fnmatchcase(target.triple, pattern):
                arguments += extra
        try:
            unit = self._index.parse(main, arguments, unsaved_files=[(main, source)])
        except cindex.TranslationUnitLoadError as error:
            raise UnknownTriple(target.llvm) from error
        messages = tuple(
            f"{Path(str(d.location.file)).name}:{d.location.line}: {d.spelling}"
            for d in unit.diagnostics
            if d.severity >= cindex.Diagnostic.Warning
        )
        bits = dict(_records(unit))
        return Parsed(messages, dict(_layouts(unit)), bits)


def _layouts(unit: cindex.TranslationUnit) -> Iterator[tuple[str, Numbers]]:
    for cursor in unit.cursor.get_children():
        type = cursor.type
        if cursor.kind == cindex.CursorKind.TYPEDEF_DECL and type.get_size() >= 0:
            yield cursor.spelling, (type.get_size(), type.get_align())
    for name, (size, align, *offsets) in _records(unit):
        yield name, (size, align, *(offset // 8 for offset in offsets))


def _records(unit: cindex.TranslationUnit) -> Iterator[tuple[str, Numbers]]:
    """Sizes and alignments in bytes, offsets in bits."""
    kinds = (cindex.CursorKind.STRUCT_DECL, cindex.CursorKind.UNION_DECL)
    for cursor in unit.cursor.get_children():
        if cursor.kind in kinds and cursor.is_definition():
            type = cursor.type
            offsets = [field.get_field_offsetof() for field in type.get_fields()]
            yield cursor.spelling, (type.get_size(), type.get_align(), *offsets)


class Headers:
    """The headers of some modules, which all name the same targets."""

    def __init__(self, modules: Iterable[m.Module], folder: Path) -> None:
        self._folder = folder
        self._parts = [(module, Layouts(module)) for module in modules]
        jobs = [
            Job(
                module,
                layouts,
                module.path.name,
                "vmgen build",
                {},
            )
            for module, layouts in self._parts
        ]
        outputs = [output for job in jobs for output in C().module_files(job)]
        for output in [*outputs, *C().shared_files(jobs)]:
            name = output.path.removeprefix("c/")
            (folder / name).write_text(output.text, encoding="utf-8")

    def compare(self, clang: Clang, target: Target) -> dict[str, Complaint]:
        """What is wrong with the headers, by module; modules without are left out."""
        found = {}
        for module, layouts in self._parts:
            complaint = compare(clang, target, self._folder, module, layouts)
            if complaint:
                found[module.name] = complaint
        return found


def compare(
    clang: Clang, target: Target, folder: Path, module: m.Module, layouts: Layouts
) -> Complaint | None:
    """What is wrong with a module's header, which is in the folder; None if nothing."""
    parsed = clang.parse(target, f'#include "{module.name}.h"\n', folder)
    different = []
    for name, expected in _engine(module, layouts, target.triple):
        measured = parsed.layouts.get(name, ())
        if measured[: len(expected)] != expected:
            different.append((name, measured, expected))
    if parsed.messages or different:
        return Complaint(parsed.messages, tuple(different))
    return None


def _engine(
    module: m.Module, layouts: Layouts, target: str
) -> Iterator[tuple[str, Numbers]]:
    """The engine's numbers for what the header declares by each name."""
    layouts = layouts.called("c")
    layout_class = layouts.class_of(target)
    for name, declared in layouts.module.types.items():
        if declared.in_place and declared.in_place.anonymous:
            continue
        record = layouts.record(name, layout_class)
        match declared:
            case m.Opaque() | m.Context(fields=()):
                continue
            case _ if isinstance(declared, m.Context) or m.is_prefix(declared):
                # The fixed fields of a context are a struct in C, with its padding, and so
                # is a prefix.
                size = -(-record.size // record.align) * record.align
                yield name, (size, record.align, *_there(layouts, name, target))
            case m.Newtype(inner=inner) if isinstance(by_value(inner), Atomic):
                # A typedef can't be aligned; the fields of its type are.
                yield name, (record.size,)
            case _:
                offsets = _there(layouts, name, target)
                yield name, (record.size, record.align, *offsets)


def _there(layouts: Layouts, name: str, target: str) -> Numbers:
    """The offsets of the parts that are there on a target."""
    index = layouts.class_of(target).index
    parts = layouts.parts(name)
    return tuple(p.offsets[index] for p in parts if index not in p.absent)


_thread = local()


def each_target(
    targets: Iterable[Target], ask: Callable[[Clang, Target], T], jobs: int = 2
) -> Iterator[tuple[Target, T]]:
    """An answer for each target, in order; clang runs in threads."""

    def asked(target: Target) -> tuple[Target, T]:
        if not hasattr(_thread, "clang"):
            _thread.clang = Clang()
        return target, ask(_thread.clang, target)

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(asked, targets)


def complaints(
    modules: Iterable[m.Module], targets: Iterable[Target]
) -> dict[tuple[str, str], Complaint]:
    """What is wrong with the modules' headers, by target and module."""
    with tempfile.TemporaryDirectory(prefix="vmgen-clang-") as folder:
        headers = Headers(modules, Path(folder))
        return {
            (target.triple, module): complaint
            for target, found in each_target(targets, headers.compare)
            for module, complaint in found.items()
        }
