"""The file of assertions that a schema with `c: {header: …}` gets, under compilers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.owners.compiling import COMPILERS, built, compiled
from tests.support import vmgen

HERE = Path(__file__).parent
CHECK = "generated/c/ours_header_check.c"
SCHEMA = (HERE / "theirs.vm.yaml").read_text(encoding="utf-8")
END = "differs from theirs.vm.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a header of somebody else's and the schema of it."""
    for name in ("theirs.h", "theirs.vm.yaml"):
        shutil.copy(HERE / name, tmp_path)
    return tmp_path


def rewritten(folder: Path, *changes: tuple[str, str]) -> None:
    text = SCHEMA
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "theirs.vm.yaml").write_text(text, encoding="utf-8")


def test_the_header_is_right_on_every_machine_and_in_cpp(folder: Path) -> None:
    built(folder, "theirs.vm.yaml")
    commands = [[tool, "-std=c11"] for tool in COMPILERS.values()]
    commands.append(["g++", "-std=c++11", "-xc++"])
    found = {" ".join(c): compiled(folder, c, CHECK) for c in commands}
    assert found == {command: [] for command in found}


def test_each_number_that_differs_is_an_error_that_names_it(folder: Path) -> None:
    rewritten(
        folder,
        ('tail: "[u32; 3]", kind: u8}', 'kind: u8, tail: "[u32; 6]"}'),
        ("whole: u64, number", "whole: u32, number"),
        ("[u16; num_cells]", "[u32; num_cells]"),
        ("id: i64", "id: i32"),
        ("value: 0x80000001", "value: 7"),
        ("value: 0x80000000", "value: 0x40000000"),
        ("value: 0xFFFFFFFF", "value: 0xFFFFFFFE"),
        ("Opened: 3", "Opened: 4"),
    )
    built(folder, "theirs.vm.yaml")
    assert compiled(folder, ["gcc", "-std=c11"], CHECK) == [
        f'static assertion failed: "{what} {END}"'
        for what in (
            "THEIRS_ALL: value",
            "THEIRS_MAGIC: value",
            "THEIRS_TOP: value",
            "Cells.cells: offset",
            "Cells.cells: size of an element",
            "struct handle.id: size",
            "Ring: size",
            "Ring.kind: offset",
            "Ring.tail: offset",
            "Ring.tail: size",
            "Slot.whole: size",
            "Opened: value",
        )
    ]


def test_each_name_that_the_header_lacks_is_an_error_that_names_it(
    folder: Path,
) -> None:
    rewritten(
        folder,
        ("tail:", "tails:"),
        ("  Cells:", "  Rows:"),
        ("  THEIRS_TOP:", "  THEIRS_TIP:"),
        ("Opened", "Opens"),
    )
    built(folder, "theirs.vm.yaml")
    errors = compiled(folder, ["gcc", "-std=c11"], CHECK)
    lacks = [line.replace("‘", "'").replace("’", "'") for line in errors]
    lacks = [line for line in dict.fromkeys(lacks) if "did you mean" in line]
    assert lacks == [
        "'THEIRS_TIP' undeclared here (not in a function); did you mean 'THEIRS_TOP'?",
        "'Ring' has no member named 'tails'; did you mean 'tail'?",
        "'Opens' undeclared here (not in a function); did you mean 'Opened'?",
    ]
    assert any("'Rows'" in line.replace("‘", "'").replace("’", "'") for line in errors)


def test_what_is_defined_on_the_command_line_goes_before_what_the_schema_defines(
    folder: Path,
) -> None:
    built(folder, "theirs.vm.yaml")
    command = ["gcc", "-std=c11", "-DTHEIRS_WORDS=4"]
    assert compiled(folder, command, CHECK) == [
        f'static assertion failed: "{what} {END}"'
        for what in ("Ring: size", "Ring.tail: size", "Ring.kind: offset")
    ]


def test_a_header_that_lacks_a_define_says_what_it_wants(folder: Path) -> None:
    rewritten(folder, ("THEIRS_WORDS=3, ", ""))
    built(folder, "theirs.vm.yaml")
    errors = compiled(folder, ["gcc", "-std=c11"], CHECK)
    assert errors[0] == '#error "say how many words there are"'


