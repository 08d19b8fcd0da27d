"""Bit-fields, which Rust has none of: bytes, and methods that read and write bits of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.rust.docs import INDENT
from vmgen.languages.rust.item import BitFieldView
from vmgen.languages.rust.members import Member, field_doc, member, only_on
from vmgen.languages.rust.names import free, spelled
from vmgen.layout.bit_runs import runs
from vmgen.schema.types import CNumber
from vmgen.targets.conditions import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.rust.spelling import Spelling
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Part, Record
    from vmgen.schema.types import Type
    from vmgen.targets.conditions import Condition

HOME = "vmgen_bit_fields"
"""The module of what reads and writes bits."""


class BitFields:
    """The bit-fields of one record: `members` has what stands where a run of them begins, by
    the name of its first one, and `views` the methods."""

    def __init__(
        self, record: Record, tables: Tables, spelling: Spelling, taken: list[str]
    ) -> None:
        self._tables = tables
        self._spelling = spelling
        self.members: dict[str, list[Member]] = {}
        self.views: list[BitFieldView] = []
        self.aligning: list[Member] = []
        found = runs(record.parts, record.layouts)
        self._methods = [part.name for run in found for part in run.parts]
        asked: dict[Type, list[Condition | None]] = {}
        for part in (part for run in found for part in run.parts):
            asked.setdefault(part.type, []).append(part.on)
        for type, conditions in asked.items():
            name = _free("_unit", taken)
            text = f"{HOME}::Unit<{spelling.type(type)}>"
            on = None if None in conditions else any_of(conditions)
            self.aligning.append(only_on(on, member("", name, text, None)))
        for run in found:
            storage = _free("_bits", taken)
            length = self._number(run.lengths)
            if not length.isdigit():
                length = f"{{ {length} }}"
            text = f"{HOME}::Bits<{length}>"
            self.members[run.parts[0].name] = [member("", storage, text, None)]
            for part, first in zip(run.parts, run.first_bits, strict=True):
                self.views.append(self._view(part, storage, self._number(first)))

    def _number(self, row: Sequence[int]) -> str:
        """An expression of a row with an entry per layout class: the host's number."""
        numbers = self._tables.models.numbers(row)
        if len(set(numbers)) == 1:
            return str(numbers[0])
        return f"[{', '.join(map(str, numbers))}][vmgen_checks::HOST as usize]"

    def _view(self, part: Part, storage: str, first: str) -> BitFieldView:
        # Two underscores that follow each other are none of Rust's style.
        setter = free(f"set_{part.name.lstrip('_') or part.name}", self._methods)
        self._methods.append(setter)
        return BitFieldView(
            doc=field_doc(part),
            name=spelled(part.name),
            setter=setter,
            type=self._spelling.type(part.type),
            storage=storage,
            first=first,
            width=part.bits[0].width,
            signed=_is_signed(part.type),
            cfg=f"{INDENT}#[cfg({part.on.rust})]\n" if part.on is not None else "",
        )


def _free(stem: str, taken: list[str]) -> str:
    name = free(f"{stem}{sum(each.startswith(stem) for each in taken)}", taken)
    taken.append(name)
    return name


def _is_signed(type: Type) -> bool:
    return bool(type.is_signed) if isinstance(type, CNumber) else str(type)[0] == "i"
