"""The schemas of layouts that others own, held against the owners' headers by the compilers
of four machines."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.owners.compiling import COMPILERS, built, compiled
from tests.owners.real_headers import (
    arrow_headers,
    dlpack_headers,
    ocaml_headers,
    python_headers,
    wamr_headers,
)
from tests.support import ROOT, need, vmgen

HELD = {
    "arrow_c": 89, "cpython": 544, "dlpack": 118, "io_uring": 413, "kvm": 955,
    "kvm_x86": 40, "ocaml": 289, "perf_event": 239, "wamr": 332,
}  # fmt: skip
"""The schemas, those that ship and those beside this file, and how many numbers of each are
held against the header."""

ELSEWHERE = {"kvm": ("x86_64", "i686", "s390x"), "kvm_x86": ("x86_64", "i686")}
"""The processors of what isn't alike on all. Linux gave up KVM on 32-bit ARM."""

PAIRS = [
    (name, target)
    for name in HELD
    for target in COMPILERS
    if target.startswith(ELSEWHERE.get(name, ""))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of assertions of all, made as in the project."""
    made = tmp_path_factory.mktemp("owners")
    (made / "schemas").symlink_to(ROOT / "schemas")
    (made / "tests").symlink_to(Path(__file__).parent)
    for name in HELD:
        built(made, schema(name), *release(name))
    return made


def schema(name: str) -> str:
    ships = (ROOT / f"schemas/{name}.vm.yaml").exists()
    return f"{'schemas' if ships else 'tests'}/{name}.vm.yaml"


def release(name: str) -> list[str]:
    return ["--version", "3.13"] if name == "cpython" else []


def flags(
    name: str, folder: Path, target: str = "x86_64-unknown-linux-gnu"
) -> list[str]:
    """Where a schema's header is, for a machine."""
    match name:
        case "cpython":
            bits = 32 if target.startswith(("i686", "armv7")) else 64
            (folder / f"python{bits}").mkdir(exist_ok=True)
            return python_headers(folder / f"python{bits}", bits=bits)
        case "arrow_c":
            return [f"-I{arrow_headers()}"]
        case "dlpack":
            return dlpack_headers(folder)
        case "ocaml":
            return ocaml_headers(folder, target)
        case "wamr":
            return wamr_headers(target)
        case _:
            return []


def source(name: str) -> str:
    module = "cpython313" if name == "cpython" else name
    return f"generated/c/{module}_header_check.c"


@pytest.mark.parametrize(("name", "target"), PAIRS)
def test_the_owners_header_agrees(folder: Path, name: str, target: str) -> None:
    command = [COMPILERS[target], "-std=c11", *flags(name, folder, target)]
    assert compiled(folder, command, source(name), into="checked.o") == []


IN_CPP = {"io_uring": ["struct io_uring_buf_ring.bufs"]}
"""Where a header doesn't agree with itself: an empty struct has a byte in C++, and Linux has one
in front of arrays without a length. So it is with much of KVM's."""


@pytest.mark.parametrize("name", [name for name in HELD if not name.startswith("kvm")])
def test_it_agrees_in_cpp(folder: Path, name: str) -> None:
    command = ["g++", "-std=c++17", "-xc++", *flags(name, folder)]
    assert compiled(folder, command, source(name), into="checked.o") == [
        f"static assertion failed: {part}: offset differs from {name}.vm.yaml"
        for part in IN_CPP.get(name, [])
    ]


@pytest.mark.parametrize("name", HELD)
def test_so_many_numbers_are_held_against_it(folder: Path, name: str) -> None:
    text = (folder / source(name)).read_text(encoding="utf-8")
    assert len(re.findall(r"^VMGEN_[A-Z_]+\(.*\);$", text, re.MULTILINE)) == HELD[name]


WITH_BITS = {
    "cpython": ("PyASCIIObject", "struct _ts"),
    "kvm": ("struct kvm_sync_regs",),
    "perf_event": (
        "struct perf_event_attr",
        "struct perf_branch_entry",
        "struct perf_event_mmap_page",
    ),
}
"""The records that have bit-fields, which `vmgen verify --binary` looks for, too."""


COOKIE = "`_Py_DebugOffsets.cookie` is `u64`, and an array of 8 × `char` of 1 byte in the binary"
OTHERWISE = {"cpython": [COOKIE]}
"""What is another type here than there: the text that a table of CPython's is found by is
one number."""


@pytest.mark.parametrize(
    ("name", "target"), [pair for pair in PAIRS if pair[0] in WITH_BITS]
)
def test_bit_fields_are_where_the_compiler_has_them(
    folder: Path, name: str, target: str
) -> None:
    text = (folder / source(name)).read_text(encoding="utf-8")
    includes = text[: text.index('#include "vmgen.h"')]
    objects = [f"{record} it{i};" for i, record in enumerate(WITH_BITS[name])]
    probe = folder / f"{name}_{target}.c"
    probe.write_text("\n".join([includes, *objects, ""]), encoding="utf-8")
    compiler = [need(COMPILERS[target]), "-std=c11", *flags(name, folder, target)]
    command = [*compiler, "-g", "-c", probe.name, "-o", f"{probe.stem}.o"]
    subprocess.run(command, cwd=folder, check=True)
    ran = vmgen(
        *("verify", schema(name), *release(name), "--binary", f"{probe.stem}.o"),
        *("--target", target, "--format", "json"),
        cwd=folder,
    )
    said = json.loads(ran.out)
    errors = [f["message"] for f in said if f["severity"] == "error"]
    assert errors == OTHERWISE.get(name, [])
    unverified = " ".join(f["message"] for f in said)
    records = [record.split()[-1] for record in WITH_BITS[name]]
    assert [record for record in records if f"`{record}`" in unverified] == []
