"""Type expressions: what each spelling means, and what a wrong one is told."""

from __future__ import annotations

import pytest

from vmgen.schema.tokens import TypeSyntaxError
from vmgen.schema.types import (
    Array,
    Atomic,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Param,
    Primitive,
    RawPointer,
    RustLayout,
    Unit,
    UnsafeCell,
    VmPtr,
)
from vmgen.schema.typetext import parse_signature, parse_type

U8 = Int("u8")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("u8", Int("u8")),
        ("isize", Int("isize")),
        ("bool", Primitive("bool")),
        ("AtomicU64", Atomic("AtomicU64")),
        ("core::sync::atomic::AtomicUsize", Atomic("AtomicUsize")),
        ("NonZeroU32", NonZero("NonZeroU32")),
        ("NonZero<u32>", NonZero("NonZeroU32")),
        ("()", Unit()),
        ("(u8)", Int("u8")),
        ("VmPtr<()>", VmPtr(Unit())),
        ("Option<VmPtr<A>>", Option(VmPtr(Named("A")))),
        ("UnsafeCell<i64>", UnsafeCell(Int("i64"))),
        ("[u8; 16]", Array(Int("u8"), 16)),
        ("[u8; 0x10]", Array(Int("u8"), 16)),
        ("[u8; 1_000]", Array(Int("u8"), 1000)),
        ("[[u8; N]; 2]", Array(Array(Int("u8"), "N"), 2)),
        ("*mut u8", RawPointer("*mut", Int("u8"))),
        ("*const A", RawPointer("*const", Named("A"))),
        ("&'a mut A", RawPointer("&mut", Named("A"))),
        ("&A", RawPointer("&", Named("A"))),
        ("NonNull<A>", RawPointer("NonNull", Named("A"))),
        ("Box<dyn Any + Send>", RawPointer("Box", RustLayout("dyn Any + Send", True, form="trait"))),
        ("&[u8]", RawPointer("&", RustLayout("[u8]", True, form="slice", arguments=(U8,)))),
        ("(u8, u16)", RustLayout("(u8, u16)", form="tuple")),
        ("(u8,)", RustLayout("(u8,)", form="tuple")),
        ("Vec<u8>", RustLayout("Vec<u8>", name="Vec", arguments=(U8,))),
        ("Range<*mut u8>", RustLayout("Range<*mut u8>", name="Range", arguments=(RawPointer("*mut", U8),))),
        ("core::ops::Range<u8>", RustLayout("core::ops::Range<u8>", name="Range", arguments=(U8,))),
        ("!", RustLayout("!", form="never")),
        ("fn(u8) -> u8", FnPointer((Param("", Int("u8")),), Int("u8"))),
        ('unsafe extern fn()', FnPointer((), None)),
    ],
)  # fmt: skip
def test_a_spelling_means_a_type(text: str, meant: object) -> None:
    assert parse_type(text).type == meant


@pytest.mark.parametrize(
    "text",
    ["u8", "VmPtr<()>", "Option<VmPtr<A>>", "[[u8; N]; 2]", "*mut u8", "&A", "&mut A"],
)
def test_a_type_prints_as_it_is_spelled(text: str) -> None:
    assert str(parse_type(text).type) == text


def test_a_signature_has_named_and_unnamed_parameters() -> None:
    signature = parse_signature("(vmctx: VmPtr<A>, u64) -> bool").type
    assert signature == FnPointer(
        (Param("vmctx", VmPtr(Named("A"))), Param("", Int("u64"))), Primitive("bool")
    )
    assert str(signature) == "fn(vmctx: VmPtr<A>, u64) -> bool"


def test_a_signature_that_returns_unit_returns_nothing() -> None:
    assert parse_signature("() -> ()").type == FnPointer((), None)


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("", "expected a type, found nothing", ""),
        ("[u8; 010]", "a number with a leading zero", "010"),
        ("[u8; 0x_]", "expected `]`, found `x_`", "x_"),
        ("[u8; N", "expected `]`, found the end", ""),
        ("[u8; -1]", "expected the array's length: a number, a constant or a count", "-"),
        ("[u8; 100000000000000000000000]",
         "this length is larger than any address space", "100000000000000000000000"),
        ("u8 u9", "the type ends before `u9`", "u9"),
        ("*u8", "a raw pointer is `*mut T` or `*const T`", "u8"),
        ("VmPtr", "`VmPtr` takes one type, found 0", "VmPtr"),
        ("VmPtr<u8, u8>", "`VmPtr` takes one type, found 2", "VmPtr<u8, u8>"),
        ("u8 @", "`@` can't stand in a type", "@"),
        ("VmPtr<" * 40 + "u8" + ">" * 40, "a type nested more than 32 levels deep", "VmPtr"),
    ],
)  # fmt: skip
def test_a_wrong_spelling_is_told_where_and_why(
    text: str, message: str, marked: str
) -> None:
    with pytest.raises(TypeSyntaxError) as caught:
        parse_type(text)
    assert caught.value.message == message
    assert text[caught.value.start : caught.value.end] == marked


def test_parts_know_where_they_stand() -> None:
    text = "Option<VmPtr<[VMThing; COUNT]>>"
    spelled = parse_type(text)
    named = spelled.find(Named("VMThing"))
    assert text[named.start : named.end] == "VMThing"
    array = spelled.find(Array(Named("VMThing"), "COUNT"))
    assert array.length is not None
    assert text[slice(*array.length)] == "COUNT"
