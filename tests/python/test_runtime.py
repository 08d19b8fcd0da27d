"""What the runtime that generated modules share does with their records."""

from __future__ import annotations

import copy
import ctypes
import gc
import pickle
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import SCHEMAS, import_from, loaded, module, run, write

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PACKAGE = "runtime_under_test"
I686 = "i686-unknown-linux-gnu"
S390X = "s390x-unknown-linux-gnu"


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runtime") / PACKAGE
    return write(folder, *map(module, SCHEMAS), options={"package": PACKAGE})


@pytest.fixture(scope="session")
def vm(package: Path) -> ModuleType:
    return import_from(package, "vmgen_runtime")


@pytest.fixture(scope="session")
def small(package: Path) -> ModuleType:
    return import_from(package, "small")


@pytest.fixture(scope="session")
def waived(package: Path) -> ModuleType:
    return import_from(package, "torture_waived")


@pytest.fixture
def everything(small: ModuleType, vm: ModuleType) -> Any:
    return vm.allocate(small.VMEverything)


class TestPointers:
    def test_a_pointer_is_an_int_that_knows_its_pointee(
        self, vm: Any, small: Any
    ) -> None:
        pointer = vm.VmPtr(0x1000, small.VMMemory)
        assert (pointer.address, pointer + 8, bool(pointer)) == (0x1000, 0x1008, True)
        assert pointer.pointee is small.VMMemory
        assert pointer.target is None
        assert repr(pointer) == f"{pointer}" == "VmPtr<VMMemory>(0x1000)"
        assert f"{pointer:#x}" == "0x1000"

    def test_a_pointer_is_never_null(self, vm: Any, small: Any) -> None:
        with pytest.raises(vm.NullPointer, match=r"VmPtr\[VMMemory\] is never null"):
            vm.VmPtr(0, small.VMMemory)

    def test_pointers_to_one_address_are_equal(self, vm: Any, small: Any) -> None:
        pointer = vm.VmPtr(0x1000, small.VMMemory)
        assert pointer == 0x1000 == pointer.cast(small.VMCell)
        assert {pointer: 1}[0x1000] == 1

    def test_a_pointer_reads_as_one_and_null_as_what_the_schema_says(
        self, vm: Any, everything: Any
    ) -> None:
        assert everything.from_ is None
        with pytest.raises(vm.NullPointer) as raised:
            _ = everything.calls
        assert str(raised.value) == "VMEverything.calls: VmPtr<VMCalls> is null"

    def test_only_an_optional_pointer_takes_null(
        self, vm: Any, everything: Any
    ) -> None:
        everything.from_ = vm.address_of(everything)
        assert everything.from_.deref().from_ == everything.from_
        everything.from_ = None
        assert everything.from_ is None
        with pytest.raises(vm.NullPointer) as raised:
            everything.calls = None
        assert str(raised.value) == "VmPtr<VMCalls> is never null"

    def test_following_is_live(self, vm: Any, small: Any) -> None:
        memory = vm.allocate(small.VMMemory, base=0x10, length=1)
        followed = vm.address_of(memory).deref()
        vm.store(memory, "length", 2)
        assert (followed.length, followed.base) == (2, 0x10)

    def test_a_pointer_to_a_word_leads_to_a_cell(self, vm: Any) -> None:
        word = ctypes.c_uint32(7)
        cell = vm.VmPtr(ctypes.addressof(word), vm.u32).deref()
        cell.value = 0xFFFF_FFFF
        assert (word.value, repr(cell)) == (0xFFFF_FFFF, "u32(4294967295)")
        with pytest.raises(OverflowError, match="-1 doesn't fit u32: 0 to 4294967295"):
            cell.value = -1

    def test_a_pointer_to_an_atomic_is_read_and_only_stored_on_purpose(
        self, vm: Any
    ) -> None:
        word = ctypes.c_uint64(7)
        cell = vm.VmPtr(ctypes.addressof(word), vm.AtomicU64).deref()
        with pytest.raises(AttributeError, match="atomic: use store"):
            cell.value = 8
        vm.store(cell, "value", 8)
        assert cell.value == word.value == 8

    @pytest.mark.parametrize("name", ["u128", "i128"])
    def test_128_bit_words_are_whole(self, vm: Any, name: str) -> None:
        memory = ctypes.create_string_buffer(32)
        cell = vm.VmPtr(ctypes.addressof(memory), getattr(vm, name)).deref()
        number = (1 << 126) + 5 if name == "u128" else -(1 << 126) + 5
        cell.value = number
        assert cell.value == number
        assert memory.raw[:16] == number.to_bytes(
            16, sys.byteorder, signed=name == "i128"
        )
        with pytest.raises(OverflowError):
            cell.value = 1 << 128

    def test_what_has_no_body_is_not_followed(self, vm: Any, small: Any) -> None:
        for pointee in (small.VMCode, vm.unit, vm.Function):
            with pytest.raises(TypeError):
                vm.VmPtr(8, pointee).deref()
            with pytest.raises(TypeError):
                vm.VmPtr(8, pointee).array(1)

    def test_a_row_of_words_is_an_array_of_numbers(self, vm: Any) -> None:
        memory = ctypes.create_string_buffer(b"hello world")
        row = vm.VmPtr(ctypes.addressof(memory), vm.u8).array(11)
        assert (row[4], bytes(row), bytes(row[::2]), len(row[2:4])) == (
            111, b"hello world", b"hlowrd", 2,
        )  # fmt: skip
        row.memory()[0:1] = b"J"
        row[-1] = ord("t")
        assert memory.value == b"Jello worlt"

    def test_a_row_of_records_is_an_array_of_records(self, vm: Any, small: Any) -> None:
        row = vm.allocate_array(small.VMCell, 3)
        again = vm.VmPtr(row.address, small.VMCell).array(3)
        again[1].storage = bytes(range(16))
        assert row[1].storage[15] == 15
        assert [vm.address_of(cell) - row.address for cell in row] == [0, 16, 32]

    def test_an_address_of_an_image_is_followed_in_it_alone(
        self, vm: Any, small: Any
    ) -> None:
        memory = {
            0x40: small.VMMemory.pack({"base": 0x80, "length": 3}, S390X),
            0x80: b"abc",
        }
        record = small.VMThing.read(
            small.VMThing.pack(
                {"owner": None, "indices": [], "links": [0x40],
                 "cells": [{"storage": bytes(16)}] * 2,
                 "last": {"tag": 3, "payload": {}}, "extra": None,
                 "memories": [{"base": 1, "length": 1}]},
                S390X, {"num_memories": 1},
            ),
            S390X, {"num_memories": 1},
        )  # fmt: skip
        pointer = record.links[0]
        assert repr(pointer) == "VmPtr<VMMemory>(0x40, be64-u128a8)"
        with pytest.raises(TypeError, match="an address in an image: use follow"):
            pointer.deref()
        followed = pointer.follow(lambda address, size: memory[address][:size])
        assert followed.length == 3
        letters = followed.base.follow_array(lambda at, size: memory[at][:size], 3)
        assert bytes(letters) == b"abc"
        assert followed.base.follow(lambda at, size: memory[at][:size]) == ord("a")

    def test_a_pickled_or_copied_pointer_is_its_address(
        self, vm: Any, small: Any
    ) -> None:
        pointer = vm.VmPtr(0x1000, small.VMMemory)
        for other in (pickle.loads(pickle.dumps(pointer)), copy.deepcopy(pointer)):
            assert (other, type(other)) == (0x1000, int)


