"""What the template prints, and what every maker of classes needs.

Makers (`records`, `enums`, `contexts`) turn one declaration into `ClassView`s of
finished strings and put its blocks of the table into `Builder.table`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.python import names, notes
from vmgen.languages.python.columns import Columns
from vmgen.languages.python.docs import WIDTH, docstring, kept
from vmgen.languages.python.names import Imports
from vmgen.languages.python.spelling import Speller
from vmgen.languages.python.table import Blocks
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.job import Job
    from vmgen.schema.types import Type


class ClassView(msgspec.Struct, frozen=True):
    """A class: its head without the colon, its docstring, its attributes.

    `nested` classes come first in the body. `init` is what a context's offsets take:
    for each count its name in the schema, its parameter, and that one's type.
    """

    head: str
    doc: str
    attributes: str = ""
    nested: Sequence[ClassView] = ()
    init: list[tuple[str, str, str]] | None = None
    init_doc: str = ""

    @property
    def has_body(self) -> bool:
        return bool(self.attributes or self.nested) or self.init is not None

    @property
    def opening(self) -> str:
        """The line that opens the class; a body of nothing is on it too."""
        return kept(
            f"{self.head}:" if self.doc or self.has_body else f"{self.head}: ..."
        )


class Spelled(msgspec.Struct, frozen=True):
    """The type of a field: its token in the table, its annotation, the names in that,
    and the Rust type where the annotation says less than it."""

    token: str
    annotation: str
    names: frozenset[str]
    comment: str


class Builder:
    """One module in the making: how it spells things, and its table so far.

    `shadowed` are the names that some class hides with an attribute of its own.
    """

    def __init__(self, job: Job) -> None:
        module = job.module
        self.types = module.types
        contexts = [n for n, d in module.types.items() if isinstance(d, m.Context)]
        declared = [*module.types, *(f"{name}Offsets" for name in contexts)]
        self.classes = {n: names.attribute(n, names.WORDS) for n in declared}
        self.constants = {
            n: names.attribute(n, names.NOTHING) for n in module.constants
        }
        self.imports = Imports(
            frozenset([*self.classes.values(), *self.constants.values()])
        )
        self.speller = Speller(module.types, self.classes, self.imports)
        self.columns = Columns(job)
        self.blocks = Blocks(job, self.columns)
        self.table: dict[str, list[str]] = {}
        self.shadowed: set[str] = set()
        self._spelled: dict[object, Spelled] = {}

    def put(
        self,
        declared: m.Declaration,
        category: str,
        rows: Iterable[str],
        options: str = "",
    ) -> None:
        """Add the block of a declared type to the table."""
        extent = self.blocks.extent(declared.name)
        self.put_part(declared, category, "", extent, rows, options)

    def put_part(
        self,
        declared: m.Declaration,
        category: str,
        inner: str,
        extent: str,
        rows: Iterable[str],
        options: str = "",
    ) -> None:
        """Add the block of a class inside a declared type's, `inner` its name."""
        name = f"{self.classes[declared.name]}{inner}"
        block = self.blocks.block(category, name, declared.span, extent, rows, options)
        self.table.setdefault(declared.name, []).append(block)

    def head(self, declared: m.Declaration, base: str) -> str:
        return f"class {self.classes[declared.name]}({self.imports.name(base)})"

    def bare(self, declared: m.Declaration, base: str) -> ClassView:
        """A class with nothing but a docstring."""
        return ClassView(
            self.head(declared, base), docstring(notes.of_type(declared), 4)
        )

    def fields(
        self,
        declared: m.Struct | m.Union | m.Context,
        attributes: Sequence[str],
        taken: frozenset[str],
    ) -> tuple[list[str], list[str]]:
        """The fields of a record: their rows of the table, and their attributes.

        `attributes` are their names, `taken` those of all that the class has.
        """
        rows, body = [], []
        line = self.blocks.line
        offsets = self.blocks.offsets(declared.name)
        for name, field, offset in zip(
            attributes, declared.fields, offsets, strict=True
        ):
            spelled = self._field(field)
            rows.append(f"{name} {spelled.token} {line(field.span)} {offset}")
            annotation = spelled.annotation
            if not spelled.names.isdisjoint(taken):
                annotation = self.visible(annotation, taken)
            body.append(
                attribute(name, annotation, spelled.comment, notes.of_field(field))
            )
        return rows, body

    def _field(self, field: m.Field) -> Spelled:
        """How the type of a field is spelled; the same for all that are like it."""
        type, access, value = field.text.type, field.access, field.value
        little = field.endian == "little"
        key = (type, access, value, little) if access or value or little else type
        known = self._spelled.get(key)
        if known is None:
            read_only = "readonly" in access
            annotation = self.annotation(type, read_only)
            known = self._spelled[key] = Spelled(
                self._token(type, read_only, value, little),
                annotation,
                frozenset(names.words(annotation)),
                self.speller.comment(type),
            )
        return known

    def _token(
        self, type: Type, read_only: bool, value: str | None, little: bool
    ) -> str:
        token = self.speller.little(type) if little else self.speller.token(type)
        if read_only:
            token = f"!{token}"
        return f"{token}={self.constants[value]}" if value else token

    def annotation(self, type: Type, read_only: bool = False) -> str:
        """What a class says of an attribute of this type."""
        annotation = self.speller.annotation(type)
        if read_only or self.speller.is_read_only(type):
            return f"{self.imports.name('ReadOnly')}[{annotation}]"
        return annotation

    def visible(self, annotation: str, taken: frozenset[str]) -> str:
        """An annotation as it has to be in a class whose attributes are `taken`.

        There an attribute hides whatever else has its name, so that gets another.
        """
        hidden = taken.intersection(names.words(annotation))
        if hidden:
            self.shadowed |= hidden
            annotation = names.aliased(annotation, hidden)
        return annotation


def attribute(
    name: str, annotation: str, comment: str, doc: str, indent: int = 4
) -> str:
    """An annotated attribute `indent` columns in, with a comment where that fits, and
    its docstring below it."""
    line = f"{name}: {annotation}"
    width = indent + len(line)
    if width > WIDTH:
        line = kept(line, indent)
    elif comment and width + len(comment) + 4 <= WIDTH:
        line = f"{line}  # {comment}"
    return f"{line}\n{' ' * indent}{docstring(doc, indent)}" if doc else line


def documented(line: str, doc: str, indent: int = 4) -> str:
    """A line `indent` columns in, and its docstring below it if there is one."""
    return f"{line}\n{' ' * indent}{docstring(doc, indent)}" if doc else line


def below(attributes: Iterable[str], indent: int = 4) -> str:
    """Attributes one below the other; where the first stands is for the template."""
    return f"\n{' ' * indent}".join(attributes)
