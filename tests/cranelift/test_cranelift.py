"""Handles for Cranelift: what they emit, what the optimiser makes of it, and what runs.

The program in `program/` is built with a version of either sort; each test asks it
something.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cranelift.project import (
    CONDITIONS,
    HERE,
    OTHERS,
    RANDOM,
    VERSIONS,
    alone,
    answer,
    mistakes,
    said,
    under,
)
from tests.rust.crates import EDITIONS, module_at, run, texts_of, write
from tests.support import Ran, module_of, need, proving, vmgen, write_schema
from vmgen.languages.rust.cranelift_versions import VERSIONS as KNOWN

pytestmark = pytest.mark.xdist_group("cranelift")

SORTS = list(VERSIONS)

VALUES = {
    "jit": "138 loaded, 109 stored, 6 left out",
    "user": "128 loaded, 128 stored, 0 left out",
}

LOADS = [
    # closed, regions, all, and of what.
    ("1", "1", "2", "the same field twice"),
    ("1", "1", "2", "a field, before and after a store to another record"),
    ("2", "2", "2", "a field, before and after a store to the field of another one"),
    ("2", "1", "2", "a field, before and after a store to another field"),
    ("2", "2", "2", "a member of a union, around a store to the other"),
    ("1", "1", "2", "a readonly field, around a store to all"),
    ("2", "2", "2", "an atomic twice"),
    ("1", "1", "2", "an atomic twice that no order is asked of"),
    ("3", "3", "3", "a field twice, an atomic between"),
    ("3", "2", "5", "a chain, twice, a field behind it stored between"),
    ("3", "2", "3", "a trap, in two places"),
    ("2", "2", "4", "a value behind a pointer, around a store to a field"),
    ("3", "3", "5", "an element of an array that never changes, around a fence"),
    (
        *("3", "2", "5"),
        "an element behind a pointer that is a region, around a store to another",
    ),
    ("2", "1", "2", "an element that is a region, around a store to another"),
    ("2", "2", "3", "a field of a record that never changes, around a fence"),
    ("2", "2", "2", "bytes, around a store to the same by another pointer"),
    ("2", "2", "3", "an element, around a store to its neighbour and a store to it"),
]
"""How many loads are left. Three regions that Cranelift has of its own tell less apart than
one for each field."""

BY_HAND = """\
block0(v0: i64):
    v1 = load.i64 notrap aligned readonly can_move {Context.store} v0
    v2 = load.i64 notrap aligned {Store.fuel} v1
    v3 = iadd v2, v2
    v4 = load.i64 notrap aligned readonly can_move {Context.store} v0
    store notrap aligned {Store.fuel} v3, v4
    v5 = load.i64 notrap aligned readonly can_move {Context.store} v0
    v6 = iconst.i64 16
    v7 = iadd v5, v6  ; v6 = 16
    v8 = atomic_load.i64 notrap aligned {Store.epoch} v7
    v9 = load.i64 notrap aligned readonly can_move {Context.store} v0
    v10 = load.i32 notrap aligned little {Store.word} v9+24
    v11 = load.i32 notrap aligned {Global.storage} v0+144
    v12 = load.i64 notrap readonly can_move {Function.code} v0+172
    return
}
the same by hand
"""

WORDS = """\
fuel, of 64 bits: 01 02 03 04 05 06 07 08 is I64(102030405060708)
limit, of a pointer's width: 01 02 03 04 05 06 07 08 is I64(102030405060708)
word, little-endian: 04 03 02 01 is I32(1020304)
half, little-endian: 02 01 is I16(102)
wide: 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 is I128(102030405060708090a0b0c0d0e0f10)
"""

REFUSED = """\
Cranelift has no backend with pointers of 2 bytes
the schema doesn't have this target
P64 i64
Context with these counts doesn't fit 32 bits
element 2 of 2
element 0 of 0
true
element 2 of 2
element 4 of 4
element 16 of 16
i8x32 where i8 is held
f64
i32 where i64 is held
f64
i32 where i64 is held
what it is in is readonly
i32 where i64 is held
block0(v0: i64):
    v1 = iconst.i64 0x8000_0080
    v2 = iadd v0, v1  ; v1 = 0x8000_0080
    v3 = load.i32 notrap aligned {Context.tags} v2
    v4 = load.i64 notrap aligned {Context.steps} v0+56
    v5 = iconst.i64 0x0001_0000_0027
    v6 = iadd v0, v5  ; v5 = 0x0001_0000_0027
    v7 = load.i64 notrap aligned {Context.steps} v6
    return
}
"""

MISTAKES = [
    "no method named `load` found for struct `MemoryHandles<P>`",
    "no method named `load` found for struct `Array<P, I, E>`",
    "the method `store` exists for struct `Handle<Direct, Pointer<StoreHandles>, ReadOnly>`, but its trait bounds were not satisfied",
    "the method `load` exists for struct `Handle<Direct, Int, Atomic>`, but its trait bounds were not satisfied",
    "the method `store` exists for struct `Handle<Direct, Int, Atomic>`, but its trait bounds were not satisfied",
    "the method `load_atomic` exists for struct `Handle<Direct, Int, ReadWrite>`, but its trait bounds were not satisfied",
    "no method named `pointee` found for struct `Handle<Direct, Nullable<FunctionHandles>, ReadWrite>`",
    "no method named `pointee` found for struct `Handle<Direct, Address, ReadOnly>`",
    "no method named `elements` found for struct `Handle<Direct, Nullable<ValueAt<Byte, ReadWrite>>, ReadWrite>`",
    "no method named `given` found for struct `Handle<Direct, Pointer<ValueAt<Int, ReadWrite, true>>, ReadWrite>`",
    "the method `store` exists for struct `Handle<Through<Direct>, Int, ReadOnly>`, but its trait bounds were not satisfied",
    "mismatched types",
    "the method `load_atomic` exists for struct `Handle<Direct, Int, ()>`, but its trait bounds were not satisfied",
    "the method `load` exists for struct `Handle<Direct, Int, ()>`, but its trait bounds were not satisfied",
    "the method `load` exists for struct `Handle<Direct, Int, Volatile>`, but its trait bounds were not satisfied",
    "the method `store` exists for struct `Handle<Direct, Int, Volatile>`, but its trait bounds were not satisfied",
    "the method `load` exists for struct `Handle<Direct, Int, Volatile>`, but its trait bounds were not satisfied",
    "the method `load_atomic` exists for struct `Handle<Direct, Int, Volatile>`, but its trait bounds were not satisfied",
    "the method `pointee` exists for struct `Handle<Direct, Pointer<StoreHandles>, Volatile>`, but its trait bounds were not satisfied",
    "no method named `base` found for struct `Place<P>`",
]


def with_regions(text: str, sort: str) -> str:
    """A text in which `{NAME}` is the region of that name, as the text of such a version
    has it: by number, or what only contexts have as that of the context."""
    names = list(dict.fromkeys(re.findall(r"{([\w.]+)}", text)))
    for number, name in enumerate(names):
        if sort == "regions":
            text = text.replace(f"{{{name}}}", f"region{number}")
        else:
            own = "vmctx " if name.startswith("Context.") else ""
            text = text.replace(f"{{{name}}} ", own)
    return text


def without_head(text: str) -> str:
    """The text of functions without their names and lists of regions."""
    return re.sub(r'function u0:0.*\n(    region\d+ = \d+ "[\w.]+"\n)*\n?', "", text)


@pytest.mark.parametrize("sort", SORTS)
def test_compiled_code_and_the_host_have_every_value_in_the_same_place(
    sort: str,
) -> None:
    found = dict(line.split(": ") for line in said(sort, "values").splitlines())
    assert {name: found.pop(name) for name in VALUES} == VALUES
    for name in ("wasmtime42", "torture"):
        loaded, stored, left_out = map(int, re.findall(r"\d+", found.pop(name)))
        assert loaded >= 400
        assert stored >= 300
        assert left_out == 0
    # Those of random schemas.
    assert len(found) == RANDOM
    assert sum(int(line.partition(" ")[0]) for line in found.values()) >= 10 * RANDOM


if proving():

    @pytest.mark.parametrize("version", OTHERS)
    def test_every_version_does_what_the_one_of_its_sort_does(version: str) -> None:
        program = alone(version)
        for question in ("values", "loads", "wrong", "by_hand", "words", "refused"):
            assert answer(program, question) == said(KNOWN[version], question)


def test_loads_are_merged_where_they_may_be_and_nowhere_else() -> None:
    found = [said(sort, "loads").splitlines() for sort in SORTS]
    assert found[0] == [f"{closed} of {all}: {of}" for closed, _, all, of in LOADS]
    assert found[1] == [f"{regions} of {all}: {of}" for _, regions, all, of in LOADS]


@pytest.mark.parametrize("sort", SORTS)
def test_a_promise_that_is_not_kept_changes_what_code_does(sort: str) -> None:
    assert said(sort, "wrong") == "[7, 107]\n[107, 107]\n"


@pytest.mark.parametrize("sort", SORTS)
def test_handles_emit_what_is_written_by_hand(sort: str) -> None:
    assert without_head(said(sort, "by_hand")) == with_regions(BY_HAND, sort)


@pytest.mark.parametrize("sort", SORTS)
def test_values_are_in_the_byte_order_of_the_target_compiled_for(sort: str) -> None:
    assert said(sort, "words") == WORDS


@pytest.mark.parametrize("sort", SORTS)
def test_what_cannot_be_is_an_error_and_no_load(sort: str) -> None:
    assert without_head(said(sort, "refused")) == with_regions(REFUSED, sort)


def test_regions_are_told_with_their_names() -> None:
    told = re.findall(r'region\d+ = \d+ "([\w.]+)"', said("regions", "by_hand"))
    assert told == [
        "Context.store",
        "Store.fuel",
        "Store.epoch",
        "Store.word",
        "Global.storage",
        "Function.code",
    ]


def test_what_a_part_does_not_allow_does_not_compile() -> None:
    found = []
    for line in mistakes():
        _, error, message = line.partition(": error[E")
        if error:
            message = re.sub(r"\b(\w+::)+", "", message.partition("]: ")[2])
            found.append(re.sub(r"( in the current scope)?: .*", "", message))
    assert found == MISTAKES


FRAMES = """\
12
element 3 of 3
element 4294967295 of 3
element 4294967295 of 3
10
"""


@pytest.mark.parametrize(
    ("features", "printed"),
    [
        ((), FRAMES),
        (("gc",), f"{FRAMES}16\n30\n"),
        (("threads",), f"{FRAMES}10\n"),
        (("gc", "threads"), f"{FRAMES}16\n30\n10\n"),
    ],
)
def test_index_types_of_the_project_may_be_under_conditions(
    features: tuple[str, ...], printed: str
) -> None:
    assert under(*features) == printed


LINUX, WINDOWS = "x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu"


@pytest.mark.parametrize(
    ("targets", "number", "long"),
    [
        ((LINUX,), ["I32"], ["I64"]),
        ((WINDOWS,), ["I32"], ["I32"]),
        ((LINUX, "i686-unknown-linux-gnu"), ["I32"], ["Pointer"]),
        ((LINUX, WINDOWS), ["I32"], ["I64", "I32"]),
        (("avr-none", WINDOWS), ["I16", "I32"], ["I32"]),
    ],
)
def test_numbers_of_c_are_as_wide_as_the_data_models(
    tmp_path: Path, targets: tuple[str, ...], number: list[str], long: list[str]
) -> None:
    text = f"""
    targets: [{", ".join(targets)}]
    profile: {{c-abi: for its pointers}}
    types:
      A:
        kind: struct
        fields:
          number: c_int
          wide: c_long
          row: "[c_long; 2]"
          link: {{type: VmPtr<c_long>, points_to: {{alias: A.wide}}}}
    """
    made = texts_of([module_of(tmp_path, text)], cranelift="0.137")
    lines = made["src/sample_cranelift.rs"]

    def shapes(words: str) -> list[str]:
        found = re.findall(r"handles::Shape::(?:Fixed\(handles::types::)?(\w+)", words)
        return list(map(str, found))

    for name, shape in (("number", number), ("wide", long), ("row", long)):
        head, _, rest = lines.partition(f"    pub const {name.upper()}: ")
        assert shapes(rest.partition("\n\n")[0]) == shape
        method = re.search(rf"pub fn {name}\(self\)[^}}]*", head)
        assert method is not None
        by_model = f"&ASlots::{name.upper()}[self.handles.model as usize].held"
        assert (by_model in method[0]) is (len(shape) > 1)
    pointer = re.search(r"pub fn link\(self\)[^}]*", lines)
    assert pointer is not None
    assert shapes(pointer[0]) == long


def test_a_number_of_c_that_no_data_model_tells_is_a_place(tmp_path: Path) -> None:
    """With a long of 8 bytes or of 4 in it, the record has the same layout."""
    text = f"""
    targets: [{LINUX}, {WINDOWS}]
    types:
      A: {{kind: struct, fields: {{first: u64, wide: c_long}}}}
    """
    made = texts_of([module_of(tmp_path, text)], cranelift="0.137")
    assert "pub fn wide(self) -> handles::Place<P> {" in made["src/sample_cranelift.rs"]


@pytest.mark.parametrize("version", ["0.129", "0.133"])
def test_rustfmt_finds_nothing_in_any_edition(tmp_path: Path, version: str) -> None:
    modules = [module_at(HERE / "jit.vm.yaml"), module_at(HERE / "narrow.vm.yaml")]
    options = {"types-out": "a", "offsets-out": "a", "cranelift": version}
    write(tmp_path, texts_of(modules, **options))
    theirs = {"indices": "crate::numbers", "index-method": "crate::Numbered::index"}
    options |= {"types-out": "b", "offsets-out": "b", **theirs}
    write(tmp_path, texts_of(map(module_at, CONDITIONS), **options))
    for edition in EDITIONS:
        checked = [need("rustfmt"), "--check", "--edition", edition]
        assert run([*checked, "a/mod.rs", "b/mod.rs"], tmp_path) == Ran(0, "", "")


def test_the_sort_of_flags_goes_by_the_version() -> None:
    assert list(KNOWN.items()) == [
        *((f"0.{minor}", "closed") for minor in range(129, 133)),
        *((f"0.{minor}", "regions") for minor in range(133, 138)),
    ]


STORE = "types: {Store: {kind: struct, fields: {fuel: i64}}}"


def built(folder: Path, options: str) -> Ran:
    write_schema(folder, STORE)
    table = (
        f'[tool.vmgen]\nschemas = ["sample.vm.yaml"]\n[tool.vmgen.rust]\n{options}\n'
    )
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    return vmgen("build", "--lang", "rust", cwd=folder)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            'cranelift = "0.128"',
            "cranelift` is `0.128`, and what that version takes isn't known; known are "
            "0.129, 0.130, 0.131, 0.132, 0.133, 0.134, 0.135, 0.136 and 0.137",
        ),
        (
            'cranelift = "0.137.1"',
            "cranelift` is `0.137.1`, and what that version takes isn't known; known are "
            "0.129, 0.130, 0.131, 0.132, 0.133, 0.134, 0.135, 0.136 and 0.137",
        ),
        ("cranelift = 0.137", "cranelift` is not a version of Cranelift, as `0.137`"),
        ('cranelift = ""', "cranelift` is not a version of Cranelift, as `0.137`"),
        (
            'cranelift = "0.137"\ndependencies = "cranelift-codegen@0.137"',
            "dependencies` has `cranelift-codegen`, which `cranelift` sees to",
        ),
        (
            'cranelift = "0.137"\nfeatures = "cranelift gc"',
            "features` has `cranelift`, which the option of that name sees to",
        ),
        (
            'indices = "crate::indices"',
            'indices` says nothing without `modules = "places"` or `cranelift`',
        ),
    ],
)
def test_what_the_options_cannot_be_is_said(
    tmp_path: Path, options: str, message: str
) -> None:
    ran = built(tmp_path, options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"vmgen: {tmp_path}/pyproject.toml: `tool.vmgen.rust.{message}\n"


def test_the_generated_crate_has_handles_behind_a_feature(tmp_path: Path) -> None:
    ran = built(tmp_path, 'cranelift = "0.136"\nfeatures = "gc"')
    assert (ran.code, ran.err) == (0, "")
    crate = tmp_path / "generated" / "rust"
    manifest = (crate / "Cargo.toml").read_text(encoding="utf-8")
    assert manifest.partition("[features]")[2] == (
        "\ngc = []\n"
        'cranelift = ["dep:cranelift-codegen"]\n'
        "\n[dependencies]\n"
        'cranelift-codegen = { version = "0.136", default-features = false, '
        'features = ["std"], optional = true }\n'
    )
    modules = (crate / "src" / "lib.rs").read_text(encoding="utf-8")
    for module in ("sample_cranelift", "cranelift_flags", "cranelift_handles"):
        assert f'#[cfg(feature = "cranelift")]\npub mod {module};\n' in modules
        assert (crate / "src" / f"{module}.rs").exists()


def test_files_of_handles_go_when_nobody_asks_for_them(tmp_path: Path) -> None:
    built(tmp_path, 'cranelift = "0.136"')
    ran = built(tmp_path, "")
    assert (ran.code, ran.err) == (0, "")
    assert [path.name for path in tmp_path.rglob("*cranelift*")] == []


def test_a_region_of_arrays_that_nobody_here_looks_into_is_a_place(
    tmp_path: Path,
) -> None:
    schema = """\
    types:
      Blob: {kind: foreign, size: 8, align: 8}
      Context:
        kind: context
        counts: [num_blobs]
        regions: {blobs: "[[Blob; 2]; num_blobs]", words: "[[u16; 2]; num_blobs]"}
    """
    module = module_at(write_schema(tmp_path, schema))
    texts = texts_of([module], cranelift="0.135")
    text = texts["src/sample_cranelift.rs"]
    assert re.findall(
        r"pub fn (\w+)\(self\) -> (handles::(?:Place|Array).*) \{", text
    ) == [
        ("blobs", "handles::Place<P>"),
        (
            "words",
            "handles::Array<P, u32, handles::Rows<handles::Values<handles::Int, "
            "handles::ReadWrite>>>",
        ),
    ]
