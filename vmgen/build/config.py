"""`[tool.vmgen]` of the nearest `pyproject.toml`: which schemas, and where to.

Keys: `schemas` (paths and patterns), `out` (a folder), `languages`, `features`
(name to true or false), `strict`, `versions` (releases, or `*` for all, that schemas with
several versions are built for), `profile` and `allow` (what `vmgen.build.project_rules`
reads), and one table per language with its own options
(`vmgen.languages.language.Option`) and `versions` that hold there instead. Paths are relative to the file.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from vmgen.languages import registry
from vmgen.schema.besides import NO_PROJECT_RULES, ProjectRules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from vmgen.languages.language import Folder, Language, Option

DEFAULT_OUT = "generated"
EVERY = "*"
"""What stands for all versions in a list of them."""

_KEYS = (
    "schemas", "out", "languages", "features", "strict", "versions", "profile", "allow",
)  # fmt: skip


class ConfigError(Exception):
    """A configuration that can't be used; the message says where and why."""


class Config(msgspec.Struct, frozen=True):
    """What a project says; `root` is its folder, `file` None without a project."""

    root: Path
    file: Path | None = None
    schemas: tuple[str, ...] = ()
    out: str = DEFAULT_OUT
    languages: tuple[str, ...] = registry.BY_DEFAULT
    features: Mapping[str, bool] = MappingProxyType({})
    strict: bool = False
    options: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    versions: tuple[str, ...] = ()
    language_versions: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    rules: ProjectRules = NO_PROJECT_RULES

    def versions_of(self, language: str) -> tuple[str, ...]:
        """The releases to build in a language; none for the newest of each schema."""
        return self.language_versions.get(language, self.versions)

    def language_options(self, name: str) -> Mapping[str, str]:
        """The options of one language, empty when none are set."""
        return self.options.get(name, {})


def find_config(start: Path) -> Config:
    """The configuration that holds in a folder. Raises `ConfigError`.

    It is the nearest `pyproject.toml`, at `start` or above, that has `[tool.vmgen]`;
    without one everything is as by default and `start` is the root.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        table = _read_table(file) if file.is_file() else None
        if table is not None:
            return _config(folder, file, table)
    return Config(start)


def _read_table(file: Path) -> dict[str, Any] | None:
    import tomllib

    try:
        raw = file.read_bytes()
        if b"vmgen" not in raw:
            return None
        table = tomllib.loads(raw.decode()).get("tool", {}).get("vmgen")
    except OSError as error:
        raise ConfigError(f"can't read {file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
        raise ConfigError(f"{file}: {error}") from None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{file}: `tool.vmgen` is not a table")
    return table


def _config(root: Path, file: Path, table: dict[str, Any]) -> Config:
    sections = [key for key in table if key not in _KEYS and registry.is_known(key)]
    keys = (*_KEYS, *registry.OWN, *sections)
    _known(table, keys, f"{file}: [tool.vmgen]")

    def fault(key: str, expected: str) -> ConfigError:
        return ConfigError(f"{file}: `tool.vmgen.{key}` is not {expected}")

    schemas = table.get("schemas", [])
    if not _is_list_of_texts(schemas):
        raise fault("schemas", "a list of paths")
    out = table.get("out", DEFAULT_OUT)
    if not isinstance(out, str) or not out:
        raise fault("out", "a path")
    chosen = table.get("languages", list(registry.BY_DEFAULT))
    if not _is_list_of_texts(chosen):
        raise fault("languages", "a list of languages")
    features = table.get("features", {})
    if not isinstance(features, dict) or not all(
        isinstance(v, bool) for v in features.values()
    ):
        raise fault("features", "a table of true and false")
    strict = table.get("strict", False)
    if not isinstance(strict, bool):
        raise fault("strict", "true or false")
    versions = _versions(table, fault)
    rules = _rules(file, table, fault)
    options = {}
    language_versions = {}
    for name in sections:
        section = table[name]
        if not isinstance(section, dict):
            raise fault(name, "a table")
        if "versions" in section:
            language_versions[name] = _versions(section, fault, f"{name}.")
            section = {k: v for k, v in section.items() if k != "versions"}
        where = f"{file}: [tool.vmgen.{name}]"
        option = f"{file}: `tool.vmgen.{name}.{{}}`"
        options[name] = check_options(name, section, where, option)
        _outside(out, registry.language(name).folders(options[name]), option)
    return Config(
        root,
        file,
        tuple(schemas),
        out,
        known_languages(chosen, f"{file}: `tool.vmgen.languages`"),
        MappingProxyType(features),
        strict,
        MappingProxyType(options),
        versions,
        MappingProxyType(language_versions),
        rules,
    )


def _rules(
    file: Path, table: Mapping[str, Any], fault: Callable[[str, str], ConfigError]
) -> ProjectRules:
    """What the project says of rules."""
    if table.keys().isdisjoint(("profile", "allow")):
        return NO_PROJECT_RULES
    from vmgen.build.project_rules import project_rules

    return project_rules(file, table, fault)


def _versions(
    table: Mapping[str, Any], fault: Callable[[str, str], ConfigError], where: str = ""
) -> tuple[str, ...]:
    """The versions that a table lists; none where it doesn't have the key."""
    listed = table.get("versions", [])
    if not _is_list_of_texts(listed) or ("versions" in table and not listed):
        raise fault(
            f"{where}versions", 'a list of releases, as `["48.0.6"]`, or `["*"]`'
        )
    return tuple(listed)


