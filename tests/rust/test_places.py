"""Offsets as methods, typed indices, and what parts hold, for a compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import (
    EDITIONS,
    SCHEMAS,
    cargo,
    check,
    crate,
    execute,
    module_at,
    set_edition,
    texts_of,
)
from tests.support import Ran, module_of, vmgen, write_schema
from vmgen.languages.rust.names import spelled
from vmgen.layout.layouts import Layouts
from vmgen.schema import model as m

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.layout.parts import Record

SCHEMA = """\
    targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, i686-pc-windows-msvc]
    types:
      FuncIndex: {kind: newtype, of: u32}
      Sort: {kind: enum, tag: u8, variants: {A: 0, B: 1}}
      Memory: {kind: struct, fields: {base: VmPtr<u8>, length: AtomicUsize}}
      List: {kind: struct, params: [T], fields: {first: "Option<VmPtr<T>>", count: u32}}
      Kind:
        kind: enum
        tag: u32
        variants: {Host: u64, Other: null}
      Store:
        kind: struct
        offset_type: u8
        fields:
          fuel: {type: UnsafeCell<i64>, access: [readonly]}
          sort: Sort
          heap: {type: Memory, access: [readonly, can_move]}
          kind: Kind
          guard: "[[*mut u8; 2]; 3]"
          word: {type: u16, endian: little}
          size: usize
        allow: {raw-pointer: to see what becomes of it}
      Builtins:
        kind: functions
        functions:
          grow: "(store: VmPtr<Store>, delta: u64, bool) -> isize"
          trap: "(code: i8)"
          round: "(x: f32, y: f64x2) -> f64"
          type: {signature: "() -> FuncIndex", allow: {reserved-name: it is so}}
      Instance:
        kind: context
        offset_type: u8
        counts:
          num_tables: {index: DefinedTableIndex, doc: How many.}
          num_funcs: {index: FuncIndex}
          num_bytes: Others.
        flags: [has_start, has_more]
        fields: {store: VmPtr<Store>, first: Memory}
        regions:
          tables: "[Memory; num_tables]"
          funcs: {type: "[VmPtr<u8>; num_funcs]", access: [readonly]}
          bytes: "[u8; num_bytes]"
          single: Store
          start: {type: Memory, when: has_start}
          more: {type: "[u16; num_bytes]", when: has_more}
          size: {type: u8, allow: {reserved-name: it is so}}
          list: List<Memory>
    """

PROGRAM = """\
use bindings::sample_offsets::{DataModel, InstanceCounts, InstanceOffsets};
use bindings::sample_places::*;

/// What a compiler knows of its target.
#[derive(Clone, Copy)]
struct PointerSize(u8);

impl Places for PointerSize {
    fn data_model(&self) -> DataModel {
        DataModel::of_pointer_size(self.0.into(), DataModel::P32U64A4).unwrap()
    }
}

const HEAP: u8 = StoreAt { model: DataModel::P64, offset: 0u8 }.heap().length();

