"""The schema as macros that hand everything to a macro of the user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import (
    EDITIONS,
    SCHEMAS,
    check,
    crate,
    execute,
    module_at,
    texts_of,
)
from tests.support import Ran, module_of
from vmgen.layout.layouts import Layouts
from vmgen.schema import model as m

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, i686-pc-windows-msvc]
    types:
      FuncIndex: {kind: newtype, of: u32, doc: Numbers functions.}
      Sort: {kind: enum, tag: i8, variants: {A: -1, B: {value: 100, doc: Last.}}}
      Host: {kind: opaque}
      Guard: {kind: foreign, rust: "core::sync::atomic::AtomicU8", size: 1, align: 1}
      Memory:
        kind: struct
        align: 16
        attrs: ["must_use"]
        fields: {base: VmPtr<u8>, length: {type: AtomicUsize, access: [readonly], doc: Now.}}
        allow: {promised-atomic: no memory of this host grows}
      List: {kind: struct, params: [T], fields: {first: "Option<VmPtr<T>>", sort: Sort}}
      Lists: {kind: newtype, of: List<Host>}
      Bits: {kind: union, fields: {i: i32, u: "[u8; 4]"}}
      Kind: {kind: enum, tag: u32, variants: {Some: "Option<VmPtr<Host>>", Nothing: null}}
      Calls:
        kind: functions
        functions: {call: "(memory: VmPtr<Memory>, u64) -> bool"}
      Frame:
        kind: context
        doc: A frame.
        counts: {num: {index: FuncIndex, doc: How many.}, others: Others.}
        flags: [more]
        fields: {word: {type: u64, endian: little}}
        regions:
          memories: {type: "[Memory; num]", access: [readonly, can_move], doc: All.}
          bytes: {type: "[u8; 3]", when: more}
          last: Sort
    """

BODIES = """\
macro_rules! types {
    @TYPE@ => {
        fn types() {
            println!("models {:?}", [$(stringify!($model)),*]);
            $(
                $(println!("{}", stringify!($about));)*
                println!("{} {}", stringify!($kind), stringify!($name));
                $(println!("  of {:?}", [$(stringify!($parameter)),*]);)?
                println!("  ({}) repr({})", stringify!($($inner)?), stringify!($($repr)*));
                let (size, align): (&[u32], &[u32]) = (&$size, &$align);
                println!("  {size:?} {align:?}");
                $(
                    $(println!("  {}", stringify!($doc));)*
                    print!("  {}: {} ", stringify!($part), stringify!($type));
                    println!("{:?} [{}]", $offsets, stringify!($($flag)*));
                )*
                $(
                    $(println!("  {}", stringify!($note));)*
                    print!("  {} = {} ", stringify!($variant), $value);
                    println!("({})", stringify!($($payload)?));
                )*
            )*
        }
    };
}

macro_rules! contexts {
    @CONTEXT@ => {
        fn all_contexts() {
            println!("models {:?}", [$(stringify!($model)),*]);
            $(
                $(println!("{}", stringify!($about));)*
                println!("{} {:?}", stringify!($name), $align);
                $(
                    $(println!("  {}", stringify!($counted));)*
                    print!("  {}: {} ", stringify!($count), stringify!($number));
                    println!("[{}]", stringify!($($index)?));
                )*
                $(
                    $(println!("  {}", stringify!($doc));)*
                    print!("  {}: {} ", stringify!($field), stringify!($type));
                    println!("{:?} [{}]", $offsets, stringify!($($flag)*));
                )*
                $(
                    $(println!("  {}", stringify!($note));)*
                    print!("  {}: {}", stringify!($region), stringify!($element));
                    print!(" [{}]", stringify!($($length)?));
                    print!(" [{}] ", stringify!($($present)?));
                    println!("{:?} {:?} [{}]", $stride, $rounding, stringify!($($assumed)*));
                )*
            )*
        }
    };
}

bindings::for_each_sample_type!(types);
bindings::for_each_sample_context!(self::contexts);
use contexts;

fn main() {
    types();
    all_contexts();
}
"""

