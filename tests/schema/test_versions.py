"""Several versions in one schema: each is what a schema for it alone would be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support import findings, vmgen, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.schema import Loader, UnknownVersion, load_module
from vmgen.schema import model as m

HEAD = """\
vmgen: 1
module: engine
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
"""
ENGINE = HEAD + """\
versions: [{of: "42.0.0..42.0.2", module: engine42}, "47.0.0", "48.0.0..48.0.5", "48.0.6"]
doc: [{is: Old., until: "48"}, {is: New., since: "48"}]
constants:
  - DEPTH: {type: u32, value: [{is: 8, until: "48"}, {is: 16, since: "48"}]}
  - MARK: {type: u32, bytes: core, was: {COOKIE: "47"}}
  - OLD: {type: u32, value: 1, versions: "42"}
types:
  - FuncRef:
      kind: struct
      was: {Function: "47"}
      fields: {code: VmPtr<u8>, context: VmPtr<Context>}
  - Store:
      kind: struct
      align: [{is: 16, since: "48"}]
      fields:
        - magic: {type: u32, value: MARK, expect_offset: 0}
        - fuel: {type: i64, access: [{is: [readonly], until: "47"}, {is: [readonly, can_move], since: "47"}]}
        - limit: {type: usize, until: "48"}
        - chain: {type: "Option<VmPtr<Store>>", was: {top: "47", parent: "48"}}
        - frames: {type: "[u32; DEPTH]", doc: [{is: Frames., versions: "42 or 48.0.6.."}]}
        - limit: {type: u64, since: "48"}
  - Kind:
      kind: enum
      tag: u32
      variants: [Host, Instance, {Flags: {was: {Bits: "47"}}}, {Task: {value: 7, until: "48"}}]
  - Calls:
      kind: functions
      functions:
        - trap: {signature: "(code: u32)", until: "47"}
        - grow: {signature: [{is: "(f: VmPtr<FuncRef>)", until: "48"}, {is: "(f: VmPtr<FuncRef>, n: u32)", since: "48"}]}
  - Extra: {kind: newtype, of: u32, since: "48.0.6"}
  - Context:
      kind: context
      align: 16
      counts: [num_tags, {num_funcs: {doc: All., was: {num_escaped: "48"}}}, {num_more: {since: "48"}}]
      fields: {store: VmPtr<Store>}
      regions:
        - tags: "[u32; num_tags]"
        - refs:
            type: "[FuncRef; num_funcs]"
            align: [{is: none, until: "48.0.6"}]
            allow: {misaligned-region: [{is: so it was, until: "48.0.6"}]}
        - more: {type: "[u64; num_more]", since: "48"}
"""
ENGINE_47 = HEAD + """\
doc: Old.
constants:
  DEPTH: {type: u32, value: 8}
  MARK: {type: u32, bytes: core, was: COOKIE}
types:
  FuncRef: {kind: struct, was: Function, fields: {code: VmPtr<u8>, context: VmPtr<Context>}}
  Store:
    kind: struct
    fields:
      magic: {type: u32, value: MARK, expect_offset: 0}
      fuel: {type: i64, access: [readonly, can_move]}
      limit: usize
      parent: {type: "Option<VmPtr<Store>>", was: top}
      frames: "[u32; DEPTH]"
  Kind:
    kind: enum
    tag: u32
    variants: {Host: , Instance: , Flags: {was: [Bits]}, Task: 7}
  Calls: {kind: functions, functions: {grow: "(f: VmPtr<FuncRef>)"}}
  Context:
    kind: context
    align: 16
    counts: {num_tags: , num_escaped: All.}
    fields: {store: VmPtr<Store>}
    regions:
      tags: "[u32; num_tags]"
      refs:
        type: "[FuncRef; num_escaped]"
        align: none
        allow: {misaligned-region: so it was}
"""
ENGINE_42 = HEAD + """\
doc: Old.
constants:
  DEPTH: {type: u32, value: 8}
  COOKIE: {type: u32, bytes: core}
  OLD: {type: u32, value: 1}