fn main() {
    println!("{HEAP}");
    for size in [4, 8] {
        let ptr = PointerSize(size);
        let heap: u8 = ptr.store().heap().base();
        let length: u32 = ptr.memory().length();
        println!("{heap} {length} {} {}", ptr.store().kind().payload(), ptr.store().size());
        let size: u8 = ptr.size_of_store();
        let fixed: u8 = ptr.size_of_fixed_instance();
        println!("{size} {fixed} {} {}", ptr.size_of_sort(), ptr.size_of_func_index());
        let counts = InstanceCounts {
            num_tables: 3,
            num_funcs: 2,
            num_bytes: 1,
            has_start: true,
            has_more: false,
        };
        let instance = InstancePlaces(InstanceOffsets::new(ptr.data_model(), counts).unwrap());
        let table = instance.tables().at(DefinedTableIndex(2));
        println!("{} {} {}", table.offset, table.base(), table.length());
        println!("{}", instance.funcs().at(FuncIndex(1)));
        println!("{:?} {:?}", instance.bytes().get(0), instance.bytes().get(1));
        println!("{} {}", instance.single().offset, instance.single().heap().length());
        println!("{} {}", instance.start().unwrap().length(), instance.more().is_none());
        println!("{} {} {}", instance.size_(), instance.size(), instance.tables().region().count());
        println!("{}", instance.instance().first().length());
        println!("{} {}", instance.list().count(), ptr.list().count());
        for part in [
            STORE_PARTS.fuel,
            STORE_PARTS.sort,
            STORE_PARTS.heap,
            STORE_PARTS.guard,
            STORE_PARTS.word,
            STORE_PARTS.size,
            KIND_PARTS.tag,
            INSTANCE_PARTS.tables,
            INSTANCE_PARTS.funcs,
            INSTANCE_PARTS.first,
        ] {
            let access = part.access;
            print!("{:?} {} {} ", part.kind, part.count, part.size(instance.model()));
            print!("{} {} ", part.is_pointer(), access.readonly);
            println!("{} {}", access.can_move, access.little_endian);
        }
    }
    for function in BuiltinsSignatures::ALL {
        println!("{} {} {:?}", function.index, function.name, function.result);
        for parameter in function.parameters {
            println!("  {:?} {:?}", parameter.name, parameter.kind);
        }
    }
    println!("{}", BUILTINS_SIGNATURES.trap.index);
    println!("{:?}", KIND_PARTS.payload.kind);
}
"""

SAID = """\
24
12 4 24 60
64 12 1 4
28 28 32
40
Some(44) None
48 64
116 true
120 132 3
8
128 4
Signed(8) 1 8 false true false false
Unsigned(1) 1 1 false false false false
Record([16, 8, 8]) 1 8 false true true false
Pointer 6 24 false false false false
Unsigned(2) 1 2 false false false true
UnsignedWord 1 4 false false false false
Unsigned(4) 1 4 false false false false
Record([16, 8, 8]) 1 8 false false false false
Pointer 1 4 true true false false
Record([16, 8, 8]) 1 8 false false false false
16 8 40 104
112 24 1 4
56 56 64
80
Some(88) None
96 120
216 true
224 248 3
16
240 8
Signed(8) 1 8 false true false false
Unsigned(1) 1 1 false false false false
Record([16, 8, 8]) 1 16 false true true false
Pointer 6 48 false false false false
Unsigned(2) 1 2 false false false true
UnsignedWord 1 8 false false false false
Unsigned(4) 1 4 false false false false
Record([16, 8, 8]) 1 16 false false false false
Pointer 1 8 true true false false
Record([16, 8, 8]) 1 16 false false false false
0 grow Some(SignedWord)
  "store" Pointer
  "delta" Unsigned(8)
  "" Unsigned(1)
1 trap None
  "code" Signed(1)
2 round Some(Float(8))
  "x" Float(4)
  "y" Vector(16)
3 type_ Some(Unsigned(4))
1
Other
"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_places_are_typed_and_as_small_as_the_schema_says(
    tmp_path: Path, edition: str
) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA), modules="places")
    assert check(folder, edition=edition) == Ran(0, "", "")
    if edition == EDITIONS[0]:
        assert execute(folder, PROGRAM) == SAID


def test_a_region_takes_no_index_but_its_own(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA), modules="places")
    lib = folder / "src/lib.rs"
    text = lib.read_text(encoding="utf-8")
    for index, wanted in (("3", "integer"), ("FuncIndex(3)", "`FuncIndex`")):
        lib.write_text(
            f"{text}\nuse sample_places::*;\n"
            "pub fn base(instance: &InstancePlaces) -> u32 {\n"
            f"    instance.tables().at({index}).base()\n"
            "}\n",
            encoding="utf-8",
        )
        said = check(folder).err
        assert "error[E0308]: mismatched types" in said
        assert f"expected `DefinedTableIndex`, found {wanted}" in said


def test_index_types_may_be_the_projects_own(tmp_path: Path) -> None:
    options = {"modules": "places", "indices": "crate::numbers"}
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA), **options)
    assert (
        "pub struct FuncIndex"
        not in texts_of([module_of(tmp_path, SCHEMA)], **options)[
            "src/sample_places.rs"
        ]
    )
    with (folder / "src/lib.rs").open("a", encoding="utf-8") as lib:
        lib.write(
            "/// Ours.\npub mod numbers {\n"
            "    use super::sample_places::Index;\n"
            "    /// Of functions.\n    #[derive(Clone, Copy)]\n"
            "    pub struct FuncIndex(pub u16);\n"
            "    /// Of tables.\n    #[derive(Clone, Copy)]\n"
            "    pub struct DefinedTableIndex(pub u64);\n"
            "    impl Index for FuncIndex {\n"
            "        fn number(self) -> u32 {\n            self.0.into()\n        }\n    }\n"
            "    impl Index for DefinedTableIndex {\n"
            "        fn number(self) -> u32 {\n            self.0 as u32\n        }\n    }\n"
            "}\n"
        )
    assert check(folder) == Ran(0, "", "")


