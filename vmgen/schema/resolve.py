"""From documents that are well formed to the frozen model: every name is looked up.

A reference that leads nowhere is reported and what contains it is left out, so that
the rules can still look at the rest. `load_module` is the way in.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.reading.source import Mapping
from vmgen.schema import model as m
from vmgen.schema import symbols
from vmgen.schema.declarations import build_declaration
from vmgen.schema.files import Document, read_documents
from vmgen.schema.members import allows_of
from vmgen.schema.references import References
from vmgen.schema.symbols import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly
    from pathlib import Path

    from vmgen.reading.diagnostics import Report


def load_module(
    path: Path,
    name: str,
    report: Report,
    features: ReadOnly[str, bool] | None = None,
) -> m.Module | None:
    """The module that the schema at `path` describes, or None if it can't be made.

    `name` is the path as messages print it. Every fault goes to `report`; a module
    that comes back together with errors is good for more checks and nothing else.
    """
    documents = read_documents(path, name, report)
    if not documents or not documents[0].sound:
        return None
    if not all(d.sound for d in documents):
        return None
    return _module(documents, features or {}, report)


def _module(
    documents: list[Document], overrides: ReadOnly[str, bool], report: Report
) -> m.Module:
    refs = References(documents, overrides, report)
    first = documents[0]
    root = first.root
    name_node = root["module"]
    types: dict[str, m.Declaration] = {}
    declared = symbols.taken(documents, "types")
    for key, node in symbols.unique(declared, "the type", report):
        assert isinstance(node, Mapping)
        made = build_declaration(refs, key, node)
        if made is not None:
            types[key.value] = made
    return m.Module(
        name=text_of(name_node),
        path=first.file.path,
        span=name_node.span,
        doc=text_of(root.get("doc")),
        files=tuple(d.file for d in documents),
        constants=MappingProxyType(refs.constants),
        features=MappingProxyType(refs.features),
        types=MappingProxyType(types),
        targets=symbols.targets(documents, report),
        padding=(
            "explicit" if text_of(root.get("padding")) == "explicit" else "implicit"
        ),
        all_targets="targets" not in root.entries,
        allow=allows_of(root),
    )
