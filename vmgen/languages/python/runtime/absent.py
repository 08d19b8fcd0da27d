"""What a field is on a target that it isn't there on."""

from __future__ import annotations

import ctypes

from .hints import TYPE_CHECKING, Any, Callable, Final
from .kinds import Kind

if TYPE_CHECKING:
    from .models import Model
    from .space import Space


class Absent(Kind):
    """Nothing: it has no bytes, and reads as None."""

    ctype = ctypes.c_uint8 * 0
    readonly = True
    absent = True

    def size(self, model: Model | None) -> int:
        return 0

    def align(self, model: Model | None) -> int:
        return 1

    def live(self, address: int, owner: object) -> Any:
        return None

    def live_reader(self, field: Any, stored: str, name: str) -> Callable[[Any], Any]:
        return lambda record: None

    def raw_there(self, address: int, space: Space) -> Any:
        return b""

    def dtype(self, model: Model) -> Any:
        from .dtypes import void

        return void(0)

    def see(self, raw: Any, model: Model | None) -> Any:
        return None

    def raw(self, value: Any, model: Model) -> Any:
        return b""


ABSENT: Final[Absent] = Absent("()")
