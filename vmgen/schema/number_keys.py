"""Numbers that keys have: alignments, packings, bytes."""

from __future__ import annotations

from vmgen.schema.composite_shapes import Key
from vmgen.schema.shapes import Number, PowerOfTwo

ALIGN = PowerOfTwo(1, 1 << 28)
PACKING = PowerOfTwo(1, 16)
BYTES = Number(0, 1 << 62)

BITS = Key(
    Number(0),
    "The width of a bit-field, laid out as the target's C compilers do.",
    "bits: 3",
)
FIELD_ALIGN = Key(
    ALIGN, "At least this alignment for this one field, in bytes.", "align: 64"
)
