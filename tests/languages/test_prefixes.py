"""Records of which only a prefix is described, in every language and where they are held
against others."""

from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING, Any

import pytest

from tests.agreement.bindings import Rust, ran, write_bindings
from tests.c.headers import STANDARDS, STRICT, check, run
from tests.owners.compiling import COMPILERS, built, compiled
from tests.python.generated import import_from, write
from tests.support import Ran, module_of, need, vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

HOST = "x86_64-unknown-linux-gnu"
S390X = "s390x-unknown-linux-gnu"
SCHEMA = """
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, armv7-unknown-linux-gnueabihf, s390x-unknown-linux-gnu]
types:
  State:
    kind: struct
    prefix: true
    c_name: struct state
    fields:
      prev: Option<VmPtr<State>>
      flags: {anonymous: true, union: {bits: u32, halves: "[u16; 2]"}}
      id: {type: u8, expect_offset: {64: 12, 32: 8}}
  Root: {kind: struct, c_name: struct root, fields: {first: VmPtr<State>}}
"""
THEIRS = """
#include <stdint.h>
struct state {
    struct state *prev;
    union { uint32_t bits; uint16_t halves[2]; };
    uint8_t id;
    uint8_t more[100];
    _Alignas(16) uint64_t last;
};
struct root { struct state *first; };
"""


@pytest.fixture
def module(tmp_path: Path) -> Module:
    return module_of(tmp_path, SCHEMA)


@pytest.mark.parametrize("standard", STANDARDS)
def test_c_checks_its_offsets_alone(
    tmp_path: Path, module: Module, standard: str
) -> None:
    write_bindings(tmp_path, [module], ["c"])
    header = (tmp_path / "c" / "sample.h").read_text()
    assert "VMGEN_RECORDS(struct root" in header
    assert "VMGEN_RECORDS(struct state" not in header
    assert "VMGEN_OFFSETS(struct state, id, 12, 8);" in header
    assert check(tmp_path / "c", '#include "sample.h"\n', standard, *STRICT) == Ran(
        0, "", ""
    )


def test_rust_checks_its_offsets_alone(tmp_path: Path, module: Module) -> None:
    write_bindings(tmp_path, [module], ["rust"])
    Rust.build(tmp_path, tmp_path)
    path = tmp_path / "rust" / "src" / "sample_offsets.rs"
    text = path.read_text()
    assert text.count("        id: [12, 8],\n") == 1
    path.write_text(text.replace("        id: [12, 8],\n", "        id: [16, 8],\n"))
    said = Rust(tmp_path).compile(tmp_path)
    assert said.code != 0
    assert "State" in said.err


def test_nobody_moves_it_in_rust(tmp_path: Path, module: Module) -> None:
    write_bindings(tmp_path, [module], ["rust"])
    rust = Rust.build(tmp_path, tmp_path)
    use = "fn unpin<T: Unpin>() {} fn main() { unpin::<bindings::sample::State>() }"
    command = ["--crate-type", "bin", "-L", str(tmp_path), "--extern", "bindings", "-"]
    said = rust.rustc(["--edition", "2021", *command], use)
    assert "`PhantomPinned` cannot be unpinned" in said.err


@pytest.fixture
def generated(tmp_path: Path, module: Module) -> Any:
    folder = tmp_path / f"prefixes_{tmp_path.name}"
    write(folder, module, options={"package": folder.name})
    return import_from(folder, "sample")


def test_python_reads_it_behind_a_pointer_and_has_no_size(
    tmp_path: Path, generated: Any
) -> None:
    vm = import_from(tmp_path / f"prefixes_{tmp_path.name}", "vmgen_runtime")
    memory = ctypes.create_string_buffer(64)
    state = generated.State.at(ctypes.addressof(memory))
    state.id = 4
    assert (memory.raw[12], state.id) == (b"\4"[0], 4)
    data = struct.pack(">QIB", 0, 7, 9) + bytes(50)
    assert generated.State.read(data, S390X).bits == 7
    assert vm.offset_of(generated.State, "id", "i686-unknown-linux-gnu") == 8
    for asked in (
        lambda: vm.size_of(generated.State),
        lambda: generated.State.read_array(data, 2, S390X),
        lambda: vm.allocate_array(generated.State, 2),
    ):
        with pytest.raises(
            TypeError, match="of State only a prefix is described: it has no size"
        ):
            asked()


def test_the_owners_record_may_go_on_and_be_more_aligned(tmp_path: Path) -> None:
    (tmp_path / "theirs.h").write_text(THEIRS)
    write_schema(tmp_path, f"c: {{header: theirs.h}}\n{SCHEMA}")
    built(tmp_path, "sample.vm.yaml")
    file = "generated/c/sample_header_check.c"
    commands = [[tool, "-std=c11"] for tool in COMPILERS.values()]
    assert [compiled(tmp_path, c, file) for c in commands] == [[], [], [], []]
    (tmp_path / "theirs.h").write_text(THEIRS.replace("uint8_t id", "uint16_t id"))
    assert compiled(tmp_path, commands[0], file) == [
        'static assertion failed: "struct state.id: size differs from sample.vm.yaml"'
    ]


def test_verify_looks_at_no_more_than_is_described(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    verify = ["verify", "sample.vm.yaml", "--target", HOST, "--format", "concise"]

    def said(theirs: str) -> Ran:
        (tmp_path / "it.c").write_text(f"{theirs}struct state a; struct root b;\n")
        assert ran([need("gcc"), "-g", "-c", "it.c"], tmp_path).code == 0
        return vmgen(*verify, "--binary", "it.o", cwd=tmp_path)

    assert said(THEIRS).code == 0
    found = said(THEIRS.replace("uint8_t id;", "uint8_t gap; uint8_t id;"))
    assert "VM503 `State.id` is at 12, and at 13 in the binary" in found.out
    found = said(THEIRS.replace("uint8_t id;", ""))
    assert "VM502 `State` has no `id` in the binary" in found.out


def test_layouts_say_that_it_goes_on(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    options = ["sample.vm.yaml", "State", "--target", HOST]
    assert vmgen("layout", *options, cwd=tmp_path).out.splitlines()[2:] == [
        "struct State, of which this is a prefix",
        "    offset  size",
        "         0     8  prev   Option<VmPtr<State>>",
        "         8     4  flags  State_flags",
        "        12     1  id     u8",
        "  3 fields of 13 bytes",
    ]
    json = vmgen("layout", *options, "--format", "json", cwd=tmp_path).out
    assert (
        '"State": {"kind": "struct", "prefix": true, "fields": ['
        in json.replace("\n", " ").replace("  ", "")
        or '"prefix": true' in json
    )


def test_another_end_is_another_kind_of_record(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA, "old.vm.yaml")
    whole = SCHEMA.replace("    prefix: true\n", "")
    write_schema(tmp_path, whole, "whole.vm.yaml")
    files = ["old.vm.yaml", "whole.vm.yaml"]
    said = vmgen("diff", *files, "--format", "concise", cwd=tmp_path).out
    assert "`State` is a struct instead of a prefix" in said


def test_c_and_the_engine_agree_where_it_ends(tmp_path: Path, module: Module) -> None:
    write_bindings(tmp_path, [module], ["c"])
    code = '#include <stdio.h>\n#include "sample.h"\nint main(void) { printf("%d", (int)offsetof(struct state, id)); return 0; }\n'
    assert run(tmp_path / "c", code, "c11") == "12"
