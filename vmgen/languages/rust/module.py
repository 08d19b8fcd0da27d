"""`src/<module>.rs`: the module's types, and what makes rustc check them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.languages.rust.checks import Checks
from vmgen.languages.rust.constants import constant
from vmgen.languages.rust.docs import comment
from vmgen.languages.rust.items import Item, Items, stand_in
from vmgen.languages.rust.members import SKIP
from vmgen.languages.rust.names import literal, local
from vmgen.languages.rust.safety import Safety
from vmgen.languages.rust.spelling import ATOMIC_PATH, Spelling
from vmgen.schema import model as m
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from vmgen.languages.job import Job
    from vmgen.languages.rust.context_access import LiveContext
    from vmgen.languages.rust.rows import Chooser


UNUSED = '#[allow(unused_imports, reason = "what needs it is not on every target")]\n'


def module_file(chooser: Chooser) -> Output:
    """The types of one module."""
    job = chooser.job
    types = job.module.types.values()
    spelling = Spelling(job.module, own_runtime="runtime" in job.options)
    checks = Checks(chooser)
    safety = Safety(job, spelling)
    makes = Items(spelling, checks, safety)
    items = [item for declared in types for item in makes.of(declared)]
    contexts = _contexts(types, job, spelling, safety)
    stand_ins = [
        stand_in(local(name, job.module.types), frozenset({width}))
        for name, width in spelling.gated_atomics()
    ]
    return Output(
        f"rust/src/{job.module.name}.rs",
        render(
            "rust/module.rs.j2",
            header=header_lines(job.schema, job.command),
            doc=comment(job.module.doc),
            n=spelling.names,
            imports=_imports(chooser, spelling, items, contexts),
            constants=[constant(c) for c in job.module.constants.values()],
            items=items + stand_ins,
            contexts=contexts,
            elements=any(c.elements for c in contexts),
            # A target without some atomic lacks every context that makes any.
            little_endian="Le" in spelling.used and "runtime" in job.options,
            checked=bool(items),
            models=chooser.views(),
            choices=checks.choices,
            offsets=f"{job.module.name}_offsets.rs",
            here=f"[{', '.join(chooser.measured)}]",
            described=chooser.described,
            archs=_quoted(t.arch for t in TARGETS.values()),
            systems=_quoted(t.os for t in TARGETS.values()),
            schema=literal(job.schema),
            command=literal(job.command),
        ),
    )


def _contexts(
    types: Iterable[m.Declaration], job: Job, spelling: Spelling, safety: Safety
) -> list[LiveContext]:
    declared = [d for d in types if isinstance(d, m.Context)]
    if not declared:
        return []
    from vmgen.languages.rust.context_access import live_context

    return [live_context(d, job, spelling, safety) for d in declared]


def _imports(
    chooser: Chooser,
    spelling: Spelling,
    items: Sequence[Item],
    contexts: Sequence[LiveContext],
) -> list[list[str]]:
    """The groups of `use` lines: core's, the module's numbers, the runtime."""
    job = chooser.job
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
    if items:
        names = names | {"VmSafe"}
    runtime = job.options.get("runtime", "crate::vmptr")
    offsets = sorted(f"{c.name}Offsets" for c in contexts)
    groups = [
        core,
        [f"use super::{job.module.name}_offsets::{name};" for name in offsets],
        [_use(runtime, [_local(n, types) for n in sorted(names)])] if names else [],
    ]
    if any(item.cfg for item in items):
        # A target without some atomic lacks types, and may not need what they did.
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


def _quoted(words: Iterable[str]) -> str:
    return " ".join(f'"{word}"' for word in sorted({w for w in words if w}))
