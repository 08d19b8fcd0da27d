"""Reads and writes of trees in Rust, through the generated crate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.values.tree import Case, Group, Node, Word
from vmgen.analysis.accessors import accessors_of, methods_of
from vmgen.languages.rust.words import WORDS as RUST_WORDS
from vmgen.schema import model as m
from vmgen.schema.types import (
    Array,
    Atomic,
    FnPointer,
    Int,
    Named,
    Option,
    Type,
    UnsafeCell,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = """\
#![allow(dangerous_implicit_autorefs)]
#![allow(non_snake_case, unused)]

use bindings::{Le, VmPtr};
use core::mem::{transmute, transmute_copy, MaybeUninit};
use core::num::*;
use core::ptr::NonNull;
use core::sync::atomic::*;

/// What a word of any type is written from and read as.
trait Word {
    fn of(number: u128) -> Self;
    fn number(&self) -> u128;
}

macro_rules! integers {
    ($($int:ident $unsigned:ident $non_zero:ident)*) => {$(
        impl Word for $int {
            fn of(number: u128) -> Self { number as $int }
            fn number(&self) -> u128 { *self as $unsigned as u128 }
        }
        impl Word for Le<$int> {
            fn of(number: u128) -> Self { Le::<$int>::new(number as $int) }
            fn number(&self) -> u128 { self.get() as $unsigned as u128 }
        }
        impl Word for $non_zero {
            fn of(number: u128) -> Self { Self::new(number as $int).unwrap() }
            fn number(&self) -> u128 { self.get() as $unsigned as u128 }
        }
    )*};
}

integers!(
    u8 u8 NonZeroU8 u16 u16 NonZeroU16 u32 u32 NonZeroU32 u64 u64 NonZeroU64
    u128 u128 NonZeroU128 usize usize NonZeroUsize
    i8 u8 NonZeroI8 i16 u16 NonZeroI16 i32 u32 NonZeroI32 i64 u64 NonZeroI64
    i128 u128 NonZeroI128 isize usize NonZeroIsize
);

impl Word for bool {
    fn of(number: u128) -> Self { number != 0 }
    fn number(&self) -> u128 { u128::from(*self) }
}

impl Word for char {
    fn of(number: u128) -> Self { char::from_u32(number as u32).unwrap() }
    fn number(&self) -> u128 { *self as u128 }
}

impl Word for f32 {
    fn of(number: u128) -> Self { f32::from_bits(number as u32) }
    fn number(&self) -> u128 { self.to_bits().into() }
}

impl Word for f64 {
    fn of(number: u128) -> Self { f64::from_bits(number as u64) }
    fn number(&self) -> u128 { self.to_bits().into() }
}

impl<T> Word for *mut T {
    fn of(number: u128) -> Self { core::ptr::with_exposed_provenance_mut(number as usize) }
    fn number(&self) -> u128 { self.expose_provenance() as u128 }
}

impl<T> Word for *const T {
    fn of(number: u128) -> Self { core::ptr::with_exposed_provenance(number as usize) }
    fn number(&self) -> u128 { self.expose_provenance() as u128 }
}

impl<T> Word for NonNull<T> {
    fn of(number: u128) -> Self { NonNull::new(Word::of(number)).unwrap() }
    fn number(&self) -> u128 { self.as_ptr().number() }
}

impl<T> Word for VmPtr<T> {
    fn of(number: u128) -> Self { NonNull::of(number).into() }
    fn number(&self) -> u128 { self.as_ptr().number() }
}

impl<T: Word> Word for Option<T> {
    fn of(number: u128) -> Self { (number != 0).then(|| T::of(number)) }
    fn number(&self) -> u128 { self.as_ref().map_or(0, T::number) }
}

/// The number of the word `slot`.
unsafe fn given(v: *const u64, slot: usize) -> u128 {
    u128::from(*v.add(2 * slot)) | u128::from(*v.add(2 * slot + 1)) << 64
}

unsafe fn found(v: *mut u64, slot: usize, number: u128) {
    v.add(2 * slot).write(number as u64);
    v.add(2 * slot + 1).write((number >> 64) as u64);
}

