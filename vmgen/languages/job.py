"""What an emitter is handed and what it gives back.

A language builds a view of finished strings and lets a template print it. None
computes an offset: numbers come from `vmgen.layout`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.layouts import Layouts
from vmgen.schema import model
from vmgen.schema.mentions import mentioned_constants, mentioned_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.parts import Record
    from vmgen.schema.model import Constant, Module


class Output(msgspec.Struct, frozen=True):
    """A file to be: its path below the output folder, with slashes, and its text.

    `in_project` says that the path is below the project's folder instead, in one of
    `vmgen.languages.language.Language.folders`.
    """

    path: str
    text: str
    in_project: bool = False


class Job:
    """One module to be emitted in one language.

    `schema` is the schema's path as generated files print it, relative to the
    project's root, with slashes; `command` is what remakes the files, `shared_command`
    those that all modules share; `options` are those of the
    language's table in the configuration. `siblings` are modules that are in the
    output folder already, made from schemas that this run is not about.

    `module` and `layouts` have the schema's names, unless `called` put a language's there.
    """

    def __init__(
        self,
        module: Module,
        layouts: Layouts,
        schema: str,
        command: str,
        options: Mapping[str, str],
        siblings: Sequence[str] = (),
        shared_command: str = "vmgen build",
    ) -> None:
        self.module = module
        self.layouts = layouts
        self.schema = schema
        self.command = command
        self.shared_command = shared_command
        self.options = options
        self.siblings = siblings

    def called(self, language: str) -> Job:
        """The job with the names that a language has; the same one where those are the
        schema's."""
        layouts = self.layouts.called(language)
        if layouts is self.layouts:
            return self
        return Job(
            layouts.module,
            layouts,
            self.schema,
            self.command,
            self.options,
            self.siblings,
            self.shared_command,
        )

    @cached_property
    def contexts(self) -> dict[str, tuple[ContextLayout, ...]]:
        """Each context's layouts, one per layout class."""
        types = self.module.own_types.values()
        contexts = [d for d in types if isinstance(d, model.Context)]
        if not contexts:
            return {}
        return {d.name: self.layouts.context(d.name) for d in contexts}

    @cached_property
    def records(self) -> list[Record]:
        """The types that the module itself declares, by name."""
        return [r for r in self.layouts.records() if r.name not in self.module.used]

    @cached_property
    def constants(self) -> list[Constant]:
        """The constants that the module itself declares, by name."""
        return [constant for _, constant in sorted(self.module.own_constants.items())]

    @cached_property
    def used(self) -> dict[str, list[str]]:
        """The types and constants that the module's own records name and another module
        declares, by that module; modules and names in order.

        What those are made of in turn is that module's affair: it isn't here.
        """
        module = self.module
        if not module.used:
            return {}
        own = module.own_types.values()
        named = mentioned_types(own) | mentioned_constants(own)
        found: dict[str, list[str]] = {}
        for name in sorted(named & module.used.keys()):
            found.setdefault(module.used[name], []).append(name)
        return dict(sorted(found.items()))
