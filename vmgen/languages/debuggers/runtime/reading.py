"""Memory by the layouts of the Python bindings, as lines of text: the command `vmgen`.

Debug information isn't asked: what is where says the schema alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

USAGE = (
    "vmgen [MODULE.]TYPE ADDRESS [COUNT=N ...] [--field PATH] [--depth N] "
    "[--elements N] [--target TRIPLE]"
)

COUNTS_USAGE = "vmgen-counts [MODULE.]CONTEXT [COUNT=N ...]"


class Refused(Exception):
    """What can't be done; the message says why."""


class Debugger(NamedTuple):
    """What is asked of a debugger: `fetch` gives up to so many bytes at an address, none
    where there are none; `number` what an expression comes to, `symbol` what is at an
    address, empty where that isn't known. `order` is "little" or "big", `pointer` the
    bytes of an address."""

    fetch: Callable[[int, int], bytes]
    number: Callable[[str], int]
    symbol: Callable[[int], str]
    order: str
    pointer: int


class Bindings(NamedTuple):
    """Where the Python bindings of a module are: a folder, and the package that they say
    they are in, empty for none. The rest is what the schema says beside them, as
    `vmgen_runtime.known` takes it: names of parts that have others in Python, bits of
    fields, and where counts are stored; and `classes` what Python calls those types that
    have other names in the schema or in programs."""

    module: str
    folder: str
    package: str
    names: dict[str, list[str]]
    bits: dict[tuple[str, str], list[tuple[str, int]]]
    counts: dict[str, dict[str, str]]
    classes: dict[str, str] = {}  # noqa: RUF012

    def load(self) -> ModuleType:
        """The module, imported when first asked for. Raises Refused."""
        name = f"{self.package}.{self.module}" if self.package else self.module
        if name in sys.modules:
            return sys.modules[name]
        sys.path.insert(0, self.folder)
        try:
            self._packages()
            return self._imported(name)
        except (ImportError, SyntaxError) as error:
            raise Refused(
                f"the Python bindings of {self.module} in {self.folder} can't be used: "
                f"{error}"
            ) from None
        finally:
            sys.path.remove(self.folder)

    def runtime(self, part: str) -> Any:
        """A part of the bindings' runtime. Raises Refused."""
        self.load()
        before = f"{self.package}." if self.package else ""
        return import_module(f"{before}vmgen_runtime.{part}")

    def _imported(self, name: str) -> ModuleType:
        try:
            return import_module(name)
        except ImportError:
            # No target of the schema is like the machine that the debugger runs on.
            before = f"{self.package}." if self.package else ""
            import_module(f"{before}vmgen_runtime.models").set_host(None)
            return import_module(name)

    def _packages(self) -> None:
        """Packages that needn't be there: the folder is taken for the innermost one."""
        words = self.package.split(".") if self.package else []
        for end in range(1, len(words) + 1):
            name = ".".join(words[:end])
            if name not in sys.modules:
                package = sys.modules[name] = ModuleType(name)
                package.__path__ = [self.folder] if end == len(words) else []


