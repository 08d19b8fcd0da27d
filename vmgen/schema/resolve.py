"""From documents that are well formed to the frozen model: every name is looked up.

A reference that leads nowhere is reported and what contains it is left out, so that
the rules can still look at the rest. `Loader` is the way in, and `load_module` the way
for one schema.
"""

from __future__ import annotations

import os.path
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.reading import load
from vmgen.reading.source import Mapping, Scalar, Sequence
from vmgen.schema import model as m
from vmgen.schema import symbols
from vmgen.schema.declarations import build_declaration
from vmgen.schema.files import (
    USE,
    Document,
    is_fragment,
    named,
    opened,
    read_documents,
)
from vmgen.schema.members import allows_of
from vmgen.schema.mentions import mentioned_constants, reachable
from vmgen.schema.references import References
from vmgen.schema.symbols import text_of
from vmgen.schema.visible import Loaded, Visible

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import SourceFile, Span

MAX_USES = 64
"""How many schemas may lead to a used one, each by using the next."""


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
    return Loader(report, features).load(path, name)


class Loader:
    """Reads schemas, and those that they use, each once. Faults go to `report`."""

    def __init__(
        self, report: Report, features: ReadOnly[str, bool] | None = None
    ) -> None:
        self.report = report
        self.features = features or {}
        self._loaded: dict[str, Loaded | None] = {}
        self._loading: list[str] = []
        """Where the schemas really are that are being read, each used by the one before."""

    def load(self, path: Path, name: str) -> m.Module | None:
        """The module of the schema at `path`, as `load_module` gives it."""
        real = os.path.realpath(path)
        if real not in self._loaded:
            file = load.load(path, name, self.report)
            self._loaded[real] = self._read(file, real) if file else None
        loaded = self._loaded[real]
        return loaded.module if loaded else None

    def _read(self, file: SourceFile, real: str) -> Loaded | None:
        documents = read_documents(file, self.report)
        if not documents or not all(d.sound for d in documents):
            return None
        self._loading.append(real)
        uses: dict[int, tuple[Span, Loaded]] = {}
        sound = True
        for document in documents:
            items = document.root.get("uses")
            for item in items.items if isinstance(items, Sequence) else ():
                if isinstance(item, Scalar):
                    loaded = self._use(item, document.file)
                    if loaded is None:
                        sound = False
                    else:
                        uses.setdefault(id(loaded), (item.span, loaded))
        self._loading.pop()
        if not sound:
            return None
        return _module(documents, list(uses.values()), self.features, self.report)

    def _use(self, item: Scalar, by: SourceFile) -> Loaded | None:
        """The module of a schema that an item of `uses` names."""
        report = self.report
        target = named(item, by, USE, report)
        if target is None:
            return None
        real = str(target.real)
        if real in self._loading:
            chain = [Path(p).name for p in self._loading[self._loading.index(real) :]]
            report.add(
                "VM040",
                f"`{target.shown}` uses itself: "
                f"{' -> '.join([*chain, target.real.name])}",
                item.span,
                notes=("a header can't include one that includes it",),
                helps=("move what both need into a schema that both use",),
            )
            return None
        if real in self._loaded:
            return self._loaded[real]
        if len(self._loading) > MAX_USES:
            report.add(
                "VM015",
                f"schemas use one another more than {MAX_USES} files deep",
                item.span,
                helps=("use it in a schema nearer to the first",),
            )
            return None
        file = opened(target, item, USE, report)
        if file is None:
            return None
        if is_fragment(file.text):
            report.add(
                "VM040",
                f"`{target.shown}` is a fragment: it lacks the key `module`",
                item.span,
                helps=(
                    "name it under `include` to have its declarations here, or give it "
                    "a `module` to have a module of its own",
                ),
            )
            return None
        loaded = self._loaded[real] = self._read(file, real)
        return loaded


def _module(
    documents: list[Document],
    uses: list[tuple[Span, Loaded]],
    overrides: ReadOnly[str, bool],
    report: Report,
) -> Loaded:
    visible = Visible([loaded for _, loaded in uses])
    refs = References(documents, overrides, report, visible)
    first = documents[0]
    root = first.root
    name_node = root["module"]
    types: dict[str, m.Declaration] = {}
    faulty: set[str] = set().union(*(d.faulty for d in documents))
    declared = symbols.taken(documents, "types")
    for key, node in symbols.unique(
        declared, "the type", report, visible.types_elsewhere
    ):
        assert isinstance(node, Mapping)
        made = build_declaration(refs, key, node)
        if made is not None:
            types[key.value] = made
        else:
            faulty.add(key.value)
    faulty.update(k.value for k, _ in symbols.entries(documents, "constants"))
    faulty -= refs.own_constants.keys()
    constants = dict(refs.own_constants)
    used: dict[str, str] = {}
    if uses:
        modules = [loaded.module for _, loaded in uses]
        for other, module in [*reachable(types, modules)]:
            types[other.name] = other
            used[other.name] = module
        for name in sorted(mentioned_constants(types.values()) - constants.keys()):
            by = next(module for module in modules if name in module.constants)
            constants[name] = by.constants[name]
            used[name] = by.used.get(name, by.name)
    return Loaded(
        m.Module(
            name=text_of(name_node),
            path=first.file.path,
            span=name_node.span,
            doc=text_of(root.get("doc")),
            files=tuple(d.file for d in documents),
            constants=MappingProxyType(constants),
            features=MappingProxyType(refs.features),
            types=MappingProxyType(types),
            targets=symbols.targets(documents, report),
            padding=(
                "explicit" if text_of(root.get("padding")) == "explicit" else "implicit"
            ),
            all_targets="targets" not in root.entries,
            used=MappingProxyType(used),
            uses=_uses(uses, refs.named),
            allow=allows_of(root),
        ),
        frozenset(faulty),
    )


def _uses(uses: list[tuple[Span, Loaded]], named: set[str]) -> tuple[m.Use, ...]:
    made = []
    for span, loaded in uses:
        module = loaded.module
        own = {*module.own_types, *module.own_constants, *loaded.faulty}
        made.append(m.Use(span, module, frozenset(own & named)))
    return tuple(made)
