"""OLD and NEW in a revision of git, with all that they include and use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.changes.pairs import whole
from tests.integration.environments import git
from tests.support import need, vmgen, write_schema

FRAGMENT = "vmgen: 1\ntypes: {Limits: {kind: struct, fields: {fuel: u64}}}\n"
COMMON = "vmgen: 1\nmodule: common\ntypes: {Word: {kind: newtype, of: u32}}\n"
SCHEMA = "include: [more/limits.vm.yaml]\nuses: [../common.vm.yaml]\n" + (
    "types: {Store: {kind: struct, fields: {limits: Limits, word: Word}}}\n"
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    need("git")
    folder = tmp_path / "a repository"
    (folder / "schemas/more").mkdir(parents=True)
    (folder / "schemas/more/limits.vm.yaml").write_text(FRAGMENT)
    (folder / "common.vm.yaml").write_text(COMMON)
    write_schema(folder / "schemas", whole(SCHEMA), "vm.vm.yaml")
    git(folder, "init", "--quiet")
    commit(folder, "first")
    return folder


def commit(folder: Path, name: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", f"--message={name}", "--allow-empty")
    git(folder, "tag", name)


def changes(folder: Path, old: str, new: str) -> list[str]:
    ran = vmgen("diff", old, new, "--format", "concise", cwd=folder)
    assert ran.err == ""
    return [line for line in ran.out.splitlines() if not line.startswith("fingerprint")]


def complaint(folder: Path, old: str, new: str = "schemas/vm.vm.yaml") -> str:
    ran = vmgen("diff", old, new, cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    return ran.err


def test_what_it_includes_is_read_from_there(repository: Path) -> None:
    fragment = repository / "schemas/more/limits.vm.yaml"
    fragment.write_text(FRAGMENT.replace("fuel: u64", "fuel: u64, more: u64"))
    (repository / "common.vm.yaml").write_text(COMMON.replace("u32", "u64"))
    expected = [
        "common.vm.yaml:3:9: error: VM404 `Word` wraps `u64` instead of `u32`",
        "schemas/more/limits.vm.yaml:2:52: error: VM401 `Limits.more` is added at 8",
    ]
    said = changes(repository, "HEAD:schemas/vm.vm.yaml", "schemas/vm.vm.yaml")
    assert [line.split("; ")[0] for line in said[:-1]] == expected
    assert said[-1] == (
        "2 changes from HEAD:schemas/vm.vm.yaml to schemas/vm.vm.yaml: 2 for compiled code; "
        "2 fail"
    )
    commit(repository, "second")
    said = changes(repository, "first:schemas/vm.vm.yaml", "second:schemas/vm.vm.yaml")
    assert [line.split("; ")[0] for line in said[:-1]] == [
        f"second:{line}" for line in expected
    ]


def test_nothing_is_read_from_the_disk(repository: Path) -> None:
    for path in ("schemas/vm.vm.yaml", "schemas/more/limits.vm.yaml", "common.vm.yaml"):
        (repository / path).write_text("nothing\n")
    said = changes(repository, "first:schemas/vm.vm.yaml", "HEAD:schemas/vm.vm.yaml")
    assert said == [
        "no changes from first:schemas/vm.vm.yaml to HEAD:schemas/vm.vm.yaml"
    ]


def test_a_path_with_a_dot_is_seen_from_here(repository: Path) -> None:
    said = changes(repository / "schemas", "HEAD:./vm.vm.yaml", "vm.vm.yaml")
    assert said == ["no changes from HEAD:schemas/vm.vm.yaml to vm.vm.yaml"]
    assert complaint(repository / "schemas", "HEAD:vm.vm.yaml", "vm.vm.yaml") == (
        "vmgen: no file `vm.vm.yaml` in the revision `HEAD`\n"
    )


def test_an_include_that_is_missing_there_is_told_of(repository: Path) -> None:
    git(repository, "rm", "--quiet", "--cached", "schemas/more/limits.vm.yaml")
    git(repository, "commit", "--quiet", "--message=without")
    ran = vmgen("diff", "HEAD:schemas/vm.vm.yaml", "schemas/vm.vm.yaml", cwd=repository)
    assert ran.code == 1
    assert ran.out.startswith(
        "HEAD:schemas/vm.vm.yaml:4:11: error[VM013]: no file "
        "`HEAD:schemas/more/limits.vm.yaml` to include\n"
    )


def test_links_lead_to_what_they_name_there(repository: Path) -> None:
    (repository / "schemas/link.vm.yaml").symlink_to("vm.vm.yaml")
    (repository / "schemas/out.vm.yaml").symlink_to("/etc/passwd")
    commit(repository, "links")
    said = changes(repository, "HEAD:schemas/link.vm.yaml", "schemas/vm.vm.yaml")
    assert said[0].startswith("no changes from HEAD:schemas/link.vm.yaml to ")
    assert complaint(repository, "HEAD:schemas/out.vm.yaml") == (
        "vmgen: no file `schemas/out.vm.yaml` in the revision `HEAD`\n"
    )


def test_versions_and_saved_layouts_are_there_too(repository: Path) -> None:
    text = "versions: ['1.0', '2.0']\ntypes: {A: {kind: struct, fields: {x: {type: u32, was: {y: '2.0'}}}}}\n"
    write_schema(repository, whole(text), "v.vm.yaml")
    described = vmgen(
        "layout", "--format", "json", "--version", "1.0", "v.vm.yaml", cwd=repository
    )
    (repository / "v.json").write_text(described.out)
    commit(repository, "versions")
    assert changes(repository, "HEAD:v.vm.yaml@1.0", "v.vm.yaml")[-1] == (
        "1 change from HEAD:v.vm.yaml@1.0 to v.vm.yaml@2.0: 1 for readers of memory; 1 fails"
    )
    assert changes(repository, "HEAD:v.json", "v.vm.yaml@1.0") == [
        "no changes from HEAD:v.json to v.vm.yaml@1.0"
    ]
    assert json.loads(described.out)[0]["version"] == "1.0"
    assert complaint(repository, "HEAD:v.vm.yaml@3.0", "v.vm.yaml") == (
        "vmgen: HEAD:v.vm.yaml has no version `3.0`; the nearest is `2.0`\n"
    )
    assert complaint(repository, "v.json@2.0", "v.vm.yaml") == (
        "vmgen: v.json is of version 1.0, and not of `2.0`\n"
    )
    described = vmgen(
        "layout", "--format", "json", "schemas/vm.vm.yaml", cwd=repository
    )
    (repository / "runtime.json").write_text(described.out)
    assert complaint(repository, "runtime.json@2.0", "v.vm.yaml") == (
        "vmgen: runtime.json is of a schema without versions, and not of `2.0`\n"
    )


@pytest.mark.parametrize("revision", ["nothing", "HEAD^{tree}", "", "HEAD@{5}"])
def test_no_revision(repository: Path, revision: str) -> None:
    said = complaint(repository, f"{revision}:schemas/vm.vm.yaml")
    assert said.startswith(
        f"vmgen: no file `{revision}:schemas/vm.vm.yaml`: `{revision}` is no"
    )


def test_no_repository(tmp_path: Path) -> None:
    write_schema(tmp_path, whole(COMMON), "vm.vm.yaml")
    ran = vmgen(
        "diff", "HEAD:vm.vm.yaml", "vm.vm.yaml", cwd=tmp_path,
        GIT_CEILING_DIRECTORIES=str(tmp_path.parent),
    )  # fmt: skip
    assert ran.code == 2
    assert ran.err.startswith(
        "vmgen: no file `HEAD:vm.vm.yaml`: fatal: not a git repository"
    )


def test_no_git(repository: Path, tmp_path: Path) -> None:
    ran = vmgen(
        "diff", "HEAD:schemas/vm.vm.yaml", "schemas/vm.vm.yaml", cwd=repository,
        PATH=str(tmp_path),
    )  # fmt: skip
    assert ran.code == 2
    assert ran.err == (
        "vmgen: no file `HEAD:schemas/vm.vm.yaml`: revisions need git: no such file or "
        "directory\n"
    )
