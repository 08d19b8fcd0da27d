"""What programs tell of their own layouts, read back out of stripped files."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import vmgen
from tests.binaries.programs import run
from tests.support import ROOT, module_of, need
from tests.support import vmgen as call
from vmgen.binaries.descriptor import HEADER, find
from vmgen.languages.c import C
from vmgen.languages.job import Job
from vmgen.languages.rust import Rust
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.binaries.descriptor import Descriptor

SCHEMA = ROOT / "schemas/wasmtime.vm.yaml"
KEEP = ["-O2", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"]
TARGETS = {
    "aarch64-linux-musl": "aarch64-unknown-linux-gnu",
    "s390x-linux-musl": "s390x-unknown-linux-gnu",
    "x86-linux-musl": "i686-unknown-linux-gnu",
    "arm-linux-musleabihf": "armv7-unknown-linux-gnueabihf",
}
"""zig's name of each target, and rustc's."""


@pytest.fixture(scope="module")
def job() -> Job:
    module = vmgen.load(SCHEMA, version="42.0.2").module
    assert module is not None
    return Job(
        module, Layouts(module), SCHEMA.name, "vmgen build", {"descriptor": "true"}
    )


@pytest.fixture(scope="module")
def folder(job: Job, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bindings in C and Rust, and a program that uses none of them."""
    folder = tmp_path_factory.mktemp("descriptor")
    for language in C(), Rust():
        for made in [*language.module_files(job), *language.shared_files([job])]:
            path = folder / made.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made.text, encoding="utf-8")
    (folder / "main.c").write_text("int main(void) { return 0; }\n")
    return folder


def test_a_part_that_is_not_there_is_told_of_no_place(tmp_path: Path) -> None:
    schema = """\
types:
  Thing:
    kind: struct
    fields:
      a: u32
      z: {type: u64, on: {arch: s390x}}
      little: {type: u8, on: {endian: little}}
      last: u16
"""
    module = module_of(
        tmp_path,
        "vmgen: 1\nmodule: sample\n"
        "targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu]\n" + schema,
    )
    job = Job(module, Layouts(module), "s", "vmgen build", {"descriptor": "true"})
    for made in [*C().module_files(job), *C().shared_files([job])]:
        path = tmp_path / made.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, encoding="utf-8")
    places = {}
    for tool in ("gcc", "s390x-linux-gnu-gcc"):
        command = [need(tool), "-c", "-Ic", "c/sample_descriptor.c", "-o", "made.o"]
        subprocess.run(command, cwd=tmp_path, check=True)
        (found,) = find((tmp_path / "made.o").read_bytes())
        places[tool] = found.types["Thing"][2]
    assert places == {
        "gcc": {"a": 0, "little": 4, "last": 6},
        "s390x-linux-gnu-gcc": {"a": 0, "z": 8, "last": 16},
    }


def hold(job: Job, target: str, found: list[Descriptor]) -> None:
    """Hold what one file tells against the engine."""
    (told,) = found
    layouts = job.layouts
    known = next(t for t in job.module.targets if t.name == target)
    index = layouts.class_of(target).index
    assert told.fingerprint == layouts.fingerprint(known)
    assert told.endian == known.model.endian
    assert (told.module, told.schema) == ("wasmtime42", "wasmtime_vm")
    assert told.versions == (("42.0.0", "42.0.2"),)
    for record in job.records:
        if record.kind == "opaque":
            assert record.name not in told.types
            continue
        size, align, *more = told.types[record.name]
        assert (size, align) == record.extents[index]
        if record.parts:
            assert more[0] == {p.name: p.offsets[index] for p in record.parts}
        for region in record.regions:
            laid_out = region.layouts[index]
            assert more[1][region.name] == [
                laid_out.round_to, laid_out.stride, laid_out.count, laid_out.when,
            ]  # fmt: skip


@pytest.mark.parametrize("compiler", [["gcc"], ["gcc", "-flto"], ["g++", "-x", "c++"]])
def test_a_stripped_program_in_c_tells_its_layouts(
    job: Job, folder: Path, compiler: list[str]
) -> None:
    made = folder / "program"
    command = [
        need(compiler[0]),
        *compiler[1:],
        *KEEP,
        "-Wall",
        "-Wextra",
        "-Wpedantic",
    ]
    command += ["-Werror", "-s", "-Ic", "main.c", "c/wasmtime42_descriptor.c"]
    run([*command, "-o", made.name], folder)
    hold(job, "x86_64-unknown-linux-gnu", [*find(made.read_bytes())])


