"""Modules as crates use them: included, private, with every lint on, optimized."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import (
    EDITIONS,
    SCHEMAS,
    cargo,
    check,
    crate,
    module_at,
    need_component,
    run,
    texts_of,
    write,
)
from tests.rust.test_runtime import OWN_RUNTIME
from tests.support import Ran, missing, module_of, need

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTED = """\
vmgen: 1
module: sample
doc: Everything here is documented.
constants: {MAGIC: {type: u32, value: 1234567, doc: A number.}}
types:
  Struct:
    kind: struct
    doc: A record.
    fields:
      word: {type: u64, endian: little, access: [readonly], doc: A word.}
      next: {type: Option<VmPtr<Struct>>, doc: The next one.}
  Union: {kind: union, doc: One of two., fields: {a: {type: u32, doc: One.}}}
  Newtype: {kind: newtype, of: VmPtr<Struct>, doc: A pointer.}
  Plain: {kind: enum, doc: Two., tag: u32, variants: {One: {value: 100000, doc: One.}}}
  Tagged:
    kind: enum
    doc: Two with payloads.
    tag: u32
    variants: {One: {type: u32, doc: One.}, Two: {type: "UnsafeCell<u8>", doc: Two.}}
  Copied:
    kind: enum
    doc: Two that are pointers.
    tag: u32
    variants: {One: {type: Newtype, doc: One.}, Two: {doc: Two.}}
  Opaque: {kind: opaque, doc: Not known.}
  Foreign: {kind: foreign, size: 4, align: 4, doc: From elsewhere.}
  Table:
    kind: functions
    doc: A table.
    functions: {call: {signature: "(x: VmPtr<Struct>)", doc: Calls it.}}
  Context:
    kind: context
    doc: A context.
    counts: {num_words: How many.}
    flags: {has_last: Whether it is there.}
    fields: {magic: {type: u32, value: MAGIC, doc: What it begins with.}}
    regions:
      words: {type: "[u64; num_words]", doc: The words.}
      last: {type: Struct, when: has_last, doc: The last one.}
"""

LINTS = """
[lints.clippy]
pedantic = {level = "warn", priority = -1}
allow_attributes_without_reason = "warn"
undocumented_unsafe_blocks = "warn"
"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_documented_schema_makes_a_documented_crate(
    tmp_path: Path, edition: str
) -> None:
    folder = crate(tmp_path, module_of(tmp_path, DOCUMENTED), modules="places for_each")
    assert check(folder, "-Dmissing_docs", edition=edition) == Ran(0, "", "")


def test_clippy_finds_nothing_when_pedantic(tmp_path: Path) -> None:
    need_component("clippy")
    folder = crate(tmp_path, module_of(tmp_path, DOCUMENTED), modules="places for_each")
    with (folder / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write(LINTS)
    assert cargo(folder, "clippy") == Ran(0, "", "")


@pytest.mark.parametrize("own", [True, False])
def test_a_crate_can_keep_the_modules_to_itself(tmp_path: Path, own: bool) -> None:
    modules = [module_of(tmp_path, DOCUMENTED), module_at(SCHEMAS["wasmtime42"])]
    texts = texts_of(modules, **({"runtime": "crate::vm"} if own else {}))
    files = [path[4:-3] for path in texts if path.startswith("src/")]
    kept = "".join(f"mod {name};\n" for name in files if name != "lib")
    before = OWN_RUNTIME if own else "#![no_std]\n"
    folder = write(tmp_path, {**texts, "src/lib.rs": before + kept})
    assert check(folder) == Ran(0, "", "")


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_module_can_be_included(tmp_path: Path, edition: str) -> None:
    texts = texts_of([module_of(tmp_path, DOCUMENTED)], runtime="crate::vm")
    including = "".join(
        f'pub mod {path[4:-3]} {{ include!("{path[4:]}"); }}\n' for path in texts
    )
    folder = write(tmp_path, {**texts, "src/lib.rs": OWN_RUNTIME + including})
    assert check(folder, edition=edition) == Ran(0, "", "")


EXTERNAL = """
unsafe extern "C" {
    pub fn take(_: *mut sample::Context, _: &sample::Opaque, _: &sample::Tagged);
}
pub extern "C" fn give(_: *mut sample::Context, _: VmPtr<sample::Opaque>, _: &sample::Table) {}
"""


@pytest.mark.parametrize("toolchain", ["", "1.84.0"])
def test_pointers_to_anything_can_be_handed_to_c(
    tmp_path: Path, toolchain: str
) -> None:
    if toolchain and run(["rustc", f"+{toolchain}", "-V"], tmp_path).code != 0:
        missing(f"rustc {toolchain} is not installed")
    schema = DOCUMENTED.replace("(x: VmPtr<Struct>)", "(x: i128, y: Foreign) -> u128")
    folder = crate(tmp_path, module_of(tmp_path, schema))
    library = (folder / "src/lib.rs").read_text(encoding="utf-8")
    write(folder, {"src/lib.rs": library + EXTERNAL})
    assert check(folder, toolchain=toolchain) == Ran(0, "", "")


def test_a_little_endian_word_needs_no_type(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, DOCUMENTED))
    used = """
pub const WORD: vmptr::Le<u64> = vmptr::Le::new(5);
pub fn set(record: &mut sample::Struct, value: u64) -> u64 {
    record.word = Le::new(value);
    record.word.get()
}
"""
    library = (folder / "src/lib.rs").read_text(encoding="utf-8")
    write(folder, {"src/lib.rs": library + used})
    assert check(folder) == Ran(0, "", "")


def test_asking_for_one_offset_builds_no_record(tmp_path: Path) -> None:
    """The code loads the one number, whatever else the table has."""
    slots = ", ".join(f'f{i}: "()"' for i in range(58))
    schema = f"types: {{Table: {{kind: functions, functions: {{{slots}}}}}}}"
    folder = crate(tmp_path, module_of(tmp_path, schema))
    used = """
#[no_mangle]
pub fn one_offset(model: sample_offsets::DataModel) -> u32 {
    sample_offsets::TABLE.f57.of(model)
}
"""
    library = (folder / "src/lib.rs").read_text(encoding="utf-8")
    write(folder, {"src/lib.rs": library + used})
    for level in ("-Copt-level=0", "-Copt-level=1"):
        flags = (
            "--edition=2021",
            "--crate-type",
            "lib",
            "--emit=asm",
            level,
            "-Cdebuginfo=0",
        )
        assert run([need("rustc"), *flags, "-o", "out.s", "src/lib.rs"], folder) == Ran(
            0, "", ""
        )
        text = (folder / "out.s").read_text(encoding="utf-8")
        body = text.split("\none_offset:")[1].split(".Lfunc_end")[0]
        stores = re.findall(r"^\tmovl?\t[^,]*, -?\d*\(%rsp\)", body, re.MULTILINE)
        assert len(stores) < 5