SAID = """\
models ["P64", "P32U64A4"]
union Bits
  () repr(C)
  [4, 4] [4, 4]
  i: i32 [0, 0] []
  u: [u8; 4] [0, 0] []
functions Calls
  () repr(C)
  [8, 4] [8, 4]
  call: unsafe extern "C" fn(memory: VmPtr<Memory>, u64) -> bool [0, 0] []
doc = " A frame."
context Frame
  () repr(C)
  [8, 8] [16, 16]
  word: Le<u64> [0, 0] [little_endian]
doc = " Numbers functions."
newtype FuncIndex
  (u32) repr(transparent)
  [4, 4] [4, 4]
foreign Guard
  (core::sync::atomic::AtomicU8) repr()
  [1, 1] [1, 1]
opaque Host
  () repr(C)
  [] []
enum Kind
  (u32) repr(C, u32)
  [16, 8] [8, 4]
  tag: u32 [0, 0] []
  payload: _ [8, 4] []
  Some = 0 (Option<VmPtr<Host>>)
  Nothing = 1 ()
struct List
  of ["T"]
  () repr(C)
  [16, 8] [8, 4]
  first: Option<VmPtr<T>> [0, 0] []
  sort: Sort [8, 4] []
newtype Lists
  (List<Host>) repr(transparent)
  [16, 8] [8, 4]
must_use
struct Memory
  () repr(C, align(16))
  [16, 16] [16, 16]
  base: VmPtr<u8> [0, 0] []
  doc = " Now."
  length: ::core::sync::atomic::AtomicUsize [8, 4] [readonly]
enum Sort
  (i8) repr(i8)
  [1, 1] [1, 1]
  A = -1 ()
  doc = " Last."
  B = 100 ()
models ["P64", "P32U64A4"]
doc = " A frame."
Frame [16, 16]
  doc = " How many."
  num: u32 [FuncIndex]
  doc = " Others."
  others: u32 []
  more: bool []
  word: Le<u64> [0, 0] [little_endian]
  doc = " All."
  memories: Memory [num] [] [16, 16] [16, 16] [readonly can_move]
  bytes: u8 [3] [more] [1, 1] [1, 1] []
  last: Sort [] [] [1, 1] [1, 1] []
"""


def squeezed(text: str) -> str:
    """What compilers are free to spell as they like in `stringify!` made equal."""
    return text.replace('= r"', '= "').replace(" ", "")


def patterns(text: str) -> list[str]:
    """What the macros' documentation says that a macro may take."""
    found = re.findall(r"/// ```text\n(.*?)/// ```\n", text, re.DOTALL)
    return [f.replace("/// ", "").partition(" => ")[0].strip() for f in found]


def test_macros_get_all_that_their_documentation_promises(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA), modules="for_each")
    text = (folder / "src/sample_for_each.rs").read_text(encoding="utf-8")
    of_types, of_contexts = patterns(text)
    program = BODIES.replace("@TYPE@", of_types).replace("@CONTEXT@", of_contexts)
    assert squeezed(execute(folder, program)) == squeezed(SAID)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", SCHEMAS)
def test_any_schema_fits_a_macro(tmp_path: Path, name: str, edition: str) -> None:
    folder = crate(tmp_path, module_at(SCHEMAS[name]), modules="for_each")
    assert check(folder, edition=edition) == Ran(0, "", "")


