"""C's numbers in Python: as wide as each target's C has them, with its sign."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import import_from

if TYPE_CHECKING:
    from pathlib import Path

LINUX = "x86_64-unknown-linux-gnu"
WINDOWS = "x86_64-pc-windows-msvc"
ARM = "aarch64-unknown-linux-gnu"
APPLE = "aarch64-apple-darwin"
AVR = "avr-none"


@pytest.fixture
def module(package: Path) -> Any:
    return import_from(package, "torture_c")


@pytest.fixture
def runtime(package: Path) -> Any:
    return import_from(package, "vmgen_runtime")


def test_a_long_is_as_wide_as_the_targets(module: Any, runtime: Any) -> None:
    sizes = {t: runtime.size_of(module.CLong, t) for t in (LINUX, WINDOWS, AVR)}
    assert sizes == {LINUX: 8, WINDOWS: 4, AVR: 4}
    widths = {t: runtime.size_of(module.CEither, t) for t in (LINUX, WINDOWS, AVR)}
    assert widths == {LINUX: 8, WINDOWS: 4, AVR: 4}


def test_a_char_has_a_sign_where_the_targets_has(module: Any) -> None:
    found = {
        target: module.CEither.read(b"\xff" * 8, target).text[0]
        for target in (LINUX, WINDOWS, ARM, APPLE)
    }
    assert found == {LINUX: -1, WINDOWS: -1, ARM: 255, APPLE: -1}
    signed = {
        target: module.CNumbers.read(b"\xff" * 200, target).signed_letter
        for target in (LINUX, ARM)
    }
    assert signed == {LINUX: -1, ARM: -1}


def test_what_does_not_fit_the_target_is_refused(module: Any, runtime: Any) -> None:
    numbers = runtime.allocate(module.CNumbers)
    numbers.long_number = 1 << 40
    assert module.CNumbers.pack(numbers, LINUX).count(1) == 1
    with pytest.raises(OverflowError, match="1099511627776 doesn't fit c_long"):
        module.CNumbers.pack(numbers, WINDOWS)


def test_a_live_long_is_the_hosts(module: Any, runtime: Any) -> None:
    rows = runtime.allocate(module.CRows)
    assert ctypes.sizeof(rows) == runtime.size_of(module.CRows)
    rows.numbers[1] = -5
    stored = (ctypes.c_long * 3).from_buffer(
        rows, runtime.offset_of(module.CRows, "numbers")
    )
    assert list(stored) == [0, -5, 0]


def test_a_pointer_leads_to_one(module: Any, runtime: Any) -> None:
    text = ctypes.create_string_buffer(b"ab")
    rows = runtime.allocate(module.CRows)
    rows.names = ctypes.addressof(text)
    assert rows.names.pointee is runtime.c_char
    assert rows.names.deref().value == ord("a")
    assert list(rows.names.array(3)) == [ord("a"), ord("b"), 0]
