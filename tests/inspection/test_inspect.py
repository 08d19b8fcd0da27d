"""`vmgen inspect`: trees of the memory of files, cores and processes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.inspection.heap import (
    BASE,
    FIRST,
    FRAME,
    LIMITS,
    NUMBERS,
    SCHEMA,
    SECOND,
    TARGETS,
    X86_64,
    heap,
    offset,
)
from tests.python.cores import core
from tests.support import Ran, vmgen

if TYPE_CHECKING:
    from pathlib import Path

TREE = """\
Frame at 0x10000
├─ magic: 1885431144 (MAGIC)
├─ limits: 0x10400 -> Limits
│  ├─ num_values: 4
│  └─ num_words: 18
├─ numbers: 0x10800 -> Numbers
│  ├─ tiny: -3
│  ├─ large: 18446744073709551615
│  ├─ net: 16909060
│  ├─ index: 9
│  ├─ some: [u16; 20]
│  │  ├─ [0]: 0
│  │  ├─ [1]: 1
│  │  ├─ [2]: 2
│  │  └─ ... 17 more
│  ├─ raw: 61 62 00 ... (ab.)
│  ├─ code: 0x99 -> Code
│  ├─ calls: 0x11400 -> Calls
│  │  ├─ start: 0x77
│  │  └─ stop: 0x78
│  ├─ hits: 0x11800 -> AtomicU64 = 41
│  └─ word: Word
│     ├─ number: -2
│     ├─ bytes: WORD
│     └─ header: POINTER -> Header ...
├─ values: [Value; 4]
│  ├─ [0]: Nothing
│  │  └─ tag: Nothing (0)
│  ├─ [1]: Number
│  │  ├─ tag: Number (1)
│  │  └─ Number: -5
│  ├─ [2]: Link
│  │  ├─ tag: Link (2)
│  │  └─ Link: 0x10c00 -> Header
│  │     ├─ flags: 7 (MARKED | PINNED)
│  │     ├─ from: 0x11000 -> Header
│  │     │  ├─ flags: 4 (no bit is set)
│  │     │  ├─ from: 0x10c00 -> Header (shown as values[2].Link)
│  │     │  └─ mode: Off (0)
│  │     └─ mode: On (7)
│  └─ ... 1 more
├─ words: [u16; 18]
│  ├─ [0]: 0
│  ├─ [1]: 1
│  ├─ [2]: 2
│  └─ ... 15 more
└─ extra: Header
   ├─ flags: 4 (no bit is set)
   ├─ from: 0x10c00 -> Header (shown as values[2].Link)
   └─ mode: Off (0)
