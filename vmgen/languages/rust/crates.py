"""Which crate each file is in: the generated one, or one of the project's own."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.job import Output
from vmgen.languages.language import Folder, entries
from vmgen.languages.rust import cranelift_versions
from vmgen.languages.rust.cranelift_versions import CRANELIFT
from vmgen.schema.rust_attributes import parse_condition
from vmgen.schema.tokens import TypeSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TYPES = "types-out"
OFFSETS = "offsets-out"
PATH = "offsets"
"""The options: the folders of the project that the two kinds of modules go into, and the
module by whose path the types name the offsets."""

CONDITIONS = "cfg"
"""The option that has conditions by the types that are under them."""

INDICES = "indices"
"""The option that says which module has the index types."""

NUMBERED = "index-method"
"""The option that says by which method those types give their numbers."""

DEBUGGERS = "debuggers"
"""The option that says for which debuggers the generated crate has printers."""

COMPANIONS = {
    "offsets": "offsets",
    "places": "places",
    "for_each": "macros",
    "descriptor": "descriptor",
    "cranelift": "Cranelift handles",
}
"""What modules that are named after one another have, by the word behind the name."""

SOURCES = "rust/src"
"""Where the generated crate has its modules."""

SUFFIX = ".rs"


class Crates(msgspec.Struct, frozen=True):
    """Where modules are. Folders are empty for those of the generated crate; `offsets`
    is the path of the module that has the offsets, seen from the types, and `runtime`
    that of the one that has VmPtr."""

    types_folder: str
    offsets_folder: str
    offsets: str
    runtime: str

    def types_file(self, name: str, text: str) -> Output:
        """A file beside the types."""
        return _file(self.types_folder, name, text)

    def offsets_file(self, name: str, text: str) -> Output:
        """A file beside the offsets."""
        return _file(self.offsets_folder, name, text)

    def offsets_from_inside(self) -> str:
        """`offsets`, seen from a module inside of a module of types."""
        return "super::super" if self.offsets == "super" else self.offsets


def crates(options: Mapping[str, str]) -> Crates:
    """Where the options say that modules are."""
    types = options.get(TYPES, "")
    own = "super::vmptr" if types else "crate::vmptr"
    return Crates(
        types,
        options.get(OFFSETS, ""),
        options.get(PATH, "super"),
        options.get("runtime", own),
    )


def modules_too(options: Mapping[str, str]) -> list[str]:
    """What is made of each schema besides the types and the offsets."""
    own = [key for key in ("descriptor", CRANELIFT) if key in options]
    return [*dict.fromkeys(options.get("modules", "").split()), *own]


def companions(options: Mapping[str, str]) -> dict[str, str]:
    """How the modules beside that of the types are named, and what they have."""
    return {f"_{word}": COMPANIONS[word] for word in ("offsets", *modules_too(options))}


def folders(options: Mapping[str, str]) -> list[Folder]:
    """The folders of the project that files go into."""
    found = [
        Folder(key, options[key], SUFFIX) for key in (TYPES, OFFSETS) if key in options
    ]
    return found[:1] if len({folder.path for folder in found}) == 1 else found


def faults(options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the folders, and with the path between them."""
    types, offsets = options.get(TYPES, ""), options.get(OFFSETS, "")
    for key, inner, outer in ((TYPES, types, offsets), (OFFSETS, offsets, types)):
        if inner and outer and outer in map(str, PurePosixPath(inner).parents):
            other = OFFSETS if key == TYPES else TYPES
            yield key, f"is in the folder `{outer}` of `{other}`; each crate needs its own"
    if types != offsets and PATH not in options:
        yield PATH, (
            "is missing: the types and the offsets are in two folders, so say by which path "
            'the types name the offsets, as `offsets = "my_offsets::generated"`'
        )
    for name, condition in entries(options.get(CONDITIONS, "")).items():
        try:
            parse_condition(condition)
        except TypeSyntaxError as error:
            yield CONDITIONS, f"has no condition for `{name}`: {error.message}"
    if DEBUGGERS in options and ("runtime" in options or types):
        yield DEBUGGERS, (
            "is for the generated crate, and the types are in one of yours; build `gdb` "
            "and embed `gdb/vmgen_gdb.py`"
        )
    if INDICES in options and not {"places", CRANELIFT} & {*modules_too(options)}:
        yield INDICES, f'says nothing without `modules = "places"` or `{CRANELIFT}`'
    if NUMBERED in options and INDICES not in options:
        yield NUMBERED, f"is for index types of your own; set `{INDICES}` too"
    if types == offsets and PATH in options:
        yield PATH, (
            f"is for types and offsets in two folders; set `{TYPES}` or `{OFFSETS}`, or "
            "leave it out"
        )
    yield from cranelift_versions.faults(options)


def _file(folder: str, name: str, text: str) -> Output:
    return Output(f"{folder or SOURCES}/{name}", text, in_project=bool(folder))
