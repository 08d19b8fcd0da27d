"""Bit-fields of memory: as numbers, names and truths, in trees, paths and searches."""

from __future__ import annotations

import json
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import Ran, vmgen

if TYPE_CHECKING:
    from types import ModuleType

SCHEMA = Path(__file__).with_name("bits.vm.yaml")
X86_64, S390X = "x86_64-unknown-linux-gnu", "s390x-unknown-linux-gnu"
MAGIC = {X86_64: "0df00d60", S390X: "600df00d"}
# kind 5, up, sort 3, precise -2, rest 0x54321, as gcc initializes them.
BITS = {X86_64: "bd3f64a8", S390X: "bff54321"}
BASE = 0x10000
TREE = """\
Flags at 0x10000
├─ magic: 1611526157 (MAGIC)
├─ kind: 5 (KIND)
├─ up: true
├─ sort: High (3)
├─ precise: -2
└─ rest: 344865
"""


def inspect(folder: Path, data: bytes, *arguments: str) -> Ran:
    (folder / "memory").write_bytes(data)
    where = ["--bytes", "memory", "--base", hex(BASE)]
    return vmgen("inspect", str(SCHEMA), *where, *arguments, cwd=folder)


@pytest.mark.parametrize("target", [X86_64, S390X])
def test_a_tree_has_what_each_stands_for(tmp_path: Path, target: str) -> None:
    data = bytes.fromhex(MAGIC[target] + BITS[target])
    said = inspect(
        tmp_path, data, "--at", hex(BASE).join(["Flags@", ""]), "--target", target
    )
    assert said == Ran(0, TREE, "")


def test_what_no_variant_has_and_what_isnt_the_constant_is_told(tmp_path: Path) -> None:
    data = bytes.fromhex(MAGIC[X86_64]) + bytes([0b100100, 0, 0, 0])
    arguments = ["--at", "Flags@0x10000", "--target", X86_64, "--format", "json"]
    said = inspect(tmp_path, data, *arguments)
    (root,) = json.loads(said.out)
    states = {
        part["name"]: (part["state"], part.get("value")) for part in root["parts"]
    }
    assert states["kind"] == ("malformed", 4)
    assert states["sort"] == ("malformed", 2)
    assert states["up"] == ("read", False)


def test_a_record_is_found_by_bytes_and_told_by_bits(tmp_path: Path) -> None:
    right = bytes.fromhex(MAGIC[X86_64] + BITS[X86_64])
    wrong = bytes.fromhex(MAGIC[X86_64] + "00000000")
    data = bytes(16) + wrong + right
    said = inspect(tmp_path, data, "--find", "Flags", "--target", X86_64)
    assert said.out.splitlines()[0] == "Flags at 0x10018"
    assert said.out.count("Flags at") == 1


def test_bits_alone_are_nothing_to_be_found_by(tmp_path: Path) -> None:
    said = inspect(tmp_path, bytes(64), "--find", "Loose", "--target", X86_64)
    assert (said.code, said.err) == (
        2,
        "vmgen: memory: `Loose` has no field with a fixed value to be found by\n",
    )


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bindings, in a package of their own."""
    shutil.copy(SCHEMA, tmp_path)
    package = tmp_path.name.replace("-", "_")
    folder = tmp_path / package
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.vmgen.python]\npackage = "{package}"\n', encoding="utf-8"
    )
    ran = vmgen("build", SCHEMA.name, "--lang", "python", "-o", "made", cwd=tmp_path)
    assert ran.code == 0, ran.err
    shutil.copytree(tmp_path / "made" / "python", folder)
    monkeypatch.syspath_prepend(str(tmp_path))
    return import_module(f"{package}.some_bits")


@pytest.mark.skipif(sys.byteorder != "little", reason="the bytes of x86_64")
def test_a_live_record_that_cant_be_one_is_refused(python: ModuleType) -> None:
    runtime = sys.modules[f"{python.__name__.rpartition('.')[0]}.vmgen_runtime"]
    plausible = import_module(f"{runtime.__name__}.plausible")
    flags = python.Flags(up=True, rest=7)
    assert (flags.kind, flags.magic) == (5, 0x600DF00D)
    plausible.refuse_implausible(flags)
    runtime.store(flags, "kind", 4)
    with pytest.raises(
        runtime.WrongVersion, match=r"`Flags\.kind` is 0x4, and always 0x5"
    ):
        plausible.refuse_implausible(flags)
