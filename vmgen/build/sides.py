"""What `vmgen diff` is told to compare: from words on the command line to layouts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.build.pipeline import rust_crates
from vmgen.build.project import shown_path
from vmgen.changes.saved import Incomparable
from vmgen.changes.side import Side, of_layouts, of_saved

if TYPE_CHECKING:
    from vmgen.build.config import Config
    from vmgen.reading.diagnostics import Report

MAX_SAVED = 1 << 28
"""How large a saved JSON may be, in bytes."""


class Named(msgspec.Struct, frozen=True):
    """What a word names: a file, and perhaps a version that it describes."""

    path: Path
    shown: str
    version: str | None = None


def named(word: str) -> Named:
    """What a word names. Raises `Incomparable` where that is nothing."""
    if not word:
        raise Incomparable("the path of what to compare is empty")
    version: str | None = None
    path = word
    if not os.path.exists(word):
        before, at, behind = word.rpartition("@")
        if at and os.path.exists(before):
            path, version = before, behind
    if os.path.isdir(path):
        raise Incomparable(f"`{path}` is a folder; name one schema in it")
    if not os.path.exists(path):
        raise Incomparable(f"no file `{word}`")
    return Named(Path(path), shown_path(Path(path)), version)


def side(word: str, config: Config, report: Report) -> Side | None:
    """The layouts that a word names: those of a schema, or saved ones, which a file has
    that ends in ``.json``.

    None after findings in a schema that has no layout, which go to `report`. Raises
    `Incomparable` where nothing is named, or what isn't to be compared, and
    `vmgen.schema.versions.UnknownVersion`.
    """
    found = named(word)
    if found.path.suffix != ".json":
        return _of_schema(found, config, report)
    made = of_saved(_text(found.path, found.shown), found.shown)
    if found.version is not None and made.version != found.version:
        has = f"is of {made.version}" if made.version else "has no version"
        raise Incomparable(f"{found.shown} {has}, and not of `{found.version}`")
    return made


def _text(path: Path, shown: str) -> str:
    try:
        raw = path.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Incomparable(f"can't read `{shown}`: {reason}") from None
    except UnicodeDecodeError:
        raise Incomparable(f"{shown}: no JSON: it is not UTF-8") from None


def _of_schema(named: Named, config: Config, report: Report) -> Side | None:
    from vmgen.rules.run import judge_all
    from vmgen.schema import Loader

    loader = Loader(report, config.features)
    module = loader.load(named.path, named.shown, named.version)
    if module is None:
        return None
    crates = rust_crates(config)
    (judged,) = judge_all([module], report, crates, config.languages, config.options)
    if judged.layouts is None:
        return None
    version = f"@{module.version}" if module.version else ""
    return of_layouts(judged.layouts, f"{named.shown}{version}")