class TestFields:
    def test_numbers_that_do_not_fit_are_refused(self, everything: Any) -> None:
        everything.flag = 255
        with pytest.raises(OverflowError) as raised:
            everything.flag = 256
        assert str(raised.value) == "256 doesn't fit u8: 0 to 255"
        everything.signed = -(1 << 63)
        with pytest.raises(OverflowError):
            everything.signed = 1 << 63
        with pytest.raises(TypeError):
            everything.flag = 1.5

    def test_a_name_that_is_no_field_is_refused(self, everything: Any) -> None:
        with pytest.raises(AttributeError) as raised:
            everything.flagg = 1
        assert (
            str(raised.value) == "VMEverything has no field flagg, did you mean flag?"
        )

    def test_read_only_fields_are_set_when_made_and_stored_on_purpose(
        self, vm: Any, small: Any
    ) -> None:
        memory = small.VMMemory(base=8, length=3)
        with pytest.raises(AttributeError) as raised:
            memory.length = 4
        assert str(raised.value) == "VMMemory.length is read-only: use store"
        vm.store(memory, "length", 4)
        assert memory.length == 4

    def test_plain_enums_read_as_members_and_unknown_ones_as_numbers(
        self, small: Any, everything: Any
    ) -> None:
        everything.state = small.VMState.Lost
        assert everything.state is small.VMState.Lost
        everything.state = 7
        assert (everything.state, type(everything.state)) == (7, int)
        assert "state=7" in repr(everything)

    def test_a_tagged_enum_gives_the_payload_of_its_tag(
        self, vm: Any, small: Any, everything: Any
    ) -> None:
        event = everything.event
        event.tag = small.VMEvent.Tag.Number
        event.payload.Number = -9
        assert (event.value, repr(event)) == (
            -9,
            "VMEvent(tag=<Tag.Number: 4>, value=-9)",
        )
        event.tag = small.VMEvent.Tag.Nothing
        assert event.value is None
        event.tag = 99
        assert (event.tag, repr(event)) == (99, "VMEvent(tag=99, value=unknown)")
        with pytest.raises(
            vm.UnknownVariant, match="VMEvent has no variant with tag 99"
        ):
            _ = event.value

    def test_128_bit_fields_are_ints(self, everything: Any) -> None:
        everything.wide.wide = (1 << 128) - 2
        everything.wide.last = -1
        assert (everything.wide.wide, everything.wide.last) == ((1 << 128) - 2, -1)

    def test_little_endian_words_are_little_endian_in_memory(
        self, everything: Any
    ) -> None:
        everything.little = 0x0102030405060708
        everything.words = [0x0102, 3, 4]
        kind = type(everything)
        raw = bytes(everything)
        assert raw[kind.little.offset :][:8] == bytes(range(8, 0, -1))
        assert raw[kind.words.offset :][:2] == b"\x02\x01"
        assert (everything.little, list(everything.words)) == (
            0x0102030405060708,
            [0x0102, 3, 4],
        )

    def test_arrays_are_assigned_whole_or_in_part(
        self, vm: Any, everything: Any
    ) -> None:
        everything.cell.storage = bytes(range(16))
        everything.cell.storage[1:3] = b"\xff\xfe"
        assert bytes(everything.cell.storage)[:4] == b"\x00\xff\xfe\x03"
        everything.nested = [[1, 2], [3, 4]]
        assert [list(row) for row in everything.nested] == [[1, 2], [3, 4]]
        for wrong in (bytes(15), bytes(17)):
            with pytest.raises(ValueError, match=r"values for \[u8; 16\]"):
                everything.cell.storage = wrong
        with pytest.raises(ValueError, match="1 values for 2 elements"):
            everything.cell.storage[0:2] = [1]
        with pytest.raises(IndexError, match="index 16 is outside of 16 elements"):
            everything.cell.storage[16] = 1

    def test_records_are_assigned_from_records_and_mappings(
        self, small: Any, everything: Any
    ) -> None:
        everything.memories[0] = {"base": 0x10, "length": 4}
        everything.memories[1] = everything.memories[0]
        snapshot = small.VMMemory.read(
            small.VMMemory.pack({"base": 3, "length": 5}, I686), I686
        )
        everything.memories[0] = snapshot
        assert [m.length for m in everything.memories] == [5, 4]

    def test_a_newtype_reads_as_what_is_inside(
        self, vm: Any, small: Any, everything: Any
    ) -> None:
        assert everything.handle is None
        everything.handle = 0x1234
        assert everything.handle.pointee is small.VMCode
        cell = vm.VmPtr(
            ctypes.addressof(everything) + type(everything).handle.offset,
            small.VMHandle,
        )
        assert cell.deref().value == 0x1234
        index = vm.VmPtr(
            ctypes.addressof(everything) + type(everything).index.offset, small.VMIndex
        )
        index.deref().value = 77
        assert (everything.index, isinstance(index.deref(), vm.u32)) == (77, True)

    def test_foreign_bytes_are_bytes(self, vm: Any, everything: Any) -> None:
        everything.elsewhere.storage = bytes(range(24))
        assert bytes(everything.elsewhere.storage) == bytes(range(24))
        assert vm.size_of(type(everything.elsewhere), I686) == 12

    def test_fixed_values_are_there_from_the_start(self, small: Any, vm: Any) -> None:
        assert small.VMThing._vm.fixed.cls().magic == small.MAGIC

    def test_a_record_in_a_record_keeps_the_whole_alive(
        self, vm: Any, small: Any
    ) -> None:
        whole = vm.allocate(small.VMEverything)
        cell = whole.cell
        row = whole.memories
        del whole
        gc.collect()
        cell.storage[0] = 1
        row[0].base = 5
        assert (cell.storage[0], row[0].base) == (1, 5)

    def test_class_attributes_tell_offset_and_size_as_ctypes_does(
        self, small: Any
    ) -> None:
        assert (small.VMMemory.base.offset, small.VMMemory.base.size) == (0, 8)
        assert (small.VMMemory.length.offset, small.VMMemory.length.size) == (8, 8)

    def test_what_the_language_waives_reads_as_python_has_it(self, waived: Any) -> None:
        floats = waived.Floats(thin=1.5, wide=-2.25)
        assert (floats.thin, floats.wide) == (1.5, -2.25)
        flags = waived.Primitives(flag=True, letter=ord("x"))
        assert (flags.flag, flags.letter) == (True, 120)
        numbers = waived.NonZeros(byte=1, half=-1, octa=1 << 100, quad=9, size=3)
        assert (numbers.maybe, numbers.octa, numbers.half) == (None, 1 << 100, -1)
        with pytest.raises(ValueError, match="NonZeroU8 is never zero"):
            numbers.byte = 0
        atomics = waived.Atomics(flag=True, quad=5)
        assert (atomics.flag, atomics.quad) == (True, 5)
        pointers = waived.Pointers()
        assert (pointers.raw, pointers.maybe, list(pointers.row)) == (
            None,
            None,
            [None, None],
        )


