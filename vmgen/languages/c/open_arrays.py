"""Arrays of any length in unions, which C has none of.

GNU's C has them without a length, and they can be indexed there. Elsewhere the member is the
byte at which the array begins, aligned as its elements are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.names import member_name
from vmgen.layout.inside import is_anonymous
from vmgen.schema import model as m
from vmgen.schema.types import Named, OpenArray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.c.declarators import Declarator, Declarators
    from vmgen.languages.c.names import Names
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record


class OpenArrays:
    """Declares those of one module."""

    def __init__(
        self, layouts: Layouts, names: Names, declarators: Declarators
    ) -> None:
        self._module = layouts.module
        self._layouts = layouts
        self._names = names
        self._of = declarators.of

    def alignments(self, record: Record) -> Iterator[tuple[str, str, str, int]]:
        """Unions that are aligned as the elements are, to be declared before a record and what
        is anonymous in it: comment, first line, member, and the packing of the record.
        """
        declared = record.declared
        for part in record.parts:
            if is_anonymous(part):
                assert isinstance(part.type, Named)
                yield from self.alignments(self._layouts.of(part.type.name))
            elif isinstance(declared, m.Union) and isinstance(part.type, OpenArray):
                doc = f"/* How {record.name}.{part.name} is aligned. */"
                member = f"{self._of(part.type.element).name('it')};"
                packed = declared.packed.number if declared.packed else 0
                yield doc, f"union {self._measured(record, part)}", member, packed

    def _measured(self, record: Record, part: Part) -> str:
        name = self._names.identifier(record.name)
        return f"vmgen_alignment_in_{name}_{member_name(part.name)}"

    def member(
        self, record: Record, part: Part, declarator: Declarator, align: str
    ) -> list[str]:
        """The lines of the member, which is aligned to `align` besides if that is given."""
        name = member_name(part.name)
        packed = f"vmgen_packed_in_{self._module.name}"
        measured = f"VMGEN_ALIGNOF(union {self._measured(record, part)})"
        asked = part.source.align if isinstance(part.source, m.Field) else None
        own = f"VM_ALIGNAS({align}) " if align else ""
        least = f"VM_ALIGNAS({asked.number}) " if asked else ""
        return [
            "#if defined(__GNUC__) && !defined(__cplusplus)",
            f"__extension__ {own}{declarator.name(name)};",
            "#else",
            f"{own}{least}VM_ALIGNAS({packed} ? 0 : {measured})",
            f"unsigned char {name}[1];",
            "#endif",
        ]
