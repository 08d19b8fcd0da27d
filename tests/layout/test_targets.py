"""The target table: known rows, look-ups, and that it is what rustc says."""

from __future__ import annotations

import subprocess
import sys

import pytest
from msgspec.structs import replace

from scripts.rustc_targets import alignments
from tests.support import ROOT, need
from vmgen.targets.data_model import DataModel, canonical_name
from vmgen.targets.find import (
    RUSTC_VERSION,
    TARGETS,
    UnknownTarget,
    find,
    suggest,
)

# Pointer width, byte order, then alignments: pointer, u16, u32, u64, u128, f32, f64.
ROWS = {
    "x86_64-unknown-linux-gnu": (64, "little", 8, 2, 4, 8, 16, 4, 8),
    "x86_64-unknown-linux-gnux32": (32, "little", 4, 2, 4, 8, 16, 4, 8),
    "i686-unknown-linux-gnu": (32, "little", 4, 2, 4, 4, 16, 4, 4),
    "i686-apple-darwin": (32, "little", 4, 2, 4, 4, 16, 4, 4),
    "i686-pc-windows-msvc": (32, "little", 4, 2, 4, 8, 16, 4, 8),
    "i686-pc-windows-gnu": (32, "little", 4, 2, 4, 8, 16, 4, 8),
    "aarch64-apple-darwin": (64, "little", 8, 2, 4, 8, 16, 4, 8),
    "aarch64-unknown-linux-gnu_ilp32": (32, "little", 4, 2, 4, 8, 16, 4, 8),
    "aarch64_be-unknown-linux-gnu": (64, "big", 8, 2, 4, 8, 16, 4, 8),
    "armv7-unknown-linux-gnueabihf": (32, "little", 4, 2, 4, 8, 8, 4, 8),
    "armv7s-apple-ios": (32, "little", 4, 2, 4, 4, 4, 4, 4),
    "armv7k-apple-watchos": (32, "little", 4, 2, 4, 8, 8, 4, 8),
    "s390x-unknown-linux-gnu": (64, "big", 8, 2, 4, 8, 8, 4, 8),
    "powerpc64le-unknown-linux-gnu": (64, "little", 8, 2, 4, 8, 16, 4, 8),
    "powerpc64-ibm-aix": (64, "big", 8, 2, 4, 8, 16, 4, 4),
    "riscv32imac-unknown-none-elf": (32, "little", 4, 2, 4, 8, 8, 4, 8),
    "wasm32-unknown-unknown": (32, "little", 4, 2, 4, 8, 16, 4, 8),
    "wasm64-unknown-unknown": (64, "little", 8, 2, 4, 8, 16, 4, 8),
    "amdgcn-amd-amdhsa": (64, "little", 8, 2, 4, 8, 8, 4, 8),
    "csky-unknown-linux-gnuabiv2": (32, "little", 4, 2, 4, 4, 4, 4, 4),
    "m68k-unknown-linux-gnu": (32, "big", 2, 2, 2, 4, 4, 4, 8),
    "msp430-none-elf": (16, "little", 2, 2, 2, 2, 2, 2, 2),
    "avr-none": (16, "little", 1, 1, 1, 1, 1, 1, 1),
}

# Widths that can be loaded and stored, and that can be exchanged.
ATOMICS: dict[str, tuple[set[int], set[int]]] = {
    "x86_64-unknown-linux-gnu": ({8, 16, 32, 64}, {8, 16, 32, 64}),
    "i686-unknown-linux-gnu": ({8, 16, 32, 64}, {8, 16, 32, 64}),
    "armv7-unknown-linux-gnueabihf": ({8, 16, 32, 64}, {8, 16, 32, 64}),
    "riscv32imac-unknown-none-elf": ({8, 16, 32}, {8, 16, 32}),
    "riscv32i-unknown-none-elf": ({8, 16, 32}, set()),
    "thumbv6m-none-eabi": ({8, 16, 32}, set()),
    "powerpc-unknown-linux-gnu": ({8, 16, 32}, {8, 16, 32}),
    "bpfel-unknown-none": ({64}, set()),
    "avr-none": ({8, 16}, set()),
    "msp430-none-elf": (set(), set()),
}


