"""What `vmgen diff` is told to compare: from words on the command line to layouts."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.build.pipeline import rust_crates
from vmgen.build.project import shown_path
from vmgen.changes.saved import Incomparable
from vmgen.changes.side import Side, of_layouts, of_saved
from vmgen.reading.files import DISK, MAX_BYTES
from vmgen.reading.revision import NoRevision, Revision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vmgen.build.config import Config
    from vmgen.reading.diagnostics import Report
    from vmgen.reading.files import Files


class Named(msgspec.Struct, frozen=True):
    """What a word names: a file among some, its path as messages print it, and perhaps a
    version that it describes."""

    path: Path
    shown: str
    version: str | None = None
    files: Files = DISK


@contextmanager
def named(word: str) -> Iterator[Named]:
    """What a word names; a revision is open as long. Raises `Incomparable` where that is
    nothing."""
    if not word:
        raise Incomparable("the path of what to compare is empty")
    path, version = _split(word, os.path.exists)
    if os.path.isdir(path):
        raise Incomparable(f"`{path}` is a folder; name one schema in it")
    if os.path.exists(path):
        yield Named(Path(path), shown_path(Path(path)), version)
        return
    name, colon, inside = word.partition(":")
    if not colon:
        raise Incomparable(f"no file `{word}`")
    try:
        revision = Revision(name, Path.cwd())
    except NoRevision as error:
        raise Incomparable(f"no file `{word}`: {error}") from None
    try:
        path, version = _split(inside, lambda p: revision.is_file(_in(revision, p)))
        if not revision.is_file(_in(revision, path)):
            raise Incomparable(f"no file `{path}` in the revision `{name}`")
        place = _in(revision, path)
        shown = place.relative_to(revision.root).as_posix()
        yield Named(place, f"{revision.prefix}{shown}", version, revision)
    finally:
        revision.close()


def _split(word: str, is_there: Callable[[str], bool]) -> tuple[str, str | None]:
    """A path and the version behind it, if it has one."""
    before, at, version = word.rpartition("@")
    if at and not is_there(word) and is_there(before):
        return before, version
    return word, None


def _in(revision: Revision, path: str) -> Path:
    """Where git has a path: from the root of the repository, or with a dot at its begin
    from here."""
    here = Path.cwd() if path.startswith(("./", "../")) else revision.root
    return Path(os.path.normpath(here.resolve() / path))


def side(word: str, config: Config, report: Report) -> Side | None:
    """The layouts that a word names: those of a schema, or saved ones, which a file has
    that ends in ``.json``.

    None after findings in a schema that has no layout, which go to `report`. Raises
    `Incomparable` where nothing is named, or what isn't to be compared, and
    `vmgen.schema.versions.UnknownVersion`.
    """
    with named(word) as found:
        if found.path.suffix != ".json":
            return _of_schema(found, config, report)
        made = of_saved(_text(found), found.shown)
        if found.version is not None and made.version != found.version:
            of = (
                f"version {made.version}"
                if made.version
                else "a schema without versions"
            )
            raise Incomparable(
                f"{found.shown} is of {of}, and not of `{found.version}`"
            )
        return made


def _text(named: Named) -> str:
    try:
        raw = named.files.content(named.path)
        if len(raw) > MAX_BYTES:
            raise Incomparable(f"{named.shown}: larger than {MAX_BYTES >> 20} MiB")
        return raw.decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Incomparable(f"can't read `{named.shown}`: {reason}") from None
    except UnicodeDecodeError:
        raise Incomparable(f"{named.shown}: no JSON: it is not UTF-8") from None


def _of_schema(named: Named, config: Config, report: Report) -> Side | None:
    from vmgen.rules.run import judge_all
    from vmgen.schema import Loader

    loader = Loader(report, config.features, named.files, config.rules)
    module = loader.load(named.path, named.shown, named.version)
    if module is None:
        return None
    crates = rust_crates(config)
    (judged,) = judge_all([module], report, crates, config.languages, config.options)
    if judged.layouts is None:
        return None
    version = f"@{module.version}" if module.version else ""
    return of_layouts(judged.layouts, f"{named.shown}{version}")