"""


def inspect(folder: Path, data: bytes, *arguments: str, how: str = "--bytes") -> Ran:
    (folder / "memory").write_bytes(data)
    base = ["--base", hex(BASE)] if how == "--bytes" else []
    call = ["inspect", str(SCHEMA), how, "memory", *base, *arguments]
    return vmgen(*call, cwd=folder)


def shown(folder: Path, data: bytes, *arguments: str, target: str = X86_64) -> str:
    """What is said of bytes of a target."""
    ran = inspect(folder, data, "--target", target, *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def said(folder: Path, data: bytes, *arguments: str) -> str:
    """What refuses a call about bytes of x86-64."""
    ran = inspect(folder, data, "--target", X86_64, *arguments)
    assert (ran.code, ran.out) == (2, "")
    return ran.err


@pytest.mark.parametrize("target", TARGETS)
def test_a_core_is_a_tree_on_every_machine(target: str, tmp_path: Path) -> None:
    machine, pointer, order = TARGETS[target]
    data = core(
        {BASE: bytes(heap(target))}, machine=machine, pointer=pointer, order=order
    )
    ran = inspect(
        tmp_path, data, "--at", hex(FRAME), "--elements", "3", "--set", "has_extra=1",
        how="--core",
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    text = ran.out.replace(" (no multiple of 8)", "")
    text = re.sub(r"bytes: .*", "bytes: WORD", text)
    text = re.sub(
        r"header: 0x[0-9a-f]+( \(.*\))? -> Header \.\.\..*",
        "header: POINTER -> Header ...",
        text,
    )
    assert text == TREE


def test_bytes_are_read_for_a_target(tmp_path: Path) -> None:
    for target in "powerpc-unknown-linux-gnu", X86_64:
        out = shown(tmp_path, heap(target), "--at", f"Limits@{LIMITS}", target=target)
        assert out == "Limits at 0x10400\n├─ num_values: 4\n└─ num_words: 18\n"
    ran = inspect(tmp_path, heap(), "--at", f"Limits@{LIMITS}")
    assert ran.err == (
        "vmgen: memory: plain bytes say nothing of their machine: name it by --target\n"
    )
    assert ran.code == 2


def test_depth_is_in_pointers(tmp_path: Path) -> None:
    at = "--at", f"Header@{FIRST:#x}"
    assert shown(tmp_path, heap(), *at, "--depth", "0") == (
        "Header at 0x10c00\n"
        "├─ flags: 7 (MARKED | PINNED)\n"
        "├─ from: 0x11000 -> Header ...\n"
        "└─ mode: On (7)\n"
    )
    assert shown(tmp_path, heap(), *at, "--depth", "9") == (
        "Header at 0x10c00\n"
        "├─ flags: 7 (MARKED | PINNED)\n"
        "├─ from: 0x11000 -> Header\n"
        "│  ├─ flags: 4 (no bit is set)\n"
        "│  ├─ from: 0x10c00 -> Header (shown as Header)\n"
        "│  └─ mode: Off (0)\n"
        "└─ mode: On (7)\n"
    )


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("numbers.tiny", "numbers.tiny at 0x10800: -3"),
        ("numbers.some[19]", "numbers.some[19] at 0x1083e: 19"),
        ("values[1].Number", "values[1].Number at 0x10030: -5"),
        ("values[2].Link.flags", "values[2].Link.flags at 0x10c00: 7"),
        ("values[2].Link[1].flags", "values[2].Link[1].flags at 0x10c18: 0"),
        ("numbers.hits:Index", "numbers.hits:Index at 0x11800: 41"),
        ("numbers.raw[1:3]", "numbers.raw[1:3] at 0x10841: 62 00 (b.)"),
        ("numbers.hits:Numbers.tiny", "numbers.hits:Numbers.tiny at 0x11800: 41"),
        ("words[2:2]", "words[2:2] at 0x1005c"),
    ],
)
def test_a_path_leads_to_what_it_names(tmp_path: Path, path: str, line: str) -> None:
    out = shown(tmp_path, heap(), "--at", hex(FRAME), "--field", path)
    assert out.splitlines()[0] == line


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("number", "`Frame` has no part `number`, did you mean numbers?"),
        ("numbers.tiny.more", "`numbers.tiny` has no parts with names"),
        ("numbers.some[20]", "`numbers.some` has 20 elements, and no [20]"),
        ("numbers.tiny[0]", "`numbers.tiny` has no elements"),
        ("values[1].Link", "`values[1]` isn't `Link`, its tag is 1"),
        ("values[0].Nothing", "`Nothing` of `values[0]` has no payload"),
        ("values[1:2].tag", "`values[1:2].tag` goes on behind a range"),
        ("words[3:2]", "[3:2] of `words` ends before it begins"),
        ("numbers.code.x", "`numbers.code` has no parts with names"),
        ("numbers.code[1]", "nothing says how large what `numbers.code` leads to is"),
        ("numbers:Numbrs", "the schema has no type `Numbrs`, did you mean Numbers?"),
        ("numbers:Code", "nothing is known of what is in a `Code`"),
        ("numbers..tiny", "`numbers..tiny` is no path of names, :Type, [i] and [first:end]"),
        (".numbers", "`.numbers` is no path of names, :Type, [i] and [first:end]"),
        ("extra.flags", "`extra` is absent"),
        ("values[2].Link[9999999999999].flags", "it can't be read"),
    ],
)  # fmt: skip
def test_a_path_to_nothing_is_refused(tmp_path: Path, path: str, why: str) -> None:
    err = said(tmp_path, heap(), "--at", hex(FRAME), "--field", path)
    if path.endswith("flags") and "9999" in path:
        assert err == "vmgen: memory: 0xda475ac00be8: the bytes end at 0x11c00\n"
    else:
        assert err == f"vmgen: memory: {why}\n"


def test_what_is_read_is_never_trusted(tmp_path: Path) -> None:
    image = heap()

    def put(address: int, data: bytes) -> None:
        image[address - BASE : address - BASE + len(data)] = data

    put(FRAME, b"pear")
    put(FIRST + offset("Header", "mode"), b"\3")
    put(FIRST + offset("Header", "from_"), (0x77).to_bytes(8, "little"))
    put(NUMBERS + offset("Numbers", "calls"), bytes(8))
    put(NUMBERS + offset("Numbers", "hits"), (0x10003).to_bytes(8, "little"))
    out = shown(tmp_path, image, "--at", hex(FRAME), "--field", "values[2].Link")
    assert out == (
        "values[2].Link at 0x10040: 0x10c00 -> Header\n"
        "├─ flags: 7 (MARKED | PINNED)\n"
        "├─ from: 0x77 -> Header (no multiple of 8)\n"
        "│  ├─ flags: unmapped (0x77: the bytes begin at 0x10000)\n"
        "│  ├─ from: unmapped (0x7f: the bytes begin at 0x10000)\n"
        "│  └─ mode: unmapped (0x87: the bytes begin at 0x10000)\n"
        "└─ mode: 3 malformed (it is no Mode)\n"
    )
    lines = shown(tmp_path, image, "--at", hex(FRAME)).splitlines()
    assert lines[1] == "├─ magic: 1918985584 malformed (it is always 1885431144)"
    assert "│  ├─ calls: null malformed (it is never null)" in lines
    assert any("hits: 0x10003 -> AtomicU64 (no multiple of 8) = " in x for x in lines)


def test_an_unknown_tag_has_no_payload(tmp_path: Path) -> None:
    image = heap()
    at = FRAME + 24 - BASE
    image[at : at + 4] = (99).to_bytes(4, "little")
    out = shown(tmp_path, image, "--at", hex(FRAME), "--field", "values[0]")
    assert out == (
        "values[0] at 0x10018: malformed (99 is none of its tags)\n"
        "└─ tag: 99 malformed (it is no Tag)\n"
    )


def test_null_absent_and_empty_are_told_apart(tmp_path: Path) -> None:
    image = heap(numbers=None)
    image[LIMITS - BASE : LIMITS - BASE + 8] = bytes(8)
    assert shown(tmp_path, image, "--at", hex(FRAME)) == (
        "Frame at 0x10000\n"
        "├─ magic: 1885431144 (MAGIC)\n"
        "├─ limits: 0x10400 -> Limits\n"
        "│  ├─ num_values: 0\n"
        "│  └─ num_words: 0\n"
        "├─ numbers: null\n"
        "├─ values: []\n"
        "├─ words: []\n"
        "└─ extra: absent\n"
    )


def test_counts_that_lie_cost_nothing(tmp_path: Path) -> None:
    image = heap(numbers=None)
    image[LIMITS - BASE : LIMITS - BASE + 8] = b"\0\0\0\x0f" + b"\0\0\0\1"
    lines = shown(tmp_path, image, "--at", hex(FRAME), "--elements", "2").splitlines()
    assert lines[6] == "├─ values: [Value; 251658240]"
    words = lines.index("├─ words: [u16; 16777216]")
    assert lines[words - 1 : words + 3] == [
        "│  └─ ... 251658238 more",
        "├─ words: [u16; 16777216]",
        "│  ├─ [0]: unmapped (0xf0010018: the bytes end at 0x11c00)",
        "│  ├─ [1]: unmapped (0xf001001a: the bytes end at 0x11c00)",
    ]
    image[LIMITS - BASE : LIMITS - BASE + 8] = b"\xff" * 8
    out = shown(tmp_path, image, "--at", hex(FRAME))
    assert out.startswith(
        "Frame at 0x10000 (its regions can't be placed: a Frame of 77309411336 bytes "
        "overflows a u32)\n"
    )
    image[FRAME - BASE + 8 : FRAME - BASE + 16] = (0x50).to_bytes(8, "little")
    out = shown(tmp_path, image, "--at", hex(FRAME))
    assert out.startswith("Frame at 0x10000 (its regions can't be placed: ")


def test_given_counts_go_before_stored_ones(tmp_path: Path) -> None:
    out = shown(
        tmp_path, heap(), "--at", hex(FRAME), "--set", "num_values=1", "--depth", "0"
    )
    assert "├─ values: [Value; 1]\n" in out
    assert "├─ words: [u16; 18]\n" in out


def test_json_has_every_part(tmp_path: Path) -> None:
    out = shown(tmp_path, heap(), "--at", f"Header@{FIRST}", "--format", "json")
    (tree,) = json.loads(out)
    flags, link, mode = tree["parts"]
    assert flags == {
        "name": "flags", "type": "u32", "address": "0x10c00", "state": "read",
        "value": 7, "note": "MARKED | PINNED",
    }  # fmt: skip
    assert mode["value"] == 7
    assert (link["value"], link["leads_to"]) == (f"{SECOND:#x}", "Header")
    assert link["parts"][1] == {
        "name": "from", "type": "Option<VmPtr<Header>>", "address": "0x11008",
        "state": "seen", "value": "0x10c00", "leads_to": "Header",
        "note": "shown as Header",
    }  # fmt: skip


def test_a_page_has_the_tree_and_nothing_from_elsewhere(tmp_path: Path) -> None:
    image = heap(numbers=None)
    out = shown(tmp_path, image, "--at", hex(FRAME), "--format", "page")
    assert out.startswith("<!DOCTYPE html>")
    assert "<title>heap in memory</title>" in out
    assert "<b>magic</b>" in out
    assert "Option&lt;VmPtr&lt;Numbers&gt;&gt;" in out
    assert "<script" not in out
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", out)
    assert out.count("<details") == out.count("</details>")
    assert out.count("<li>") == out.count("</li>")


def test_several_places_are_shown_one_by_one(tmp_path: Path) -> None:
    out = shown(
        tmp_path, heap(), "--at", f"Limits@{LIMITS}", "--at", f"Limits@{LIMITS:#x}"
    )
    one = "Limits at 0x10400\n├─ num_values: 4\n└─ num_words: 18\n"
    assert out == f"{one}\n{one}"


CHILD = """
import ctypes, sys
data = sys.stdin.buffer.read(int(sys.argv[1]))
base = int(sys.argv[2], 16)
import mmap
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
got = libc.mmap(base, len(data) + 4096, 3, 0x22 | 0x100000, -1, 0)
ctypes.memmove(got, data, len(data))
print(hex(got), flush=True)
sys.stdin.read()
"""


def test_a_process_is_a_tree(tmp_path: Path) -> None:
    data = bytes(heap())
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(len(data)), hex(BASE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(data)
        child.stdin.flush()
        assert child.stdout.readline() == b"0x10000\n"
        ran = vmgen(
            "inspect", str(SCHEMA), "--pid", str(child.pid), "--at", f"Frame@{FRAME:#x}",
            "--elements", "3", "--set", "has_extra=1", "--target", X86_64, cwd=tmp_path,
        )  # fmt: skip
        unmapped = vmgen(
            "inspect", str(SCHEMA), "--pid", str(child.pid), "--at", "Frame@0x40",
            "--target", X86_64, cwd=tmp_path,
        )  # fmt: skip
        child.stdin.close()
    text = re.sub(r"bytes: .*", "bytes: WORD", ran.out)
    text = re.sub(r"header: 0x.*", "header: POINTER -> Header ...", text)
    assert (ran.code, text, ran.err) == (0, TREE, "")
    assert (unmapped.code, unmapped.err) == (
        2,
        f"vmgen: process {child.pid}: 0x40: nothing is mapped there, or it can't be "
        "read\n",
    )
    ended = vmgen("inspect", str(SCHEMA), "--pid", str(child.pid), "--at", "1", cwd=tmp_path)  # fmt: skip
    assert (ended.code, ended.err) == (
        2,
        f"vmgen: process {child.pid}: no such process\n",
    )


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--at", "Frame@nowhere"), "no file that is mapped there has the symbol `nowhere`"),
        (("--at", "Fram@1"), "the schema has no type `Fram`, did you mean Frame?"),
        (("--at", "Frame@16"), "0x10: the bytes begin at 0x10000"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    assert said(tmp_path, heap(), *arguments) == f"vmgen: memory: {why}\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--at", "Frame@0x1g"), "--at takes an address, as 0x7f00 or 32512; found `0x1g`"),
        (("--at", "Frame@"), "--at takes [TYPE@]ADDRESS; found `Frame@`"),
        (("--at", "1" + "0" * 19), "0x8ac7230489e80000: the bytes end at 0x11c00"),
        (("--at", "99999999999999999999"), "--at: no address is as large as 99999999999999999999"),
        (("--at", "1", "--depth", "-1"), "--depth is at least 0"),
        (("--at", "1", "--set", "num_vals=1"), "no count is named `num_vals`, did you mean `num_values`?"),
        (("--at", "1", "--set", "has_extra=2"), "`has_extra` is at most 1"),
    ],
)  # fmt: skip
def test_a_senseless_call_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    err = said(tmp_path, heap(), *arguments)
    assert err in (f"vmgen: {why}\n", f"vmgen: memory: {why}\n")


def test_a_file_that_is_no_memory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    os.mkfifo(tmp_path / "pipe")
    for how, name, why in (
        ("--core", "text", "it is no ELF file"),
        ("--core", "nowhere", "no such file or directory"),
        ("--bytes", "nowhere", "no such file or directory"),
        ("--bytes", "pipe", "it isn't a regular file"),
        ("--core", ".", "it isn't a regular file"),
    ):
        ran = vmgen("inspect", str(SCHEMA), how, name, "--at", "1", cwd=tmp_path)
        assert (ran.code, ran.err) == (2, f"vmgen: {name}: {why}\n")


def test_the_machine_has_to_be_one_of_the_schema(tmp_path: Path) -> None:
    data = core({BASE: bytes(heap())}, machine=183)
    ran = inspect(tmp_path, data, "--at", hex(FRAME), how="--core")
    assert ran.err == (
        "vmgen: memory: the schema has no target like its own, aarch64 (64 bits, little "
        "endian)\n"
    )
    data = core({BASE: bytes(heap())})
    ran = inspect(
        tmp_path, data, "--at", hex(FRAME), "--target", "i686-unknown-linux-gnu",
        how="--core",
    )  # fmt: skip
    assert ran.err == (
        "vmgen: memory: it wasn't made for i686-unknown-linux-gnu, but for x86_64 (64 "
        "bits, little endian)\n"
    )


def test_colours_are_those_of_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vmgen.cli import inspect as command

    painted: Any = command._painted
    assert painted("name", "magic") == "\x1b[1mmagic\x1b[0m"
    assert painted("read", "7") == "7"


def test_types_of_other_modules_are_known(tmp_path: Path) -> None:
    (tmp_path / "alpha.vm.yaml").write_text("""\
