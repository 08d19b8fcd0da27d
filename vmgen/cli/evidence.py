"""What a build depended on and made, for the stamp that tells the next one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.build import stamp, write
from vmgen.build.config import ConfigError, find_config
from vmgen.build.project import NoSchemas, find_schemas, places
from vmgen.languages import registry
from vmgen.languages.render import runtime_folders, template_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.build.config import Config
    from vmgen.build.project import SchemaPath
    from vmgen.reading.source import SourceFile


def evidence(
    arguments: Sequence[str],
    config: Config,
    languages: Sequence[str],
    out: Path,
    others: Sequence[tuple[Path, str]],
    inputs: Sequence[SourceFile],
    outputs: Sequence[Path],
) -> stamp.Evidence | None:
    """All of it; None when a call takes too long to tell whether it would do the same.

    `arguments` are the schemas that the call names, `others` the folders of the project
    that have outputs, each with how names of its files end.
    """
    found = places(arguments, config)
    if found is None:
        return None
    files = [*(file.path for file in inputs), *outputs, *found.others]
    if arguments:
        # What modules all share names those of other schemas too.
        files += [file.path for file in write.own_files(out, languages, others)]
    absent: list[Path] = []
    for folder in (here := Path.cwd(), *here.parents):
        file = folder / "pyproject.toml"
        (files if file.exists() else absent).append(file)
        if file == config.file:
            break
    return stamp.Evidence(
        files=map(str, files),
        absent=map(str, absent),
        near=[*map(str, found.near), *(str(folder) for folder, _ in others)],
        below=map(str, found.below),
        outputs=[str(out / folder) for folder in {*registry.OWN, *languages}],
        tool=stamp.tool_files(
            [
                str(template_folder()),
                *map(str, runtime_folders()),
                *registry.packages(languages),
            ]
        ),
    )


def is_as_read(
    arguments: Sequence[str],
    config: Config,
    schemas: Sequence[SchemaPath],
    inputs: Sequence[SourceFile],
) -> bool:
    """Whether the same would be read again, which may have changed during a build."""
    try:
        return (
            find_config(Path.cwd()) == config
            and find_schemas(arguments, config) == schemas
            and all(file.is_as_read() for file in inputs)
        )
    except (ConfigError, NoSchemas, OSError):
        return False
