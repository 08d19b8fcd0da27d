"""Fields of ctypes with private padding between them, for what it would place elsewhere."""

from __future__ import annotations

import ctypes
import sys

from .hints import TYPE_CHECKING, Any, Sequence
from .layouts import OPEN
from .models import raise_alignment

if TYPE_CHECKING:
    from .layouts import Layout
    from .models import Model


def align_to(cls: Any, align: int) -> None:
    """Align a type to at least that. In a `Structure` of the user's own it would silently
    be placed wrong otherwise, so that is an ImportError."""
    if not raise_alignment(cls, align):
        raise ImportError(
            f"the ctypes of this Python can't align {cls.__name__} to {align}, "
            "that of 3.13 can; to read and write bytes without native access, "
            "call vmgen_runtime.set_host(None) before this import"
        )


def end_of(fields: Sequence[Any]) -> int:
    """Where the last of some fields of ctypes ends."""
    return fields[-1].offset + fields[-1].size if fields else 0


def padding(end: int, length: int) -> tuple[str, Any]:
    """So many bytes behind what ends there, that are no field's."""
    return f"_vm_padding_{end}", ctypes.c_uint8 * length


def set_aligned(layout: Layout, host: Model, fields: list[tuple[str, Any]]) -> None:
    """Give a record's class its fields, and tell ctypes the record's alignment."""
    cls, align = layout.cls, layout.align_on(host)
    if sys.version_info >= (3, 13):
        cls._align_ = align
    cls._fields_ = fields
    if sys.version_info < (3, 13):
        align_to(cls, align)


def set_padded(layout: Layout, host: Model) -> None:
    """Give a record's class its fields where ctypes would place some too low.

    That is a word that it has no type for, or one that is aligned to more than it
    knows; a record's own alignment is told to ctypes.
    """
    fields: list[tuple[str, Any]] = []
    end = 0
    union = layout.category == "union"
    for name, kind in zip(layout.names, layout.kinds_on(host), strict=True):
        size = kind.size(host)
        least = 1 if kind.absent else layout.least.get(name, 1)
        below = max(kind.align(host), least) - 1
        gap = 0 if union else -end & below
        if gap:
            fields.append(padding(end, gap))
        fields.append((name, kind.ctype))
        end = max(end, size) if union else end + gap + size
    if layout.category in OPEN:
        layout.cls._fields_ = fields
        return
    gap = -end & (layout.align_on(host) - 1)
    if gap:
        fields.append(padding(end, end + gap if union else gap))
    set_aligned(layout, host, fields)
