"""What `rust:` of a foreign type takes: the path of a Rust type."""

from __future__ import annotations

import pytest

from vmgen.schema.rusttype import Root, parse_rust_type
from vmgen.schema.tokens import TypeSyntaxError


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("u128", "u128"),
        ("crate::Handle", "crate::Handle"),
        ("::libc::c_int", "::libc::c_int"),
        ("self::super::X", "self::super::X"),
        ("super::super::X", "super::super::X"),
        ("r#type::X", "r#type::X"),
        ("core :: ops::Range< * mut u8 >", "core::ops::Range<*mut u8>"),
        ("x::Range::<usize>", "x::Range<usize>"),
        ("x::Y<'static, 3, -4i8, true, [u8; 4],>", "x::Y<'static, 3, -4i8, true, [u8; 4]>"),
        ("x::Y<(), (u8,), (A<u8, u8>,), (u8, u8)>", "x::Y<(), (u8,), (A<u8, u8>,), (u8, u8)>"),
        ("x::Y<&'static mut [u8; N]>", "x::Y<&'static mut [u8; N]>"),
        ('x::Y<unsafe extern "C" fn(u8)->u8, fn()>', 'x::Y<unsafe extern "C" fn(u8) -> u8, fn()>'),
        ("x::Y<dyn Fn(u8) -> u8 + Send + 'static>", "x::Y<dyn Fn(u8) -> u8 + Send + 'static>"),
    ],
)  # fmt: skip
def test_a_type_is_spelled_as_rustfmt_does(text: str, spelled: str) -> None:
    assert parse_rust_type(text).text == spelled


@pytest.mark.parametrize(
    ("text", "message", "start"),
    [
        ("", "expected the path of a type, found the end", 0),
        ("*mut u8", "expected the path of a type, found `*`", 0),
        ("fn", "`fn` is a keyword of Rust", 0),
        ("dyn Any", "`dyn` is a keyword of Rust", 0),
        ("impl X", "`impl` is a keyword of Rust", 0),
        ("x::type", "`type` is a keyword of Rust", 3),
        ("_", "`_` leaves the type open", 0),
        ("x::Y<_>", "`_` leaves the type open", 5),
        ("Self", "`Self` can't stand here", 0),
        ("x::Self", "`Self` can't stand here", 3),
        ("r#crate::X", "`r#crate` can't stand here", 0),
        ("crate::crate::X", "`crate` can't stand here", 7),
        ("crate", "expected `::`, found the end", 5),
        ("x::", "expected a name, found the end", 3),
        ("x::Y<'>", "`'` can't stand in a Rust type", 5),
        ("x::Y<'a>", "no lifetime `'a` is declared here", 5),
        ("x::Y<&u8>", "a reference needs a lifetime here", 6),
        ("x::Y< , >", "expected a name, found `,`", 6),
        ("x::Y<>", "expected a type, found `>`", 5),
        ("x::Y<u8", "expected `>`, found the end", 7),
        ("x::Y>", "the type ends before `>`", 4),
        ("x::Y<!>", "`!` is no type in stable Rust", 5),
        ("x::Y<- u>", "expected a number, found `u`", 7),
        ("u128; pub fn more() {}", "the type ends before `;`", 4),
        ("A<" * 40, "a type nested more than 32 levels deep", 66),
    ],
)
def test_what_is_no_path_of_a_type_is_refused(
    text: str, message: str, start: int
) -> None:
    with pytest.raises(TypeSyntaxError) as refused:
        parse_rust_type(text)
    assert (refused.value.message, refused.value.start) == (message, start)


def test_every_path_is_known_with_its_place() -> None:
    found = parse_rust_type("core::ops::Range<*mut ::libc::c_int>")
    assert found.roots == (
        Root(("core", "ops", "Range"), 0, 16),
        Root(("", "libc", "c_int"), 22, 35),
    )