vmgen: 1
module: alpha
targets: [x86_64-unknown-linux-gnu]
types:
  Mode: {kind: enum, tag: u8, variants: {Off: 0, On: 7}}
  Pair: {kind: struct, fields: {first: u32, mode: Mode}}
""")
    (tmp_path / "beta.vm.yaml").write_text("""\
vmgen: 1
module: beta
uses: [alpha.vm.yaml]
targets: [x86_64-unknown-linux-gnu]
types:
  Holder: {kind: struct, fields: {pairs: "[Pair; 2]"}}
""")
    (tmp_path / "memory").write_bytes(
        bytes.fromhex("01000000 07000000 0200000000000000")
    )
    ran = vmgen(
        "inspect", "beta.vm.yaml", "--bytes", "memory", "--at", "Holder@0",
        "--at", "Mode@4", cwd=tmp_path,
    )  # fmt: skip
    assert (ran.err, ran.out) == (
        "",
        "Holder at 0x0\n"
        "└─ pairs: [Pair; 2]\n"
        "   ├─ [0]: Pair\n"
        "   │  ├─ first: 1\n"
        "   │  └─ mode: On (7)\n"
        "   └─ [1]: Pair\n"
        "      ├─ first: 2\n"
        "      └─ mode: Off (0)\n"
        "\n"
        "Mode at 0x4: On (7)\n",
    )


def test_memory_is_shown_by_the_names_of_the_schema(tmp_path: Path) -> None:
    (tmp_path / "used.vm.yaml").write_text("""\
