"""Types that a project has already, whatever the schema would have of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import check, texts_of, write
from tests.support import Ran, module_of, vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
types:
  Index: {kind: newtype, of: u32}
  State: {kind: enum, tag: u16, variants: [Ready, Running]}
  Chain: {kind: enum, tag: usize, variants: {Absent: null, Next: VmPtr<Stack>}}
  Stack:
    kind: struct
    fields: {top: VmPtr<u8>, length: usize}
  Closure:
    kind: struct
    derive: [Default]
    allow: {raw-pointer: only the host looks at it}
    fields: {words: "[*mut u8; 2]"}
  Table: {kind: functions, functions: {grow: "(delta: u32) -> u32"}}
  List: {kind: struct, params: [T], fields: {length: u32, first: Option<VmPtr<T>>}}
  Two: {kind: struct, params: [A, B], fields: {a: VmPtr<A>, b: VmPtr<List<B>>}}
  Store:
    kind: struct
    fields:
      stack: Stack
      chain: Chain
      closure: Closure
      index: Index
      state: State
      table: VmPtr<Table>
      list: List<Stack>
      two: "Two<List<u8>, Stack>"
"""
THEIRS = """
use core::num::NonZeroUsize;
pub struct Index(u32);
#[repr(u16)]
pub enum State { Ready, Running }
#[repr(usize, C)]
pub enum Chain { Absent, Next(crate::VmPtr<Stack>) }
#[repr(C)]
pub struct Stack { pub top: crate::VmPtr<u8>, pub length: usize }
unsafe impl crate::VmSafe for Stack {}
#[repr(C)]
pub struct Closure { data: NonZeroUsize, table: NonZeroUsize }
#[repr(C)]
pub struct Table { pub grow: unsafe extern "C" fn(u32) -> u32 }
unsafe impl crate::VmSafe for Table {}
#[repr(C)]
pub struct List<T> { pub length: u32, pub first: Option<crate::VmPtr<T>> }
unsafe impl<T> crate::VmSafe for List<T> {}
#[repr(C)]
pub struct Two<B, A> { pub a: crate::VmPtr<A>, pub b: crate::VmPtr<List<B>> }
"""
EXISTING = {
    "Index": "crate::theirs::Index",
    "State": "crate::theirs::State",
    "Chain": "crate::theirs::Chain",
    "Stack": "crate::theirs::Stack",
    "Closure": "crate::theirs::Closure { .. }",
    "Table": "crate::theirs::Table",
    "List": "crate::theirs::List",
    "Two": "crate::theirs::Two<B, A>",
}


def rust(folder: Path, theirs: str = THEIRS) -> Ran:
    """What rustc says of the bindings together with their source."""
    existing = "\n".join(f"{name} = {path}" for name, path in EXISTING.items())
    texts = texts_of([module_of(folder, SCHEMA)], existing=existing)
    texts["src/theirs.rs"] = theirs
    texts["src/lib.rs"] += "\n#[allow(dead_code)]\npub mod theirs;\n"
    return check(write(folder, texts))


def test_existing_types_are_named_and_not_declared(tmp_path: Path) -> None:
    assert rust(tmp_path) == Ran(0, "", "")
    text = (tmp_path / "src/sample.rs").read_text(encoding="utf-8")
    assert re.findall(r"^pub struct (\w+)", text, re.M) == ["Store"]
    assert re.findall(r"^pub type (\w+)", text, re.M) == sorted(EXISTING)
    assert "VmSafe for Index" not in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Index(u32)", "Index(u64)", "the size of Index is 8 here, and 4 according"),
        ("#[repr(u16)]", "#[repr(u8)]", "the size of State is 1 here, and 2 according"),
        (
            "pub top: crate::VmPtr<u8>, pub length: usize",
            "pub length: usize, pub top: crate::VmPtr<u8>",
            "the offset of Stack.top is 8 here, and 0 according",
        ),
        (
            "pub length: usize",
            "pub length: u32",
            "the size of Stack.length is 4 here, and 8 according",
        ),
        (", table: NonZeroUsize", "", "the size of Closure is 8 here, and 16 accord"),
        ("pub length", "length", "field `length` of struct `theirs::Stack` is private"),
    ],
)
def test_existing_types_are_held_against_the_schema(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in THEIRS
    assert said in rust(tmp_path, THEIRS.replace(old, new)).err


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            '{Stak = "crate::Stack"}',
            ": no schema has the type `Stak`, did you mean `Stack`",
        ),
        (
            '"crate::Stack"',
            " is not a table, in which each type has a type's path in Rust",
        ),
        (
            '{Stack = "a { b }"}',
            ": `Stack` is not a type's path in Rust, as `crate::vm::Store`",
        ),
        (
            "{Stack = 3}",
            ": `Stack` is not a type's path in Rust, as `crate::vm::Store`",
        ),
        (
            '{Context = "crate::C"}',
            ": `Context` is a context, which no type of a fixed",
        ),
    ],
)
def test_what_exists_has_to_be_in_the_schema(
    tmp_path: Path, value: str, said: str
) -> None:
    context = "  Context: {kind: context, fields: {magic: u32}}\n"
    write_schema(tmp_path, SCHEMA + context)
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.vmgen]\nschemas = ["*.vm.yaml"]\n[tool.vmgen.rust]\nexisting = {value}\n'
    )
    for command in ("check", "build"):
        ran = vmgen(command, cwd=tmp_path)
        assert ran.code == 2
        assert f"pyproject.toml: `tool.vmgen.rust.existing`{said}" in ran.err
    assert not (tmp_path / "generated").exists()


def test_vectors_of_functions_may_be_named(tmp_path: Path) -> None:
    schema = """
        targets: [x86_64-unknown-linux-gnu]
        types:
          Table:
            kind: functions
            allow: {vector-argument: the project says what it passes}
            functions: {swizzle: "(a: i8x16, b: u32) -> i8x16", fma: "(x: f32x4) -> f64x2"}
        """
    existing = "i8x16 = core::arch::x86_64::__m128i\nf32x4 = core::arch::x86_64::__m128"
    folder = write(tmp_path, texts_of([module_of(tmp_path, schema)], existing=existing))
    assert check(folder) == Ran(0, "", "")
    text = (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert """\
    pub swizzle:
        unsafe extern "C" fn(a: core::arch::x86_64::__m128i, b: u32) -> core::arch::x86_64::__m128i,
""" in text
    # Of these one has no name.
    assert '    pub fma: unsafe extern "C" fn(),\n' in text
