"""Somebody else's header that has members on some targets only, held against ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.owners.compiling import COMPILERS, built, compiled
from tests.support import need_package, vmgen

if TYPE_CHECKING:
    from pathlib import Path

CHECK = "generated/c/ours_header_check.c"
HEADER = """\
#include <stdint.h>

struct regs {
    uint32_t version;
#if defined(__s390x__)
    uint64_t gprs[16];
#elif defined(__x86_64__) || defined(__i386__)
    uint64_t rax, rbx;
#endif
    struct {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        uint8_t high : 4, low : 4;
#else
        uint8_t low : 4, high : 4;
#endif
    };
#ifdef __LP64__
    uint64_t wide;
#endif
    union {
        uint32_t word;
#ifdef __s390x__
        uint64_t addr;
#endif
    } u;
};

struct head {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    uint8_t version : 4, length : 4;
#else
    uint8_t length : 4, version : 4;
#endif
    uint8_t service;
};
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
  regs:
    kind: struct
    c_name: struct regs
    fields:
      version: u32
      gprs: {type: "[u64; 16]", on: {arch: s390x}}
      rax: {type: u64, on: {arch: [x86, x86_64]}}
      rbx: {type: u64, on: {arch: [x86, x86_64]}}
      halves:
        anonymous: true
        struct: {first: {type: u8, bits: 4, c_name: low}, second: {type: u8, bits: 4, c_name: high}}
        on: {endian: little}
      halves_big:
        anonymous: true
        struct: {high: {type: u8, bits: 4}, low: {type: u8, bits: 4}}
        on: {endian: big}
      wide: {type: u64, on: {width: 64}}
      u:
        union: {word: u32, addr: {type: u64, on: {arch: s390x}}}
  head:
    kind: struct
    c_name: struct head
    fields:
      length: {type: u8, bits: 4, on: {endian: little}}
      version: {type: u8, bits: 4}
      length_behind: {type: u8, bits: 4, c_name: length, on: {endian: big}}
      service: u8
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "theirs.h").write_text(HEADER, encoding="utf-8")
    (tmp_path / "ours.vm.yaml").write_text(SCHEMA, encoding="utf-8")
    built(tmp_path, "ours.vm.yaml")
    return tmp_path


def changed(folder: Path, old: str, new: str) -> None:
    assert HEADER.count(old) == 1, old
    (folder / "theirs.h").write_text(HEADER.replace(old, new), encoding="utf-8")


def test_one_schema_is_right_about_the_header_on_every_machine(folder: Path) -> None:
    found = {
        tool: compiled(folder, [tool, "-std=c11"], CHECK, into="check.o")
        for tool in COMPILERS.values()
    }
    assert found == {tool: [] for tool in COMPILERS.values()}


@pytest.mark.parametrize(
    ("old", "new", "machine", "about"),
    [
        ("uint64_t gprs[16]", "uint64_t gprs[15]", "s390x", "struct regs.gprs: size"),
        ("uint64_t rax, rbx", "uint64_t rbx, rax", "i686", "struct regs.rax: offset"),
        ("uint64_t wide", "uint32_t wide", "x86_64", "struct regs.wide: size"),
        ("uint64_t addr", "uint32_t addr", "s390x", "struct regs.u.addr: size"),
    ],
)
def test_what_moved_on_one_machine_is_told_on_that_alone(
    folder: Path, old: str, new: str, machine: str, about: str
) -> None:
    changed(folder, old, new)
    for target, tool in COMPILERS.items():
        found = compiled(folder, [tool, "-std=c11"], CHECK, into="check.o")
        concerned = target.startswith(machine) or (
            # Those have it too.
            (about.endswith("rax: offset") and target.startswith("x86_64"))
            or (about.endswith("wide: size") and target.startswith("s390x"))
        )
        assert any(about in error for error in found) == concerned, (target, found)


@pytest.mark.parametrize("machine", COMPILERS)
def test_verify_asks_for_what_is_there(folder: Path, machine: str) -> None:
    need_package("clang.cindex")
    said = vmgen("verify", "ours.vm.yaml", "--header", "--target", machine, cwd=folder)
    assert (said.code, said.err) == (0, ""), said.out
    assert f"compared with theirs.h on {machine}" in said.out


def test_verify_misses_what_a_machine_should_have(folder: Path) -> None:
    need_package("clang.cindex")
    changed(folder, "#ifdef __LP64__", "#ifdef __s390x__")
    for machine, code in (("x86_64", 1), ("s390x", 0)):
        target = f"{machine}-unknown-linux-gnu"
        said = vmgen(
            "verify", "ours.vm.yaml", "--header", "--target", target, cwd=folder
        )
        assert said.code == code, said.out
        assert ("the header has no `struct regs.wide`" in said.out) == bool(code)
