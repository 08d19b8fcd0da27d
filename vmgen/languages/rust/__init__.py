"""Rust: `src/<module>.rs` has the types, `src/<module>_offsets.rs` the numbers.

The first is for a runtime, which has the records in its memory: rustc is made to compare
each with the numbers of the second. The second is for a compiler, which may compile for
another target: it has every target's numbers and no types.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.language import HASH, SLASHES, Folder, Language, Option
from vmgen.schema.types import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from vmgen.languages.job import Job, Output
    from vmgen.languages.words import Derived, Words
    from vmgen.schema.model import Module

_WORD = "[A-Za-z_][A-Za-z0-9_]*"
_PATH = f"(::)?{_WORD}(::{_WORD})*"
_NAME = r"(?!\.\.?(/|$))[A-Za-z0-9._+@-][A-Za-z0-9._+@ -]*"
_FOLDER = f"{_NAME}(/{_NAME})*"
_FOLDER_IN_WORDS = "a folder below that of this file, as `crates/vm/src/generated`"
_MODULES = "(places|for_each)( +(places|for_each))*"
_PARTS = "access|constants"
_FEATURE = "[A-Za-z0-9_][A-Za-z0-9_+.-]*"
_TYPE = r"[^\s{}\x00-\x1f\x7f][^{}\x00-\x1f\x7f]*( \{ \.\. \})?"
_CONDITION = r"[^\x00-\x1f\x7f]+"
_CONDITION_IN_WORDS = 'a condition of Rust, as `feature = "gc"`'
_DEPENDENCY = "[A-Za-z][A-Za-z0-9_-]*@[=^~]?[0-9][A-Za-z0-9.+-]*"


class Rust(Language):
    """Its options: `runtime` is the module that has VmPtr and VmSafe, `crate` the
    generated crate's name, `features` those of cargo's that it has for conditions of the
    schemas, `without` what the types are made without, `dependencies` the crates that it needs for foreign types,
    spelled as `cargo add` takes them. `types-out` and `offsets-out` are folders of the
    project for the types and for the offsets, where these are modules of its own crates;
    `offsets` is the module that has the offsets, seen from the types; `existing` has the
    paths of types that the project declares by hand, and `cfg` the conditions that its
    crates have types under. `debuggers` are those whose printers the generated crate
    brings along. `cranelift` is the version of Cranelift for which there are handles
    beside the offsets."""

    name = "rust"
    comments = (SLASHES, HASH)
    options = MappingProxyType(
        {
            "runtime": Option(_PATH, "a path of Rust, as `crate::vm`"),
            "crate": Option("[A-Za-z][A-Za-z0-9_-]*", "the name of a crate"),
            "without": Option(
                f"({_PARTS})( +({_PARTS}))*", "`access`, `constants` or both"
            ),
            "features": Option(
                rf"{_FEATURE}( +{_FEATURE})*",
                "features of the crate, as `gc component-model`",
            ),
            "dependencies": Option(
                rf"{_DEPENDENCY}( +{_DEPENDENCY})*",
                "crates with their versions, as `libc@0.2 half@2.4`",
            ),
            "types-out": Option(_FOLDER, _FOLDER_IN_WORDS),
            "offsets-out": Option(_FOLDER, _FOLDER_IN_WORDS),
            "modules": Option(
                _MODULES, "modules to make as well: `places`, `for_each` or both"
            ),
            "debuggers": Option("gdb", "`gdb`"),
            "descriptor": Option("true", "`true`"),
            "cranelift": Option(r"\S+", "a version of Cranelift, as `0.137`"),
            "indices": Option(_PATH, "a path of Rust, as `crate::indices`"),
            "index-method": Option(
                _PATH, "a method, as `index` or `crate::EntityRef::index`"
            ),
            "offsets": Option(_PATH, "a path of Rust, as `my_offsets::generated`"),
            "existing": Option(
                _TYPE,
                "a type's path in Rust, as `crate::vm::Store`",
                by_type=True,
                besides=frozenset(VECTORS),
            ),
            "cfg": Option(_CONDITION, _CONDITION_IN_WORDS, by_type=True, parts=True),
        }
    )

    def words(self) -> Words:
        from vmgen.languages.rust.words import WORDS

        return WORDS

    def derived(self, module: Module) -> Iterator[Derived]:
        from vmgen.languages.rust.derived import derived

        return derived(module)

    def folders(self, options: Mapping[str, str]) -> Sequence[Folder]:
        from vmgen.languages.rust.crates import folders

        return folders(options)

    def companions(self, options: Mapping[str, str]) -> Mapping[str, str]:
        from vmgen.languages.rust.crates import companions

        return companions(options)

    def faults(self, options: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        from vmgen.languages.rust.crates import faults

        return faults(options)

    def module_files(self, job: Job) -> Iterator[Output]:
        """The types and the offsets, and what options ask for."""
        from vmgen.languages.rust.crates import modules_too
        from vmgen.languages.rust.module import module_file
        from vmgen.languages.rust.offsets import offsets_file
        from vmgen.languages.rust.tables import Tables

        tables = Tables(job)
        yield module_file(tables)
        yield offsets_file(tables)
        more = modules_too(job.options)
        if "places" in more:
            from vmgen.languages.rust.places import places_file

            yield places_file(tables)
        if "for_each" in more:
            from vmgen.languages.rust.for_each import for_each_file

            yield for_each_file(tables)
        if "descriptor" in more:
            from vmgen.languages.rust.descriptor import descriptor_file

            yield descriptor_file(tables)
        if "cranelift" in more:
            from vmgen.languages.rust.cranelift import cranelift_file

            yield cranelift_file(tables)

    def shared_files(self, jobs: Sequence[Job]) -> Iterator[Output]:
        """The crate around them and its runtime, if the project has none of its own."""
        from vmgen.languages.rust.crate import shared_files

        return shared_files(jobs)


emit_module = Rust().module_files
emit_shared = Rust().shared_files
