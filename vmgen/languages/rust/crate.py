"""The crate that the generated modules form, and the runtime they use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.debuggers.files import EMBEDDED
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.languages.rust.cranelift_versions import CRANELIFT, CRATE, VERSIONS
from vmgen.languages.rust.crates import (
    DEBUGGERS,
    SOURCES,
    crates,
    folders,
    modules_too,
)
from vmgen.languages.rust.docs import INDENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.languages.job import Job

RUNTIME = Path(__file__).with_name("runtime")
"""Rust that is copied as it is: `vmptr.rs`, and beside it its module `WORDS`; what handles
for Cranelift are made of, and the flags for each sort of versions."""

WORDS = "little_endian"

DEFAULT_NAME = "vmgen-bindings"
RUST_VERSION = "1.84"
"""The first rustc that has exposed provenance, which `VmPtr` is made of."""


class Contents(msgspec.Struct, frozen=True):
    """What there is of each schema in a folder of modules, `more` besides types and offsets,
    and whether the runtime is."""

    types: bool
    offsets: bool
    more: list[str]
    runtime: bool


def dependencies(options: Mapping[str, str]) -> list[tuple[str, str]]:
    """The crates that the generated one depends on, each with its version."""
    found = []
    for dependency in options.get("dependencies", "").split():
        name, _, version = dependency.partition("@")
        found.append((name, version))
    return sorted(found)


def shared_files(jobs: Sequence[Job]) -> Iterator[Output]:
    """`Cargo.toml` and `src/lib.rs` of the generated crate, and `mod.rs` in folders of the
    project's crates; `vmptr.rs` beside the types.

    A project that has its own VmPtr, and doesn't say which folders its crates have for the
    modules, takes them itself: it gets none of these.
    """
    if not jobs:
        return
    options = jobs[0].options
    where = crates(options)
    header = header_lines(None, jobs[0].shared_command)
    modules = sorted({*(job.module.name for job in jobs), *jobs[0].siblings})
    runtime = "runtime" not in options
    more = modules_too(options)
    generated = Contents(
        types=not where.types_folder,
        offsets=not where.offsets_folder,
        more=[] if where.offsets_folder else more,
        runtime=runtime and not where.types_folder,
    )
    if (generated.types and runtime) or (where.types_folder and generated.offsets):
        yield from _generated_crate(jobs[0], header, modules, generated)
        if DEBUGGERS in options:
            from vmgen.languages.debuggers.embedded import embedded_text

            yield Output(f"{SOURCES}/{EMBEDDED}", embedded_text(jobs))
    for folder in folders(options):
        contents = Contents(
            types=folder.path == where.types_folder,
            offsets=folder.path == where.offsets_folder,
            more=more if folder.path == where.offsets_folder else [],
            runtime=runtime and folder.path == where.types_folder,
        )
        yield Output(
            f"{folder.path}/mod.rs",
            render("rust/mod.rs.j2", header=header, modules=modules, contents=contents),
            in_project=True,
        )
    if runtime:
        yield where.types_file("vmptr.rs", _runtime(header))
    if CRANELIFT in options:
        flags = VERSIONS[options[CRANELIFT]]
        for name, source in (
            ("cranelift_handles.rs", "cranelift_handles.rs"),
            ("cranelift_flags.rs", f"cranelift_flags_{flags}.rs"),
        ):
            yield where.offsets_file(name, _copied(source, header))


def _generated_crate(
    job: Job, header: Sequence[str], modules: Sequence[str], contents: Contents
) -> Iterator[Output]:
    """The files that make a crate of what is in its folder."""
    yield Output(
        "rust/Cargo.toml",
        render(
            "rust/Cargo.toml.j2",
            header=header,
            name=job.options.get("crate", DEFAULT_NAME),
            rust_version=RUST_VERSION,
            dependencies=dependencies(job.options),
            features=sorted({*job.options.get("features", "").split()}),
            cranelift=job.options.get(CRANELIFT, ""),
            codegen=CRATE,
        ),
    )
    yield Output(
        f"{SOURCES}/lib.rs",
        render(
            "rust/lib.rs.j2",
            header=header,
            modules=modules,
            contents=contents,
            gdb_script=EMBEDDED if DEBUGGERS in job.options else "",
        ),
    )


def _runtime(header: Sequence[str]) -> str:
    """`vmptr.rs` as it is, with the module inside that it has in a file of its own."""
    before, after = _copied("vmptr.rs", header).split(f"mod {WORDS};\n")
    inside = f"mod {WORDS} {{\n{indented_words()}}}\n"
    return f"{before}{inside}{after}"


def _copied(name: str, header: Sequence[str]) -> str:
    """A file of the runtime as it is."""
    source = (RUNTIME / name).read_text(encoding="utf-8")
    return "".join([f"// {line}\n" for line in header]) + f"\n{source}"


def indented_words() -> str:
    """What is in the module that has the little-endian integers."""
    source = (RUNTIME / f"{WORDS}.rs").read_text(encoding="utf-8")
    return "".join(
        [f"{INDENT if line.strip() else ''}{line}" for line in source.splitlines(True)]
    )
