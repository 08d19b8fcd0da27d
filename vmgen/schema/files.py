"""A schema and the fragments it includes, read and held against the language's keys."""

from __future__ import annotations

import os.path
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading import load, yamltree
from vmgen.reading.source import Mapping, Scalar, Sequence, is_marked
from vmgen.schema import keys

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import SourceFile

MAX_INCLUDES = 64
"""How many files may lead to an included one, each by including the next."""

SUFFIXES = (".yaml", ".yml")
"""How the name of an included file ends, also where a link leads to it. Nothing else is
opened: `include` must not be a way to look into other files."""


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
    reader = _Reader(report)
    file = load.load(path, name, report)
    if file is not None:
        reader.read(file, [])
    return reader.documents


class _Reader:
    """Reads files one after the other, each before those that it includes."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.documents: list[Document] = []
        self.seen: set[Path] = set()
        """Where the files that are read really are, links followed."""

    def read(self, file: SourceFile, including: list[Path]) -> None:
        """Read a file and what it includes; `including` are the files that led here."""
        report = self.report
        root = yamltree.parse(file, report)
        if root is None:
            return
        is_schema = not including
        shape = keys.MODULE if is_schema else keys.FRAGMENT
        sound = _check_role(root, is_schema, report)
        if sound:
            sound = shape.check(root, report)
        self.documents.append(Document(file, root, sound))
        resolved = file.path.resolve()
        self.seen.add(resolved)
        includes = root.get("include")
        if isinstance(includes, Sequence):
            here = [*including, resolved]
            for item in includes.items:
                if isinstance(item, Scalar):
                    self._include(item, file, here)

    def _include(self, item: Scalar, by: SourceFile, including: list[Path]) -> None:
        report = self.report
        if not item.value or "\0" in item.value:
            report.add("VM013", "an include is the path of a file", item.span)
            return
        target = by.path.parent / item.value
        shown = os.path.normpath(os.path.join(os.path.dirname(by.name), item.value))
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
        if resolved in self.seen:
            return
        if len(including) > MAX_INCLUDES:
            report.add(
                "VM015",
                f"includes are nested more than {MAX_INCLUDES} files deep",
                item.span,
                helps=("include it in the schema, or in a fragment nearer to it",),
            )
            return
        if resolved.suffix not in SUFFIXES:
            report.add(
                "VM013",
                f"`{shown}` is no fragment by its name",
                item.span,
                helps=(f"call it `{Path(shown).stem or 'name'}.vm.yaml`",),
            )
            return
        if not target.is_file():
            report.add("VM013", f"no file `{shown}` to include", item.span)
            return
        file = load.load(target, shown, report)
        if file is None:
            return
        if not is_marked(file.text):
            report.add(
                "VM013",
                f"`{shown}` is no fragment: it lacks the key `vmgen`",
                item.span,
                helps=("begin it with `vmgen: 1`",),
            )
            return
        self.read(file, including)


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
        for only in ("module", "targets", "padding", "allow"):
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
