"""Bit-fields of binaries, from C that has them and from Rust that has bytes, held against a
schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binaries.programs import bindings, compiled_c, probes_in_rust, run
from tests.support import need, vmgen
from vmgen.schema import model as m

SCHEMA = Path(__file__).with_name("bits.vm.yaml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, m.Module]:
    folder = tmp_path_factory.mktemp("bits")
    return folder, bindings(SCHEMA, folder)


@pytest.fixture(scope="module")
def rust(made: tuple[Path, m.Module]) -> Path:
    """The folder with a shared library of Rust."""
    folder, module = made
    (folder / "probes.rs").write_text(probes_in_rust(module), encoding="utf-8")
    rustc = [need("rustc"), "--edition", "2024", "-g", "--crate-type=cdylib"]
    run([*rustc, "probes.rs"], folder)
    return folder


def held(folder: Path, binary: str, *changes: tuple[str, str]) -> list[str]:
    """What verify says, with the schema changed."""
    text = SCHEMA.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "changed.vm.yaml").write_text(text, encoding="utf-8")
    arguments = ("verify", "changed.vm.yaml", "--binary", binary, "--strict")
    ran = vmgen(*arguments, "--format", "concise", cwd=folder)
    assert ran.err == ""
    lines = [line.partition(": ") for line in ran.out.splitlines()]
    return [text.removeprefix("error: ") or first for first, _, text in lines]


IN_C = {
    "DWARF 4": ("gcc", "-gdwarf-4", "x86_64-unknown-linux-gnu", 44),
    "DWARF 5": ("gcc", "-gdwarf-5", "x86_64-unknown-linux-gnu", 44),
    "clang": ("x86_64-linux-gnu", "-gdwarf-5", "x86_64-unknown-linux-gnu", 45),
    "big-endian": ("s390x-linux-gnu", "-gdwarf-5", "s390x-unknown-linux-gnu", 45),
    "big-endian in DWARF 4": (
        "powerpc64-linux-gnu", "-gdwarf-4", "powerpc64-unknown-linux-gnu", 45
    ),
    "32 bits": ("x86-linux-gnu", "-gdwarf-5", "i686-unknown-linux-gnu", 45),
}  # fmt: skip


@pytest.mark.parametrize("row", IN_C.values(), ids=IN_C)
def test_an_object_of_c_is_as_the_schema_says(
    row: tuple[str, str, str, int], made: tuple[Path, m.Module]
) -> None:
    cc, flag, target, numbers = row
    folder, module = made
    compiled_c(module, folder, flag, cc=cc)
    assert held(folder, "probes.o") == [
        f"5 types of `bits` are laid out as in probes.o on {target} ({numbers} numbers)"
    ]


def test_what_differs_in_c_is_told_to_the_bit(made: tuple[Path, m.Module]) -> None:
    folder, module = made
    compiled_c(module, folder)
    changes = (
        ("precise: {type: i64, bits: 7}", "precise: {type: i64, bits: 6}"),
        ("a: {type: u32, bits: 9}", "a: u32"),
        ("c: {type: i32, bits: 18}", "d: {type: i32, bits: 18}"),
        ("{low: {type: u32, bits: 31}", "{low: {type: u32, bits: 30}"),
    )
    assert held(folder, "probes.o", *changes) == [
        "VM504 `Flags.precise` has 6 bits, and 7 in the binary",
        "VM504 `Flags.low` has 30 bits, and 31 in the binary",
        "VM503 `Flags.high` is at 23.6, and at 23.7 in the binary",
        "VM502 `Tight.d` is called `c` in the binary",
        "VM504 `Only.a` isn't a bit-field, and has 9 bits in the binary",
        "2 types of `bits` are laid out as in probes.o on x86_64-unknown-linux-gnu "
        "(7 numbers), 5 differences",
    ]


def test_a_library_of_rust_has_the_bytes_of_them(rust: Path) -> None:
    assert held(rust, "libprobes.so") == [
        "6 types of `bits` are laid out as in libprobes.so on x86_64-unknown-linux-gnu "
        "(33 numbers)"
    ]


def test_bytes_that_hold_other_bits_are_told(rust: Path) -> None:
    changes = (
        ("after: u16", "more: u8\n      after: u16"),
        ("c: {type: i32, bits: 18}", "c: {type: i32, bits: 26}"),
    )
    assert held(rust, "libprobes.so", *changes) == [
        "VM502 the bits of `Flags.up` to `rest` are in 11 bytes at 4, and in 12 bytes at 4 "
        "in the binary",
        "VM502 `Flags` has no `more` in the binary",
        "VM502 the bits of `Tight.a` to `c` are in 12 bytes at 0, and in 11 bytes at 0 in "
        "the binary",
        "4 types of `bits` are laid out as in libprobes.so on x86_64-unknown-linux-gnu "
        "(16 numbers), 3 differences",
    ]
