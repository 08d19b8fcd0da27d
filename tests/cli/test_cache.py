"""The cache folder: used where it is the user's own, and never more than a help."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import write_schema
from vmgen.build.cache import Cache, cache_folder

SCHEMA = "types: {A: {kind: struct, fields: {a: u8}}}"


def variables(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name in "VMGEN_CACHE_DIR", "XDG_CACHE_HOME", "HOME":
        monkeypatch.setenv(name, values.get(name, ""))


@pytest.mark.parametrize(
    ("values", "folder"),
    [
        ({"VMGEN_CACHE_DIR": "/v", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/v"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/vmgen"),
        ({"HOME": "/h"}, "/h/.cache/vmgen"),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/vmgen"),
        ({"VMGEN_CACHE_DIR": "./v", "XDG_CACHE_HOME": "/x"}, "/x/vmgen"),
        ({"VMGEN_CACHE_DIR": "v", "XDG_CACHE_HOME": "x", "HOME": "h"}, None),
    ],
)
def test_relative_paths_count_as_none(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], folder: str | None
) -> None:
    variables(monkeypatch, **values)
    assert cache_folder() == folder


def as_another_user(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(path, 65534, 65534)


SPOILT: dict[str, Callable[[Path], object]] = {
    "a folder that others may write to": lambda folder: folder.chmod(0o777),
    "a folder that a group may write to": lambda folder: folder.chmod(0o770),
    "another user's folder": as_another_user,
    "a file that others may write to": lambda folder: (folder / "a").chmod(0o602),
    "another user's file": lambda folder: as_another_user(folder / "a"),
}


class TestFolder:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            cache = Cache(str(tmp_path / "new" / "cache"), ["below"])
            cache.write("a", b"1")
        finally:
            os.umask(before)
        assert cache.read("a") == b"1"
        assert cache.read("b") is None
        for folder in cache.folders:
            assert Path(folder).stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "new/cache/below/a").stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("name", SPOILT)
    def test_what_others_may_have_written_is_not_read(
        self, tmp_path: Path, name: str
    ) -> None:
        cache = Cache(str(tmp_path / "cache"))
        cache.write("a", b"1")
        assert cache.read("a") == b"1"
        SPOILT[name](tmp_path / "cache")
        assert cache.read("a") is None

    def test_links_and_pipes_are_not_read(self, tmp_path: Path) -> None:
        cache = Cache(str(tmp_path))
        cache.write("a", b"1")
        (tmp_path / "link").symlink_to("a")
        os.mkfifo(tmp_path / "pipe", 0o600)
        assert cache.read("link") is None
        assert cache.read("pipe") is None

    def test_what_can_not_be_written_is_no_fault(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        for folder in tmp_path / "file", tmp_path / "file" / "below":
            cache = Cache(str(folder))
            cache.write("a", b"1")
            assert cache.read("a") is None
        (tmp_path / "a").mkdir()
        Cache(str(tmp_path)).write("a", b"1")
        assert Cache(str(tmp_path)).read("a") is None


BUILD = """
import sys
from jinja2.bccache import Bucket
from vmgen.cli import main

read, taken = Bucket.bytecode_from_string, []
Bucket.bytecode_from_string = lambda self, code: taken.append(read(self, code))
main(["build", "sample.vm.yaml", "-o", sys.argv[1]])
print("taken", len(taken))
"""


def build(folder: Path, out: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, out],
        cwd=folder,
        env={**os.environ, "HOME": str(folder / "home"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("spoil", "taken"), [(None, True), *((name, False) for name in list(SPOILT)[:3])]
)
def test_compiled_templates_are_run_from_a_folder_of_ones_own(
    tmp_path: Path, spoil: str | None, taken: bool
) -> None:
    write_schema(tmp_path, SCHEMA)
    where = {"VMGEN_CACHE_DIR": str(tmp_path / "cache")}
    assert build(tmp_path, "first", **where) == "taken 0"
    if spoil:
        SPOILT[spoil](tmp_path / "cache" / "templates")
    assert (build(tmp_path, "second", **where) != "taken 0") == taken


@pytest.mark.parametrize("name", ["VMGEN_CACHE_DIR", "XDG_CACHE_HOME"])
def test_a_project_can_not_bring_a_cache(tmp_path: Path, name: str) -> None:
    """Which a relative path would be."""
    write_schema(tmp_path, SCHEMA)
    planted = tmp_path / "here"
    own = planted / "vmgen" if name == "XDG_CACHE_HOME" else planted
    assert build(tmp_path, "first", VMGEN_CACHE_DIR=str(own)) == "taken 0"
    assert build(tmp_path, "second", VMGEN_CACHE_DIR=str(own)) != "taken 0"
    paths = {"VMGEN_CACHE_DIR": "", "XDG_CACHE_HOME": "", name: "here"}
    assert build(tmp_path, "third", **paths) == "taken 0"
    assert (tmp_path / "home/.cache/vmgen/templates").is_dir()


def test_templates_that_can_not_be_kept_cost_time_alone(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    where = {"VMGEN_CACHE_DIR": str(tmp_path / "cache")}
    build(tmp_path, "first", **where)
    for path in (tmp_path / "cache" / "templates").iterdir():
        path.unlink()
        path.mkdir()
    assert build(tmp_path, "second", **where) == "taken 0"
    assert sorted(p.name for p in (tmp_path / "second/c").iterdir()) == [
        "sample.h",
        "vmgen.h",
    ]
