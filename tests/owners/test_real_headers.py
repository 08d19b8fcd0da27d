"""The schemas of layouts that others own, held against the owners' headers by the compilers
of four machines."""

from __future__ import annotations

import re
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
from tests.support import ROOT

HELD = {
    "arrow_c": 89, "cpython": 528, "dlpack": 118, "io_uring": 399, "kvm": 916,
    "kvm_s390": 743, "ocaml": 287, "perf_event": 142, "wamr": 330,
}  # fmt: skip
"""The schemas, those that ship and those beside this file, and how many numbers of each are
held against the header."""

ELSEWHERE = {"kvm": ("x86_64", "i686"), "kvm_s390": ("s390x",)}
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
        ships = (ROOT / f"schemas/{name}.vm.yaml").exists()
        release = ("--version", "3.13") if name == "cpython" else ()
        built(made, f"{'schemas' if ships else 'tests'}/{name}.vm.yaml", *release)
    return made


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
            return ocaml_headers(folder)
        case "wamr":
            return wamr_headers()
        case _:
            return []


def source(name: str) -> str:
    module = "cpython313" if name == "cpython" else name
    return f"generated/c/{module}_header_check.c"


@pytest.mark.parametrize(("name", "target"), PAIRS)
def test_the_owners_header_agrees(folder: Path, name: str, target: str) -> None:
    command = [COMPILERS[target], "-std=c11", *flags(name, folder, target)]
    assert compiled(folder, command, source(name)) == []


@pytest.mark.parametrize("name", [name for name in HELD if not name.startswith("kvm")])
def test_it_agrees_in_cpp(folder: Path, name: str) -> None:
    """KVM's header doesn't agree with itself: an empty struct has a byte in C++, and Linux
    has one in front of arrays without a length."""
    command = ["g++", "-std=c++17", "-xc++", *flags(name, folder)]
    assert compiled(folder, command, source(name)) == []


@pytest.mark.parametrize("name", HELD)
def test_so_many_numbers_are_held_against_it(folder: Path, name: str) -> None:
    text = (folder / source(name)).read_text(encoding="utf-8")
    assert len(re.findall(r"^VMGEN_[A-Z]+\(.*\);$", text, re.MULTILINE)) == HELD[name]
