"""Targets that agree on all visible numbers of a module may still need to be told apart.

Each schema is one whose targets lay a record out alike though its members are aligned,
or as long, in different ways. clang compiles its header for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.need_clang import need_libclang
from tests.support import module_of
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

I386 = "targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]\n"
S390X = "targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu]\n"
ODD = (
    "targets: [avr-none, msp430-none-elf, csky-unknown-linux-gnuabiv2,"
    " x86_64-unknown-linux-gnu, wasm32-wasip1, i686-unknown-linux-gnu]\n"
)
FLOAT = "allow: {floating-point: it is tried}"

ALIKE = {
    "a struct as aligned as a u64 is on one": I386
    + "types: {U: {kind: struct, align: 8, fields: {a: u64}}}",
    "a union as aligned as a u64 is on one": I386
    + "types: {U: {kind: union, align: 8, fields: {a: u64}}}",
    "a struct as aligned as an f64 is on one": I386
    + f"types: {{U: {{kind: struct, align: 8, fields: {{a: {{type: f64, {FLOAT}}}}}}}}}",
    "a struct as aligned as a u128 is on one": S390X
    + "types: {U: {kind: struct, align: 16, fields: {a: i128}}}",
    "a struct of an aligned struct": I386
    + "types: {U: {kind: struct, align: 8, fields: {a: u64}},"
    " V: {kind: struct, fields: {a: U, b: u8}}}",
    "a context as aligned as its field is on one": S390X
    + "types: {C: {kind: context, align: 16, counts: [n], fields: {a: u128},"
    ' regions: {r: "[u128; n]"}}}',
    "a struct as aligned as a pointer is on one": ODD
    + "types: {U: {kind: struct, align: 2, fields: {a: u16, b: u16}}}",
    "a struct that most of its targets align as they like": ODD
    + "types: {U: {kind: struct, align: 8, fields: {a: u64, b: u64}}}",
    "a union whose other member is longer": I386
    + 'types: {W: {kind: union, fields: {a: "[u128; 3]", b: "[usize; 5]"}}}',
    "a payload whose other one is longer": I386
    + "types: {N: {kind: enum, tag: u8, variants:"
    ' {A: "[u128; 3]", B: "[usize; 5]"}}}',
    "an array before padding": "targets: [x86_64-unknown-linux-gnu, wasm32-wasip1]\n"
    'types: {X: {kind: struct, fields: {a: "[usize; 1]", b: u64}}}',
    "an array in a cell before padding": "targets: [x86_64-unknown-linux-gnu,"
    ' wasm32-wasip1]\ntypes: {X: {kind: struct, fields: {a: "UnsafeCell<[usize; 1]>",'
    " b: u64}}}",
    "an array of records before padding": "targets: [x86_64-unknown-linux-gnu,"
    " wasm32-wasip1]\ntypes: {P: {kind: struct, fields: {p: VmPtr<u8>}},"
    ' X: {kind: struct, fields: {a: "[P; 3]", b: u128}}}',
}


@pytest.mark.parametrize("schema", ALIKE.values(), ids=ALIKE)
def test_every_target_that_a_schema_names_takes_the_header(
    tmp_path: Path, schema: str
) -> None:
    clang_oracle = need_libclang()
    module = module_of(tmp_path, schema)
    targets = [TARGETS[target.name] for target in module.targets]
    assert clang_oracle.complaints([module], targets) == {}


def test_elements_off_their_alignment_on_one_target_are_pointed_to_as_bytes(
    tmp_path: Path,
) -> None:
    """i386 has the same offsets, and aligns a u64 to 4; the others to 8."""
    clang_oracle = need_libclang()
    for targets in ("x86_64-unknown-linux-gnu", "aarch64-apple-darwin"):
        module = module_of(
            tmp_path,
            f"targets: [i686-unknown-linux-gnu, {targets}]\n"
            "types: {C: {kind: context, align: 16, counts: [n], fields: {a: u32},"
            ' regions: {r: {type: "[u64; n]", align: none,'
            " allow: {misaligned-region: it is tried}}}}}",
        )
        headers = clang_oracle.Headers([module], tmp_path)
        header = (tmp_path / "sample.h").read_text(encoding="utf-8")
        assert "static inline void *VM_NULLABLE c_r_ptr(\n" in header
        for target in module.targets:
            assert headers.compare(clang_oracle.Clang(), TARGETS[target.name]) == {}
