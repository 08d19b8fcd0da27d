"""`vmgen diff`: what can be compared, what can't, and the formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.changes.pairs import whole
from tests.support import ROOT, Ran, vmgen, write_schema
from vmgen.show.json import FORMAT

OLD = "types:\n  Store:\n    kind: struct\n    fields:\n      fuel: u64\n      limit: u64\n"
NEW = OLD.replace("fuel: u64", "fuel: {type: u64, doc: Left.}\n      epoch: u64")
RENAMED = OLD.replace("limit", "bound")
LAID_OUT = ("layout", "--format", "json", "--target", "*")


def diff(folder: Path, *words: str) -> Ran:
    return vmgen("diff", *words, cwd=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("old", OLD), ("new", NEW), ("renamed", RENAMED)):
        write_schema(tmp_path, whole(text), f"{name}.vm.yaml")
    return tmp_path


def saved(folder: Path, schema: str, *more: str) -> Path:
    path = folder / f"{schema}.json"
    ran = vmgen(*LAID_OUT, f"{schema}.vm.yaml", *more, cwd=folder)
    path.write_text(ran.out, encoding="utf-8")
    return path


def test_without_a_change_it_is_fine(folder: Path) -> None:
    ran = diff(folder, "old.vm.yaml", "old.vm.yaml")
    assert (ran.code, ran.err) == (0, "")
    described = json.loads(vmgen(*LAID_OUT, "old.vm.yaml", cwd=folder).out)
    assert ran.out.splitlines() == [
        *(
            f"fingerprint {'on ' + one['target']:27}  {one['fingerprint']} -> the same"
            for one in described
        ),
        "no changes from old.vm.yaml to old.vm.yaml",
    ]


def test_concise(folder: Path) -> None:
    ran = diff(folder, "old.vm.yaml", "new.vm.yaml", "--format", "concise")
    assert ran.out.splitlines()[:2] == [
        "new.vm.yaml:8:7: note: VM481 the documentation of `Store.fuel` changed",
        "new.vm.yaml:9:7: error: VM401 `Store.epoch` is added at 8; `limit` moves by 8 on every "
        "target",
    ]
    assert ran.out.splitlines()[-1] == (
        "2 changes from old.vm.yaml to new.vm.yaml: 1 for compiled code, 1 for nobody; 1 fails"
    )
    assert ran.code == 1


def test_json(folder: Path) -> None:
    ran = diff(folder, "old.vm.yaml", "new.vm.yaml", "--format", "json")
    documented, added = json.loads(ran.out)
    assert documented["class"] == "none"
    numbers = added.pop("numbers")
    assert added == {
        "code": "VM401",
        "severity": "error",
        "message": "`Store.epoch` is added at 8; `limit` moves by 8 on every target",
        "path": "new.vm.yaml",
        "line": 9,
        "column": 7,
        "end_line": 9,
        "end_column": 12,
        "notes": [
            "for compiled code: breaks compiled artifacts, Rust source and Python readers",
            "on every target: offset of `limit` 8 -> 16 and size 16 -> 24",
        ],
        "helps": [],
        "rule": "part-added",
        "class": "compiled",
        "breaks": ["compiled artifacts", "Rust source", "Python readers"],
        "type": "Store",
        "part": "epoch",
        "allowed": None,
    }
    nothing = {"counts": None, "unless": None}
    moved = {"part": "limit", "what": "offset", "old": 8, "new": 16, "moves": "by 8"}
    grown = {"part": None, "what": "size", "old": 16, "new": 24, "moves": None}
    assert numbers == [
        {
            "targets": [
                "x86_64-unknown-linux-gnu",
                "i686-unknown-linux-gnu",
                "s390x-unknown-linux-gnu",
            ],
            "changed": [
                {"type": "Store", **nothing, **each} for each in (moved, grown)
            ],
        }
    ]


def test_github(folder: Path) -> None:
    ran = diff(folder, "old.vm.yaml", "new.vm.yaml", "--format", "github")
    error, notice = ran.out.splitlines()
    assert error.startswith(
        "::error file=new.vm.yaml,line=9,col=7,endColumn=12,title=VM401::`Store.epoch` is"
    )
    assert notice == (
        "::notice file=new.vm.yaml,line=8,col=7,endColumn=11,title=VM481::the documentation of "
        "`Store.fuel` changed%0Abreaks nobody"
    )


def test_sarif(folder: Path) -> None:
    ran = diff(folder, "old.vm.yaml", "new.vm.yaml", "--format", "sarif")
    (run,) = json.loads(ran.out)["runs"]
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [
        ("VM481", "note"),
        ("VM401", "error"),
    ]
    levels = [
        rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]
    ]
    assert levels == ["error", "note"]


def test_markdown(folder: Path) -> None:
    ran = diff(folder, "old.vm.yaml", "new.vm.yaml", "--format", "markdown")
    before, _, table = ran.out.partition("| targets |")
    assert before == MARKDOWN
    assert table.count("\n| ") == 3
    assert ran.code == 1


MARKDOWN = """\
## Layout changes from old.vm.yaml to new.vm.yaml

