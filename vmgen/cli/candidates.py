"""What may stand next on a command line, for shells that ask.

Made from the same parsers that read the command line. A candidate that no list can
give (a file, a folder) is a directive that starts with a colon, for the shell to see
to: `:schemas`, `:folders`, `:files`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from vmgen.cli.commands import COMMANDS, module_of


class Candidate(NamedTuple):
    """A word, and a few words about it."""

    word: str
    about: str = ""


DIRECTIVES = {"SCHEMA": ":schemas", "DIR": ":folders", "FILE": ":files"}
"""What the shell completes by itself, by the metavar of the argument."""


def candidates(words: list[str]) -> list[Candidate]:
    """What the last of `words`, which may be empty, may become.

    `words` are those after the program's name, up to the cursor.
    """
    *before, current = words or [""]
    if not before:
        offered = [Candidate(name, about) for name, about in COMMANDS.items()]
        offered += [
            Candidate("--help", "say how to call it"),
            Candidate("--version", "say which version it is"),
        ]
        return _fitting(offered, current)
    if before[0] not in COMMANDS:
        return []
    return _Line(before[0], before[1:], current).candidates()


def _fitting(offered: Iterable[Candidate], current: str) -> list[Candidate]:
    return [c for c in offered if c.word.startswith((current, ":"))]


class _Line:
    """A command's words before the cursor, taken apart as argparse would."""

    def __init__(self, command: str, before: list[str], current: str) -> None:
        parser = argparse.ArgumentParser(allow_abbrev=False)
        import_module(module_of(command)).add_arguments(parser)
        self.current = current
        self.options = {o: a for a in parser._actions for o in a.option_strings}
        self.positionals = [a for a in parser._actions if not a.option_strings]
        self.given: set[argparse.Action] = set()
        self.values: list[str] = []
        self.pending: argparse.Action | None = None
        self.only_positionals = False
        for word in before:
            self._take(word)

    def _take(self, word: str) -> None:
        if self.pending is not None:
            self.pending = None
        elif word == "--":
            self.only_positionals = True
        elif word.startswith("-") and not self.only_positionals:
            name, equals, _ = word.partition("=")
            action = self.options.get(name)
            if action is None:
                return
            self.given.add(action)
            if _takes_value(action) and not equals:
                self.pending = action
        else:
            self.values.append(word)

    def candidates(self) -> list[Candidate]:
        current = self.current
        if self.pending is not None:
            return _fitting(self._values_of(self.pending, current), current)
        if current.startswith("-") and not self.only_positionals:
            name, equals, value = current.partition("=")
            if not equals:
                return _fitting(self._option_names(), current)
            action = self.options.get(name)
            if action is None or not _takes_value(action):
                return []
            found = _fitting(self._values_of(action, value), value)
            return [
                c if c.word.startswith(":") else c._replace(word=f"{name}={c.word}")
                for c in found
            ]
        action = self._next_positional()
        return _fitting(self._values_of(action, current), current) if action else []

    def _option_names(self) -> Iterator[Candidate]:
        for name, action in self.options.items():
            again = isinstance(action, argparse._AppendAction)
            if name.startswith("--") and (again or action not in self.given):
                yield Candidate(name, action.help or "")

    def _next_positional(self) -> argparse.Action | None:
        index = len(self.values)
        if index < len(self.positionals):
            return self.positionals[index]
        last = self.positionals[-1] if self.positionals else None
        return last if last is not None and last.nargs == "*" else None

    def _values_of(self, action: argparse.Action, current: str) -> list[Candidate]:
        if action.choices is not None:
            return [Candidate(str(choice)) for choice in action.choices]
        metavar = action.metavar
        if not isinstance(metavar, str):
            return []
        if metavar in DIRECTIVES:
            return [Candidate(DIRECTIVES[metavar])]
        return list(self._listed(metavar, current))

    def _listed(self, metavar: str, current: str) -> Iterator[Candidate]:
        """What vmgen itself has a list of."""
        if metavar == "LIST":
            from vmgen.languages.registry import known_names

            head, comma, _ = current.rpartition(",")
            for language in known_names():
                if language not in head.split(","):
                    yield Candidate(f"{head}{comma}{language}")
        elif metavar == "CODE":
            from vmgen.rules.registry import all_rules

            for rule in all_rules():
                yield Candidate(rule.code, rule.name)
                if current:
                    yield Candidate(rule.name, rule.summary)
        elif metavar in ("T", "PATTERN"):
            yield from self._targets()
        elif metavar == "TYPE":
            for name, about in self._schema().types:
                if name not in self.values:
                    yield Candidate(name, about)
        elif metavar == "V":
            for release, about in self._schema().versions:
                yield Candidate(release, about)
        elif metavar == "COUNT=N" and "=" not in current:
            for name, about in self._schema().counts:
                yield Candidate(f"{name}=", about)

    def _schema(self) -> _Declared:
        return _Declared.read(self.values[0]) if self.values else _Declared()

    def _targets(self) -> Iterator[Candidate]:
        declared = self._schema().targets
        if declared:
            yield from (Candidate(name) for name in declared)
            return
        from vmgen.targets import find as targets

        for target in targets.find("*"):
            yield Candidate(
                target.triple, f"{target.pointer_width}-bit, {target.endian}-endian"
            )


class _Declared(NamedTuple):
    """The names in a schema, with what they are; empty for one that isn't sound."""

    types: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, str], ...] = ()
    targets: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, path: str) -> _Declared:
        from vmgen.build.config import ConfigError, find_config
        from vmgen.reading.diagnostics import Report
        from vmgen.schema import load_module
        from vmgen.schema.model import Context

        if not Path(path).is_file():
            return cls()
        try:
            features = find_config(Path.cwd()).features
        except ConfigError:
            features = {}
        module = load_module(Path(path), path, Report(), features)
        if module is None:
            return cls()
        contexts = [t for t in module.types.values() if isinstance(t, Context)]
        return cls(
            tuple((name, _first_line(t.doc)) for name, t in module.types.items()),
            tuple((c.name, _first_line(c.doc)) for x in contexts for c in x.counts),
            tuple(t.name for t in module.targets),
            tuple(
                (v.last, v.text if v.first != v.last else "") for v in module.versions
            ),
        )


def _takes_value(action: argparse.Action) -> bool:
    return action.nargs != 0


def _first_line(doc: str | None) -> str:
    """Enough of a description to stand beside a candidate."""
    line = " ".join((doc or "").split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"
