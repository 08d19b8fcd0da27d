"""Debuggers on records with all that C can say of them: what has no name, is packed, goes
on behind its fields, ends in an array, is volatile, is text or a function."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.debuggers.debuggers import gdb, lldb, without_addresses
from tests.support import need, vmgen

HERE = Path(__file__).parent
PROJECT = """\
[tool.vmgen]
schemas = ["forms.vm.yaml"]
out = "."
languages = ["c", "rust", "gdb", "lldb"]
"""
UP = ("break abort", "run", "up")
PRINTED = ("event", "tight", "head", "*rows", "device", "ops", "none")
SHOWN = ("Event", "Tight", "Head", "Rows", "Device", "Ops", "Ops")


def run(*command: str, at: Path) -> None:
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    shutil.copy(HERE / "forms.vm.yaml", folder)
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    ran = vmgen("build", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return folder


@pytest.fixture(scope="module")
def c_program(built: Path) -> Path:
    source = str(HERE / "forms.c")
    run(need("gcc"), "-g", "-Ic", source, "-o", "c_program", at=built)
    return built / "c_program"


@pytest.fixture(scope="module")
def rust_program(built: Path) -> Path:
    rustc = need("rustc"), "--edition", "2021", "-g"
    crate = "--crate-type", "rlib", "--crate-name", "forms"
    run(*rustc, *crate, "rust/src/lib.rs", at=built)
    source = str(HERE / "forms.rs")
    extern = "--extern", "forms=libforms.rlib"
    run(*rustc, *extern, source, "-o", "rust_program", at=built)
    return built / "rust_program"


ROWS = """\
Rows at ADDRESS
├─ len: 2
└─ rows: [Row; 2]
   ├─ [0]: Row
   │  ├─ place: 1
   │  └─ size: 10
   └─ [1]: Row
      ├─ place: 2
      └─ size: 20"""
EVENT = """\
Event at ADDRESS
├─ sort: 1
├─ body: Event_body
│  ├─ number: -8589934585
│  └─ pair: Event_body_pair
│     ├─ first: 7
│     └─ second: -2
├─ named: Event_named
│  ├─ x: 3
│  └─ y: 4
└─ flag: true"""
TREES = [
    EVENT,
    """\
Tight at ADDRESS
├─ tag: 5
├─ value: 1234605616436508552
└─ next: ADDRESS <last> -> Tight
   ├─ tag: 9
   ├─ value: 10
   └─ next: null""",
    """\
Head at ADDRESS
├─ magic: 42
├─ name: ADDRESS -> c_char ('a head')
└─ event: ADDRESS <event> -> Event
""" + "\n".join(f"   {line}" for line in EVENT.splitlines()[1:]),
    ROWS,
    """\
Device at ADDRESS
├─ status: 3
├─ letter: 120
├─ number: -5
└─ ratio: 0.5""",
    """\
Ops at ADDRESS
├─ release: ADDRESS <released>
├─ same: ADDRESS <same>
└─ names: ADDRESS <names> -> Option<VmPtr<c_char>> = ADDRESS -> c_char ('one')""",
    """\
