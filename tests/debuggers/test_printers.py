"""Values of programs in C and Rust, as gdb and LLDB print them."""

from __future__ import annotations

from pathlib import Path

from tests.debuggers.debuggers import gdb, lldb, without_addresses

UP = ("break abort", "run", "up")


def test_gdb_prints_the_values_of_a_program_in_c(c_program: Path, built: Path) -> None:
    commands = [
        f"print {what}" for what in ("places", "levels", "mask", "memory", "store")
    ]
    script = f"source {built / 'gdb' / 'small_gdb.py'}"
    said = gdb(f"file {c_program}", script, *UP, *commands)[-len(commands) :]
    assert said == [
        "$1 = {Place::Nowhere, Place::InMemory(0x5000), Place::AtIndex(9), "
        "Place(unknown tag 77)}",
        "$2 = {High, Level(7)}",
        "$3 = All",
        "$4 = {base = 0x1000 <error: Cannot access memory at address 0x1000>, "
        "current_length = 4096}",
        "$5 = {fuel = -5, from = 0x0, epoch = 0x0, place = Place::InMemory(0x5000), "
        "level = Low, rows = {{0, 0}, {0, 0}, {0, 0}}, wide = {low = 0, high = 0}, "
        "boxed = {bytes = '\\000' <repeats 23 times>}, hidden = 0x2000, builtins = 0x0}",
    ]


RUST = (
    "watched.hidden",
    "watched.places",
    "watched.levels",
    "watched.value",
    "watched.index",
    "watched.pointer",
    "watched.listed",
    "watched.state",
    "pointer",
    "level",
    "*watched.memory",
    "*watched.store",
    "*watched.context",
)


def test_gdb_prints_the_values_of_a_program_in_rust_by_the_script_in_it(
    rust_program: Path,
) -> None:
    commands = [f"print {what}" for what in RUST]
    safe = f"add-auto-load-safe-path {rust_program.parent}"
    said = gdb(f"file {rust_program}", *UP, *commands, first=(safe,))[-len(commands) :]
    assert [text.partition(" = ")[2] for text in said] == [
        "HiddenRef(Some(VmPtr<Hidden>(0x2000)))",
        "[Place::Nowhere, Place::InMemory(VmPtr<Memory>(0x5000)), "
        "Place::AtIndex(TypeIndex(9)), Place(unknown tag 77)]",
        "[Low, Level(7)]",
        "{bits = 77, address = 0x4d}",
        "TypeIndex(9)",
        "VmPtr<Memory>(0x5000)",
        "{count = 2, head = Some(VmPtr<Memory>(0x5000))}",
        "Busy",
        "VmPtr<Memory>(0x5000)",
        "High",
        "{base = VmPtr<u8>(0x1000), current_length = 4096}",
        "{fuel = -5, from = Some(VmPtr<Store>(0x3000)), epoch = None, "
        "place = Place::InMemory(VmPtr<Memory>(0x5000)), level = High, "
        "rows = [[0, 0], [0, 0], [0, 0]], wide = 0, "
        "boxed = small::small::Boxed ([0 <repeats 24 times>]), "
        "hidden = VmPtr<Hidden>(null), builtins = VmPtr<Builtins>(null)}",
        "{magic = 1701998435, store = None}",
    ]


LLDB = ("break set -n abort", "run", "frame select 1")


def test_lldb_prints_the_values_of_a_program_in_c(c_program: Path, built: Path) -> None:
    commands = [
        f"target variable {what}" for what in ("places", "levels", "mask", "store")
    ]
    script = f"command script import {built / 'lldb' / 'small_lldb.py'}"
    start = f"target create {c_program}"
    said = lldb(start, script, *LLDB, *commands)[-len(commands) :]
    assert [without_addresses(text) for text in said] == [
        """\
(Place[4]) places = {
  [0] = Place::Nowhere
  [1] = Place::InMemory {
    InMemory = 0x0000000000005000
  }
  [2] = Place::AtIndex {
    AtIndex = 9
  }
  [3] = Place(unknown tag 77)
}""",
        "(Level[2]) levels = {High, Level(7)}",
        "(Mask) mask = All",
        """\
(Store) store = {
  fuel = -5
  from = NULL
  epoch = 0x0000000000000000
  place = Place::InMemory {
    InMemory = 0x0000000000005000
  }
  level = Low
  rows = {
    [0] = ([0] = 0, [1] = 0)
    [1] = ([0] = 0, [1] = 0)
    [2] = ([0] = 0, [1] = 0)
  }
  wide = (low = 0, high = 0)
  boxed = (bytes = "\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0")
  hidden = 0x0000000000002000
  builtins = NULL
}""",
    ]


def test_lldb_prints_the_values_of_a_program_in_rust(
    rust_program: Path, built: Path
) -> None:
    script = f"command script import {built / 'lldb' / 'small_lldb.py'}"
    start = f"target create {rust_program}"
    show = "frame variable *watched *watched->memory *watched->store pointer level"
    (said,) = lldb(start, script, *LLDB, show)[-1:]
    assert without_addresses(said) == """\
(program::Watched) *watched = {
  memory = ADDRESS
  store = ADDRESS
  hidden = {
    0 = 0x0000000000002000
  }
  places = {
    [0] = Place::Nowhere
    [1] = Place::InMemory {
      InMemory = VmPtr<Memory>(0x5000)
    }
    [2] = Place::AtIndex {
      AtIndex = (0 = 9)
    }
    [3] = Place(unknown tag 77)
  }
  levels = {Low, Level(7)}
  value = {
    bits = 77
    address = 0x000000000000004d
  }
  index = (0 = 9)
  context = ADDRESS
  pointer = VmPtr<Memory>(0x5000)
  listed = (count = 2, head = 0x0000000000005000)
  state = Busy
}
(small::small::Memory) *watched->memory = (base = VmPtr<unsigned char>(0x1000), current_length = 4096)
(small::small::Store) *watched->store = {
  fuel = -5
  from = 0x0000000000003000
  epoch = NULL
  place = Place::InMemory {
    InMemory = VmPtr<Memory>(0x5000)
  }
  level = High
  rows = {
    [0] = ([0] = 0, [1] = 0)
    [1] = ([0] = 0, [1] = 0)
    [2] = ([0] = 0, [1] = 0)
  }
  wide = 0
  boxed = (__0 = "\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0")
  hidden = VmPtr<Hidden>(null)
  builtins = VmPtr<Builtins>(null)
}
(small::vmptr::VmPtr<small::small::Memory>) pointer = VmPtr<Memory>(0x5000)
(small::small::Level) level = High"""
