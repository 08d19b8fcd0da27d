"""The languages there are: vmgen's own, and those of installed packages."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from vmgen.languages.language import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.metadata import EntryPoint

GROUP = "vmgen.languages"
"""The group of entry points by which a package adds a language."""

_NAME = "[a-z][a-z0-9_-]*"

OWN = {
    "rust": "vmgen.languages.rust:Rust",
    "c": "vmgen.languages.c:C",
    "python": "vmgen.languages.python:Python",
    "layout": "vmgen.languages.text:Text",
    "gdb": "vmgen.languages.debuggers:Gdb",
    "lldb": "vmgen.languages.debuggers:Lldb",
}
"""vmgen's own languages by the name that `--lang` takes, in the order of output."""

BY_DEFAULT = ("rust", "c", "python", "layout")
"""Those that are written where nothing says which; others are asked for by name."""


class LanguageError(Exception):
    """A language that isn't there or can't be used; the message says which and why."""


@contextmanager
def blaming(name: str) -> Iterator[None]:
    """Raises `LanguageError`, with the name of the language, for whatever one of another
    package raises meanwhile."""
    try:
        yield
    except LanguageError:
        raise
    except Exception as error:
        if name in OWN or "VMGEN_TRACEBACK" in os.environ:
            raise
        raise LanguageError(
            f"the language `{name}` failed: {type(error).__name__}: {error}"
        ) from error


def language(name: str) -> Language:
    """The language of that name, imported when first asked for. Raises `LanguageError`."""
    return _loaded(name)


@cache
def _loaded(name: str) -> Language:
    own = OWN.get(name)
    if own is not None:
        module, _, attribute = own.partition(":")
        found: object = getattr(import_module(module), attribute)
    else:
        points = foreign().get(name)
        if points is None:
            raise LanguageError(f"no language `{name}`")
        if len(points) > 1:
            values = ", ".join(sorted(p.value for p in points))
            raise LanguageError(f"several packages have a language `{name}`: {values}")
        (point,) = points
        try:
            found = point.load()
        except (Exception, SystemExit) as error:
            # Whatever a foreign package raises while it is imported.
            raise LanguageError(
                f"the language `{name}` ({point.value}) doesn't load: "
                f"{type(error).__name__}: {error}"
            ) from error
    if not (isinstance(found, type) and issubclass(found, Language)):
        raise LanguageError(
            f"the language `{name}` is no subclass of vmgen.languages.language.Language"
        )
    if getattr(found, "name", None) != name:
        raise LanguageError(
            f"the language `{name}` doesn't say that this is its `name`"
        )
    try:
        return found()
    except Exception as error:
        raise LanguageError(
            f"the language `{name}` can't be made: {type(error).__name__}: {error}"
        ) from error


@cache
def foreign() -> Mapping[str, set[EntryPoint]]:
    """The languages of installed packages by name, none of them loaded. Takes a while:
    ask only when a name isn't in `OWN`. Names that can't be one of a folder are left out.
    """
    from importlib.metadata import entry_points

    found: dict[str, set[EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        if point.name not in OWN and re.fullmatch(_NAME, point.name):
            found.setdefault(point.name, set()).add(point)
    return found


def forget() -> None:
    """Look for languages anew when asked next, as after a package was installed."""
    _loaded.cache_clear()
    foreign.cache_clear()


def is_known(name: str) -> bool:
    """Whether there is a language of that name."""
    return name in OWN or name in foreign()


def known_names() -> list[str]:
    """All names, vmgen's own first."""
    return [*OWN, *sorted(foreign())]


def with_needed(names: Iterable[str]) -> tuple[str, ...]:
    """Languages and those that they need, vmgen's own first and in their usual order,
    those of other packages by name. Raises `LanguageError`."""
    chosen: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name in chosen:
            continue
        chosen.add(name)
        with blaming(name):
            for needed in language(name).needs:
                if not is_known(needed):
                    raise LanguageError(
                        f"the language `{name}` needs `{needed}`, which isn't there"
                    )
                waiting.append(needed)
    own = [name for name in OWN if name in chosen]
    return (*own, *sorted(chosen - set(own)))


def packages(names: Iterable[str]) -> list[str]:
    """The folders of the packages that other packages' languages came from; of a
    module without a folder, its file."""
    found = []
    for name in names:
        if name not in OWN:
            package = type(language(name)).__module__.partition(".")[0]
            module = sys.modules[package]
            found += [*getattr(module, "__path__", [module.__file__])]
    return found
