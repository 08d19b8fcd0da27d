"""Structs that end in an array of any length, in every language and against others."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

import pytest

from tests.agreement.bindings import Rust, ran, write_bindings
from tests.c.headers import STANDARDS, STRICT, check
from tests.oracle.need_clang import need_libclang
from tests.owners.compiling import COMPILERS, built, compiled
from tests.python.generated import import_from, write
from tests.support import Ran, module_of, need, vmgen, write_schema
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

HOST = "x86_64-unknown-linux-gnu"
S390X = "s390x-unknown-linux-gnu"
SCHEMA = """
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, armv7-unknown-linux-gnueabihf, s390x-unknown-linux-gnu]
types:
  Entry: {kind: struct, fields: {value: u64, kind: u8}, allow: {layout-differs-by-target: it is theirs}}
  Table:
    kind: struct
    c_name: struct table
    allow: {layout-differs-by-target: it is theirs}
    fields:
      nent: u32
      flags: u8
      entries: {type: "[Entry]", length: nent, doc: As many as nent says.}
"""
THEIRS = """
#include <stdint.h>
typedef struct Entry { uint64_t value; uint8_t kind; } Entry;
struct table { uint32_t nent; uint8_t flags; Entry entries[]; };
"""


@pytest.fixture
def module(tmp_path: Path) -> Module:
    return module_of(tmp_path, SCHEMA)


def test_c_has_the_array(tmp_path: Path) -> None:
    words = SCHEMA.replace("value: u64", "value: u32")
    write_bindings(tmp_path, [module_of(tmp_path, words)], ["c"])
    assert """
struct table {
    uint32_t nent;
    uint8_t flags;
#if !defined(__cplusplus)
    /** As many as nent says. */
    Entry entries[];
#endif
};
""" in (tmp_path / "c" / "sample.h").read_text()


C = """
#include "sample.h"
uint64_t second(const struct table *table);
uint64_t second(const struct table *table) { return table->entries[1].value; }
"""
CPP = """
#include "sample.h"
uint64_t second(table *it, const tableOffsets *offsets);
uint64_t second(table *it, const tableOffsets *offsets)
{
    Entry *entry = table_entries_ptr(it, offsets, 1);
    return entry ? entry->value : 0;
}
"""


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_dialect_takes_it_without_a_warning(
    tmp_path: Path, module: Module, standard: str
) -> None:
    write_bindings(tmp_path, [module], ["c"])
    code = CPP if "++" in standard else C
    assert check(tmp_path / "c", code, standard, *STRICT) == Ran(0, "", "")


@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_clang_has_nothing_to_say_of_it(
    tmp_path: Path, module: Module, standard: str
) -> None:
    write_bindings(tmp_path, [module], ["c"])
    clang = need_libclang().Clang()
    older = ("-Wno-c++98-compat", "-Wno-c++98-compat-pedantic", "-DVM_NO_ATOMICS")
    for target in (HOST, S390X):
        source, include = '#include "sample.h"\n', tmp_path / "c"
        parsed = clang.parse(
            TARGETS[target], source, include, standard=standard, flags=older
        )
        assert parsed.messages == ()


def test_where_it_begins_is_held_against_the_compiler(
    tmp_path: Path, module: Module
) -> None:
    write_bindings(tmp_path, [module], ["c"])
    path = tmp_path / "c" / "sample.h"
    text = path.read_text()
    (row,) = re.findall(r"VMGEN_OFFSET\(struct table, entries, .*\);", text)
    path.write_text(
        text.replace(row, row.replace("8 + 0u", "9 + 0u").replace(", 8)", ", 9)"))
    )
    said = check(tmp_path / "c", C, "c11")
    assert "struct table.entries: offset differs from sample.vm.yaml" in said.err


def test_the_owners_header_agrees_on_every_machine(tmp_path: Path) -> None:
    (tmp_path / "theirs.h").write_text(THEIRS)
    write_schema(tmp_path, f"c: {{header: theirs.h}}\n{SCHEMA}")
    built(tmp_path, "sample.vm.yaml")
    file = "generated/c/sample_header_check.c"
    commands = [[tool, "-std=c11"] for tool in COMPILERS.values()]
    assert [compiled(tmp_path, c, file) for c in commands] == [[], [], [], []]
    (tmp_path / "theirs.h").write_text(THEIRS.replace("flags; Entry", "flags; char"))
    assert compiled(tmp_path, commands[0], file) != []


def test_verify_looks_at_the_array(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    verify = ["verify", "sample.vm.yaml", "--target", HOST, "--format", "concise"]

    def said(theirs: str) -> Ran:
        (tmp_path / "it.c").write_text(f"{theirs}struct table *a; Entry b;\n")
        assert ran([need("gcc"), "-g", "-c", "it.c"], tmp_path).code == 0
        return vmgen(*verify, "--binary", "it.o", cwd=tmp_path)

    assert said(THEIRS).code == 0
    found = said(THEIRS.replace("Entry entries[]", "uint32_t more[2]; Entry entries[]"))
    assert "`Table.entries` is at 8, and at 16 in the binary" in found.out
    found = said(THEIRS.replace("Entry entries[]", "_Alignas(8) uint16_t entries[]"))
    assert "`Table.entries` is `Entry`" in found.out


def test_rust_takes_it(tmp_path: Path, module: Module) -> None:
    write_bindings(tmp_path, [module], ["rust"])
    Rust.build(tmp_path, tmp_path)


def test_python_reads_the_array_of_any_target(tmp_path: Path, module: Module) -> None:
    folder = tmp_path / f"flexible_{tmp_path.name}"
    write(folder, module, options={"package": folder.name})
    generated = import_from(folder, "sample")
    entries = b"".join(struct.pack(">QB7x", n, n) for n in (5, 6))
    data = struct.pack(">IB3x", 2, 1) + entries
    offsets = generated.TableOffsets(S390X, num_entries=2)
    assert (offsets.entries.begin, offsets.size) == (8, 40)
    table = generated.Table.read(data, S390X, {"num_entries": 2})
    assert [entry.value for entry in table.entries] == [5, 6]


def test_inspect_reads_how_many_there_are(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    entries = b"".join(struct.pack("<QB7x", n, n) for n in (5, 6, 7))
    (tmp_path / "memory").write_bytes(struct.pack("<IB3x", 2, 1) + entries)
    options = ["--bytes", "memory", "--at", "Table@0", "--target", HOST]
    said = vmgen("inspect", "sample.vm.yaml", *options, cwd=tmp_path)
    assert said.code == 0, said.err
    assert "entries: [Entry; 2]" in said.out
    assert "value: 6" in said.out
    assert "value: 7" not in said.out
