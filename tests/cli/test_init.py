"""`vmgen init`: from an empty folder to checked bindings, and again without harm."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.files import RUNTIME
from tests.integration.environments import git
from tests.support import need, vmgen

NEXT = """\
next:
  vmgen layout schemas/vm.vm.yaml  look at it
  vmgen build                      make generated/, to be checked in
  vmgen build --check              in CI: see that it is current
"""

FILES = len(RUNTIME) + 9
"""What a first build writes: five files of Rust, two of C, one of Python beside its runtime,
and the layout."""


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".cache" not in p.parts
    }


def test_an_empty_folder_gets_a_schema_that_builds_at_once(tmp_path: Path) -> None:
    ran = vmgen("init", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "new      schemas/vm.vm.yaml\n"
        "new      schemas/vmgen.schema.json\n"
        "new      pyproject.toml\n"
        "new      .gitattributes\n" + NEXT
    )
    assert vmgen("check", "--strict", cwd=tmp_path).out == "no findings in 1 schema\n"
    for line in ran.out.partition("next:\n")[2].splitlines():
        command = line.strip().split("  ")[0].split()
        assert vmgen(*command[1:], cwd=tmp_path).code == 0, line


def test_what_it_writes_compiles(tmp_path: Path) -> None:
    assert vmgen("init", "my_vm", cwd=tmp_path).code == 0
    assert vmgen("build", cwd=tmp_path).code == 0
    compiler = need("cc")
    header = tmp_path / "generated/c/my_vm.h"
    done = subprocess.run(
        [compiler, "-std=c11", "-Wall", "-Werror", "-fsyntax-only", "-xc", header],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    vmgen("init", cwd=tmp_path)
    schema = tmp_path / "schemas/vm.vm.yaml"
    schema.write_text(schema.read_text() + "  VMMore: {kind: opaque}\n")
    before = tree(tmp_path)
    ran = vmgen("init", cwd=tmp_path)
    assert ran.code == 0
    assert ran.out == (
        "same     schemas/vm.vm.yaml\n"
        "same     schemas/vmgen.schema.json\n"
        "same     pyproject.toml\n"
        "same     .gitattributes\n" + NEXT
    )
    assert tree(tmp_path) == before


def test_what_is_there_is_added_to(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b'[project]\r\nname = "x"\r\n')
    (tmp_path / ".gitattributes").write_bytes(b"* text=auto")
    ran = vmgen("init", cwd=tmp_path)
    assert ran.code == 0
    assert "changed  pyproject.toml\nchanged  .gitattributes\n" in ran.out
    made = tree(tmp_path)
    assert made["pyproject.toml"] == (
        b'[project]\r\nname = "x"\r\n\r\n'
        b'[tool.vmgen]\r\nschemas = ["schemas/*.vm.yaml"]\r\nout = "generated"\r\n'
    )
    assert made[".gitattributes"] == (
        b"* text=auto\ngenerated/** linguist-generated=true text eol=lf\n"
    )
    assert vmgen("build", cwd=tmp_path).code == 0


def test_a_second_module_joins_the_first(tmp_path: Path) -> None:
    vmgen("init", cwd=tmp_path)
    ran = vmgen("init", "second", cwd=tmp_path)
    assert ran.out.startswith(
        "new      schemas/second.vm.yaml\nsame     schemas/vmgen.schema.json\n"
    )
    assert vmgen("check", cwd=tmp_path).out == "no findings in 2 schemas\n"


def test_an_old_json_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    vmgen("init", cwd=tmp_path)
    beside = tmp_path / "schemas/vmgen.schema.json"
    current = beside.read_text()
    beside.write_text("{}\n")
    assert "changed  schemas/vmgen.schema.json\n" in vmgen("init", cwd=tmp_path).out
    assert beside.read_text() == current


def test_a_configuration_that_looks_elsewhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.vmgen]\nschemas = ["abi/*.yaml"]\n')
    ran = vmgen("init", cwd=tmp_path)
    assert ran.code == 0
    assert 'add "schemas/vm.vm.yaml" to `schemas` in pyproject.toml\n' in ran.out


def test_a_configuration_that_cannot_be_read_stops_it_before_anything(
    tmp_path: Path,
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.vmgen\n")
    ran = vmgen("init", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "pyproject.toml: " in ran.err
    assert list(tree(tmp_path)) == ["pyproject.toml"]


def test_toml_that_is_not_sound_is_not_added_to(tmp_path: Path) -> None:
    text = '[project\nname = "x"\n'
    (tmp_path / "pyproject.toml").write_text(text)
    ran = vmgen("init", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("vmgen: pyproject.toml: Expected ']' ")
    assert tree(tmp_path) == {"pyproject.toml": text.encode()}


@pytest.mark.parametrize("text", ["tool = {black = {line-length = 90}}\n", "tool = {}"])
def test_an_inline_tool_table_is_left_to_its_owner(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    ran = vmgen("init", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "vmgen: pyproject.toml: `tool` is an inline table, which nothing can be added "
        'to from outside; write `vmgen = {schemas = ["schemas/*.vm.yaml"], '
        'out = "generated"}` into it\n'
    )
    assert tree(tmp_path) == {"pyproject.toml": text.encode()}


def test_what_to_write_into_an_inline_table_works(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("tool = {black = {line-length = 90}}\n")
    said = vmgen("init", cwd=tmp_path).err.split("`")[3]
    project.write_text(f"tool = {{black = {{line-length = 90}}, {said}}}\n")
    assert vmgen("init", cwd=tmp_path).code == 0
    assert vmgen("build", cwd=tmp_path).code == 0


@pytest.mark.parametrize("text", ["tool = 1\n", "[[tool]]\na = 1\n"])
def test_a_tool_that_is_no_table_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    ran = vmgen("init", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "vmgen: pyproject.toml: `tool` is not a table\n"
    assert tree(tmp_path) == {"pyproject.toml": text.encode()}


@pytest.mark.parametrize("name", ["pyproject.toml", ".gitattributes"])
def test_a_file_that_is_not_utf_8_stops_it_before_anything(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"# \xff\n")
    ran = vmgen("init", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"vmgen: {name} is not UTF-8: invalid start byte\n"
    assert tree(tmp_path) == {name: b"# \xff\n"}


@pytest.mark.parametrize(
    ("out", "line"),
    [
        ("gen", "gen/** linguist-generated=true text eol=lf\n"),
        ("./src/gen/", "src/gen/** linguist-generated=true text eol=lf\n"),
        ("made here", '"made here/**" linguist-generated=true text eol=lf\n'),
        ("[gen]", "\\[gen]/** linguist-generated=true text eol=lf\n"),
    ],
)
def test_the_configured_output_is_marked_as_generated(
    tmp_path: Path, out: str, line: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.vmgen]\nschemas = ["schemas"]\nout = "{out}"\n'
    )
    assert "new      .gitattributes\n" in vmgen("init", cwd=tmp_path).out
    assert (tmp_path / ".gitattributes").read_text() == line
    assert "same     .gitattributes\n" in vmgen("init", cwd=tmp_path).out
    need("git")
    git(tmp_path, "init", "--quiet")
    made = f"{Path(out).as_posix()}/c/vm.h"
    said = git(tmp_path, "check-attr", "linguist-generated", "--", made)
    assert said == f"{made}: linguist-generated: true"
    assert git(tmp_path, "check-attr", "eol", "--", made) == f"{made}: eol: lf"


def test_a_mark_of_another_folder_is_none_of_the_output(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.vmgen]\nout = "gen"\n')
    (tmp_path / ".gitattributes").write_text("old-gen/** linguist-generated=true\n")
    assert "changed  .gitattributes\n" in vmgen("init", cwd=tmp_path).out
    assert (tmp_path / ".gitattributes").read_text() == (
        "old-gen/** linguist-generated=true\n"
        "gen/** linguist-generated=true text eol=lf\n"
    )


@pytest.mark.parametrize("line", ["/gen/** -diff\n", "gen/**\tlinguist-generated\n"])
def test_what_is_said_of_the_output_already_stands(tmp_path: Path, line: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.vmgen]\nout = "gen"\n')
    (tmp_path / ".gitattributes").write_text(line)
    assert "same     .gitattributes\n" in vmgen("init", cwd=tmp_path).out
    assert (tmp_path / ".gitattributes").read_text() == line


@pytest.mark.parametrize("out", [".", "../gen", "/somewhere/gen"])
def test_an_output_that_no_line_here_can_mark_is_left_alone(
    tmp_path: Path, out: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[tool.vmgen]\nout = "{out}"\n')
    ran = vmgen("init", cwd=tmp_path)
    assert ran.code == 0
    assert ".gitattributes" not in ran.out
    assert ".gitattributes" not in tree(tmp_path)


def test_a_configuration_further_up_says_nothing_of_the_new_output(
    tmp_path: Path,
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.vmgen]\nout = "gen"\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    assert vmgen("init", cwd=inner).code == 0
    assert (inner / ".gitattributes").read_text() == (
        "generated/** linguist-generated=true text eol=lf\n"
    )


def test_a_file_in_a_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "schemas").write_text("")
    ran = vmgen("init", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("vmgen: can't write ")


@pytest.mark.parametrize("name", ["../evil", "Bad", "a b", "", "a;b", "a\n"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    ran = vmgen("init", name, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"vmgen: `{name}` can't name a module; `vm` or `my_vm` can\n"
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("enum", "a keyword of Rust, C and C++"),
        ("impl", "a keyword of Rust"),
        ("core", "a name that other files of the bindings need"),
    ],
)
def test_a_reserved_name_is_refused(tmp_path: Path, name: str, why: str) -> None:
    ran = vmgen("init", name, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"vmgen: `{name}` can't name a module: it is {why}\n"
    assert tree(tmp_path) == {}


def test_a_name_is_as_long_as_a_schema_allows(tmp_path: Path) -> None:
    ran = vmgen("init", "a" * 101, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"vmgen: `{'a' * 39}…` can't name a module: it has 101 characters, "
        "and a name has at most 100\n"
    )
    assert tree(tmp_path) == {}
    assert vmgen("init", "a" * 100, cwd=tmp_path).code == 0
    assert vmgen("check", cwd=tmp_path).out == "no findings in 1 schema\n"


def test_a_name_that_looks_like_an_option_is_refused(tmp_path: Path) -> None:
    assert vmgen("init", "--", "-x", cwd=tmp_path).code == 2
    assert tree(tmp_path) == {}


def checkout(folder: Path) -> None:
    """Have git write every file of its own anew, as on a machine with Windows."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "All")
    git(folder, "config", "core.autocrlf", "true")
    for path in git(folder, "ls-files").splitlines():
        (folder / path).unlink()
    git(folder, "checkout", "--quiet", "--", ".")


