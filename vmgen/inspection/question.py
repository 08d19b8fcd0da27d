"""What is asked about a memory, and the trees that answer it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from vmgen.inspection.bindings import bindings
from vmgen.inspection.known import known
from vmgen.inspection.machine import target_of
from vmgen.inspection.symbols import Symbols
from vmgen.languages.python.runtime.errors import NoPath
from vmgen.languages.python.runtime.paths import Place, Places, find
from vmgen.languages.python.runtime.records import Body
from vmgen.languages.python.runtime.search import search
from vmgen.languages.python.runtime.space import Space
from vmgen.languages.python.runtime.walk import Walk
from vmgen.reading.diagnostics import did_you_mean
from vmgen.schema.model import Context

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.languages.python.runtime.kinds import Kind
    from vmgen.languages.python.runtime.memory import Memory
    from vmgen.languages.python.runtime.tree import Node
    from vmgen.layout.layouts import Layouts

MOST = 1_000
"""How many that are found are shown, at most."""


class Question:
    """A memory seen by a schema: the first of `layouts`; the others are of the modules
    that it uses. `symbols` says whether symbol tables can be read.

    Raises `BinaryError` where the memory's target isn't known.
    """

    def __init__(
        self,
        layouts: Sequence[Layouts],
        memory: Memory,
        target: str | None,
        counts: Mapping[str, int],
        *,
        depth: int,
        elements: int,
        symbols: bool,
    ) -> None:
        self.layouts = layouts[0]
        self.memory = memory
        self.counts = counts
        self.depth = depth
        self.elements = elements
        own = {t.name for t in self.layouts.module.targets}
        if target is not None and target not in own:
            hint = "".join(f", {h}" for h in did_you_mean(target, own))
            raise NoPath(f"the schema has no target `{target}`{hint}")
        self.target = target_of(memory, self.layouts, target)
        self._made = bindings(layouts)
        self._reads_symbols = symbols
        self._symbols = Symbols(memory, tables=symbols)
        self._known = known(layouts, self._made, self._symbols.name)

    def only_context(self) -> str:
        """The schema's context, if it declares one alone. Raises NoPath."""
        own = self.layouts.module.own_types
        contexts = [n for n, declared in own.items() if isinstance(declared, Context)]
        if len(contexts) == 1:
            return contexts[0]
        which = f", one of its contexts {', '.join(contexts)}" if contexts else ""
        raise NoPath(f"say which type is there, as TYPE@ADDRESS{which}")

    def address(self, symbol: str) -> int:
        """Where what has a symbol is. Raises NoPath where none has, or several."""
        if not self._reads_symbols:
            raise NoPath(
                "symbols are read with a package that isn't installed (pyelftools); "
                "install it with pip install 'vmgen[binaries]'"
            )
        found = self._symbols.addresses(symbol)
        if not found:
            raise NoPath(f"no file that is mapped there has the symbol `{symbol}`")
        if len(found) > 1:
            where = ", ".join(f"{address:#x}" for address in found)
            raise NoPath(f"`{symbol}` is in several places: {where}")
        return found[0]

    def found(self, name: str) -> list[int]:
        """The addresses of all that may be of a type. Raises NoPath where none may, or
        the type has nothing to be found by."""
        kind = self._known.type(name)
        found = [*islice(search(self._places(kind), kind, self.memory.search), MOST)]
        if not found:
            raise NoPath(f"nothing there can be a `{name}`")
        return found

    def _places(self, kind: Kind) -> Places:
        assert kind.source is not None
        space = Space.of(self.memory, kind.source.targets, self.target)
        return Places(space, self._known, self.counts)

    def trees(self, name: str, address: int, fields: Sequence[str]) -> Iterator[Node]:
        """What is at an address, or what each path leads to from there. Raises NoPath,
        and Unmapped where nothing of it can be read."""
        for path in fields or ("",):
            kind = self._known.type(name)
            places = self._places(kind)
            walk = Walk(places, depth=self.depth, elements=self.elements)
            place = Place(kind, address, name)
            if path:
                place = find(places, kind, address, path)
            if _has_bytes(place, places):
                self.memory.read(place.address, 1)
            yield walk.tree_at(place, path)


def _has_bytes(place: Place, places: Places) -> bool:
    """Whether anything is to be read of what is at a place. A prefix has fields, and no
    size."""
    kind = place.kind
    if isinstance(kind, Body) and kind.goes_on:
        return bool(kind.layout.kinds)
    return kind.size(places.model) > 0 and place.count != 0
