"""The kinds of C's numbers, of which some are the target's own."""

from __future__ import annotations

import ctypes

from .hints import TYPE_CHECKING, Any, Final, cast
from .words import Float, Word, fitting

if TYPE_CHECKING:
    from .kinds import Kind
    from .models import Model

CTYPES: Final[dict[str, Any]] = {
    "c_char": ctypes.c_byte, "c_schar": ctypes.c_byte, "c_uchar": ctypes.c_ubyte,
    "c_short": ctypes.c_short, "c_ushort": ctypes.c_ushort, "c_int": ctypes.c_int,
    "c_uint": ctypes.c_uint, "c_long": ctypes.c_long, "c_ulong": ctypes.c_ulong,
    "c_longlong": ctypes.c_longlong, "c_ulonglong": ctypes.c_ulonglong,
    "c_float": ctypes.c_float, "c_double": ctypes.c_double, "size_t": ctypes.c_size_t,
    "ssize_t": ctypes.c_ssize_t,
}  # fmt: skip
"""What stores each on this host, if its `char` has a sign."""


class CNumber(Word):
    """A number of C's whose width or sign is the target's: `aligned` is the fact of a model
    that says it, in bytes, or of ``c_char`` whether it is signed."""

    def size(self, model: Model | None) -> int:
        return self.width or cast("Model", model).aligns[cast("str", self.aligned)]

    def align(self, model: Model | None) -> int:
        if self.width:
            return self.width
        return cast("Model", model).aligns.get(f"u{8 * self.size(model)}", 1)

    def code(self, model: Model) -> str:
        letter = {1: "b", 2: "h", 4: "i", 8: "q"}[self.size(model)]
        return letter if self._signed_on(model) else letter.upper()

    def dtype_in(self, prefix: str, model: Model) -> Any:
        from .dtypes import word

        letter = "i" if self._signed_on(model) else "u"
        return word(prefix, letter, self.size(model))

    def raw(self, value: Any, model: Model) -> Any:
        return fitting(value, self.size(model), self._signed_on(model), self.spelling)

    def _signed_on(self, model: Model) -> bool:
        if self.aligned == "c_char":
            return bool(model.aligns["c_char"])
        return self.signed


def c_number(name: str, host: Model | None) -> Kind:
    """The kind of one of C's numbers; `host` is this process's data model."""
    ctype, signed = CTYPES[name], not name.startswith(("c_u", "size"))
    if name in ("size_t", "ssize_t"):
        return Word(name, ctype, 0, "pointer", signed)
    if name == "c_char":
        if host and not host.aligns["c_char"]:
            ctype, signed = ctypes.c_ubyte, False
        return CNumber(name, ctype, 1, "c_char", signed)
    width = ctypes.sizeof(ctype)
    if name in ("c_float", "c_double"):
        return Float(name, ctype, width, f"f{8 * width}")
    if name in ("c_int", "c_uint", "c_long", "c_ulong"):
        return CNumber(name, ctype, 0, name.replace("_u", "_"), signed)
    return Word(name, ctype, width, f"u{8 * width}" if width > 1 else 1, signed)
