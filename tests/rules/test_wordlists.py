"""The lists of names that others have, held against those who have them here."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import get_args

import pytest

from tests.support import need
from vmgen.languages.c.macros import macro_names, number_macro
from vmgen.languages.wordlists import (
    Packed,
    Words,
    as_lines,
    is_in,
    packed,
    path_of,
    words,
)
from vmgen.rules.reserved import reserved
from vmgen.schema.name_keys import CONSTANT_NAME, FIELD_NAME, MODULE_NAME

HEADERS = (
    "aio arpa/inet assert cpio ctype dirent dlfcn elf endian errno fcntl fenv float glob "
    "inttypes iso646 limits linux/input linux/kvm locale math netdb netinet/in poll "
    "pthread pwd regex sched search setjmp signal spawn stdarg stdatomic stddef stdint "
    "stdio stdlib string sys/ioctl sys/ipc sys/mman sys/msg sys/param sys/ptrace "
    "sys/resource sys/select sys/socket sys/stat sys/syscall sys/time sys/types sys/user "
    "sys/wait syslog termios time ucontext unistd utmp wchar"
)


def macros_of_this_machine() -> dict[str, str]:
    """What a compiler has defined behind those headers, each with its body; the names of
    macros with parameters end in `(`."""
    text = "".join(f"#include <{name}.h>\n" for name in HEADERS.split())
    command = [need("gcc"), "-D_GNU_SOURCE", "-dM", "-E", "-x", "c", "-"]
    ran = subprocess.run(
        command, input=text, capture_output=True, text=True, check=True
    )
    found = re.findall(r"^#define (\w+\(?)(.*)$", ran.stdout, re.MULTILINE)
    assert len(found) > 5000
    return dict(found)


def test_no_number_of_a_header_is_a_name_of_a_constant() -> None:
    pattern = re.compile(CONSTANT_NAME.pattern)
    numbers = {
        name
        for name, body in macros_of_this_machine().items()
        if pattern.fullmatch(name) and re.fullmatch(r"[\s(]*-?[0-9].*", body)
    }
    assert {"EINVAL", "PROT_READ"} <= numbers
    # These stand for other macros.
    numbers |= {"LITTLE_ENDIAN", "NSIG", "O_CLOEXEC"}
    taken = reserved().names("constant")
    passed = {n for n in numbers if number_macro(n) is None and n not in taken}
    # What headers of a kernel or a library newer than those of the lists have.
    assert len(passed) <= len(numbers) // 100, sorted(passed)


def test_no_macro_of_a_header_passes_in_silence() -> None:
    for role, shape in (("constant", CONSTANT_NAME), ("field", FIELD_NAME)):
        pattern = re.compile(shape.pattern)
        known = macro_names(role)  # type: ignore[arg-type]
        taken = reserved().names(role)  # type: ignore[arg-type]
        names = {
            name.rstrip("(")
            for name in macros_of_this_machine()
            if role == "constant" or not name.endswith("(")
        }
        # What begins with two underscores is the implementation's, and is in a schema where
        # a header of its own has it as a member.
        names = {n for n in names if pattern.fullmatch(n) and n[:2] != "__"}
        passed = {n for n in names if n not in known and n not in taken}
        assert len(passed) <= len(names) // 100, sorted(passed)


def test_no_module_of_pythons_library_is_a_name_of_a_module() -> None:
    pattern = re.compile(MODULE_NAME.pattern)
    names = {n for n in sys.stdlib_module_names if pattern.fullmatch(n)}
    assert "queue" in names
    assert names <= reserved().names("module")


@pytest.mark.parametrize(
    ("list", "name"),
    [
        ("unix_constants", "LITTLE_ENDIAN"),
        ("unix_constants", "EOF"),
        ("unix_constants", "SOCK_DGRAM"),
        ("windows_constants", "ERROR_SUCCESS"),
        ("windows_macros", "TEXT"),
        ("unix_macros", "MAGIC"),
    ],
)
def test_a_name_is_looked_up_in_a_packed_list(list: Packed, name: str) -> None:
    assert is_in(list, name)


@pytest.mark.parametrize("name", ["LITTLE", "SOCK_", "SOCK_DGRAM_X", "DGRAM", "-", ""])
def test_parts_of_names_are_in_no_packed_list(name: str) -> None:
    assert not any(is_in(list, name) for list in get_args(Packed))


def test_what_is_packed_is_found_and_nothing_else() -> None:
    assert packed(["B", "A_C", "A", "A_B_D"]) == "A - B_D C\nB -\n"


@pytest.mark.parametrize("list", get_args(Packed))
def test_first_and_last_of_a_packed_list_are_found(list: Packed) -> None:
    lines = path_of(list).read_text().splitlines()
    assert lines == sorted(lines, key=lambda line: line.partition(" ")[0])
    for line in (lines[0], lines[-1]):
        stem, *rests = line.split(" ")
        for rest in rests:
            assert is_in(list, stem if rest == "-" else f"{stem}_{rest}")


@pytest.mark.parametrize("list", get_args(Words))
def test_lists_are_sorted_and_name_nothing_twice(list: Words) -> None:
    assert path_of(list).read_text() == as_lines(words(list))


def test_every_list_is_known() -> None:
    languages = path_of("modules").parents[2]
    names = {path.stem for path in languages.glob("*/lists/*.txt")}
    assert names == {*get_args(Words), *get_args(Packed)}
