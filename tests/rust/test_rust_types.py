"""Signatures whose types are others in Rust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rust.crates import check, crate, texts_of
from tests.support import Ran, module_of, vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    types:
      Host: {kind: opaque}
      Builtins:
        kind: functions
        rust_types: {VmPtr<Host>: NonNull<Host>}
        functions:
          grow:
            signature: "(host: VmPtr<Host>, delta: usize) -> usize"
            rust_result: "*mut u8"
          other: "(host: VmPtr<Host>, inner: VmPtr<VmPtr<Host>>) -> usize"
    """


def test_a_runtimes_own_functions_fit_their_slots(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    with (folder / "src/lib.rs").open("a", encoding="utf-8") as lib:
        lib.write("""
use core::ptr::NonNull;
use sample::{Builtins, Host};

unsafe extern "C" fn grow(_: NonNull<Host>, _: usize) -> *mut u8 {
    core::ptr::null_mut()
}
unsafe extern "C" fn other(_: NonNull<Host>, _: VmPtr<VmPtr<Host>>) -> usize {
    0
}

/// Ours.
pub static BUILTINS: Builtins = Builtins { grow, other };
""")
    assert check(folder) == Ran(0, "", "")


def test_other_languages_go_by_the_signature(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    vmgen("build", "sample.vm.yaml", "-o", "out", cwd=tmp_path)
    header = (tmp_path / "out/c/sample.h").read_text(encoding="utf-8")
    declared = "uintptr_t (*VM_NONNULL grow)(Host *VM_NONNULL host, uintptr_t delta);"
    assert declared in header


def test_a_path_that_the_generated_crate_lacks_is_told(tmp_path: Path) -> None:
    schema = SCHEMA.replace("NonNull<Host>", "crate::own::Host")
    report = vmgen("check", write_schema(tmp_path, schema).name, cwd=tmp_path)
    assert "warning[VM904]: the generated crate has no `crate::own::Host`" in report.out


def test_the_macros_have_rusts_types(tmp_path: Path) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)], modules="for_each")
    assert (
        'grow: unsafe extern "C" fn(host: ::core::ptr::NonNull<Host>, delta: usize) '
        "-> *mut u8 ="
    ) in texts["src/sample_for_each.rs"]
