"""Modules that use other modules: what they see, and how far that may go."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.support import findings, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.reading import load
from vmgen.reading.diagnostics import Report
from vmgen.reading.files import Files
from vmgen.reading.source import SourceFile
from vmgen.report.full import render
from vmgen.rules.run import judge_all
from vmgen.schema import Loader
from vmgen.schema.loader import MAX_USES
from vmgen.schema.model import Module

BASE = """\
vmgen: 1
module: base
constants: {LEAST: {type: u32, value: 3}}
types:
  Word: {kind: newtype, of: u64}
  Unseen: {kind: struct, fields: {word: Word}}
"""
COMMON = """\
vmgen: 1
module: common
uses: [base.vm.yaml]
constants: {TAG: {type: u32, value: 7}, DEPTH: {type: u32, value: 4}}
types:
  Header: {kind: struct, fields: {tag: {type: u32, value: TAG}, word: Word, owner: VmPtr<Owner>}}
  Owner: {kind: opaque}
  Other: {kind: struct, fields: {word: Word}}
"""
STORE = """\
vmgen: 1
module: store
uses: [common.vm.yaml]
targets: [x86_64-unknown-linux-gnu]
types:
  Store:
    kind: struct
    fields: {header: Header, words: "[u32; DEPTH]"}
"""


def loaded(folder: Path, **schemas: str) -> Module:
    """The module of the last schema; none of them may have a fault."""
    for name, text in schemas.items():
        write_schema(folder, text, f"{name}.vm.yaml")
    report = Report()
    path = folder / f"{name}.vm.yaml"
    module = Loader(report).load(path, path.name)
    assert module is not None, render(report)
    judge_all([module], report)
    assert not report.has_errors, render(report)
    return module


def test_a_module_has_what_its_own_records_are_made_of(tmp_path: Path) -> None:
    module = loaded(tmp_path, base=BASE, common=COMMON, store=STORE)
    assert list(module.types) == ["Store", "Header", "Owner", "Word"]
    assert list(module.own_types) == ["Store"]
    assert dict(module.used) == {
        "Header": "common", "Owner": "common", "Word": "base", "TAG": "common",
    }  # fmt: skip
    assert list(module.constants) == ["TAG"]
    assert list(module.own_constants) == []
    assert [(u.module.name, sorted(u.names)) for u in module.uses] == [
        ("common", ["DEPTH", "Header"])
    ]
    assert [m.name for m in module.modules_used] == ["base", "common"]
    assert [f.name for f in module.files] == ["store.vm.yaml"]
    assert [f.name for f in module.all_files] == [
        "store.vm.yaml", "base.vm.yaml", "common.vm.yaml",
    ]  # fmt: skip


def test_records_of_other_modules_are_laid_out_as_there(tmp_path: Path) -> None:
    module = loaded(tmp_path, base=BASE, common=COMMON, store=STORE)
    [store] = Layouts(module).row("Store")
    assert (store.size, store.align, store.offsets) == (40, 8, (0, 24))


def test_a_fragment_uses_modules_for_its_schema(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    part = (
        "vmgen: 1\nuses: [../base.vm.yaml]\ntypes:\n  Part: {kind: newtype, of: Word}\n"
    )
    module = loaded(
        tmp_path,
        base=BASE,
        **{"parts/part": part},
        whole="vmgen: 1\nmodule: whole\ninclude: [parts/part.vm.yaml]\n",
    )
    assert dict(module.used) == {"Word": "base"}


def test_a_module_may_be_named_twice_and_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.vm.yaml").symlink_to(tmp_path / "base.vm.yaml")
    store = (
        "vmgen: 1\nmodule: store\nuses: [base.vm.yaml, link.vm.yaml, ./base.vm.yaml]\n"
        "types:\n  Store: {kind: struct, fields: {word: Word}}\n"
    )
    module = loaded(tmp_path, base=BASE, store=store)
    assert [m.name for m in module.modules_used] == ["base"]


def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file is read from here on."""
    counted: Counter[str] = Counter()
    read = load.load

    def counting(
        path: Path, name: str, report: Report, files: Files
    ) -> SourceFile | None:
        counted[path.name] += 1
        return read(path, name, report, files)

    monkeypatch.setattr(load, "load", counting)
    return counted


