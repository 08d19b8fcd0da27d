"""The workflow for GitHub: one that GitHub takes, and steps that do what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.environments import git
from tests.support import ROOT, vmgen

WORKFLOW = ROOT / "examples/github/vmgen.yml"


def workflow() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return read


def steps() -> list[dict[str, Any]]:
    (job,) = workflow()["jobs"].values()
    listed: list[dict[str, Any]] = job["steps"]
    return listed


def test_it_is_a_workflow_that_github_takes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema",
         "--builtin-schema", "vendor.github-workflows", WORKFLOW],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert vmgen("init", cwd=tmp_path).code == 0
    assert vmgen("build", cwd=tmp_path).code == 0
    return tmp_path


def run_steps(project: Path, programs: Path, base: str = "") -> tuple[int, str]:
    """Run the steps as GitHub's shell does, up to the first that fails. `base` is the
    branch that a pull request is for."""
    programs.mkdir(exist_ok=True)
    script = programs / "vmgen"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vmgen "$@"\n')
    script.chmod(0o755)
    said = ""
    for step in steps():
        if "run" not in step or step["run"].startswith("pip install"):
            continue
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=project,
            env={
                **os.environ,
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "GITHUB_WORKSPACE": str(project),
                "GITHUB_BASE_REF": base,
                "GITHUB_STEP_SUMMARY": str(programs / "summary.md"),
                **workflow()["env"],
                "VMGEN_CACHE_DIR": str(programs / "cache"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said += done.stdout
        if done.returncode:
            return done.returncode, said
    return 0, said


def test_its_steps_pass_on_what_is_current(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    programs = tmp_path_factory.mktemp("programs")
    assert run_steps(project, programs)[0] == 0


def test_its_steps_stop_at_a_finding_and_at_drift(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    programs = tmp_path_factory.mktemp("programs")
    schema = project / "schemas/vm.vm.yaml"
    sound = schema.read_text()
    schema.write_text(sound.replace("type: AtomicUsize", "type: bool"))
    code, said = run_steps(project, programs)
    assert code == 1
    assert (
        "::error file=schemas/vm.vm.yaml,line=12,col=22,endColumn=26,title=VM101::"
        in said
    )
    schema.write_text(sound.replace("type: AtomicUsize", "type: u64"))
    code, said = run_steps(project, programs)
    assert code == 1
    assert said.endswith("fix: vmgen build\n")


def test_a_pull_request_is_compared_with_its_base(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    programs = tmp_path_factory.mktemp("programs")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message=base")
    git(project, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert run_steps(project, programs, "main")[0] == 0
    schema = project / "schemas/vm.vm.yaml"
    text = schema.read_text()
    assert "    fields:\n" in text
    schema.write_text(
        text.replace("    fields:\n", "    fields:\n      first: u64\n", 1)
    )
    assert vmgen("build", cwd=project).code == 0
    code, said = run_steps(project, programs, "main")
    assert code == 1
    assert "::error file=schemas/vm.vm.yaml," in said
    assert "title=VM401::" in said
    summary = (programs / "summary.md").read_text()
    assert "no changes from" in summary
    assert "### For compiled code\n" in summary
