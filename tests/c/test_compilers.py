"""gcc and g++ take every header, in every dialect, with every warning an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STANDARDS, STRICT, THIRTY_TWO_BITS, check, write_headers
from tests.c.schemas import SCHEMAS, module
from tests.support import Ran, module_of

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = Ran(0, "", "")
ALL = "".join(f'#include "{name}.h"\n' for name in SCHEMAS)

ASKED_FOR = (
    "-Wcast-align", "-Wcast-qual", "-Wconversion", "-Wdouble-promotion",
    "-Wduplicated-branches", "-Wduplicated-cond", "-Wfloat-equal", "-Wformat=2",
    "-Wlogical-op", "-Wnull-dereference", "-Wpacked", "-Wpointer-arith",
    "-Wredundant-decls", "-Wshadow", "-Wsign-conversion", "-Wswitch-default",
    "-Wswitch-enum", "-Wundef", "-Wunused-macros", "-Wvla", "-Wwrite-strings",
)  # fmt: skip
ASKED_FOR_IN_C = (
    "-Wbad-function-cast", "-Wc++-compat", "-Wdeclaration-after-statement",
    "-Wmissing-prototypes", "-Wnested-externs", "-Wold-style-definition",
    "-Wstrict-prototypes", "-Wunsuffixed-float-constants",
)  # fmt: skip
ASKED_FOR_IN_CPP = (
    "-Wctor-dtor-privacy", "-Weffc++", "-Wextra-semi", "-Wmismatched-tags",
    "-Wold-style-cast", "-Woverloaded-virtual", "-Wredundant-tags", "-Wsign-promo",
    "-Wstrict-null-sentinel", "-Wuseless-cast", "-Wzero-as-null-pointer-constant",
)  # fmt: skip

PACKED = {
    "vmgen": (
        "static assertion failed: members are packed, by a `#pragma pack` that was left "
        "open before vmgen.h is included, or by -fpack-struct; close it with `#pragma "
        "pack()` before"
    ),
    "wasmtime42": (
        "static assertion failed: members are packed, by a `#pragma pack` that was left "
        "open before wasmtime42.h is included; close it with `#pragma pack()` before"
    ),
}

NASTY = r"""
doc: |
  Ends a comment? */ Opens one? /* Splits a line ??/
  or like this \
  and **/ ** /*/ too.
constants:
  SOME: {type: u32, value: 1, doc: "??/"}
types:
  Nasty:
    kind: struct
    doc: "\\"
    fields:
      first: {type: u8, doc: "Ends with a backslash \\"}
      second: {type: u8, doc: "???/ \u202e reversed \u2028 é 漢字 \u0007"}
      third: {type: u8, doc: "%s\" {{ third }} {% raw %} // */"}
      class: {type: u8, allow: {reserved-name: "*/ int broken; /*"}}
  Choice:
    kind: enum
    tag: u8
    variants: {Default: u8, Int: {type: u16, doc: "*/"}, Other: null}
  Calls:
    kind: functions
    allow: {reserved-name: it is named so}
    functions: {new: "(this: u8, int: u8)", delete: {signature: "()", doc: "*/"}}
  Counted:
    kind: context
    allow: {reserved-name: it is named so}
    counts: {register: "*/", auto: x}
    flags: [export]
    fields: {short: u8}
    regions: {long: "[u8; register]", union: {type: u8, when: export}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("headers")
    write_headers(folder, *(module(name) for name in SCHEMAS))
    return folder


@pytest.mark.parametrize("flags", [(), ("-DVM_NO_ATOMICS",)], ids=["", "no atomics"])
@pytest.mark.parametrize("standard", STANDARDS)
def test_all_headers_compile_together(
    folder: Path, standard: str, flags: tuple[str, ...]
) -> None:
    assert check(folder, ALL, standard, *STRICT, *flags) == CLEAN


@pytest.mark.parametrize("flags", [(), ("-DVM_NO_ATOMICS",)], ids=["", "no atomics"])
def test_all_headers_compile_for_i386(folder: Path, flags: tuple[str, ...]) -> None:
    assert check(folder, ALL, "c11", *STRICT, *THIRTY_TWO_BITS, *flags) == CLEAN


def test_all_headers_compile_as_cpp_for_i386(folder: Path) -> None:
    flags = (*STRICT, *THIRTY_TWO_BITS, "-DVM_NO_ATOMICS")
    assert check(folder, ALL, "c++17", *flags) == CLEAN


def test_a_header_may_be_included_twice(folder: Path) -> None:
    assert check(folder, ALL + ALL, "c11", *STRICT) == CLEAN


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_header_needs_nothing_before_it(folder: Path, name: str) -> None:
    assert check(folder, f'#include "{name}.h"\n', "c11", *STRICT) == CLEAN


def test_headers_raise_no_warning_that_users_often_ask_for(folder: Path) -> None:
    assert check(folder, ALL, "c11", *STRICT, *ASKED_FOR, *ASKED_FOR_IN_C) == CLEAN
    assert check(folder, ALL, "c++17", *STRICT, *ASKED_FOR, *ASKED_FOR_IN_CPP) == CLEAN


@pytest.mark.parametrize("standard", ["c++11", "c++17", "c++23"])
def test_a_header_may_be_included_inside_extern_c(folder: Path, standard: str) -> None:
    source = f'extern "C" {{\n{ALL}}}\n'
    assert check(folder, source, standard, *STRICT) == CLEAN


def errors(said: Ran) -> list[str]:
    """The message of each, without the quotes that gcc has and g++ not."""
    return [m.replace('"', "") for m in re.findall(r" error: (.*)", said.err)]


@pytest.mark.parametrize("header", PACKED)
@pytest.mark.parametrize("standard", ["c11", "c++17"])
@pytest.mark.parametrize("pack", [1, 8])
def test_a_pack_that_was_left_open_is_what_the_only_error_is_about(
    folder: Path, pack: int, standard: str, header: str
) -> None:
    before = "" if header == "vmgen" else '#include "vmgen.h"\n'
    opened = f'#pragma pack({pack})\n#include "wasmtime42.h"\n'
    said = check(folder, before + opened, standard)
    assert errors(said) == [PACKED[header]]


@pytest.mark.parametrize("standard", ["c11", "c++17"])
@pytest.mark.parametrize("flag", ["-fpack-struct", "-fpack-struct=4"])
def test_an_option_that_packs_is_what_the_only_error_is_about(
    folder: Path, flag: str, standard: str
) -> None:
    said = check(folder, '#include "wasmtime42.h"\n', standard, flag)
    assert errors(said) == [PACKED["vmgen"]]


@pytest.mark.parametrize("standard", ["c11", "c2x", "c++11", "c++23"])
def test_no_text_and_no_name_breaks_a_header(tmp_path: Path, standard: str) -> None:
    write_headers(tmp_path, module_of(tmp_path, "vmgen: 1\nmodule: nasty\n" + NASTY))
    source = (
        '#include "nasty.h"\nextern Nasty n;\nextern CountedOffsets o;\n'
        "int f(Calls *calls);\n"
        "int f(Calls *calls) { calls->new_(n.class_, 0); calls->delete_();\n"
        "  return (int)(n.third + o.begin.long_ + o.counts.register_); }\n"
    )
    assert check(tmp_path, source, standard, *STRICT) == CLEAN


def test_c99_is_refused_by_name(folder: Path) -> None:
    said = check(folder, '#include "vmgen.h"\n', "c99")
    assert (
        'error: #error "vmgen.h needs C11 or later (with MSVC: /std:c11)"' in said.err
    )


def test_an_older_runtime_header_is_noticed(folder: Path) -> None:
    source = '#define VMGEN_H\n#define VMGEN_RUNTIME 0\n#include "small.h"\n'
    said = check(folder, source, "c11")
    assert 'error: #error "vmgen.h is older than small.h; make both anew"' in said.err