@pytest.mark.parametrize("triple", ROWS)
def test_a_target_has_the_widths_and_alignments_of_its_abi(triple: str) -> None:
    target = TARGETS[triple]
    model = target.model
    assert (
        target.pointer_width,
        target.endian,
        model.align_pointer,
        *(model.align_of_int(bits) for bits in (16, 32, 64, 128)),
        *(model.align_of_float(bits) for bits in (32, 64)),
    ) == ROWS[triple]
    assert model.align_of_int(8) == 1
    assert model.pointer * 8 == target.pointer_width


@pytest.mark.parametrize("triple", ATOMICS)
def test_a_target_has_the_atomics_that_rustc_gives_it(triple: str) -> None:
    model = TARGETS[triple].model
    assert (set(model.atomics), set(model.cas)) == ATOMICS[triple]


def test_core_has_no_atomic_usize_without_atomics_of_pointer_width() -> None:
    without = [n for n, t in TARGETS.items() if t.pointer_width not in t.model.atomics]
    assert without == [
        "armv4t-none-eabi",
        "armv5te-none-eabi",
        "mipsel-sony-psx",
        "msp430-none-elf",
        "thumbv4t-none-eabi",
        "thumbv5te-none-eabi",
    ]


def test_atomics_are_aligned_to_their_size_even_where_integers_are_not() -> None:
    model = TARGETS["i686-unknown-linux-gnu"].model
    assert (model.align_of_int(64), model.align_of_atomic(64)) == (4, 8)
    model = TARGETS["m68k-unknown-linux-gnu"].model
    assert (model.align_pointer, model.align_of_atomic(32)) == (2, 4)


def test_a_width_that_no_type_has_is_refused() -> None:
    model = TARGETS["avr-none"].model
    with pytest.raises(ValueError, match="no integer type has 24 bits"):
        model.align_of_int(24)
    with pytest.raises(ValueError, match="no float type has 80 bits"):
        model.align_of_float(80)


def test_byte_order_and_atomics_move_no_offset() -> None:
    key = TARGETS["aarch64-unknown-linux-gnu"].model.layout_key
    assert key == TARGETS["aarch64_be-unknown-linux-gnu"].model.layout_key
    assert key == TARGETS["bpfel-unknown-none"].model.layout_key
    assert key == (8, 8, 2, 4, 8, 16, 4, 8)


def test_the_table_has_every_target_in_few_data_models() -> None:
    assert len(TARGETS) == 320
    assert list(TARGETS) == sorted(TARGETS)
    assert len(TARGETS.models) == 25
    assert {t.model.name for t in TARGETS.values()} == set(TARGETS.models)
    assert len({model.layout_key for model in TARGETS.models.values()}) == 10


def test_every_data_model_is_named_by_what_it_is() -> None:
    for name, model in TARGETS.models.items():
        assert canonical_name(replace(model, name="")) == name


@pytest.mark.parametrize(
    ("triple", "name"),
    [
        ("x86_64-unknown-linux-gnu", "le64"),
        ("s390x-unknown-linux-gnu", "be64-u128a8"),
        ("i686-unknown-linux-gnu", "le32-u64a4-f64a4-atomic64"),
        ("riscv32i-unknown-none-elf", "le32-u128a8-nocas"),
        ("csky-unknown-linux-gnuabiv2", "le32-max4"),
        ("m68k-unknown-linux-gnu", "be32-ptra2-u32a2-u64a4-u128a4"),
        ("bpfeb-unknown-none", "be64-min64-nocas"),
        ("msp430-none-elf", "le16-max2-noatomic"),
    ],
)
def test_a_data_model_has_a_stable_name(triple: str, name: str) -> None:
    assert TARGETS[triple].model.name == name


def test_a_target_knows_its_cfg_values_and_its_llvm_triple() -> None:
    target = TARGETS["armv7-unknown-linux-uclibceabihf"]
    assert (target.arch, target.os, target.env, target.abi) == (
        "arm",
        "linux",
        "uclibc",
        "eabihf",
    )
    assert target.llvm == "armv7-unknown-linux-gnueabihf"
    target = TARGETS["riscv32imac-unknown-none-elf"]
    assert (target.os, target.env, target.abi) == ("none", "", "")


def test_arch_os_and_pointer_width_tell_layouts_apart() -> None:
    keys: dict[tuple[str, str, int, str], set[tuple[int, ...]]] = {}
    for target in TARGETS.values():
        seen = (target.arch, target.os, target.pointer_width, target.endian)
        keys.setdefault(seen, set()).add(target.model.layout_key)
    assert [seen for seen, found in keys.items() if len(found) > 1] == []