class TestBytes:
    def test_a_snapshot_does_not_change(self, small: Any) -> None:
        data = bytearray(small.VMMemory.pack({"base": 1, "length": 2}, S390X))
        record = small.VMMemory.read(data, S390X)
        data[:] = bytes(len(data))
        assert (record.base, record.length) == (1, 2)
        for name in ("base", "other"):
            with pytest.raises(AttributeError):
                setattr(record, name, 5)
        with pytest.raises(TypeError, match="doesn't change: use pack or write"):
            small.VMCell.read(bytes(16)).storage[0] = 1

    def test_snapshots_are_equal_when_their_bytes_are(self, small: Any) -> None:
        pack, read = small.VMMemory.pack, small.VMMemory.read
        data = pack({"base": 1, "length": 2}, S390X)
        assert read(data, S390X) == read(b"x" + data, S390X, 1)
        assert hash(read(data, S390X)) == hash(read(data, S390X))
        assert read(data, S390X) != read(pack({"base": 1, "length": 3}, S390X), S390X)
        assert read(data, S390X) != read(pack({"base": 1, "length": 2}, I686), I686)

    def test_a_record_goes_from_one_target_to_another(self, small: Any) -> None:
        there = small.VMMemory.pack({"base": 0x1000, "length": 0x2000}, S390X)
        assert there.hex() == "00000000000010000000000000002000"
        here = small.VMMemory.pack(small.VMMemory.read(there, S390X), I686)
        assert here.hex() == "0010000000200000"
        with pytest.raises(
            OverflowError, match="doesn't fit AtomicUsize: 0 to 4294967295"
        ):
            small.VMMemory.pack({"base": 1, "length": 1 << 32}, I686)

    def test_a_live_record_is_packed_for_any_target(self, vm: Any, small: Any) -> None:
        event = small.VMEvent(tag=small.VMEvent.Tag.Number)
        event.payload.Number = 5
        data = small.VMEvent.pack(event, S390X)
        assert (data[:2], data[16:24]) == (b"\0\4", b"\0\0\0\0\0\0\0\5")
        assert small.VMEvent.read(data, S390X).value == 5

    def test_a_union_is_packed_from_one_member_or_its_bytes(self, small: Any) -> None:
        assert small.VMValue.pack({"int": -2}, S390X) == b"\xfe\xff\xff\xff\0\0\0\0"
        assert small.VMValue.pack(bytes(range(8)), S390X) == bytes(range(8))
        live = small.VMValue(int=5)
        assert small.VMValue.pack(live) == bytes(live)
        with pytest.raises(TypeError, match="VMValue is a union: give its one member"):
            small.VMValue.pack(live, S390X)

    def test_a_record_is_written_into_a_buffer(self, small: Any) -> None:
        data = bytearray(b"\xff" * 12)
        small.VMMemory.write(data, {"base": 1, "length": 2}, I686, 2)
        assert data.hex() == "ffff0100000002000000ffff"
        with pytest.raises(ValueError, match="VMMemory doesn't fit at 5 of 12"):
            small.VMMemory.write(data, {"base": 1, "length": 2}, I686, 5)

    def test_many_records_are_read_at_once(self, small: Any) -> None:
        data = b"".join(
            small.VMMemory.pack({"base": i + 1, "length": i}, S390X) for i in range(9)
        )
        records = small.VMMemory.read_array(data, 8, S390X, 16)
        assert [r.length for r in records] == list(range(1, 9))
        with pytest.raises(ValueError, match="takes 144 bytes at offset 16 on be64"):
            small.VMMemory.read_array(data, 9, S390X, 16)

    def test_data_that_is_too_short_is_refused(self, small: Any) -> None:
        for offset in (1, -1, 100):
            message = (
                f"VMMemory takes 8 bytes at offset {offset} on "
                "le32-u64a4-f64a4-atomic64, of 8 bytes"
            )
            with pytest.raises(ValueError, match=message):
                small.VMMemory.read(bytes(8), I686, offset)

    def test_every_field_is_needed(self, small: Any) -> None:
        with pytest.raises(TypeError, match=r"VMMemory\.length has no value"):
            small.VMMemory.pack({"base": 1})
        with pytest.raises(
            AttributeError, match="VMMemory has no field lenght, did you"
        ):
            small.VMMemory.pack({"base": 1, "lenght": 2})

    def test_an_unknown_target_is_refused(self, vm: Any, small: Any) -> None:
        with pytest.raises(vm.UnknownTarget) as raised:
            small.VMMemory.read(bytes(16), "i686-unknown-linux-musl")
        assert str(raised.value) == (
            "i686-unknown-linux-musl is no target of tests/python/golden/small.vm.yaml, "
            "did you mean i686-unknown-linux-gnu?"
        )

    def test_a_null_in_bytes_is_reported_when_it_is_read(
        self, vm: Any, small: Any
    ) -> None:
        record = small.VMMemory.read(bytes(16), S390X)
        assert (record.length, repr(record)) == (0, "VMMemory(base=null, length=0)")
        with pytest.raises(vm.NullPointer) as raised:
            _ = record.base
        assert str(raised.value) == "VMMemory.base: VmPtr<u8> is null"