def check_options(
    name: str, table: Mapping[str, Any], where: str, option: str
) -> Mapping[str, str]:
    """A language's table as the language gets it. Raises `ConfigError` for what it has and
    the language doesn't take.

    `where` is the table in messages, `option` one of its keys, which stands for ``{}``.
    """
    known = _options(name, where)
    _known(table, tuple(known), where)
    options = {
        key: _value(value, known[key], option.format(key))
        for key, value in table.items()
    }
    language = load(name, where)
    try:
        with registry.blaming(name):
            faults = list(language.faults(options))
    except registry.LanguageError as error:
        raise ConfigError(f"{where}: {error}") from None
    for key, fault in faults:
        raise ConfigError(f"{option.format(key)} {fault}")
    return options


def _value(value: object, option: Option, shown: str) -> str:
    """An option's value as text. Raises `ConfigError` for one that it can't have."""
    if not option.by_type:
        # TOML has a word for what other options say by a text.
        value = "true" if value is True else value
        if not isinstance(value, str) or not re.fullmatch(option.pattern, value):
            raise ConfigError(f"{shown} is not {option.words}")
        return value
    if not isinstance(value, dict):
        raise ConfigError(
            f"{shown} is not a table, in which each type has {option.words}"
        )
    for type, text in value.items():
        if not isinstance(text, str) or not re.fullmatch(option.pattern, text):
            raise ConfigError(f"{shown}: `{type}` is not {option.words}")
    return "\n".join(f"{type} = {text}" for type, text in sorted(value.items()))


def project_folders(config: Config, languages: Iterable[str]) -> list[Folder]:
    """The folders of the project that languages write files into, as it sets them up."""
    return [
        folder
        for name in languages
        for folder in registry.language(name).folders(config.language_options(name))
    ]


def companions(config: Config, languages: Iterable[str]) -> dict[str, str]:
    """What modules have beside them in files of their own, by what these names end with."""
    found: dict[str, str] = {}
    for name in languages:
        options = config.language_options(name)
        found.update(registry.language(name).companions(options))
    return found


def known_languages(names: list[str], where: str) -> tuple[str, ...]:
    """The languages named and those that they need, vmgen's own first and in their usual
    order, those of other packages by name. Raises `ConfigError` for one that isn't there or
    doesn't load."""
    for name in names:
        if not registry.is_known(name):
            known = registry.known_names()
            raise ConfigError(
                f"{where}: no language `{name}`{hint(name, known)}; "
                f"there are {', '.join(known)}"
            )
    try:
        return registry.with_needed(names)
    except registry.LanguageError as error:
        raise ConfigError(f"{where}: {error}") from None


def _outside(out: str, folders: Sequence[Folder], option: str) -> None:
    """Raise `ConfigError` for a folder of the project that is in the output folder, where
    another crate may be."""
    for folder in folders:
        if PurePath(folder.path).is_relative_to(PurePath(out)):
            raise ConfigError(
                f"{option.format(folder.option)} is in the output folder `{out}`; choose a "
                "folder outside of it"
            )


def _options(name: str, where: str) -> Mapping[str, Option]:
    """What each option of a language may be. Raises `ConfigError`."""
    language = load(name, where)
    try:
        with registry.blaming(name):
            for option in language.options.values():
                re.compile(option.pattern)
            return language.options
    except registry.LanguageError as error:
        raise ConfigError(f"{where}: {error}") from None


def load(name: str, where: str) -> Language:
    """The language of that name. Raises `ConfigError`."""
    try:
        return registry.language(name)
    except registry.LanguageError as error:
        raise ConfigError(f"{where}: {error}") from None


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) and v for v in value)


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            raise ConfigError(f"{where} has no key `{key}`{hint(key, keys)}")


def hint(word: str, known: Sequence[str]) -> str:
    """`, did you mean `x``, if one of the known words is near."""
    from vmgen.reading.diagnostics import did_you_mean

    return "".join(f", {h}" for h in did_you_mean(word, known)).rstrip("?")
