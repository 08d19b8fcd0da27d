"""Fields that are there on some targets only, in generated Python."""

from __future__ import annotations

from typing import Any

import pytest

from tests.python.generated import import_from

LINUX, WINDOWS = "x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"
IBM_Z = "s390x-unknown-linux-gnu"


@pytest.fixture(scope="module")
def generated(package: Any) -> Any:
    return import_from(package, "torture_on")


def test_what_is_not_there_reads_as_none(generated: Any) -> None:
    data = generated.BySystem.pack(
        {"handle": 1, "on_windows": [2, 3, 4], "state": 5}, WINDOWS
    )
    assert len(data) == 24
    read = generated.BySystem.read(data, WINDOWS)
    assert (read.on_linux, read.handle, read.state) == (None, 1, 5)
    assert [*read.on_windows] == [2, 3, 4]


def test_the_same_record_has_other_fields_on_another_target(generated: Any) -> None:
    data = generated.ByMachine.pack({"big": 0x0102, "id": 3, "either": 4}, IBM_Z)
    assert data == bytes([1, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4])
    read = generated.ByMachine.read(data, IBM_Z)
    assert (read.x86, read.big, read.either, read.little) == (None, 0x0102, 4, None)


def test_what_is_not_there_takes_no_value(generated: Any) -> None:
    with pytest.raises(
        ValueError, match=r"BySystem\.on_linux isn't there on x86_64-pc-windows"
    ):
        generated.BySystem.pack(
            {"on_linux": 1, "handle": 1, "on_windows": [2, 3, 4], "state": 5}, WINDOWS
        )