class TestIntrospection:
    def test_fields_tell_their_types_places_and_extents(
        self, vm: Any, small: Any
    ) -> None:
        base, length = vm.fields(small.VMMemory, I686)
        assert base == (
            "base",
            "VmPtr<u8>",
            0,
            4,
            4,
            "tests/python/golden/small.vm.yaml:61",
        )
        assert length[:5] == ("length", "AtomicUsize", 4, 4, 4)

    def test_sizes_alignments_and_offsets_are_told_for_any_target(
        self, vm: Any, small: Any
    ) -> None:
        assert vm.size_of(small.VMWide, S390X) == 32
        assert vm.align_of(small.VMWide, I686) == 16
        assert vm.offset_of(small.VMWide, "last", S390X) == 24
        assert vm.size_of(small.VMState) == 1
        assert vm.size_of(small.VMThing, I686) == 8
        with pytest.raises(
            AttributeError, match="VMWide has no field lost, did you mean last"
        ):
            vm.offset_of(small.VMWide, "lost")
        with pytest.raises(TypeError):
            vm.size_of(small.VMCode)

    def test_targets_are_those_of_the_schema(self, vm: Any, small: Any) -> None:
        assert vm.targets(small.VMMemory) == (
            "x86_64-unknown-linux-gnu", "aarch64-apple-darwin", I686,
            "armv7-unknown-linux-gnueabihf", S390X, "powerpc64-unknown-linux-gnu",
            "msp430-none-elf",
        )  # fmt: skip


