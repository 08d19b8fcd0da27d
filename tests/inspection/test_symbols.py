"""Symbols: what is at an address by its name, and what an address is called."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.inspection.heap import SCHEMA
from tests.support import Ran, need, vmgen
from vmgen.inspection.symbols import Symbols, readable
from vmgen.languages.python.runtime.memory import Area, Bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PROGRAM = """\
#include <stdint.h>
#include <stdio.h>
struct limits { uint32_t num_values, num_words; };
struct header { uint32_t flags; struct header *from; uint8_t mode; };
struct limits the_limits = {4, 18};
struct header second = {1, 0, 7};
struct header first = {2, &second, 0};
struct calls { void (*start)(void), (*stop)(void); };
void begin(void) {}
void end(void) {}
struct calls the_calls = {begin, end};
int main(void) {
  puts("ready");
  fflush(stdout);
  return getchar();
}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("symbols")
    (folder / "program.c").write_text(PROGRAM)
    subprocess.run(
        [need("gcc"), "-O0", "-o", "program", "program.c"], cwd=folder, check=True
    )
    return folder / "program"


@contextmanager
def running(program: Path) -> Iterator[int]:
    with subprocess.Popen(
        [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        yield process.pid
        process.stdin.close()


def inspect(pid: int, folder: Path, *arguments: str) -> Ran:
    return vmgen("inspect", str(SCHEMA), "--pid", str(pid), *arguments, cwd=folder)


def test_a_symbol_is_where_to_begin_and_what_is_there(
    program: Path, tmp_path: Path
) -> None:
    with running(program) as pid:
        limits = inspect(pid, tmp_path, "--at", "Limits@the_limits")
        behind = inspect(pid, tmp_path, "--at", "Index@the_limits+4")
        header = inspect(
            pid, tmp_path, "--at", "Header@first", "--at", "Calls@the_calls"
        )
        missing = inspect(pid, tmp_path, "--at", "Limits@the_limit")
    assert limits.out.splitlines()[1:] == ["├─ num_values: 4", "└─ num_words: 18"]
    assert behind.out.endswith(": 18\n")
    lines = header.out.splitlines()
    assert lines[1] == "├─ flags: 2 (no bit is set)"
    assert lines[2].endswith(" <second> -> Header")
    assert [line.partition("<")[2] for line in lines[-2:]] == ["begin>", "end>"]
    assert (missing.code, missing.err) == (
        2,
        f"vmgen: process {pid}: no file that is mapped there has the symbol "
        "`the_limit`\n",
    )


def test_a_file_that_is_another_by_now_has_no_symbols(
    program: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "program"
    shutil.copy(program, copied)
    with running(copied) as pid:
        copied.unlink()
        copied.write_bytes(b"\x7fELF, and nothing of what was there")
        gone = inspect(pid, tmp_path, "--at", "Limits@the_limits")
    assert gone.code == 2
    assert "no file that is mapped there has the symbol `the_limits`" in gone.err


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("_ZN8wasmtime7runtime2vm4grow17ha7c9d66a443c2f4bE", "wasmtime::runtime::vm::grow"),
        (
            "_ZN60_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..Drop$GT$4drop17h0123456789abcdefE",
            "<alloc::vec::Vec<T> as core::ops::Drop>::drop",
        ),
        ("_ZZ4mainE6limits", "_ZZ4mainE6limits"),
        ("_ZN9a17h0123456789abcdefE", "_ZN9a17h0123456789abcdefE"),
        ("main", "main"),
    ],
)  # fmt: skip
def test_rusts_older_names_are_readable(name: str, shown: str) -> None:
    assert readable(name) == shown


def test_without_a_symbol_there_is_the_place_in_the_file() -> None:
    class Mapped(Bytes):
        def areas(self) -> Sequence[Area]:
            return [
                Area(0x1000, 0x2000, "/lib/none.so", 0x3000),
                Area(0x2000, 0x3000, "[stack]"),
                Area(0x4000, 0x5000, "/lib/\x1b[2J\n.so"),
            ]

    symbols = Symbols(Mapped(b""))
    assert symbols.name(0x1010) == "none.so+0x3010"
    assert symbols.name(0x2010) == symbols.name(0x10) == symbols.name(0x9000) == ""
    assert symbols.name(0x4001) == "\ufffd[2J\ufffd.so+0x1"
    assert symbols.addresses("main") == []


def test_without_the_package_symbols_cannot_be_asked_for(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vmgen.cli.inspect.find_spec", lambda name: None)
    with running(program) as pid:
        ran = inspect(pid, tmp_path, "--at", "Limits@the_limits")
    assert (ran.code, ran.err) == (
        2,
        f"vmgen: process {pid}: symbols are read with a package that isn't installed "
        "(pyelftools); install it with pip install 'vmgen[binaries]'\n",
    )
