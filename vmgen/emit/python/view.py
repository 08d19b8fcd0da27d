"""What the template prints, and what every maker of classes needs.

Makers (`records`, `enums`, `contexts`) turn one declaration into `ClassView`s of
finished strings and put its blocks of the table into `Builder.table`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.emit.python import names
from vmgen.emit.python.docs import WIDTH, docstring, kept
from vmgen.emit.python.names import Imports
from vmgen.emit.python.spelling import Speller
from vmgen.emit.python.table import Blocks, Columns
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.emit.job import Job
    from vmgen.schema.types import Type


class Attribute(msgspec.Struct, frozen=True):
    """A line of a class body, and the docstring below it."""

    line: str
    doc: str


class ClassView(msgspec.Struct, frozen=True):
    """A class: its head without the colon, its docstring, its body.

    `nested` classes come first in the body. `init` is what a context's offsets take:
    for each count its name in the schema, its parameter, and that one's type.
    """

    head: str
    doc: str
    attributes: list[Attribute]
    nested: list[ClassView] = msgspec.field(default_factory=list)
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


class Builder:
    """One module in the making: how it spells things, and its table so far.

    `shadowed` are the names that some class hides with an attribute of its own.
    """

    def __init__(self, job: Job) -> None:
        module = job.module
        self.types = module.types
        contexts = [n for n, d in module.types.items() if isinstance(d, m.Context)]
        declared = [*module.types, *(f"{name}Offsets" for name in contexts)]
        self.classes = {n: names.attribute(n, names.NOTHING) for n in declared}
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

    def put(
        self,
        declared: m.Declaration,
        category: str,
        rows: Iterable[str],
        options: str = "",
    ) -> None:
        """Add the block of a declared type to the table."""
        name = declared.name
        self.put_part(declared, category, "", self.blocks.extents(name), rows, options)

    def put_part(
        self,
        declared: m.Declaration,
        category: str,
        inner: str,
        extents: Iterable[tuple[int, int]],
        rows: Iterable[str],
        options: str = "",
    ) -> None:
        """Add the block of a class inside a declared type's, `inner` its name."""
        name = f"{self.classes[declared.name]}{inner}"
        block = self.blocks.block(category, name, declared.span, extents, rows, options)
        self.table.setdefault(declared.name, []).append(block)

    def head(self, declared: m.Declaration, base: str) -> str:
        return f"class {self.classes[declared.name]}({self.imports.name(base)})"

    def bare(self, declared: m.Declaration, base: str) -> ClassView:
        """A class with nothing but a docstring."""
        return ClassView(self.head(declared, base), docstring(declared.doc, 4), [])

    def field_rows(
        self, name: str, attributes: Sequence[str], fields: Iterable[m.Field]
    ) -> list[str]:
        """The rows of a table for the fields of a declared type."""
        return [
            f"{attribute} {self._field_token(f)} {f.span.line} {offset}"
            for attribute, f, offset in zip(
                attributes, fields, self.blocks.offsets(name), strict=True
            )
        ]

    def _field_token(self, field: m.Field) -> str:
        type = field.text.type
        little = field.endian == "little"
        token = self.speller.little(type) if little else self.speller.token(type)
        if "readonly" in field.access:
            token = f"!{token}"
        return f"{token}={self.constants[field.value]}" if field.value else token

    def fields(
        self, attributes: Sequence[str], fields: Iterable[m.Field], taken: set[str]
    ) -> list[Attribute]:
        """The annotated attributes of fields, in a class that has `taken` in all."""
        body = []
        for attribute, one in zip(attributes, fields, strict=True):
            type = one.text.type
            annotation = self.annotation(type, taken, "readonly" in one.access)
            body.append(self.attribute(attribute, annotation, type, one.doc))
        return body

    def attribute(
        self, name: str, annotation: str, type: Type | None, doc: str, indent: int = 4
    ) -> Attribute:
        """An annotated attribute, with the Rust type as a comment where it fits."""
        line = f"{name}: {annotation}"
        comment = self.speller.comment(type) if type is not None else ""
        if comment and indent + len(line) + len(comment) + 4 <= WIDTH:
            line = f"{line}  # {comment}"
        return Attribute(kept(line, indent), docstring(doc, indent) if doc else "")

    def annotation(self, type: Type, taken: set[str], read_only: bool = False) -> str:
        """An annotation inside a class whose attributes are `taken`.

        There an attribute hides whatever else has its name, so that gets another.
        """
        annotation = self.speller.annotation(type)
        if read_only or self.speller.is_read_only(type):
            annotation = f"{self.imports.name('ReadOnly')}[{annotation}]"
        return self.visible(annotation, taken)

    def visible(self, annotation: str, taken: set[str]) -> str:
        """An annotation as a class with those attributes has to write it."""
        hidden = taken.intersection(names.words(annotation))
        if hidden:
            self.shadowed |= hidden
            annotation = names.aliased(annotation, hidden)
        return annotation
