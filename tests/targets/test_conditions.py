"""The language of conditions on targets: what holds where, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import module_of
from vmgen.schema.besides import ModelTarget
from vmgen.schema.on_keys import condition_of
from vmgen.targets.conditions import Condition, all_of, any_of
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

LINUX, WINDOWS = "x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"
IBM_Z, ARM, MAC = (
    "s390x-unknown-linux-gnu",
    "armv7-unknown-linux-gnueabihf",
    "aarch64-apple-darwin",
)
ALL = (LINUX, WINDOWS, IBM_Z, ARM, MAC)


def condition(folder: Path, text: str) -> Condition:
    """What a schema makes of the text behind `on`."""
    module = module_of(
        folder,
        f"vmgen: 1\nmodule: sample\ntypes:\n  Own:\n    kind: struct\n"
        f"    fields: {{a: u8, b: {{type: u8, on: {text}}}}}\n",
    )
    declared = module.types["Own"]
    found = declared.fields[1].on  # type: ignore[union-attr]
    assert isinstance(found, Condition)
    return found


def met(condition: Condition) -> list[str]:
    return [t for t in ALL if ModelTarget(t, TARGETS[t].model).is_met(condition)]


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("{width: 64}", [LINUX, WINDOWS, IBM_Z, MAC], "64-bit"),
        ("{width: [16, 32]}", [ARM], "16-bit or 32-bit"),
        ("{os: linux}", [LINUX, IBM_Z, ARM], "linux"),
        ("{arch: [x86, x86_64]}", [LINUX, WINDOWS], "x86 or x86_64"),
        ("{endian: big}", [IBM_Z], "big-endian"),
        ("{os: linux, width: 64}", [LINUX, IBM_Z], "linux and 64-bit"),
        ("{not: {os: linux}}", [WINDOWS, MAC], "not linux"),
        (
            "{not: {os: linux, width: 64}}",
            [WINDOWS, ARM, MAC],
            "not (linux and 64-bit)",
        ),
        ("{not: {not: {os: linux}}}", [LINUX, IBM_Z, ARM], "not not linux"),
        ("{any: [{os: macos}, {endian: big}]}", [IBM_Z, MAC], "macos or big-endian"),
        (
            "{width: 64, any: [{os: macos}, {endian: big}]}",
            [IBM_Z, MAC],
            "64-bit and (macos or big-endian)",
        ),
        ("{any: [{os: macos, width: 32}]}", [], "macos and 32-bit"),
    ],
)
def test_a_condition_holds_where_all_that_is_listed_is_so(
    tmp_path: Path, text: str, where: list[str], words: str
) -> None:
    found = condition(tmp_path, text)
    assert met(found) == where
    assert str(found) == words
    assert met(found.inverse) == [t for t in ALL if t not in where]


@pytest.mark.parametrize(
    ("text", "rust", "c"),
    [
        ("{width: 32}", 'target_pointer_width = "32"', "(VM_SIZEOF_USIZE == 4)"),
        ("{endian: big}", 'target_endian = "big"', "VMGEN_BIG_ENDIAN"),
        (
            "{not: {os: windows}, arch: s390x}",
            'all(not(target_os = "windows"), target_arch = "s390x")',
            "(!defined(_WIN32) && defined(__s390x__))",
        ),
        (
            "{any: [{endian: little}, {arch: [x86, arm]}]}",
            'any(target_endian = "little", any(target_arch = "x86", target_arch = "arm"))',
            "(!VMGEN_BIG_ENDIAN || ((defined(__i386__) || defined(_M_IX86)) || "
            "(defined(__arm__) || defined(_M_ARM))))",
        ),
    ],
)
def test_rust_and_c_ask_for_the_same(
    tmp_path: Path, text: str, rust: str, c: str
) -> None:
    found = condition(tmp_path, text)
    assert (found.rust, found.c) == (rust, c)


def test_a_data_model_of_ones_own_is_of_no_system_and_no_architecture(
    tmp_path: Path,
) -> None:
    own = ModelTarget("own", TARGETS[LINUX].model)
    for text in ("{os: linux}", "{arch: x86_64}"):
        assert not own.is_met(condition(tmp_path, text))
    for text in ("{width: 64}", "{endian: little}", "{not: {os: linux}}"):
        assert own.is_met(condition(tmp_path, text))


def test_conditions_come_together_without_saying_anything_twice() -> None:
    linux, wide = Condition("os", "linux"), Condition("width", "64")
    assert all_of([None, None]) is None
    assert all_of([linux, None, linux]) == linux
    assert str(all_of([linux, wide])) == "linux and 64-bit"
    assert str(any_of([wide, None, linux, wide])) == "64-bit or linux"
    assert condition_of(None) is None
