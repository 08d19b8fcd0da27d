"""Bit-fields of somebody else's header, held against ours by compilers and by clang's layout."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.owners.compiling import COMPILERS, built, compiled
from tests.support import need_package, vmgen

if TYPE_CHECKING:
    from pathlib import Path

CHECK = "generated/c/ours_header_check.c"
END = "differs from ours.vm.yaml"
HEADER = """\
#include <stdint.h>

struct flags {
    uint32_t size;
    uint64_t disabled : 1, inherit : 1;
    int64_t precise : 7;
    uint64_t rest : 55;
    uint16_t after;
};

typedef struct {
    uint8_t a : 4;
    uint32_t b : 4;
    int c : 13;
    uint16_t d : 9;
    uint8_t e;
    struct { uint8_t x : 1, y : 7; } inner;
    struct { uint32_t low : 31, high : 1; };
} mixed;

#pragma pack(push, 1)
struct tight {
    uint8_t a : 3;
    uint64_t b : 64;
    int32_t c : 18;
};
#pragma pack(pop)
"""
SCHEMA = """\
vmgen: 1
module: ours
targets:
  - x86_64-unknown-linux-gnu
  - i686-unknown-linux-gnu
  - armv7-unknown-linux-gnueabihf
  - s390x-unknown-linux-gnu
c: {header: theirs.h}
profile: {c-abi: theirs}
allow: {layout-differs-by-target: theirs}
types:
  flags:
    kind: struct
    c_name: struct flags
    fields:
      size: u32
      disabled: {type: u64, bits: 1}
      inherit: {type: u64, bits: 1}
      precise: {type: i64, bits: 7}
      rest: {type: u64, bits: 55}
      after: u16
  mixed:
    kind: struct
    fields:
      a: {type: u8, bits: 4}
      b: {type: u32, bits: 4}
      c: {type: c_int, bits: 13}
      d: {type: u16, bits: 9}
      e: u8
      inner: {struct: {x: {type: u8, bits: 1}, y: {type: u8, bits: 7}}}
      halves:
        anonymous: true
        struct: {low: {type: u32, bits: 31}, high: {type: u32, bits: 1}}
  tight:
    kind: struct
    c_name: struct tight
    packed: true
    fields:
      a: {type: u8, bits: 3}
      b: {type: u64, bits: 64}
      c: {type: i32, bits: 18}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "theirs.h").write_text(HEADER, encoding="utf-8")
    (tmp_path / "ours.vm.yaml").write_text(SCHEMA, encoding="utf-8")
    built(tmp_path, "ours.vm.yaml")
    return tmp_path


def changed(folder: Path, *changes: tuple[str, str]) -> None:
    text = HEADER
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "theirs.h").write_text(text, encoding="utf-8")


def judged(folder: Path, *command: str) -> list[str]:
    return compiled(folder, command, CHECK, into="check.o")


def differing(name: str) -> str:
    return f"declared with attribute error: {name}: bits {END}"


def errors(folder: Path, *command: str) -> list[str]:
    """The errors about bit-fields, without the name of what is called there."""
    return [e.partition("\u2019 ")[2] for e in judged(folder, *command) if "call" in e]


def test_they_are_right_on_every_machine_and_in_cpp(folder: Path) -> None:
    commands = [[tool, "-std=c11", "-Wconversion"] for tool in COMPILERS.values()]
    commands += [["gcc", "-std=c11", "-O2"], ["g++", "-std=c++11", "-xc++"]]
    found = {" ".join(c): judged(folder, *c) for c in commands}
    assert found == {command: [] for command in found}


@pytest.mark.parametrize("tool", COMPILERS.values())
def test_each_that_moved_or_got_wider_is_an_error_that_names_it(
    folder: Path, tool: str
) -> None:
    changed(
        folder,
        ("inherit : 1;", "inherit : 1, more : 1;"),
        ("rest : 55;", "rest : 54;"),
        ("uint32_t b : 4;", "uint32_t b : 3;"),
        ("x : 1, y : 7", "y : 7, x : 1"),
        ("b : 64;", "b : 63;"),
    )
    names = [
        "struct flags.precise", "struct flags.rest", "mixed.b", "mixed.c", "mixed.d",
        "mixed.inner.x", "mixed.inner.y", "struct tight.b", "struct tight.c",
    ]  # fmt: skip
    assert errors(folder, tool, "-std=c11") == [differing(name) for name in names]


