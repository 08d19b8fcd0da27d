"""Schemas and those that they use, read once and made into modules, one for each version.

`Loader` is the way in, and `load_module` the way for one schema.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.reading import load
from vmgen.reading.diagnostics import Scope
from vmgen.reading.files import DISK
from vmgen.reading.source import Scalar, Sequence
from vmgen.releases import words
from vmgen.schema import model as m
from vmgen.schema.besides import NO_PROJECT_RULES, ProjectRules
from vmgen.schema.conditions import find_conditions
from vmgen.schema.files import (
    USE,
    is_fragment,
    named,
    opened,
    read_documents,
)
from vmgen.schema.read_schema import ReadSchema
from vmgen.schema.resolve import module_of
from vmgen.schema.select import names_in, select
from vmgen.schema.versions import read_versions, unknown
from vmgen.schema.visible import Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from vmgen.reading.diagnostics import Report
    from vmgen.reading.files import Files
    from vmgen.reading.source import SourceFile, Span

MAX_USES = 64
"""How many schemas may lead to a used one, each by using the next."""


def load_module(
    path: Path,
    name: str,
    report: Report,
    features: ReadOnly[str, bool] | None = None,
    version: str | None = None,
) -> m.Module | None:
    """The module that the schema at `path` describes, or None if it can't be made.

    `name` is the path as messages print it, and `version` a release; without it the
    newest version counts. Every fault goes to `report`; a module that comes back together
    with errors is good for more checks and nothing else. Raises `UnknownVersion`.
    """
    return Loader(report, features).load(path, name, version)


class Loader:
    """Reads schemas of some files, and those that they use, each once. Faults go to
    `report`."""

    def __init__(
        self,
        report: Report,
        features: ReadOnly[str, bool] | None = None,
        files: Files = DISK,
        project: ProjectRules = NO_PROJECT_RULES,
    ) -> None:
        self.report = report
        self.project = project
        self.files = files
        self.features = features or {}
        self._schemas: dict[str, ReadSchema | None] = {}
        self._loading: list[str] = []
        """Where the schemas really are that are being read, each used by the one before."""

    def load(
        self, path: Path, name: str, version: str | None = None
    ) -> m.Module | None:
        """The module of the schema at `path`, as `load_module` gives it."""
        schema = self._schema(path, name)
        if schema is None:
            return None
        if schema.versions is None:
            if version is not None:
                raise unknown(version, name, ())
            return self._made(schema, None).module
        if version is None:
            return self._made(schema, len(schema.versions) - 1).module
        index = schema.versions.index_of(version)
        if index is None:
            raise unknown(version, name, schema.versions.models)
        return replace(self._made(schema, index).module, version=version)

    def load_all(self, path: Path, name: str) -> list[m.Module]:
        """The modules of all versions, each once that several have; that of one without
        versions alone. What is found is told once, with the versions that have it."""
        schema = self._schema(path, name)
        if schema is None:
            return []
        if schema.versions is None:
            return [self._made(schema, None).module]
        groups: dict[object, list[int]] = {}
        for index in range(len(schema.versions)):
            groups.setdefault(schema.signature(index), []).append(index)
        return [self._made(schema, g[-1], g).module for g in groups.values()]

    def load_some(self, path: Path, name: str, indices: list[int]) -> list[m.Module]:
        """The modules of the versions with these indices, in that order. Of several, what
        is found is told once, with the versions that have it."""
        schema = self._schema(path, name)
        if schema is None:
            return []
        alone = len(indices) == 1
        made = [self._made(schema, i, None if alone else [i]) for i in indices]
        return [each.module for each in made]

    def index_of(self, path: Path, name: str, version: str) -> int:
        """The index of the version that has a release. Raises `UnknownVersion`."""
        schema = self._schema(path, name)
        versions = schema.versions if schema else None
        index = versions.index_of(version) if versions else None
        if index is None:
            raise unknown(version, name, versions.models if versions else ())
        return index

    def versions(self, path: Path, name: str) -> tuple[m.Version, ...]:
        """The versions that the schema at `path` describes; none if it lists none."""
        schema = self._schema(path, name)
        return schema.versions.models if schema and schema.versions else ()

    def _schema(self, path: Path, name: str) -> ReadSchema | None:
        real = str(self.files.real(path))
        if real not in self._schemas:
            file = load.load(path, name, self.report, self.files)
            self._schemas[real] = self._read(file, real) if file else None
        return self._schemas[real]

    def _read(self, file: SourceFile, real: str) -> ReadSchema | None:
        documents = read_documents(file, self.report)
        if not documents or not all(d.sound for d in documents):
            return None
        self._loading.append(real)
        uses: dict[int, tuple[Span, ReadSchema]] = {}
        sound = True
        for document in documents:
            items = document.root.get("uses")
            for item in items.items if isinstance(items, Sequence) else ():
                if isinstance(item, Scalar):
                    used = self._use(item, document.file)
                    if used is None:
                        sound = False
                    else:
                        uses.setdefault(id(used), (item.span, used))
        self._loading.pop()
        root, report = documents[0].root, self.report
        versions = read_versions(root, report)
        if not sound or (versions is None and "versions" in root.entries):
            return None
        schema = ReadSchema(real, documents, list(uses.values()), versions, None)
        if not self._fits(schema):
            return None
        if versions is not None or any(_may_depend(d.file) for d in documents):
            of_used = [used.found for _, used in schema.uses if used.found]
            before = len(report)
            schema.found = find_conditions(documents, versions, of_used, report)
            if len(report) > before:
                return None
        if versions is None:
            self._made(schema, None)
            # The nodes of a large schema take more memory than what is made of them.
            schema.documents = []
        return schema

    def _fits(self, schema: ReadSchema) -> bool:
        """Report a used schema without a version that this one has."""
        fits = True
        for span, used in schema.uses:
            if used.versions is None:
                continue
            name = used.documents[0].file.name
            if schema.versions is None:
                self.report.add(
                    "VM078",
                    f"`{name}` describes several versions, and this schema doesn't say "
                    "which it is for",
                    span,
                    helps=("list them under `versions` at the top of this schema",),
                )
                fits = False
                continue
            lacking = [
                i
                for i in range(len(schema.versions))
                if used.index_in(schema, i) is None
            ]
            if lacking:
                self.report.add(
                    "VM078",
                    f"`{name}` has no version for "
                    f"{words(schema.versions.models, lacking)}",
                    span,
                    notes=(
                        f"it has {used.versions.words(used.versions.all)}; all releases "
                        "of a version need one layout in both",
                    ),
                    helps=("list the same versions in both schemas",),
                )
                fits = False
        return fits

    def _made(
        self, schema: ReadSchema, index: int | None, shared: list[int] | None = None
    ) -> Loaded:
        """The module of a version; `shared` are the indices of all that have the same,
        if what is found is to be told of all of them."""
        made = schema.loaded.get(index)
        if made is not None:
            return made
        report, versions = self.report, schema.versions
        documents = schema.documents
        if index is None or versions is None or schema.found is None:
            used = [(span, self._made(u, None)) for span, u in schema.uses]
            made = module_of(
                documents, used, self.features, report, project=self.project
            )
        else:
            used = []
            for span, other in schema.uses:
                other_index = other.index_in(schema, index)
                alike = None
                if shared is not None and other.versions and other_index is not None:
                    wanted = other.signature(other_index)
                    every = range(len(other.versions))
                    alike = [i for i in every if other.signature(i) == wanted]
                used.append((span, self._made(other, other_index, alike)))
            names: dict[str, str] = {}
            for _, loaded in used:
                names.update(loaded.renamed)
            listed = versions.models[index]
            path = documents[0].file.path
            if shared is not None:
                scope = Scope(schema.real, versions.models, tuple(shared))
                report = report.within((path, listed.last), scope)
            here, *those = schema.in_version(index)
            taken = select(documents, here, names, those)
            made = module_of(
                taken, used, self.features, report, schema.built, self.project
            )
            others = [versions.models[i] for i in shared or () if i != index]
            module = replace(
                made.module,
                name=listed.module,
                span=listed.span,
                version=listed.last,
                versions=versions.models,
                listed=(*others, listed),
            )
            own = names_in(schema.found, index)
            made = Loaded(module, made.faulty, MappingProxyType(own))
        schema.loaded[index] = made
        return made

    def _use(self, item: Scalar, by: SourceFile) -> ReadSchema | None:
        """The schema that an item of `uses` names."""
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
        if real in self._schemas:
            return self._schemas[real]
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
        schema = self._schemas[real] = self._read(file, real)
        return schema


_WORDS = ("since", "until", "versions", "was")
_CONDITION = rf"\b({'|'.join(_WORDS)})[\"']?\s*:"


def _may_depend(file: SourceFile) -> bool:
    """Whether a file may speak of versions, by its text."""
    # Words are found much faster than the pattern, and most files have none of them.
    text = file.text
    return any(word in text for word in _WORDS) and bool(re.search(_CONDITION, text))