/// A variant of an enum, its payload filled by way of a pointer.
#[allow(dead_code)]
unsafe fn made<T, V>(variant: impl FnOnce(T) -> V, fill: impl FnOnce(*mut T)) -> V {
    let mut payload = MaybeUninit::zeroed();
    fill(payload.as_mut_ptr());
    variant(payload.assume_init())
}
"""
TAIL = """\
/// # Safety
///
/// `at` is a record of the case `which`, and `v` has two numbers for each word.
#[no_mangle]
pub unsafe extern "C" fn write_{module}(which: u32, at: *mut u8, v: *const u64) {{
    match which {{
{writes}
        _ => unreachable!(),
    }}
}}

/// # Safety
///
/// As above.
#[no_mangle]
pub unsafe extern "C" fn read_{module}(which: u32, at: *mut u8, v: *mut u64) {{
    match which {{
{reads}
        _ => unreachable!(),
    }}
}}
"""
WRAPPER = """\
impl Word for module::{name} {{
    fn of(number: u128) -> Self {{ Self(Word::of(number)) }}
    fn number(&self) -> u128 {{ self.0.number() }}
}}
"""
TRUSTED = """\
impl Word for module::{name} {{
    fn of(number: u128) -> Self {{ unsafe {{ transmute(number as {tag}) }} }}
    fn number(&self) -> u128 {{ unsafe {{ transmute_copy::<_, {tag}>(self) }}.number() }}
}}
"""


def source(*modules: tuple[m.Module, Sequence[Case], str]) -> str:
    """A crate's source: ``write_<module>`` and ``read_<module>`` of some modules.

    They are given a case's number, a record, and two 64-bit halves for each word. The
    generated crate is `bindings`; of its text, the third of each, is read what depends
    on Rust's traits.
    """
    texts = [_Source(module, text).text(cases) for module, cases, text in modules]
    return HEAD + "".join(texts)


class _Source:
    """The source for one module, a module of its own."""

    def __init__(self, module: m.Module, generated: str) -> None:
        self.module = module
        self.generated = generated
        self.types = dict(module.types)

    def text(self, cases: Sequence[Case]) -> str:
        name = self.module.name
        functions = [
            f"mod {name} {{\nuse super::*;\nuse bindings::{name} as module;\n",
            *self._wrappers(),
        ]
        for number, case in enumerate(cases):
            fixed = "Fixed" * (case.tree.kind == "context")
            # Whatever a record is generic over stands behind pointers.
            given = ["u8"] * len(getattr(self.types[case.name], "params", ()))
            arguments = f"<{', '.join(given)}>" if given else ""
            type = f"module::{case.name}{fixed}{arguments}"
            for verb, lines, mutable in (
                ("write", self._writes(case.tree, "(*r)"), "const"),
                ("read", self._reads(case.tree, "(*r)"), "mut"),
            ):
                body = "\n".join(f"    {line}" for line in lines)
                functions.append(
                    f"// {case.name}, case {case.number}\n"
                    f"unsafe fn {verb}_{number}(r: *mut {type}, v: *{mutable} u64) {{\n"
                    f"{body}\n}}\n"
                )
        calls = {
            f"{verb}s": "\n".join(
                f"        {number} => {verb}_{number}(at.cast(), v),"
                for number in range(len(cases))
            )
            for verb in ("write", "read")
        }
        functions.append(TAIL.format(module=name, **calls))
        return "\n".join([*functions, "}\n"])

    def _wrappers(self) -> Iterator[str]:
        """Wrappers of one word, which an `Option` may hold."""
        for declared in self.types.values():
            wraps = isinstance(declared, m.PlainEnum) or (
                isinstance(declared, m.Newtype) and self._is_word(declared.inner)
            )
            if isinstance(declared, m.PlainEnum) and declared.trusted:
                yield TRUSTED.format(name=declared.name, tag=declared.tag)
            elif wraps:
                yield WRAPPER.format(name=declared.name)

    def _is_word(self, type: Type) -> bool:
        if isinstance(type, Named):
            declared = self.types[type.name]
            if isinstance(declared, m.Newtype):
                return self._is_word(declared.inner)
            return isinstance(declared, m.PlainEnum)
        if isinstance(type, Option):
            return self._is_word(type.inner)
        return not isinstance(type, (Array, Atomic, UnsafeCell, FnPointer))

    def _writes(self, node: Node, place: str, *, packed: bool = False) -> Iterator[str]:
        """`packed` is whether a record that the place is in may be at any address."""
        if isinstance(node, Word):
            yield _write(node, place)
        elif node.kind == "tagged":
            value = self._tagged_value(node)
            if not self._is_trusted(node.name):
                value = f"module::{node.name}::new({value})"
            yield f"{place} = {value};"
        elif accessor := self._accessor(node):
            yield from self._write_union(node, place, accessor)
        else:
            inner = packed or self._is_packed(node)
            for part in node.parts:
                if isinstance(part.node, Word) and part.node.bits:
                    yield _set(part.node, place, str(part.name), packed=packed)
                    continue
                inside = self._inside(node, place, part.name, "mut")
                yield from self._writes(part.node, inside, packed=inner)

    def _tagged_value(self, group: Group) -> str:
        """The value of an enum, its payload filled word by word."""
        enum = group.name if self._is_trusted(group.name) else f"{group.name}Value"
        variant = f"module::{enum}::{group.variant}"
        if len(group.parts) == 1:
            return variant
        body = " ".join(self._writes(group.parts[1].node, "(*p)"))
        return f"made({variant}, |p| {{ {body} }})"

    def _reads(self, node: Node, place: str, *, packed: bool = False) -> Iterator[str]:
        """`packed` is whether a record that the place is in may be at any address."""
        if isinstance(node, Word):
            yield _read(
                node, f"(&raw const {place}).read_unaligned()" if packed else place
            )
        elif node.kind == "tagged":
            yield from self._read_tagged(node, place)
        elif accessor := self._accessor(node):
            _, get = methods_of(accessor)
            value = f"{place}.{get}()"
            if isinstance(node.parts[0].node, Group) and _is_integer(accessor):
                value += ".to_le_bytes()"
            yield from self._reads(node.parts[0].node, value)
        else:
            inner = packed or self._is_packed(node)
            for part in node.parts:
                if isinstance(part.node, Word) and part.node.bits:
                    yield _got(part.node, place, str(part.name), packed=packed)
                    continue
                inside = self._inside(node, place, part.name)
                yield from self._reads(part.node, inside, packed=inner)

    def _is_packed(self, group: Group) -> bool:
        declared = self.types.get(group.name)
        return getattr(declared, "packed", None) is not None

    def _read_tagged(self, group: Group, place: str) -> Iterator[str]:
        tag = group.parts[0].node
        assert isinstance(tag, Word)
        if self._is_trusted(group.name):
            yield from self._read_trusted(group, tag, place)
            return
        yield f"found(v, {tag.slot}, {place}.tag().number());"
        copied = f"pub enum {group.name}Ref<" not in self.generated
        pattern = f"module::{group.name}{'Value' if copied else 'Ref'}::{group.variant}"
        if len(group.parts) == 1:
            yield f"assert!(matches!({place}.get(), Ok({pattern})));"
            return
        body = " ".join(self._reads(group.parts[1].node, "(*p)"))
        name = "ref p" if copied else "p"
        yield f"match {place}.get() {{ Ok({pattern}({name})) => {{ {body} }} _ => panic!() }}"

    def _read_trusted(self, group: Group, tag: Word, place: str) -> Iterator[str]:
        at = f"(&raw const {place}).cast::<{tag.type}>()"
        yield f"found(v, {tag.slot}, (*{at}).number());"
        pattern = f"module::{group.name}::{group.variant}"
        if len(group.parts) == 1:
            yield f"assert!(matches!({place}, {pattern}));"
            return
        body = " ".join(self._reads(group.parts[1].node, "(*p)"))
        yield f"match {place} {{ {pattern}(ref p) => {{ {body} }} _ => panic!() }}"

    def _accessor(self, group: Group) -> m.Accessor | None:
        """The first accessor of a union's member, if the union has any."""
        declared = self.types.get(group.name)
        if group.kind != "union" or not isinstance(declared, m.Union):
            return None
        member = group.parts[0].name
        found = (a for field, a in accessors_of(declared) if field.name == member)
        return next(found, None)

    def _write_union(
        self, group: Group, place: str, accessor: m.Accessor
    ) -> Iterator[str]:
        """What makes a union of a word, or of an array that is filled word by word."""
        make, _ = methods_of(accessor)
        node = group.parts[0].node
        if isinstance(node, Word):
            value = f"Word::of(given(v, {node.slot}))"
        else:
            element = node.parts[0].node
            assert isinstance(element, Word)
            yield f"let mut it = [0 as {element.type}; {len(node.parts)}];"
            yield from self._writes(node, "it")
            of = f"{accessor.text.type}::from_le_bytes" if accessor.text else ""
            value = f"{of}(it)"
        yield f"{place} = module::{group.name}::{make}({value});"

    def _is_trusted(self, name: str) -> bool:
        declared = self.types.get(name)
        kinds = (m.PlainEnum, m.TaggedEnum)
        return isinstance(declared, kinds) and bool(declared.trusted)

    def _inside(
        self, group: Group, place: str, name: str | int, access: str = "const"
    ) -> str:
        """The expression for a part; `access` is what is done to it, `const` or `mut`."""
        match group.kind:
            case "array":
                return f"{place}[{name}]"
            case "newtype" | "plain":
                whole = group.little or self._is_trusted(group.name)
                return place if whole else f"{place}.0"
            case "cell":
                return f"(*{place}.get())"
            case "foreign":
                # Rust has no names for what is in it.
                return f"(*(&raw {access} {place}).cast::<[u8; {_length(group)}]>())"
        field = f"{place}.{RUST_WORDS.spelled(str(name))}"
        if group.kind == "union" and self._is_wrapped(group.name, str(name)):
            return f"(*{field})"
        return field

    def _is_wrapped(self, union: str, member: str) -> bool:
        """Whether a union's member is in a `ManuallyDrop`."""
        _, _, body = self.generated.partition(f"pub union {union} {{")
        body = body.partition("\n}")[0]
        name = RUST_WORDS.spelled(member)
        return bool(re.search(rf" {name}:\s+(::)?core::mem::ManuallyDrop<", body))