types:
  Function: {kind: struct, fields: {code: VmPtr<u8>, context: VmPtr<Context>}}
  Store:
    kind: struct
    fields:
      magic: {type: u32, value: COOKIE, expect_offset: 0}
      fuel: {type: i64, access: [readonly]}
      limit: usize
      top: Option<VmPtr<Store>>
      frames: {type: "[u32; DEPTH]", doc: Frames.}
  Kind:
    kind: enum
    tag: u32
    variants: {Host: , Instance: , Bits: , Task: 7}
  Calls:
    kind: functions
    functions: {trap: "(code: u32)", grow: "(f: VmPtr<Function>)"}
  Context:
    kind: context
    align: 16
    counts: {num_tags: , num_escaped: All.}
    fields: {store: VmPtr<Store>}
    regions:
      tags: "[u32; num_tags]"
      refs:
        type: "[Function; num_escaped]"
        align: none
        allow: {misaligned-region: so it was}
"""
ENGINE_48 = HEAD + """\
doc: New.
constants:
  DEPTH: {type: u32, value: 16}
  MARK: {type: u32, bytes: core, was: COOKIE}
types:
  FuncRef: {kind: struct, was: Function, fields: {code: VmPtr<u8>, context: VmPtr<Context>}}
  Store:
    kind: struct
    align: 16
    fields:
      magic: {type: u32, value: MARK, expect_offset: 0}
      fuel: {type: i64, access: [readonly, can_move]}
      chain: {type: "Option<VmPtr<Store>>", was: [parent, top]}
      frames: {type: "[u32; DEPTH]", doc: Frames.}
      limit: u64
  Kind: {kind: enum, tag: u32, variants: {Host: , Instance: , Flags: {was: Bits}}}
  Calls: {kind: functions, functions: {grow: "(f: VmPtr<FuncRef>, n: u32)"}}
  Extra: {kind: newtype, of: u32}
  Context:
    kind: context
    align: 16
    counts: [num_tags, num_funcs: {doc: All., was: num_escaped}, num_more]
    fields: {store: VmPtr<Store>}
    regions:
      tags: "[u32; num_tags]"
      refs: "[FuncRef; num_funcs]"
      more: "[u64; num_more]"
"""
PLACES = {"span", "access_span", "node", "rust_node", "spelled", "files", "path"}


def plain(value: object) -> Any:
    """What a model says, without the places where it is written."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, msgspec.Struct):
        names = (n for n in value.__struct_fields__ if n not in PLACES)
        what = {name: plain(getattr(value, name)) for name in names}
        return {"": type(value).__name__, **what}
    return value


def said(module: m.Module) -> Any:
    what = plain(module)
    for of_several in ("name", "version", "versions", "listed", "family_span"):
        del what[of_several]
    return what


def read(folder: Path, text: str, version: str | None = None) -> m.Module:
    report = Report()
    path = write_schema(folder, text, "engine.vm.yaml")
    module = load_module(path, path.name, report, version=version)
    assert module is not None, render(report)
    assert not len(report), render(report)
    return module


@pytest.mark.parametrize(
    ("version", "alone"),
    [("42.0.1", ENGINE_42), ("47.0.0", ENGINE_47), ("48.0.6", ENGINE_48)],
    ids=["42.0.1", "47.0.0", "48.0.6"],
)
def test_a_version_is_what_a_schema_for_it_alone_is(
    tmp_path: Path, version: str, alone: str
) -> None:
    made = read(tmp_path, ENGINE, version)
    assert said(made) == said(read(tmp_path, alone))
    assert made.version == version


def test_its_modules_are_named_by_their_versions(tmp_path: Path) -> None:
    path = write_schema(tmp_path, ENGINE, "engine.vm.yaml")
    modules = Loader(Report()).load_all(path, path.name)
    assert [(x.name, x.version, x.family) for x in modules] == [
        ("engine42", "42.0.2", "engine"),
        ("engine_47", "47.0.0", "engine"),
        ("engine_48", "48.0.5", "engine"),
        ("engine_48_0_6", "48.0.6", "engine"),
    ]
    assert [v.text for v in modules[0].versions] == [
        "42.0.0..42.0.2", "47.0.0", "48.0.0..48.0.5", "48.0.6",
    ]  # fmt: skip


def test_the_newest_version_counts_where_none_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, ENGINE).version == "48.0.6"


