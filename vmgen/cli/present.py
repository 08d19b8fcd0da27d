"""Files of ours that are in the folders of a build already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.build.config import companions, project_folders
from vmgen.languages import registry

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from vmgen.build.config import Config


class Present:
    """What is in the output folder `out`, and in folders of the project below `root` that
    languages write into."""

    def __init__(
        self, out: Path, root: Path, config: Config, languages: Sequence[str]
    ) -> None:
        self.out = out
        self.root = root
        self.config = config
        self.languages = languages

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that have files of ours: of vmgen's own languages, chosen or not,
        and of the others that are chosen."""
        return tuple(dict.fromkeys((*registry.OWN, *self.languages)))

    def siblings(self, modules: Collection[str]) -> tuple[str, ...]:
        """Modules in the output folder that are none of these."""
        from vmgen.build import write

        files = write.own_files(
            self.out, self.languages, self.elsewhere(self.languages)
        )
        names = {file.path.stem for file in files if file.schema}
        beside = {
            name
            for name in names
            for ending in self.companions()
            if name.removesuffix(ending) in names - {name}
        }
        return tuple(sorted(names - beside - set(modules)))

    def clash(self, modules: Collection[str], siblings: Collection[str]) -> str:
        """What is wrong with a module that is named as what another has beside it, be the
        other in the output folder already; empty if none is."""
        known = self.companions()
        for name in modules:
            for other in siblings:
                first, second = sorted((name, other), key=len)
                what = known.get(second.removeprefix(first))
                if what is not None and second.startswith(first):
                    return f"the module `{second}` is named as the {what} of the module `{first}`"
        return ""

    def companions(self) -> dict[str, str]:
        """What is beside modules, of whatever language, by what such names end with."""
        return companions(self.config, self.folders)

    def others(self, folders: Sequence[str], made: Sequence[Path]) -> list[Path]:
        """Files in some folders that a build didn't make. One below a user's comment may
        be a copy that they keep, and isn't among them."""
        from vmgen.build import write

        kept = set(made)
        found = write.own_files(self.out, folders, self.elsewhere(folders))
        return [f.path for f in found if f.is_first and f.path not in kept]

    def elsewhere(self, languages: Sequence[str]) -> list[tuple[Path, str]]:
        """The folders of the project that languages write files into, each with how the
        names of their files end."""
        folders = project_folders(self.config, languages)
        return [(self.root / folder.path, folder.suffix) for folder in folders]
