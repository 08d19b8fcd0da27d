"""Structs and unions that are declared in place, with a name in C and without."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.agreement.bindings import Rust, job_of, ran, write_bindings
from tests.agreement.layouts import by_the_engine as rows
from tests.agreement.layouts import rust_program
from tests.c.headers import STANDARDS, STRICT, check
from tests.oracle.need_clang import need_libclang
from tests.owners.compiling import COMPILERS, built, compiled
from tests.python.generated import import_from, write
from tests.support import Ran, findings, module_of, need, vmgen, write_schema
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

SCHEMA = """
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, armv7-unknown-linux-gnueabihf, s390x-unknown-linux-gnu]
types:
  Run:
    kind: struct
    c_name: struct run
    allow: {layout-differs-by-target: it is theirs}
    fields:
      reason: u32
      flags: u16
      exit:
        anonymous: true
        doc: Depends on the reason.
        union:
          hw: {struct: {hardware_reason: u64}}
          io: {name: RunIo, struct: {direction: u8, width: {type: u8, c_name: size}, port: u16, place: u64}}
          hidden:
            anonymous: true
            struct:
              first: u32
              second: {anonymous: true, union: {low: u32, words: "[u16; 2]"}}
              third: {union: {a: u64, b: "[u8; 8]"}}
          padding: "[u8; 32]"
      begun: {anonymous: true, struct: {ticks: u64}}
      ends: "[u8; 3]"
"""
THEIRS = """
#include <stdint.h>
struct run {
    uint32_t reason;
    uint16_t flags;
    union {
        struct { uint64_t hardware_reason; } hw;
        struct { uint8_t direction; uint8_t size; uint16_t port; uint64_t place; } io;
        struct {
            uint32_t first;
            union { uint32_t low; uint16_t words[2]; };
            union { uint64_t a; uint8_t b[8]; } third;
        };
        uint8_t padding[32];
    };
    struct { uint64_t ticks; };
    uint8_t ends[3];
};
"""
HOST = "x86_64-unknown-linux-gnu"


@pytest.fixture
def module(tmp_path: Path) -> Module:
    return module_of(tmp_path, SCHEMA)


@pytest.fixture
def bindings(tmp_path: Path, module: Module) -> Path:
    write_bindings(tmp_path, [module], ["rust", "c", "python"])
    return tmp_path


def test_c_has_the_anonymous_in_place(bindings: Path) -> None:
    header = (bindings / "c" / "sample.h").read_text()
    found = re.search(r"^struct run \{\n.*?^\};\n", header, re.M | re.S)
    assert found is not None
    assert found[0] == """\
