"""The stages one after the other: schemas in, findings or outputs out."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from vmgen.build.config import companions
from vmgen.build.outputs import emitted
from vmgen.build.project import generated_name
from vmgen.build.rust_conditions import under_conditions
from vmgen.build.versions import key_of, read_chosen
from vmgen.languages import registry
from vmgen.languages.job import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from vmgen.build.config import Config
    from vmgen.build.project import SchemaPath
    from vmgen.languages.job import Output
    from vmgen.layout.layouts import Layouts
    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import Span
    from vmgen.schema.model import Module


class Checked(msgspec.Struct, frozen=True):
    """A module that passed every rule, and its layouts.

    `languages` are those that it is built in, None for all that are chosen; in those that
    are `extra` the command that remakes it names its version. `of_project` are the rules that
    found something which the project allows.
    """

    module: Module
    layouts: Layouts
    languages: frozenset[str] | None = None
    extra: frozenset[str] = frozenset()
    of_project: frozenset[str] = frozenset()


def read(
    schemas: Sequence[SchemaPath],
    config: Config,
    report: Report,
    progress: Callable[[str], None] = lambda what: None,
    version: str | None = None,
    *,
    every: bool = False,
) -> list[Module]:
    """The modules of schemas, of those that could be read. Faults go to `report`.

    Of a schema that describes several versions that is the one with the release `version`,
    the newest without it, or if `every`, each of them. Raises `UnknownVersion`.
    """
    from vmgen.schema import Loader, UnknownVersion

    loader = Loader(report, config.features, project=config.rules)
    found: list[Module] = []
    for schema in schemas:
        progress(f"checking {schema.shown}")
        path, shown = schema.path, schema.shown
        if every and version is None:
            found += loader.load_all(path, shown)
            continue
        asked = version if loader.versions(path, shown) else None
        module = loader.load(path, shown, asked)
        if module is not None:
            found.append(module)
    if version is not None and found and not any(m.version for m in found):
        raise UnknownVersion(f"{schemas[0].shown} has no versions")
    return found


def read_each(
    schemas: Sequence[SchemaPath],
    config: Config,
    report: Report,
    versions: Sequence[str],
) -> list[list[Module]]:
    """The modules of each schema in the versions asked for, in that order: of a schema
    without versions its only one, and none of one that couldn't be read. Without
    `versions` it is the newest. Raises `UnknownVersion`."""
    from vmgen.schema import Loader, UnknownVersion

    loader = Loader(report, config.features, project=config.rules)
    found: list[list[Module]] = []
    for schema in schemas:
        path, shown = schema.path, schema.shown
        asked: Sequence[str | None] = [None]
        if versions and loader.versions(path, shown):
            asked = list(dict.fromkeys(versions))
        loaded = [loader.load(path, shown, version) for version in asked]
        found.append([module for module in loaded if module is not None])
    modules = [module for each in found for module in each]
    if versions and modules and not any(module.version for module in modules):
        raise UnknownVersion(f"{schemas[0].shown} has no versions")
    return found


def judge(
    named: Sequence[Module],
    config: Config,
    report: Report,
    languages: Sequence[str] = (),
) -> list[Checked]:
    """Hold modules against the rules; those without errors come back, and behind them
    the modules that they use and that `named` doesn't have.

    `languages` are those to be written, if not those of the configuration.
    """
    from vmgen.rules.modules import find_shared_names
    from vmgen.rules.run import judge_all

    modules = under_conditions(_with_used(named), config.language_options("rust"))
    chosen = tuple(languages) or config.languages
    judged = judge_all(modules, report, rust_crates(config), chosen, config.options)
    by_name: dict[str, Module] = {}
    written: dict[str, Span] = {}
    for module in modules:
        for name, span in module.file_names:
            # The versions of a schema have its own name in common.
            first = written.setdefault(name, span)
            if first.file.path != span.file.path:
                report.add(
                    "VM017",
                    f"the module `{name}` is described twice",
                    span,
                    notes=(f"first by {first.file.name}",),
                    helps=("give one of the two another name",),
                )
        for name, _ in module.names:
            by_name.setdefault(name, module)
    _check_file_names(by_name, companions(config, registry.OWN), report)
    find_shared_names([m for m in modules if by_name[m.name] is m], report)
    return [
        Checked(module, made.layouts, of_project=made.of_project)
        for module, made in zip(modules, judged, strict=True)
        if made.layouts is not None and made.passed
    ]


def check(
    schemas: Sequence[SchemaPath],
    config: Config,
    report: Report,
    progress: Callable[[str], None] = lambda what: None,
    fragments: Sequence[SchemaPath] = (),
    languages: Sequence[str] = (),
    version: str | None = None,
    *,
    every: bool = False,
) -> list[Checked]:
    """Read schemas as `read` does, and hold them against the rules, as `judge` does.

    `fragments` are files that should be included by one of them.
    """
    modules = read(schemas, config, report, progress, version, every=every)
    passed = judge(modules, config, report, languages)
    _read_rest(fragments, modules, report)
    return passed


def check_to_build(
    schemas: Sequence[SchemaPath],
    config: Config,
    report: Report,
    languages: Sequence[str],
    progress: Callable[[str], None] = lambda what: None,
    fragments: Sequence[SchemaPath] = (),
    version: str | None = None,
) -> list[Checked]:
    """`check`, of the versions that are to be built (`vmgen.build.versions.read_chosen`),
    each with the languages that it is built in."""
    chosen = read_chosen(schemas, config, languages, report, progress, version)
    passed = judge(chosen.modules, config, report, languages)
    _read_rest(fragments, chosen.modules, report)
    nothing: frozenset[str] = frozenset()
    return [
        Checked(
            each.module,
            each.layouts,
            chosen.languages.get(key_of(each.module)),
            chosen.extra.get(key_of(each.module), nothing),
            each.of_project,
        )
        for each in passed
    ]


def _read_rest(
    fragments: Sequence[SchemaPath], modules: Sequence[Module], report: Report
) -> None:
    """Read the fragments that no module includes, unless there are errors already."""
    from vmgen.schema import load_module

    if report.has_errors:
        return
    read_files = {f.path.resolve() for m in _with_used(modules) for f in m.files}
    for fragment in fragments:
        if fragment.path.resolve() not in read_files:
            # As a schema, which it may have been meant to be.
            load_module(fragment.path, fragment.shown, report)


def rust_crates(config: Config) -> frozenset[str] | None:
    """The crates that the generated Rust depends on, as paths call them; None where the
    types are for a crate of the project's."""
    options = config.language_options("rust")
    if "rust" not in config.languages or options.keys() & {"runtime", "types-out"}:
        return None
    listed = options.get("dependencies", "").split()
    return frozenset(d.partition("@")[0].replace("-", "_") for d in listed)