def test_targets_and_models_are_immutable() -> None:
    target = TARGETS["avr-none"]
    with pytest.raises(AttributeError):
        target.arch = "z80"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        target.model.pointer = 4  # type: ignore[misc]


def test_a_pattern_finds_targets_in_order_of_their_triples() -> None:
    assert [target.triple for target in find("s390x-*")] == [
        "s390x-unknown-linux-gnu",
        "s390x-unknown-linux-musl",
        "s390x-unknown-none-softfloat",
    ]
    assert [target.triple for target in find("i[56]86-*-netbsd")] == [
        "i586-unknown-netbsd",
        "i686-unknown-netbsd",
    ]
    assert find("*") == tuple(TARGETS.values())


def test_a_triple_finds_itself() -> None:
    assert find("avr-none") == (TARGETS["avr-none"],)


def test_an_unknown_triple_is_an_error_with_suggestions() -> None:
    with pytest.raises(UnknownTarget) as caught:
        find("i686-unkown-linux-gnu")
    assert caught.value.name == "i686-unkown-linux-gnu"
    assert not caught.value.is_pattern
    assert caught.value.suggestions[0] == "i686-unknown-linux-gnu"
    assert str(caught.value) == (
        "unknown target `i686-unkown-linux-gnu`, did you mean i686-unknown-linux-gnu"
        " or i586-unknown-linux-gnu or m68k-unknown-linux-gnu?"
    )


def test_an_unknown_triple_like_no_other_has_no_suggestions() -> None:
    with pytest.raises(UnknownTarget, match=r"^unknown target `z80`$"):
        find("z80")


def test_a_pattern_that_fits_nothing_is_an_error() -> None:
    with pytest.raises(UnknownTarget) as caught:
        find("x86_64-*-linux-glibc")
    assert caught.value.is_pattern
    assert str(caught.value).startswith(
        "no target fits the pattern `x86_64-*-linux-glibc`, did you mean x86_64-"
    )


def test_suggestions_include_names_of_a_schema() -> None:
    assert suggest("my-bord", also=("my-board",)) == ("my-board",)


def test_a_described_model_is_natural_but_for_what_is_told() -> None:
    model = DataModel.described("board", pointer=4, align={"u64": 4, "pointer": 2})
    assert model.layout_key == (4, 2, 2, 4, 4, 16, 4, 8)
    assert model.endian == "little"
    assert model.atomics == model.cas == {8, 16, 32}
    model = DataModel.described("board", pointer=2, endian="big", atomics=[8])
    assert (model.endian, set(model.atomics)) == ("big", {8})
    assert canonical_name(model) == "be16-atomic8"


def test_a_described_model_refuses_columns_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="no alignment is kept for f16, u24"):
        DataModel.described("board", pointer=4, align={"u24": 4, "f16": 2})


@pytest.mark.parametrize(
    ("data_layout", "expected"),
    [
        # m68k gives nothing for 64 bits: LLVM's defaults hold.
        ("E-m:e-p:32:16:32-i8:8:8-i16:16:16-i32:16:32-n8:16:32-a:0:16-S16", "2224448"),
        # i386 gives u128 but not u64; other address spaces do not count.
        ("e-m:e-p:32:32-p270:32:32-p272:64:64-i128:128-f64:32:64-f80:32", "42441644"),
        # arm gives u64, which u128 follows.
        ("e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64", "4248848"),
        # nvptx gives no pointer, and an integer that is too wide to count.
        ("e-p6:32:32-i64:64-i128:128-i256:256-v16:16-n16:32:64", "82481648"),
    ],
)
def test_a_data_layout_string_is_read_as_rustc_does(
    data_layout: str, expected: str
) -> None:
    found = alignments(data_layout)
    columns = ("pointer", "u16", "u32", "u64", "u128", "f32", "f64")
    assert "".join(str(found[column]) for column in columns) == expected


def test_the_table_is_what_the_installed_rustc_says() -> None:
    need("rustc")
    check = subprocess.run(
        [sys.executable, ROOT / "scripts" / "update_targets.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    other = f"the table is by rustc {RUSTC_VERSION}, the compiler is rustc"
    if check.returncode == 1 and f"{other} {RUSTC_VERSION}:" not in check.stdout:
        # Another compiler may know other targets; it may not move one.
        assert "moved " not in check.stdout
        pytest.skip(check.stdout + check.stderr)
    assert check.returncode == 0, check.stdout + check.stderr
    assert check.stdout == (f"{other} {RUSTC_VERSION}:\n320 targets, 25 data models\n")
