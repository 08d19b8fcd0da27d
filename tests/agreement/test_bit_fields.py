"""What C, Rust and Python have bit-fields in: the same bits of the same bytes."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from elftools.elf.elffile import ELFFile

from tests.agreement.bindings import need_rust_target
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
  - powerpc-unknown-linux-gnu
  - x86_64-pc-windows-msvc
profile: {c-abi: what the kernel declares}
allow: {layout-differs-by-target: C's compilers differ, reserved-name: as C has it}
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
  some:
    kind: struct
    fields:
      low: {type: u8, bits: 4, on: {endian: little}}
      high: {type: u8, bits: 4}
      low_big: {type: u8, bits: 4, on: {endian: big}}
      narrow: {type: u32, bits: 20, on: {width: 32}}
      z: {type: i16, bits: 9, on: {arch: s390x}}
      last: {type: u32, bits: 5}
      whole: {type: u32, on: {not: {arch: arm}}}
      behind: u16
  Kind: {kind: enum, tag: u32, variants: {Low: 0, Mid: 3, High: 5}}
  Turn: {kind: enum, tag: i32, variants: {Back: -1, Still: 0, On: 1}}
  held:
    kind: struct
    fields: {byte: u8, attr: attr, tights: "[tight; 2]"}
  named:
    kind: struct
    fields:
      up: {type: bool, bits: 1}
      sort: {type: Kind, bits: 3}
      turn: {type: Turn, bits: 2}
      down: {type: bool, bits: 1}
      type: {type: usize, bits: 30}
      _last: {type: c_short, bits: 15}
"""
VALUES: dict[str, dict[str, int]] = {
    "attr": {
        "size": 0x01020304, "disabled": 1, "inherit": 0, "precise": -3,
        "rest": 0x23456789ABCDE, "after": 0x0506,
    },
    "mixed": {"a": 9, "b": 6, "c": -1234, "d": 0x155, "e": 0xE7, "f": -2},
    "tight": {"a": 5, "b": 0xFEDCBA9876543210, "c": -100000},
    "some": {
        "low": 3, "high": 9, "low_big": 11, "narrow": 0xABCDE, "z": -200, "last": 21,
        "whole": 0x0708090A, "behind": 0x0B0C,
    },
    "named": {"up": 1, "sort": 5, "turn": -1, "down": 0, "type": 0x2BCDEF01, "_last": -9},
}  # fmt: skip
WHOLE = {"size", "after", "e", "whole", "behind"}
"""The fields that aren't bit-fields."""
ABSENT = {
    "x86_64-unknown-linux-gnu": {"low_big", "narrow", "z"},
    "i686-unknown-linux-gnu": {"low_big", "z"},
    "armv7-unknown-linux-gnueabihf": {"low_big", "z", "whole"},
    "s390x-unknown-linux-gnu": {"low", "narrow"},
    "powerpc-unknown-linux-gnu": {"low", "z"},
}
HOST = "x86_64-unknown-linux-gnu"
COMPILERS = {
    "x86_64-unknown-linux-gnu": "gcc",
    "i686-unknown-linux-gnu": "i686-linux-gnu-gcc",
    "armv7-unknown-linux-gnueabihf": "arm-linux-gnueabihf-gcc",
    "s390x-unknown-linux-gnu": "s390x-linux-gnu-gcc",
    "powerpc-unknown-linux-gnu": "powerpc-linux-gnu-gcc",
}
RUST_TARGETS = [target for target in COMPILERS if not target.startswith("powerpc")]
"""Those that rustup has a library for."""


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


def values_on(target: str, name: str) -> dict[str, int]:
    """The values of the fields of a record that are there on a target."""
    return {n: v for n, v in VALUES[name].items() if n not in ABSENT[target]}


