"""What C, Rust and Python have bit-fields in: the same bits of the same bytes."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from elftools.elf.elffile import ELFFile

from tests.support import need, write_schema
from vmgen.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

SCHEMA = """\
vmgen: 1
module: zqbits
targets:
  - x86_64-unknown-linux-gnu
  - i686-unknown-linux-gnu
  - armv7-unknown-linux-gnueabihf
  - s390x-unknown-linux-gnu
  - x86_64-pc-windows-msvc
profile: {c-abi: what the kernel declares}
allow: {layout-differs-by-target: C's compilers differ}
types:
  attr:
    kind: struct
    fields:
      size: u32
      disabled: {type: u64, bits: 1}
      inherit: {type: u64, bits: 1}
      precise: {type: i64, bits: 7}
      rest: {type: u64, bits: 55}
      after: u16
  mixed:
    kind: struct
    fields:
      a: {type: u8, bits: 4}
      b: {type: u32, bits: 4}
      c: {type: c_int, bits: 13}
      d: {type: u16, bits: 9}
      e: u8
      f: {type: i8, bits: 3}
  tight:
    kind: struct
    packed: true
    fields:
      a: {type: u8, bits: 3}
      b: {type: u64, bits: 64}
      c: {type: i32, bits: 18}
"""
VALUES: dict[str, dict[str, int]] = {
    "attr": {
        "size": 0x01020304, "disabled": 1, "inherit": 0, "precise": -3,
        "rest": 0x23456789ABCDE, "after": 0x0506,
    },
    "mixed": {"a": 9, "b": 6, "c": -1234, "d": 0x155, "e": 0xE7, "f": -2},
    "tight": {"a": 5, "b": 0xFEDCBA9876543210, "c": -100000},
}  # fmt: skip
COMPILERS = {
    "x86_64-unknown-linux-gnu": "gcc",
    "i686-unknown-linux-gnu": "i686-linux-gnu-gcc",
    "armv7-unknown-linux-gnueabihf": "arm-linux-gnueabihf-gcc",
    "s390x-unknown-linux-gnu": "s390x-linux-gnu-gcc",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bindings of the schema in all three languages."""
    made = tmp_path_factory.mktemp("bits")
    schema = write_schema(made, SCHEMA, "zqbits.vm.yaml")
    assert main(["build", str(schema), "-o", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def python(folder: Path) -> Iterator[ModuleType]:
    sys.path.insert(0, str(folder / "python"))
    known = {name: module for name, module in sys.modules.items() if "vmgen_r" in name}
    for name in known:
        del sys.modules[name]
    try:
        yield import_module("zqbits")
    finally:
        sys.path.remove(str(folder / "python"))
        sys.modules.update(known)


def by_c(folder: Path, compiler: str) -> dict[str, bytes]:
    """The bytes that gcc makes of initializers, read from the object file."""
    lines = ['#include "zqbits.h"']
    for name, values in VALUES.items():
        members = ", ".join(
            f".{member} = {n}u" if n >= 0 else f".{member} = {n}"
            for member, n in values.items()
        )
        lines.append(f"struct {name} value_of_{name} = {{ {members} }};")
    source = folder / "values.c"
    source.write_text("\n".join([*lines, ""]))
    made = folder / "values.o"
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c"]
    subprocess.run(
        [compiler, *flags, "-I", str(folder / "c"), "-o", str(made), str(source)],
        check=True,
    )
    elf = ELFFile(io.BytesIO(made.read_bytes()))
    symbols: Any = elf.get_section_by_name(".symtab")
    found = {}
    for name in VALUES:
        (symbol,) = symbols.get_symbol_by_name(f"value_of_{name}")
        data = elf.get_section(symbol["st_shndx"]).data()
        start = symbol["st_value"]
        found[name] = data[start : start + symbol["st_size"]]
    return found


@pytest.mark.parametrize("target", COMPILERS)
def test_python_packs_what_gcc_initializes(
    folder: Path, python: ModuleType, target: str
) -> None:
    need(COMPILERS[target])
    for name, data in by_c(folder, COMPILERS[target]).items():
        record: Any = getattr(python, name)
        assert record.pack(VALUES[name], target=target) == data, name
        read = record.read(data, target=target)
        assert {n: getattr(read, n) for n in VALUES[name]} == VALUES[name]


def test_python_has_them_in_live_memory(folder: Path, python: ModuleType) -> None:
    need("gcc")
    for name, data in by_c(folder, "gcc").items():
        record = getattr(python, name)()
        for field, value in VALUES[name].items():
            setattr(record, field, value)
        assert bytes(record) == data
        assert {n: getattr(record, n) for n in VALUES[name]} == VALUES[name]


def test_what_doesnt_fit_is_refused_and_changes_nothing(python: ModuleType) -> None:
    attr = python.attr(precise=5, inherit=1)
    with pytest.raises(OverflowError, match="64 doesn't fit 7 bits of i64: -64 to 63"):
        attr.precise = 64
    assert (attr.precise, attr.inherit, attr.rest) == (5, 1, 0)


def test_rust_sets_and_reads_them(folder: Path) -> None:
    need("rustc")
    need("gcc")
    lines = []
    for name, data in by_c(folder, "gcc").items():
        lines += [
            "    {",
            f"        let mut it: zqbits::{name} = unsafe {{ ::std::mem::zeroed() }};",
        ]
        schema = {"attr": ("size", "after"), "mixed": ("e",), "tight": ()}[name]
        for field, value in VALUES[name].items():
            whole = field in schema
            lines.append(
                f"        it.{field} = {value};"
                if whole
                else f"        it.set_{field}({value});"
            )
            if not whole:
                lines.append(f"        assert_eq!(it.{field}(), {value});")
        lines += [
            f"        let bytes = unsafe {{ *(&raw const it).cast::<[u8; {len(data)}]>() }};",
            f"        assert_eq!(bytes, {list(data)});",
            "    }",
        ]
    main_rs = folder / "main.rs"
    modules = "".join(
        f'#[path = "rust/src/{name}.rs"] mod {name};\n'
        for name in ("vmptr", "zqbits_offsets", "zqbits")
    )
    main_rs.write_text(modules + "fn main() {\n" + "\n".join(lines) + "\n}\n")
    program = folder / "main"
    subprocess.run(
        ["rustc", "--edition=2021", "-Awarnings", "-o", str(program), str(main_rs)],
        check=True,
    )
    subprocess.run([str(program)], check=True)


@pytest.mark.parametrize(
    ("target", "byte"),
    [("x86_64-unknown-linux-gnu", 1), ("s390x-unknown-linux-gnu", 128)],
)
def test_bits_are_counted_from_the_end_that_the_target_counts_from(
    python: ModuleType, target: str, byte: int
) -> None:
    zeros = dict.fromkeys(VALUES["attr"], 0)
    data = python.attr.pack(zeros | {"disabled": 1}, target=target)
    assert (data[4], sum(data)) == (byte, byte)
