"""How the types of fields are spelled, in the table and as annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python.literals import shown
from vmgen.languages.python.view import FieldView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.languages.python.annotations import Annotator
    from vmgen.languages.python.types import Tree, Types
    from vmgen.layout.parts import Part
    from vmgen.schema.types import Type


class Spelled:
    """The spellings of one module's fields; the same for all that are like each other."""

    def __init__(
        self, types: Types, annotator: Annotator, constants: Mapping[str, str]
    ) -> None:
        self._types, self._annotator, self._constants = types, annotator, constants
        self._known: dict[object, FieldView] = {}

    def of(self, part: Part) -> FieldView:
        read_only = "readonly" in part.access
        on_some = part.on is not None
        key = (part.type, read_only, part.value, part.little_endian, on_some)
        known = self._known.get(key)
        if known is None:
            tree = self._tree(part.type, read_only, part.value, part.little_endian)
            annotation = self._annotator.of_field(
                part.type, read_only=read_only, on_some=on_some
            )
            if on_some:
                tree = ("on", tree)
            known = self._known[key] = FieldView(
                shown(tree),
                annotation,
                annotation.spelled(),
                annotation.names(),
                self._types.comment(part.type),
            )
        return known

    def _tree(
        self, type: Type, read_only: bool, value: str | None, little: bool
    ) -> Tree:
        tree = self._types.little(type) if little else self._types.trees[type]
        if value is not None:
            tree = ("always", tree, self._constants[value])
        return ("readonly", tree) if read_only else tree