class TestHosts:
    def test_a_host_that_is_no_target_says_what_to_do(self, tmp_path: Path) -> None:
        write(tmp_path, _for_targets(tmp_path, "[msp430-none-elf]"))
        done = run(tmp_path, "import tiny")
        assert done.code == 1
        assert done.err.splitlines()[-1].startswith(
            "ImportError: tiny.vm.yaml has no target like this host (64-bit little-endian, "
        )
        assert done.err.splitlines()[-1].endswith(
            "only le16-max2-noatomic; to read and write bytes of those targets without "
            "native access, call vmgen_runtime.set_host(None) before this import and use "
            "Type.read(data, target=...)"
        )

    def test_a_module_can_be_imported_for_reading_alone(self, tmp_path: Path) -> None:
        write(tmp_path, _for_targets(tmp_path, "[msp430-none-elf]"))
        code = (
            "import vmgen_runtime; vmgen_runtime.set_host(None)\n"
            "import tiny\n"
            "print(tiny.Tiny.read(b'\\1\\2\\3\\4', 'msp430-none-elf'))\n"
            "tiny.Tiny()"
        )
        done = run(tmp_path, code)
        assert done.out == "Tiny(a=513, b=VmPtr<u8>(0x403, le16-max2-noatomic))\n"
        assert "TypeError: Tiny has no native layout here" in done.err

    def test_a_host_that_was_given_has_to_fit(self, tmp_path: Path) -> None:
        write(tmp_path, _for_targets(tmp_path, "[i686-unknown-linux-gnu, aarch64-*]"))
        code = "import vmgen_runtime; vmgen_runtime.set_host({!r}); import tiny"
        assert run(tmp_path, code.format("aarch64-apple-darwin")).code == 0
        done = run(tmp_path, code.format("i686-unknown-linux-gnu"))
        assert (
            "ImportError: i686-unknown-linux-gnu, given to set_host, is not" in done.err
        )

    def test_only_what_differs_is_unsure_where_u128_can_not_be_measured(
        self, tmp_path: Path
    ) -> None:
        text = TINY.format(targets="[one, two]") + (
            "data_models: {one: {pointer: 64}, two: {pointer: 64, align: {u128: 8}}}\n"
        )
        text = text.replace(
            "types:\n", "types:\n  Wide: {kind: struct, fields: {a: u8, b: u128}}\n"
        )
        (tmp_path / "tiny.vm.yaml").write_text(text)
        write(tmp_path, loaded(tmp_path / "tiny.vm.yaml", "tiny.vm.yaml"))
        code = "import vmgen_runtime;{} import tiny; print(tiny.Tiny(a=1)); print(tiny.Wide(b=1))"
        done = run(tmp_path, code.format(""))
        assert done.out == "Tiny(a=1, b=null)\n"
        assert "Wide has no native layout here" in done.err
        done = run(tmp_path, code.format("vmgen_runtime.set_host('two');"))
        assert done.out == "Tiny(a=1, b=null)\nWide(a=0, b=1)\n"


TINY = """\
vmgen: 1
module: tiny
targets: {targets}
types:
  Tiny: {{kind: struct, fields: {{a: u16, b: VmPtr<u8>}}}}
"""


def _for_targets(folder: Path, targets: str) -> Any:
    path = folder / "tiny.vm.yaml"
    path.write_text(TINY.format(targets=targets))
    return loaded(path, path.name)