vmgen: 1
module: used
targets: [x86_64-unknown-linux-gnu]
constants: {BIT: {type: u32, value: 1, python_name: bit, bit_of: Rec.now}}
types:
  Rec: {kind: struct, python_name: PyRec, fields: {now: {type: u32, python_name: nunc}}}
""")
    (tmp_path / "named.vm.yaml").write_text("""\
vmgen: 1
module: named
uses: [used.vm.yaml]
targets: [x86_64-unknown-linux-gnu]
types:
  Limits: {kind: struct, python_name: L, fields: {n: {type: u32, python_name: num}}}
  Table:
    kind: context
    python_name: PyTable
    counts: {n: {stored: limits.n}}
    fields: {limits: {type: Limits, python_name: lims}, rec: Rec}
    regions: {rows: {type: "[u8; n]", python_name: lines}}
""")
    (tmp_path / "memory").write_bytes(bytes.fromhex("02000000 01000000 07 08"))
    ran = vmgen(
        "inspect", "named.vm.yaml", "--bytes", "memory", "--at", "Table@0",
        "--at", "Rec@4", cwd=tmp_path,
    )  # fmt: skip
    assert (ran.err, ran.out) == (
        "",
        "Table at 0x0\n"
        "├─ limits: Limits\n"
        "│  └─ n: 2\n"
        "├─ rec: Rec\n"
        "│  └─ now: 1 (BIT)\n"
        "└─ rows: 07 08 (..)\n"
        "\n"
        "Rec at 0x4\n"
        "└─ now: 1 (BIT)\n",
    )


def test_a_prefix_is_shown_and_has_no_neighbours(tmp_path: Path) -> None:
    (tmp_path / "prefix.vm.yaml").write_text("""\