struct run {
    uint32_t reason;
    uint16_t flags;
    /** Depends on the reason. */
    VMGEN_ANONYMOUS union {
        Run_exit_hw hw;
        RunIo io;
        VMGEN_ANONYMOUS struct {
            uint32_t first;
            VMGEN_ANONYMOUS union {
                uint32_t low;
                uint16_t words[2];
            };
            Run_exit_hidden_third third;
        };
        uint8_t padding[32];
    };
    VMGEN_ANONYMOUS struct {
        uint64_t ticks;
    };
    uint8_t ends[3];
};
"""


CODE = """
#include "sample.h"
uint64_t sum(const struct run *run);
uint64_t sum(const struct run *run)
{
    return run->hw.hardware_reason + run->io.size + run->first + run->low + run->words[1]
        + run->third.a + run->padding[31] + run->ticks + run->ends[2];
}
"""


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_dialect_takes_it_without_a_warning(
    bindings: Path, standard: str
) -> None:
    assert check(bindings / "c", CODE, standard, *STRICT) == Ran(0, "", "")


@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_clang_has_nothing_to_say_of_it(bindings: Path, standard: str) -> None:
    clang = need_libclang().Clang()
    older = ("-Wno-c++98-compat", "-Wno-c++98-compat-pedantic", "-DVM_NO_ATOMICS")
    for target in ("x86_64-unknown-linux-gnu", "s390x-unknown-linux-gnu"):
        parsed = clang.parse(
            TARGETS[target], CODE, bindings / "c", standard=standard, flags=older
        )
        assert parsed.messages == ()


def test_a_number_that_is_edited_is_refused_inside_too(bindings: Path) -> None:
    path = bindings / "c" / "sample.h"
    text = path.read_text()
    assert "VMGEN_OFFSET(struct run, low, 12);" in text
    edited = re.sub(r"(VMGEN_OFFSET\(struct run, low, )\d+", r"\g<1>13", text)
    path.write_text(edited)
    said = check(bindings / "c", CODE, "c11")
    assert "struct run.low: offset differs from sample.vm.yaml" in said.err


def test_the_owners_header_agrees_on_every_machine(tmp_path: Path) -> None:
    (tmp_path / "theirs.h").write_text(THEIRS)
    write_schema(tmp_path, f"c: {{header: theirs.h}}\n{SCHEMA}")
    built(tmp_path, "sample.vm.yaml")
    file = "generated/c/sample_header_check.c"
    commands = [[tool, "-std=c11"] for tool in COMPILERS.values()]
    assert [compiled(tmp_path, c, file) for c in commands] == [[], [], [], []]
    changed = THEIRS.replace(
        "uint16_t port; uint64_t place", "uint32_t port; uint64_t place"
    )
    (tmp_path / "theirs.h").write_text(changed.replace("uint32_t low", "uint8_t low"))
    assert compiled(tmp_path, ["gcc", "-std=c11"], file) == [
        f'static assertion failed: "struct run.{what} differs from sample.vm.yaml"'
        for what in ("io.port: offset", "io.port: size", "low: size")
    ]


def test_verify_looks_into_what_has_no_name_there(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    verify = ["verify", "sample.vm.yaml", "--target", HOST, "--format", "concise"]

    def said(theirs: str) -> Ran:
        (tmp_path / "it.c").write_text(f"{theirs}struct run used;\n")
        assert ran([need("gcc"), "-g", "-c", "it.c"], tmp_path).code == 0
        return vmgen(*verify, "--binary", "it.o", cwd=tmp_path)

    assert said(THEIRS) == Ran(
        0,
        f"1 type of `sample` is laid out as in it.o on {HOST} (41 numbers)\n",
        "",
    )
    found = said(THEIRS.replace("uint16_t port;", "uint16_t wharf;"))
    assert found.code == 1
    assert "VM502 `RunIo.port` is called `wharf` in the binary" in found.out
    found = said(THEIRS.replace("uint16_t words[2]", "uint8_t words[4]"))
    assert found.code == 1
    assert "VM504 `Run.words` is `[u16; 2]`" in found.out


def test_rust_has_a_field_for_each(
    bindings: Path, tmp_path: Path, module: Module
) -> None:
    job = job_of(module)
    program = tmp_path / "program"
    Rust.build(bindings, tmp_path).link(rust_program(job), "bin", program)
    assert ran([str(program)], tmp_path).out.splitlines() == rows(job)
    text = (bindings / "rust" / "src" / "sample.rs").read_text()
    assert "    pub exit: Run_exit,\n" in text
    assert "    pub third: Run_exit_hidden_third,\n" in text


@pytest.fixture
def generated(tmp_path: Path, module: Module) -> Any:
    folder = tmp_path / f"in_place_{tmp_path.name}"
    write(folder, module, options={"package": folder.name})
    return import_from(folder, "sample")


VALUES = {"reason": 1, "flags": 2, "ends": [0, 0, 0]}


def test_python_has_attributes_of_what_is_anonymous(generated: Any) -> None:
    run = generated.Run(first=7, ticks=9)
    run.words[1] = 1
    run.low += 1
    assert (run.first, run.low, run.exit.hidden.second.low) == (7, 0x10001, 0x10001)
    assert (run.ticks, run.begun.ticks) == (9, 9)
    # C has no name for it, so that others inside of something anonymous may be called so.
    assert not hasattr(run, "hidden")
    assert (generated.Run.low.offset, generated.Run.low.size) == (12, 4)
    with pytest.raises(AttributeError, match="Run has no field lwo, did you mean low"):
        run.lwo = 1


def test_bytes_of_another_target_have_them_too(generated: Any) -> None:
    s390x = "s390x-unknown-linux-gnu"
    values = {**VALUES, "ticks": 5, "io": generated.RunIo(port=0x3F8)}
    data = generated.Run.pack(values, s390x)
    run = generated.Run.read(data, s390x)
    assert (run.io.port, run.exit.io.port, run.ticks) == (0x3F8, 0x3F8, 5)
    assert data[8:12] == bytes([0, 0, 3, 0xF8])
    with pytest.raises(AttributeError, match=r"Run\.low: what was read from bytes"):
        run.low = 1
    with pytest.raises(TypeError, match=r"Run\.ticks is in begun, which is given too"):
        generated.Run.pack({**values, "begun": {"ticks": 1}}, s390x)


def test_mypy_knows_them(tmp_path: Path, module: Module) -> None:
    folder = write(tmp_path / "typed", module)
    (folder / "use.py").write_text(
        "from sample import Run\n\n\ndef f(run: Run) -> int:\n"
        "    return run.low + run.third.a + run.io.port + run.exit.hidden.first\n"
    )
    typed = ran([sys.executable, "-m", "mypy", "--strict", "use.py"], folder)
    assert typed.code == 0, typed.out


def test_inspect_goes_through_what_is_anonymous(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    (tmp_path / "memory").write_bytes(bytes(range(64)))
    options = ["--bytes", "memory", "--at", "Run@0", "--target", HOST, "--field", "low"]
    said = vmgen("inspect", "sample.vm.yaml", *options, cwd=tmp_path)
    assert said.code == 0, said.err
    assert str(0x0F0E0D0C) in said.out or hex(0x0F0E0D0C) in said.out


def test_a_copied_record_copies_what_it_has_in_place(tmp_path: Path) -> None:
    text = SCHEMA.replace("    kind: struct\n", "    kind: struct\n    copy: true\n", 1)
    assert findings(write_schema(tmp_path, text)) == ""
    module = module_of(tmp_path, text)
    write_bindings(tmp_path, [module], ["rust"])
    Rust.build(tmp_path, tmp_path)
    assert "ManuallyDrop" not in (tmp_path / "rust" / "src" / "sample.rs").read_text()


def test_each_version_has_what_is_in_place_there(tmp_path: Path) -> None:
    write_schema(
        tmp_path,
        """\