def test_a_macro_can_declare_records_that_rustc_lays_out_the_same(
    tmp_path: Path,
) -> None:
    """Out of what it gets, and nothing else: so all of that is right."""
    module = module_at(SCHEMAS["wasmtime42"])
    folder = crate(tmp_path, module, modules="for_each")
    program = """\
#![allow(dead_code, unused_imports)]
use bindings::wasmtime42_offsets::DataModel;

/// Stands for every pointee: nothing of it is looked at.
type VmPtr<T> = core::ptr::NonNull<T>;
type Le<T> = T;

macro_rules! own {
    (models $models:tt $($rest:tt)*) => {
        mod own {
            use super::{Le, VmPtr};
            own!(@declare $($rest)*);
        }

        fn compare(host: usize) -> usize {
            let mut compared = 0;
            own!(@compare host compared $($rest)*);
            compared
        }
    };
    (@unit $param:ident) => { () };
    (@declare) => {};
    (@declare $(#[$about:meta])* struct $name:ident $(<$($param:ident),*>)? ()
        repr($($repr:tt)*)
        size $size:tt align $align:tt {
            $($(#[$doc:meta])* $part:ident: $type:ty = $offsets:tt $flags:tt;)*
        } {} $($rest:tt)*
    ) => {
        $(#[$about])*
        #[repr($($repr)*)]
        pub struct $name $(<$($param),*>)? {
            $($(#[$doc])* pub $part: $type,)*
        }
        own!(@declare $($rest)*);
    };
    (@declare $(#[$about:meta])* $kind:ident $name:ident $inner:tt repr $repr:tt
        size $size:tt align $align:tt $parts:tt $variants:tt $($rest:tt)*
    ) => {
        pub use bindings::wasmtime42::$name;
        own!(@declare $($rest)*);
    };
    (@compare $host:ident $compared:ident) => {};
    (@compare $host:ident $compared:ident $(#[$about:meta])*
        struct $name:ident $(<$($param:ident),*>)? () repr $repr:tt size $size:tt align $align:tt {
            $($(#[$doc:meta])* $part:ident: $type:ty = $offsets:tt $flags:tt;)*
        } {} $($rest:tt)*
    ) => {
        {
            type Own = own::$name $(<$(own!(@unit $param)),*>)?;
            assert_eq!(size_of::<Own>(), $size[$host] as usize, stringify!($name));
            assert_eq!(align_of::<Own>(), $align[$host] as usize, stringify!($name));
            $(
                let offset = core::mem::offset_of!(Own, $part);
                assert_eq!(offset, $offsets[$host] as usize, stringify!($name.$part));
                $compared += 1;
            )*
        }
        own!(@compare $host $compared $($rest)*);
    };
    (@compare $host:ident $compared:ident $(#[$about:meta])* $kind:ident $name:ident
        $inner:tt repr $repr:tt size $size:tt align $align:tt $parts:tt $variants:tt
        $($rest:tt)*
    ) => {
        own!(@compare $host $compared $($rest)*);
    };
}

bindings::for_each_wasmtime42_type!(own);

fn main() {
    println!("{}", compare(DataModel::HOST.unwrap() as usize));
}
"""
    fields = sum(
        len(record.parts)
        for record in Layouts(module).records()
        if record.kind == "struct" and isinstance(record.declared, m.Struct)
    )
    assert fields > 80
    program = program.replace(
        "use bindings", '#![recursion_limit = "256"]\nuse bindings', 1
    )
    assert execute(folder, program) == f"{fields}\n"


def test_a_digit_that_is_changed_is_noticed(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA), modules="for_each")
    path = folder / "src/sample_for_each.rs"
    text = path.read_text(encoding="utf-8")
    rows = list(re.finditer(r"[=eng] \[(\d+), (\d+)\]", text))
    assert len(rows) == 38
    for row in (rows[0], rows[12], rows[-1]):
        for group in (1, 2):
            digit = text[row.end(group) - 1]
            changed = str((int(digit) + 1) % 10)
            at = row.end(group)
            path.write_text(text[: at - 1] + changed + text[at:], encoding="utf-8")
            assert (
                "a number of sample_for_each.rs was edited; remake the file with "
                "`vmgen build sample.vm.yaml`"
            ) in check(folder).err


def test_both_kinds_of_modules_may_be_asked_for(tmp_path: Path) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)], modules="for_each places")
    assert [path for path in texts if "sample" in path] == [
        "src/sample.rs",
        "src/sample_offsets.rs",
        "src/sample_places.rs",
        "src/sample_for_each.rs",
    ]
    assert re.findall(r"pub mod (\w+);", texts["src/lib.rs"]) == [
        "sample",
        "sample_for_each",
        "sample_offsets",
        "sample_places",
        "vmptr",
    ]
