"""Files on disk: what would change, and making it so without ever losing anything.

`--check` and a build compute the same changes; a build then applies them. All new
text is on disk under temporary names before the first file is replaced, so a full
disk or a crash leaves every file as it was or as it should be.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.build.header import LENGTH, first_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.languages.job import Output

TEMPORARY = ".vmgen-tmp"


class NotOurs(Exception):
    """An output's place is taken by something that vmgen did not make."""


class Change(msgspec.Struct, frozen=True):
    """One file and what happens to it. `old` and `new` are its bytes, or None."""

    path: Path
    kind: Literal["same", "new", "changed", "removed"]
    old: bytes | None
    new: bytes | None


def changes(out: Path, outputs: Iterable[Output]) -> list[Change]:
    """What building `outputs` into `out` changes, in order.

    Takes them one by one, so that no two texts need be in memory besides their bytes.
    Raises `NotOurs` and OSError.
    """
    found = []
    for output in outputs:
        path = out / output.path
        new = output.text.encode()
        old = _read(path)
        if old is None:
            kind: Literal["same", "new", "changed"] = "new"
        else:
            if first_line(old) is None:
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
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise NotOurs(
            f"{path} is a folder, and a file is to be written there"
        ) from None


def apply(planned: Sequence[Change]) -> None:
    """Make the changes. Raises OSError, with no file of any change half written."""
    staged: list[tuple[Path, Path]] = []
    try:
        for change in planned:
            if change.kind in ("new", "changed") and change.new is not None:
                staged.append((_stage(change.path, change.new), change.path))
        for temporary, path in staged:
            os.replace(temporary, path)
    except BaseException:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
        raise
    for change in planned:
        if change.kind == "removed":
            change.path.unlink(missing_ok=True)


def _stage(path: Path, text: bytes) -> Path:
    """Write `text` beside `path`, under a name that no other run uses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        temporary.write_bytes(text)
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o7777)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


class OwnFile(msgspec.Struct, frozen=True):
    """A file that vmgen made, and the schema that its first line names, if any."""

    path: Path
    schema: str | None


def own_files(out: Path, folders: Iterable[str]) -> Iterator[OwnFile]:
    """Every file that vmgen made in the given folders of `out`, sorted by path."""
    for folder in folders:
        for root, below, names in os.walk(out / folder):
            below[:] = sorted(d for d in below if d not in ("target", "__pycache__"))
            for name in sorted(names):
                if name.startswith(".") and name.endswith(TEMPORARY):
                    # Another build's, which is about to take its place.
                    continue
                path = Path(root, name)
                try:
                    with path.open("rb") as file:
                        head = file.read(LENGTH)
                except OSError:
                    continue
                mark = first_line(head)
                if mark:
                    yield OwnFile(path, mark["schema"])
