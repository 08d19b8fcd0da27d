"""A change of any key of the schema language is told, or the page of `diff` says why not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.changes.pairs import told
from tests.support import ROOT
from vmgen.schema import keys, member_keys, union_keys
from vmgen.schema.kind_keys import KINDS

if TYPE_CHECKING:
    from pathlib import Path

OWN = "types:\n  Own: {{kind: struct, fields: {{z: u8}}}}\n"
CONTEXT = "  Thing:\n    kind: context\n    fields: {{a: u32}}\n    "
FRAMES = {
    "struct": "  Thing: {{kind: struct, fields: {{a: u32, b: VmPtr<Own>, c: u8}}{}}}\n",
    "union": "  Thing: {{kind: union, fields: {{a: u32, b: u8}}{}}}\n",
    "enum": "  Thing: {{kind: enum, tag: u8, variants: {{First: 0, Second: 1}}{}}}\n",
    "newtype": "  Thing: {{kind: newtype, of: u32{}}}\n",
    "opaque": "  Thing: {{kind: opaque{}}}\n",
    "functions": "  Thing: {{kind: functions, functions: {{a: '(x: VmPtr<Own>)'}}{}}}\n",
    "foreign": "  Thing: {{kind: foreign, size: 8, align: 4{}}}\n",
    "foreign record": "  Thing: {{kind: foreign, fields: {{a: u32, c: u8}}{}}}\n",
    "context": CONTEXT + "counts: [n]\n    regions: {{r: '[Own; n]'}}\n    {}\n",
    "a field": "  Thing: {{kind: struct, fields: {{a: {{type: u32{}}}, b: u8}}}}\n"
    "constants:\n  LEAST: {{type: u32, value: 4}}\n",
    "a pointer": "  Thing: {{kind: struct, fields: {{a: {{type: VmPtr<u32>{}}}, b: u8}}}}\n",
    "in place": "  Thing: {{kind: struct, fields: {{a: {{{}}}, b: u8}}}}\n",
    "at the end": "  Thing: {{kind: struct, fields: {{a: u32, b: {{type: '[u8]'{}}}}}}}\n",
    "a member": "  Thing: {{kind: union, accessors: true, fields: {{a: {{type: u32{}}}}}}}\n",
    "a variant": "  Thing: {{kind: enum, tag: u8, variants: {{First: {{value: 0{}}}}}}}\n",
    "a function": "  Thing: {{kind: functions, functions: {{a: {{signature: '() -> VmPtr<Own>'{}}}}}}}\n",
    "a count": CONTEXT + "counts: {{n: {{{}}}}}\n    regions: {{r: '[Own; n]'}}\n",
    "a flag": CONTEXT + "flags: {{n: {{{}}}}}\n    regions: {{r: {{type: Own, when: n}}}}\n",
    "a region": CONTEXT + "counts: [n]\n    flags: [f]\n"
    "    regions: {{r: {{type: '[u32; n]'{}}}}}\n",
    "a constant": "  Thing: {{kind: struct, fields: {{a: u32}}}}\n"
    "constants:\n  LEAST: {{type: u32, value: 4{}}}\n",
    "a schema": "  Thing: {{kind: struct, fields: {{a: u32}}}}\n{}\n",
}  # fmt: skip
"""What each key is put into."""


class Row(NamedTuple):
    """A change of one key at a place: what is put into the frame of the place in the old
    and in the new schema, or with `~` what is replaced there, and what is told of it.
    """

    place: str
    key: str
    old: str
    new: str
    told: list[str]


OF_TYPES = [
    ("doc", "doc: Other.", "VM481 the documentation of `Thing` changed"),
    (
        "c_name",
        "c_name: Other",
        "VM464 `c_name` of `Thing` is `Other` instead of left out",
    ),
    (
        "rust_name",
        "rust_name: Other",
        "VM462 `rust_name` of `Thing` is `Other` instead of left out",
    ),
    (
        "python_name",
        "python_name: Other",
        "VM441 `python_name` of `Thing` is `Other` instead of left out",
    ),
    (
        "visibility",
        "visibility: pub(crate)",
        "VM462 `visibility` of `Thing` is `pub(crate)` instead of left out",
    ),
    (
        "attrs",
        "attrs: [must_use]",
        "VM462 `attrs` of `Thing` is `must_use` instead of left out",
    ),
    ("cfg", "cfg: unix", "VM462 `cfg` of `Thing` is `unix` instead of left out"),
    (
        "offset_type",
        "offset_type: u8",
        "VM462 `offset_type` of `Thing` is `u8` instead of left out",
    ),
    (
        "allow",
        "allow: {raw-pointer: a reason}",
        "VM482 other things are allowed in `Thing`, or for other reasons",
    ),
]
"""Keys that types of all kinds have."""

ROWS = [
    Row("struct", "kind", "~kind: struct", "kind: union", ["VM407 `Own` is a union instead of a struct", "VM407 `Thing` is a union instead of a struct; its size goes from 24 to 8 on 64-bit targets, its size goes from 12 to 4 on i686-unknown-linux-gnu"]),
    Row("struct", "fields", "~c: u8", "d: u16", ["VM402 `Thing.c` is removed", "VM401 `Thing.d` is added at 16 on 64-bit targets and at 8 on i686-unknown-linux-gnu"]),
    Row("struct", "params", "", ", params: [T]", ["VM462 `params` of `Thing` is `T` instead of left out"]),
    Row("struct", "align", "", ", align: 16", ["VM405 `Thing` is aligned to 16 instead of 8, 16 instead of 4; its size goes from 24 to 32 and its alignment goes from 8 to 16 on 64-bit targets, its size goes from 12 to 16 and its alignment goes from 4 to 16 on i686-unknown-linux-gnu"]),
    Row("struct", "packed", "", ", packed: true", ["VM405 `Thing` is laid out in another way; `b` and everything behind it move by -4 on 64-bit targets, its size goes from 12 to 9 and its alignment goes from 4 to 1 on i686-unknown-linux-gnu"]),
    Row("struct", "copy", "", ", copy: true", ["VM462 `copy` of `Thing` is true instead of left out"]),
    Row("struct", "derive", "", ", derive: [Debug]", ["VM462 `derive` of `Thing` is `Debug` instead of left out"]),
    Row("struct", "pinned", "", ", pinned: true", ["VM462 `pinned` of `Thing` is true instead of left out"]),
    Row("struct", "prefix", "", ", prefix: true", ["VM407 `Thing` is a prefix instead of a struct; its size goes from 24 to 0 and its alignment goes from 8 to 1 on 64-bit targets, its size goes from 12 to 0 and its alignment goes from 4 to 1 on i686-unknown-linux-gnu"]),
    Row("struct", "reserved", ", reserved: [old]", "", ["VM492 `old` is not reserved any more in `Thing`"]),
    Row("union", "fields", "~b: u8", "b: u64", ["VM404 `Thing.b` is `u64` instead of `u8`; its size goes from 4 to 8 and its alignment goes from 4 to 8 on 64-bit targets, its size goes from 4 to 8 on i686-unknown-linux-gnu"]),
    Row("union", "align", "", ", align: 16", ["VM405 `Thing` is aligned to 16 instead of 4; its size goes from 4 to 16 and its alignment goes from 4 to 16 on every target"]),
    Row("union", "packed", "", ", packed: true", ["VM405 `Thing` is laid out in another way; its alignment goes from 4 to 1 on every target"]),
    Row("union", "accessors", "", ", accessors: true", ["VM462 `accessors` of `Thing` is `a: u32, b: u8` instead of left out"]),
    Row("union", "derive", ", derive: [Clone, Copy]", "", ["VM462 `derive` of `Thing` is left out instead of `Clone, Copy`"]),
    Row("union", "reserved", ", reserved: [old]", "", ["VM492 `old` is not reserved any more in `Thing`"]),
    Row("enum", "tag", "~tag: u8", "tag: u16", ["VM405 the tag of `Thing` is `u16` instead of `u8`; its size goes from 1 to 2 and its alignment goes from 1 to 2 on every target"]),
    Row("enum", "variants", "~Second: 1", "Second: 2", ["VM409 `Thing::Second` is 2 instead of 1"]),
    Row("enum", "trusted", "", ", trusted: only the host writes it", ["VM462 `trusted` of `Thing` is true instead of left out"]),
    Row("enum", "derive", "", ", derive: [Debug]", ["VM462 `derive` of `Thing` is `Debug` instead of left out"]),
    Row("enum", "reserved", ", reserved: [Old]", "", ["VM492 `Old` is not reserved any more in `Thing`"]),
    Row("newtype", "of", "~of: u32", "of: i32", ["VM404 `Thing` wraps `i32` instead of `u32`"]),
    Row("newtype", "derive", "", ", derive: [Debug]", ["VM462 `derive` of `Thing` is `Debug` instead of left out"]),
    Row("newtype", "field_visibility", "", ", field_visibility: private", ["VM462 `field_visibility` of `Thing` is `private` instead of left out"]),
    Row("functions", "functions", "~(x: VmPtr<Own>)", "(x: u32)", ["VM412 `Thing.a` is `fn(x: u32)` instead of `fn(x: VmPtr<Own>)`"]),
    Row("functions", "access", "", ", access: [readonly]", ["VM484 a slot of `Thing` is `readonly`"]),
    Row("functions", "rust_types", "", ", rust_types: {VmPtr<Own>: '*mut Own'}", ["VM462 `signature` of `Thing.a` is `fn(x: *mut Own)` instead of left out"]),
    Row("functions", "derive", ", derive: [Clone, Copy]", "", ["VM462 `derive` of `Thing` is left out instead of `Clone, Copy`"]),
    Row("functions", "reserved", ", reserved: [old]", "", ["VM492 `old` is not reserved any more in `Thing`"]),
    Row("foreign", "rust", "", ", rust: crate::Other", ["VM462 `rust` of `Thing` is `crate::Other` instead of left out"]),
    Row("foreign", "c", "", ", c: struct other", ["VM464 `c` of `Thing` is `struct other` instead of left out"]),
    Row("foreign", "c_header", ", c: struct other", ", c: struct other, c_header: other.h", ["VM464 `c` of `Thing` is `struct other other.h` instead of `struct other`"]),
    Row("foreign", "size", "~size: 8", "size: 16", ["VM405 `Thing` is laid out in another way; its size goes from 8 to 16 on every target"]),
    Row("foreign", "align", "~align: 4", "align: 8", ["VM405 `Thing` is laid out in another way; its alignment goes from 4 to 8 on every target"]),
    Row("foreign", "on_targets", "", ", on_targets: [{on: {arch: s390x}, size: 16, align: 8}]", ["VM405 `Thing` is laid out in another way; its size goes from 8 to 16 and its alignment goes from 4 to 8 on s390x-unknown-linux-gnu"]),
    Row("foreign", "copy", "", ", copy: true", ["VM462 `copy` of `Thing` is true instead of left out"]),
    Row("foreign", "vm_safe", "", ", vm_safe: false", ["VM462 `vm_safe` of `Thing` is false instead of left out"]),
    Row("foreign record", "fields", "~c: u8", "c: u64", ["VM404 `Thing.c` is `u64` instead of `u8`; `c` moves by 4 on 64-bit targets, its size goes from 8 to 12 on i686-unknown-linux-gnu"]),
    Row("foreign record", "packed", "", ", packed: true", ["VM405 `Thing` is laid out in another way; its size goes from 8 to 5 and its alignment goes from 4 to 1 on every target"]),
    Row("context", "align", "", "align: 16", ["VM405 `Thing` is aligned to 16 instead of 4; its alignment goes from 4 to 16 on every target"]),
    Row("context", "counts", "~[n]", "[n, m]", ["VM463 the count `m` of `Thing` is added"]),
    Row("context", "flags", "", "flags: [f]", ["VM463 the flag `f` of `Thing` is added"]),
    Row("context", "fields", "~a: u32", "a: u64", ["VM404 `Thing.a` is `u64` instead of `u32`; `r` moves by 4 on every target"]),
    Row("context", "regions", "~r: '[Own; n]'", "r: '[u32; n]'", ["VM404 `Thing.r` is `u32` instead of `Own`; its size moves with n on every target"]),
    Row("context", "reserved", "reserved: [old]", "", ["VM492 `old` is not reserved any more in `Thing`"]),
    Row("a field", "doc", "", ", doc: Other.", ["VM481 the documentation of `Thing.a` changed"]),
    Row("a field", "c_name", "", ", c_name: other", ["VM464 `c_name` of `Thing.a` is `other` instead of left out"]),
    Row("a field", "rust_name", "", ", rust_name: other", ["VM462 `rust_name` of `Thing.a` is `other` instead of left out"]),
    Row("a field", "python_name", "", ", python_name: other", ["VM441 `python_name` of `Thing.a` is `other` instead of left out"]),
    Row("a field", "type", "~type: u32", "type: i32", ["VM404 `Thing.a` is `i32` instead of `u32`", "VM413 the constant `LEAST` is a `i32` instead of a `u32`"]),
    Row("a field", "access", "", ", access: [readonly]", ["VM484 `Thing.a` is `readonly`"]),
    Row("a field", "alias", "", ", alias: one", ["VM481 `Thing.a` is in the alias region `one`"]),
    Row("a field", "atomic", "", ", atomic: relaxed", ["VM416 `Thing.a` is loaded and stored atomically"]),
    Row("a field", "volatile", "", ", volatile: true", ["VM414 `Thing.a` is `volatile`: each load and store of it has to happen"]),
    Row("a field", "volatile", ", volatile: true", "", ["VM484 `Thing.a` isn't `volatile` any more"]),
    Row("a field", "endian", "", ", endian: little", ["VM418 `Thing.a` is little-endian on every host: its bytes are the other way round on s390x-unknown-linux-gnu"]),
    Row("a field", "value", "", ", value: LEAST", ["VM484 `Thing.a` always holds `LEAST`"]),
    Row("a field", "align", "", ", align: 16", ["VM405 `Thing` is laid out in another way; its size goes from 8 to 16 and its alignment goes from 4 to 16 on every target"]),
    Row("a field", "on", ", on: {width: 64}", "", ["VM401 `Thing.a` is added on i686-unknown-linux-gnu; `b` moves by 4 on i686-unknown-linux-gnu"]),
    Row("a field", "on", "", ", on: {endian: little}", ["VM402 `Thing.a` is removed on s390x-unknown-linux-gnu; `b` moves by -4 on s390x-unknown-linux-gnu"]),
    Row("a field", "on", ", on: {width: 64}", ", on: {width: 32}", ["VM402 `Thing.a` is removed on 64-bit targets and added on i686-unknown-linux-gnu; `b` moves by -4 on 64-bit targets, `b` moves by 4 on i686-unknown-linux-gnu"]),
    Row("a field", "on", ", on: {width: 64}", ", on: {not: {width: 32}}", ["VM461 the condition of `Thing.a` is `not 32-bit` instead of `64-bit`, with the same bytes"]),
    Row("a field", "bits", ", bits: 4", ", bits: 8", ["VM404 `Thing.a` has 8 bits instead of 4 bits"]),
    Row("a field", "visibility", "", ", visibility: private", ["VM462 `visibility` of `Thing.a` is `private` instead of left out"]),
    Row("a field", "attrs", "", ", attrs: [must_use]", ["VM462 `attrs` of `Thing.a` is `must_use` instead of left out"]),
    Row("a field", "allow", "", ", allow: {raw-pointer: a reason}", ["VM482 other things are allowed in `Thing.a`, or for other reasons"]),
    Row("a pointer", "points_to", "", ", points_to: {access: [readonly]}", ["VM484 what `Thing.a` points to is `readonly`"]),
    Row("a pointer", "points_to", "", ", points_to: {bytes: 4}", ["VM484 what `Thing.a` points to has 4 bytes for certain"]),
    Row("in place", "struct", "name: Inside, struct: {x: u32}", "name: Inside, struct: {x: u64}", ["VM404 `Inside.x` is `u64` instead of `u32`; its size goes from 4 to 8 and its alignment goes from 4 to 8 on 64-bit targets, its size goes from 4 to 8 on i686-unknown-linux-gnu"]),
    Row("in place", "union", "name: Inside, struct: {x: u32}", "name: Inside, union: {x: u32}", ["VM407 `Inside` is a union instead of a struct"]),
    Row("in place", "anonymous", "name: Inside, struct: {x: u32}", "name: Inside, struct: {x: u32}, anonymous: true", ["VM464 `anonymous` of `Thing.a` is true instead of left out"]),
    Row("in place", "name", "name: Inside, struct: {x: u32}", "name: Within, struct: {x: u32}", ["VM441 `Inside` is called `Within`"]),
    Row("a member", "accessors", "", ", accessors: {bits: i32}", ["VM462 `accessors` of `Thing` is `bits: i32` instead of `a: u32`"]),
    Row("a variant", "doc", "", ", doc: Other.", ["VM481 the documentation of `Thing.First` changed"]),
    Row("a variant", "c_name", "", ", c_name: OTHER", ["VM464 `c_name` of `Thing::First` is `OTHER` instead of left out"]),
    Row("a variant", "rust_name", "", ", rust_name: Other", ["VM462 `rust_name` of `Thing::First` is `Other` instead of left out"]),
    Row("a variant", "python_name", "", ", python_name: Other", ["VM441 `python_name` of `Thing::First` is `Other` instead of left out"]),
    Row("a variant", "type", "", ", type: u32", ["VM407 `Thing` is an enum with payloads instead of a plain enum; its size goes from 1 to 8 and its alignment goes from 1 to 4 on every target"]),
    Row("a variant", "value", "~value: 0", "value: 3", ["VM409 `Thing::First` is 3 instead of 0"]),
    Row("a variant", "cfg", "", ", cfg: unix", ["VM462 `cfg` of `Thing::First` is `unix` instead of left out"]),
    Row("a variant", "allow", "", ", allow: {raw-pointer: a reason}", ["VM482 other things are allowed in `Thing.First`, or for other reasons"]),
    Row("a function", "doc", "", ", doc: Other.", ["VM481 the documentation of `Thing.a` changed"]),
    Row("a function", "c_name", "", ", c_name: other", ["VM464 `c_name` of `Thing.a` is `other` instead of left out"]),
    Row("a function", "rust_name", "", ", rust_name: other", ["VM462 `rust_name` of `Thing.a` is `other` instead of left out"]),
    Row("a function", "python_name", "", ", python_name: other", ["VM441 `python_name` of `Thing.a` is `other` instead of left out"]),
    Row("a function", "signature", "~() -> VmPtr<Own>", "(x: u8) -> VmPtr<Own>", ["VM412 `Thing.a` is `fn(x: u8) -> VmPtr<Own>` instead of `fn() -> VmPtr<Own>`"]),
    Row("a function", "nullable", "", ", nullable: true", ["VM412 `Thing.a` is `Option<fn() -> VmPtr<Own>>` instead of `fn() -> VmPtr<Own>`"]),
    Row("a function", "rust_types", "", ", rust_types: {VmPtr<Own>: '*mut Own'}", ["VM462 `signature` of `Thing.a` is `fn() -> *mut Own` instead of left out"]),
    Row("a function", "rust_result", "", ", rust_result: '*mut Own'", ["VM462 `signature` of `Thing.a` is `fn() -> *mut Own` instead of left out"]),
    Row("a function", "cfg", "", ", cfg: unix", ["VM462 `cfg` of `Thing.a` is `unix` instead of left out"]),
    Row("a function", "allow", "", ", allow: {raw-pointer: a reason}", ["VM482 other things are allowed in `Thing.a`, or for other reasons"]),
    Row("a count", "doc", "", "doc: Other.", ["VM481 the documentation of `Thing.n` changed"]),
    Row("a count", "index", "", "index: Index", ["VM462 what `n` of `Thing` counts is numbered by `Index` instead of `u32`"]),
    Row("a flag", "doc", "", "doc: Other.", ["VM481 the documentation of `Thing.n` changed"]),
    Row("a region", "doc", "", ", doc: Other.", ["VM481 the documentation of `Thing.r` changed"]),
    Row("a region", "c_name", "", ", c_name: other", ["VM464 `c_name` of `Thing.r` is `other` instead of left out"]),
    Row("a region", "rust_name", "", ", rust_name: other", ["VM462 `rust_name` of `Thing.r` is `other` instead of left out"]),
    Row("a region", "python_name", "", ", python_name: other", ["VM441 `python_name` of `Thing.r` is `other` instead of left out"]),
    Row("a region", "type", "~[u32; n]", "[u64; n]", ["VM404 `Thing.r` is `u64` instead of `u32`; `r` moves by 4 on 64-bit targets, its size moves with n on i686-unknown-linux-gnu"]),
    Row("a region", "align", "", ", align: 16", ["VM408 the begin of `Thing.r` is rounded up to 16; `r` moves by 12 on every target"]),
    Row("a region", "when", "", ", when: f", ["VM408 `Thing.r` is when `f` is set instead of always there; its size moves with n on every target"]),
    Row("a region", "access", "", ", access: [readonly]", ["VM484 `Thing.r` is `readonly`"]),
    Row("a region", "alias", "", ", alias: one", ["VM481 `Thing.r` is in the alias region `one`"]),
    Row("a region", "atomic", "", ", atomic: relaxed", ["VM416 `Thing.r` is loaded and stored atomically"]),
    Row("a region", "points_to", "~[u32; n]'", "[VmPtr<u32>; n]', points_to: {access: [readonly]}", ["VM404 `Thing.r` is `VmPtr<u32>` instead of `u32`; `r` moves by 4 on 64-bit targets", "VM484 what `Thing.r` points to is `readonly`"]),
    Row("a region", "allow", "", ", allow: {raw-pointer: a reason}", ["VM482 other things are allowed in `Thing.r`, or for other reasons"]),
    Row("a constant", "doc", "", ", doc: Other.", ["VM481 the documentation of `LEAST` changed"]),
    Row("a constant", "c_name", "", ", c_name: OTHER", ["VM464 `c_name` of `LEAST` is `OTHER` instead of left out"]),
    Row("a constant", "rust_name", "", ", rust_name: OTHER", ["VM462 `rust_name` of `LEAST` is `OTHER` instead of left out"]),
    Row("a constant", "python_name", "", ", python_name: OTHER", ["VM441 `python_name` of `LEAST` is `OTHER` instead of left out"]),
    Row("a constant", "type", "~type: u32", "type: u64", ["VM413 the constant `LEAST` is a `u64` instead of a `u32`"]),
    Row("a constant", "value", "~value: 4", "value: 5", ["VM413 the constant `LEAST` is 5 instead of 4"]),
    Row("a constant", "bytes", "~value: 4", "bytes: ABCD", ["VM413 the constant `LEAST` is 1145258561 instead of 4"]),
    Row("a schema", "doc", "", "doc: Other.", ["VM481 the documentation of the module changed"]),
    Row("a schema", "constants", "", "constants: {LEAST: {type: u8, value: 1}}", ["VM483 the constant `LEAST` is added, which is 1"]),
    Row("a schema", "types", "~a: u32", "a: u64", ["VM404 `Thing.a` is `u64` instead of `u32`; its size goes from 4 to 8 and its alignment goes from 4 to 8 on 64-bit targets, its size goes from 4 to 8 on i686-unknown-linux-gnu"]),
    Row("a schema", "reserved", "reserved: [Old]", "", ["VM492 `Old` is not reserved any more"]),
    Row("a schema", "allow", "", "allow: {raw-pointer: a reason}", ["VM482 other things are allowed in the module, or for other reasons"]),
]  # fmt: skip

UNTOLD = {
    "a schema": {
        "vmgen", "module", "include", "uses", "targets", "data_models", "features", "versions",
        "padding", "profile", "rust_path", "c",
    },
    "a type": {"expect_size", "expect_align", "max_offset", "rust_path", "was"},
    "a field": {"expect_offset", "length", "was"},
    "a count": {"stored", "was"},
    "a constant": {"bit_of", "was"},
    "a variant": {"was"}, "a function": {"was"}, "a flag": {"was"}, "a region": {"was"},
}  # fmt: skip
"""Keys that nothing is told of, each with its reason on the page of `diff`."""

CONDITIONS = {"since", "until", "versions", "when"}
"""What they bring is told."""


def test_every_key_has_a_row_or_a_reason() -> None:
    asked = {("a schema", key) for key in keys.MODULE.keys}
    for kind, shape in KINDS.items():
        asked |= {(kind, key) for key in shape.keys}
    for shape in (
        member_keys.FIELD_KEYS,
        member_keys.VARIANT_KEYS,
        member_keys.SLOT_KEYS,
        member_keys.FLAG_KEYS,
        member_keys.COUNT_KEYS,
        member_keys.REGION_KEYS,
        union_keys.MEMBER_KEYS,
        keys.CONSTANT_KEYS,
    ):
        asked |= {(shape.what, key) for key in shape.keys}
    of_fields = {"a pointer", "in place", "a member"}
    told = {("a field" if r.place in of_fields else r.place, r.key) for r in ROWS}
    told |= {("foreign", r.key) for r in ROWS if r.place == "foreign record"}
    told |= {(kind, key) for kind in KINDS for key, _, _ in OF_TYPES}
    # A kind is changed in a row of structs, and every kind has the key.
    told |= {(kind, "kind") for kind in KINDS}
    silent = {(place, key) for place, listed in UNTOLD.items() for key in listed}
    silent |= {(kind, key) for kind in KINDS for key in UNTOLD["a type"]}
    left = {(place, key) for place, key in asked if key not in CONDITIONS}
    assert left - told - silent == set()
    assert told & silent == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.place}-{row.key}")
def test_a_change_of_a_key_is_told(tmp_path: Path, row: Row) -> None:
    assert told(tmp_path, *sides_of(row.place, row.old, row.new)) == row.told


@pytest.mark.parametrize(("key", "new", "message"), OF_TYPES, ids=lambda x: x[:12])
@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_a_key_of_all_types_is_told(
    tmp_path: Path, kind: str, key: str, new: str, message: str
) -> None:
    if key in KINDS[kind].keys:
        put = new if kind == "context" else f", {new}"
        assert told(tmp_path, *sides_of(kind, "", put)) == [message]


def test_the_page_has_the_keys_that_are_not_told() -> None:
    page = (ROOT / "docs" / "diff.md").read_text()
    section = page.partition("## What isn't told")[2].partition("\n## ")[0]
    rows = [
        line.split("|")[1] for line in section.splitlines() if line.startswith("| `")
    ]
    listed = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert listed == set().union(*UNTOLD.values())


def sides_of(place: str, old: str, new: str) -> tuple[str, str]:
    """The two schemas of a row: what is put into the frame of the place, or with `~` what
    is replaced there."""
    frame = OWN + FRAMES[place]
    if old.startswith("~"):
        whole = frame.format("")
        assert old[1:] in whole
        return whole, whole.replace(old[1:], new)
    return frame.format(old), frame.format(new)
