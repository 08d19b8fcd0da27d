"""clang and rustc agree with the table of C's types, on every target that they know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scripts.rustc_targets import rustc
from tests.oracle.clang_differences import known
from tests.oracle.need_clang import need_libclang
from tests.support import ROOT, need
from vmgen.schema.types import C_NUMBERS
from vmgen.targets import c_types
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.oracle.clang_oracle import Clang
    from vmgen.targets.find import Target

try:
    from tests.oracle import clang_oracle
except ImportError:
    clang_oracle = None  # type: ignore[assignment]

C_NAMES = {
    "c_schar": "signed char", "c_uchar": "unsigned char", "c_short": "short",
    "c_ushort": "unsigned short", "c_int": "int", "c_uint": "unsigned", "c_long": "long",
    "c_ulong": "unsigned long", "c_longlong": "long long",
    "c_ulonglong": "unsigned long long", "size_t": "__SIZE_TYPE__",
    "ssize_t": "__PTRDIFF_TYPE__", "c_float": "float", "c_double": "double",
}  # fmt: skip

DIFFERENCES = {
    ("avr-none", "c_double"),
    ("aarch64-unknown-uefi", "c_long"),
    ("aarch64-unknown-uefi", "c_ulong"),
    ("x86_64-unknown-uefi", "c_long"),
    ("x86_64-unknown-uefi", "c_ulong"),
    ("wasm32-wali-linux-musl", "c_long"),
    ("wasm32-wali-linux-musl", "c_ulong"),
    ("aarch64-unknown-uefi", "char"),
    ("armv7-sony-vita-newlibeabihf", "char"),
    ("csky-unknown-linux-gnuabiv2", "char"),
    ("csky-unknown-linux-gnuabiv2hf", "char"),
    ("msp430-none-elf", "char"),
}
"""Where clang 18 doesn't do what rustc does. Of the widths, headers refuse to compile there;
clang knows neither that WALI's `long` has 64 bits nor that the Vita's `char` has a sign."""


def by_clang(clang: Clang, target: Target) -> dict[str, int]:
    """The size of each of C's types in bytes, and of `char` 1 if it is signed."""
    lines = [f"typedef {c} T_{name};" for name, c in C_NAMES.items()]
    lines.append("typedef char T_char[(char)-1 < 0 ? 1 : 2];")
    found = clang.parse(target, "\n".join([*lines, ""]), ROOT).layouts
    sizes = {name: found[f"T_{name}"][0] for name in C_NAMES}
    return sizes | {"char": int(found["T_char"][0] == 1)}


def by_table(target: Target) -> dict[str, int]:
    c = c_types.of_target(target)
    pointer = target.model.pointer
    plain = {
        "i8": 1,
        "u8": 1,
        "i16": 2,
        "u16": 2,
        "i64": 8,
        "u64": 8,
        "f32": 4,
        "f64": 8,
    }
    sizes = plain | {"usize": pointer, "isize": pointer}
    fixed = {n: sizes[p] for n, p in C_NUMBERS.items() if p is not None}
    return fixed | {
        "c_int": c.c_int,
        "c_uint": c.c_int,
        "c_long": c.c_long,
        "c_ulong": c.c_long,
        "char": int(c.signed_char),
    }


def test_clang_differs_exactly_where_the_list_says_so() -> None:
    need_libclang()
    targets = [target for target in TARGETS.values() if known(target)]
    found = {
        (target.triple, name)
        for target, types in clang_oracle.each_target(targets, by_clang)
        for name, size in types.items()
        if size != by_table(target)[name]
    }
    assert found == DIFFERENCES


def test_rustcs_specifications_say_how_wide_an_int_is() -> None:
    need("rustc")
    answer, _ = rustc("-Z", "unstable-options", "--print", "all-target-specs-json")
    specs = json.loads(answer)
    widths = {
        t: int(spec.get("target-c-int-width", 32)) // 8 for t, spec in specs.items()
    }
    assert widths == {t: c_types.of_target(TARGETS[t]).c_int for t in specs}


INSTALLED = (
    "x86_64-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "armv7-unknown-linux-gnueabihf",
    "s390x-unknown-linux-gnu",
    "riscv32imac-unknown-none-elf",
    "thumbv6m-none-eabi",
    "wasm32-unknown-unknown",
)


@pytest.mark.parametrize("triple", INSTALLED)
def test_the_core_of_a_target_has_the_same(triple: str, tmp_path: Path) -> None:
    from tests.rust.crates import need_target

    need_target(triple)
    sizes = by_table(TARGETS[triple])
    char = sizes.pop("char")
    lines = ["#![no_std]", "use core::ffi::*;"]
    for name, size in sizes.items():
        spelled = {"size_t": "usize", "ssize_t": "isize"}.get(name, name)
        lines.append(f"const _: () = assert!(size_of::<{spelled}>() == {size});")
    lines.append(
        f"const _: () = assert!((c_char::MIN != 0) == {str(bool(char)).lower()});"
    )
    crate = tmp_path / "sizes.rs"
    crate.write_text("\n".join(lines))
    _, said = rustc(
        *("--crate-type", "lib", "--emit=metadata", "--edition=2021"),
        *("--target", triple, "-o", str(tmp_path / "sizes.rmeta"), str(crate)),
        may_fail=True,
    )
    assert said == ""
