"""Shapes of texts that lead to parts of types."""

from __future__ import annotations

from vmgen.schema.shapes import Name, Text


class FieldPath(Text, frozen=True):
    """A path of fields, as `limits.num_slots`: from what it is said of on, or if it is
    `whole` from the name of a type on."""

    whole: bool = False


class NameOrPart(Name, frozen=True):
    """A name, or a part of a type, as `Type.part`."""
