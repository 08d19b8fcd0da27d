"""The wheel and the sdist: what is in them, and that each works alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from scripts import distributions
from tests.support import ROOT, Ran, missing, need
from vmgen import __version__
from vmgen.languages.wordlists import Packed, Words, path_of
from vmgen.rules.registry import all_rules

pytestmark = pytest.mark.xdist_group("distributions")
RELEASE = ROOT / ".github/workflows/release.yml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel and the sdist of what is checked out, which is built as it is."""
    need("git")
    folder = tmp_path_factory.mktemp("distributions")
    return list(distributions.made(distributions.copied(folder / "copy"), folder))


def test_they_have_the_version(made: list[Path]) -> None:
    names = [f"vmgen-{__version__}-py3-none-any.whl", f"vmgen-{__version__}.tar.gz"]
    assert [file.name for file in made] == names


def test_the_wheel_holds_the_program_and_what_it_reads(made: list[Path]) -> None:
    held = distributions.in_wheel(made[0])
    assert held == distributions.belongs_in_wheel(made[0])
    examples = {
        f"vmgen/rules/examples/{path.name}"
        for rule in all_rules()
        for path in rule.example_paths
    }
    lists = {
        path_of(name).relative_to(ROOT).as_posix()
        for name in (*get_args(Words), *get_args(Packed))
    }
    assert (
        examples | lists | {"vmgen/py.typed", "vmgen/templates/c/module.h.j2"} <= held
    )


def test_the_sdist_holds_what_a_wheel_is_made_from(made: list[Path]) -> None:
    held = distributions.in_sdist(made[1])
    assert held == distributions.belongs_in_sdist()
    assert {path.partition("/")[0] for path in held} == {
        ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md",
        "pyproject.toml", "schemas", "templates", "vmgen",
    }  # fmt: skip


def test_what_is_too_much_or_missing_is_named(made: list[Path]) -> None:
    wheel = made[0]
    with pytest.raises(distributions.DistributionError) as caught:
        distributions.hold_against({"a", "b", "d"}, {"a", "c"}, wheel)
    assert str(caught.value) == f"{wheel.name} has b, has d, lacks c"


def test_they_are_the_same_bytes_at_another_time(
    made: list[Path], tmp_path: Path
) -> None:
    copy = distributions.copied(tmp_path / "another" / "place")
    for file in copy.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    again = distributions.made(copy, tmp_path)
    for one, other in zip(made, again, strict=True):
        distributions.hold_equal(one, other)
    with pytest.raises(distributions.DistributionError, match="differently each time"):
        distributions.hold_equal(*again)


def installed(file: Path, folder: Path) -> Path:
    """Where a distribution was installed alone; a skip without a registry."""
    try:
        return distributions.installed(file, folder)
    except distributions.DistributionError as error:
        if "No matching distribution found" in str(error):
            missing(str(error))
        raise


def test_the_sdist_installed_alone_builds_a_schema(
    made: list[Path], tmp_path: Path
) -> None:
    bin = installed(made[1], tmp_path / "environment")
    distributions.try_out(bin, tmp_path / "project")


def test_the_wheel_installed_alone_does_everything(
    made: list[Path], tmp_path: Path
) -> None:
    bin = installed(made[0], tmp_path / "environment")
    project = tmp_path / "project"
    distributions.try_out(bin, project)
    env = {"PATH": "/usr/bin:/bin", "VMGEN_CACHE_DIR": str(tmp_path / "cache")}

    def run(*words: str) -> str:
        done = subprocess.run(
            [bin / "vmgen", *words],
            cwd=project,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout

    assert run("--version") == f"vmgen {__version__}\n"
    assert "Refused:" in run("explain", "VM102")
    run("doc", "schemas/vm.vm.yaml")
    assert (project / "vm.html").is_file()
    assert run("schema").startswith("{\n")
    assert "complete -F _vmgen vmgen\n" in run("completion", "bash")


def steps(job: str) -> list[dict[str, Any]]:
    workflow = yaml.safe_load(RELEASE.read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = workflow["jobs"][job]["steps"]
    return listed


def test_the_release_workflow_is_one_that_github_takes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema",
         "--builtin-schema", "vendor.github-workflows", RELEASE],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_release_workflow_publishes_what_make_dist_has_made() -> None:
    need("make")
    first, *_ = [step["run"] for step in steps("build") if "run" in step]
    assert first == "make dist"
    asked = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "dist"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.endswith("python -m scripts.distributions dist\n")
    (kept,) = [
        s["with"] for s in steps("build") if "upload-artifact" in s.get("uses", "")
    ]
    (taken,) = [
        s["with"] for s in steps("publish") if "download-artifact" in s.get("uses", "")
    ]
    assert kept["path"] == taken["path"] == "dist/"
    assert kept["name"] == taken["name"]


@pytest.mark.parametrize(("tag", "code"), [("v1.2.3", 0), ("v1.2.4", 1), ("1.2.30", 1)])
def test_the_release_workflow_takes_only_the_versions_own_tag(
    tmp_path: Path, tag: str, code: int
) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "vmgen-1.2.3.tar.gz").touch()
    (script,) = [s["run"] for s in steps("build") if "tag" in s.get("name", "")]
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "GITHUB_REF_NAME": tag},
        capture_output=True,
        text=True,
        check=False,
    )
    said = "" if code == 0 else f"::error::the tag {tag} is not of the version made\n"
    assert Ran(done.returncode, done.stdout, done.stderr) == Ran(code, said, "")
