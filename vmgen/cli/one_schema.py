"""The schema of a command that holds something against one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.cli.errors import UsageError

if TYPE_CHECKING:
    from vmgen.build.config import Config
    from vmgen.build.pipeline import Checked
    from vmgen.reading.diagnostics import Report


def one_schema(
    schema: str | None,
    version: str | None,
    report: Report,
    what: str,
    *,
    every: bool = False,
) -> tuple[list[Checked], Config]:
    """The schema that a call names, or else the project's only one, and behind it those
    that it uses; none where it has errors, which are reported.

    `what` says in a message what is done by one schema. If `every`, and no version is
    asked for, each version of it comes. Raises `UsageError`.
    """
    from vmgen.build import pipeline
    from vmgen.build.config import ConfigError, find_config
    from vmgen.build.project import NoSchemas, find_schemas
    from vmgen.schema import UnknownVersion

    try:
        config = find_config(Path.cwd())
        schemas = find_schemas([schema] if schema is not None else [], config)
        if len(schemas) > 1:
            names = ", ".join(s.shown for s in schemas)
            raise UsageError(f"{what} one schema; name one of {names}")
        checked = pipeline.check(schemas, config, report, version=version, every=every)
    except (ConfigError, NoSchemas, UnknownVersion) as error:
        raise UsageError(str(error)) from None
    return ([] if report.has_errors else checked), config
