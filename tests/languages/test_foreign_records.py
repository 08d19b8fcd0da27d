"""Records that are written by hand already: each compiler holds its own against the schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, write_headers
from tests.c.headers import check as check_c
from tests.python.generated import run as run_python
from tests.python.generated import write as write_python
from tests.rust.crates import cargo, check, need_component, texts_of, write
from tests.support import Ran, module_of
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = "targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]\n"
SCHEMA = f"""
{TARGETS}
types:
  Memory:
    kind: foreign
    rust: crate::theirs::Memory
    c: struct memory
    c_header: theirs.h
    size: {{64: 24, 32: 12}}
    align: {{64: 8, 32: 4}}
    fields:
      base: VmPtr<u8>
      length: usize
      type: {{type: u16, allow: {{reserved-name: it is theirs}}}}
      spare: "[u8; 2]"
  Global:
    kind: foreign
    rust: crate::theirs::Global
    c: Global
    c_header: <theirs.h>
    align: 16
    copy: true
    fields: {{bits: u64}}
  Guard:
    kind: foreign
    rust: core::ops::Range<*mut u8>
    vm_safe: false
    fields:
      start: {{type: "*mut u8", allow: {{raw-pointer: as it is in Rust}}}}
      end: {{type: "*mut u8", allow: {{raw-pointer: as it is in Rust}}}}
  Store:
    kind: struct
    fields:
      memory: Memory
      cells: "[Global; 2]"
      guard: {{type: Guard, allow: {{foreign-not-vm-safe: only the host reads it}}}}
