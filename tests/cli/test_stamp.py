"""A build that has nothing to do sees it without doing anything, and only then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.files import RUNTIME
from tests.support import ROOT, vmgen, working_in, write_schema
from vmgen.build import stamp

SCHEMA = """\
types:
  Point:
    kind: struct
    doc: A point.
    fields: {x: u32, y: u32}
"""
CONFIG = """\
[tool.vmgen]
schemas = ["schemas/*.vm.yaml"]
languages = ["c", "python"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(CONFIG)
    (tmp_path / "schemas").mkdir()
    write_schema(tmp_path / "schemas", SCHEMA)
    return tmp_path


def is_stamped(project: Path, *arguments: str) -> bool:
    """Whether another build sees by the stamp alone that it has nothing to do.

    If it doesn't, it does what there is to do.
    """
    with working_in(project, VMGEN_CACHE_DIR=str(project / ".cache")):
        seen = stamp.unchanged(list(arguments)) is not None
    if not seen:
        vmgen("build", *arguments, cwd=project)
    return seen


def append(path: str) -> Callable[[Path], object]:
    def change(project: Path) -> None:
        with (project / path).open("a") as file:
            file.write("\n")

    return change


def swap_a_digit(project: Path) -> None:
    """A change that keeps the size of a file, and its time."""
    header = project / "generated/c/sample.h"
    before = header.stat()
    text = header.read_text()
    assert "(Point, 8, " in text
    header.write_text(text.replace("(Point, 8, ", "(Point, 9, "))
    os.utime(header, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "the schema": append("schemas/sample.vm.yaml"),
    "the configuration": append("pyproject.toml"),
    "an output": append("generated/c/vmgen.h"),
    "a digit of an output": swap_a_digit,
    "an output is gone": lambda p: (p / "generated/c/sample.h").unlink(),
    "a schema is new": lambda p: write_schema(
        p / "schemas", "vmgen: 1\nmodule: other\n", "other.vm.yaml"
    ),
    "an output folder has another file": lambda p: shutil.copy(
        p / "generated/c/sample.h", p / "generated/c/stale.h"
    ),
}


def test_a_build_leaves_a_stamp_for_the_next(project: Path) -> None:
    assert vmgen("build", cwd=project).code == 0
    assert is_stamped(project)
    assert is_stamped(project, "--check")
    assert is_stamped(project, "--diff")
    assert not is_stamped(project, "--lang", "c")
    assert is_stamped(project, "--lang", "c")


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen(project: Path, name: str) -> None:
    assert vmgen("build", cwd=project).code == 0
    CHANGES[name](project)
    assert not is_stamped(project)


@pytest.mark.parametrize("below", ["", "deeper/", "target/"])
def test_a_new_schema_below_a_folder_is_seen(project: Path, below: str) -> None:
    assert vmgen("build", "schemas", cwd=project).code == 0
    assert is_stamped(project, "schemas")
    (project / "schemas" / below).mkdir(exist_ok=True)
    write_schema(project / "schemas" / below, "vmgen: 1\nmodule: b\n", "b.vm.yaml")
    assert not is_stamped(project, "schemas")


def test_links_among_folders_are_not_followed(project: Path) -> None:
    for name in "ab":
        (project / "schemas" / name).symlink_to(project, target_is_directory=True)
    assert vmgen("build", "schemas", cwd=project).code == 0
    assert is_stamped(project, "schemas")


def test_patterns_of_folders_leave_no_stamp(project: Path) -> None:
    """To see that there is no new schema would take as long as a build may."""
    (project / "pyproject.toml").write_text(CONFIG.replace("schemas/*", "*/*"))
    assert vmgen("build", cwd=project).code == 0
    assert not is_stamped(project)


def test_a_build_of_one_schema_sees_what_becomes_of_others(project: Path) -> None:
    """The crate names every module that is in the output folder."""
    write_schema(project, "vmgen: 1\nmodule: b\n", "b.vm.yaml")
    for name in ("b.vm.yaml", "schemas/sample.vm.yaml"):
        assert vmgen("build", name, "--lang", "rust", cwd=project).code == 0
    call = ("schemas/sample.vm.yaml", "--lang", "rust")
    assert is_stamped(project, *call)
    (project / "b.vm.yaml").write_text("vmgen: 1\nmodule: bb\n")
    assert vmgen("build", *call, cwd=project).out.endswith("nothing to change\n")
    assert vmgen("build", "b.vm.yaml", "--lang", "rust", cwd=project).code == 0
    assert not is_stamped(project, *call)
    crate = (project / "generated/rust/src/lib.rs").read_text()
    assert [f"pub mod {n};\n" in crate for n in ("b", "bb", "sample")] == [1, 1, 1]


def test_a_folder_that_is_gone_is_told(project: Path) -> None:
    gone = project / "gone"
    gone.mkdir()
    script = (
        "import os; os.rmdir(os.getcwd()); from vmgen.cli import main; main(['build'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=gone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "vmgen: no such file or directory\n"


def test_a_configuration_that_comes_between_is_seen(project: Path) -> None:
    below = project / "below"
    below.mkdir()
    assert vmgen("build", cwd=below, VMGEN_CACHE_DIR=str(project / ".cache")).code == 0
    (below / "pyproject.toml").write_text(CONFIG)
    ran = vmgen("build", cwd=below, VMGEN_CACHE_DIR=str(project / ".cache"))
    assert ran.code == 2
    assert "`schemas` in" in ran.err


DURING = """
import sys
from pathlib import Path
from vmgen.build import write
from vmgen.cli import main

apply = write.apply

def apply_and_change(planned):
    apply(planned)
    exec(sys.argv[1])

write.apply = apply_and_change
sys.exit(main(["build", *sys.argv[2:]]))
"""


@pytest.mark.parametrize(
    "change",
    [
        "Path('schemas/sample.vm.yaml').write_text('vmgen: 1\\nmodule: sample\\n')",
        "Path('schemas/other.vm.yaml').write_text('vmgen: 1\\nmodule: other\\n')",
        "Path('pyproject.toml').open('a').write('strict = true\\n')",
    ],
    ids=["a schema", "a new schema", "the configuration"],
)
def test_what_changes_during_a_build_is_seen(project: Path, change: str) -> None:
    """Though what the stamp would say is true of what is there now."""
    done = subprocess.run(
        [sys.executable, "-c", DURING, change],
        cwd=project,
        env={**os.environ, "VMGEN_CACHE_DIR": str(project / ".cache")},
        check=False,
    )
    assert done.returncode == 0
    assert not list((project / ".cache").glob("*.stamp"))


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vmgen itself, as a copy that may be changed."""
    copy = tmp_path_factory.mktemp("tool")
    shutil.copytree(
        ROOT / "vmgen", copy / "vmgen", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "templates", copy / "templates")
    return copy


def test_the_stamp_of_another_vmgen_does_not_count(project: Path, tool: Path) -> None:
    assert vmgen("build", cwd=project).code == 0
    assert is_stamped(project)
    script = "import sys; from vmgen.cli import main; main(['build']); " + (
        "print('vmgen.build.pipeline' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(tool),
            "VMGEN_CACHE_DIR": str(project / ".cache"),
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said == f"{len(RUNTIME) + 3} files, nothing to change\nTrue\n"


@pytest.mark.parametrize(
    "changed",
    [
        "vmgen/build/pipeline.py",
        "vmgen/reading/yamltree.py",
        "vmgen/rules/layout.py",
        "vmgen/languages/c/declarations.py",
        "vmgen/languages/c/runtime/vmgen.h",
        "templates/c/module.h.j2",
        "vmgen/languages/python/runtime/definition.py",
    ],
)
def test_a_change_of_vmgen_is_seen(project: Path, tool: Path, changed: str) -> None:
    """Templates that Jinja doesn't read are among what counts."""
    environment = {"PYTHONPATH": str(tool), "VMGEN_CACHE_DIR": str(project / ".cache")}
    script = (
        "import sys; from vmgen.cli import main; code = main(['build']); "
        "print('vmgen.build.pipeline' in sys.modules, sys.modules['vmgen'].__file__)"
    )

    def did_something() -> bool:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=project,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        did, where = done.stdout.splitlines()[-1].split()
        assert where == str(tool / "vmgen" / "__init__.py")
        return did == "True"

    assert did_something()
    assert not did_something()
    with (tool / changed).open("a") as file:
        file.write("\n")
    assert did_something()


class TestLargeFiles:
    """What is read takes longer than Python takes to start isn't read."""

    @pytest.fixture
    def large(self, tmp_path: Path) -> Path:
        path = tmp_path / "large"
        path.write_bytes(b"8" * (stamp.LARGE + 1))
        return path

    def digest(self, path: Path) -> str | None:
        return stamp.Evidence(files=[str(path)]).digest()

    def test_a_change_is_seen_though_the_size_and_the_time_stay(
        self, large: Path
    ) -> None:
        stamp.Evidence(files=[str(large)]).settle()
        before = self.digest(large)
        status = large.stat()
        with large.open("r+b") as file:
            file.write(b"9")
        os.utime(large, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert large.stat().st_mtime_ns == status.st_mtime_ns
        assert self.digest(large) != before

    def test_what_is_put_in_its_place_is_seen(self, large: Path) -> None:
        before = self.digest(large)
        other = large.with_name("other")
        other.write_bytes(large.read_bytes())
        os.replace(other, large)
        assert self.digest(large) != before

    def test_a_coarse_clock_is_not_trusted(
        self, large: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where times are whole seconds, a change may leave all but the content."""
        real = os.stat

        class Coarse:
            def __init__(self, path: str) -> None:
                status = real(path)
                self.st_size = status.st_size
                self.st_ino = status.st_ino
                self.st_mtime_ns = self.st_ctime_ns = 1_700_000_000_000_000_000

        monkeypatch.setattr(stamp.os, "stat", Coarse)
        before = self.digest(large)
        assert self.digest(large) == before
        with large.open("r+b") as file:
            file.write(b"9")
        assert self.digest(large) != before