vmgen: 1
module: sample
versions: ["1", "2", "3"]
types:
  Value:
    kind: struct
    fields:
      tag: u32
      word: {anonymous: true, union: {low: u32, high: {type: u16, since: "2"}}}
  Other: {kind: struct, since: "3", fields: {a: u8}}
""",
    )
    for version, members in (("1", "low"), ("2", "low high"), ("3", "low high")):
        options = ["--version", version, "--format", "json", "--target", HOST]
        said = vmgen("layout", "sample.vm.yaml", "Value_word", *options, cwd=tmp_path)
        assert re.findall(r'"name": "(\w+)"', said.out) == members.split()


ALIGNED = """
targets: [x86_64-unknown-linux-gnu, msp430-none-elf]
types:
  A:
    kind: struct
    align: 4
    fields:
      a: u16
      b: {anonymous: true, struct: {c: {struct: {d: u64}}, e: {type: u8, align: 16}}}
  B: {kind: union, align: 4, fields: {a: u16, b: {anonymous: true, union: {c: "[u64; 2]"}}}}
"""


@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_what_is_anonymous_counts_where_targets_differ_in_an_alignment(
    tmp_path: Path, standard: str
) -> None:
    module = module_of(tmp_path, ALIGNED)
    write_bindings(tmp_path, [module], ["c"])
    assert check(tmp_path / "c", '#include "sample.h"\n', standard, *STRICT) == Ran(
        0, "", ""
    )
    oracle = need_libclang()
    asked = [TARGETS[t.name] for t in module.targets]
    assert oracle.complaints([module], asked) == {}
