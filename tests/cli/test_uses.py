"""Builds of modules that use other modules: what is made, checked and watched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_stamp import is_stamped
from tests.support import vmgen

FRAGMENT = "vmgen: 1\ntypes:\n  Word: {kind: newtype, of: u32}\n"
COMMON = """\
vmgen: 1
module: common
include: [words.vm.yaml]
types:
  Header: {kind: struct, fields: {length: Word}}
"""
STORE = """\
vmgen: 1
module: store
uses: [../shared/common.vm.yaml]
types:
  Store: {kind: struct, fields: {header: Header}}
"""
CONFIG = '[tool.vmgen]\nschemas = ["schemas/*.vm.yaml"]\nlanguages = ["layout"]\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose schemas use one that its configuration doesn't name."""
    (tmp_path / "pyproject.toml").write_text(CONFIG)
    for folder, name, text in (
        ("shared", "words", FRAGMENT),
        ("shared", "common", COMMON),
        ("schemas", "store", STORE),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.vm.yaml").write_text(text)
    return tmp_path


def built(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(f.relative_to(folder)): f.read_text() for f in files}


@pytest.mark.parametrize("schemas", [[], ["schemas/store.vm.yaml"]])
def test_a_build_makes_the_modules_that_are_used_too(
    project: Path, schemas: list[str]
) -> None:
    done = vmgen("build", *schemas, cwd=project)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "new      generated/layout/store.txt\n"
        "new      generated/layout/common.txt\n"
        "2 files changed, 0 as they were\n"
    )
    listed = vmgen("build", *schemas, "--list-outputs", cwd=project)
    assert listed.out == "generated/layout/store.txt\ngenerated/layout/common.txt\n"


def test_a_used_module_is_made_alike_whoever_asks_for_it(project: Path) -> None:
    schemas = (
        ["schemas/store.vm.yaml"],
        ["shared/common.vm.yaml"],
        ["shared", "schemas"],
    )
    made = []
    for number, named in enumerate(schemas):
        assert vmgen("build", *named, "-o", f"{number}/out", cwd=project).code == 0
        made.append(built(project / f"{number}/out"))
    alone, common, both = made
    for files in made:
        for name in files:
            files[name] = files[name].replace("-o 1/out", "-o 0/out")
            files[name] = files[name].replace("-o 2/out", "-o 0/out")
    assert alone == both
    assert common == {"layout/common.txt": alone["layout/common.txt"]}


def test_a_dependency_file_names_what_used_modules_are_made_of(project: Path) -> None:
    done = vmgen(
        "build", "schemas/store.vm.yaml", "-o", "out", "--depfile", "out.d", cwd=project
    )
    assert done.code == 0, done.out
    made, _, read = (project / "out.d").read_text().partition(": ")
    assert made == "out/layout/store.txt out/layout/common.txt"
    assert read.partition("\n\n")[0].replace(" \\\n ", "").splitlines()[0] == (
        "schemas/store.vm.yaml shared/common.vm.yaml shared/words.vm.yaml pyproject.toml"
    )


@pytest.mark.parametrize("schemas", [[], ["schemas/store.vm.yaml"]])
@pytest.mark.parametrize("changed", ["shared/common.vm.yaml", "shared/words.vm.yaml"])
def test_a_change_of_what_is_used_is_built(
    project: Path, schemas: list[str], changed: str
) -> None:
    assert vmgen("build", *schemas, cwd=project).code == 0
    assert is_stamped(project, *schemas)
    path = project / changed
    path.write_text(
        path.read_text()
        .replace("of: u32", "of: u64")
        .replace("{length", "{second: u8, length")
    )
    drifted = vmgen("build", *schemas, "--check", cwd=project)
    assert drifted.code == 1
    assert "changed  generated/layout/store.txt\n" in drifted.out
    assert "changed  generated/layout/common.txt\n" in drifted.out
    assert not is_stamped(project, *schemas)
    assert is_stamped(project, *schemas)


def test_a_fault_in_a_used_module_stops_the_build(project: Path) -> None:
    path = project / "shared/words.vm.yaml"
    path.write_text(path.read_text().replace("of: u32", "of: bool"))
    for command in ("build", "check", "layout"):
        done = vmgen(command, "schemas/store.vm.yaml", cwd=project)
        shown = done.err if command == "layout" else done.out
        assert (
            "shared/words.vm.yaml:3:29: error[VM101]: `bool` is not VmSafe\n" in shown
        )
        assert shown.count("error[") == 1
        assert done.code == (0 if command == "layout" else 1)
    assert not (project / "generated").exists()


def test_a_used_module_in_another_file_of_the_same_name_is_told(project: Path) -> None:
    path = project / "shared/common.vm.yaml"
    path.write_text(path.read_text().replace("module: common", "module: store"))
    done = vmgen("check", cwd=project)
    assert "error[VM017]: the module `store` is described twice\n" in done.out


def test_layouts_shown_are_those_of_the_schemas_own_types(project: Path) -> None:
    own = vmgen("layout", "schemas/store.vm.yaml", cwd=project).out
    assert "struct Store\n" in own
    assert "Header\n" not in own.replace("header  Header\n", "")
    other = vmgen("layout", "schemas/store.vm.yaml", "Word", cwd=project).out
    assert "newtype Word: u32\n" in other


def test_a_type_that_is_asked_for_is_shown_by_the_module_that_declares_it(
    project: Path,
) -> None:
    said = vmgen("layout", "schemas", cwd=project)
    assert said.code == 0, said.err
    (project / "pyproject.toml").write_text(
        CONFIG.replace('["schemas/*.vm.yaml"]', '["schemas", "shared"]')
    )
    shown = vmgen("layout", "Header", cwd=project).out
    assert [line for line in shown.splitlines() if " on " in line] == [
        "common on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint 423d39a43f0ad4bc"
    ]