def test_without_code_their_names_are_looked_up(folder: Path) -> None:
    changed(folder, ("low : 31, high : 1", "low : 31, top : 1"))
    for flags in (["gcc", "-std=c11"], ["g++", "-std=c++11", "-xc++"]):
        found = compiled(folder, flags, CHECK)
        assert any("has no member named" in e and "high" in e for e in found), found


@pytest.mark.parametrize("target", ["x86_64-linux-gnu", "s390x-linux-gnu"])
def test_clang_judges_them_where_it_optimizes_and_else_says_so(
    folder: Path, target: str
) -> None:
    need_package("ziglang")

    def said(*flags: str) -> str:
        command = [sys.executable, "-m", "ziglang", "cc", "-target", target, *flags]
        command += ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wconversion"]
        command += ["-I.", "-Igenerated/c", "-c", "-o", "check.o", CHECK]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False
        )
        return done.stderr

    assert said("-O1") == ""
    assert "bit-fields aren't judged: compile this by gcc" in said("-O0")
    changed(folder, ("precise : 7;", "precise : 6;"))
    assert f"struct flags.precise: bits {END}" in said("-O1")


@pytest.mark.parametrize("machine", COMPILERS)
def test_verify_agrees_on_every_machine(folder: Path, machine: str) -> None:
    need_package("clang.cindex")
    said = vmgen("verify", "ours.vm.yaml", "--header", "--target", machine, cwd=folder)
    whole = f"44 numbers of `ours` compared with theirs.h on {machine}\n"
    assert (said.code, said.out) == (0, whole)


def test_verify_tells_where_they_are_and_how_wide(folder: Path) -> None:
    need_package("clang.cindex")
    changed(
        folder,
        ("inherit : 1;", "inherit : 2;"),
        ("low : 31, high : 1", "high : 1, low : 31"),
        ("int c : 13;", "int c;"),
        ("int32_t c : 18", "int32_t d : 18"),
    )
    said = vmgen(
        *("verify", "ours.vm.yaml", "--header", "--format", "concise"),
        *("--target", "s390x-unknown-linux-gnu"),
        cwd=folder,
    )
    assert said.out.splitlines() == [
        "ours.vm.yaml:18:7: error: VM914 the number of bits of `flags.inherit` is 1, and that of the header's `struct flags.inherit` 2",
        "ours.vm.yaml:19:7: error: VM914 the first bit of `flags.precise` is 34, and that of the header's `struct flags.precise` 35",
        "ours.vm.yaml:22:3: error: VM914 the size of `mixed` is 12, and that of the header's `mixed` 16",
        "ours.vm.yaml:27:7: error: VM914 the first bit of `mixed.c` is 8, and that of the header's `mixed.c` 32",
        "ours.vm.yaml:27:7: error: VM914 the number of bits of `mixed.c` is 13, and that of the header's `mixed.c` 32",
        "ours.vm.yaml:28:7: error: VM914 the first bit of `mixed.d` is 21, and that of the header's `mixed.d` 64",
        "ours.vm.yaml:29:7: error: VM914 the offset of `mixed.e` is 4, and that of the header's `mixed.e` 10",
        "ours.vm.yaml:30:7: error: VM914 the offset of `mixed.inner` is 5, and that of the header's `mixed.inner` 11",
        "ours.vm.yaml:30:24: error: VM914 the first bit of `mixed.inner.x` is 40, and that of the header's `mixed.inner.x` 88",
        "ours.vm.yaml:30:48: error: VM914 the first bit of `mixed.inner.y` is 41, and that of the header's `mixed.inner.y` 89",
        "ours.vm.yaml:33:18: error: VM914 the first bit of `mixed.low` is 64, and that of the header's `mixed.low` 97",
        "ours.vm.yaml:33:46: error: VM914 the first bit of `mixed.high` is 95, and that of the header's `mixed.high` 96",
        "ours.vm.yaml:41:7: error: VM913 the header has no `struct tight.c`",
        "42 numbers of `ours` compared with theirs.h on s390x-unknown-linux-gnu, 13 differences",
    ]  # fmt: skip
