"""In what two types differ, and that types are what their texts say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.random.sound import sound_schemas
from tests.random.strategies import as_text
from tests.support import ROOT
from vmgen.analysis.order import held_types
from vmgen.changes.meaning import Meanings, type_of
from vmgen.changes.saved import Part, Record
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module
from vmgen.schema import model as m
from vmgen.schema.model import Module

STRUCT = Record(
    kind="struct", fields=(Part(name="x", type="u8", offset=0, size=1, align=1),)
)
TYPES = {
    "Store": STRUCT,
    "Memory": STRUCT,
    "Host": Record(kind="opaque"),
    "Index": Record(kind="newtype", of="u32"),
    "Deep": Record(kind="newtype", of="UnsafeCell<Index>"),
    "State": Record(kind="enum", tag="u32"),
    "Mode": Record(kind="enum", tag="u32"),
}
MEANINGS = Meanings(TYPES, {**TYPES, "Renamed": STRUCT}, {"Store": "Renamed"})


@pytest.mark.parametrize(
    ("old", "new", "aspects"),
    [
        ("u32", "u32", ""),
        ("u32", "i32", "meaning"),
        ("u32", "u64", "meaning"),
        ("usize", "u64", "meaning"),
        ("[u8; 4]", "u32", "meaning"),
        ("[u8; 4]", "[u8; 8]", "meaning"),
        ("[u8; 4]", "[i8; 4]", "meaning"),
        ("[VmPtr<u8>; 2]", "[Option<VmPtr<u8>>; 2]", "nullability"),
        ("u32", "UnsafeCell<u32>", "spelling"),
        ("u32", "Index", "spelling"),
        ("Deep", "u32", "spelling"),
        ("Deep", "i32", "meaning"),
        ("State", "u32", "spelling"),
        ("u32", "State", "spelling"),
        ("State", "i32", "meaning"),
        ("State", "Mode", "meaning"),
        ("VmPtr<u8>", "Option<VmPtr<u8>>", "nullability"),
        ("Option<VmPtr<u8>>", "VmPtr<u8>", "nullability"),
        ("Store<u128>", "Renamed<u128>", ""),
        ("Memory<VmPtr<Store>>", "Memory<VmPtr<Renamed>>", ""),
        ("Memory<u32>", "Memory<u64>", "meaning"),
        ("Memory<u32>", "Memory<Index>", "spelling"),
        ("Memory<u128>", "Memory<u8>", "spelling"),
        ("Memory<u128>", "Memory", "spelling"),
        ("Memory<u32>", "Store<u32>", "meaning"),
        ("*mut u8", "Option<VmPtr<u8>>", "spelling"),
        ("*mut u8", "VmPtr<u8>", "spelling"),
        ("VmPtr<u8>", "*mut u8", "nullability"),
        ("Option<VmPtr<u8>>", "*mut u8", "spelling"),
        ("*mut u8", "*const u8", "spelling"),
        ("NonNull<u8>", "VmPtr<u8>", "spelling"),
        ("VmPtr<u8>", "VmPtr<Memory>", "spelling"),
        ("VmPtr<Host>", "VmPtr<Memory>", "spelling"),
        ("VmPtr<()>", "VmPtr<c_void>", "spelling"),
        ("VmPtr<Store>", "VmPtr<Memory>", "meaning"),
        ("VmPtr<Store>", "VmPtr<Renamed>", ""),
        ("Store", "Renamed", ""),
        ("Store", "Memory", "meaning"),
        ("VmPtr<u32>", "VmPtr<i32>", "meaning"),
        ("VmPtr<VmPtr<u8>>", "VmPtr<Option<VmPtr<u8>>>", "nullability"),
        ("VmPtr<u8>", "usize", "meaning"),
        ("AtomicUsize", "usize", "atomicity"),
        ("u64", "AtomicU64", "atomicity"),
        ("AtomicU64", "i64", "meaning"),
        ("AtomicBool", "bool", "atomicity"),
        ("NonZeroU32", "u32", "niche"),
        ("u32", "NonZeroU32", "niche"),
        ("Option<NonZeroU32>", "NonZeroU32", "niche"),
        ("Option<NonZeroU32>", "u32", "spelling"),
        ("bool", "u8", "niche"),
        ("char", "u32", "niche"),
        ("f32", "u32", "meaning"),
        ("fn(a: u32)", "fn(b: u32)", "parameters"),
        ("fn(a: u32)", "fn(a: i32)", "meaning"),
        ("fn(a: u32)", "fn(a: u32, b: u32)", "meaning"),
        ("fn(a: u32)", "fn(a: u32) -> u32", "meaning"),
        ("fn(a: u32) -> u32", "fn(a: u32) -> u64", "meaning"),
        ("fn(a: VmPtr<u8>)", "fn(a: Option<VmPtr<u8>>)", "nullability"),
        ("fn(a: Index)", "fn(b: u32)", "parameters spelling"),
    ],
)  # fmt: skip
def test_two_types(old: str, new: str, aspects: str) -> None:
    assert " ".join(sorted(MEANINGS.between(old, new))) == aspects


def all_types(module: Module) -> list[object]:
    found: list[object] = []
    for declared in module.types.values():
        found += held_types(declared)
        if isinstance(declared, m.Functions):
            found += [slot.signature for slot in declared.slots]
    return found


def read(path: Path) -> Module:
    module = load_module(path, path.name, Report())
    assert module is not None
    return module


def test_the_texts_of_wasmtimes_types_are_read_back() -> None:
    for type in all_types(read(ROOT / "schemas/wasmtime.vm.yaml")):
        assert type_of(str(type)) == type


@settings(max_examples=40, deadline=None)
@given(sound_schemas(allowed=True))
def test_the_texts_of_random_types_are_read_back(schema: dict[str, object]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "random.vm.yaml"
        path.write_text(as_text(schema, "random"), encoding="utf-8")
        for type in all_types(read(path)):
            assert type_of(str(type)) == type
