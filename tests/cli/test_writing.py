"""Whatever stops a command, every file is whole, and nothing stays behind."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.cli.files import RUNTIME
from tests.support import vmgen_process, write_schema
from vmgen.build import atomic

SCHEMA = "types: {Point: {kind: struct, doc: A point., fields: {x: u32}}}\n"
LEFTOVER = f".{'0f' * 16}.vmgen-tmp"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".cache" not in p.parts
    }


def run(script: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process, after a script that puts something in its way."""
    return subprocess.run(
        [sys.executable, "-c", dedent(script) + CALL, *arguments],
        cwd=cwd,
        env={**os.environ, "VMGEN_CACHE_DIR": str(cwd / ".cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


CALL = "\nfrom vmgen.cli import run_and_exit\nrun_and_exit()\n"
KILLED = """
import os, signal
# A shell has what it runs behind it ignore interrupts, and so do their children.
signal.signal(signal.SIGINT, signal.default_int_handler)
replace, done = os.replace, []

def stop(source, target):
    if len(done) == {after}:
        os.kill(os.getpid(), signal.{signal})
    done.append(target)
    replace(source, target)

os.replace = stop
"""
FULL_DISK = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
"""


class TestWriter:
    def test_everything_is_flushed_before_the_first_file_is_replaced(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps: list[str] = []
        fsync, replace = os.fsync, os.replace

        def note_fsync(descriptor: int) -> None:
            content = Path(f"/proc/self/fd/{descriptor}").read_text()
            steps.append(f"flush {content}")
            fsync(descriptor)

        def note_replace(source: str, target: str) -> None:
            steps.append(f"replace {Path(target).name}")
            replace(source, target)

        monkeypatch.setattr(os, "fsync", note_fsync)
        monkeypatch.setattr(os, "replace", note_replace)
        files = [(tmp_path / "a", b"1"), (tmp_path / "new" / "b", b"2")]
        atomic.write_all(files, flush=True)
        assert steps == ["flush 1", "flush 2", "replace a", "replace b"]
        assert tree(tmp_path) == {"a": b"1", "new/b": b"2"}

    def test_what_stops_one_file_stops_all(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("old")
        (tmp_path / "b").mkdir()
        with pytest.raises(IsADirectoryError) as raised:
            atomic.write_all([(tmp_path / "a", b"new"), (tmp_path / "b", b"")])
        assert raised.value.filename == str(tmp_path / "b")
        assert tree(tmp_path) == {"a": b"old"}

    def test_a_link_that_waits_under_a_temporary_name_is_not_followed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "precious").write_text("mine")
        monkeypatch.setattr(os, "urandom", lambda size: b"\x0f" * size)
        (tmp_path / f".{'0f' * 16}.vmgen-tmp").symlink_to(tmp_path / "precious")
        # As if another process held the folder: nothing in it is cleared.
        monkeypatch.setattr(atomic, "_lock", lambda *_, **__: False)
        with pytest.raises(FileExistsError) as raised:
            atomic.write_all([(tmp_path / "a", b"new")])
        assert raised.value.filename == str(tmp_path / "a")
        assert (tmp_path / "precious").read_text() == "mine"
        assert not (tmp_path / "a").exists()

    def test_names_can_not_be_guessed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        names = set()
        replace = os.replace

        def note(source: str, target: str) -> None:
            names.add(Path(source).name)
            replace(source, target)

        monkeypatch.setattr(os, "replace", note)
        for _ in range(3):
            atomic.write_all([(tmp_path / "a", b"")])
        assert len(names) == 3
        assert all(map(atomic.is_temporary, names))

    def test_permissions_stay(self, tmp_path: Path) -> None:
        kept = tmp_path / "kept"
        kept.write_text("old")
        kept.chmod(0o640)
        before = os.umask(0o027)
        try:
            atomic.write_all([(kept, b"new"), (tmp_path / "new", b"")])
            atomic.write_all([(tmp_path / "private", b"")], mode=0o600)
        finally:
            os.umask(before)
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
        assert modes == {"kept": 0o640, "new": 0o640, "private": 0o600}

    def test_a_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep" / "file").write_text("old")
        (tmp_path / "link").symlink_to("deep/file")
        atomic.write_all([(tmp_path / "link", b"new")])
        assert (tmp_path / "link").is_symlink()
        assert tree(tmp_path) == {"deep/file": b"new", "link": b"new"}

    def test_without_locks_age_tells_what_is_left_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(atomic, "_lock", lambda *_, **__: False)
        (tmp_path / LEFTOVER).write_text("")
        atomic.clear_leftovers(tmp_path)
        assert (tmp_path / LEFTOVER).exists()
        os.utime(tmp_path / LEFTOVER, (1, 1))
        atomic.clear_leftovers(tmp_path)
        assert not (tmp_path / LEFTOVER).exists()

    def test_only_names_of_ours_are_cleared(self, tmp_path: Path) -> None:
        for name in ".mine.vmgen-tmp", "0f.vmgen-tmp", f"{LEFTOVER}~":
            (tmp_path / name).write_text("mine")
        before = tree(tmp_path)
        atomic.clear_leftovers(tmp_path)
        assert tree(tmp_path) == before

    def test_a_folder_that_another_program_holds_is_written_to(
        self, tmp_path: Path
    ) -> None:
        """As in `flock FOLDER vmgen build`, which must not wait for itself."""
        holder = os.open(tmp_path, os.O_RDONLY)
        try:
            fcntl.flock(holder, fcntl.LOCK_EX)
            atomic.write_all([(tmp_path / "a", b"1")])
        finally:
            os.close(holder)
        assert tree(tmp_path) == {"a": b"1"}


class TestBuild:
    @pytest.fixture
    def built(self, tmp_path: Path) -> Path:
        (tmp_path / "pyproject.toml").write_text(
            '[tool.vmgen]\nschemas = ["sample.vm.yaml"]\nlanguages = ["c", "python"]\n'
        )
        schema = write_schema(tmp_path, SCHEMA)
        assert vmgen_process("build", cwd=tmp_path).code == 0
        schema.write_text(schema.read_text().replace("A point", "Another point"))
        return tmp_path

    @pytest.mark.parametrize("after", [0, 1])
    def test_what_a_killed_build_leaves_goes_with_the_next(
        self, built: Path, after: int
    ) -> None:
        before = tree(built / "generated")
        killed = run(KILLED.format(after=after, signal="SIGKILL"), "build", cwd=built)
        assert killed.returncode == -signal.SIGKILL
        left = tree(built / "generated")
        waiting = {name for name in left if name.endswith(".vmgen-tmp")}
        assert len(waiting) == 2 - after
        changed = [name for name in before if left[name] != before[name]]
        assert len(changed) == after
        assert all(b"Another point" in left[name] for name in changed)
        assert vmgen_process("build", cwd=built).code == 0
        assert set(tree(built / "generated")) == set(before)

    def test_an_interrupted_build_leaves_nothing(self, built: Path) -> None:
        before = tree(built / "generated")
        done = run(KILLED.format(after=0, signal="SIGINT"), "build", cwd=built)
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
        assert tree(built / "generated") == before

    def test_a_living_build_keeps_its_temporary_files(self, built: Path) -> None:
        theirs = built / "generated" / "c" / LEFTOVER
        theirs.write_bytes((built / "generated/c/sample.h").read_bytes())
        other = os.open(theirs.parent, os.O_RDONLY)
        try:
            fcntl.flock(other, fcntl.LOCK_SH)
            assert vmgen_process("build", cwd=built).code == 0
            assert theirs.exists()
        finally:
            os.close(other)
        ran = vmgen_process("build", cwd=built)
        assert ran.out == f"{len(RUNTIME) + 3} files, nothing to change\n"
        assert not theirs.exists()

    def test_a_look_clears_nothing(self, built: Path) -> None:
        theirs = built / "generated" / "c" / LEFTOVER
        theirs.write_text("")
        assert vmgen_process("build", "--check", cwd=built).code == 1
        assert theirs.exists()

    @pytest.mark.parametrize("lost", [b"", b"\0" * 5000])
    def test_an_output_that_lost_its_content_is_made_anew(
        self, built: Path, lost: bytes
    ) -> None:
        """As a loss of power may leave it."""
        header = built / "generated/c/sample.h"
        header.write_bytes(lost)
        assert (
            "changed  generated/c/sample.h\n" in vmgen_process("build", cwd=built).out
        )
        assert b"Another point" in header.read_bytes()

    def test_a_pipe_in_an_outputs_place_is_told(self, built: Path) -> None:
        header = built / "generated/c/sample.h"
        header.unlink()
        os.mkfifo(header)
        for words in ["build"], ["build", "--check"], ["build", "sample.vm.yaml"]:
            done = run("", *words, cwd=built)
            assert (done.returncode, done.stdout) == (2, "")
            assert done.stderr.endswith("c/sample.h: not a regular file\n")
        assert header.is_fifo()

    def test_a_pipe_among_the_outputs_is_nobodys_business(self, built: Path) -> None:
        os.mkfifo(built / "generated/c/pipe")
        for words in ["build"], ["build"], ["build", "sample.vm.yaml"]:
            assert run("", *words, cwd=built).returncode == 0
        assert (built / "generated/c/pipe").is_fifo()

    def test_a_device_in_an_outputs_place_is_told(self, built: Path) -> None:
        header = built / "generated/c/sample.h"
        header.unlink()
        header.symlink_to("/dev/null")
        ran = vmgen_process("build", cwd=built)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.endswith("c/sample.h: not a regular file\n")

    def test_a_pipe_among_schemas_is_not_waited_for(self, built: Path) -> None:
        (built / "schemas").mkdir()
        (built / "sample.vm.yaml").rename(built / "schemas/sample.vm.yaml")
        os.mkfifo(built / "schemas/pipe.vm.yaml")
        (built / "pyproject.toml").write_text(
            '[tool.vmgen]\nschemas = ["schemas/*.vm.yaml"]\n'
        )
        for words in ["build"], ["build", "schemas"], ["check"]:
            assert run("", *words, cwd=built).returncode == 0

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["-o", ""], "--out: the path is empty"),
            (["--out="], "--out: the path is empty"),
            (["--depfile", ""], "--depfile: the path is empty"),
        ],
    )
    def test_an_empty_path_is_a_wrong_call(
        self, built: Path, words: list[str], message: str
    ) -> None:
        before = tree(built)
        ran = vmgen_process("build", *words, cwd=built)
        assert (ran.code, ran.out, ran.err) == (2, "", f"vmgen: {message}\n")
        assert tree(built) == before


class TestDepfile:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        write_schema(tmp_path, SCHEMA + "include: [part.vm.yaml]\n")
        (tmp_path / "part.vm.yaml").write_text("vmgen: 1\n")
        (tmp_path / "other.vm.yaml").write_text("vmgen: 1\nmodule: other\n")
        (tmp_path / "Makefile").write_text("all:\n\nout: in\n\ttouch out\n")
        (tmp_path / "link").symlink_to("sample.vm.yaml")
        return tmp_path

    def build(self, project: Path, depfile: str) -> tuple[int, str]:
        words = ("sample.vm.yaml", "-o", "out", "--lang", "c", "--depfile", depfile)
        ran = vmgen_process("build", *words, cwd=project)
        return ran.code, ran.err

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("sample.vm.yaml", "is an input of this build"),
            ("./part.vm.yaml", "is an input of this build"),
            ("link", "is an input of this build"),
            ("out/c/sample.h", "is an output of this build"),
            ("out/../out/c/vmgen.h", "is an output of this build"),
            ("other.vm.yaml", "is no dependency file; move it away, or choose another name"),
            ("Makefile", "is no dependency file; move it away, or choose another name"),
        ],
    )  # fmt: skip
    def test_it_goes_over_nothing_else(
        self, project: Path, name: str, message: str
    ) -> None:
        before = tree(project)
        said = f"vmgen: --depfile: {Path(name)} {message}\n"
        assert self.build(project, name) == (2, said)
        assert tree(project) == before

    def test_it_goes_over_another_dependency_file(self, project: Path) -> None:
        (project / "deps.d").write_text("")
        for _ in range(2):
            assert self.build(project, "deps.d") == (0, "")
        first = (project / "deps.d").read_text()
        (project / "part.vm.yaml").write_text("vmgen: 1\ninclude: [a b.vm.yaml]\n")
        (project / "a b.vm.yaml").write_text("vmgen: 1\n")
        for _ in range(2):
            assert self.build(project, "deps.d") == (0, "")
        assert (project / "deps.d").read_text() != first
        assert (project / "deps.d").read_text().endswith("a\\ b.vm.yaml:\n")

    @pytest.mark.parametrize("name", ["pipe", "out", "/dev/null"])
    def test_what_is_no_file_stops_everything(self, project: Path, name: str) -> None:
        os.mkfifo(project / "pipe")
        (project / "out").mkdir()
        before = tree(project)
        code, said = self.build(project, name)
        reason = "is a directory" if name == "out" else "not a regular file"
        assert (code, said) == (2, f"vmgen: can't write: {name}: {reason}\n")
        assert tree(project) == before


class TestInit:
    PROJECT = b'[project]\nname = "precious"\n' + b"# nothing of this is lost\n" * 400

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        (tmp_path / "pyproject.toml").write_bytes(self.PROJECT)
        return tmp_path

    # The schema and the JSON Schema fit, the configuration doesn't; or nothing does.
    @pytest.mark.parametrize("size", [5000, 0])
    def test_a_full_disk_leaves_everything_as_it_was(
        self, project: Path, size: int
    ) -> None:
        done = run(FULL_DISK.format(size=size), "init", cwd=project)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("vmgen: can't write ")
        assert done.stderr.endswith(": file too large\n")
        assert tree(project) == {"pyproject.toml": self.PROJECT}

    @pytest.mark.parametrize("after", [0, 1, 2, 3])
    def test_a_kill_leaves_the_configuration_whole(
        self, project: Path, after: int
    ) -> None:
        killed = run(KILLED.format(after=after, signal="SIGKILL"), "init", cwd=project)
        assert killed.returncode == -signal.SIGKILL
        said = (project / "pyproject.toml").read_bytes()
        assert said.startswith(self.PROJECT)
        assert (b"[tool.vmgen]" in said) == (after > 2)
        assert vmgen_process("init", cwd=project).code == 0
        assert sorted(tree(project)) == [
            ".gitattributes",
            "pyproject.toml",
            "schemas/vm.vm.yaml",
            "schemas/vmgen.schema.json",
        ]

    def test_what_it_writes_is_flushed(self, project: Path) -> None:
        counted = """
            import os, atexit
            fsync, exit, flushed = os.fsync, os._exit, []
            os.fsync = lambda fd: flushed.append(fsync(fd))
            os._exit = lambda code: exit(len(flushed))
            """
        assert run(counted, "init", cwd=project).returncode == 4

    def test_a_configuration_behind_a_link_is_changed_there(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "real.toml").write_text("")
        (tmp_path / "pyproject.toml").symlink_to("real.toml")
        assert vmgen_process("init", cwd=tmp_path).code == 0
        assert (tmp_path / "pyproject.toml").is_symlink()
        assert "[tool.vmgen]" in (tmp_path / "real.toml").read_text()

    @pytest.mark.parametrize(
        "name", ["pyproject.toml", ".gitattributes", "schemas/vmgen.schema.json"]
    )
    def test_a_pipe_in_a_files_place_is_told(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "schemas").mkdir()
        os.mkfifo(tmp_path / name)
        done = run("", "init", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"vmgen: can't write {name}: not a regular file\n"
        assert tree(tmp_path) == {}


def test_a_killed_page_leaves_the_old_one(tmp_path: Path) -> None:
    schema = write_schema(tmp_path, SCHEMA)
    assert vmgen_process("doc", "sample.vm.yaml", cwd=tmp_path).code == 0
    schema.write_text(schema.read_text().replace("A point", "Another point"))
    before = (tmp_path / "sample.html").read_bytes()
    words = ("doc", "sample.vm.yaml")
    killed = run(KILLED.format(after=0, signal="SIGKILL"), *words, cwd=tmp_path)
    assert killed.returncode == -signal.SIGKILL
    assert (tmp_path / "sample.html").read_bytes() == before
    assert len(tree(tmp_path)) == 3
    assert vmgen_process(*words, cwd=tmp_path).code == 0
    assert sorted(tree(tmp_path)) == ["sample.html", "sample.vm.yaml"]


def test_an_empty_path_of_a_page_is_a_wrong_call(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    ran = vmgen_process("doc", "sample.vm.yaml", "-o", "", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "vmgen: --out: the path is empty\n"
