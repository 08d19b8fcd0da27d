"""The keys of fields that are declared in place, or end a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema.composite_shapes import Key, Later
from vmgen.schema.name_keys import TYPE_NAME
from vmgen.schema.path_shapes import FieldPath
from vmgen.schema.shapes import Flag

if TYPE_CHECKING:
    from collections.abc import Callable

    from vmgen.schema.shapes import Shape


def in_place_keys(fields: Callable[[], Shape]) -> dict[str, Key]:
    """`fields` gives the shape of a record's fields, which these are part of."""
    return {
        "struct": Key(
            Later(fields),
            "Instead of a type: the fields of a struct that is declared in place.",
            "struct: {a: u32, b: u32}",
        ),
        "union": Key(
            Later(fields),
            "Instead of a type: the members of a union that is declared in place.",
            "union: {i: i32, u: u32}",
        ),
        "length": Key(
            FieldPath("a path of fields"),
            "Of a last field `[T]`: where its length can be read.",
            "length: num_entries",
        ),
        "anonymous": Key(
            Flag(),
            "`true`: C has no name for the field, and what is in place is as if it were "
            "the record's own.",
            "anonymous: true",
        ),
        "name": Key(
            TYPE_NAME,
            "The name of the type that is declared in place.",
            "name: KvmExit",
        ),
    }