def test_the_engine_has_no_fault_in_any_version(tmp_path: Path) -> None:
    assert findings(write_schema(tmp_path, ENGINE)) == ""


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("43.0.0", "engine.vm.yaml has no version `43.0.0`; the nearest are `42.0.2` and `47.0.0`"),
        ("41.0.0", "engine.vm.yaml has no version `41.0.0`; the nearest is `42.0.0`"),
        ("51.0.0", "engine.vm.yaml has no version `51.0.0`; the nearest is `48.0.6`"),
        ("48", "engine.vm.yaml has no version `48`; the nearest is `48.0.6`"),
        ("48.0.3.1", "engine.vm.yaml has no version `48.0.3.1`; the nearest are `48.0.0` and `48.0.5`"),
        ("new", "`new` is no version; engine.vm.yaml has 42.0.0 to 48.0.6, as `48.0.6`"),
        ("", "`` is no version; engine.vm.yaml has 42.0.0 to 48.0.6, as `48.0.6`"),
    ],
)  # fmt: skip
def test_a_release_that_is_not_listed_is_told_with_its_nearest(
    tmp_path: Path, version: str, message: str
) -> None:
    path = write_schema(tmp_path, ENGINE, "engine.vm.yaml")
    with pytest.raises(UnknownVersion) as raised:
        load_module(path, path.name, Report(), version=version)
    assert str(raised.value) == message


SAME = """
versions: ["1.0.0", "1.1.0", "2.0.0", "2.1.0"]
types:
  A: {kind: struct, fields: [{x: u32}, {y: {type: u32, versions: "2.0"}}]}
"""


def test_versions_with_the_same_layout_are_one_module(tmp_path: Path) -> None:
    path = write_schema(tmp_path, SAME)
    loader = Loader(Report())
    modules = loader.load_all(path, path.name)
    assert [[v.text for v in x.listed] for x in modules] == [
        ["1.0.0", "1.1.0", "2.1.0"],
        ["2.0.0"],
    ]
    assert modules[0].name == "sample_2_1"


def test_equal_layouts_have_equal_fingerprints(tmp_path: Path) -> None:
    path = write_schema(tmp_path, SAME)

    def fingerprint(version: str) -> int:
        module = load_module(path, path.name, Report(), version=version)
        assert module is not None
        return Layouts(module).fingerprint(module.targets[0])

    assert fingerprint("1.0.0") == fingerprint("1.1.0") == fingerprint("2.1.0")
    assert fingerprint("1.0.0") != fingerprint("2.0.0")


def test_what_several_versions_have_is_one_finding(tmp_path: Path) -> None:
    text = """
    versions: ["1.0.0", "1.1.0", "2.0.0", "3.0.0"]
    targets: [x86_64-unknown-linux-gnu]
    padding: explicit
    types:
      A:
        kind: struct
        fields:
          - x: {type: u32, since: "1.1"}
          - y: {type: u16, since: "2"}
          - p: VmPtr<u8>
          - z: {type: bool, versions: "1.0 or 2"}
    """
    assert findings(write_schema(tmp_path, text)).split("\n\n", 2)[2] == """\
sample.vm.yaml:14:9: error[VM215]: `z` is followed by 7 bytes of padding at 17 on x86_64-unknown-linux-gnu
   |
14 |       - z: {type: bool, versions: "1.0 or 2"}
   |         ^
   = note: in 1.0.0 and 2.0.0
   = note: in 1.0.0: `z` is followed by 7 bytes of padding at 9 on x86_64-unknown-linux-gnu
   = help: name it: a field such as `_pad: "[u8; 7]"`

sample.vm.yaml:14:19: error[VM101]: `bool` is not VmSafe
   |
14 |       - z: {type: bool, versions: "1.0 or 2"}
   |                   ^^^^
   = note: only 0 and 1 are valid in it; any other value that compiled code stores is undefined behaviour in Rust
   = note: in 1.0.0 and 2.0.0
   = help: write `u8`
"""