def test_a_checkout_with_other_ends_of_lines_is_current(tmp_path: Path) -> None:
    need("git")
    git(tmp_path, "init", "--quiet")
    for command in "init", "build":
        assert vmgen(command, cwd=tmp_path).code == 0
    checkout(tmp_path)
    assert b"\r\n" in (tmp_path / "schemas/vm.vm.yaml").read_bytes()
    ran = vmgen("build", "--check", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, f"{FILES} files, nothing to change\n")


def test_a_checkout_whose_ends_of_lines_are_not_pinned_is_told_why(
    tmp_path: Path,
) -> None:
    need("git")
    git(tmp_path, "init", "--quiet")
    project = tmp_path / "below"
    project.mkdir()
    for command in "init", "build":
        assert vmgen(command, cwd=project).code == 0
    (project / ".gitattributes").unlink()
    checkout(tmp_path)
    ran = vmgen("build", "--check", cwd=project)
    assert ran.code == 1
    assert ran.out.splitlines()[-4:] == [
        "git changed the ends of lines when it checked the files out (core.autocrlf);",
        "`below/generated/** text eol=lf` in .gitattributes keeps it from that",
        f"{FILES} of {FILES} files not current",
        "fix: vmgen build",
    ]
    (tmp_path / ".gitattributes").write_text("below/generated/** text eol=lf\n")
    assert vmgen("build", cwd=project).code == 0
    checkout(tmp_path)
    assert vmgen("build", "--check", cwd=project).code == 0
