"""Files on disk: what would change, and making it so without ever losing anything.

`--check` and a build compute the same changes; a build then applies them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.build.atomic import (
    clear_leftovers,
    is_temporary,
    refuse_irregular,
    write_all,
)
from vmgen.build.header import LENGTH, find_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.languages.job import Output


class NotOurs(Exception):
    """An output's place is taken by something that vmgen did not make."""


class Change(msgspec.Struct, frozen=True):
    """One file and what happens to it. `old` and `new` are its bytes, or None."""

    path: Path
    kind: Literal["same", "new", "changed", "removed"]
    old: bytes | None
    new: bytes | None

    @property
    def has_other_line_ends(self) -> bool:
        """Whether it is as it should be but for carriage returns at ends of lines."""
        return (
            self.kind == "changed"
            and self.old is not None
            and self.old.replace(b"\r\n", b"\n") == self.new
        )


def place(out: Path, root: Path, output: Output) -> Path:
    """Where an output goes: below the output folder, or below the project's."""
    return (root if output.in_project else out) / output.path


def changes(out: Path, root: Path, outputs: Iterable[Output]) -> list[Change]:
    """What building `outputs` into `out`, and into the project whose folder is `root`,
    changes, in order.

    Takes them one by one, so that no two texts need be in memory besides their bytes.
    Raises `NotOurs` and OSError.
    """
    found = []
    for output in outputs:
        path = place(out, root, output)
        new = output.text.encode()
        old = _read(path)
        if old is None:
            kind: Literal["same", "new", "changed"] = "new"
        else:
            if (
                not _is_lost(old)
                and find_mark(old, output.path.partition("/")[0]) is None
            ):
                raise NotOurs(
                    f"{path} is not a file that vmgen made; move it away, or choose "
                    "another output folder"
                )
            kind = "same" if old == new else "changed"
        found.append(Change(path, kind, old, new))
    return found


def removals(stale: Iterable[Path]) -> list[Change]:
    """Removals of our files that no schema generates any more."""
    return [Change(path, "removed", _read(path), None) for path in stale]


def _read(path: Path) -> bytes | None:
    try:
        refuse_irregular(path)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise NotOurs(
            f"{path} is a folder, and a file is to be written there"
        ) from None


def _is_lost(content: bytes) -> bool:
    """Whether a loss of power took what was in a file: nothing is left, or zeros."""
    return not content.strip(b"\0")


def apply(planned: Sequence[Change]) -> None:
    """Make the changes. Raises OSError, with no file of any change half written."""
    made = [(c.path, c.new) for c in planned if c.kind != "same" and c.new is not None]
    write_all(made)
    for change in planned:
        if change.kind == "removed":
            change.path.unlink(missing_ok=True)


def clear(out: Path, folders: Iterable[str], others: Iterable[Path] = ()) -> None:
    """Remove what builds that were killed left in the given folders of `out`, and in
    `others` themselves."""
    walked = [entry for folder in folders for entry in _walk(out / folder)]
    for root, names in [*walked, *[(str(o), _names(o)) for o in others]]:
        if any(map(is_temporary, names)):
            clear_leftovers(root)


def _names(folder: Path) -> list[str]:
    """The names of what is in a folder itself; none where it isn't there."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _walk(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each folder that may have files of ours, and the names of the files in it."""
    for root, below, names in os.walk(folder):
        below[:] = sorted(d for d in below if d not in ("target", "__pycache__"))
        yield root, sorted(names)


class OwnFile(msgspec.Struct, frozen=True):
    """A file that vmgen made, and the schema that its mark names, if any.

    `is_first` is as in `vmgen.build.header.Mark`.
    """

    path: Path
    schema: str | None
    is_first: bool


def own_files(
    out: Path, folders: Iterable[str], others: Iterable[tuple[Path, str]] = ()
) -> Iterator[OwnFile]:
    """Every file that vmgen made in the given folders of `out`, sorted by path, and in
    `others` themselves, each with how names of its files end."""
    for folder in folders:
        for root, names in _walk(out / folder):
            for name in names:
                yield from _own_file(Path(root, name), folder)
    for other, suffix in others:
        for name in _names(other):
            if name.endswith(suffix):
                yield from _own_file(other / name, "")


def _own_file(path: Path, folder: str) -> Iterator[OwnFile]:
    """The file, if vmgen made it; `folder` is that of its language."""
    if is_temporary(path.name):
        return
    try:
        refuse_irregular(path)
        with path.open("rb") as file:
            head = file.read(LENGTH)
    except OSError:
        return
    mark = find_mark(head, folder)
    if mark:
        yield OwnFile(path, mark.schema, mark.is_first)