vmgen: 1
module: prefix
targets: [x86_64-unknown-linux-gnu]
constants: {MAGIC: {type: u32, value: 42}}
types:
  Head: {kind: struct, prefix: true, fields: {magic: {type: u32, value: MAGIC}, x: u32}}
  Holder: {kind: struct, fields: {head: VmPtr<Head>}}
""")
    (tmp_path / "memory").write_bytes(
        bytes.fromhex("2a00000005000000 0010000000000000")
    )

    def run(*words: str) -> Ran:
        where = "--bytes", "memory", "--base", "0x1000"
        return vmgen("inspect", "prefix.vm.yaml", *where, *words, cwd=tmp_path)

    shown = "Head at 0x1000\n├─ magic: 42 (MAGIC)\n└─ x: 5\n"
    assert run("--at", "Head@0x1000") == Ran(0, shown, "")
    assert run("--find", "Head") == Ran(0, shown, "")
    assert run("--at", "Holder@0x1008", "--field", "head.x").out == (
        "head.x at 0x1004: 5\n"
    )
    none = "vmgen: memory: nothing says how large what `head` leads to is\n"
    for path in ("head[0]", "head[1].x", "head[0:2]"):
        ran = run("--at", "Holder@0x1008", "--field", path)
        assert ran == Ran(2, "", none)
    ran = run("--at", "Head@0x2000")
    assert ran == Ran(2, "", "vmgen: memory: 0x2000: the bytes end at 0x1010\n")


def test_a_process_that_is_not_ours_says_what_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(pid: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("vmgen.languages.python.runtime.process.Process", refuse)
    ran = vmgen("inspect", str(SCHEMA), "--pid", "1", "--at", "1", cwd=tmp_path)
    assert (ran.code, ran.err) == (
        2,
        "vmgen: process 1: operation not permitted; looking into it takes being its user "
        "or root, and that /proc/sys/kernel/yama/ptrace_scope doesn't forbid it\n",
    )


def test_a_schema_with_faults_is_not_read_by(tmp_path: Path) -> None:
    (tmp_path / "bad.vm.yaml").write_text(
        "vmgen: 1\nmodule: bad\ntypes:\n  A: {kind: struct, fields: {a: bool}}\n"
    )
    (tmp_path / "memory").write_bytes(b"0")
    ran = vmgen(
        "inspect", "bad.vm.yaml", "--bytes", "memory", "--at", "A@0", cwd=tmp_path
    )
    assert ran.code == 1
    assert "bad.vm.yaml:4:33: error[VM101]: `bool` is not VmSafe" in ran.out


def test_what_may_be_of_a_type_is_found(tmp_path: Path) -> None:
    image = heap()
    second = bytes(image[FRAME - BASE : FRAME - BASE + 24])
    image[0x300:0x318] = second
    image[0x304 + 24 : 0x308 + 24] = b"heap"  # not where a frame can be
    image[0x340:0x344] = b"heap"  # its pointers lead nowhere
    out = shown(tmp_path, image, "--find", "Frame", "--field", "magic")
    assert (
        out
        == "magic at 0x10000: 1885431144 (MAGIC)\n\nmagic at 0x10300: 1885431144 (MAGIC)\n"
    )
    big = heap("s390x-unknown-linux-gnu")
    out = shown(tmp_path, big, "--find", "Frame", "--depth", "0", target="s390x-unknown-linux-gnu")  # fmt: skip
    assert out.count("Frame at 0x10000\n") == 1
    assert said(tmp_path, image, "--find", "Limits") == (
        "vmgen: memory: `Limits` has no field with a fixed value to be found by\n"
    )
    assert said(tmp_path, bytes(64), "--find", "Frame") == (
        "vmgen: memory: nothing there can be a `Frame`\n"
    )
    assert said(tmp_path, image) == "vmgen: say what to show, by --at or --find\n"
