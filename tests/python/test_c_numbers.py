"""C's numbers in Python: as wide as each target's C has them, with its sign."""

from __future__ import annotations

import ctypes
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import import_from, loaded, write

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


ONE_NAME = f"""\
vmgen: 1
module: one_name
targets: [{LINUX}, {WINDOWS}]
types:
  Row: {{kind: struct, fields: {{number: c_long, next: Option<VmPtr<Row>>}}}}
  Table:
    kind: context
    counts: [n]
    fields: {{size: c_long}}
    regions: {{rows: "[c_long; n]", more: "[Row; n]"}}
"""
"""Two targets whose data models have one name in Rust, and differ in C's numbers."""


@pytest.fixture(scope="module")
def one_name(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("one") / "one_name_of_two"
    folder.mkdir()
    path = folder / "one_name.vm.yaml"
    path.write_text(ONE_NAME)
    made = loaded(path, path.name)
    return import_from(
        write(folder, made, options={"package": folder.name}), "one_name"
    )


@pytest.mark.parametrize(("target", "width"), [(LINUX, 8), (WINDOWS, 4)])
def test_what_is_pickled_is_of_its_target(
    one_name: Any, target: str, width: int
) -> None:
    offsets = one_name.TableOffsets(target, n=2)
    again = pickle.loads(pickle.dumps(offsets))
    assert again.size == offsets.size
    assert (again.rows.stride, again.rows.begin) == (width, width)
    table = one_name.Table.read(bytes(range(100)), target, offsets)
    for made in (table, pickle.loads(pickle.dumps(table))):
        assert made.rows[0] == int.from_bytes(bytes(range(width, 2 * width)), "little")
        assert pickle.loads(pickle.dumps(made.rows))[1] == made.rows[1]
        row = made.more[1]
        assert pickle.loads(pickle.dumps(row)) == row
        assert one_name.Row.pack(pickle.loads(pickle.dumps(row)), target) == (
            one_name.Row.pack(row, target)
        )
        assert row.next.target == target


def test_a_name_of_two_data_models_is_none(one_name: Any) -> None:
    name = one_name.TableOffsets._vm.targets.model(LINUX).name
    with pytest.raises(LookupError) as refused:
        one_name.Row.read(bytes(16), name)
    assert str(refused.value) == f"{name} is more than one data model: name a target"
