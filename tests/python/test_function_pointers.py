"""Function pointers outside of tables, and slots that may be null: called and stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import import_from

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def module(package: Path) -> Any:
    return import_from(package, "torture_c")


@pytest.fixture
def runtime(package: Path) -> Any:
    return import_from(package, "vmgen_runtime")


def test_null_reads_as_none_where_the_schema_lets_it(module: Any, runtime: Any) -> None:
    functions = runtime.allocate(module.CFunctions)
    assert functions.release is None
    assert list(functions.row) == [None, None]
    with pytest.raises(runtime.NullPointer, match=r"CFunctions\.compare: VmPtr<fn"):
        functions.compare  # noqa: B018
    assert runtime.allocate(module.CCalls).stop is None


def test_a_callback_is_stored_and_called_by_its_signature(
    module: Any, runtime: Any
) -> None:
    functions = runtime.allocate(module.CFunctions)
    seen = []

    def compare(one: int | None, other: int | None) -> int:
        seen.append((one, other))
        return -3

    callback = runtime.prototype_of(module.CFunctions, "compare")(compare)
    functions.compare = callback
    assert functions.compare.pointee is runtime.Function
    assert functions.compare(1, None) == -3
    assert seen == [(1, None)]


def test_a_record_is_passed_and_given_by_value(module: Any, runtime: Any) -> None:
    prototype = runtime.prototype_of(module.CFunctions, "make")
    assert prototype._restype_ is module.CPair
    assert prototype._argtypes_ == (module.CPair,)


def test_what_was_read_from_bytes_is_not_called(module: Any) -> None:
    read = module.CFunctions.read(bytes(range(1, 129)), "i686-unknown-linux-gnu")
    assert int(read.release) == 0x08070605
    with pytest.raises(TypeError, match="is no function that can be called here"):
        read.release(None)


def test_only_a_function_has_a_prototype(module: Any, runtime: Any) -> None:
    with pytest.raises(TypeError, match=r"CFunctions\.byte has no signature"):
        runtime.prototype_of(module.CFunctions, "byte")