NUMBERED = """
/// Ours.
pub mod numbers {
    /// What has a number.
    pub trait Numbered {
        /// The number.
        fn index(self) -> usize;
    }
    /// Of functions.
    #[derive(Clone, Copy)]
    pub struct FuncIndex(pub u16);
    impl FuncIndex {
        /// Its number.
        pub fn index(self) -> u16 {
            self.0
        }
    }
    /// Of tables.
    #[derive(Clone, Copy)]
    pub struct DefinedTableIndex(pub u64);
"""
BY_TRAIT = """
    impl Numbered for DefinedTableIndex {
        fn index(self) -> usize {
            self.0 as usize
        }
    }
}
"""
BY_METHOD = """
    impl DefinedTableIndex {
        /// Its number.
        pub fn index(self) -> u32 {
            self.0 as u32
        }
    }
}
"""


@pytest.mark.parametrize(
    ("method", "theirs"),
    [("crate::numbers::Numbered::index", BY_TRAIT), ("index", BY_METHOD)],
)
def test_index_types_give_their_number_by_a_method(
    tmp_path: Path, method: str, theirs: str
) -> None:
    options = {"modules": "places", "indices": "crate::numbers", "index-method": method}
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA), **options)
    with (folder / "src/lib.rs").open("a", encoding="utf-8") as lib:
        lib.write(NUMBERED + theirs)
    assert check(folder) == Ran(0, "", "")
    set_edition(folder, "2024")
    assert cargo(folder, "clippy", RUSTFLAGS="-Dwarnings") == Ran(0, "", "")


def test_a_method_of_indices_is_for_types_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.vmgen.rust]\nmodules = "places"\nindex-method = "index"\n'
    )
    write_schema(tmp_path, SCHEMA)
    ran = vmgen("build", "sample.vm.yaml", cwd=tmp_path)
    assert ran.code == 2
    assert (
        "`tool.vmgen.rust.index-method` is for index types of your own; set" in ran.err
    )


def test_an_index_type_may_be_named_as_anything_of_the_file(tmp_path: Path) -> None:
    names = ("Part", "Index", "Kind", "Places", "Place", "DataModel")
    names += ("Region", "Access", "Function", "Parameter")
    counts = ", ".join(f"n{i}: {{index: {name}}}" for i, name in enumerate(names))
    regions = ", ".join(f'r{i}: "[Pair; n{i}]"' for i in range(len(names)))
    schema = f"""\
        types:
          Pair: {{kind: struct, fields: {{a: u32, b: u32}}}}
          Calls: {{kind: functions, functions: {{call: "(a: u32) -> u32"}}}}
          Frame:
            kind: context
            counts: {{{counts}}}
            fields: {{a: {{type: u32, access: [readonly]}}}}
            regions: {{{regions}}}
    """
    folder = crate(tmp_path, module_of(tmp_path, schema), modules="places")
    assert check(folder) == Ran(0, "", "")


def test_modules_without_contexts_or_anything_have_places(tmp_path: Path) -> None:
    one = "types: {A: {kind: opaque}, B: {kind: newtype, of: u32}}"
    folder = crate(tmp_path, module_of(tmp_path, one), modules="places")
    assert check(folder) == Ran(0, "", "")


@pytest.mark.parametrize("name", ["wasmtime42", "torture", "torture_allowed"])
def test_what_parts_hold_is_as_large_as_rustc_says(tmp_path: Path, name: str) -> None:
    module = module_at(SCHEMAS[name])
    folder = crate(tmp_path, module, modules="places")
    places = f"bindings::{module.name}_places"
    calls = [
        call
        for record in Layouts(module).records()
        for call in _measured(record, module.name, places)
    ]
    assert len(calls) > 40
    program = f"""\
#![allow(unused_unsafe)]
use bindings::{module.name}_offsets::DataModel;

const HOST: DataModel = DataModel::HOST.unwrap();

fn size<R, T>(_: fn(*const R) -> *const T) -> usize {{
    size_of::<T>()
}}

fn same(part: &str, size: usize, stated: u32) {{
    assert_eq!(size, stated as usize, "{{part}}");
}}

fn main() {{
{"".join(calls)}}}
"""
    assert execute(folder, program) == ""