Ops at ADDRESS
├─ release: null
├─ same: ADDRESS <same>
└─ names: null""",
]


def commands_for(program: Path) -> list[str]:
    """The command `vmgen` on each record of the program in C."""
    places = "event", "tight", "head", "space", "device", "ops", "none"
    assert program.exists()
    return [f"vmgen {t} &{p}" for t, p in zip(SHOWN, places, strict=True)]


def test_gdb_prints_and_shows_what_a_program_in_c_has(
    c_program: Path, built: Path
) -> None:
    commands = [*(f"print {what}" for what in PRINTED), *commands_for(c_program)]
    script = f"source {built / 'gdb' / 'forms_gdb.py'}"
    said = gdb(f"file {c_program}", script, *UP, *commands)[-len(commands) :]
    said = [without_addresses(re.sub(r"^\$\d+ = ", "", text)) for text in said]
    assert said[: len(PRINTED)] == [
        "{sort = 1, {number = -8589934585, {first = 7, second = -2}}, "
        "named = {x = 3 '\\003', y = 4 '\\004'}, flag = true}",
        "{tag = 5 '\\005', value = 1234605616436508552, next = ADDRESS <last>}",
        '{magic = 42, name = ADDRESS "a head", event = ADDRESS <event>}',
        ROWS,
        "{status = 3, letter = 120 'x', number = -5, ratio = 0.5}",
        "{release = ADDRESS <released>, same = ADDRESS <same>, names = ADDRESS <names>}",
        "{release = 0x0, same = ADDRESS <same>, names = 0x0}",
    ]
    assert said[len(PRINTED) :] == TREES


def test_lldb_prints_and_shows_what_a_program_in_c_has(
    c_program: Path, built: Path
) -> None:
    commands = [*(f"p {what}" for what in PRINTED), *commands_for(c_program)]
    script = f"command script import {built / 'lldb' / 'forms_lldb.py'}"
    begin = f"target create {c_program}", script, "breakpoint set -n abort", "run", "up"
    said = lldb(*begin, *commands)[-len(commands) :]
    said = [without_addresses(re.sub(r"^\(.*\) \$\d+ = ", "", text)) for text in said]
    printed = [re.sub(r"\s+", " ", text) for text in said[: len(PRINTED)]]
    assert printed == [
        "{ sort = 1 = { number = -8589934585 = (first = 7, second = -2) } "
        "named = (x = '\\x03', y = '\\x04') flag = true }",
        "{ tag = '\\x05' value = 1234605616436508552 next = ADDRESS }",
        '{ magic = 42 name = ADDRESS "a head" event = ADDRESS }',
        re.sub(r"\s+", " ", ROWS),
        "(status = 3, letter = 'x', number = -5, ratio = 0.5)",
        "{ release = ADDRESS (c_program`released at forms.c:5:33) "
        "same = ADDRESS (c_program`same at forms.c:9:34) names = ADDRESS }",
        "{ release = 0x0000000000000000 same = ADDRESS (c_program`same at forms.c:9:34) "
        "names = 0x0000000000000000 }",
    ]
    assert said[len(PRINTED) :] == TREES


def test_gdb_prints_and_shows_what_a_program_in_rust_has(
    rust_program: Path, built: Path
) -> None:
    fields = "event", "tight", "head", "device", "ops", "none"
    commands = [f"print watched.{field}" for field in fields]
    commands += ["print *watched.rows", "vmgen Event &watched.event"]
    script = f"source {built / 'gdb' / 'forms_gdb.py'}"
    said = gdb(f"file {rust_program}", script, *UP, *commands)[-len(commands) :]
    assert [without_addresses(text.partition(" = ")[2] or text) for text in said] == [
        "{sort = 1, body = {number = -8589934585, pair = {first = 7, second = -2}}, "
        "named = {x = 3, y = 4}, flag = true}",
        "{tag = 5, value = 1234605616436508552, next = ADDRESS}",
        "{magic = 42, name = ADDRESS, event = VmPtr<Event>(ADDRESS)}",
        "{status = 3, letter = 120, number = -5, ratio = 0.5}",
        "{release = Some(ADDRESS <forms::released>), same = ADDRESS <forms::same>, "
        "names = ADDRESS}",
        "{release = None, same = ADDRESS <forms::same>, names = 0x0}",
        ROWS,
        EVENT,
    ]


def test_lldb_shows_what_a_program_in_rust_has(rust_program: Path, built: Path) -> None:
    commands = ["vmgen Event &watched->event", "vmgen Rows watched->rows"]
    script = f"command script import {built / 'lldb' / 'forms_lldb.py'}"
    begin = f"target create {rust_program}", script, "breakpoint set -n abort", "run"
    said = lldb(*begin, "up", *commands)[-len(commands) :]
    assert [without_addresses(text) for text in said] == [EVENT, ROWS]


@pytest.fixture(scope="module")
def core(built: Path) -> dict[str, str]:
    """Addresses in a core of the program in C, by the names of what is there; neither the
    core nor the program has debug information."""
    run(need("gcc"), "-no-pie", "-Ic", str(HERE / "forms.c"), "-o", "plain", at=built)
    listed = subprocess.run(
        [need("nm"), "plain"], cwd=built, capture_output=True, text=True, check=True
    )
    gdb(f"file {built / 'plain'}", *UP, f"generate-core-file {built / 'core'}")
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {row[2]: f"0x{row[0]}" for row in rows if len(row) == 3}


def test_a_core_without_debug_information_shows_the_same(
    core: dict[str, str], built: Path
) -> None:
    records = [
        ("Event", "event"),
        ("Tight", "tight"),
        ("Rows", "space"),
        ("Head", "head"),
    ]
    expected = [re.sub(r" <\w+>", "", TREES[i]) for i in (0, 1, 3, 2)]
    commands = [f"vmgen {record} {core[at]}" for record, at in records]
    script = f"source {built / 'gdb' / 'forms_gdb.py'}"
    said = gdb(f"core-file {built / 'core'}", script, *commands)[-len(commands) :]
    shown = [re.sub(r"0x[0-9a-f]{6,}( <\w+>)?", "ADDRESS", text) for text in said]
    assert shown == expected
    script = f"command script import {built / 'lldb' / 'forms_lldb.py'}"
    begin = f"target create {built / 'plain'} --core {built / 'core'}", script
    said = lldb(*begin, *commands)[-len(commands) :]
    shown = [re.sub(r"0x[0-9a-f]{6,}( <\w+>)?", "ADDRESS", text) for text in said]
    assert shown == expected
    # Where the program's file is read-only a core doesn't repeat it, and has no text.
    places = [w for r, at in records[:3] for w in ("--at", f"{r}@{core[at]}")]
    ran = vmgen("inspect", "forms.vm.yaml", "--core", "core", *places, cwd=built)
    assert (ran.code, ran.err) == (0, "")
    shown = re.sub(r"0x[0-9a-f]{6,}( <\w+>)?", "ADDRESS", ran.out)
    assert shown == "\n\n".join(expected[:3]) + "\n"
