"""VmSafe, row by row: which types may be stored, pointed to and passed."""

from __future__ import annotations

import pytest

from tests.support import write_schema
from vmgen.analysis.copying import is_copy
from vmgen.analysis.vmsafe import is_vm_safe, misuses, misuses_of_signature
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module
from vmgen.schema import model as m
from vmgen.schema.types import FnPointer
from vmgen.schema.typetext import parse_signature, parse_type

TYPES = """
types:
  Index: {kind: newtype, of: u32}
  Reference: {kind: newtype, of: NonZeroU32, allow: {non-zero-integer: a niche}}
  Handle: {kind: newtype, of: VmPtr<u8>}
  Cell: {kind: newtype, of: UnsafeCell<u32>}
  State: {kind: enum, tag: u8, variants: {A: 0}}
  Event: {kind: enum, tag: u32, variants: {A: u32, B: null}}
  Shared: {kind: enum, tag: u32, variants: {A: AtomicUsize}}
  One: {kind: struct, copy: true, fields: {bits: u32}}
  Pair: {kind: struct, fields: {first: One, second: Value}}
  Value: {kind: union, fields: {word: u32, bytes: "[u8; 4]"}}
  Table: {kind: functions, functions: {f: "()"}}
  Alien: {kind: foreign, size: 8, align: 8}
  Hidden: {kind: opaque}
  Context: {kind: context, fields: {magic: u32}}
"""

STORED = [
    *(f"{sign}{bits}" for sign in "ui" for bits in (8, 16, 32, 64, 128, "size")),
    "AtomicUsize",
    "AtomicU64",
    "UnsafeCell<u64>",
    "UnsafeCell<AtomicUsize>",
    "[u8; 16]",
    "[[VmPtr<u8>; 2]; 3]",
    "VmPtr<u8>",
    "Option<VmPtr<u8>>",
    "VmPtr<()>",
    "Option<VmPtr<()>>",
    "VmPtr<Option<VmPtr<u8>>>",
    "VmPtr<[u8; 4]>",
    "VmPtr<AtomicU64>",
    "VmPtr<Hidden>",
    "VmPtr<Context>",
    "VmPtr<Table>",
    "VmPtr<VmPtr<Hidden>>",
    "Index",
    "Reference",
    "State",
    "Event",
    "One",
    "Pair",
    "Value",
    "Table",
    "Alien",
    "[UnsafeCell<Pair>; 2]",
]

REFUSED = {
    "bool": "VM101",
    "char": "VM101",
    "[bool; 4]": "VM101",
    "VmPtr<bool>": "VM101",
    "*mut u8": "VM102",
    "*const u8": "VM102",
    "&u8": "VM102",
    "&'a mut u8": "VM102",
    "NonNull<u8>": "VM102",
    "Box<u8>": "VM102",
    "Option<NonNull<u8>>": "VM102",
    "Option<&u8>": "VM102",
    "VmPtr<*mut u8>": "VM102",
    "*mut bool": "VM102",
    "f32": "VM103",
    "f64": "VM103",
    "UnsafeCell<f64>": "VM103",
    "(u8, u16)": "VM104",
    "[u8]": "VM104",
    "str": "VM104",
    "String": "VM104",
    "Vec<u8>": "VM104",
    "Range<u32>": "VM104",
    "Option<String>": "VM104",
    "VmPtr<Vec<u8>>": "VM104",
    "i8x16": "VM104",
    "f128": "VM104",
    "libc::timespec": "VM104",
    "Option<u32>": "VM105",
    "Option<bool>": "VM105",
    "Option<*mut u8>": "VM105",
    "Option<[VmPtr<u8>; 1]>": "VM105",
    "Option<UnsafeCell<VmPtr<u8>>>": "VM105",
    "Option<Option<VmPtr<u8>>>": "VM105",
    "Option<Handle>": "VM105",
    "Option<State>": "VM105",
    "NonZeroU8": "VM106",
    "NonZero<i128>": "VM106",
    "Option<NonZeroUsize>": "VM106",
    "&[u8]": "VM107",
    "*mut str": "VM107",
    "Box<dyn Fn(u32)>": "VM107",
    "Option<&str>": "VM107",
    "VmPtr<[u8]>": "VM107",
    "VmPtr<str>": "VM107",
    "AtomicU8": "VM108",
    "AtomicBool": "VM108",
    "AtomicIsize": "VM108",
    "fn(u32) -> u32": "VM110",
    "Option<fn()>": "VM110",
    "VmPtr<fn()>": "VM110",
    "Hidden": "VM111",
    "Context": "VM111",
    "[Hidden; 2]": "VM111",
    "VmPtr<[Context; 2]>": "VM111",
    "()": "VM112",
    "[(); 3]": "VM112",
    "UnsafeCell<()>": "VM112",
}

