"""What the template prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.python.docs import WIDTH, docstring, kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.python.annotations import Annotation
    from vmgen.schema import model as m


class ClassView(msgspec.Struct, frozen=True):
    """A class: its head without the colon, its docstring, its attributes.

    `nested` classes come first in the body. `init` is what a context's offsets take:
    for each count its name in the schema, its parameter, and that one's type; `init_target`
    is the type of the target.
    """

    head: str
    doc: str
    attributes: str = ""
    nested: Sequence[ClassView] = ()
    init: list[tuple[str, str, str]] | None = None
    init_doc: str = ""
    init_target: str = ""

    @property
    def has_body(self) -> bool:
        return bool(self.attributes or self.nested) or self.init is not None

    @property
    def opening(self) -> str:
        """The line that opens the class; a body of nothing is on it too."""
        return kept(
            f"{self.head}:" if self.doc or self.has_body else f"{self.head}: ..."
        )


class FieldView(msgspec.Struct, frozen=True):
    """How the type of a field is spelled: in the table, and as an annotation where none
    of its `names` is hidden; and a comment."""

    tree: str
    annotation: Annotation
    spelled: str
    names: frozenset[str]
    comment: str


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
    return documented(line, doc, indent)


def documented(line: str, doc: str, indent: int = 4) -> str:
    """A line `indent` columns in, and its docstring below it if there is one."""
    return f"{line}\n{' ' * indent}{docstring(doc, indent)}" if doc else line


def below(attributes: Iterable[str], indent: int = 4) -> str:
    """Attributes one below the other; where the first stands is for the template."""
    return f"\n{' ' * indent}".join(attributes)


def asked_alignments(attributes: Sequence[str], fields: Sequence[m.Field]) -> list[str]:
    """The alignments that single fields ask for, as one literal, by name and in bytes."""
    found = [
        f'"{name}": {field.align.number}'
        for name, field in zip(attributes, fields, strict=True)
        if field.align
    ]
    return [f"{{{', '.join(found)}}}"] if found else []


def bit_widths(attributes: Sequence[str], fields: Sequence[m.Field]) -> list[str]:
    """How wide bit-fields are, as one literal: name and width by turns."""
    found = [
        f'"{name}", {field.bits.number}'
        for name, field in zip(attributes, fields, strict=True)
        if field.bits
    ]
    return [f"[{', '.join(found)}]"] if found else []