@pytest.mark.parametrize("target", TARGETS)
def test_objects_of_other_targets_tell_theirs(
    job: Job, folder: Path, target: str
) -> None:
    made = folder / f"{target}.o"
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", target, "-O2", "-Ic"]
    run([*zig, "-c", "c/wasmtime42_descriptor.c", "-o", made.name], folder)
    hold(job, TARGETS[target], [*find(made.read_bytes())])


@pytest.mark.parametrize("lto", ["off", "fat"])
def test_a_stripped_program_in_rust_tells_its_layouts(
    job: Job, folder: Path, lto: str
) -> None:
    library, made = folder / "libbindings.rlib", folder / "program"
    rustc = [need("rustc"), "--edition", "2021", "-O", f"-Clto={lto}"]
    rust = folder / "rust/src"
    (rust / "main.rs").write_text("use bindings as _;\nfn main() {}\n")
    crate = [
        *rustc[:-1],
        "--crate-type",
        "lib",
        "--crate-name",
        "bindings",
        "-Dwarnings",
    ]
    run([*crate, "-o", library.name, "rust/src/lib.rs"], folder)
    link = ["--extern", f"bindings={library.name}", "-Cstrip=symbols"]
    run([*rustc, *link, "-o", made.name, "rust/src/main.rs"], folder)
    hold(job, "x86_64-unknown-linux-gnu", [*find(made.read_bytes())])


def test_it_is_small(job: Job, folder: Path) -> None:
    made = folder / "small.o"
    run(
        [need("gcc"), "-Ic", "-c", "c/wasmtime42_descriptor.c", "-o", made.name], folder
    )
    assert made.stat().st_size < 16 * 1024


def test_what_only_looks_like_one_is_left_out(folder: Path) -> None:
    made = folder / "looks.o"
    run(
        [need("gcc"), "-Ic", "-c", "c/wasmtime42_descriptor.c", "-o", made.name], folder
    )
    data = made.read_bytes()
    start = data.index(b"VMGEN\0\0\0") - 12
    assert len([*find(data)]) == 1
    for place, value in (
        (24, b"\2"),  # another version
        (28, b"\x7f"),  # a data model that there is none of
        (40, b"\xff\xff\xff\x7f"),  # a text that is longer than the file
        (HEADER, b"]"),
    ):
        damaged = bytearray(data)
        damaged[start + place : start + place + len(value)] = value
        assert [*find(bytes(damaged))] == []
    for end in range(start, start + 3 * HEADER, 7):
        assert [*find(data[:end])] == []
    assert [*find(b"VMGEN\0\0\0" * 9)] == []


def test_a_process_is_inspected_by_the_version_that_it_tells(folder: Path) -> None:
    (folder / "waits.c").write_text(
        '#include "wasmtime42.h"\n#include <stdio.h>\n'
        "static struct VMSharedTypeIndexes { uint32_t index; } it = {7};\n"
        'int main(void) { printf("%p\\n", (void *)&it); fflush(stdout); getchar(); }\n'
    )
    made = folder / "waits"
    sources = ["-s", "-Ic", "waits.c", "c/wasmtime42_descriptor.c"]
    run([need("gcc"), *KEEP, *sources, "-o", made.name], folder)
    with subprocess.Popen(
        [str(made)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        pid = str(process.pid)
        at = f"VMTagDefinition@{address}"
        done = call("inspect", str(SCHEMA), "--pid", pid, "--at", at, cwd=folder)
        process.communicate("\n")
    assert done.err == "read as wasmtime_vm 42.0.2, as the program itself tells\n"
    assert done.out == f"VMTagDefinition at {address}\n└─ type_index: 7\n"


def test_verify_goes_by_what_a_stripped_program_tells(folder: Path) -> None:
    sources = ["main.c", *(p.name for p in (folder / "c").glob("*_descriptor.c"))]
    paths = [sources[0], *(f"c/{name}" for name in sources[1:])]
    run([need("gcc"), *KEEP, "-s", "-o", "told", *paths], folder)
    arguments = ("verify", str(SCHEMA), "--binary", "told")
    ran = call(*arguments, cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(
        "told has no debug information, and tells that its records are those of "
        "`wasmtime_vm` 42.0.0..42.0.2 on x86_64-unknown-linux-gnu (fingerprint "
    )
    ran = call(*arguments, "--format", "json", cwd=folder)
    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert ran.err.startswith("told has no debug information, and tells that")
    ran = call(*arguments, "--version", "50.0.1", cwd=folder)
    assert ran.code == 1
    assert ran.out.startswith(
        "told has no debug information, and tells of `wasmtime42` with the fingerprint "
    )
    assert ran.out.endswith(", which the schema has on no target\n")
