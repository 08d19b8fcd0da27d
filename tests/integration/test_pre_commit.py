"""The hooks, run by the real pre-commit in a project that uses them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.integration.environments import git, sources
from tests.support import ROOT, Ran, missing, need, vmgen

pytestmark = pytest.mark.xdist_group("pre-commit")
LOCK = ROOT / "locks/python.txt"
SCHEMA = "schemas/vm.vm.yaml"


class Project:
    """A project made by `vmgen init`, with the hooks."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.env = {
            **os.environ,
            "PRE_COMMIT_HOME": str(home),
            "NO_COLOR": "1",
            # pre-commit has pip install the hooks, and what builds them.
            "PIP_CONSTRAINT": str(LOCK),
            "PIP_BUILD_CONSTRAINT": str(LOCK),
        }

    def run(self, *arguments: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", *arguments, "--color=never"],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def change(self, old: str, new: str) -> None:
        path = self.folder / SCHEMA
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        git(self.folder, "add", "--all")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    need("git")
    if find_spec("pre_commit") is None:
        missing("the package pre-commit is not installed")
    base = tmp_path_factory.mktemp("hooks")
    hooks = sources(base / "vmgen")
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    git(hooks, "init", "--quiet")
    git(hooks, "add", "--all")
    git(hooks, "commit", "--quiet", "--message=hooks")
    folder = base / "a project"
    folder.mkdir()
    assert vmgen("init", cwd=folder).code == 0
    assert vmgen("build", cwd=folder).code == 0
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n"
        f"- repo: {hooks}\n"
        f"  rev: {git(hooks, 'rev-parse', 'HEAD')}\n"
        f"  hooks:\n"
        f"  - id: vmgen-check\n"
        f"  - id: vmgen-build\n"
        f"  - id: vmgen-diff\n"
        f"    args: ['HEAD:{SCHEMA}', '{SCHEMA}']\n"
    )
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=bindings")
    return Project(folder, base / "home")


def test_the_manifest_is_sound(project: Project) -> None:
    ran = project.run("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_the_hooks_pass_fail_and_mend(project: Project) -> None:
    ran = project.run("run", "--all-files")
    assert ran.code == 0, ran.out + ran.err
    assert [line.split(".")[0] for line in ran.out.splitlines()[-3:]] == [
        "vmgen check",
        "vmgen build",
        "vmgen diff",
    ]
    assert ran.out.count("Passed") == 3

    project.change("length: {type: AtomicUsize", "length: {type: bool")
    ran = project.run("run", "vmgen-check")
    assert ran.code == 1
    assert f"{SCHEMA}:12:22: error[VM101]" in ran.out

    project.change("length: {type: bool", "length: {type: u64")
    ran = project.run("run")
    assert ran.code == 1
    assert "changed  generated/c/vm.h" in ran.out
    assert "files were modified by this hook" in ran.out

    git(project.folder, "add", "--all")
    ran = project.run("run")
    assert ran.code == 1
    assert "error[VM404]: `" in ran.out
    assert ran.out.count("Passed") == 2

    git(project.folder, "commit", "--quiet", "--no-verify", "--message=meant")
    ran = project.run("run", "--all-files")
    assert ran.code == 0, ran.out
    assert vmgen("build", "--check", cwd=project.folder).code == 0


def test_a_commit_of_something_else_runs_none(project: Project) -> None:
    git(project.folder, "add", "--all")
    git(project.folder, "commit", "--quiet", "--allow-empty", "--message=as it is")
    (project.folder / "notes.txt").write_text("x\n")
    git(project.folder, "add", "notes.txt")
    ran = project.run("run")
    assert ran.code == 0
    assert ran.out.count("(no files to check)Skipped") == 3