def _measured(record: Record, module: str, places: str) -> list[str]:
    """Statements that compare each part's size with what rustc takes a field for."""
    declared = record.declared
    if not isinstance(declared, m.Struct | m.Union | m.Functions | m.Context):
        return []
    if isinstance(declared, m.Union) and declared.accessors:
        return []  # Its members are nobody's but its own.
    fixed = "Fixed" if isinstance(declared, m.Context) else ""
    if isinstance(declared, m.Struct) and declared.params:
        # Whatever a record is generic over stands behind pointers.
        fixed = f"<{', '.join(['u8'] * len(declared.params))}>"
    from vmgen.text import screaming_case

    table = f"{places}::{screaming_case(record.name)}_PARTS"
    made = []
    for part in record.parts:
        field = spelled(part.name)
        of = f"|r: *const bindings::{module}::{record.name}{fixed}|"
        made.append(
            f'    same("{record.name}.{field}", '
            f"size({of} unsafe {{ &raw const (*r).{field} }}), "
            f"{table}.{field}.size(HOST));\n"
        )
    return made


def test_records_of_another_module_are_held_with_their_size(tmp_path: Path) -> None:
    """What places these have is that module's affair, whose data models may be others."""
    shared = """\
        vmgen: 1
        module: shared
        types:
          Pair: {kind: struct, fields: {a: usize, b: "[u64; 2]"}}
          Sort: {kind: enum, tag: u16, variants: {A: 0}}
          Odd: {kind: struct, fields: {record_size: u16}}
    """
    schema = """\
        vmgen: 1
        module: sample
        uses: [shared.vm.yaml]
        types:
          Frame:
            kind: context
            counts: {n: {index: PairIndex}}
            fields: {first: Pair, sort: Sort, odd: Odd}
            regions: {pairs: "[Pair; n]"}
    """
    write_schema(tmp_path, shared, "shared.vm.yaml")
    write_schema(tmp_path, schema)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["rust"]\n'
        '[tool.vmgen.rust]\nmodules = "places for_each"\n'
    )
    assert vmgen("build", cwd=tmp_path).code == 0
    program = """\
use bindings::sample_offsets::{DataModel, FrameCounts, FrameOffsets};
use bindings::sample_places::*;

fn main() {
    let model = DataModel::of_target("x86_64-unknown-linux-gnu").unwrap();
    let frame = FramePlaces(FrameOffsets::new(model, FrameCounts { n: 2 }).unwrap());
    let first: u32 = frame.frame().first();
    println!("{first} {} {}", frame.frame().sort(), frame.pairs().at(PairIndex(1)));
    println!("{} {}", FRAME_PARTS.first.size(model), FRAME_PARTS.sort.size(model));
    println!("{}", FRAME_PARTS.pairs.size(model));
}
"""
    folder = tmp_path / "generated/rust"
    assert execute(folder, program) == "0 24 56\n24 2\n24\n"
    places = folder / "src/sample_places.rs"
    text = places.read_text(encoding="utf-8")
    for record, digit in (("Pair", "24"), ("Pair", "20"), ("Odd", "2")):
        line = next(
            x for x in text.splitlines() if x.startswith(f"used! {{ {record}: ")
        )
        wrong = line[::-1].replace(digit[::-1], "9", 1)[::-1]
        assert wrong != line
        places.write_text(text.replace(line, wrong), encoding="utf-8")
        said = check(folder).err
        assert (
            f"the size of {record} in sample_places.rs isn't that of shared_off" in said
        )
        assert "remake the files with `vmgen build`" in said


def test_places_are_made_where_the_offsets_are(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["rust"]\n'
        '[tool.vmgen.rust]\nmodules = "places"\ntypes-out = "runtime/src/vm"\n'
        'offsets-out = "compiler/src/vm"\noffsets = "compiler::vm"\n'
    )
    write_schema(tmp_path, SCHEMA)
    ran = vmgen("build", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "new      compiler/src/vm/sample_places.rs\n" in ran.out
    modules = (tmp_path / "compiler/src/vm/mod.rs").read_text()
    assert "pub mod sample_places;\n" in modules
    assert "places" not in (tmp_path / "runtime/src/vm/mod.rs").read_text()


def test_a_module_named_as_the_places_of_another_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["rust"]\n'
        '[tool.vmgen.rust]\nmodules = "places"\n'
    )
    write_schema(tmp_path, SCHEMA)
    write_schema(tmp_path, "vmgen: 1\nmodule: sample_places\n", "other.vm.yaml")
    ran = vmgen("build", cwd=tmp_path)
    assert ran.code == 1
    assert (
        "the module `sample_places` is named as the places of the module `sample`"
        in (ran.err + ran.out)
    )
    named = vmgen("build", "sample.vm.yaml", cwd=tmp_path)
    assert named.code == 0
    alone = vmgen("build", "other.vm.yaml", cwd=tmp_path)
    assert (alone.code, alone.out, alone.err) == (
        2,
        "",
        "vmgen: the module `sample_places` is named as the places of the module `sample`, "
        "and both would be in generated\n",
    )
