"""Which members of a Rust struct have its bit-fields, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.bit_fields import number_in
from vmgen.languages.rust.names import free
from vmgen.layout.bit_runs import runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.analysis.bit_fields import Number
    from vmgen.layout.bit_runs import Run
    from vmgen.layout.parts import Record
    from vmgen.schema import model as m


class Storage(msgspec.Struct, frozen=True):
    """The members by name: `units` take no room, and align the record as each number does
    that it has bits of; `runs` are the bytes of bit-fields that follow each other."""

    units: dict[str, Number]
    runs: dict[str, Run]


def storage_of(record: Record, types: Mapping[str, m.Declaration]) -> Storage:
    """The members for the bit-fields of a record, by names that no part of it has."""
    taken = [part.name for part in record.parts]
    found = runs(record.parts, record.layouts)
    numbers: dict[Number, None] = {}
    for run in found:
        for part in run.parts:
            number = number_in(part.type, types)
            assert number is not None
            numbers[number] = None
    units = {_free("_unit", taken): number for number in numbers}
    return Storage(units, {_free("_bits", taken): run for run in found})


def _free(stem: str, taken: list[str]) -> str:
    name = free(f"{stem}{sum(each.startswith(stem) for each in taken)}", taken)
    taken.append(name)
    return name
