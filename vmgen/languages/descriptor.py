"""The layouts of a module as text that a binary carries: `docs/descriptor.md` defines it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.job import Job
    from vmgen.layout.models import Models
    from vmgen.layout.parts import Part, Record

VERSION = 1
"""Version of the header and of the text."""


def descriptor_text(job: Job, models: Models) -> str:
    """The layouts as JSON of one line, in ASCII; numbers are bytes.

    A number that isn't the same on all data models is a list with one for each, in the
    order of `models`. Names are the schema's.
    """
    module, layouts = job.module, job.layouts.by_schema
    said = {
        "module": module.name,
        "schema": module.family,
        "versions": [[version.first, version.last] for version in module.listed],
        "models": [model.name for model in models.all],
        "types": {
            record.name: _record(record, models)
            for record in layouts.records()
            if record.name in layouts.module.own_types
            and not isinstance(record.declared, m.Opaque)
        },
    }
    return json.dumps(said, separators=(",", ":"))


def _record(record: Record, models: Models) -> list[Any]:
    """Size, alignment, the offset of each part, and of a context its regions: each with
    what it is rounded up to, its stride, its count and its flag."""
    made: list[Any] = [
        _number([layout.size for layout in record.layouts], models),
        _number([layout.align for layout in record.layouts], models),
    ]
    if record.parts or record.regions:
        made.append({part.name: _place(part, models) for part in record.parts})
    if record.contexts:
        made.append(
            {
                region.name: [
                    _number([one.round_to for one in region.layouts], models),
                    _number([one.stride for one in region.layouts], models),
                    region.layouts[0].count,
                    region.layouts[0].when,
                ]
                for region in record.regions
            }
        )
    return made


def _place(part: Part, models: Models) -> int | list[int] | list[int | None]:
    """Where a part is; None on data models in which it isn't there."""
    found = _number(part.offsets, models)
    if not part.absent:
        return found
    offsets = models.numbers(part.offsets)
    there = models.numbers(
        [int(i not in part.absent) for i in range(len(part.offsets))]
    )
    return [
        at if is_there else None for at, is_there in zip(offsets, there, strict=True)
    ]


def _number(row: Sequence[int], models: Models) -> int | list[int]:
    numbers = models.numbers(row)
    return numbers[0] if len(set(numbers)) == 1 else numbers


def pieces(text: str, width: int) -> list[str]:
    """A text in pieces of so many characters; the last may be shorter. None begins with a
    space, which a string that goes on in another line would lose."""
    found = []
    while text:
        end = width
        while text[end : end + 1] == " ":
            end -= 1
        found.append(text[:end])
        text = text[end:]
    return found
