"""`vmptr.rs`, which generated modules use, and how a project's own takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust import test_context_access
from tests.rust.crates import (
    EDITIONS,
    SCHEMAS,
    cargo,
    check,
    crate,
    module_at,
    run,
    set_edition,
    texts_of,
    write,
)
from tests.support import Ran, missing, module_of, need, toolchain
from vmgen.languages.rust.crate import RUNTIME

if TYPE_CHECKING:
    from pathlib import Path

UNIT_TESTS = 10

MIRI_TARGETS = {
    "x86_64-unknown-linux-gnu": "34 12\n1 7\n",
    "i686-unknown-linux-gnu": "34 12\n1 0\n",
    "s390x-unknown-linux-gnu": "0 0\n0 0\n",
}
"""Targets to interpret, with the first bytes that a program of ours prints there."""

SCHEMA = """\
    types:
      Record:
        kind: struct
        fields:
          link: VmPtr<Record>
          maybe: Option<VmPtr<()>>
          word: {type: u32, endian: little}
          words: "[u32; 2]"
          cell: UnsafeCell<u64>
      Frame:
        kind: context
        counts: [num_records]
        fields: {first: u32}
        regions: {records: "[Record; num_records]"}
    """


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_runtimes_own_tests_pass(tmp_path: Path, edition: str) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    set_edition(folder, edition)
    ran = cargo(folder, "test", "--lib", RUSTFLAGS="-Dwarnings")
    assert f"{UNIT_TESTS} passed; 0 failed" in ran.out, ran.err


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_runtimes_source_is_clean_where_it_stands(
    tmp_path: Path, edition: str
) -> None:
    source = str(RUNTIME / "vmptr.rs")
    formatted = [need("rustfmt"), "--check", "--edition", edition, source]
    assert run(formatted, tmp_path) == Ran(0, "", "")
    lints = [*("--edition", edition), "-Dwarnings", "-Dclippy::pedantic"]
    kind = ["--crate-type", "lib", "--emit=metadata", "-o", "out.rmeta", source]
    assert run([need("clippy-driver"), *lints, *kind], tmp_path) == Ran(0, "", "")


@pytest.mark.parametrize("target", MIRI_TARGETS)
def test_miri_finds_nothing_with_permissive_provenance(
    tmp_path: Path, target: str
) -> None:
    need("cargo")
    pinned = toolchain("RUST_NIGHTLY")
    for nightly in (pinned, "nightly"):
        if run(["cargo", f"+{nightly}", "miri", "--version"], tmp_path).code == 0:
            break
    else:
        missing(f"{pinned} is not installed with Miri (scripts/install-test-tools)")
    folder = crate(tmp_path, module_of(tmp_path, test_context_access.SCHEMA))
    program = test_context_access.PROGRAM.replace("bindings::", "vmgen_bindings::")
    write(folder, {"examples/live.rs": program})

    def miri(*arguments: str) -> Ran:
        command = ["cargo", f"+{nightly}", "miri", *arguments, "--quiet"]
        flags = "-Zmiri-permissive-provenance -Zmiri-symbolic-alignment-check"
        ran = run([*command, "--target", target], folder, MIRIFLAGS=flags)
        if "could not find specification for target" in ran.err:
            missing(f"this Miri has no target {target}")
        assert ran.err == ""
        return ran

    assert f"{UNIT_TESTS} passed; 0 failed" in miri("test", "--lib").out
    assert miri("run", "--example", "live").out.startswith(MIRI_TARGETS[target])


OWN_RUNTIME = """\
#![no_std]
pub mod vm {
    #[repr(transparent)]
    pub struct VmPtr<T>(core::ptr::NonNull<T>);
    impl<T> Clone for VmPtr<T> { fn clone(&self) -> Self { *self } }
    impl<T> Copy for VmPtr<T> {}
    impl<T> core::fmt::Debug for VmPtr<T> {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            self.0.fmt(f)
        }
    }

    pub unsafe trait VmSafe {}
    macro_rules! integers { ($($int:ident)*) => { $(unsafe impl VmSafe for $int {})* } }
    integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
    unsafe impl VmSafe for core::sync::atomic::AtomicUsize {}
    #[cfg(target_has_atomic = "64")]
    unsafe impl VmSafe for core::sync::atomic::AtomicU64 {}
    unsafe impl<T: VmSafe> VmSafe for VmPtr<T> {}
    unsafe impl<T: VmSafe> VmSafe for Option<VmPtr<T>> {}
}
"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_modules_can_use_a_projects_own_pointer(tmp_path: Path, edition: str) -> None:
    modules = [module_of(tmp_path, SCHEMA), module_at(SCHEMAS["wasmtime42"])]
    texts = texts_of(modules, runtime="crate::vm")
    assert sorted(texts) == [
        "src/sample.rs",
        "src/sample_offsets.rs",
        "src/wasmtime42.rs",
        "src/wasmtime42_offsets.rs",
    ]
    assert "use crate::vm::{VmPtr, VmSafe};" in texts["src/sample.rs"]
    names = [path[4:-3] for path in texts]
    library = OWN_RUNTIME + "".join(f"pub mod {name};\n" for name in names)
    folder = write(tmp_path, {**texts, "src/lib.rs": library})
    assert check(folder, edition=edition) == Ran(0, "", "")


def test_the_crate_is_called_as_asked(tmp_path: Path) -> None:
    module = module_of(tmp_path, SCHEMA)
    assert 'name = "vmgen-bindings"' in texts_of([module])["Cargo.toml"]
    assert 'name = "my-vm"' in texts_of([module], crate="my-vm")["Cargo.toml"]