PASSED = [
    "()",
    "(a: u32, b: bool, c: f32, d: f64) -> f64",
    "(a: crate::simd::I8x16) -> libc::c_int",
    "(a: VmPtr<Context>, b: Option<VmPtr<Value>>) -> Index",
    "(a: State) -> Handle",
    "(a: Alien)",
]

NOT_PASSED = {
    "(a: char)": "VM101",
    "(a: VmPtr<bool>)": "VM101",
    "(a: u8) -> *mut u8": "VM102",
    "(a: VmPtr<f64>)": "VM103",
    "(a: (u8, u8))": "VM104",
    "(a: VmPtr<f32x4>)": "VM104",
    "(a: One)": "VM109",
    "(a: AtomicUsize)": "VM109",
    "(a: fn())": "VM110",
    "(a: Hidden)": "VM111",
    "(a: ())": "VM112",
    "(a: [u8; 4])": "VM113",
    "() -> [u8; 4]": "VM113",
    "(a: Value)": "VM114",
    "(a: Pair)": "VM114",
    "(a: Event)": "VM114",
    "(a: i8x16)": "VM115",
    "(a: VmPtr<libc::timespec>)": "VM104",
}


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> m.Module:
    path = write_schema(tmp_path_factory.mktemp("vmsafe"), TYPES)
    made = load_module(path, path.name, Report())
    assert made is not None
    return made


@pytest.mark.parametrize("text", STORED)
def test_may_be_stored(text: str, module: m.Module) -> None:
    assert is_vm_safe(parse_type(text).type, module)


@pytest.mark.parametrize(("text", "code"), REFUSED.items(), ids=REFUSED)
def test_may_not_be_stored(text: str, code: str, module: m.Module) -> None:
    type = parse_type(text).type
    assert [f.code for f in misuses(type, module.types)] == [code]
    assert not is_vm_safe(type, module)


@pytest.mark.parametrize("text", PASSED)
def test_may_be_passed(text: str, module: m.Module) -> None:
    signature = parse_signature(text).type
    assert isinstance(signature, FnPointer)
    assert misuses_of_signature(signature, module.types) == []


@pytest.mark.parametrize(("text", "code"), NOT_PASSED.items(), ids=NOT_PASSED)
def test_may_not_be_passed(text: str, code: str, module: m.Module) -> None:
    signature = parse_signature(text).type
    assert isinstance(signature, FnPointer)
    found = misuses_of_signature(signature, module.types)
    assert [f.code for f in found] == [code]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("VmPtr<[*mut u8; 2]>", "*mut u8"),
        ("[UnsafeCell<Option<u32>>; 4]", "Option<u32>"),
        ("Option<VmPtr<VmPtr<bool>>>", "bool"),
    ],
)
def test_the_path_leads_to_the_part_as_spelled(
    text: str, part: str, module: m.Module
) -> None:
    spelled = parse_type(text)
    (found,) = misuses(spelled.type, module.types)
    for index in found.path:
        spelled = spelled.parts[index]
    assert text[spelled.start : spelled.end] == part == str(found.part)


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ("bool", True),
        ("*mut u8", True),
        ("Option<NonZeroU32>", True),
        ("Option<Handle>", True),
        ("Option<Reference>", True),
        ("Option<u32>", False),
        ("Option<State>", False),
        ("(u8, u8)", False),
        ("&[u8]", False),
        ("Hidden", False),
    ],
)
def test_what_is_laid_out_can_be_allowed(
    text: str, defined: bool, module: m.Module
) -> None:
    (found,) = misuses(parse_type(text).type, module.types)
    assert found.defined == defined


@pytest.mark.parametrize(
    ("name", "copied"),
    {
        "Index": True,
        "Handle": True,
        "Cell": False,
        "State": True,
        "Event": True,
        "Shared": False,
        "One": True,
        "Pair": False,
        "Value": True,
        "Hidden": False,
        "Context": False,
    }.items(),
)
def test_is_copy(name: str, copied: bool, module: m.Module) -> None:
    assert is_copy(name, module.types) == copied
