"""Records in another memory, each field of which is read when it is asked for."""

from __future__ import annotations

from .errors import NullPointer
from .hints import TYPE_CHECKING, Any
from .images import stand_in
from .seen import View, placed

if TYPE_CHECKING:
    from .layouts import Layout
    from .space import Space


def view(layout: Layout, face: Any, address: int, space: Space) -> Any:
    """A record at an address of a space, seen as an instance of `face`."""
    if layout.views is None:
        layout.views = {}
    made = layout.views.get(face)
    if made is None:
        parts = stand_in(layout.cls, face, _fields(layout))
        made = type(face.__name__, (View,), {**parts, "_vm": layout})
        layout.views[face] = made
    return placed(made, address, space)


def _fields(layout: Layout) -> dict[str, Any]:
    """What reads each field of a view."""
    parts: dict[str, Any] = {
        name: _field(layout, position, name)
        for position, name in enumerate(layout.names)
    }
    if layout.category == "tagged":
        parts["value"] = property(View._variant)
    return parts


def _field(layout: Layout, position: int, name: str) -> property:
    def read(self: View) -> Any:
        address, space = self._vm_there
        own = layout.source.targets.own(space.model)
        at = address + layout.row(own)[position + 2]
        try:
            return layout.kinds_on(own)[position].there(at, space)
        except NullPointer as error:
            raise NullPointer(f"{layout.name}.{name}: {error}") from None

    return property(read)
