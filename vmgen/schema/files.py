"""A schema and the fragments it includes, read and held against the language's keys.

Files that others name are opened here, and nowhere else: fragments by `include`, schemas
by `uses`.
"""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from vmgen.reading import load, yamltree
from vmgen.reading.diagnostics import Report
from vmgen.reading.source import Mapping, Node, Scalar, Sequence, is_marked, members
from vmgen.schema import keys

if TYPE_CHECKING:
    from vmgen.reading.files import Files
    from vmgen.reading.source import SourceFile

MAX_INCLUDES = 64
"""How many files may lead to an included one, each by including the next."""

SUFFIXES = (".yaml", ".yml")
"""How the name of an included or used file ends, also where a link leads to it. Nothing
else is opened: neither key must be a way to look into other files."""


class FileKey(msgspec.Struct, frozen=True):
    """A key that names files, as messages speak of it: the rule that refuses what it
    names wrongly, one item, what kind of file an item names, and what is done with it.
    """

    code: str
    item: str
    thing: str
    verb: str


INCLUDE = FileKey("VM013", "an include", "fragment", "include")
USE = FileKey("VM040", "a use", "schema", "use")


class Document(msgspec.Struct, frozen=True):
    """One file and its top-level mapping. `sound` is false after a fault in it outside of
    the types; `faulty` are the names of types that aren't well formed, which `root` lacks.
    """

    file: SourceFile
    root: Mapping
    sound: bool
    faulty: frozenset[str] = frozenset()


class Named(msgspec.Struct, frozen=True):
    """The file that an item of `include` or `uses` names: its path, its path as messages
    print it, where it really is, links followed, and the files that it is one of."""

    path: Path
    shown: str
    real: Path
    files: Files


def named(item: Scalar, by: SourceFile, how: FileKey, report: Report) -> Named | None:
    """What an item in the file `by` names; None after a reported fault."""
    if not item.value or "\0" in item.value:
        report.add(how.code, f"{how.item} is the path of a file", item.span)
        return None
    path = by.path.parent / item.value
    prefix = by.files.prefix
    folder = os.path.dirname(by.name.removeprefix(prefix))
    shown = os.path.normpath(os.path.join(folder, item.value)).replace(os.sep, "/")
    return Named(path, f"{prefix}{shown}", by.files.real(path), by.files)


def opened(
    file: Named, item: Scalar, how: FileKey, report: Report
) -> SourceFile | None:
    """The file that an item names, if it is one of this language; None after a reported
    fault. No line of any other file is shown."""
    shown = file.shown
    if file.real.suffix not in SUFFIXES:
        report.add(
            how.code,
            f"`{shown}` is no {how.thing} by its name",
            item.span,
            helps=(f"call it `{Path(shown).stem or 'name'}.vm.yaml`",),
        )
        return None
    if not file.files.is_file(file.path):
        report.add(how.code, f"no file `{shown}` to {how.verb}", item.span)
        return None
    read = load.load(file.path, shown, report, file.files)
    if read is not None and not is_marked(read.text):
        report.add(
            how.code,
            f"`{shown}` is no {how.thing}: it lacks the key `vmgen`",
            item.span,
            helps=("begin it with `vmgen: 1`",),
        )
        return None
    return read


def is_fragment(text: str) -> bool:
    """Whether a text is YAML with keys of which none is `module`."""
    if re.search(r"^module:", text, re.MULTILINE):
        return False
    from vmgen.reading.events import top_keys

    keys = top_keys(text)
    return keys is not None and "module" not in keys


def read_documents(file: SourceFile, report: Report) -> list[Document]:
    """The schema in `file` and everything it includes, the schema first.

    Names of included files, as messages print them, follow from the schema's. A file
    that is included twice is read once. Faults go to `report`; a file that can't be
    read is left out.
    """
    reader = _Reader(report)
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
        faulty: frozenset[str] = frozenset()
        if sound and not shape.check(root, report):
            root, faulty = _without_faulty(root)
            # What is wrong besides was reported the first time.
            sound = shape.check(root, Report())
        self.documents.append(Document(file, root, sound, faulty))
        resolved = file.files.real(file.path)
        self.seen.add(resolved)
        includes = root.get("include")
        if isinstance(includes, Sequence):
            here = [*including, resolved]
            for item in includes.items:
                if isinstance(item, Scalar):
                    self._include(item, file, here)

    def _include(self, item: Scalar, by: SourceFile, including: list[Path]) -> None:
        report = self.report
        target = named(item, by, INCLUDE, report)
        if target is None:
            return
        if target.real in including:
            chain = [p.name for p in including[including.index(target.real) :]]
            report.add(
                "VM013",
                f"`{target.shown}` includes itself: "
                f"{' -> '.join([*chain, target.real.name])}",
                item.span,
                helps=("types may refer to each other across files without it",),
            )
            return
        if target.real in self.seen:
            return
        if len(including) > MAX_INCLUDES:
            report.add(
                "VM015",
                f"includes are nested more than {MAX_INCLUDES} files deep",
                item.span,
                helps=("include it in the schema, or in a fragment nearer to it",),
            )
            return
        file = opened(target, item, INCLUDE, report)
        if file is not None:
            self.read(file, including)


def _without_faulty(root: Mapping) -> tuple[Mapping, frozenset[str]]:
    """A file without the types that aren't well formed, and their names, so that what is
    wrong with the others can be told in the same run."""
    types = root.get("types")
    unread = Report()
    kept: Node
    if isinstance(types, Mapping):
        sound = {
            name: entry
            for name, entry in types.entries.items()
            if keys.TYPES.check(replace(types, entries={name: entry}), unread)
        }
        kept = replace(types, entries=sound)
    elif isinstance(types, Sequence):
        items = [
            item
            for item in types.items
            if keys.TYPES.check(replace(types, items=[item]), unread)
        ]
        kept = replace(types, items=items)
    else:
        return root, frozenset()
    entry = replace(root.entries["types"], node=kept)
    left = {member.value for member in members(kept)}
    faulty = {member.value for member in members(types)} - left
    return (
        replace(root, entries={**root.entries, "types": entry}),
        frozenset(faulty),
    )


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
        for only in ("module", "versions", "targets", "c", "padding", "allow"):
            if only in root.entries:
                key = root.entries[only]
                report.add(
                    "VM013",
                    f"`{only}` belongs in the schema, not in a fragment it includes",
                    key.span,
                    helps=(_out_of_fragment(only),),
                )
                sound = False
    return sound


def _out_of_fragment(only: str) -> str:
    if only == "module":
        return "remove `module` here, or name the file under `uses` to use the module"
    return f"remove `{only}` here"
