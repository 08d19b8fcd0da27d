"""Function pointers outside of tables, and slots that may be null: called and stored."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import import_from, loaded, write

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


TABLES = """\
vmgen: 1
module: tables
targets: [x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu, aarch64-apple-darwin]
types:
  Pair: {kind: struct, copy: true, fields: {one: u32, other: u32}}
  Ids: {kind: newtype, of: u32}
  Level: {kind: enum, tag: u8, variants: {Low: 1, High: 2}}
  Table:
    kind: functions
    functions:
      add: "(one: u32, other: i64) -> i64"
      half: "(x: f64) -> f64"
      join: "(pair: Pair, at: VmPtr<Pair>) -> u32"
      same: "(ids: Ids, level: Level, yes: bool) -> Level"
      stop: {signature: "()", nullable: true}
      wide: "(x: i8x16)"
  Holder: {kind: struct, fields: {table: Table, other: VmPtr<Table>}}
  Context:
    kind: context
    counts: [n]
    fields: {first: Table}
    regions: {tables: "[Table; n]", one: Table}
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """A module with a table of functions, and its runtime."""
    folder = tmp_path_factory.mktemp("tables") / "tables_of_functions"
    folder.mkdir()
    path = folder / "tables.vm.yaml"
    path.write_text(TABLES)
    made = loaded(path, path.name)
    write(folder, made, options={"package": folder.name})
    return tuple(import_from(folder, name) for name in ("tables", "vmgen_runtime"))


def test_slots_are_called_by_their_signatures(tables: tuple[Any, Any]) -> None:
    module, runtime = tables
    kept = {
        "add": lambda one, other: one + other,
        "half": lambda x: x / 2,
        "join": lambda pair, at: pair.one * 100 + pair.other * 10 + at,
        "same": lambda ids, level, yes: level if yes and ids == 7 else 0,
    }
    made = {
        name: runtime.prototype_of(module.Table, name)(function)
        for name, function in kept.items()
    }
    holder = runtime.allocate(module.Holder)
    for name, callback in made.items():
        setattr(holder.table, name, callback)
    holder.other = runtime.address_of(holder.table)
    context = ctypes.create_string_buffer(runtime.size_of(module.Table) * 4)
    for place in range(4):
        ctypes.memmove(
            ctypes.addressof(context) + place * runtime.size_of(module.Table),
            runtime.address_of(holder.table),
            runtime.size_of(module.Table),
        )
    there = module.Context.at(ctypes.addressof(context), {"n": 2})
    every = (
        holder.table,
        holder.other.deref(),
        there.first,
        there.tables[1],
        there.one,
    )
    for table in every:
        assert table.add(3, -5) == -2
        assert table.half(3.0) == 1.5
        assert table.join(module.Pair(one=1, other=2), 9) == 129
        assert table.same(7, 2, True) == 2
        assert table.stop is None


def test_a_slot_that_ctypes_has_no_types_for_is_not_called(
    tables: tuple[Any, Any],
) -> None:
    module, runtime = tables
    table = runtime.allocate(module.Table)
    table.wide = 0x1000
    with pytest.raises(TypeError, match="is no function that can be called here"):
        table.wide(1)
    with pytest.raises(TypeError, match=r"Table\.wide has no signature"):
        runtime.prototype_of(module.Table, "wide")


def test_every_builtin_of_wasmtime_has_a_prototype(package: Path) -> None:
    module = import_from(package, "wasmtime42")
    runtime = import_from(package, "vmgen_runtime")
    table = module.VMBuiltinFunctionsArray
    slots = table._vm.names
    made = {}
    for slot in slots:
        try:
            made[slot] = runtime.prototype_of(table, slot)
        except TypeError as error:
            made[slot] = str(error)
    none = [slot for slot, prototype in made.items() if isinstance(prototype, str)]
    assert none == ["i8x16_swizzle", "i8x16_shuffle", "fma_f32x4", "fma_f64x2"]
    assert made["memory_grow"]._argtypes_[1:] == (ctypes.c_uint64, ctypes.c_uint32)
    assert made["ceil_f32"]._restype_ is ctypes.c_float
