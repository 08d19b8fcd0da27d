"""`vmgen build` of schemas that describe several versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import vmgen, write_schema

SCHEMA = """
vmgen: 1
module: engine
targets: [x86_64-unknown-linux-gnu]
versions: [{of: "1.0.0..1.0.3", module: engine1}, "2.0.0", "2.0.1"]
uses: [common.vm.yaml]
types:
  Store: {kind: struct, fields: [{fuel: i64}, {epoch: {type: u64, since: "2"}}, {header: Header}]}
"""
COMMON = """
vmgen: 1
module: common
targets: [x86_64-unknown-linux-gnu]
versions: ["1.0.0..1.0.3", "2.0.0..2.0.1"]
types:
  Header: {kind: struct, fields: [{a: u64}, {b: {type: u64, since: "2"}}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_schema(tmp_path, SCHEMA, "engine.vm.yaml")
    write_schema(tmp_path, COMMON, "common.vm.yaml")
    configure(tmp_path)
    return tmp_path


def configure(project: Path, *lines: str) -> None:
    text = '[tool.vmgen]\nschemas = ["engine.vm.yaml"]\nlanguages = ["c", "python"]\n'
    (project / "pyproject.toml").write_text(text + "".join(f"{x}\n" for x in lines))


def built(project: Path) -> dict[str, str]:
    """The second line of every file of a module."""
    found = {}
    for path in sorted((project / "generated").rglob("*")):
        if path.is_file() and path.parent.name in ("c", "python"):
            lines = path.read_text(encoding="utf-8").splitlines()
            if "vm.yaml" in lines[0]:
                remake = lines[1].partition("Remake it with: ")[2]
                found[path.name] = remake.removesuffix(" */")
    return found


def build(project: Path, *words: str) -> str:
    ran = vmgen("build", *words, cwd=project)
    assert (ran.code, ran.err) == (0, ""), ran.out + ran.err
    return ran.out


def test_the_newest_version_is_built_with_the_same_of_what_it_uses(
    project: Path,
) -> None:
    build(project)
    assert built(project) == dict.fromkeys(
        ["common_2.h", "common_2.py", "engine_2_0_1.h", "engine_2_0_1.py"],
        "vmgen build",
    )
    header = (project / "generated/c/engine_2_0_1.h").read_text(encoding="utf-8")
    assert '#include "common_2.h"' in header


def test_each_language_has_the_versions_that_the_configuration_names(
    project: Path,
) -> None:
    configure(
        project, 'versions = ["1.0.2"]', "[tool.vmgen.python]", 'versions = ["*"]'
    )
    build(project)
    assert sorted(built(project)) == [
        "common_1.h", "common_1.py", "common_2.py", "engine1.h", "engine1.py",
        "engine_2.py", "engine_2_0_1.py",
    ]  # fmt: skip
    assert build(project, "--check").endswith("nothing to change\n")


def test_a_version_that_is_configured_no_more_is_removed(project: Path) -> None:
    configure(project, 'versions = ["1.0.2", "2.0.1"]')
    build(project)
    configure(project, 'versions = ["2.0.1"]')
    said = build(project)
    assert "removed  generated/c/engine1.h\n" in said
    assert "removed  generated/python/common_1.py\n" in said
    assert sorted(built(project)) == [
        "common_2.h", "common_2.py", "engine_2_0_1.h", "engine_2_0_1.py",
    ]  # fmt: skip


def test_the_version_of_a_call_joins_those_that_are_there(project: Path) -> None:
    build(project, "--lang", "c")
    build(project, "--lang", "c", "--version", "1.0.1")
    assert built(project) == {
        "common_1.h": "vmgen build --version 1.0.3",
        "common_2.h": "vmgen build",
        "engine1.h": "vmgen build --version 1.0.3",
        "engine_2_0_1.h": "vmgen build",
    }
    ran = vmgen("build", "--lang", "c", "--version", "1.0.0", "--check", cwd=project)
    assert ran.code == 0


def test_a_version_that_the_configuration_names_needs_no_name_to_be_remade(
    project: Path,
) -> None:
    configure(project, 'versions = ["1.0.2", "2.0.1"]')
    build(project)
    before = built(project)
    build(project, "--version", "1.0.2")
    assert built(project) == before


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['versions = ["3.0.0"]'], "`tool.vmgen.versions`: no schema has the version `3.0.0`"),
        (["[tool.vmgen.c]", 'versions = ["2.0"]'],
         "`tool.vmgen.c.versions`: no schema has the version `2.0`"),
        (["versions = [3.1]"], "`tool.vmgen.versions` is not a list of releases, as `[\"48.0.6\"]`, or `[\"*\"]`"),
        (["versions = []"], "`tool.vmgen.versions` is not a list of releases, as `[\"48.0.6\"]`, or `[\"*\"]`"),
        (["[tool.vmgen.c]", 'versions = "2.0.0"'],
         "`tool.vmgen.c.versions` is not a list of releases, as `[\"48.0.6\"]`, or `[\"*\"]`"),
    ],
)  # fmt: skip
def test_a_configuration_that_names_no_version_is_refused(
    project: Path, lines: list[str], message: str
) -> None:
    configure(project, *lines)
    ran = vmgen("build", cwd=project)
    assert (ran.code, ran.err) == (
        2,
        f"vmgen: {project / 'pyproject.toml'}: {message}\n",
    )


def test_a_finding_of_several_built_versions_is_told_once(project: Path) -> None:
    write_schema(project, SCHEMA.replace("fuel: i64", "fuel: bool"), "engine.vm.yaml")
    configure(project, 'versions = ["*"]')
    ran = vmgen("build", cwd=project)
    assert ran.code == 1
    assert ran.out.count("error[VM101]") == 1
    assert "= note: in all versions\n" in ran.out
    assert not (project / "generated").exists()
