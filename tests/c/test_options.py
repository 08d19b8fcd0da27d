"""What C sees may begin with a prefix, and be in a folder; other modules are included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.c.headers import STRICT, THIRTY_TWO_BITS, check, job_of, write_headers
from tests.c.schemas import module
from tests.support import Ran, module_of
from vmgen.languages.c import C
from vmgen.languages.c.names import Names
from vmgen.layout.fingerprint import Fingerprints

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = Ran(0, "", "")
NAME = re.compile(
    r"^(?:typedef .*?(\w+)(?:\[.*\])?;|(?:struct|union) (\w+) \{|#define (\w+)|    ([A-Z]\w+|wt_\w+)(?: =|,$)"
    r"|\} (\w+);|(?:VM_CHECKED )?static inline .*?(\w+)\()",
    re.MULTILINE,
)
OURS = re.compile(r"VMGEN_\w+|vmgen_\w+")


def declared(header: str) -> set[str]:
    """Names that a header declares in the scope of all C, besides vmgen's own."""
    found = {next(filter(None, m.groups())) for m in NAME.finditer(header)}
    return {name for name in found if not OURS.fullmatch(name)}


@pytest.mark.parametrize("name", ["small", "torture", "wasmtime42"])
def test_every_name_that_c_sees_begins_with_the_prefix(
    tmp_path: Path, name: str
) -> None:
    plain = declared(write_headers(tmp_path, module(name))[f"{name}.h"])
    headers = write_headers(tmp_path, module(name), prefix="wt_")
    assert declared(headers[f"{name}.h"]) == {f"wt_{n}" for n in plain}
    assert len(plain) > 40


@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_two_copies_with_prefixes_and_members_as_they_are_go_together(
    tmp_path: Path, standard: str
) -> None:
    write_headers(tmp_path, module("torture"))
    write_headers(tmp_path, module("small"), prefix="wt_", include="wasm/rt")
    source = """
        #include "wasm/rt/small.h"
        #include "torture.h"
        typedef int Memory;
        typedef char Store;
        int f(wt_Memory *memory, wt_Context *context);
        int f(wt_Memory *memory, wt_Context *context) {
            return memory->base != VMGEN_NULL && context->magic == wt_CONTEXT_MAGIC;
        }
    """
    assert check(tmp_path, source, standard, *STRICT) == CLEAN


def test_a_folder_is_named_by_what_includes_from_it(tmp_path: Path) -> None:
    headers = write_headers(tmp_path, module("small"), include="wasm/rt")
    assert set(headers) == {"wasm/rt/small.h", "wasm/rt/vmgen.h"}
    assert '#include "wasm/rt/vmgen.h"\n' in headers["wasm/rt/small.h"]


@pytest.mark.parametrize(
    ("option", "good", "bad"),
    [
        (
            "prefix",
            ["wt_", "Wt", "w", "A1_b_"],
            ["", "_w", "1w", "w-", "a__b", "é", "w "],
        ),
        (
            "include",
            ["a", "a/b", "a.b/c-d", "_x"],
            ["", "/a", "a/", "../a", "a//b", 'a"'],
        ),
    ],
)
def test_an_option_takes_what_can_stand_there(
    option: str, good: list[str], bad: list[str]
) -> None:
    pattern = C.options[option].pattern
    assert [x for x in good if not re.fullmatch(pattern, x)] == []
    assert [x for x in bad if re.fullmatch(pattern, x)] == []


COMMON = """
    vmgen: 1
    module: common
    constants: {PAGES: {type: u32, value: 3}}
    types:
      Index: {kind: newtype, of: u32}
      Level: {kind: enum, tag: u8, variants: {Low: 1}}
      Link: {kind: newtype, of: "VmPtr<Pair>"}
      Pair: {kind: struct, fields: {index: Index, level: Level}}
      Choice: {kind: enum, tag: u8, variants: {One: Pair, None1: null}}
"""
USER = """
    types:
      Frame:
        kind: struct
        fields:
          pair: Pair
          link: Link
          to: VmPtr<Index>
          choices: "[Choice; PAGES]"
      Instance:
        kind: context
        counts: [n]
        fields: {level: Level}
        regions: {pairs: "[Pair; n]"}
"""


@pytest.mark.parametrize("options", [{}, {"prefix": "wt_", "include": "wasm"}])
@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_what_another_module_declares_is_included(
    tmp_path: Path, standard: str, options: dict[str, str]
) -> None:
    common = module_of(tmp_path, COMMON)
    text = COMMON.replace("module: common", "module: user") + USER.replace(
        "    types:\n", ""
    )
    user = module_of(tmp_path, text)
    used = dict.fromkeys((*common.types, *common.constants), "common")
    headers = write_headers(tmp_path, common, replace(user, used=used), **options)
    folder = "wasm/" if options else ""
    header = headers[f"{folder}user.h"]
    assert f'#include "{folder}vmgen.h"\n#include "{folder}common.h"\n' in header
    prefix = options.get("prefix", "")
    own = {"Frame", "Instance", "InstanceCounts", "Instance_Begin", "InstanceOffsets"}
    types = {n.removeprefix(prefix) for n in declared(header) if "USER" not in n}
    assert {n for n in types if n[0].isupper() and not n.isupper()} == own
    source = f'#include "{folder}user.h"\n#include "{folder}common.h"\n'
    assert check(tmp_path, source, standard, *STRICT) == CLEAN


def test_no_name_that_is_made_of_two_has_two_underscores_in_a_row(
    tmp_path: Path,
) -> None:
    schema = """
        types:
          Frame:
            kind: context
            counts: [many]
            fields: {_hidden: u32}
            regions: {all: "[u32; many]"}
    """
    header = write_headers(tmp_path, module_of(tmp_path, schema))["sample.h"]
    assert [name for name in declared(header) if "__" in name] == []
    assert "#define FRAME_HIDDEN_OFFSET(model) 0\n" in header
    assert "static inline uint32_t frame_all_len(\n" in header
    assert check(tmp_path, header, "c++17", *STRICT) == CLEAN
    names = Names("sample")
    assert names.offset("Frame", "_hidden") == names.offset("Frame", "hidden")


@pytest.mark.parametrize("flags", [(), THIRTY_TWO_BITS])
def test_fingerprints_are_those_of_all_languages(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    write_headers(tmp_path, module("small"))
    job = job_of(module("small"))
    made = Fingerprints(job.layouts)
    triple = f"{'i686' if flags else 'x86_64'}-unknown-linux-gnu"
    index = job.layouts.class_of(triple).index
    source = f"""
        #include "small.h"
        #if !VMGEN_BIG_ENDIAN
        _Static_assert(SMALL_LAYOUT_FINGERPRINT
            == {made.of_class(index, little_endian=True)}u, "");
        #endif
        _Static_assert(sizeof(SMALL_LAYOUT_FINGERPRINT) == 8, "");
        _Static_assert(SMALL_FILE_FINGERPRINT == {made.of_file()}u, "");
    """
    assert check(tmp_path, source, "c11", *STRICT, *flags) == CLEAN
