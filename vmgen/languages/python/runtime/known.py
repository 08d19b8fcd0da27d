"""What a schema says of memory beyond layouts."""

from __future__ import annotations

from .errors import NoPath, did_you_mean
from .hints import TYPE_CHECKING, Callable, Mapping, Sequence
from .kinds import Bodiless

if TYPE_CHECKING:
    from .kinds import Kind
    from .layouts import Layout


class Known:
    """What a schema says beyond layouts; any of it may be left out.

    `names` are those of a record's parts, where a generated class has others, by the
    class's name. `bits` are names and masks by record and part. `counts` says of a context
    where each of its counts is stored, as a path from the context. `symbol` names what is
    at an address, with an empty text where nothing is known. `types` are the kinds that
    paths may name.
    """

    def __init__(
        self,
        names: Mapping[str, Sequence[str]] | None = None,
        bits: Mapping[tuple[str, str], Sequence[tuple[str, int]]] | None = None,
        counts: Mapping[str, Mapping[str, str]] | None = None,
        symbol: Callable[[int], str] | None = None,
        types: Mapping[str, Kind] | None = None,
    ) -> None:
        self.names = names or {}
        self.bits = bits or {}
        self.counts = counts or {}
        self.symbol = symbol or (lambda address: "")
        self.types = types or {}

    def type(self, name: str) -> Kind:
        """The kind of a type. Raises NoPath for one that isn't known or has no size."""
        kind = self.types.get(name)
        if kind is None:
            hint = did_you_mean(name, self.types)
            raise NoPath(f"the schema has no type `{name}`{hint}")
        if isinstance(kind, Bodiless):
            raise NoPath(f"nothing is known of what is in a `{name}`")
        return kind

    def parts(self, layout: Layout) -> Sequence[str]:
        """The names of a record's parts."""
        return self.names.get(layout.name, layout.names)