"""
RUST = """
#[repr(C)]
pub struct Memory {
    pub base: crate::VmPtr<u8>,
    pub length: usize,
    pub r#type: u16,
    pub spare: [u8; 2],
}
unsafe impl crate::VmSafe for Memory {}
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub struct Global {
    pub bits: u64,
}
unsafe impl crate::VmSafe for Global {}
"""
C = """
#pragma once
#include <stdint.h>
#include <stddef.h>
struct memory { uint8_t *base; size_t length; uint16_t type; uint8_t spare[2]; };
typedef struct { _Alignas(16) uint64_t bits; } Global;
"""


def rust(folder: Path, theirs: str = RUST, schema: str = SCHEMA) -> Ran:
    """What rustc says of the crate together with their source."""
    texts = texts_of([module_of(folder, schema)])
    texts["src/theirs.rs"] = theirs
    texts["src/lib.rs"] += "\npub mod theirs;\n"
    return check(write(folder, texts))


def test_rust_checks_what_stays_by_hand_and_declares_none_of_it(tmp_path: Path) -> None:
    assert rust(tmp_path) == Ran(0, "", "")
    text = (tmp_path / "src/sample.rs").read_text(encoding="utf-8")
    assert re.findall(r"pub (?:struct|type) (\w+)", text) == [
        "Global",
        "Guard",
        "Memory",
        "Store",
    ]
    assert "pub type Memory = crate::theirs::Memory;" in text
    assert "    sizes! { Guard: start: *mut u8, end: *mut u8 }" in text
    assert "vm_safe::<Memory>();" in text
    assert "vm_safe::<Guard>();" not in text
    assert (
        "// `guard` is not checked. Allows foreign-not-vm-safe: only the host reads it."
        in text
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "pub length: usize,\n    pub r#type: u16",
            "pub r#type: u16,\n    pub length: usize",
            "the offset of Memory.length is 16 here, and 8 according to",
        ),
        ("pub bits: u64", "pub bits: u32", "the size of Global.bits is 4 here, and 8"),
        (", align(16)", "", "the size of Global is 8 here, and 16"),
    ],
)
def test_rust_says_what_differs_from_theirs(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in RUST
    assert said in rust(tmp_path, RUST.replace(old, new)).err


def test_rust_has_to_see_the_fields_that_it_checks(
    tmp_path: Path,
) -> None:
    private = RUST.replace("pub bits", "bits")
    assert (
        "field `bits` of struct `theirs::Global` is private"
        in rust(tmp_path, private).err
    )


@pytest.mark.parametrize(
    "fields", ["{start: u8, end: u8}", "{start: VmPtr<u8>, end: VmPtr<u8>}"]
)
def test_a_module_of_nothing_else_has_no_warning(tmp_path: Path, fields: str) -> None:
    """Neither from rustc nor from a pedantic clippy."""
    need_component("clippy")
    schema = f"""\
        {TARGETS.strip()}
        types:
          Guard: {{kind: foreign, rust: core::ops::Range<u8>, fields: {fields}}}
    """
    if "VmPtr" in fields:
        schema = schema.replace("Range<u8>", "Range<crate::VmPtr<u8>>")
    module = module_of(tmp_path, schema)
    folder = write(tmp_path, texts_of([module], modules="places for_each"))
    assert check(folder) == Ran(0, "", "")
    pedantic = "-Dwarnings -Dclippy::pedantic"
    assert cargo(folder, "clippy", RUSTFLAGS=pedantic) == Ran(0, "", "")


def c(folder: Path, theirs: str = C, standard: str = "c11", prefix: str = "") -> Ran:
    """What a compiler says of the header together with their header."""
    options = {"prefix": prefix} if prefix else {}
    write_headers(folder, module_of(folder, SCHEMA), **options)
    if "++" in standard:
        theirs = theirs.replace("_Alignas", "alignas")
    (folder / "theirs.h").write_text(theirs, encoding="utf-8")
    return check_c(folder, '#include "sample.h"\n', standard, *STRICT)


@pytest.mark.parametrize("standard", ["c2x", "c++11", "c++20"])
@pytest.mark.parametrize("prefix", ["", "rt_"])
def test_c_knows_them_in_every_standard(
    tmp_path: Path, standard: str, prefix: str
) -> None:
    assert c(tmp_path, standard=standard, prefix=prefix) == Ran(0, "", "")


def test_c_checks_what_stays_by_hand_and_declares_none_of_it(tmp_path: Path) -> None:
    assert c(tmp_path) == Ran(0, "", "")
    text = (tmp_path / "sample.h").read_text(encoding="utf-8")
    assert '#include <theirs.h>\n#include "theirs.h"\n' in text
    assert "typedef struct memory Memory;\n" in text
    assert re.findall(r"^struct (\w+) {", text, re.MULTILINE) == ["Guard", "Store"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("uint16_t type", "uint8_t type", "Memory.type: offset or size differs"),
        (
            "uint8_t *base; size_t length;",
            "size_t length; uint8_t *base;",
            "Memory.base: offset or size differs",
        ),
        ("_Alignas(16) ", "", "Global: size or alignment differs"),
    ],
)
def test_c_says_what_differs_from_theirs(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in C
    assert said in c(tmp_path, C.replace(old, new)).err


def test_python_and_a_language_that_has_none_make_one(tmp_path: Path) -> None:
    module = module_of(tmp_path, SCHEMA)
    write_python(tmp_path / "python", module)
    program = (
        "import sample; print(sample.Memory.length.offset, sample.Store.guard.size)"
    )
    assert run_python(tmp_path / "python", program) == Ran(0, "8 16\n", "")
    without = re.sub(r" +(rust|c|c_header): .*\n", "", SCHEMA)
    made = check(write(tmp_path, texts_of([module_of(tmp_path, without)])))
    assert made == Ran(0, "", "")
    text = (tmp_path / "src/sample.rs").read_text(encoding="utf-8")
    assert "pub struct Memory {\n    pub base: VmPtr<u8>," in text


def test_a_record_can_become_a_generated_one_without_a_new_fingerprint(
    tmp_path: Path,
) -> None:
    theirs = Layouts(module_of(tmp_path, SCHEMA)).fingerprints.of_file()
    moved = SCHEMA.replace(
        """  Global:
    kind: foreign
    rust: crate::theirs::Global
    c: Global
    c_header: <theirs.h>
""",
        """  Global:
    kind: struct
""",
    )
    assert moved != SCHEMA
    assert Layouts(module_of(tmp_path, moved)).fingerprints.of_file() == theirs