def test_with_a_prefix_their_declarations_and_ours_meet_in_one_file(
    folder: Path,
) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.vmgen.c]\nprefix = "our_"\n', encoding="utf-8"
    )
    built(folder, "theirs.vm.yaml")
    (folder / "both.c").write_text(
        """
        #define THEIRS_WORDS 3
        #include "theirs.h"
        #include "ours.h"

        #define SAME(theirs, ours, member) \\
            VM_STATIC_ASSERT(offsetof(theirs, member) == offsetof(ours, member), #member)

        SAME(struct Ring, our_Ring, base);
        SAME(struct Ring, our_Ring, tail);
        SAME(Cells, our_Cells, kind);
        VM_STATIC_ASSERT(our_State_Opened == (int)Opened, "Opened");
        """,
        encoding="utf-8",
    )
    for command in (["gcc", "-std=c11"], ["g++", "-std=c++11", "-xc++"]):
        assert compiled(folder, command, "both.c") == []
        assert compiled(folder, command, CHECK) == []


def test_only_a_schema_with_a_header_has_the_file(folder: Path) -> None:
    text = SCHEMA[: SCHEMA.index("c:\n")] + SCHEMA[SCHEMA.index("constants:") :]
    (folder / "theirs.vm.yaml").write_text(text, encoding="utf-8")
    built(folder, "theirs.vm.yaml")
    assert sorted(p.name for p in (folder / "generated/c").iterdir()) == [
        "ours.h",
        "vmgen.h",
    ]


SOME = """\
vmgen: 1
module: some
profile: {c-abi: theirs}
c: {header: machine.h}
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, armv7-unknown-linux-gnueabihf, s390x-unknown-linux-gnu]
types:
  regs: {kind: struct, c_name: struct regs, fields: {pc: u32, words: {type: "[word; 2]", on: {arch: s390x}}}}
  word: {kind: struct, c_name: struct word, fields: {high: u16, low: u16}}
  page: {kind: struct, c_name: struct page, fields: {first: u8, regs: {type: regs, on: {not: {arch: arm}}}}}
"""
SOME_H = """\
#include <stdint.h>
#if defined(__s390x__)
struct word { uint16_t high, low; };
#endif
#if !defined(__arm__)
struct regs {
    uint32_t pc;
#if defined(__s390x__)
    struct word words[2];
#endif
};
#endif
struct page {
    uint8_t first;
#if !defined(__arm__)
    struct regs regs;
#endif
};
"""


class TestOnSomeTargets:
    """What only parts hold that some targets haven't, their header needn't declare there."""

    @pytest.fixture
    def some(self, tmp_path: Path) -> Path:
        (tmp_path / "machine.h").write_text(SOME_H, encoding="utf-8")
        (tmp_path / "theirs.vm.yaml").write_text(SOME, encoding="utf-8")
        return tmp_path

    def test_the_compiler_of_each_target_agrees(self, some: Path) -> None:
        built(some, "theirs.vm.yaml")
        check = "generated/c/some_header_check.c"
        commands = [[tool, "-std=c11"] for tool in COMPILERS.values()]
        found = {c[0]: compiled(some, c, check) for c in commands}
        assert found == {command[0]: [] for command in commands}

    def test_so_does_clang(self, some: Path) -> None:
        said = {t.partition("-")[0]: verified(some, "--target", t) for t in COMPILERS}
        numbers = {name: lines[1].partition(" ")[0] for name, lines in said.items()}
        assert {lines[0] for lines in said.values()} == {"0"}
        assert numbers == {"x86_64": "10", "i686": "10", "armv7": "4", "s390x": "18"}

    def test_where_it_is_held_it_is_compared(self, some: Path) -> None:
        (some / "machine.h").write_text(
            SOME_H.replace("uint16_t high, low;", "uint16_t high; uint8_t low;"),
            encoding="utf-8",
        )
        assert verified(some, "--target", "s390x-unknown-linux-gnu")[1:-1] == [
            "8:65: error: VM914 the size of `word.low` is 2, and that of the header's "
            "`struct word.low` 1",
        ]


def verified(folder: Path, *more: str) -> list[str]:
    """What `vmgen verify --header` says, with its exit code first."""
    ran = vmgen(
        "verify", "theirs.vm.yaml", "--header", "--format", "concise", *more, cwd=folder
    )
    lines = [line.removeprefix("theirs.vm.yaml:") for line in ran.out.splitlines()]
    return [str(ran.code), *lines, *ran.err.splitlines()]


