"""What a run is about: which schemas, under which names, into which folder."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.source import ENCODING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.build.config import Config

HEAD_BYTES = 1 << 16


class NoSchemas(Exception):
    """Nothing to work on; the message says what was looked for."""


class SchemaPath(msgspec.Struct, frozen=True):
    """A schema's file, and its path as messages print it: relative to here if below."""

    path: Path
    shown: str


def find_schemas(arguments: Sequence[str], config: Config) -> list[SchemaPath]:
    """The schemas that a call names, or else those that the configuration names.

    A folder stands for every `*.vm.yaml` below it. Fragments (files without
    `module:`) that a folder or a pattern brings in are left to the schemas that
    include them. Raises `NoSchemas`.
    """
    if arguments:
        if "" in arguments:
            raise NoSchemas("a schema's path is empty")
        found = [p for a in arguments for p in _expand(Path(a), f"`{a}`")]
    else:
        if not config.schemas:
            raise NoSchemas(
                "no schema given, and no `[tool.vmgen]` with `schemas` in a "
                "pyproject.toml here or above"
            )
        found = []
        for pattern in config.schemas:
            found.extend(_expand_pattern(config.root, pattern))
        if not found:
            raise NoSchemas(f"`schemas` in {config.file} names no file")
    unique = {os.path.realpath(p): p for p in reversed(found)}
    ordered = sorted(unique.values(), key=lambda p: p.as_posix())
    return [_readable(path) for path in ordered]


def _readable(path: Path) -> SchemaPath:
    if not str(path).isprintable():
        # Generated files name it in their first line.
        raise NoSchemas(f"{str(path)!r} has characters that can't be printed")
    shown = shown_path(path)
    try:
        path.stat()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NoSchemas(f"can't read `{shown}`: {reason}") from None
    if not os.access(path, os.R_OK):
        raise NoSchemas(f"can't read `{shown}`: permission denied")
    return SchemaPath(path, shown)


def shown_path(path: Path) -> str:
    """A path as messages print it: relative to the working folder when below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def shown_from_here(path: Path) -> str:
    """A path as programs that are run here need it: relative, wherever it is."""
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:
        # It is on another drive.
        return path.as_posix()


def generated_name(path: Path, config: Config) -> str:
    """A schema's path as generated files print it, the same on every machine.

    Relative to the project's root; a schema outside of it goes by its file name.
    """
    try:
        return path.resolve().relative_to(config.root.resolve()).as_posix()
    except ValueError:
        return path.name


def find_fragments(arguments: Sequence[str], config: Config) -> list[SchemaPath]:
    """The files that `find_schemas` found and left to schemas that include them."""
    found: list[Path] = []
    for given in arguments or config.schemas:
        path = Path(given) if arguments else config.root / given
        if not arguments and _is_pattern(given):
            found += _matches(config.root, given)
        elif path.is_dir():
            found += _inside(path)
    return [
        SchemaPath(p, shown_path(p)) for p in dict.fromkeys(found) if _is_fragment(p)
    ]


class Places(msgspec.Struct, frozen=True):
    """What `find_schemas` depends on besides the schemas that it finds.

    `near` are folders of which all names count, `below` those of which all names of
    all folders below count too, `others` files that it looked into and left alone.
    """

    near: list[Path]
    below: list[Path]
    others: list[Path]


def places(arguments: Sequence[str], config: Config) -> Places | None:
    """Where a call looks for schemas; None when that is more than can be listed quickly.

    That is so for patterns of folders' names.
    """
    near: list[Path] = []
    below: list[Path] = []
    for given in arguments or config.schemas:
        path = Path(given) if arguments else config.root / given
        if not arguments and _is_pattern(given):
            if _is_pattern(os.path.dirname(given)):
                return None
            near.append(path.parent)
        elif path.is_dir():
            below.append(path)
    others = [fragment.path for fragment in find_fragments(arguments, config)]
    return Places(near, below, others)


def _expand(path: Path, what: str) -> list[Path]:
    if path.is_dir():
        found = [p for p in _inside(path) if not _is_fragment(p)]
        if not found:
            raise NoSchemas(f"no schema (`*.vm.yaml` with `module:`) below {what}")
        return found
    return [path]


def _inside(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*.vm.yaml") if not _is_special(p))


def _is_pattern(text: str) -> bool:
    """Whether a path of the configuration stands for those that match it."""
    return any(mark in text for mark in "*?[")


def _expand_pattern(root: Path, pattern: str) -> list[Path]:
    if _is_pattern(pattern):
        return [p for p in _matches(root, pattern) if not _is_fragment(p)]
    return _expand(root / pattern, f"`{pattern}`")


def _matches(root: Path, pattern: str) -> list[Path]:
    import glob

    found = sorted(glob.glob(pattern, root_dir=root, recursive=True))
    return [path for m in found if not _is_special(path := root / m)]


def _is_special(path: Path) -> bool:
    """Whether it is a pipe or a device: only who names one means to read it."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _is_fragment(path: Path) -> bool:
    """Whether a file is YAML with keys of which none is `module`.

    What can't be read is taken for a schema, whose reader then says why.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if re.search(rb"^module:", head, re.MULTILINE):
            return False
        from vmgen.reading.events import top_keys

        keys = top_keys(path.read_text(encoding=ENCODING))
    except (OSError, UnicodeDecodeError):
        return False
    return keys is not None and "module" not in keys
