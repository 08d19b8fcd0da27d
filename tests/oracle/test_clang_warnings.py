"""clang has nothing to say about a header, whatever it is asked to warn of."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import write_headers
from tests.c.schemas import SCHEMAS, module
from tests.oracle.need_clang import need_libclang
from tests.support import module_of
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.oracle.clang_oracle import Parsed

HOST = TARGETS["x86_64-unknown-linux-gnu"]
ALL = "".join(f'#include "{name}.h"\n' for name in SCHEMAS)
OLDER = ("-Wno-c++98-compat", "-Wno-c++98-compat-pedantic", "-Wno-pre-c23-compat")
"""Warnings that something is as new as the dialect that was asked for."""

MARKUP = (
    "@param x of @return",
    "\\brief is \\param y \\\\param z",
    "\\@param @\\param @@param",
    "an @endcode or \\endverbatim",
    "somebody@param.example",
    "<b>bold</p> and a<b",
    "<a href",
    "@{ &lt; &unknown; \\f$",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("headers")
    write_headers(folder, *(module(name) for name in SCHEMAS))
    return folder


def said(
    folder: Path, source: str, *flags: str, standard: str = "c11", on: str = HOST.triple
) -> Parsed:
    """What clang says, without the library of C++."""
    atomics = ("-DVM_NO_ATOMICS",) if "++" in standard else ()
    clang = need_libclang().Clang()
    return clang.parse(
        TARGETS[on], source, folder, standard=standard, flags=(*flags, *atomics)
    )


@pytest.mark.parametrize("standard", ["c11", "c17", "c2x", "c++11", "c++17", "c++20"])
def test_every_dialect_takes_every_header_without_a_warning(
    folder: Path, standard: str
) -> None:
    assert said(folder, ALL, *OLDER, standard=standard).messages == ()


def test_padding_is_only_that_of_the_schemas_records(folder: Path) -> None:
    declared = {name for schema in SCHEMAS for name in module(schema).types}
    messages = said(folder, ALL, "-Wpadded").messages
    named = [
        re.findall(r"padding (?:struct|size of) '(?:struct |union )?(\w+)'", m)
        for m in messages
    ]
    assert {name for names in named for name in names} <= declared
    assert min(map(len, named)) == 1
    assert len(named) > 50


def test_a_system_header_that_changes_a_constant_is_told_of(folder: Path) -> None:
    """About what a header of the system defines anew compilers are silent."""
    system = folder / "system"
    system.mkdir()
    (system / "others.h").write_text("#define PAGE 1\n#define Mask_All 2\n")
    source = '#include "small.h"\n#include <others.h>\n'
    assert said(folder, source, "-isystem", str(system)).messages == tuple(
        f"others.h:{line}: macro '{name}' has been marked as final and should not be "
        "redefined"
        for line, name in ((1, "PAGE"), (2, "Mask_All"))
    )


@pytest.mark.parametrize("standard", ["c11", "c++17"])
@pytest.mark.parametrize("doc", MARKUP)
def test_documentation_has_no_markup(tmp_path: Path, doc: str, standard: str) -> None:
    text = json.dumps(doc)
    schema = f"""
        doc: {text}
        constants: {{SOME: {{type: u32, value: 1, doc: {text}}}}}
        types:
          Record: {{kind: struct, doc: {text}, fields: {{a: {{type: u8, doc: {text}}}}}}}
          Choice: {{kind: enum, tag: u8, doc: {text},
                   variants: {{One: {{type: u8, doc: {text}}}}}}}
          Calls: {{kind: functions, doc: {text},
                  functions: {{call: {{signature: "(x: u8) -> u8", doc: {text}}}}}}}
          Frame: {{kind: context, doc: {text}, counts: {{n: {text}}},
                  regions: {{all: {{type: "[u8; n]", doc: {text}}}}}}}
    """
    write_headers(tmp_path, module_of(tmp_path, schema))
    source = '#include "sample.h"\n'
    assert said(tmp_path, source, *OLDER, standard=standard).messages == ()


@pytest.mark.parametrize("header", ["vmgen", "torture_allowed"])
@pytest.mark.parametrize("pack", [1, 2, 4, 8])
@pytest.mark.parametrize(
    "on",
    [
        "x86_64-unknown-linux-gnu",
        "i686-unknown-linux-gnu",
        "i686-pc-windows-msvc",
        "x86_64-pc-windows-msvc",
        "thumbv6m-none-eabi",
    ],
)
def test_a_pack_that_was_left_open_is_what_the_only_error_is_about(
    folder: Path, header: str, pack: int, on: str
) -> None:
    first = "" if header == "vmgen" else '#include "vmgen.h"\n'
    source = f'{first}#pragma pack({pack})\n#include "torture_allowed.h"\n'
    messages = said(folder, source + "#pragma pack()\n", on=on).messages
    errors = [m for m in messages if "static assertion failed" in m]
    if "windows" in on and pack == 8:
        # There a pack of 8 moves nothing that isn't told how it is aligned.
        assert errors == []
    else:
        (error,) = errors
        about = f"was left open before {header}.h is included"
        assert re.match(rf"{header}\.h:\d+: ", error)
        assert about in error
