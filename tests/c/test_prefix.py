"""Headers with a prefix before every name, and in a folder of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.c import headers
from tests.support import ROOT, Ran, vmgen

SCHEMAS = ROOT / "tests" / "schemas" / "uses"
OPTIONS = 'languages = ["c"]\n[tool.vmgen.c]\nprefix = "rt_"\ninclude = "lib/rt"\n'


def build(folder: Path, schemas: dict[str, str], options: str = OPTIONS) -> Path:
    """The headers of schemas in a project with these options."""
    (folder / "pyproject.toml").write_text(
        f'[tool.vmgen]\nschemas = ["*.vm.yaml"]\n{options}'
    )
    for name, text in schemas.items():
        (folder / f"{name}.vm.yaml").write_text(text)
    done = vmgen("build", cwd=folder)
    assert (done.code, done.err) == (0, ""), done.out
    return folder / "generated" / "c"


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    schemas = {p.name.partition(".")[0]: p.read_text() for p in SCHEMAS.iterdir()}
    return build(tmp_path_factory.mktemp("prefix"), schemas)


def test_headers_are_in_their_folder_and_include_each_other_from_it(
    family: Path,
) -> None:
    found = sorted(str(p.relative_to(family)) for p in family.rglob("*.h"))
    assert found == [
        f"lib/rt/{name}.h" for name in ("common", "left", "right", "top", "vmgen")
    ]
    text = (family / "lib/rt/top.h").read_text()
    assert re.findall('#include "(.*)"', text) == [
        "lib/rt/vmgen.h",
        "lib/rt/left.h",
        "lib/rt/right.h",
    ]


PROGRAM = """\
#include <stdio.h>

#define Header some_other_macro of another header
#define SHARED_TAG 0
#include "lib/rt/top.h"
#undef Header
#undef SHARED_TAG

typedef struct { int ours; } Header;
enum { SHARED_TAG = 7, Kind_High = 8 };

static rt_Kind take(rt_Header *header, rt_Frame *frame, rt_Index index)
{
    (void)frame;
    header->index += index;
    return header->kind;
}

int main(void)
{
    static rt_Top top;
    static rt_RightCalls calls = {take};
    Header ours = {3};
    rt_FrameOffsets frame;
    top.left.header.tag = rt_SHARED_TAG;
    top.left.header.kind = rt_Kind_High;
    top.left.header.index = 7;
    top.right = 4;
    top.calls = &calls;
    rt_Kind kind = top.calls->take(&top.left.header, NULL, top.right);
    printf("%d %d %d ", ours.ours, SHARED_TAG, Kind_High);
    printf("%u %u %x\\n", (unsigned)top.left.header.index, (unsigned)kind,
           (unsigned)top.left.header.tag);
    (void)sizeof frame;
    return 0;
}
"""


@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_a_program_may_have_the_names_without_the_prefix(
    family: Path, standard: str
) -> None:
    assert headers.run(family, PROGRAM, standard) == "3 7 8 11 2 64616568\n"


SYSTEM = """\
vmgen: 1
module: signal
constants:
  LITTLE_ENDIAN: {type: u32, value: 7}
  SIGTERM: {type: u32, value: 99}
types:
  FILE: {kind: struct, fields: {fd: u32}}
"""
NAMES = """\
#include <endian.h>
#include <signal.h>
#include <stdio.h>
"""


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_what_system_headers_have_keeps_its_value_and_ours_too(
    tmp_path: Path, first: bool, standard: str
) -> None:
    options = OPTIONS + '[tool.vmgen.python]\npackage = "app"\n'
    folder = build(tmp_path, {"signal": SYSTEM}, options)
    own = '#include "lib/rt/signal.h"\n'
    source = (own + NAMES if first else NAMES + own) + (
        'int main(void) { rt_FILE file = {1}; fprintf(stdout, "%u %u %d %u\\n", '
        "(unsigned)rt_LITTLE_ENDIAN, (unsigned)rt_SIGTERM, SIGTERM, "
        "(unsigned)file.fd); return 0; }\n"
    )
    assert headers.run(folder, source, standard) == "7 99 15 1\n"


def test_a_folder_that_is_named_otherwise_leaves_nothing_behind(tmp_path: Path) -> None:
    schemas = {"one": "vmgen: 1\nmodule: one\ntypes: {A: {kind: newtype, of: u8}}\n"}
    folder = build(tmp_path, schemas, 'languages = ["c"]\n')
    assert {p.name for p in folder.iterdir()} == {"one.h", "vmgen.h"}
    build(tmp_path, schemas)
    assert {p.name for p in folder.iterdir()} == {"lib"}
    assert headers.check(
        folder, '#include "lib/rt/one.h"', "c11", *headers.STRICT
    ) == Ran(0, "", "")