def test_conditions_in_included_files_count_too(tmp_path: Path) -> None:
    for name, version in (("old", 'until: "2"'), ("new", 'since: "2"')):
        write_schema(
            tmp_path,
            f"vmgen: 1\ntypes:\n  A: {{kind: newtype, of: {'u8' if name == 'old' else 'u64'}, {version}}}\n",
            f"{name}.vm.yaml",
        )
    path = write_schema(
        tmp_path,
        'versions: ["1.0.0", "2.0.0"]\ninclude: [old.vm.yaml, new.vm.yaml]\n',
    )
    for version, of in (("1.0.0", "u8"), ("2.0.0", "u64")):
        module = load_module(path, path.name, Report(), version=version)
        assert module is not None
        declared = module.types["A"]
        assert isinstance(declared, m.Newtype)
        assert str(declared.inner) == of


def test_a_fragment_lists_no_versions(tmp_path: Path) -> None:
    write_schema(tmp_path, 'vmgen: 1\nversions: ["1.0.0"]\n', "part.vm.yaml")
    said = findings(write_schema(tmp_path, "include: [part.vm.yaml]"))
    assert said.splitlines()[0] == (
        "part.vm.yaml:2:1: error[VM013]: `versions` belongs in the schema, not in a "
        "fragment it includes"
    )


USED = """
vmgen: 1
module: common
versions: ["1.0.0..1.0.3", {of: "2.0.0", module: common_two}]
types:
  Header: {kind: struct, was: {Head: "2"}, fields: [{a: u32}, {b: {type: u32, since: "2"}}]}
"""
USER = """
vmgen: 1
module: user
versions: ["1.0.1", "2.0.0"]
uses: [common.vm.yaml]
types:
  Frame: {kind: struct, fields: {header: Header, next: Option<VmPtr<Frame>>}}
"""


def test_a_version_uses_the_same_version_of_another_module(tmp_path: Path) -> None:
    write_schema(tmp_path, USED, "common.vm.yaml")
    path = write_schema(tmp_path, USER, "user.vm.yaml")
    report = Report()
    old, new = Loader(report).load_all(path, path.name)
    assert not len(report), render(report)
    assert (old.used, new.used) == ({"Head": "common_1"}, {"Header": "common_two"})
    assert [str(f.type) for f in old.types["Frame"].fields] == [  # type: ignore[attr-defined]
        "Head",
        "Option<VmPtr<Frame>>",
    ]
    assert Layouts(old).row("Head")[0].size == 4
    assert Layouts(new).row("Header")[0].size == 8


