"""Versions of a module, by their releases or by fingerprints of their layouts."""

from __future__ import annotations

from importlib import import_module

from .errors import WrongVersion
from .hints import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

Numbers = tuple[int, ...]


class Versions:
    """The versions of a schema's module that there are bindings of.

    `listed` are, oldest first, the first and the last release of each, which have the same
    layout as all between them, and the name of its module beside this one.
    """

    def __init__(self, name: str, listed: tuple[tuple[str, str, str], ...]) -> None:
        self.package, _, self.name = name.rpartition(".")
        self.listed = listed

    def module(self, version: str) -> ModuleType:
        """The module of the version that has a release, imported when it is first asked
        for. Raises WrongVersion of one that no version has."""
        found: ModuleType = self._import(self._module_of(version))
        return found

    def at(self, version: str, fingerprint: int | None = None) -> ModuleType:
        """The module of the version that has a release, imported when it is first asked for.

        With the `fingerprint` that a runtime gives of its layouts, it has to be this
        version's on the running host. Raises WrongVersion, of a release that no version
        has too.
        """
        module = self.module(version)
        if fingerprint is None or fingerprint == module.LAYOUT_FINGERPRINT:
            return module
        raise WrongVersion(
            f"the layouts have the fingerprint {fingerprint:#018x}, and those of "
            f"{self.name} {version} have {module.LAYOUT_FINGERPRINT:#018x} here; "
            f"{self._owner_of(fingerprint)}"
        )

    def of_fingerprint(self, fingerprint: int) -> str:
        """The newest release whose layouts have that fingerprint on the running host.

        Raises WrongVersion for one that no version has.
        """
        for _, last, module in reversed(self.listed):
            if fingerprint == self._import(module).LAYOUT_FINGERPRINT:
                return last
        raise WrongVersion(
            f"no version of {self.name} has the fingerprint {fingerprint:#018x} here"
        )

    def _owner_of(self, fingerprint: int) -> str:
        try:
            return f"{self.of_fingerprint(fingerprint)} has that"
        except WrongVersion:
            return "no version that there are bindings of has that"

    def _module_of(self, version: str) -> str:
        wanted = _numbers(version)
        if not wanted:
            newest = self.listed[-1][1]
            raise WrongVersion(f"`{version}` is no version, as {newest} is one")
        near: dict[str, None] = {}
        for first, last, module in self.listed:
            as_long = len(wanted) == len(_numbers(first))
            if as_long and _numbers(first) <= wanted <= _numbers(last):
                return module
            near.update(dict.fromkeys((first, last)))
        before = [r for r in near if _numbers(r) < wanted][-1:]
        behind = [r for r in near if _numbers(r) > wanted][:1]
        raise WrongVersion(
            f"there are no bindings of {self.name} {version}; the nearest "
            + " and ".join([*before, *behind])
        )

    def _import(self, module: str) -> Any:
        if self.package:
            return import_module(f"{self.package}.{module}")
        return import_module(module)


def _numbers(release: str) -> Numbers:
    """The numbers of a release; none of another text."""
    parts = release.split(".")
    return tuple(map(int, parts)) if all(p.isdecimal() for p in parts) else ()
