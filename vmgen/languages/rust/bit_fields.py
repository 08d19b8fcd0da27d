"""Bit-fields, which Rust has none of: bytes, and methods that read and write bits of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.bit_fields import is_signed, number_in
from vmgen.languages.rust.bit_storage import storage_of
from vmgen.languages.rust.docs import INDENT
from vmgen.languages.rust.item import BitFieldView
from vmgen.languages.rust.members import Member, field_doc, member, only_on
from vmgen.languages.rust.names import free, spelled
from vmgen.schema.types import Int, Named, Primitive
from vmgen.targets.conditions import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.analysis.bit_fields import Number
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Part, Record

BOOL = Primitive("bool")
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
        storage = storage_of(record, tables.job.module.types)
        taken += [*storage.units, *storage.runs]
        parts = [part for run in storage.runs.values() for part in run.parts]
        self._methods = [part.name for part in parts]
        for name, number in storage.units.items():
            # A `bool` has the size of a byte, and no other reading.
            unit = spelling.type(Int("u8") if number == BOOL else number)
            unit_member = member("", name, f"{HOME}::Unit<{unit}>", None)
            asked = [part.on for part in parts if self._of(part) == number]
            on = any_of([o for o in asked if o is not None]) if all(asked) else None
            self.aligning.append(only_on(on, unit_member))
        for name, run in storage.runs.items():
            length = self._number(run.lengths)
            if not length.isdigit():
                length = f"{{ {length} }}"
            text = f"{HOME}::Bits<{length}>"
            self.members[run.parts[0].name] = [member("", name, text, None)]
            for part, first in zip(run.parts, run.first_bits, strict=True):
                self.views.append(self._view(part, name, self._number(first)))

    def _of(self, part: Part) -> Number:
        """What a bit-field is bits of."""
        found = number_in(part.type, self._tables.job.module.types)
        assert found is not None
        return found

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
        number, width = self._of(part), part.bits[0].width
        kind = "signed" if is_signed(number) else "unsigned"
        found = f"{HOME}::{kind}(&self.{storage}.0, {first}, {width})"
        type = self._spelling.type(number)
        said, given = f"Sets it to the lowest {width} bits of `value`.", "value as u64"
        if number == BOOL:
            said, read = "Sets it.", f"{found} != 0"
        elif isinstance(part.type, Named) and (
            part.type.name not in self._tables.existing
        ):
            enum = self._spelling.type(part.type)
            read, given = f"{enum}({found} as {type})", "value.0 as u64"
            type = enum
        else:
            read = f"{found} as {type}"
        return BitFieldView(
            doc=field_doc(part),
            name=spelled(part.name),
            type=type,
            read=read,
            setter=setter,
            said=said,
            storage=f"self.{storage}.0",
            place=f"{first}, {width}",
            given=given,
            cfg=f"{INDENT}#[cfg({part.on.rust})]\n" if part.on is not None else "",
        )
