"""The crate that the generated modules form, and the runtime they use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.languages.rust.docs import INDENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.languages.job import Job

RUNTIME = Path(__file__).with_name("runtime")
"""Rust that is copied as it is: `vmptr.rs`, and beside it its module `WORDS`."""

WORDS = "little_endian"

DEFAULT_NAME = "vmgen-bindings"
RUST_VERSION = "1.84"
"""The first rustc that has exposed provenance, which `VmPtr` is made of."""


def dependencies(options: Mapping[str, str]) -> list[tuple[str, str]]:
    """The crates that the generated one depends on, each with its version."""
    found = []
    for dependency in options.get("dependencies", "").split():
        name, _, version = dependency.partition("@")
        found.append((name, version))
    return sorted(found)


def shared_files(jobs: Sequence[Job]) -> Iterator[Output]:
    """`Cargo.toml`, `src/lib.rs` and `src/vmptr.rs`.

    A project that has its own VmPtr takes the modules into its own crate; it gets
    none of these.
    """
    if not jobs or "runtime" in jobs[0].options:
        return
    header = header_lines(None, jobs[0].shared_command)
    modules = sorted({*(job.module.name for job in jobs), *jobs[0].siblings})
    yield Output(
        "rust/Cargo.toml",
        render(
            "rust/Cargo.toml.j2",
            header=header,
            name=jobs[0].options.get("crate", DEFAULT_NAME),
            rust_version=RUST_VERSION,
            dependencies=dependencies(jobs[0].options),
        ),
    )
    yield Output(
        "rust/src/lib.rs", render("rust/lib.rs.j2", header=header, modules=modules)
    )
    yield Output("rust/src/vmptr.rs", _runtime(header))


def _runtime(header: Sequence[str]) -> str:
    """`vmptr.rs` as it is, with the module inside that it has in a file of its own."""
    source = (RUNTIME / "vmptr.rs").read_text(encoding="utf-8")
    before, after = source.split(f"mod {WORDS};\n")
    inside = f"mod {WORDS} {{\n{indented_words()}}}\n"
    return "".join([f"// {line}\n" for line in header]) + f"\n{before}{inside}{after}"


def indented_words() -> str:
    """What is in the module that has the little-endian integers."""
    source = (RUNTIME / f"{WORDS}.rs").read_text(encoding="utf-8")
    return "".join(
        [f"{INDENT if line.strip() else ''}{line}" for line in source.splitlines(True)]
    )
