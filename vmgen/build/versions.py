"""Which versions of schemas are built, and in which languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.build.config import EVERY, ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vmgen.build.config import Config
    from vmgen.build.project import SchemaPath
    from vmgen.reading.diagnostics import Report
    from vmgen.schema import Loader
    from vmgen.schema.model import Module, Version

Key = tuple[str, str | None]
"""What a module is known by: its schema's path and its version."""


class Chosen(msgspec.Struct, frozen=True):
    """The modules to be built, and of each that isn't for all, the languages.

    `extra` are those of a language that `--version` names and the configuration doesn't:
    the command that remakes them has to name it too.
    """

    modules: list[Module]
    languages: dict[Key, frozenset[str]]
    extra: dict[Key, frozenset[str]]


def key_of(module: Module) -> Key:
    return str(module.path), module.version


def read_chosen(
    schemas: Sequence[SchemaPath],
    config: Config,
    languages: Sequence[str],
    report: Report,
    progress: Callable[[str], None],
    version: str | None,
) -> Chosen:
    """Read the versions of schemas that are to be built; faults go to `report`.

    These are the one with the release `version`, if it is given, or else those that the
    configuration names for each language, or else the newest. Raises `UnknownVersion`,
    and `ConfigError` where the configuration names what no schema has.
    """
    from vmgen.schema import Loader, UnknownVersion

    loader = Loader(report, config.features, project=config.rules)
    found: list[Module] = []
    wanted: dict[Key, set[str]] = {}
    extra: dict[Key, set[str]] = {}
    known: set[str] = set()
    some = False
    for schema in schemas:
        progress(f"checking {schema.shown}")
        versions = loader.versions(schema.path, schema.shown)
        if not versions:
            module = loader.load(schema.path, schema.shown)
            found += [module] if module else []
            continue
        some = True
        configured = {
            name: _configured(loader, schema, config.versions_of(name), versions, known)
            for name in languages
        }
        if version is not None:
            asked = loader.index_of(schema.path, schema.shown, version)
            chosen = {name: [asked] for name in languages}
        else:
            chosen = configured
        indices = sorted({i for each in chosen.values() for i in each})
        loaded = loader.load_some(schema.path, schema.shown, indices)
        for index, module in zip(indices, loaded, strict=True):
            found.append(module)
            having = {name for name in languages if index in chosen[name]}
            beyond = {name for name in having if index not in configured[name]}
            for one in (module, *module.modules_used):
                if one.version is not None:
                    wanted.setdefault(key_of(one), set()).update(having)
                    extra.setdefault(key_of(one), set()).update(beyond)
    if version is not None and found and not some:
        raise UnknownVersion(f"{schemas[0].shown} has no versions")
    _refuse_unknown(config, languages, known, some)
    return Chosen(
        found,
        {key: frozenset(names) for key, names in wanted.items()},
        {key: frozenset(names) for key, names in extra.items()},
    )


def _configured(
    loader: Loader,
    schema: SchemaPath,
    releases: Sequence[str],
    versions: Sequence[Version],
    known: set[str],
) -> list[int]:
    """The indices of the versions with some releases, of which those that the schema has
    are `known` then; the newest where it has none of them."""
    from vmgen.schema import UnknownVersion

    if EVERY in releases:
        return list(range(len(versions)))
    found = []
    for release in releases:
        try:
            found.append(loader.index_of(schema.path, schema.shown, release))
        except UnknownVersion:
            # Another schema may have it.
            continue
        known.add(release)
    return sorted(set(found)) or [len(versions) - 1]


def _refuse_unknown(
    config: Config, languages: Sequence[str], known: set[str], some: bool
) -> None:
    """Raise `ConfigError` for releases that no schema has, if one has versions at all."""
    if not some:
        return
    for name in languages:
        for release in config.versions_of(name):
            if release != EVERY and release not in known:
                own = name in config.language_versions
                key = f"tool.vmgen.{name}.versions" if own else "tool.vmgen.versions"
                raise ConfigError(
                    f"{config.file}: `{key}`: no schema has the version `{release}`"
                )
