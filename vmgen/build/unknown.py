"""Names in the configuration that no schema has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.build.config import ConfigError, hint
from vmgen.languages import registry
from vmgen.languages.language import entries
from vmgen.schema import model as m
from vmgen.schema.mentions import conditional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.build.config import Config
    from vmgen.build.pipeline import Checked


def refuse_unknown_features(checked: Sequence[Checked], config: Config) -> None:
    """Raise `ConfigError` for a feature of the configuration that no schema has."""
    known = {feature for c in checked for feature in c.module.features}
    for feature in config.features:
        if feature not in known:
            raise ConfigError(
                f"{config.file}: no schema has the feature `{feature}`"
                f"{hint(feature, sorted(known))}"
            )


def refuse_unknown_types(checked: Sequence[Checked], config: Config) -> None:
    """Raise `ConfigError` for a type that an option of a language names and that no schema
    declares, or can't be named there."""
    declared = {n: d for c in checked for n, d in c.module.own_types.items()}
    for language, options in config.options.items():
        for key, option in registry.language(language).options.items():
            for name in entries(options.get(key, "")) if option.by_type else ():
                where = f"{config.file}: `tool.vmgen.{language}.{key}`"
                if name in option.besides:
                    continue
                type, _, part = name.partition(".")
                known = declared
                if option.parts and part and type in declared:
                    known = _parts_of(declared[type])
                if name not in known:
                    what = "variant or function" if known is not declared else "type"
                    raise ConfigError(
                        f"{where}: no schema has the {what} `{name}`"
                        f"{hint(name, sorted(known))}"
                    )
                if isinstance(declared[type], m.Context) and not option.parts:
                    raise ConfigError(
                        f"{where}: `{name}` is a context, which no type of a fixed size is"
                    )


def _parts_of(declared: m.Declaration) -> dict[str, m.Declaration]:
    """What of a type can be under a condition of its own, as ``Type.Variant``."""
    return {
        f"{declared.name}.{part.name}": declared
        for part, _ in conditional(declared)
        if part is not declared
    }
