"""Every type expression has one spelling in C."""

from __future__ import annotations

import pytest

from vmgen.languages.c.declarators import Declarators
from vmgen.reading.source import Scalar, SourceFile, Span
from vmgen.schema import model as m
from vmgen.schema.types import Int, Named, Type, VmPtr
from vmgen.schema.typetext import parse_signature, parse_type

FILE = SourceFile(path=None, name="s", text="")  # type: ignore[arg-type]
SPAN = Span(FILE, 0, 0)


def newtype(name: str, inner: Type) -> m.Newtype:
    text = m.TypeText(inner, parse_type("u8"), Scalar(FILE, 0, 0, "", True))
    return m.Newtype(name=name, span=SPAN, of=text, inner=inner)


TYPES: dict[str, m.Declaration] = {
    "Record": m.Struct(name="Record", span=SPAN, fields=()),
    "Hidden": m.Opaque(name="Hidden", span=SPAN),
    "Index": newtype("Index", Int("u32")),
    "Link": newtype("Link", VmPtr(Named("Record"))),
    "Counter": newtype("Counter", parse_type("AtomicU64").type),
    "Octa": newtype("Octa", Int("u128")),
    "Rows": newtype("Rows", parse_type("[Record; 4]").type),
}


def spelled(text: str) -> str:
    declarators = Declarators(TYPES)
    declarators.early |= {"Index", "Link", "Counter", "Octa"}
    return declarators.of(parse_type(text).type).name("x")


@pytest.mark.parametrize(
    ("rust", "c"),
    [
        ("u8", "uint8_t x"),
        ("i64", "int64_t x"),
        ("usize", "uintptr_t x"),
        ("isize", "intptr_t x"),
        ("u128", "vm_u128 x"),
        ("bool", "bool x"),
        ("char", "uint32_t x"),
        ("f32", "float x"),
        ("f64", "double x"),
        ("NonZeroU32", "uint32_t x"),
        ("Option<NonZeroU32>", "uint32_t x"),
        ("UnsafeCell<u16>", "uint16_t x"),
        ("AtomicUsize", "VM_ALIGNAS(sizeof(uintptr_t)) VM_ATOMIC(uintptr_t) x"),
        ("AtomicU64", "VM_ALIGNAS(sizeof(uint64_t)) VM_ATOMIC(uint64_t) x"),
        ("AtomicBool", "VM_ALIGNAS(sizeof(bool)) VM_ATOMIC(bool) x"),
        ("[AtomicU64; 2]", "VM_ALIGNAS(sizeof(uint64_t)) VM_ATOMIC(uint64_t) x[2]"),
        ("[u8; 16]", "uint8_t x[16]"),
        ("[[u16; 2]; 3]", "uint16_t x[3][2]"),
        ("VmPtr<u8>", "uint8_t *VM_NONNULL x"),
        ("VmPtr<()>", "void *VM_NONNULL x"),
        ("VmPtr<Record>", "Record *VM_NONNULL x"),
        ("VmPtr<Hidden>", "Hidden *VM_NONNULL x"),
        ("VmPtr<Index>", "Index *VM_NONNULL x"),
        ("VmPtr<AtomicU64>", "VM_ATOMIC(uint64_t) *VM_NONNULL x"),
        ("Option<VmPtr<u8>>", "uint8_t *VM_NULLABLE x"),
        ("VmPtr<VmPtr<u8>>", "uint8_t *VM_NONNULL *VM_NONNULL x"),
        ("VmPtr<Option<VmPtr<u8>>>", "uint8_t *VM_NULLABLE *VM_NONNULL x"),
        ("VmPtr<[u8; 16]>", "uint8_t *VM_NONNULL x"),
        ("VmPtr<Rows>", "Record *VM_NONNULL x"),
        ("[VmPtr<u8>; 2]", "uint8_t *VM_NONNULL x[2]"),
        ("*mut u8", "uint8_t *VM_NULLABLE x"),
        ("*const u8", "const uint8_t *VM_NULLABLE x"),
        ("*const *mut u8", "uint8_t *VM_NULLABLE const *VM_NULLABLE x"),
        ("*mut *const u8", "const uint8_t *VM_NULLABLE *VM_NULLABLE x"),
        ("&Record", "const Record *VM_NONNULL x"),
        ("&mut Record", "Record *VM_NONNULL x"),
        ("NonNull<u8>", "uint8_t *VM_NONNULL x"),
        ("Box<Record>", "Record *VM_NONNULL x"),
        ("Option<NonNull<u8>>", "uint8_t *VM_NULLABLE x"),
        ("Option<&u8>", "const uint8_t *VM_NULLABLE x"),
        ("Index", "Index x"),
        ("Link", "Link x"),
        ("Option<Link>", "Record *VM_NULLABLE x"),
        ("Option<Index>", "Index x"),
        ("Counter", "VM_ALIGNAS(sizeof(uint64_t)) Counter x"),
        ("Rows", "Rows x"),
    ],
)
def test_a_field(rust: str, c: str) -> None:
    assert spelled(rust) == c


@pytest.mark.parametrize(
    ("rust", "c"),
    [
        ("()", "void (*VM_NONNULL x)(void)"),
        ("(a: u8) -> ()", "void (*VM_NONNULL x)(uint8_t a)"),
        (
            "(u8, VmPtr<u8>) -> bool",
            "bool (*VM_NONNULL x)(uint8_t, uint8_t *VM_NONNULL)",
        ),
        (
            "(a: i8x16, b: f32x4) -> f64x2",
            "vm_f64x2 (*VM_NONNULL x)(vm_i8x16 a, vm_f32x4 b)",
        ),
        (
            "(a: u128, b: Octa, c: VmPtr<u128>) -> i128",
            "vm_i128_value (*VM_NONNULL x)(vm_u128_value a, vm_u128_value b, "
            "vm_u128 *VM_NONNULL c)",
        ),
        (
            "(int: u8) -> Option<VmPtr<Record>>",
            "Record *VM_NULLABLE (*VM_NONNULL x)(uint8_t int_)",
        ),
    ],
)
def test_a_function(rust: str, c: str) -> None:
    signature = parse_signature(rust).type
    prototype = Declarators(TYPES).function(signature)  # type: ignore[arg-type]
    assert prototype.declarator().name("x") == c


def test_a_long_prototype_has_its_parameters_on_lines_of_their_own() -> None:
    signature = parse_signature(
        "(first: VmPtr<Record>, second: u64, third: u64) -> Option<VmPtr<u8>>"
    ).type
    prototype = Declarators(TYPES).function(signature)  # type: ignore[arg-type]
    assert prototype.lines("call", 46, 4) == [
        "uint8_t *VM_NULLABLE (*VM_NONNULL call)(",
        "    Record *VM_NONNULL first, uint64_t second,",
        "    uint64_t third);",
    ]