def by_c(folder: Path, target: str) -> dict[str, bytes]:
    """The bytes that gcc makes of initializers, read from the object file."""
    compiler = COMPILERS[target]
    lines = ['#include "zqbits.h"']
    for name in VALUES:
        values = values_on(target, name)
        members = ", ".join(
            f".{member} = {n}u" if n > 1 else f".{member} = {n}"
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
    for name, data in by_c(folder, target).items():
        record: Any = getattr(python, name)
        values = values_on(target, name)
        assert record.pack(values, target=target) == data, name
        read = record.read(data, target=target)
        absent = dict.fromkeys(VALUES[name])
        assert {n: getattr(read, n) for n in VALUES[name]} == absent | values


def test_python_has_them_in_live_memory(folder: Path, python: ModuleType) -> None:
    need("gcc")
    for name, data in by_c(folder, HOST).items():
        record = getattr(python, name)()
        values = values_on(HOST, name)
        for field, value in values.items():
            setattr(record, field, value)
        assert bytes(record) == data
        absent = dict.fromkeys(VALUES[name])
        assert {n: getattr(record, n) for n in VALUES[name]} == absent | values


def test_what_isnt_there_on_the_host_cant_be_set(python: ModuleType) -> None:
    some = python.some()
    with pytest.raises(AttributeError, match=r"some\.z isn't there on this target"):
        some.z = 1
    with pytest.raises(
        ValueError, match=r"some\.z isn't there on x86_64-unknown-linux-gnu"
    ):
        python.some.pack(values_on(HOST, "some") | {"z": 1}, target=HOST)


def test_a_record_of_one_target_is_packed_for_another(python: ModuleType) -> None:
    for name, values in VALUES.items():
        if name == "some":
            # Its fields aren't those of another target.
            continue
        record = getattr(python, name)
        there = record.read(
            record.pack(values, target="s390x-unknown-linux-gnu"),
            target="s390x-unknown-linux-gnu",
        )
        for target in COMPILERS:
            packed = record.pack(there, target=target)
            assert packed == record.pack(values, target=target), (name, target)


def test_records_in_records_and_arrays_have_theirs(python: ModuleType) -> None:
    attr, tight = VALUES["attr"], VALUES["tight"]
    held = python.held(byte=1, attr=attr, tights=[tight, tight])
    held.attr.precise = -64
    held.tights[1].c = 5
    assert (held.attr.precise, held.attr.rest) == (-64, attr["rest"])
    assert [each.c for each in held.tights] == [tight["c"], 5]
    assert (held.tights[1].a, held.tights[1].b) == (tight["a"], tight["b"])
    assert held.attr.disabled == 1


def test_what_doesnt_fit_is_refused_and_changes_nothing(python: ModuleType) -> None:
    attr = python.attr(precise=5, inherit=1)
    with pytest.raises(OverflowError, match="64 doesn't fit 7 bits of i64: -64 to 63"):
        attr.precise = 64
    assert (attr.precise, attr.inherit, attr.rest) == (5, 1, 0)


IN_RUST = {
    "up": ("true", "true"), "down": ("false", "false"),
    "sort": ("zqbits::Kind::High", "zqbits::Kind::High"),
    "turn": ("zqbits::Turn::Back", "zqbits::Turn::Back"),
}  # fmt: skip
"""What is written in Rust that is no number, and what is read then."""


def rust_program(target: str, expected: dict[str, bytes]) -> str:
    """Sets each field of each record to its value, and compares them and all bytes."""
    lines = []
    for name, data in expected.items():
        lines.append(f"let mut it: zqbits::{name} = unsafe {{ ::std::mem::zeroed() }};")
        for field, value in values_on(target, name).items():
            if field in WHOLE:
                lines.append(f"it.{field} = {value};")
                continue
            given, read = IN_RUST.get(field, (str(value), str(value)))
            method = f"{field}_" if field == "type" else field
            lines += [
                # What is set is what was, whatever was there.
                f"it.set_{field.lstrip('_')}({given});",
                f'assert!(it.{method}() == {read}, "{name}.{field}");',
            ]
        lines += [
            f"let bytes = unsafe {{ *(&raw const it).cast::<[u8; {len(data)}]>() }};",
            f'assert_eq!(bytes, {list(data)}, "{name}");',
        ]
    modules = "".join(
        f'#[path = "rust/src/{name}.rs"] mod {name};\n'
        for name in ("vmptr", "zqbits_offsets", "zqbits")
    )
    body = "".join(f"    {line}\n" for line in lines)
    return f"{modules}fn main() {{\n{body}}}\n"


@pytest.mark.parametrize("target", RUST_TARGETS)
def test_rust_sets_and_reads_them_as_gcc_does(folder: Path, target: str) -> None:
    need("rustc")
    compiler = need(COMPILERS[target])
    need_rust_target(target)
    emulator = {
        "armv7-unknown-linux-gnueabihf": ["qemu-arm-static"],
        "s390x-unknown-linux-gnu": ["qemu-s390x-static"],
    }.get(target, [])
    for tool in emulator:
        need(tool)
    (folder / "main.rs").write_text(rust_program(target, by_c(folder, target)))
    subprocess.run(
        [
            *("rustc", "--edition=2021", "-Adead-code", "-Dwarnings"),
            *(f"--target={target}", f"-Clinker={compiler}"),
            *("-Ctarget-feature=+crt-static", "-o", "main", "main.rs"),
        ],
        check=True,
        cwd=folder,
    )
    subprocess.run([*emulator, "./main"], check=True, cwd=folder)


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
