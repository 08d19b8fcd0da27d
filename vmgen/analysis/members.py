"""What declarations are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Sequence

Member = m.Field | m.Variant | m.Slot | m.Region
"""What has a name of its own in a declaration, and allows; counts have none."""


def members_of(declared: m.Declaration) -> Sequence[Member]:
    """What a declaration is made of, in the order written; of a context its fields and
    its regions."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            return fields
        case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
            return variants
        case m.Functions(slots=slots):
            return slots
        case m.Context(fields=fields, regions=regions):
            return (*fields, *regions)
        case _:
            return ()