2 changes from old.vm.yaml to new.vm.yaml: 1 for compiled code, 1 for nobody; 1 fails.

### For compiled code

- `Store.epoch` is added at 8; `limit` moves by 8 on every target (VM401). Breaks compiled artifacts, Rust source and Python readers.
  - on every target: offset of `limit` 8 -> 16 and size 16 -> 24

### For nobody

- the documentation of `Store.fuel` changed (VM481).

"""


@pytest.mark.parametrize(
    ("new", "policy", "code"),
    [
        ("new", "compiled", 1),
        ("new", "off", 0),
        ("renamed", "compiled", 0),
        ("renamed", "readers", 1),
        ("old", "any", 0),
    ],
)
def test_policies(folder: Path, new: str, policy: str, code: int) -> None:
    ran = diff(folder, "old.vm.yaml", f"{new}.vm.yaml", "--policy", policy)
    assert ran.code == code


def test_what_was_saved_is_compared_like_the_schema(folder: Path) -> None:
    old, new = saved(folder, "old"), saved(folder, "new")
    by_schema = json.loads(
        diff(folder, "old.vm.yaml", "new.vm.yaml", "--format", "json").out
    )
    for names in (
        (old.name, "new.vm.yaml"),
        ("old.vm.yaml", new.name),
        (old.name, new.name),
    ):
        ran = diff(folder, *names, "--format", "json")
        by_json = json.loads(ran.out)
        assert ran.code == 1
        for one, other in zip(
            sorted(by_schema, key=_code), sorted(by_json, key=_code), strict=True
        ):
            for key in ("code", "message", "notes", "class", "numbers", "type", "part"):
                assert one[key] == other[key]
        assert (by_json[0]["path"] is None) == (names[1] == new.name)


def _code(finding: dict[str, Any]) -> str:
    return str(finding["code"])


def test_wasmtimes_layouts_are_read_back_whole(tmp_path: Path) -> None:
    ran = vmgen(*LAID_OUT, "schemas/wasmtime.vm.yaml", cwd=ROOT)
    path = tmp_path / "wasmtime42.json"
    path.write_text(ran.out, encoding="utf-8")
    ran = vmgen("diff", str(path), "schemas/wasmtime.vm.yaml", cwd=ROOT)
    assert ran.code == 0
    assert "no changes" in ran.out


def test_a_saved_target_is_compared_alone(folder: Path) -> None:
    ran = vmgen("layout", "--format", "json", "old.vm.yaml", cwd=folder)
    (folder / "old.json").write_text(ran.out)
    ran = diff(folder, "old.json", "new.vm.yaml", "--format", "concise")
    assert "`limit` moves by 8 on x86_64-unknown-linux-gnu\n" in ran.out


def complaint(folder: Path, *words: str) -> str:
    ran = diff(folder, *words)
    assert (ran.code, ran.out) == (2, ""), ran.out
    assert ran.err.startswith("vmgen: ")
    return ran.err.removeprefix("vmgen: ").rstrip("\n")


def test_another_module(folder: Path) -> None:
    write_schema(folder, whole(OLD).replace("sample", "other"), "other.vm.yaml")
    assert complaint(folder, "old.vm.yaml", "other.vm.yaml") == (
        "other.vm.yaml:2:9: this is the module `other`, and old.vm.yaml is the module `sample` "
        "(old.vm.yaml:2:9): they are not versions of one"
    )


def test_no_common_target(folder: Path) -> None:
    text = whole(OLD).replace(
        "x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu",
        "wasm32-wasip1",
    )
    write_schema(folder, text, "other.vm.yaml")
    assert complaint(folder, "old.vm.yaml", "other.vm.yaml") == (
        "other.vm.yaml:2:9: no target is on both sides: old.vm.yaml is for "
        "x86_64-unknown-linux-gnu and 2 more, other.vm.yaml for wasm32-wasip1"
    )


def test_a_target_of_ones_own_that_is_another(folder: Path) -> None:
    text = whole("targets: [own]\ndata_models: {own: {pointer: 32}}\n" + OLD)
    write_schema(folder, text, "a.vm.yaml")
    write_schema(folder, text.replace("32", "64"), "b.vm.yaml")
    assert complaint(folder, "a.vm.yaml", "b.vm.yaml") == (
        "b.vm.yaml:2:9: the target `own` is 64-bit and little-endian in b.vm.yaml, 32-bit and "
        "little-endian in a.vm.yaml"
    )


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("none.vm.yaml", "no file `none.vm.yaml`"),
        ("none.json", "no file `none.json`"),
        (".", "`.` is a folder; name one schema in it"),
        ("", "the path of what to compare is empty"),
    ],
)
def test_nothing_there(folder: Path, word: str, expected: str) -> None:
    assert complaint(folder, word, "new.vm.yaml") == expected


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("{", "no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[" * 100_000, "no JSON: it is nested too deep"),
        ("[]", "a saved layout is a list of objects, one for each target, as `vmgen layout --format json` writes it"),
        ("{}", "a saved layout is a list of objects, one for each target, as `vmgen layout --format json` writes it"),
        ("[3]", f"`$[0].format` is not {FORMAT}, which this version of vmgen reads: it has none; save it again from the schema"),
('[{"format": 99}]', f"`$[0].format` is not {FORMAT}, which this version of vmgen reads: this is format 99; save it again from the schema"),
        (f'[{{"format": {FORMAT}}}]', "`$[0]` has no `declared`: it was saved with some of the types alone, or by an earlier vmgen; save it again without naming types"),
        (f'[{{"format": {FORMAT}, "declared": 3}}]', "in `$[0]`: Expected `object`, got `int`"),
        (f'[{{"format": {FORMAT}, "types": {{"A": 3}}, "declared": {{"types": {{}}, "used": {{}}, "constants": {{}}}}}}]', "in `$[0]`: Expected `object`, got `int` - at `$[...]`"),
    ],
    ids=["no JSON", "nested", "nothing", "no list", "no object", "another format", "part of it", "no words", "no numbers"],
)  # fmt: skip
def test_no_saved_layout(folder: Path, damage: str, expected: str) -> None:
    (folder / "old.json").write_text(damage)
    assert complaint(folder, "old.json", "new.vm.yaml") == f"old.json: {expected}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"type": "u64"', '"type": "VmPtr<"', "in `Store`: `VmPtr<` is no type"),
        ('"offset": 8', '"offset": "8"', "in `$[0]`: Expected `int`, got `str` - at `$.types[...].fields[1].offset`"),
        ('"target": "i686', '"target": "x86_64', "`$[1]`: the target `x86_64-unknown-linux-gnu` comes twice"),
    ],
)  # fmt: skip
def test_a_saved_layout_that_was_damaged(
    folder: Path, old: str, new: str, expected: str
) -> None:
    path = saved(folder, "old")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert complaint(folder, "old.json", "new.vm.yaml") == f"old.json: {expected}"


def test_two_modules_in_one_file(folder: Path) -> None:
    path = saved(folder, "old")
    text = path.read_text()
    path.write_text(text.replace('"sample"', '"other"', 1))
    assert complaint(folder, "old.json", "new.vm.yaml") == (
        "old.json: `$[1]` is the module `sample`, and `$[0]` is `other`: save the layouts of one "
        "schema"
    )


def test_a_saved_file_of_some_types(folder: Path) -> None:
    saved(folder, "old", "Store")
    ran = diff(folder, "old.json", "new.vm.yaml")
    # The one type is all there is.
    assert ran.code == 1


def test_a_schema_without_a_layout_is_told_of(folder: Path) -> None:
    write_schema(folder, whole(OLD).replace("fuel: u64", "fuel: u46"), "bad.vm.yaml")
    ran = diff(folder, "old.vm.yaml", "bad.vm.yaml")
    assert ran.code == 1
    assert "bad.vm.yaml:8:13: error[VM008]: no type is named `u46`" in ran.out
    assert ran.out.endswith("1 error in 2 schemas\n")