def _with_used(named: Sequence[Module]) -> list[Module]:
    """The modules, and behind them those that they use, each version of a file once:
    schemas that were read one by one have each a module of its own of what they use."""
    found: dict[tuple[str, str | None], Module] = {}
    used = (other for module in named for other in module.modules_used)
    for module in (*named, *used):
        found.setdefault((os.path.realpath(module.path), module.version), module)
    return list(found.values())


def _check_file_names(
    modules: Mapping[str, Module], endings: Mapping[str, str], report: Report
) -> None:
    """Refuse a module named as a file that another module has beside its own."""
    for name, module in modules.items():
        for ending, what in endings.items():
            other = name.removesuffix(ending)
            if other != name and other in modules:
                report.add(
                    "VM012",
                    f"the module `{name}` is named as the {what} of the module `{other}`",
                    module.span,
                    helps=("choose another name",),
                )


def emit(
    checked: Sequence[Checked],
    config: Config,
    languages: Sequence[str],
    siblings: Sequence[str] = (),
    progress: Callable[[str], None] = lambda what: None,
    *,
    out: str | None = None,
) -> Iterator[Output]:
    """Every file of the chosen languages, for modules that passed.

    `siblings` are modules whose files are in the output folder already, made from
    schemas that this run is not about; what all modules share names them too. `out` is
    the output folder, where the command that remakes the files has to name it. Raises
    `vmgen.languages.registry.LanguageError`.
    """
    for name in languages:
        options = config.language_options(name)
        jobs = [
            _job(c, config, options, siblings, out, extra=name in c.extra)
            for c in checked
            if c.languages is None or name in c.languages
        ]
        language = registry.language(name)
        made: set[str] = set()
        for job in jobs:
            progress(f"writing {job.module.name} in {name}")
            yield from emitted(language, partial(language.module_files, job), made)
        yield from emitted(language, partial(language.shared_files, jobs), made)


def _job(
    checked: Checked,
    config: Config,
    options: Mapping[str, str],
    siblings: Sequence[str],
    out: str | None,
    *,
    extra: bool,
) -> Job:
    module = checked.module
    schema = generated_name(module.files[0].path, config)
    return Job(
        module,
        checked.layouts,
        schema,
        _command(
            None if config.schemas else schema, out, module.version if extra else None
        ),
        options,
        siblings,
        # What modules share is the same whichever of them was built last.
        _command(None if config.schemas else "SCHEMA", out),
    )


def _command(schema: str | None, out: str | None, version: str | None = None) -> str:
    """The command that remakes a file: a project's, or one that names a schema."""
    if schema is None and out is None and version is None:
        return "vmgen build"
    import shlex

    words = ["vmgen", "build", *([schema] if schema else [])]
    words += ["-o", out] if out else []
    return shlex.join([*words, *(["--version", version] if version else [])])
