"""The first hour of people who come from C, Rust or elsewhere: what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import ROOT, findings, write_schema
from vmgen.schema import composite_shapes as c
from vmgen.schema import keys
from vmgen.schema import shapes as s
from vmgen.schema.hints import key_hint, spelling_hint, type_hint
from vmgen.schema.typetext import parse_type


def helps(folder: Path, text: str) -> list[str]:
    """The helps of all findings, in order."""
    said = findings(write_schema(folder, text))
    lines = [line for line in said.splitlines() if "= help: " in line]
    return [line.partition("= help: ")[2] for line in lines]


@pytest.mark.parametrize(
    ("written", "help"),
    [
        ("uint32_t", "write `u32`"),
        ("int", "write `i32`"),
        ("unsigned int", "write `u32`"),
        ("unsigned long long", "write `u64`"),
        ("uintptr_t", "write `usize`"),
        ("ulong", "write `c_ulong`, which is C's `unsigned long` on every target"),
        ("U32", "write `u32`"),
        ("atomicusize", "write `AtomicUsize`"),
        ("byte", "write `u8`"),
        ("long", "write `c_long`, which is C's `long` on every target"),
        ("unsigned long", "write `c_ulong`, which is C's `unsigned long` on every target"),
        ("double", "`double` is Rust's `f64`; a record keeps its bits in a `u64`"),
        ("float", "`float` is Rust's `f32`; a record keeps its bits in a `u32`"),
        ("long double", "no type of Rust's is C's `long double`: keep it behind a pointer"),
        ("void *", "write `VmPtr<()>`, or `Option<VmPtr<()>>` if it may be null"),
        ("const char*", "write `VmPtr<u8>`, or `Option<VmPtr<u8>>` if it may be null"),
        ("struct Foo *", "write `VmPtr<Foo>`, or `Option<VmPtr<Foo>>` if it may be null"),
        ("int **", "write `VmPtr<VmPtr<i32>>`, or `Option<VmPtr<VmPtr<i32>>>` if it may be null"),
        ("*u8", "write `VmPtr<u8>`, or `Option<VmPtr<u8>>` if it may be null"),
        ("uint8_t[16]", "write `[u8; 16]`"),
        ("struct Foo", "write `Foo`"),
        ("u8:3", "write `{type: u8, bits: 3}` for a bit-field"),
        ("u24", "integers have 8, 16, 32, 64 or 128 bits"),
        ("AtomicPtr<u8>", "write `AtomicUsize`, which has the same layout, for the address"),
        ("std::sync::atomic::AtomicPtr<u8>", "write `AtomicUsize`, which has the same layout, for the address"),
    ],
)  # fmt: skip
def test_a_type_of_elsewhere_is_told_as_what_it_is_here(
    tmp_path: Path, written: str, help: str
) -> None:
    text = f"types: {{A: {{kind: struct, fields: {{x: '{written}'}}}}}}"
    assert helps(tmp_path, text) == [help]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("types: {A: {kind: struct, fields: {X: u8}}}", ["write `x`, with `c_name: X` if C calls it so"]),
        ("types: {A: {kind: struct, fields: {baseAddr: u8}}}", ["write `base_addr`, with `c_name: baseAddr` if C calls it so"]),
        ("types: {A: {kind: struct, fields: {x__: u8}}}", ["write `x`, with `c_name: x__` if C calls it so"]),
        ("types: {A: {kind: union, fields: {HTTPCode: u8}}}", ["write `http_code`, with `c_name: HTTPCode` if C calls it so"]),
        ("types: {A: {kind: struct, fields: {1st: u8}}}", []),
        ("types: {vm-memory: {kind: opaque}}", ["write `vm_memory`"]),
        ("types: {VM__MEMORY: {kind: opaque}}", ["write `vm_memory`, with `c_name: VM__MEMORY` if C calls it so"]),
        ("types: {E: {kind: enum, tag: u8, variants: {running_: 1}}}", ["write `running`, with `c_name: running_` if C calls it so"]),
        ("constants: {maxSize: {type: u8, value: 1}}", ["write `MAX_SIZE`, with `c_name: maxSize` if C calls it so"]),
        ("types: {A: {kind: context, counts: [numTags]}}", ["write `num_tags`"]),
        ("types: {A: {kind: newtype, of: u8, allow: {Raw_Pointer: x}}}", ["write `raw-pointer`"]),
        ("features: {Component Model: true}", ["write `component_model`"]),
        ("structs: {A: {kind: opaque}}", ["types of all kinds stand under `types`, each with its `kind`: `kind: struct`"]),
        ("enums: {A: 1}", ["types of all kinds stand under `types`, each with its `kind`: `kind: enum`"]),
        ("declarations: {A: 1}", ["write `types`"]),
        ("types: {A: {kind: struct, members: {a: u8}}}", ["as in `fields: {a: u32}`", "write `fields`"]),
        ("types: {A: {kind: record, fields: {a: u8}}}", ["write `kind: struct`"]),
        ("types: {A: {type: struct, fields: {a: u8}}}",
         ["its kinds are struct, union, enum, newtype, opaque, functions, foreign, context", "write `kind`"]),
        ("types: {A: {kind: context, packed: true, fields: {a: u8}}}",
         ["structs and unions can be packed, and nothing else"]),
        ("types: {A: {kind: enum, tag: u8, variants: {a: {bits: 3}}}}",
         ["fields of structs can be bit-fields, by `bits`, and nothing else"]),
        ("types: {A: {kind: opaque, name: B}}", ["the name is the key above it"]),
        ("types: {A: {kind: struct, fields: {a: {type: u8, description: x}}}}", ["write `doc`"]),
        ("types: {A: {kind: struct, fields: {a: {doc: x}}}}", ["as in `type: u32`"]),
        ("types: {A: {kind: struct, fields: {f: fn(u8, u8)}}}",
         ['if it is meant as text, quote it: `f: "fn(u8, u8)"`']),
        ("types: {A: {kind: opaque, doc: one, two, three}}",
         ['if it is meant as text, quote it: `doc: "one, two, three"`'] * 2),
        ("types: {A: {kind: newtype, of: u8, allow: {raw-pointer: one, two}}}",
         ['if it is meant as text, quote it: `raw-pointer: "one, two"`']),
        ("types: {A: {kind: struct, fields: {a: {type: u8, when: [gc]}}}}", ["write `gc`"]),
        ("vmgen: 1", ["name the module, or build the schema that includes this file"]),
    ],
)  # fmt: skip
def test_a_key_or_name_of_elsewhere_is_told_as_what_it_is_here(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    assert helps(tmp_path, text) == expected


def test_a_schema_without_its_version_is_told_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "x.vm.yaml"
    path.write_text("module: sample\n")
    assert findings(path) == (
        "x.vm.yaml:1:1: error[VM006]: a schema needs the key `vmgen`\n"
        "  |\n"
        "1 | module: sample\n"
        "  | ^^^^^^^^^^^^^^\n"
        "  = help: write `vmgen: 1`\n"
    )


def all_keys(shape: s.Shape) -> list[c.Keys]:
    """Every set of keys that the language has."""
    found: list[c.Keys] = []
    waiting, seen = [shape], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, c.Keys):
            found.append(one)
            waiting += [key.shape for key in one.keys.values()]
        elif isinstance(one, c.MapOf):
            waiting.append(one.value)
        elif isinstance(one, c.ByForm):
            waiting += [x for x in (one.scalar, one.mapping, one.sequence) if x]
        elif isinstance(one, c.ByKind):
            waiting += one.kinds.values()
    return found


@pytest.mark.parametrize("known", all_keys(keys.MODULE), ids=lambda k: k.what)
def test_no_hint_names_a_key_that_is_not_there(known: c.Keys) -> None:
    words = "type name size fields members values repr tag inner desc path flags width"
    for word in words.split():
        for help in key_hint(known.what, word, known.keys):
            for key in re.findall(r"^write `(\w+)`", help):
                assert key in known.keys, (known.what, word)


TABLE = (ROOT / "schemas" / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`[^|]*) \| (`[^|]*) \|", TABLE.partition("## From C")[2].partition("\n## ")[0], re.M)  # fmt: skip


def test_there_is_a_table_from_c() -> None:
    assert len(ROWS) >= 15


@pytest.mark.parametrize(("in_c", "here"), ROWS, ids=lambda cell: cell.split("`")[1])
def test_a_row_of_the_table_says_what_the_hint_says(
    tmp_path: Path, in_c: str, here: str
) -> None:
    proposed = re.findall(r"`([^`]+)`", here)
    for spelled in re.findall(r"`([^`]+)`", in_c):
        found = type_hint(spelled) or spelling_hint(spelled)
        assert found, spelled
        for type in proposed:
            assert f"`{type}`" in found[0], (spelled, found)
            parse_type(type)


def test_the_table_has_integers_of_a_size_for_every_compiler() -> None:
    single = {here for _, here in ROWS if here.count("`") == 2}
    assert single >= {f"`{sign}{bits}`" for sign in "ui" for bits in (8, 16, 32, 64)}
