"""`src/<module>.rs`: the module's types, and what makes rustc check them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages import notes
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.languages.rust.checks import checks_of
from vmgen.languages.rust.conditions import cfg_lines
from vmgen.languages.rust.constants import PORTABLE, host_constant
from vmgen.languages.rust.crate import indented_words
from vmgen.languages.rust.declare import Declarations
from vmgen.languages.rust.docs import INDENT, SKIP, WIDTH, comment
from vmgen.languages.rust.existing import vector_paths
from vmgen.languages.rust.item import Item, has_atomic
from vmgen.languages.rust.lints import of_names
from vmgen.languages.rust.names import local, spelled
from vmgen.languages.rust.safety import Safety
from vmgen.languages.rust.spelling import ATOMIC_PATH, Spelling
from vmgen.languages.rust.stand_ins import of_other_modules, stand_in
from vmgen.schema import model as m
from vmgen.targets.find import TARGETS
from vmgen.text import wrap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from vmgen.languages.job import Job
    from vmgen.languages.rust.conditions import Conditions
    from vmgen.languages.rust.context_access import LiveContext
from vmgen.languages.rust.tables import Tables

UNUSED = '#[allow(unused_imports, reason = "what needs it is not on every target")]\n'


def module_file(tables: Tables) -> Output:
    """The types of one module."""
    job = tables.job
    spelling = Spelling(
        job.module,
        own_runtime="runtime" in job.options,
        vectors=vector_paths(job.options),
    )
    safety = Safety(job, spelling)
    makes = Declarations(spelling, tables, safety)
    items = [item for record in job.records for item in makes.items(record)]
    items += of_other_modules(job.module, makes.conditions)
    contexts = _contexts(job, spelling, safety, makes.conditions)
    stand_ins = [
        stand_in(local(name, job.module.types), [has_atomic(width)])
        for name, width in spelling.gated_atomics()
    ]
    constants = [] if "constants" in _without(job) else job.constants
    checks = checks_of(items, safety, makes.copied, makes.conditions)
    safe = bool(contexts or stand_ins) or any(map(_claims_safety, items))
    little_endian = "Le" in spelling.used and "runtime" in job.options
    return tables.crates.types_file(
        f"{job.module.name}.rs",
        render(
            "rust/module.rs.j2",
            header=header_lines(job.schema, job.command),
            lints=of_names(job.module),
            doc=comment(notes.of_module(job.module)),
            n=spelling.names,
            imports=_imports(
                tables,
                spelling,
                items,
                contexts,
                makes.conditions,
                safe or bool(checks.held),
            ),
            same=_same(tables, constants),
            host_constants=[
                host_constant(c, tables.path)
                for c in constants
                if c.type.name in PORTABLE
            ],
            items=items + stand_ins,
            contexts=contexts,
            alignments=sorted(makes.alignments),
            bit_fields=any(item.bit_fields for item in items),
            elements=any(c.elements for c in contexts),
            # A target without some atomic lacks every context that makes any.
            words=_words(spelling) if little_endian else "",
            checks=checks,
            offsets=tables.module,
            path=tables.path,
            path_from_inside=tables.path_from_inside,
            described=tables.described,
            archs=_quoted(t.arch for t in TARGETS.values()),
            systems=_quoted(t.os for t in TARGETS.values()),
            **tables.message_texts(),
        ),
    )


def _claims_safety(item: Item) -> bool:
    """Whether `VmSafe` is implemented for an item; for these it is in any case."""
    return bool(item.safety) or item.kind in ("opaque", "stand_in")


def _words(spelling: Spelling) -> str:
    """What is in the module that has little-endian integers, for a runtime that has
    none."""
    trait = spelling.names["VmSafe"]
    words = indented_words()
    if trait == "VmSafe":
        return words
    return words.replace("use super::VmSafe;", f"use super::{trait} as VmSafe;")


def _same(tables: Tables, constants: Iterable[m.Constant]) -> str:
    """What the module has from its offsets under the same name."""
    names = [spelled(c.name) for c in constants if c.type.name not in PORTABLE]
    return _use_declared(
        tables.path,
        sorted(["FILE_FINGERPRINT", *names]),
        "pub ",
    )


def _without(job: Job) -> list[str]:
    """What the project doesn't want: the access to contexts, the constants that the offsets
    have."""
    return job.options.get("without", "").split()


def _contexts(
    job: Job, spelling: Spelling, safety: Safety, conditions: Conditions
) -> list[LiveContext]:
    records = [r for r in job.records if isinstance(r.declared, m.Context)]
    if not records or "access" in _without(job):
        return []
    from vmgen.languages.rust.context_access import live_context

    return [live_context(record, spelling, safety, conditions) for record in records]


_RECORDS = (m.Struct, m.Union, m.Context)


def _imports(
    tables: Tables,
    spelling: Spelling,
    items: Sequence[Item],
    contexts: Sequence[LiveContext],
    conditions: Conditions,
    safe: bool,
) -> list[list[str]]:
    """The groups of `use` lines: core's, the module's numbers, the runtime. `safe` is
    whether `VmSafe` is named at all."""
    job = tables.job
    paths = {p for p in spelling.used if p.startswith("::core::")}
    if contexts:
        paths.add("::core::ptr::NonNull")
    gated = dict(spelling.gated_atomics())
    types = job.module.types
    core = []
    for path in sorted(paths):
        name = path.removeprefix(ATOMIC_PATH)
        cfg = f'#[cfg(target_has_atomic = "{gated[name]}")]\n' if name in gated else ""
        # Editions differ in how they sort names that end in numbers.
        odd = name != path and name not in ("AtomicU64", "AtomicUsize")
        core.append(f"{cfg}{SKIP if odd else ''}use {_local(path, types)};")
    own = "runtime" not in job.options
    names = spelling.used & ({"VmPtr", "Le"} if own else {"VmPtr"})
    if safe or "Le" in spelling.used:
        names = names | {"VmSafe"}
    offsets = [f"{c.name}Offsets" for c in contexts]
    offsets += [_local(name, types) for name in spelling.tag_types]
    used = {
        module: [name for name in names if name in types]
        for module, names in job.used.items()
    }
    others = {tables.path: sorted(offsets)}
    sometimes = []
    for module, listed in used.items():
        found = [(name, conditions.of(name)) for name in listed]
        for name, condition in found:
            if condition is None:
                continue
            listed.remove(name)
            sometimes.append(
                f"{cfg_lines([condition.text])}use super::{module}::{name};"
            )
    others.update({f"super::{module}": names for module, names in used.items()})
    of_modules = [_use_declared(path, names) for path, names in others.items() if names]
    of_modules += sometimes
    if len(of_modules) > 1:
        # Editions differ in how they sort the names of modules, too.
        of_modules = [f"{SKIP}{line.removeprefix(SKIP)}" for line in of_modules]
    groups = [
        core,
        of_modules,
        (
            [_use(tables.crates.runtime, [_local(n, types) for n in sorted(names)])]
            if names
            else []
        ),
    ]
    records = [d for d in job.module.own_types.values() if isinstance(d, _RECORDS)]
    elsewhere = any(field.on for record in records for field in record.fields)
    if conditions.any or elsewhere or any(item.cfg for item in items):
        # Where some type isn't there, what it needs may not be needed.
        groups = [[f"{UNUSED}{line}" for line in group] for group in groups]
    return [group for group in groups if group]


def _local(path: str, declared: Collection[str]) -> str:
    """What is imported, with another name where a type of the module has its own."""
    # rustfmt, where nobody tells it the edition, would take the first `::` away.
    path = path.removeprefix("::")
    name = path.rsplit("::", 1)[-1]
    known_as = local(name, declared)
    return path if known_as == name else f"{path} as {known_as}"


def _use(path: str, names: list[str]) -> str:
    listed = names[0] if len(names) == 1 else f"{{{', '.join(names)}}}"
    return f"use {path}::{listed};"


def _use_declared(path: str, names: list[str], before: str = "") -> str:
    """The import of names that schemas make up. Editions differ in how they sort those
    with numbers and underscores."""
    line = before + _use(path, names)
    if len(line) > WIDTH:
        text = wrap(f"{', '.join(names)},", WIDTH - len(INDENT))
        listed = "".join([f"{INDENT}{part}\n" for part in text])
        line = f"{before}use {path}::{{\n{listed}}};"
    return line if len(names) == 1 else f"{SKIP}{line}"


def _quoted(words: Iterable[str]) -> str:
    return " ".join(f'"{word}"' for word in sorted({w for w in words if w}))
