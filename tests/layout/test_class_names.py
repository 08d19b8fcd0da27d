"""Names of layout classes, of columns, and of the targets that a class stands for."""

from __future__ import annotations

import pytest

from vmgen.layout.class_names import class_name, column_label, target_summary
from vmgen.layout.classes import classify
from vmgen.schema.model import ModelTarget
from vmgen.targets.find import TARGETS

ALL = [ModelTarget(t.triple, t.model) for t in TARGETS.values()]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("x86_64-unknown-linux-gnu", "64"),
        ("aarch64_be-unknown-linux-gnu", "64"),
        ("s390x-unknown-linux-gnu", "64-u128a8"),
        ("powerpc64-ibm-aix", "64-f64a4"),
        ("wasm32-wasip1", "32"),
        ("armv7-unknown-linux-gnueabihf", "32-u128a8"),
        ("riscv32imac-unknown-none-elf", "32-u128a8"),
        ("i686-unknown-linux-gnu", "32-u64a4-f64a4"),
        ("csky-unknown-linux-gnuabiv2", "32-max4"),
        ("m68k-unknown-linux-gnu", "32-ptra2-u32a2-u64a4-u128a4"),
        ("msp430-none-elf", "16-max2"),
        ("avr-none", "16-max1"),
    ],
)
def test_a_class_is_named_after_what_moves_offsets(target: str, name: str) -> None:
    assert class_name(TARGETS[target].model) == name


def test_no_two_classes_share_a_name() -> None:
    names = [class_name(c.model) for c in classify(ALL)]
    assert len(set(names)) == len(names) == 10


def test_columns() -> None:
    classes = classify(ALL)
    index = {class_name(c.model): c.index for c in classes}

    def label(*names: str) -> str:
        return column_label(classes, sorted(index[n] for n in names))

    assert label(*index) == "all"
    assert label("64", "64-u128a8", "64-f64a4") == "64"
    assert label("64", "64-u128a8") == "64"
    assert label("64-f64a4") == "64-f64a4"
    assert label("16-max1", "16-max2") == "16"
    assert label("16-max2") == "16-max2"
    assert label("64", "32-u64a4-f64a4") == "64+32-u64a4-f64a4"
    assert label("32-max4", "32-u64a4-f64a4") == "32-max4+32-u64a4-f64a4"


def test_targets_of_one_architecture_are_one_word() -> None:
    names = (
        "x86_64-unknown-linux-gnu",
        "x86_64-unknown-linux-gnux32",
        "x86_64-apple-darwin",
        "i686-unknown-linux-gnu",
        "i686-pc-windows-msvc",
        "wasm32-wasip1",
        "wasm32-wasip2",
    )
    classes = classify([t for n in names for t in ALL if t.name == n])
    assert {class_name(c.model): target_summary(c, classes) for c in classes} == {
        "64": ["x86_64-*"],
        "32": ["x86_64-unknown-linux-gnux32", "i686-pc-windows-msvc", "wasm32-*"],
        "32-u64a4-f64a4": ["i686-unknown-linux-gnu"],
    }
