"""Records out of bytes, as bytes, and what the runtime tells of their layouts."""

from __future__ import annotations

from typing import Any

import pytest

I686 = "i686-unknown-linux-gnu"
S390X = "s390x-unknown-linux-gnu"


def test_a_snapshot_does_not_change(small: Any) -> None:
    data = bytearray(small.VMMemory.pack({"base": 1, "length": 2}, S390X))
    record = small.VMMemory.read(data, S390X)
    data[:] = bytes(len(data))
    assert (record.base, record.length) == (1, 2)
    for name in ("base", "other"):
        with pytest.raises(AttributeError):
            setattr(record, name, 5)
    with pytest.raises(TypeError, match="doesn't change: use pack or write"):
        small.VMCell.read(bytes(16)).storage[0] = 1


def test_snapshots_are_equal_when_their_bytes_are(small: Any) -> None:
    pack, read = small.VMMemory.pack, small.VMMemory.read
    data = pack({"base": 1, "length": 2}, S390X)
    assert read(data, S390X) == read(b"x" + data, S390X, 1)
    assert hash(read(data, S390X)) == hash(read(data, S390X))
    assert read(data, S390X) != read(pack({"base": 1, "length": 3}, S390X), S390X)
    assert read(data, S390X) != read(pack({"base": 1, "length": 2}, I686), I686)


def test_a_record_goes_from_one_target_to_another(small: Any) -> None:
    there = small.VMMemory.pack({"base": 0x1000, "length": 0x2000}, S390X)
    assert there.hex() == "00000000000010000000000000002000"
    here = small.VMMemory.pack(small.VMMemory.read(there, S390X), I686)
    assert here.hex() == "0010000000200000"
    with pytest.raises(OverflowError, match="doesn't fit AtomicUsize: 0 to 4294967295"):
        small.VMMemory.pack({"base": 1, "length": 1 << 32}, I686)


def test_a_live_record_is_packed_for_any_target(vm: Any, small: Any) -> None:
    event = small.VMEvent(tag=small.VMEvent.Tag.Number)
    event.payload.Number = 5
    data = small.VMEvent.pack(event, S390X)
    assert (data[:2], data[16:24]) == (b"\0\4", b"\0\0\0\0\0\0\0\5")
    assert small.VMEvent.read(data, S390X).value == 5


def test_a_union_is_packed_from_one_member_or_its_bytes(small: Any) -> None:
    assert small.VMValue.pack({"int": -2}, S390X) == b"\xfe\xff\xff\xff\0\0\0\0"
    assert small.VMValue.pack(bytes(range(8)), S390X) == bytes(range(8))
    live = small.VMValue(int=5)
    assert small.VMValue.pack(live) == bytes(live)
    with pytest.raises(TypeError, match="VMValue is a union: give its one member"):
        small.VMValue.pack(live, S390X)


def test_a_record_is_written_into_a_buffer(small: Any) -> None:
    data = bytearray(b"\xff" * 12)
    small.VMMemory.write(data, {"base": 1, "length": 2}, I686, 2)
    assert data.hex() == "ffff0100000002000000ffff"
    with pytest.raises(ValueError, match="VMMemory doesn't fit at 5 of 12"):
        small.VMMemory.write(data, {"base": 1, "length": 2}, I686, 5)


def test_many_records_are_read_at_once(small: Any) -> None:
    data = b"".join(
        small.VMMemory.pack({"base": i + 1, "length": i}, S390X) for i in range(9)
    )
    records = small.VMMemory.read_array(data, 8, S390X, 16)
    assert [r.length for r in records] == list(range(1, 9))
    with pytest.raises(ValueError, match="takes 144 bytes at offset 16 on be64"):
        small.VMMemory.read_array(data, 9, S390X, 16)


def test_data_that_is_too_short_is_refused(small: Any) -> None:
    for offset in (1, -1, 100):
        message = (
            f"VMMemory takes 8 bytes at offset {offset} on "
            "le32-u64a4-f64a4-atomic64, of 8 bytes"
        )
        with pytest.raises(ValueError, match=message):
            small.VMMemory.read(bytes(8), I686, offset)


def test_every_field_is_needed(small: Any) -> None:
    with pytest.raises(TypeError, match=r"VMMemory\.length has no value"):
        small.VMMemory.pack({"base": 1})
    with pytest.raises(AttributeError, match="VMMemory has no field lenght, did you"):
        small.VMMemory.pack({"base": 1, "lenght": 2})


def test_an_unknown_target_is_refused(vm: Any, small: Any) -> None:
    with pytest.raises(vm.UnknownTarget) as raised:
        small.VMMemory.read(bytes(16), "i686-unknown-linux-musl")
    assert str(raised.value) == (
        "i686-unknown-linux-musl is no target of tests/python/everything.vm.yaml, "
        "did you mean i686-unknown-linux-gnu?"
    )


def test_a_null_in_bytes_is_reported_when_it_is_read(vm: Any, small: Any) -> None:
    record = small.VMMemory.read(bytes(16), S390X)
    assert (record.length, repr(record)) == (0, "VMMemory(base=null, length=0)")
    with pytest.raises(vm.NullPointer) as raised:
        _ = record.base
    assert str(raised.value) == "VMMemory.base: VmPtr<u8> is null"


def test_fields_tell_their_types_places_and_extents(vm: Any, small: Any) -> None:
    base, length = vm.fields(small.VMMemory, I686)
    assert base == ("base", "VmPtr<u8>", 0, 4, 4)
    assert length == ("length", "AtomicUsize", 4, 4, 4)


def test_sizes_alignments_and_offsets_are_told_for_any_target(
    vm: Any, small: Any
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


def test_targets_are_those_of_the_schema(vm: Any, small: Any) -> None:
    assert vm.targets(small.VMMemory) == (
        "x86_64-unknown-linux-gnu", "aarch64-apple-darwin", I686,
        "armv7-unknown-linux-gnueabihf", S390X, "powerpc64-unknown-linux-gnu",
        "msp430-none-elf",
    )  # fmt: skip