def _is_integer(accessor: m.Accessor) -> bool:
    return accessor.text is not None and isinstance(accessor.text.type, Int)


def _length(group: Group) -> int:
    array = group.parts[0].node
    assert isinstance(array, Group)
    return len(array.parts)


def _write(word: Word, place: str) -> str:
    number = f"given(v, {word.slot})"
    match word.type:
        case Atomic():
            return f"{place}.store(Word::of({number}), Ordering::Relaxed);"
        case FnPointer() | Option(FnPointer()):
            return f"{place} = transmute({number} as usize);"
        case _:
            return f"{place} = Word::of({number});"


def _set(word: Word, record: str, name: str, *, packed: bool) -> str:
    """Sets a bit-field of a record, of a copy where that may be at any address."""
    call = f"set_{name.lstrip('_')}(Word::of(given(v, {word.slot})));"
    if not packed:
        return f"{record}.{call}"
    return (
        f"let mut it = (&raw const {record}).read_unaligned(); it.{call} "
        f"(&raw mut {record}).write_unaligned(it);"
    )


def _got(word: Word, record: str, name: str, *, packed: bool) -> str:
    copied = f"(&raw const {record}).read_unaligned()" if packed else record
    number = f"{copied}.{RUST_WORDS.spelled(name)}().number()"
    return f"found(v, {word.slot}, {number} & ((1 << {word.width}) - 1));"


def _read(word: Word, place: str) -> str:
    number = f"{place}.number()"
    match word.type:
        case Atomic():
            number = f"{place}.load(Ordering::Relaxed).number()"
        case FnPointer() | Option(FnPointer()):
            number = f"transmute_copy::<_, usize>(&{place}).number()"
    return f"found(v, {word.slot}, {number});"