class Reader:
    """The bindings that are loaded, and the counts that were told of contexts."""

    def __init__(self) -> None:
        self._bindings: dict[str, Bindings] = {}
        self._counts: dict[tuple[str, str], dict[str, int]] = {}

    def add(self, bindings: Bindings) -> None:
        """Take in a module's; the last one is looked at first."""
        self._bindings.pop(bindings.module, None)
        self._bindings[bindings.module] = bindings

    def told(self, words: list[str], debugger: Debugger) -> Iterator[str]:
        """The lines that the command `vmgen` prints. Raises Refused."""
        said = _said(words, debugger)
        if len(said.places) != 2 or said.refused:
            raise Refused(f"usage: {USAGE}")
        bindings, name = self._of(said.places[0])
        counts = {**self._counts.get((bindings.module, name), {}), **said.counts}
        address = debugger.number(said.places[1])
        yield from self._lines(bindings, name, address, counts, said.options, debugger)

    def remember(self, words: list[str], debugger: Debugger) -> str:
        """What the command `vmgen-counts` does; what it prints. Raises Refused."""
        said = _said(words, debugger)
        if len(said.places) != 1 or said.options or said.refused:
            raise Refused(f"usage: {COUNTS_USAGE}")
        bindings, name = self._of(said.places[0])
        layout = _context(bindings, name)
        if layout is None:
            raise Refused(f"{name} is no context: it takes no counts")
        try:
            layout.checked(said.counts)
        except (TypeError, OverflowError) as error:
            raise Refused(str(error)) from None
        self._counts[bindings.module, name] = said.counts
        told = ", ".join(f"{count} = {n}" for count, n in said.counts.items())
        return f"{bindings.module}.{name}: {told or 'its counts are forgotten'}"

    def whole(
        self, module: str, name: str, address: int, debugger: Debugger
    ) -> str | None:
        """A context as text, with the counts that were told; None without bindings."""
        bindings = self._bindings.get(module)
        if bindings is None:
            return None
        name = bindings.classes.get(name, name)
        counts = self._counts.get((module, name), {})
        try:
            options = {"depth": "0"}
            lines = self._lines(bindings, name, address, counts, options, debugger)
            return "\n".join(lines)
        except Refused:
            return None

    def names(self) -> list[str]:
        """Every type that can be asked for, for completion."""
        found: dict[str, None] = {}
        for bindings in self._bindings.values():
            try:
                loaded = bindings.load()
            except Refused:
                continue
            kinds = bindings.runtime("kinds").modules[loaded.__name__]
            found.update(dict.fromkeys(n for n in vars(loaded) if _is_type(kinds, n)))
        return sorted(found)

    def _of(self, spelled: str) -> tuple[Bindings, str]:
        """The bindings that have a type, and its name. Raises Refused."""
        module, _, name = spelled.rpartition(".")
        if module and module not in self._bindings:
            known = ", ".join(sorted(self._bindings))
            raise Refused(f"no script of a module {module} is loaded, only of {known}")
        faults = []
        for bindings in reversed(list(self._bindings.values())):
            if module and bindings.module != module:
                continue
            try:
                loaded = bindings.load()
            except Refused as error:
                faults.append(str(error))
                continue
            known = bindings.classes.get(name, name)
            if _is_type(bindings.runtime("kinds").modules[loaded.__name__], known):
                return bindings, known
        if faults:
            raise Refused("; ".join(faults))
        modules = module or ", ".join(sorted(self._bindings))
        raise Refused(f"{modules} has no type {name}")

    def _lines(
        self,
        bindings: Bindings,
        name: str,
        address: int,
        counts: dict[str, int],
        options: dict[str, str],
        debugger: Debugger,
    ) -> Iterator[str]:
        walk, tree = bindings.runtime("walk"), bindings.runtime("tree")
        paths, errors = bindings.runtime("paths"), bindings.runtime("errors")
        kind = bindings.runtime("pointers").kind_of(getattr(bindings.load(), name))
        kind = kind.pointed or kind
        layout = _context(bindings, name)
        try:
            if counts and layout is None:
                raise Refused(f"{name} is no context: it takes no counts")
            if layout is not None:
                layout.checked(counts)
            memory = _memory(bindings.runtime("memory"), errors, debugger)
            targets = kind.source.targets
            space_of = bindings.runtime("space").Space.of
            space = space_of(memory, targets, options.get("target"))
            known = bindings.runtime("known").Known(
                bindings.names, bindings.bits, bindings.counts, debugger.symbol
            )
            places = paths.Places(space, known, counts)
            walker = walk.Walk(
                places,
                depth=_natural(options, "depth", walk.DEPTH),
                elements=_natural(options, "elements", walk.ELEMENTS),
            )
            path = options.get("field", "")
            place = paths.Place(kind, address, name)
            if path:
                place = paths.find(places, kind, address, path)
            yield from tree.lines(walker.tree_at(place, path))
        except errors.UnknownTarget as error:
            more = "" if "target" in options else ": --target TRIPLE"
            raise Refused(f"{error}{more}") from None
        except (TypeError, OverflowError, ValueError) as error:
            raise Refused(str(error)) from None


class _Said(NamedTuple):
    """Words of a command: places are those that are neither counts nor options; `refused`
    says that one was none of these."""

    places: list[str]
    counts: dict[str, int]
    options: dict[str, str]
    refused: bool


def _said(words: list[str], debugger: Debugger) -> _Said:
    places: list[str] = []
    counts: dict[str, int] = {}
    options: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word.startswith("--"):
            key = name[2:]
            value = value if equals else next(rest, "")
            if key not in ("depth", "elements", "field", "target") or not value:
                return _Said(places, counts, options, True)
            options[key] = value
        elif equals and len(places) > 0 and name.isidentifier():
            counts[name] = debugger.number(value)
        else:
            places.append(word)
    return _Said(places, counts, options, False)


def _natural(options: dict[str, str], key: str, otherwise: int) -> int:
    text = options.get(key)
    if text is None:
        return otherwise
    if not text.isdecimal() or len(text) > 9:
        raise Refused(f"--{key} takes a number, {text} is none")
    return int(text)


def _is_type(kinds: Any, name: str) -> bool:
    """Whether a name of bindings is that of a type that can be read."""
    face = kinds.namespace.get(name)
    return isinstance(face, type) and (name in kinds or name in kinds.layouts)


def _context(bindings: Bindings, name: str) -> Any:
    """The layout of a context; None of another type."""
    layout = getattr(getattr(bindings.load(), name), "_vm", None)
    return layout if hasattr(layout, "regions") else None


def _memory(runtime: Any, errors: Any, debugger: Debugger) -> Any:
    """A debugger's memory as the bindings' runtime reads it."""

    class Inferior(runtime.Memory):  # type: ignore[misc]
        order, pointer = debugger.order, debugger.pointer

        def _fetch(self, address: int, size: int) -> bytes:
            return debugger.fetch(address, size)

    return Inferior()


reader = Reader()
