"""The guide, followed from an empty folder: files are written as it shows them, commands
are run, and say what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.environments import git
from tests.integration.pages import Block, blocks, commands, shell
from tests.support import ROOT, missing, need

pytestmark = pytest.mark.xdist_group("guide")
GUIDE = ROOT / "docs/guide.md"


class Newcomer:
    """Someone with an empty folder and the tools that the page asks for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        programs = folder / "programs"
        programs.mkdir()
        for name, call in (("vmgen", "-m vmgen "), ("python", "")):
            script = programs / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call}"$@"\n')
            script.chmod(0o755)
        self.env = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "VMGEN_CACHE_DIR": str(folder / "cache"),
            "CARGO_TARGET_DIR": str(self.folder / "target"),
        }
        git(self.folder, "init", "--quiet")
        self.run = 0

    def shell(self, command: str) -> tuple[int, str]:
        """Run a command in the project; its exit code, and all it says."""
        return shell(command, self.folder, self.env)

    def follow(self, block: Block) -> None:
        if block.title:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            for command in block.text.splitlines():
                code, said = shell(command, self.folder, self.env)
                assert code == 0, said
                self.run += 1
        else:
            assert block.language == "console", f"line {block.line} isn't run"
            for command, shown in commands(block.text):
                code, said = shell(command, self.folder, self.env)
                assert re.fullmatch(pattern(shown), said), f"{command}\n{said}"
                assert code in (0, 1, 134)
                self.run += 1


def pattern(shown: str) -> str:
    """What output must look like; a line with an ellipsis stands for any lines."""
    parts = re.split(r"^…\n", shown, flags=re.MULTILINE)
    return r"(?:.*\n)*?".join(re.escape(part) for part in parts)


def dumps_core(folder: Path) -> bool:
    """Whether a process that aborts leaves a core file where it was."""
    command = f'ulimit -c unlimited; exec "{sys.executable}" -c "import os; os.abort()"'
    subprocess.run(
        ["bash", "-c", command], cwd=folder, check=False, capture_output=True
    )
    return bool(list(folder.glob("core*")))


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """The newcomer, after the whole page."""
    folder = tmp_path_factory.mktemp("guide")
    for tool in ("git", "bash", "g++", "cargo", "gdb"):
        need(tool)
    if not Path("/proc/self/mem").exists() or not dumps_core(folder):
        missing("there is no /proc, or core files don't go where a process was")
    made = Newcomer(folder)
    for block in blocks(GUIDE):
        made.follow(block)
    return made


def test_the_whole_page_is_so(newcomer: Newcomer) -> None:
    assert newcomer.run == 31
    assert git(newcomer.folder, "status", "--short", "generated").startswith("A")


def test_the_workflow_is_one_that_github_takes(newcomer: Newcomer) -> None:
    workflow = newcomer.folder / ".github/workflows/vmgen.yml"
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema",
         "--builtin-schema", "vendor.github-workflows", workflow],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
    calls = [step["run"] for step in job["steps"] if "run" in step]
    assert calls[0] == "pip install tools/vmgen-*.whl"
    for call in calls[1:]:
        code, said = shell(call, newcomer.folder, newcomer.env)
        assert code == 0, said


def test_a_runtime_whose_pointer_is_too_large_is_refused(newcomer: Newcomer) -> None:
    own = newcomer.folder / "src/vm.rs"
    sound = own.read_text()
    try:
        own.write_text(
            sound.replace(
                "struct VmPtr<T>(NonNull<T>);", "struct VmPtr<T>(NonNull<T>, u64);"
            )
            .replace("#[repr(transparent)]", "#[repr(C)]")
            .replace("Self(pointer)", "Self(pointer, 0)")
        )
        code, said = shell("cargo build --offline", newcomer.folder, newcomer.env)
    finally:
        own.write_text(sound)
    assert code == 101
    assert (
        "VMStore.host is 40 here, and 32 according to schemas/runtime.vm.yaml; remake"
        in said
    )


def test_the_old_declaration_is_compared_with_the_new(newcomer: Newcomer) -> None:
    old = newcomer.folder / "src/old.rs"
    sound = old.read_text()
    try:
        old.write_text(sound.replace("pub trapping: bool", "pub trapping: [bool; 9]"))
        code, said = shell("cargo build --offline", newcomer.folder, newcomer.env)
    finally:
        old.write_text(sound)
    assert code == 101
    assert "same!(VMStore: fuel stack_limit trapping limits host)" in said


def test_bazels_rule_names_the_outputs_and_makes_them(newcomer: Newcomer) -> None:
    rules: list[dict[str, Any]] = []
    text = (newcomer.folder / "BUILD.bazel").read_text()
    exec(text, {"genrule": lambda **rule: rules.append(rule)})
    (rule,) = rules
    _, listed = shell(
        f"vmgen build {rule['srcs'][0]} --lang c -o . --list-outputs",
        newcomer.folder,
        newcomer.env,
    )
    assert rule["outs"] == listed.splitlines()
    command = rule["cmd"].replace("$(RULEDIR)", "bazel out")
    command = re.sub(r"\$\(execpath :?([^)]*)\)", r"\1", command)
    command = command.replace("bazel out", "'bazel out'")
    code, said = shell(command, newcomer.folder, newcomer.env)
    assert code == 0, said
    for out in rule["outs"]:
        assert (newcomer.folder / "bazel out" / out).is_file()
