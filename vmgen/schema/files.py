"""A schema and the fragments it includes, read and held against the language's keys."""

from __future__ import annotations

import os.path
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading import source, yamltree
from vmgen.reading.source import Mapping, Scalar, Sequence
from vmgen.schema import keys

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import SourceFile

MAX_INCLUDES = 64
"""How many files may lead to an included one, each by including the next."""


class Document(msgspec.Struct, frozen=True):
    """One file and its top-level mapping. `sound` is false after any fault in it."""

    file: SourceFile
    root: Mapping
    sound: bool


def read_documents(path: Path, name: str, report: Report) -> list[Document]:
    """The schema at `path` and everything it includes, the schema first.

    `name` is the path as messages print it; the names of included files follow from
    it. A file that is included twice is read once. Faults go to `report`; a file
    that can't be read is left out.
    """
    documents: list[Document] = []
    _read(path, name, report, documents, [])
    return documents


def _read(
    path: Path,
    name: str,
    report: Report,
    documents: list[Document],
    including: list[Path],
) -> None:
    file = source.load(path, name, report)
    root = yamltree.parse(file, report) if file else None
    if file is None or root is None:
        return
    is_schema = not including
    shape = keys.MODULE if is_schema else keys.FRAGMENT
    sound = _check_role(root, is_schema, report)
    if sound:
        sound = shape.check(root, report)
    documents.append(Document(file, root, sound))
    includes = root.get("include")
    if isinstance(includes, Sequence):
        here = [*including, path.resolve()]
        for item in includes.items:
            if isinstance(item, Scalar):
                _include(item, path, name, report, documents, here)


def _include(
    item: Scalar,
    path: Path,
    name: str,
    report: Report,
    documents: list[Document],
    including: list[Path],
) -> None:
    if not item.value or "\0" in item.value:
        report.add("VM013", "an include is the path of a file", item.span)
        return
    target = path.parent / item.value
    shown = os.path.normpath(os.path.join(os.path.dirname(name), item.value))
    shown = shown.replace(os.sep, "/")
    resolved = target.resolve()
    if resolved in including:
        chain = [p.name for p in including[including.index(resolved) :]]
        report.add(
            "VM013",
            f"`{shown}` includes itself: {' -> '.join([*chain, resolved.name])}",
            item.span,
            helps=("types may refer to each other across files without it",),
        )
        return
    if any(d.file.path.resolve() == resolved for d in documents):
        return
    if len(including) > MAX_INCLUDES:
        report.add(
            "VM015",
            f"includes are nested more than {MAX_INCLUDES} files deep",
            item.span,
            helps=("include it in the schema, or in a fragment nearer to it",),
        )
        return
    if not target.is_file():
        report.add("VM013", f"no file `{shown}` to include", item.span)
        return
    _read(target, shown, report, documents, including)


def _check_role(root: Mapping, is_schema: bool, report: Report) -> bool:
    """A schema names its module, a fragment doesn't; each has a message of its own."""
    if is_schema and "module" not in root.entries:
        key = next(iter(root.entries.values())) if root.entries else None
        report.add(
            "VM006",
            "a schema needs the key `module`",
            key.span if key else root.span,
            notes=("a file without it is a fragment, for another schema to include",),
            helps=("name the module, or build the schema that includes this file",),
        )
        return False
    sound = True
    if not is_schema:
        for only in ("module", "targets", "padding"):
            if only in root.entries:
                key = root.entries[only]
                report.add(
                    "VM013",
                    f"`{only}` belongs in the schema, not in a fragment it includes",
                    key.span,
                    helps=(f"remove `{only}` here",),
                )
                sound = False
    return sound
