"""The commands `vmgen` and `vmgen-counts`, which need no debug information."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.debuggers.debuggers import gdb, lldb, without_addresses

CONTEXT = """\
Context at ADDRESS <space>
├─ magic: 1701998435 (CONTEXT_MAGIC)
├─ store: ADDRESS <store> -> Store ...
├─ memories: [Memory; 2]
│  ├─ [0]: Memory
│  │  ├─ base: 0x1000 -> u8 ...
│  │  └─ current_length: 4096
│  └─ [1]: Memory
│     ├─ base: 0x1000 -> u8 ...
│     └─ current_length: 8192
├─ bytes: []
├─ globals: [Global; 2]
│  ├─ [0]: Global
│  │  └─ storage: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
│  └─ [1]: Global
│     └─ storage: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
├─ unaligned: [u32; 3]
│  ├─ [0]: 0
│  ├─ [1]: 0
│  └─ [2]: 0
├─ tags: []
└─ start: absent""".replace(" <space>", "")

BARE = """\
Context at ADDRESS (its regions take counts that aren't known)
├─ magic: 1701998435 (CONTEXT_MAGIC)
└─ store: ADDRESS <store> -> Store ..."""

PLACE = """\
place at ADDRESS: InMemory
├─ tag: InMemory (4)
└─ InMemory: 0x5000 -> Memory
   ├─ base: unmapped (0x5000: nothing is mapped there)
   └─ current_length: unmapped (0x5008: nothing is mapped there)"""

ASKED = {
    "vmgen Context context num_memories=1+1 --depth 0": CONTEXT,
    "vmgen small.Context 'context' --depth=0": BARE,
    "vmgen-counts Context num_memories=2": "small.Context: num_memories = 2",
    "vmgen Context &space --depth 0": CONTEXT,
    "vmgen-counts Context": "small.Context: its counts are forgotten",
    "vmgen Context context --depth 0": BARE,
    "vmgen Store &store --field place": PLACE,
    "vmgen TypeIndex &places[2].payload.at_index": "TypeIndex at ADDRESS: 9",
}

REFUSED = {
    "vmgen": "usage: vmgen [MODULE.]TYPE ADDRESS [COUNT=N ...] [--field PATH] "
    "[--depth N] [--elements N] [--target TRIPLE]",
    "vmgen Store": "usage: vmgen [MODULE.]TYPE ADDRESS [COUNT=N ...] [--field PATH] "
    "[--depth N] [--elements N] [--target TRIPLE]",
    "vmgen Shop 1": "small has no type Shop",
    "vmgen large.Store 1": "no script of a module large is loaded, only of small",
    "vmgen Context 1 num_memory=2": "Context has no count num_memory, did you mean "
    "num_memories?",
    "vmgen Context 1 has_start=2": "has_start = 2 is not in 0 to 1",
    "vmgen Store 1 num_memories=2": "Store is no context: it takes no counts",
    "vmgen Store 1 --depth x": "--depth takes a number, x is none",
    "vmgen Store &store --field plaice": "`Store` has no part `plaice`, did you mean "
    "place?",
    "vmgen Store 1 --target pdp11": "pdp11 is no target of small.vm.yaml",
    "vmgen-counts Store fuel=1": "Store is no context: it takes no counts",
    "vmgen-counts": "usage: vmgen-counts [MODULE.]CONTEXT [COUNT=N ...]",
}


def test_gdb_shows_memory_by_the_schema(c_program: Path, built: Path) -> None:
    script = f"source {built / 'gdb' / 'small_gdb.py'}"
    start = f"file {c_program}", script, "break abort", "run", "up"
    said = gdb(*start, *ASKED)[len(start) :]
    assert [without_addresses(text) for text in said] == [*ASKED.values()]


def test_lldb_shows_memory_by_the_schema(c_program: Path, built: Path) -> None:
    script = f"command script import {built / 'lldb' / 'small_lldb.py'}"
    start = (
        f"target create {c_program}",
        script,
        "break set -n abort",
        "run",
        "frame select 1",
    )
    said = lldb(*start, *ASKED)[-len(ASKED) :]
    assert [without_addresses(text) for text in said] == [*ASKED.values()]


def test_gdb_prints_a_context_with_its_regions(c_program: Path, built: Path) -> None:
    script = f"source {built / 'gdb' / 'small_gdb.py'}"
    start = f"file {c_program}", script, "break abort", "run", "up"
    *_, said = gdb(*start, "vmgen-counts Context num_memories=2", "print *context")
    assert without_addresses(said) == f"$1 = {CONTEXT}"


def test_lldb_prints_a_context_with_its_regions(c_program: Path, built: Path) -> None:
    script = f"command script import {built / 'lldb' / 'small_lldb.py'}"
    start = f"target create {c_program}", script, "break set -n abort", "run"
    counts = "vmgen-counts Context num_memories=2"
    *_, said = lldb(*start, counts, "target variable *context")
    assert without_addresses(said) == f"(Context) *context = {CONTEXT}"


@pytest.mark.parametrize("debugger", ["gdb", "lldb"])
def test_what_cannot_be_shown_is_told(
    c_program: Path, built: Path, debugger: str
) -> None:
    if debugger == "gdb":
        script = f"source {built / 'gdb' / 'small_gdb.py'}"
        said = gdb(f"file {c_program}", "break abort", "run", script, *REFUSED)
    else:
        script = f"command script import {built / 'lldb' / 'small_lldb.py'}"
        start = f"target create {c_program}", "break set -n abort", "run", script
        run = "script lldb.debugger.HandleCommand({!r})"
        said = lldb(*start, *map(run.format, REFUSED))
    told = [text.removeprefix("error: ") for text in said[-len(REFUSED) :]]
    assert told == [*REFUSED.values()]


def test_without_a_process_lldb_says_so(built: Path) -> None:
    script = f"command script import {built / 'lldb' / 'small_lldb.py'}"
    *_, said = lldb(script, "vmgen Store 1")
    assert said == "error: there is no process and no core file to read"


def test_without_a_process_nothing_is_mapped_in_gdb(built: Path) -> None:
    script = f"source {built / 'gdb' / 'small_gdb.py'}"
    target = "--target x86_64-unknown-linux-gnu"
    *_, asked, said = gdb(script, "vmgen Memory 16", f"vmgen Memory 16 {target}")
    assert asked == (
        "name the target that this memory is of, one of le32-u64a4-f64a4-atomic64, "
        "le32-atomic64: --target TRIPLE"
    )
    assert said == (
        "Memory at 0x10\n"
        "├─ base: unmapped (0x10: nothing is mapped there)\n"
        "└─ current_length: unmapped (0x18: nothing is mapped there)"
    )