def test_what_many_lead_to_is_read_and_judged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of 30 levels has two modules that both use the two of the level below."""
    levels = 30
    for level in range(levels):
        for side in "ab":
            below = [f"{s}{level - 1}" for s in "ab"] if level else []
            fields = "".join(f", {name}: VmPtr<{name.upper()}>" for name in below)
            write_schema(
                tmp_path,
                f"vmgen: 1\nmodule: {side}{level}\n"
                f"uses: [{', '.join(f'{name}.vm.yaml' for name in below)}]\n"
                "types:\n"
                f"  {side.upper()}{level}: {{kind: struct, fields: {{own: u32{fields}}}}}\n",
                f"{side}{level}.vm.yaml",
            )
    counted = reads(monkeypatch)
    report = Report()
    path = tmp_path / f"a{levels - 1}.vm.yaml"
    module = Loader(report).load(path, path.name)
    assert module is not None
    assert len(module.modules_used) == 2 * levels - 2
    assert render(report) == ""
    assert set(counted.values()) == {1}


def chain(folder: Path, schemas: int) -> Path:
    """A schema and that many others, each of which the one before it uses."""
    for number in range(schemas + 1):
        following = f"uses: [m{number + 1}.vm.yaml]\n" if number < schemas else ""
        held = f"VmPtr<M{number + 1}>" if number < schemas else "u32"
        write_schema(
            folder,
            f"vmgen: 1\nmodule: m{number}\n{following}"
            f"types:\n  M{number}: {{kind: struct, fields: {{next: {held}}}}}\n",
            f"m{number}.vm.yaml",
        )
    return folder / "m0.vm.yaml"


def test_uses_may_be_nested_as_deep_as_the_limit(tmp_path: Path) -> None:
    assert findings(chain(tmp_path, MAX_USES)) == ""


@pytest.mark.parametrize("more", [1, 1500])
def test_one_use_more_is_refused_at_its_place(tmp_path: Path, more: int) -> None:
    assert findings(chain(tmp_path, MAX_USES + more)) == (
        "m64.vm.yaml:3:8: error[VM015]: schemas use one another more than 64 files "
        "deep\n"
        "  |\n"
        "3 | uses: [m65.vm.yaml]\n"
        "  |        ^^^^^^^^^^^\n"
        "  = help: use it in a schema nearer to the first\n"
    )


def used(folder: Path, path: str) -> str:
    text = f"vmgen: 1\nmodule: m\nuses: [{path}]\n"
    return findings(write_schema(folder, text))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_the_environment_is_no_schema(tmp_path: Path) -> None:
    assert used(tmp_path, "/proc/self/environ").splitlines()[0] == (
        "sample.vm.yaml:3:8: error[VM040]: `/proc/self/environ` is no schema by its name"
    )


@pytest.mark.parametrize("text", ["PASSWORD: secret\n", "'secret", "module: secret\n"])
def test_nothing_is_shown_of_a_file_that_is_no_schema(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "x.yaml").write_text(text)
    assert used(tmp_path, "x.yaml") == (
        "sample.vm.yaml:3:8: error[VM040]: `x.yaml` is no schema: it lacks the key "
        "`vmgen`\n"
        "  |\n"
        "3 | uses: [x.yaml]\n"
        "  |        ^^^^^^\n"
        "  = help: begin it with `vmgen: 1`\n"
    )


def test_a_link_leads_to_schemas_only(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("vmgen: 1\nmodule: secret\n")
    (tmp_path / "link.vm.yaml").symlink_to(tmp_path / "secret")
    assert used(tmp_path, "link.vm.yaml").splitlines()[0] == (
        "sample.vm.yaml:3:8: error[VM040]: `link.vm.yaml` is no schema by its name"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_schema(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert used(tmp_path, "pipe.yaml").splitlines()[0] == (
        "sample.vm.yaml:3:8: error[VM040]: no file `pipe.yaml` to use"
    )


def said_of(folder: Path, *names: str, **schemas: str) -> list[str]:
    """The first lines of all findings about the schemas named, judged together."""
    for name, text in schemas.items():
        write_schema(folder, f"vmgen: 1\nmodule: {name}\n{text}", f"{name}.vm.yaml")
    report = Report()
    loader = Loader(report)
    modules = [loader.load(folder / f"{n}.vm.yaml", f"{n}.vm.yaml") for n in names]
    judge_all([module for module in modules if module], report)
    return [
        f"{f.span.file.name}:{f.span.line} {f.code} {f.message}"
        for f in report
        if f.span is not None
    ]


def test_a_fault_is_told_once_by_the_module_that_has_it(tmp_path: Path) -> None:
    said = said_of(
        tmp_path,
        "one",
        "two",
        common="types:\n  Header: {kind: struct, fields: {flag: bool}}\n",
        one="uses: [common.vm.yaml]\ntypes:\n  One: {kind: newtype, of: Header}\n",
        two="uses: [common.vm.yaml]\ntypes:\n  Two: {kind: newtype, of: Header}\n",
    )
    assert said == ["common.vm.yaml:4 VM101 `bool` is not VmSafe"]


def test_what_a_fault_left_out_there_is_no_unknown_name_here(tmp_path: Path) -> None:
    said = said_of(
        tmp_path,
        "one",
        common=(
            "constants: {DEPTH: {type: u8, value: 256}}\n"
            "types:\n  Handle: {kind: newtype, of: Unknown}\n"
        ),
        one=(
            "uses: [common.vm.yaml]\n"
            "types:\n"
            "  One: {kind: struct, fields: {all: '[Handle; DEPTH]', flag: bool}}\n"
            "  Two: {kind: context, regions: {all: '[u32; DEPTH]'}}\n"
        ),
    )
    assert said == [
        "common.vm.yaml:3 VM016 256 doesn't fit `u8`",
        "common.vm.yaml:5 VM008 no type is named `Unknown`",
        "one.vm.yaml:5 VM101 `bool` is not VmSafe",
    ]


@pytest.mark.parametrize(
    ("common", "expected"),
    [
        ("Header: {kind: newtype, of: Header}", "VM201 `Header` contains itself by value"),
        (
            "Header: {kind: foreign, size: {64: 8}, align: 8}",
            "VM219 `Header` has no size for 16-bit targets",
        ),
        ("Header: {kind: newtype, of: \"(u8, u8)\"}", "VM104 `(u8, u8)` has no layout that Rust promises"),
    ],
)  # fmt: skip
def test_where_a_used_record_has_no_layout_its_user_has_none(
    tmp_path: Path, common: str, expected: str
) -> None:
    said = said_of(
        tmp_path,
        "one",
        common=f"types:\n  {common}\n",
        one="uses: [common.vm.yaml]\ntypes:\n  One: {kind: newtype, of: Header}\n",
    )
    assert said == [f"common.vm.yaml:4 {expected}"]


def test_a_used_type_is_held_to_what_its_kind_permits(tmp_path: Path) -> None:
    said = said_of(
        tmp_path,
        "one",
        common=(
            "types:\n"
            "  Frame: {kind: context, fields: {a: u32}}\n"
            "  Owner: {kind: opaque}\n"
            "  Counter: {kind: struct, fields: {a: AtomicUsize}}\n"
        ),
        one=(
            "uses: [common.vm.yaml]\n"
            "types:\n"
            "  One: {kind: struct, copy: true, fields: {a: Frame, b: Owner, c: Counter}}\n"
            "  Table: {kind: functions, functions: {f: '(a: Counter)'}}\n"
        ),
    )
    assert said == [
        "one.vm.yaml:5 VM111 `Frame` is a context: its size depends on counts",
        "one.vm.yaml:5 VM216 `Frame` can't be copied, and so neither can `One`",
        "one.vm.yaml:5 VM111 `Owner` is opaque: its size is not known",
        "one.vm.yaml:5 VM216 `Owner` can't be copied, and so neither can `One`",
        "one.vm.yaml:5 VM216 `Counter` can't be copied, and so neither can `One`",
        "one.vm.yaml:6 VM109 `Counter` is passed by value, and is a struct around one "
        "`AtomicUsize`",
    ]


def test_features_that_the_configuration_decides_are_the_same_in_all(
    tmp_path: Path,
) -> None:
    fields = "types:\n  {}: {{kind: struct, fields: {{a: u32, b: {{type: u32, when: gc}}}}}}\n"
    write_schema(
        tmp_path,
        "vmgen: 1\nmodule: common\nfeatures: {gc: true}\n" + fields.format("Header"),
        "common.vm.yaml",
    )
    path = write_schema(
        tmp_path,
        "vmgen: 1\nmodule: one\nuses: [common.vm.yaml]\nfeatures: {gc: false}\n"
        + fields.format("One")
        + "  Two: {kind: newtype, of: Header}\n",
        "one.vm.yaml",
    )
    report = Report()
    module = Loader(report, {"gc": False}).load(path, path.name)
    assert module is not None
    judge_all([module], report)
    assert render(report) == ""
    assert Layouts(module).row("Two")[0].size == 4


@pytest.mark.parametrize("key", ["use", "using", "imports", "depends"])
def test_a_key_of_another_name_is_all_that_is_told(tmp_path: Path, key: str) -> None:
    write_schema(tmp_path, BASE, "base.vm.yaml")
    text = (
        f"vmgen: 1\nmodule: store\n{key}: [base.vm.yaml]\n"
        "types:\n  Store: {kind: struct, fields: {word: u32}}\n"
    )
    said = findings(write_schema(tmp_path, text)).splitlines()
    assert said[0] == (f"sample.vm.yaml:3:1: error[VM004]: a schema has no key `{key}`")
    assert said[-1] in ("  = help: write `uses`", "  = help: did you mean `uses`?")
    assert sum(" error[" in line for line in said) == 1
