"""Keys that the language doesn't have: reported, and nothing else is hidden by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.schema.mutations import Plain, text_of, tree
from tests.support import findings, write_schema
from vmgen.reading.diagnostics import Report
from vmgen.reading.load import load
from vmgen.reading.source import Mapping, Node, Sequence
from vmgen.reading.yamltree import parse
from vmgen.report.full import render
from vmgen.rules import run_rules
from vmgen.schema import composite_shapes as c
from vmgen.schema import keys, kind_keys, load_module
from vmgen.schema.condition_shapes import OrCases
from vmgen.schema.shapes import Shape

Place = tuple[str | int, ...]

EVERYTHING = """
vmgen: 1
module: sample
doc: One of each.
versions: ["1.0.0", {of: "2.0.0", module: sample2}]
rust_path: engine::vm
targets: [x86_64-unknown-linux-gnu, own32]
padding: implicit
reserved: [Header]
features: {gc: true, async: {default: true, doc: Fibers.}}
data_models: {own32: {pointer: 32, endian: little, align: {u64: 4}, atomics: [8]}}
constants:
  MAGIC: {type: u32, bytes: core, doc: The first word.}
  LIMIT: {type: u32, value: 4}
types:
  Store:
    kind: struct
    doc: One.
    fields:
      magic: {type: u32, value: MAGIC, doc: Always the same., endian: little}
      state: {type: State, access: [readonly], expect_offset: {64: 4, 32: 4}}
      more: {type: u32, when: gc}
      place: {name: Place, anonymous: true, struct: {low: u32, high: {struct: {word: u32}}}}
      raw:
        type: "*mut u8"
        allow: {raw-pointer: only the host reads it, renamed: {reason: it is new, version: "2"}}
    align: 8
    copy: true
    pinned: false
    derive: [Clone, Debug]
    max_offset: 64
    offset_type: u8
    reserved: [fuel]
    expect_size: {64: 32, 32: 24}
    expect_align: 8
    c_name: struct store
    rust_name: TheStore
    python_name: StoreOfPython
  Word: {kind: union, accessors: true, fields: {a: {type: u32, accessors: {bits: i32}}, b: "[u8; LIMIT]"}, align: 4, reserved: [c]}
  Tight: {kind: union, packed: 2, fields: {a: u32, b: u8}}
  State:
    kind: enum
    tag: u32
    trusted: the host writes it
    variants: {Idle: 0, Busy: {value: 1, doc: Runs.}}
    reserved: [Gone]
  Reason: {kind: enum, tag: u32, variants: {Nothing: , Code: {type: u32, when: gc}}}
  List: {kind: struct, params: [T], prefix: true, fields: {first: Option<VmPtr<T>>}}
  Index: {kind: newtype, of: u32, doc: A number., field_visibility: pub, until: "3", versions: "1.. or 2..", rust_path: engine::Index}
  Host: {kind: opaque, doc: The host's., since: "1", was: {Owner: "2"}}
  Builtins:
    kind: functions
    rust_types: {u32: u32}
    functions: {grow: "(a: u32) -> u32", trap: {signature: "(a: u32)", doc: Ends., cfg: unix}}
    reserved: [shrink]
  Handle: {kind: foreign, rust: "crate::Handle", size: {64: 8, 32: 4}, align: {64: 8, 32: 4}}
  OsLock: {kind: foreign, size: 8, align: 4, on_targets: [{on: {os: linux, not: {any: [{endian: big}, {arch: x86}]}, width: 64}, size: 16, align: 8}]}
  Theirs:
    kind: foreign
    c: struct theirs
    c_header: theirs.h
    vm_safe: false
    fields: {a: {type: u32, visibility: private, attrs: [must_use]}}
    visibility: pub(crate)
    attrs: [must_use]
  Instance:
    kind: context
    align: 8
    counts: {num_words: {doc: How many., index: WordIndex}}
    flags: [has_more]
    fields: {store: VmPtr<Store>}
    regions:
      words: {type: "[Word; num_words]", align: 8, access: [readonly], doc: All.}
      more: {type: Index, when: has_more}
    max_offset: 8
    reserved: [num_bytes]
"""


def places(shape: Shape, node: Node, path: Place = ()) -> Iterator[tuple[Place, str]]:
    """Each known key that is written, with the path of the mapping that it is in."""
    match shape, node:
        case OrCases(), _:
            yield from places(shape.value, node, path)
        case c.ByForm(), Mapping() if shape.mapping:
            yield from places(shape.mapping, node, path)
        case c.ByKind(), Mapping():
            yield from places(shape.kinds[tree(node)["kind"]], node, path)
        case c.Keys(), Mapping():
            for name, entry in node.entries.items():
                yield path, name
                yield from places(shape.keys[name].shape, entry.node, (*path, name))
        case c.MapOf(), Mapping():
            for name, entry in node.entries.items():
                yield from places(shape.value, entry.node, (*path, name))
        case c.ListOf(), Sequence():
            for index, item in enumerate(node.items):
                yield from places(shape.item, item, (*path, index))


def changed(value: Any, path: Place, change: Callable[[Any], Any]) -> Any:
    """The tree with a change in the mapping at a path."""
    if not path:
        return change(value)
    first, *rest = path
    if isinstance(value, list):
        made = changed(value[int(first)], tuple(rest), change)
        return [made if i == first else item for i, item in enumerate(value)]
    return {**value, first: changed(value[first], tuple(rest), change)}


def misspelt(key: str) -> str:
    return key[:-1]


def judge(path: Path) -> tuple[Report, bool]:
    """What is said of a schema, and whether anything could be built of it."""
    report = Report()
    module = load_module(path, path.name, report)
    return report, bool(module and run_rules(module, report))


def test_a_schema_with_every_key_is_sound(tmp_path: Path) -> None:
    path = write_schema(tmp_path, EVERYTHING)
    report, built = judge(path)
    assert built, render(report)
    used = {name for _, name in _places_of(path)}
    assert used >= {k for kind in kind_keys.KINDS.values() for k in kind.keys}


def _places_of(path: Path) -> list[tuple[Place, str]]:
    return list(places(keys.MODULE, _root(path)))


def _root(path: Path) -> Mapping:
    report = Report()
    file = load(path, path.name, report)
    assert file is not None
    root = parse(file, report)
    assert root is not None
    return root


def test_an_unknown_key_is_reported_in_every_mapping(tmp_path: Path) -> None:
    path = write_schema(tmp_path, EVERYTHING)
    whole = tree(_root(path))
    for where in dict.fromkeys(where for where, _ in _places_of(path)):
        more = changed(whole, where, lambda v: {**v, "strange": Plain("1")})
        path.write_text(text_of(more), encoding="utf-8")
        report, built = judge(path)
        assert [f.code for f in report if f.severity == "error"] == ["VM004"], where
        assert not built


def test_a_misspelt_key_is_reported_wherever_it_is(tmp_path: Path) -> None:
    path = write_schema(tmp_path, EVERYTHING)
    whole = tree(_root(path))
    for where, key in _places_of(path):
        if key == "module":  # A file without it is a fragment, which is said instead.
            continue
        other = changed(
            whole,
            where,
            lambda v, key=key: {misspelt(k) if k == key else k: v[k] for k in v},
        )
        path.write_text(text_of(other), encoding="utf-8")
        report, built = judge(path)
        message = f"has no key `{misspelt(key)}`"
        said = [f.message for f in report if f.code == "VM004"]
        assert len(said) == 1, (where, key)
        assert said[0].endswith(message)
        assert not built


def test_an_unknown_key_hides_no_other_fault(tmp_path: Path) -> None:
    text = """
    types:
      A: {kind: struct, fields: {x: bool}}
      B: {kind: struct, fields: {x: u32}, algin: 8}
      C: {kind: struct, fields: {"class": "*mut u8", y: Nix}}
    """
    said = findings(write_schema(tmp_path, text))
    assert [line for line in said.splitlines() if "error[" in line] == [
        "sample.vm.yaml:5:33: error[VM101]: `bool` is not VmSafe",
        "sample.vm.yaml:6:39: error[VM004]: a struct has no key `algin`",
        "sample.vm.yaml:7:30: error[VM011]: `class` is a keyword of C++ and Python",
        "sample.vm.yaml:7:40: error[VM102]: `*mut u8` doesn't expose its provenance",
        "sample.vm.yaml:7:53: error[VM008]: no type is named `Nix`",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("feature: {gc: true}\ntypes: {A: {kind: struct, fields: {x: {type: u8, when: gc}}}}",
         "3:1: error[VM004]: a schema has no key `feature`"),
        ("constant: {N: {type: u8, value: 1}}\ntypes: {A: {kind: struct, fields: {x: '[u8; N]'}}}",
         "3:1: error[VM004]: a schema has no key `constant`"),
        ("target: [wasm32-unknown-unknown]\ntypes: {A: {kind: struct, fields: {x: AtomicU64}}}",
         "3:1: error[VM004]: a schema has no key `target`"),
        ("types: {A: {kind: context, count: [n], regions: {x: '[u8; n]'}}}",
         "3:28: error[VM004]: a context has no key `count`"),
    ],
)  # fmt: skip
def test_what_a_misspelt_key_declares_is_not_missed_everywhere(
    tmp_path: Path, text: str, message: str
) -> None:
    said = findings(write_schema(tmp_path, text))
    heads = [line for line in said.splitlines() if "[VM" in line]
    assert heads == [f"sample.vm.yaml:{message}"]


def test_a_misspelt_kind_is_named(tmp_path: Path) -> None:
    said = findings(write_schema(tmp_path, "types: {A: {knid: newtype, of: u32}}"))
    assert said.startswith(
        "sample.vm.yaml:3:12: error[VM006]: a type needs the key `kind`\n"
    )
    assert "sample.vm.yaml:3:13: error[VM004]: a type has no key `knid`\n" in said
    assert "  = help: did you mean `kind`?\n" in said