def test_check_looks_at_all_versions_or_at_one(tmp_path: Path) -> None:
    text = """
    versions: ["1.0.0", "2.0.0..2.0.4"]
    types:
      A: {kind: struct, fields: {x: {type: [{is: bool, until: "2"}, {is: u8, since: "2"}]}}}
    """
    path = write_schema(tmp_path, text)
    ran = vmgen("check", path.name, "--format", "concise", cwd=tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines()[0].endswith(": error: VM101 `bool` is not VmSafe")
    assert vmgen("check", path.name, "--version", "2.0.3", cwd=tmp_path).code == 0
    assert vmgen("check", path.name, "--version", "1.0.0", cwd=tmp_path).code == 1
    ran = vmgen("check", path.name, "--version", "1.0.1", cwd=tmp_path)
    assert (ran.code, ran.err) == (
        2,
        "vmgen: sample.vm.yaml has no version `1.0.1`; the nearest are `1.0.0` and `2.0.0`\n",
    )


def test_a_schema_without_versions_has_none_to_choose(tmp_path: Path) -> None:
    path = write_schema(tmp_path, "types: {A: {kind: newtype, of: u8}}")
    ran = vmgen("check", path.name, "--version", "1.0.0", cwd=tmp_path)
    assert (ran.code, ran.err) == (2, "vmgen: sample.vm.yaml has no versions\n")


WITH_PARTS = """\
vmgen: 1
module: used
targets: [x86_64-unknown-linux-gnu]
versions: [{of: "1", module: used1}, {of: "2", module: used2}]
types:
  Used:
    kind: struct
    was: {Formerly: "2"}
    fields: {fresh: {type: u32, was: {stale: "2"}}}
"""
PATHS = """\
vmgen: 1
module: paths
targets: [x86_64-unknown-linux-gnu]
uses: [used.vm.yaml]
versions: [{of: "1", module: paths1}, {of: "2", module: paths2}]
constants:
  BIT: {type: u32, value: 1, bit_of: Head.flags}
types:
  Head: {kind: struct, was: {Start: "2"}, fields: {flags: {type: u32, was: {bits: "2"}}}}
  Views:
    kind: struct
    fields:
      a: {type: u32, alias: Head.flags}
      b: {type: VmPtr<u32>, points_to: {alias: {region: Head.flags}}}
      c: {type: u32, alias: Used.fresh}
      d: {type: u32, alias: flags}
      e: {type: u32, alias: flags}
      of_used: VmPtr<Used>
  Limits: {kind: struct, fields: {len: {type: u32, was: {size: "2"}}}}
  Table:
    kind: context
    counts:
      n: {stored: limits.len}
      k: {stored: inside.deep.len}
      m: {stored: [{is: head.flags, since: "2"}, {is: limits.len, until: "2"}]}
    fields:
      limits: {type: VmPtr<Limits>, was: {bounds: "2"}}
      inside: {name: Inside, was: {within: "2"}, struct: {deep: {type: Limits, was: {low: "2"}}}}
      head: Head
    regions: {r: "[u32; n]", s: "[u8; k]", t: "[u8; m]"}
  Tail:
    kind: struct
    fields:
      len: {type: u32, was: {length: "2"}}
      rest: {type: "[u8]", length: len}
"""


def test_paths_are_by_the_names_that_fields_have_in_a_version(tmp_path: Path) -> None:
    write_schema(tmp_path, WITH_PARTS, "used.vm.yaml")
    path = write_schema(tmp_path, PATHS, "paths.vm.yaml")

    assert findings(path) == ""

    def said(version: str) -> list[str | None]:
        report = Report()
        module = load_module(path, path.name, report, version=version)
        assert module is not None
        assert not report.has_errors, render(report)
        views, table, tail = (module.types[n] for n in ("Views", "Table", "Tail"))
        assert isinstance(views, m.Struct)
        assert isinstance(table, m.Context)
        assert isinstance(tail, m.Context)
        a, b, c, d, _, _ = views.fields
        assert b.points_to is not None
        regions = [a.alias, b.points_to.alias, c.alias, d.alias]
        bit = module.constants["BIT"].bit_of
        words = [bit, *(one.region for one in regions if one)]
        words += [count.stored for count in (*table.counts, *tail.counts)]
        return [word.text if word else None for word in words]

    assert said("2") == [
        "Head.flags", "Head.flags", "Head.flags", "Used.fresh", "flags",
        "limits.len", "inside.deep.len", "head.flags", "len",
    ]  # fmt: skip
    assert said("1") == [
        "Start.bits", "Start.bits", "Start.bits", "Formerly.stale", "flags",
        "bounds.size", "within.low.size", "bounds.size", "length",
    ]  # fmt: skip


def test_what_a_header_lacks_is_by_the_names_of_a_version(tmp_path: Path) -> None:
    text = """\
vmgen: 1
module: lacking
targets: [x86_64-unknown-linux-gnu]
versions: [{of: "1", module: lacking1}, {of: "2", module: lacking2}]
c: {header: lacking.h, without: [Head.flags, Kind.One, OLD, Ops.go]}
constants: {OLD: {type: u8, value: 1, was: {ANCIENT: "2"}}}
types:
  Head: {kind: struct, was: {Start: "2"}, fields: {flags: {type: u32, was: {bits: "2"}}}}
  Kind: {kind: enum, tag: u8, variants: {One: {value: 1, was: {Uno: "2"}}}}
  Ops: {kind: functions, functions: {go: {signature: "()", was: {run: "2"}}}}
"""
    path = write_schema(tmp_path, text, "lacking.vm.yaml")
    found = []
    for version in ("1", "2"):
        module = load_module(path, path.name, Report(), version=version)
        assert module is not None
        assert module.owner is not None
        found.append([word.text for word in module.owner.without])
    assert found == [
        ["Start.bits", "Kind.Uno", "ANCIENT", "Ops.run"],
        ["Head.flags", "Kind.One", "OLD", "Ops.go"],
    ]
