"""clang lays out the generated headers, on every target it knows, as the engine does."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from tests.oracle.clang_differences import (
    ANOTHER_SYSTEM,
    DIFFERENCES,
    RUSTC,
    UNKNOWN,
    known,
)
from tests.oracle.need_clang import need_libclang
from tests.oracle.schemas import SCHEMAS, load
from tests.support import ROOT
from vmgen.targets.find import RUSTC_VERSION, TARGETS

if TYPE_CHECKING:
    from tests.oracle.clang_oracle import Clang, Complaint
    from vmgen.targets.find import Target

try:
    from tests.oracle import clang_oracle
except ImportError:
    clang_oracle = None  # type: ignore[assignment]

SPELLINGS = {
    "u8": "uint8_t",
    "u16": "uint16_t",
    "u32": "uint32_t",
    "u64": "uint64_t",
    "u128": "unsigned __int128",
    "usize": "uintptr_t",
    "VmPtr": "void *",
    "f32": "float",
    "f64": "double",
    "(f64, u8)": "struct { double first; uint8_t second; }",
    "AtomicUsize": "_Atomic(uintptr_t)",
    "AtomicU64": "_Atomic(uint64_t)",
}


ANOTHER_LONG = (
    "aarch64-unknown-uefi",
    "wasm32-wali-linux-musl",
    "x86_64-unknown-uefi",
)
"""Where C's `long` isn't Rust's `c_long` (tests/oracle/test_c_types.py). The header is right
about the `long` of its compiler there, which is as wide as on other targets of the schema."""

_ON_ANOTHER_SYSTEM = {
    (triple, "torture_on")
    for triple in TARGETS
    if any(fnmatchcase(triple, pattern) for pattern in ANOTHER_SYSTEM)
}
"""Where LLVM has no system of its own. The header is right about the one that this clang
compiles for, which other targets of the schema are of."""


@pytest.fixture(scope="module", autouse=True)
def _needs_libclang() -> None:
    need_libclang()


def by_clang(clang: Clang, target: Target) -> dict[str, tuple[int, int]]:
    """Size of each type that there is, and its alignment as a member."""
    lines = ["#include <stdint.h>", "#ifdef __SIZEOF_INT128__", "#define HAS_U128"]
    lines += ["#endif"]
    for i, (name, spelling) in enumerate(SPELLINGS.items()):
        lines += ["#ifdef HAS_U128"] if name == "u128" else []
        lines += [f"typedef {spelling} Type{i};"]
        lines += [f"struct Member{i} {{ char before; Type{i} it; }};"]
        lines += ["#endif"] if name == "u128" else []
    found = clang.parse(target, "\n".join([*lines, ""]), ROOT).layouts
    return {
        name: (found[f"Type{i}"][0], found[f"Member{i}"][3])
        for i, name in enumerate(SPELLINGS)
        if f"Type{i}" in found
    }


def by_rustc(target: Target) -> dict[str, tuple[int, int]]:
    """The same by the table, which rustc confirms."""
    model = target.model
    ints = {f"u{n}": (n // 8, model.align_of_int(n)) for n in (8, 16, 32, 64, 128)}
    align = model.align_of_float(64)
    return {
        **ints,
        "usize": (model.pointer, model.align_pointer),
        "VmPtr": (model.pointer, model.align_pointer),
        "f32": (4, model.align_of_float(32)),
        "f64": (8, align),
        "(f64, u8)": (8 + align, align),
        "AtomicUsize": (model.pointer, model.pointer),
        "AtomicU64": (8, 8),
    }


def test_the_list_of_differences_is_of_the_compilers_that_are_asked() -> None:
    assert RUSTC == RUSTC_VERSION


def test_clang_differs_from_rustc_exactly_where_the_list_says_so() -> None:
    found = [
        (target.triple, name, measured, by_rustc(target)[name])
        for target, types in clang_oracle.each_target(clangs_targets(), by_clang)
        for name, measured in types.items()
        if measured != by_rustc(target)[name]
    ]
    listed = [
        (target.triple, d.type, d.clang, d.rustc)
        for target in clangs_targets()
        for d in DIFFERENCES
        if fnmatchcase(target.triple, d.targets)
    ]
    assert sorted(found) == sorted(listed)


def test_clang_compiles_for_all_targets_but_the_listed() -> None:
    def pointers(clang: Clang, target: Target) -> tuple[int, str]:
        try:
            parsed = clang.parse(target, "typedef void *P;\n", ROOT)
        except clang_oracle.UnknownTriple:
            return 0, "unknown"
        return parsed.layouts["P"][0] * 8, " ".join(parsed.messages)

    wrong = {
        target.triple
        for target, answer in clang_oracle.each_target(TARGETS.values(), pointers)
        if answer != (target.pointer_width, "")
    }
    assert wrong == {t.triple for t in TARGETS.values() if not known(t)}
    assert len(wrong) == 8
    assert {p for p in UNKNOWN if any(fnmatchcase(t, p) for t in wrong)} == set(UNKNOWN)


@pytest.fixture(scope="module")
def complaints() -> dict[tuple[str, str], Complaint]:
    modules = [load(schema) for schema in SCHEMAS]
    return clang_oracle.complaints(modules, clangs_targets())


def test_every_header_on_every_other_target_is_laid_out_as_the_engine_says(
    complaints: dict[tuple[str, str], Complaint],
) -> None:
    others = {at for at in complaints if at not in _ON_ANOTHER_SYSTEM}
    assert sorted(others) == [
        ("aarch64-unknown-uefi", "torture_c"),
        ("avr-none", "torture_allowed"),
        ("avr-none", "torture_c"),
        ("m68k-unknown-linux-gnu", "torture"),
        ("m68k-unknown-linux-gnu", "torture_allowed"),
        ("m68k-unknown-linux-gnu", "torture_c"),
        ("m68k-unknown-linux-gnu", "torture_on"),
        ("m68k-unknown-linux-gnu", "wasmtime42"),
        ("m68k-unknown-none-elf", "torture"),
        ("m68k-unknown-none-elf", "torture_allowed"),
        ("m68k-unknown-none-elf", "torture_c"),
        ("m68k-unknown-none-elf", "torture_on"),
        ("m68k-unknown-none-elf", "wasmtime42"),
        ("powerpc64-ibm-aix", "torture_allowed"),
        ("wasm32-wali-linux-musl", "torture_c"),
        ("x86_64-unknown-uefi", "torture_c"),
    ]


def test_a_header_that_clang_lays_out_otherwise_does_not_compile(
    complaints: dict[tuple[str, str], Complaint],
) -> None:
    silent = {at for at, complaint in complaints.items() if not complaint.messages}
    another_long = {(target, "torture_c") for target in ANOTHER_LONG}
    assert silent == another_long | _ON_ANOTHER_SYSTEM & complaints.keys()


def clangs_targets() -> list[Target]:
    return [target for target in TARGETS.values() if known(target)]
