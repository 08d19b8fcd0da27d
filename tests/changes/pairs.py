"""Two little schemas, and what changed between them."""

from __future__ import annotations

from pathlib import Path

from tests.support import module_of, vmgen, write_schema
from vmgen.changes.compare import Compared, compare
from vmgen.changes.side import Side, of_layouts, sides
from vmgen.layout.layouts import Layouts

TARGETS = "targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu]\n"


def compared(folder: Path, old: str, new: str) -> Compared:
    """What changed, of schemas as `tests.support.write_schema` takes them. Both are for
    two 64-bit targets, one of them big-endian, and a 32-bit one."""
    made = []
    for name, text in (("old", old), ("new", new)):
        (folder / name).mkdir(exist_ok=True)
        made.append(side_of(folder / name, text, name))
    return compare(sides(*made))


def side_of(folder: Path, text: str, name: str) -> Side:
    """The side that a schema is; what its rules find, other than errors, counts for
    nothing."""
    return of_layouts(Layouts(module_of(folder, whole(text))), name)


def whole(text: str) -> str:
    """A schema with its first lines and its targets, where it has none."""
    if "targets:" not in text:
        text = TARGETS + text
    return text if "vmgen:" in text else f"vmgen: 1\nmodule: sample\n{text}"


def told(folder: Path, old: str, new: str) -> list[str]:
    """Code and message of each change, without what it does to numbers elsewhere."""
    return [f"{f.kind.code} {f.message}" for f in compared(folder, old, new).found]


def report(folder: Path, old: str, new: str, *options: str) -> str:
    """What the command prints."""
    write_schema(folder, whole(old), "old.vm.yaml")
    write_schema(folder, whole(new), "new.vm.yaml")
    return vmgen("diff", "old.vm.yaml", "new.vm.yaml", *options, cwd=folder).out
