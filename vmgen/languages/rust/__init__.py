"""Rust: `src/<module>.rs` has the types, `src/<module>_offsets.rs` the numbers.

The first is for a runtime, which has the records in its memory: rustc is made to compare
each with the numbers of the second. The second is for a compiler, which may compile for
another target: it has every target's numbers and no types.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.language import HASH, SLASHES, Language, Option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.job import Job, Output
    from vmgen.languages.words import Derived, Words
    from vmgen.schema.model import Module

_WORD = "[A-Za-z_][A-Za-z0-9_]*"
_DEPENDENCY = "[A-Za-z][A-Za-z0-9_-]*@[=^~]?[0-9][A-Za-z0-9.+-]*"


class Rust(Language):
    """Its options: `runtime` is the module that has VmPtr and VmSafe, `crate` the
    generated crate's name, `dependencies` the crates that it needs for foreign types,
    spelled as `cargo add` takes them."""

    name = "rust"
    comments = (SLASHES, HASH)
    options = MappingProxyType(
        {
            "runtime": Option(
                f"(::)?{_WORD}(::{_WORD})*", "a path of Rust, as `crate::vm`"
            ),
            "crate": Option("[A-Za-z][A-Za-z0-9_-]*", "the name of a crate"),
            "dependencies": Option(
                rf"{_DEPENDENCY}( +{_DEPENDENCY})*",
                "crates with their versions, as `libc@0.2 half@2.4`",
            ),
        }
    )

    def words(self) -> Words:
        from vmgen.languages.rust.words import WORDS

        return WORDS

    def derived(self, module: Module) -> Iterator[Derived]:
        from vmgen.languages.rust.derived import derived

        return derived(module)

    def module_files(self, job: Job) -> Iterator[Output]:
        """The types, and the offsets."""
        from vmgen.languages.rust.module import module_file
        from vmgen.languages.rust.offsets import offsets_file
        from vmgen.languages.rust.tables import Tables

        tables = Tables(job)
        yield module_file(tables)
        yield offsets_file(tables)

    def shared_files(self, jobs: Sequence[Job]) -> Iterator[Output]:
        """The crate around them and its runtime, if the project has none of its own."""
        from vmgen.languages.rust.crate import shared_files

        return shared_files(jobs)


emit_module = Rust().module_files
emit_shared = Rust().shared_files
