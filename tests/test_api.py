"""vmgen in Python: what docs/api.md shows runs, and what is refused is told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import vmgen
from tests.support import ROOT

FAULTY = """\
vmgen: 1
module: m
types:
  S: {kind: struct, fields: {a: "*mut u8", b: Missing}}
"""
SOUND = "vmgen: 1\nmodule: m\ntypes: {S: {kind: struct, fields: {a: u8, b: u32}}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_of_the_page_run() -> None:
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    assert len(blocks) == 7
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[0] == (
        "tests/schemas/bad/VM102-mut.vm.yaml:4:42 error VM102 "
        "`*mut u8` doesn't expose its provenance "
        "('write `VmPtr<u8>`, or `Option<VmPtr<u8>>` if it may be null',)"
    )


def test_every_name_is_there_and_typed() -> None:
    for name in vmgen.__all__:
        assert getattr(vmgen, name) is not None
    assert set(vmgen.__all__) <= set(dir(vmgen))
    with pytest.raises(AttributeError, match="no attribute 'lay_in'"):
        vmgen.lay_in  # type: ignore[attr-defined]  # noqa: B018


def test_a_version_is_chosen_and_another_one_is_refused() -> None:
    path = ROOT / "schemas" / "wasmtime.vm.yaml"
    names = {
        version: schema.module.name
        for version in ("42.0.1", "48.0.5", "48.0.6", None)
        if (schema := vmgen.load(path, version=version)).module is not None
    }
    assert names == {
        "42.0.1": "wasmtime42",
        "48.0.5": "wasmtime48_0_5",
        "48.0.6": "wasmtime48",
        None: "wasmtime50",
    }
    with pytest.raises(
        LookupError, match=r"no version `48\.0\.9`; the nearest are `48\.0\.8` and"
    ):
        vmgen.load(path, version="48.0.9")


def test_a_faulty_schema_is_checked_and_refused(folder: Path) -> None:
    (folder / "m.vm.yaml").write_text(FAULTY)
    schema = vmgen.load("m.vm.yaml")
    codes = [found.code for found in vmgen.check(schema)]
    assert codes == ["VM102", "VM008"]
    for ask in (vmgen.lay_out, vmgen.emit):
        with pytest.raises(vmgen.Refused) as refused:
            ask(schema)
        assert [found.code for found in refused.value.findings] == codes
        assert str(refused.value) == (
            "m.vm.yaml:4:34: error: VM102 `*mut u8` doesn't expose its provenance\n"
            "m.vm.yaml:4:47: error: VM008 no type is named `Missing`"
        )


def test_a_file_that_cannot_be_read_as_yaml_is_checked_too(folder: Path) -> None:
    (folder / "m.vm.yaml").write_text("vmgen: [")
    schema = vmgen.load(folder / "m.vm.yaml")
    assert schema.module is None
    assert [found.code for found in vmgen.check(schema)] == ["VM001"]
    with pytest.raises(vmgen.Refused):
        vmgen.lay_out(schema)


def test_a_missing_file_is_an_error_of_the_system(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        vmgen.load("missing.vm.yaml")


def test_what_the_command_writes_is_what_emit_gives(folder: Path) -> None:
    (folder / "m.vm.yaml").write_text(SOUND)
    (folder / "pyproject.toml").write_text('[tool.vmgen]\nschemas = ["m.vm.yaml"]\n')
    subprocess.run([sys.executable, "-m", "vmgen", "build"], check=True)
    written = {
        path.relative_to("generated").as_posix(): path.read_text(encoding="utf-8")
        for path in Path("generated").rglob("*")
        if path.is_file()
    }
    # The command that remakes a file names its schema where there is no project.
    made = {
        output.path: re.sub(
            r"vmgen build (m\.vm\.yaml|SCHEMA)", "vmgen build", output.text
        )
        for output in vmgen.emit(vmgen.load("m.vm.yaml"))
    }
    assert made == written


def test_a_language_or_an_option_that_is_not_there_is_told(folder: Path) -> None:
    (folder / "m.vm.yaml").write_text(SOUND)
    schema = vmgen.load("m.vm.yaml")
    with pytest.raises(vmgen.LanguageError, match="no language `ruby`"):
        vmgen.emit(schema, languages=["ruby"])
    with pytest.raises(vmgen.ConfigError, match="has no key `x`"):
        vmgen.emit(schema, languages=["c"], options={"c": {"x": "1"}})


def test_languages_come_with_those_that_they_need(folder: Path) -> None:
    (folder / "m.vm.yaml").write_text(SOUND)
    made = vmgen.emit(vmgen.load("m.vm.yaml"), languages=["lldb"])
    folders = {output.path.partition("/")[0] for output in made}
    assert folders == {"python", "lldb"}


def test_modules_that_use_one_another_are_read_one_by_one(folder: Path) -> None:
    header = "vmgen: 1\nmodule: {}\n"
    (folder / "common.vm.yaml").write_text(
        header.format("common") + "types: {Header: {kind: newtype, of: u32}}\n"
    )
    for name in ("one", "two"):
        (folder / f"{name}.vm.yaml").write_text(
            header.format(name)
            + "uses: [common.vm.yaml]\n"
            + f"types: {{{name.title()}: {{kind: newtype, of: Header}}}}\n"
        )
    schemas = [vmgen.load(f"{name}.vm.yaml") for name in ("one", "common", "two")]
    assert vmgen.check(*schemas) == vmgen.check(schemas[0]) == []
    assert vmgen.lay_out(schemas[2]).of("Two").layouts[0].size == 4
    for some in (schemas, schemas[::-1], [schemas[0], schemas[2]]):
        made = [o.path for o in vmgen.emit(*some, languages=["layout"])]
        assert sorted(made) == [f"layout/{n}.txt" for n in ("common", "one", "two")]
