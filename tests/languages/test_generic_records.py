"""Records about a type that they aren't made of: generic in Rust, one record elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, write_headers
from tests.c.headers import check as check_c
from tests.python.generated import run as run_python
from tests.python.generated import write as write_python
from tests.rust.crates import (
    EDITIONS,
    cargo,
    check,
    crate,
    execute,
    need_target,
    run,
    set_edition,
)
from tests.support import Ran, module_of, need
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
    targets: [x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu]
    types:
      VMHostArray:
        kind: struct
        params: [T]
        derive: [Debug, Clone]
        doc: Where values are.
        fields:
          length: u32
          capacity: u32
          data: {type: "*mut T", allow: {raw-pointer: as in Wasmtime}}
      Link:
        kind: struct
        params: [T, U]
        pinned: true
        derive: [Default]
        fields: {next: Option<VmPtr<T>>, many: "[Option<VmPtr<VMHostArray<T>>>; 2]"}
      Handle: {kind: struct, params: [A, B], copy: true, fields: {index: u32}}
      Chain: {kind: struct, params: [T], fields: {next: Option<VmPtr<Chain<T>>>}}
      Values: {kind: struct, fields: {a: u8}}
      Itself: {kind: newtype, of: VMHostArray<Itself>}
      First: {kind: newtype, of: "Handle<Second, Values2>"}
      Second: {kind: newtype, of: "Handle<First, Values2>"}
      Values2: {kind: struct, copy: true, fields: {a: First, b: "Handle<Second, u8>"}}
      Store:
        kind: struct
        fields:
          bytes: VMHostArray<u8>
          wide: VMHostArray<u128>
          lists: "VMHostArray<*mut Values>"
          few: "[VMHostArray<Values>; 2]"
          link: Link<Values, u8>
          other: VmPtr<Link<Store, Values>>
          handle: "Handle<Values, VMHostArray<u8>>"
    """


@pytest.mark.parametrize("edition", EDITIONS)
def test_rust_has_one_generic_record(tmp_path: Path, edition: str) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    set_edition(folder, edition)
    assert check(folder, edition=edition) == Ran(0, "", "")
    formatted = [need("rustfmt"), "--check", "--edition", edition, "src/lib.rs"]
    assert run(formatted, folder) == Ran(0, "", "")
    assert cargo(folder, "clippy", RUSTFLAGS="-Dwarnings") == Ran(0, "", "")
    text = (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert "#[derive(Clone, Debug)]\n#[repr(C)]\npub struct VMHostArray<T> {" in text
    assert "unsafe impl<T> VmSafe for VMHostArray<T> {}" in text
    assert "unsafe impl<T: VmSafe, U: VmSafe> VmSafe for Link<T, U> {}" in text
    assert "    pub _marker_: ::core::marker::PhantomData<U>,\n" in text
    assert "    pub _marker: ::core::marker::PhantomData<(A, B)>,\n" in text
    # A parameter that is only handed on isn't used, to rustc.
    assert "    pub _marker: ::core::marker::PhantomData<T>,\n" in text
    assert "    pub lists: VMHostArray<*mut Values>,\n" in text
    assert "        vm_safe::<VMHostArray<u8>>();\n" in text
    assert """\
    const _: () = {
        type Handle = super::Handle<(), ()>;
        layouts! {
            Handle as HANDLE { index }
        }
    };
""" in text


def test_rust_checks_it(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    path = folder / "src/sample.rs"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("pub capacity: u32", "pub capacity: u64"))
    said = check(folder).err
    assert "the offset of VMHostArray.capacity is 8 here, and 4 according to" in said


def test_what_it_is_about_has_types(tmp_path: Path) -> None:
    program = """
        use bindings::sample::*;
        fn first(array: &VMHostArray<u128>) -> u128 { unsafe { *array.data } }
        fn main() {
            let mut value = 7;
            let array = VMHostArray { length: 1, capacity: 1, data: &raw mut value };
            println!("{} {}", first(&array.clone()), size_of::<Store>());
        }
        """
    module = module_of(tmp_path, SCHEMA)
    assert execute(crate(tmp_path, module), program) == "7 120\n"
    layouts = Layouts(module)
    assert {layout.size for layout in layouts.row("Store")} == {120}


def test_c_and_python_have_one_record(tmp_path: Path) -> None:
    module = module_of(tmp_path, SCHEMA)
    headers = write_headers(tmp_path, module)
    assert check_c(tmp_path, '#include "sample.h"\n', "c11", *STRICT) == Ran(0, "", "")
    assert "    void *VM_NULLABLE data;\n" in headers["sample.h"]
    assert "    VMHostArray few[2];\n" in headers["sample.h"]
    write_python(tmp_path / "python", module)
    program = "import sample; print(type(sample.Store().few[1]) is sample.VMHostArray)"
    assert run_python(tmp_path / "python", program) == Ran(0, "True\n", "")


@pytest.mark.parametrize(
    "target", ["i686-unknown-linux-gnu", "s390x-unknown-linux-gnu"]
)
def test_other_targets_agree(tmp_path: Path, target: str) -> None:
    need_target(target)
    schema = SCHEMA.replace("targets: [", f"targets: [{target}, ")
    folder = crate(tmp_path, module_of(tmp_path, schema))
    assert check(folder, "--target", target) == Ran(0, "", "")