class TestVerify:
    @pytest.mark.parametrize("target", COMPILERS)
    def test_the_header_is_right(self, folder: Path, target: str) -> None:
        assert verified(folder, "--target", target) == [
            "0",
            f"42 numbers of `ours` compared with <stddef.h>, theirs.h on {target}",
        ]

    def test_what_differs_is_a_finding_with_both_numbers(self, folder: Path) -> None:
        rewritten(
            folder,
            ('tail: "[u32; 3]", kind: u8}', 'kind: u8, tail: "[u32; 6]"}'),
            ("[u16; num_cells]", "[u32; num_cells]"),
            ("Closed: -1", "Closed: -2"),
            ("value: 0x80000001", "value: 7"),
        )
        assert verified(folder, "--target", "i686-unknown-linux-gnu") == [
            "1",
            "13:3: error: VM914 the value of `THEIRS_MAGIC` is 7, and that of the "
            "header's `THEIRS_MAGIC` 2147483649",
            "18:55: error: VM914 the value of `State.Closed` is -2, and that of the "
            "header's `Closed` -1",
            "22:3: error: VM914 the size of `Ring` is 40, and that of the header's "
            "`Ring` 28",
            "24:50: error: VM914 the offset of `Ring.kind` is 12, and that of the "
            "header's `Ring.kind` 24",
            "24:60: error: VM914 the offset of `Ring.tail` is 16, and that of the "
            "header's `Ring.tail` 12",
            "24:60: error: VM914 the size of `Ring.tail` is 24, and that of the header's "
            "`Ring.tail` 12",
            "33:15: error: VM914 the offset of `Cells.cells` is 8, and that of the "
            "header's `Cells.cells` 6",
            "33:15: error: VM914 the size of an element of `Cells.cells` is 4, and that "
            "of the header's `Cells.cells` 2",
            "42 numbers of `ours` compared with <stddef.h>, theirs.h on "
            "i686-unknown-linux-gnu, 8 differences",
        ]

    def test_what_the_header_lacks_is_a_finding_once(self, folder: Path) -> None:
        rewritten(folder, ("tail:", "tails:"), ("  Cells:", "  Rows:"))
        assert verified(folder, "--target", "x86_64-unknown-linux-gnu")[1:-1] == [
            "24:50: error: VM913 the header has no `Ring.tails`",
            "29:3: error: VM913 the header has no `Rows`",
        ]

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (
                "THEIRS_WORDS=3, ",
                "",
                '9:12: error: VM913 the header doesn\'t compile for TARGET: ./theirs.h:6:4: '
                '"say how many words there are"',
            ),
            (
                "<stddef.h>, theirs.h",
                "<stddef.h>, mine.h",
                "9:24: error: VM913 the header doesn't compile for TARGET: 'mine.h' file "
                "not found",
            ),
        ],
    )  # fmt: skip
    def test_a_header_that_does_not_compile(
        self, folder: Path, old: str, new: str, said: str
    ) -> None:
        rewritten(folder, (old, new))
        target = "x86_64-unknown-linux-gnu"
        assert verified(folder, "--target", target)[:2] == [
            "1",
            said.replace("TARGET", target),
        ]

    def test_a_flag_says_where_the_header_is(self, folder: Path) -> None:
        (folder / "include").mkdir()
        (folder / "theirs.h").rename(folder / "include" / "theirs.h")
        target = ("--target", "x86_64-unknown-linux-gnu")
        assert verified(folder, *target)[0] == "1"
        assert verified(folder, *target, "--flag=-Iinclude")[0] == "0"

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (
                ("--binary", "x"),
                "name a binary by --binary, or ask for the --header; not both",
            ),
            (
                ("--target", "x86_64-unknown-linux-gn"),
                "the schema has no target `x86_64-unknown-linux-gn` that clang knows, did "
                "you mean `x86_64-unknown-linux-gnu`?",
            ),
        ],
    )
    def test_a_wrong_call(self, folder: Path, more: tuple[str, ...], said: str) -> None:
        assert verified(folder, *more) == ["2", f"vmgen: {said}"]

    def test_a_schema_without_a_header(self, folder: Path) -> None:
        text = SCHEMA[: SCHEMA.index("c:\n")] + SCHEMA[SCHEMA.index("constants:") :]
        (folder / "theirs.vm.yaml").write_text(text, encoding="utf-8")
        assert verified(folder) == ["2", "vmgen: `ours` names no header under `c`"]
