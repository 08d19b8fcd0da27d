"""`vmgen build`: make the bindings, or see that they are current."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.build import stamp
from vmgen.build.cache import Cache, cache_folder
from vmgen.build.config import (
    Config,
    ConfigError,
    find_config,
    known_languages,
)
from vmgen.build.project import (
    NoSchemas,
    SchemaPath,
    find_fragments,
    find_schemas,
    shown_from_here,
)
from vmgen.cli.arguments import Call, add_version, refuse_empty
from vmgen.cli.errors import UsageError
from vmgen.cli.present import Present
from vmgen.languages import registry
from vmgen.languages.render import use_cache
from vmgen.text import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from vmgen.build import pipeline, write
    from vmgen.cli.console import Console
    from vmgen.languages.job import Output
    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import SourceFile


class Arguments(Call, frozen=True, kw_only=True):
    schemas: Sequence[str] = ()
    out: str | None = None
    lang: Sequence[str] = ()
    check: bool = False
    diff: bool = False
    depfile: str | None = None
    list_outputs: bool = False
    version: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("schemas", nargs="*", metavar="SCHEMA")
    parser.add_argument("-o", "--out", metavar="DIR", help="the output folder")
    many = "languages, as rust,c,python; may be given again"
    parser.add_argument("--lang", action="append", metavar="LIST", help=many)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when not current"
    )
    parser.add_argument(
        "--diff", action="store_true", help="write nothing; print what would change"
    )
    parser.add_argument(
        "--depfile", metavar="FILE", help="write the inputs of the outputs, for Make"
    )
    parser.add_argument(
        "--list-outputs", action="store_true", help="print the outputs and stop"
    )
    add_version(parser, "those of the configuration, or the newest")


def run(args: Arguments, console: Console) -> int:
    refuse_empty("--out", args.out)
    refuse_empty("--depfile", args.depfile)
    try:
        config = find_config(Path.cwd())
        named = ",".join(args.lang).split(",")
        languages = known_languages(named, "--lang") if args.lang else config.languages
        schemas = find_schemas(args.schemas, config)
    except (ConfigError, NoSchemas) as error:
        raise UsageError(str(error)) from None
    out = Path(args.out) if args.out is not None else config.root / config.out
    return _Build(args, console, config, languages, schemas, out).run()


class _Build:
    """One run of the command."""

    def __init__(
        self,
        args: Arguments,
        console: Console,
        config: Config,
        languages: tuple[str, ...],
        schemas: list[SchemaPath],
        out: Path,
    ) -> None:
        self.args = args
        self.console = console
        self.config = config
        self.languages = languages
        self.schemas = schemas
        self.out = out
        # Who names an output folder wants the project's files left alone.
        self.root = config.root if args.out is None else out
        # One version of a project is a part of it, as one schema is.
        self.whole_project = not args.schemas and args.version is None
        self.there = Present(out, self.root, config, languages)
        self.warnings = 0
        self.modules: set[str] = set()
        self.siblings: tuple[str, ...] = ()

    def run(self) -> int:
        from vmgen.build import write

        try:
            return self._build(self.args.check or self.args.diff)
        except (write.NotOurs, registry.LanguageError) as error:
            raise UsageError(str(error)) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"can't write: {where}{reason}") from None

    def _build(self, looks_only: bool) -> int:
        from vmgen.build import write
        from vmgen.cli.progress import Progress
        from vmgen.reading.diagnostics import Report

        folder = cache_folder()
        use_cache(Cache(folder, ["templates"]) if folder else None)
        made: list[Path] = []
        planned: list[write.Change] = []
        report = Report()
        with Progress(self.console) as progress:
            fragments = find_fragments(self.args.schemas, self.config)
            checked = self._checked(report, progress, fragments)
            failed = report.has_errors or (self.config.strict and len(report) > 0)
            if not failed:
                self._refuse_unknown_names(checked)
                outputs = self._outputs(checked, progress)
                if self.args.list_outputs:
                    made = [write.place(self.out, self.root, o) for o in outputs]
                else:
                    planned = write.changes(self.out, self.root, outputs)
                    made = [change.path for change in planned]
        if failed:
            from vmgen.cli.findings import print_findings

            print_findings(report, "full", len(self.schemas), self.console)
            return 1
        if self.args.list_outputs:
            for path in made:
                self.console.out(f"{shown_from_here(path)}\n")
            return 0
        self.warnings = len(report)
        planned += write.removals(self._stale(made))
        inputs = [file for c in checked for file in c.module.files]
        if looks_only:
            return self._drift(planned)
        # What stops any of the files stops all of them, before one is replaced.
        write.apply([*planned, *self._depfile(made, inputs)])
        folders = self.there.folders
        others = [path for path, _ in self.there.elsewhere(folders)]
        write.clear(self.out, folders, others)
        while self._others() != self.siblings:
            # Another build has put its modules there meanwhile.
            again = write.changes(self.out, self.root, self._outputs(checked))
            write.apply(again)
            planned += [change for change in again if change.kind != "same"]
        summary = self._summary(planned)
        for change in planned:
            if change.kind != "same":
                self.console.out(f"{change.kind:<8} {shown_from_here(change.path)}\n")
        self.console.out(f"{summary}\n")
        with contextlib.suppress(OSError, MemoryError):
            # Everything is built; a stamp only saves time.
            self._keep_stamp(inputs, made)
        return 0

    def _checked(
        self,
        report: Report,
        progress: Callable[[str], None],
        fragments: Sequence[SchemaPath],
    ) -> list[pipeline.Checked]:
        from vmgen.build import pipeline
        from vmgen.schema import UnknownVersion

        try:
            return pipeline.check_to_build(
                self.schemas,
                self.config,
                report,
                self.languages,
                progress,
                fragments,
                self.args.version,
            )
        except (UnknownVersion, ConfigError) as error:
            raise UsageError(str(error)) from None

    def _outputs(
        self,
        checked: Sequence[pipeline.Checked],
        progress: Callable[[str], None] = lambda what: None,
    ) -> Iterator[Output]:
        from vmgen.build import pipeline

        self.modules = {c.module.name for c in checked}
        self.siblings = self._others()
        clash = self.there.clash(self.modules, self.siblings)
        if clash:
            raise UsageError(
                f"{clash}, and both would be in {shown_from_here(self.out)}"
            )
        return pipeline.emit(
            checked,
            self.config,
            self.languages,
            self.siblings,
            progress,
            out=self._named_out(),
        )

    def _named_out(self) -> str | None:
        """The output folder as the call names it, unless only this machine has it."""
        given = self.args.out
        if given is None or os.path.isabs(given):
            return None
        return given.replace(os.sep, "/")

    def _others(self) -> tuple[str, ...]:
        """Modules in the output folder that are not of this run."""
        return () if self.whole_project else self.there.siblings(self.modules)

    def _stale(self, made: Sequence[Path]) -> list[Path]:
        """Our files that are made no longer, of all languages unless the call names some.

        Only a build of the whole project knows every file that there should be.
        """
        if not self.whole_project:
            return []
        folders = self.languages if self.args.lang else self.there.folders
        return self.there.others(folders, made)

    def _refuse_unknown_names(self, checked: Sequence[pipeline.Checked]) -> None:
        from vmgen.build import unknown

        # Those that a call doesn't name may have features of their own.
        if self.whole_project:
            try:
                unknown.refuse_unknown_features(checked, self.config)
                unknown.refuse_unknown_types(checked, self.config)
            except ConfigError as error:
                raise UsageError(str(error)) from None

    def _drift(self, planned: Sequence[write.Change]) -> int:
        from vmgen.cli.drift import diff, line_ends

        drifted = [c for c in planned if c.kind != "same"]
        if not drifted:
            self.console.out(f"{self._summary(planned)}\n")
            return 0
        limit = None if self.args.diff else 20
        for change in drifted:
            shown = shown_from_here(change.path)
            if not self.args.diff:
                self.console.out(f"{change.kind:<8} {shown}\n")
            self.console.out(diff(change, shown, limit, self.console.colour))
        self.console.out(line_ends(drifted, self.out))
        if self.args.check:
            self.console.out(
                f"{len(drifted)} of {plural(len(planned), 'file')} not current\n"
                f"fix: {self._command()}\n"
            )
        return 1

    def _command(self) -> str:
        """The command that mends what `--check` found."""
        import shlex

        words = ["vmgen", "build", *self.args.schemas]
        if self.args.out:
            words += ["-o", self.args.out]
        if self.args.lang:
            words += ["--lang", ",".join(self.args.lang)]
        if self.args.version:
            words += ["--version", self.args.version]
        return shlex.join(words)

    def _summary(self, planned: Sequence[write.Change]) -> str:
        changed = sum(c.kind != "same" for c in planned)
        if not changed:
            return self._nothing_to_change(len(planned))
        same = len(planned) - changed
        return f"{plural(changed, 'file')} changed, {same} as they were{self._hint()}"

    def _nothing_to_change(self, files: int) -> str:
        return f"{plural(files, 'file')}, nothing to change{self._hint()}"

    def _hint(self) -> str:
        """Warnings stop no build, and must not go unseen either."""
        if not self.warnings:
            return ""
        return f"; {plural(self.warnings, 'warning')}, see `vmgen check`"

    def _depfile(
        self, outputs: Sequence[Path], inputs: Sequence[SourceFile]
    ) -> list[write.Change]:
        """The change that writes the dependency file, if one is asked for."""
        if self.args.depfile is None:
            return []
        from vmgen.cli.dependencies import dependency_file

        files = [file.path for file in inputs]
        if self.config.file:
            files.append(self.config.file)
        return [dependency_file(Path(self.args.depfile), outputs, files)]

    def _keep_stamp(
        self, inputs: Sequence[SourceFile], outputs: Sequence[Path]
    ) -> None:
        from vmgen.cli.evidence import evidence, is_as_read

        if self.args.version is not None or not all(f.path.is_file() for f in inputs):
            # What was read of a pipe can't be read again.
            return
        named, config = self.args.schemas, self.config
        found = evidence(
            named,
            config,
            self.languages,
            self.out,
            self.there.elsewhere(self.there.folders),
            inputs,
            outputs,
        )
        if found is not None:
            stamp.keep(
                self.args.said,
                self._nothing_to_change(len(outputs)),
                found,
                lambda: is_as_read(named, config, self.schemas, inputs)
                and self._others() == self.siblings,
            )
