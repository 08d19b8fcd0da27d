"""Names that languages have for what is called otherwise in the schema, and odd names."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.agreement.bindings import Rust, job_of, ran, write_bindings
from tests.agreement.layouts import (
    by_ctypes,
    by_the_engine,
    c_main,
    c_source,
    rust_program,
)
from tests.c.headers import STANDARDS, STRICT, check, run
from tests.owners.compiling import COMPILERS, built, compiled
from tests.python.generated import import_from, write
from tests.support import Ran, findings, module_of, need, vmgen, write_schema
from vmgen.languages.descriptor import descriptor_text
from vmgen.layout.models import Models

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

TYPES = """
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
constants:
  MAX_DEPTH: {type: u32, value: 8, c_name: kMaxDepth, rust_name: MaxDepth, python_name: DEPTH}
types:
  lua_State:
    kind: struct
    fields:
      _status: u32
      __reserved: u8
      n_ccalls: {type: u16, c_name: nCcalls, rust_name: nCcalls}
      depth: {type: u32, value: MAX_DEPTH}
      next: Option<VmPtr<lua_State>>
      kind: {type: DeviceType, rust_name: what, python_name: sort}
      sqe: Sqe
      any: Any
      hooks: VmPtr<Hooks>
  Sqe:
    kind: struct
    c_name: struct io_uring_sqe
    python_name: IoUringSqe
    fields: {opcode: u8, addr: u64}
  _PyInterpreterFrame:
    kind: struct
    rust_name: Frame
    fields: {previous: Option<VmPtr<_PyInterpreterFrame>>, entries: "[Sqe; 3]"}
  Any:
    kind: union
    c_name: union any
    fields: {low: {type: u32, c_name: Low}, whole: u64}
  DeviceType:
    kind: enum
    c_name: DLDeviceType
    tag: u32
    variants: {kDLCPU: {value: 1, c_name: kDLCPU}, kDLCUDA: {value: 2, rust_name: Cuda, python_name: CUDA}}
  tagged_value:
    kind: enum
    tag: u32
    c_name: struct tagged
    variants: {kNone: null, kState: {type: Sqe, rust_name: Entry}}
  trusted_one: {kind: enum, tag: u8, trusted: it is tried, variants: {kA: 1}}
  Hooks:
    kind: functions
    c_name: struct hooks
    functions:
      open: {signature: "(state: VmPtr<lua_State>, q: VmPtr<Sqe>) -> u32", c_name: doOpen}
  index_t: {kind: newtype, of: u32, c_name: IndexT}
  Ring:
    kind: context
    c_name: struct ring
    rust_name: io_ring
    counts: {num_entries: {index: index_t}}
    fields: {state: VmPtr<lua_State>}
    regions: {entries: {type: "[Sqe; num_entries]", c_name: sqes}}
"""


@pytest.fixture
def module(tmp_path: Path) -> Module:
    return module_of(tmp_path, TYPES)


@pytest.fixture
def bindings(tmp_path: Path, module: Module) -> Path:
    write_bindings(tmp_path, [module], ["rust", "c", "python"])
    return tmp_path


def test_the_schema_has_no_fault(tmp_path: Path) -> None:
    assert findings(write_schema(tmp_path, TYPES)) == ""


def test_c_has_the_names_and_the_engines_numbers(
    bindings: Path, module: Module
) -> None:
    job = job_of(module)
    source = c_source(job) + c_main(module.name)
    printed = run(bindings / "c", source, "c11").splitlines()
    assert printed == by_the_engine(job, hidden=False, in_c=True)


CODE = """
#include "sample.h"

#define io_uring_sqe_alone 0
typedef int io_uring_sqe; /* no typedef is in the way of others */
uint32_t use(lua_State *s, struct io_uring_sqe *q, struct ring *ring, union any *any);
uint32_t use(lua_State *s, struct io_uring_sqe *q, struct ring *ring, union any *any)
{
    struct hooks *hooks = s->hooks;
    DLDeviceType kind = kDLCPU;
    IndexT index = 0;
    lua_State *same = ring->state;
    any->Low = (uint32_t)s->nCcalls + kMaxDepth + kind + DLDeviceType_kDLCUDA + index;
    return hooks->doOpen(same, q) + s->__reserved + q->opcode;
}
"""


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_dialect_of_c_takes_them(bindings: Path, standard: str) -> None:
    code = CODE if "++" not in standard else CODE.replace("typedef int io", "// io")
    assert check(bindings / "c", code, standard, *STRICT) == Ran(0, "", "")


def test_a_prefix_stands_before_names_of_c_as_well(tmp_path: Path) -> None:
    write_schema(tmp_path, "vmgen: 1\nmodule: sample\n" + TYPES)
    (tmp_path / "pyproject.toml").write_text('[tool.vmgen]\nc = {prefix = "our_"}\n')
    built = vmgen("build", "sample.vm.yaml", "--lang", "c", "-o", "out", cwd=tmp_path)
    assert (built.code, built.err) == (0, "")
    header = (tmp_path / "out" / "c" / "sample.h").read_text()
    assert re.findall(
        r"^struct \w+;|^ *struct our_io_uring_sqe (?!\*).*", header, re.M
    ) == [
        "struct our_hooks;",
        "struct our_ring;",
        "struct our_io_uring_sqe;",
        "struct our_tagged;",
        "struct our_io_uring_sqe {",
        "    struct our_io_uring_sqe entries[3];",
        "    struct our_io_uring_sqe sqe;",
        "    struct our_io_uring_sqe k_state;",
    ]
    assert "    our_kDLCPU = 1,\n    our_DLDeviceType_kDLCUDA = 2,\n" in header


def test_rust_has_the_names_without_a_warning(
    bindings: Path, tmp_path: Path, module: Module
) -> None:
    job = job_of(module)
    program = tmp_path / "program"
    Rust.build(bindings, tmp_path).link(rust_program(job), "bin", program)
    text = (bindings / "rust" / "src" / "sample.rs").read_text()
    assert "pub what: DeviceType," in text
    assert "pub nCcalls: u16," in text
    assert "pub const Cuda: Self" in text
    assert "pub struct io_ring" in text


def test_python_has_the_names_and_the_engines_numbers(
    tmp_path: Path, module: Module
) -> None:
    job = job_of(module)
    folder = write(
        tmp_path / "called_python", module, options={"package": "called_python"}
    )
    generated = import_from(folder, "sample")
    assert by_ctypes(job, generated) == by_the_engine(job, hidden=False)
    state = generated.lua_State(__reserved=3, sort=generated.DeviceType.CUDA)
    assert (state.__reserved, state.sort, generated.DEPTH) == (3, 2, 8)
    assert generated.IoUringSqe(opcode=1).opcode == 1
    plain = write(tmp_path / "typed", module)
    typed = ran([sys.executable, "-m", "mypy", "--strict", "sample.py"], plain)
    assert typed.code == 0, typed.out


def test_layouts_and_fingerprints_go_by_the_schemas_names(module: Module) -> None:
    job = job_of(module)
    for language in ("c", "rust", "python"):
        called = job.called(language)
        assert called.layouts.fingerprints is job.layouts.fingerprints
        assert [r.layouts for r in called.records] == [r.layouts for r in job.records]
        assert descriptor_text(called, Models(called.layouts)) == descriptor_text(
            job, Models(job.layouts)
        )


def test_a_language_without_other_names_has_the_same_job(tmp_path: Path) -> None:
    job = job_of(
        module_of(tmp_path, "types: {T: {kind: struct, c_name: t, fields: {a: u8}}}")
    )
    assert job.called("rust") is job
    assert job.called("c").records[0].name == "t"


def test_names_may_differ_between_versions(tmp_path: Path) -> None:
    write_schema(
        tmp_path,
        """\
vmgen: 1
module: sample
versions: ["1", "2"]
types:
  Entry:
    kind: struct
    c_name: [{is: struct entry, until: "2"}, {is: struct io_entry, since: "2"}]
    was: {Item: "2"}
    fields: {a: u8}
  Holder: {kind: struct, fields: {entry: Entry}}
""",
    )
    for version, name in (("1", "entry"), ("2", "io_entry")):
        folder = f"out{version}"
        options = ["--lang", "c", "--version", version, "-o", folder]
        assert vmgen("build", "sample.vm.yaml", *options, cwd=tmp_path).code == 0
        (header,) = (tmp_path / folder / "c").glob("sample*.h")
        assert f"\n    struct {name} entry;\n" in header.read_text()


USES = """
#include "sample.h"
struct { lua_State s; _PyInterpreterFrame f; union any a; struct tagged t; struct hooks h;
    IndexT i; trusted_one o; DLDeviceType d; struct ring r; } used;
enum { SAME = kDLCPU };
"""


def test_verify_finds_what_the_compiler_calls_it(tmp_path: Path) -> None:
    schema = write_schema(tmp_path, TYPES)
    build = ["build", schema.name, "--lang", "c,rust", "-o", "."]
    assert vmgen(*build, cwd=tmp_path).code == 0
    (tmp_path / "c" / "uses.c").write_text(USES)
    compiled = ran(
        [need("gcc"), "-g", "-c", "uses.c", "-o", "../uses.o"], tmp_path / "c"
    )
    assert compiled == Ran(0, "", "")
    verify = ["verify", schema.name, "--target", "x86_64-unknown-linux-gnu"]
    said = vmgen(*verify, "--binary", "uses.o", cwd=tmp_path)
    assert said.code == 0, said.out
    assert "isn't in the binary" not in said.out
    theirs = tmp_path / "theirs.c"
    theirs.write_text(
        "struct io_uring_sqe { unsigned char opcode, flags; unsigned long addr; } used;\n"
    )
    assert ran([need("gcc"), "-g", "-c", "theirs.c"], tmp_path).code == 0
    said = vmgen(*verify, "--binary", "theirs.o", "--format", "concise", cwd=tmp_path)
    assert said.code == 1
    assert (
        "the binary's `Sqe` has a member `flags` of 1 byte at 1, which the schema hasn't"
        in said.out
    )


THEIRS = """
typedef struct lua_State { unsigned nCcalls; } lua_State;
struct io_uring_sqe { unsigned char opcode; unsigned flags; };
typedef union any { unsigned Low; } Any;
enum { kDLCPU = 1, DLDeviceType_kDLCUDA = 2 };
#define kMaxDepth 8
"""
OURS = """
c: {header: theirs.h}
targets: [x86_64-unknown-linux-gnu]
constants:
  MAX_DEPTH: {type: u32, value: 8, c_name: kMaxDepth}
types:
  State: {kind: struct, c_name: lua_State, fields: {n_ccalls: {type: u32, c_name: nCcalls}}}
  Sqe: {kind: struct, c_name: struct io_uring_sqe, fields: {op: {type: u8, c_name: opcode}, flags: u32}}
  Any: {kind: union, c_name: union any, fields: {low: {type: u32, c_name: Low}}}
  Kind: {kind: enum, tag: u32, variants: {Cpu: {value: 1, c_name: kDLCPU}, DLDeviceType_kDLCUDA: 2}}
"""


def test_the_owners_header_is_asked_by_its_own_names(tmp_path: Path) -> None:
    (tmp_path / "theirs.h").write_text(THEIRS)
    write_schema(tmp_path, OURS)
    built(tmp_path, "sample.vm.yaml")
    file = "generated/c/sample_header_check.c"
    assert compiled(tmp_path, ["gcc", "-std=c11"], file) == []
    (tmp_path / "theirs.h").write_text(THEIRS.replace("unsigned flags", "char flags"))
    assert compiled(tmp_path, ["gcc", "-std=c11"], file) == [
        f'static assertion failed: "struct io_uring_sqe{what} differs from sample.vm.yaml"'
        for what in (": size", ": alignment", ".flags: offset", ".flags: size")
    ]


def test_a_debuggers_script_knows_types_by_all_their_names(tmp_path: Path) -> None:
    schema = write_schema(tmp_path, TYPES)
    build = ["build", schema.name, "--lang", "gdb", "-o", "."]
    assert vmgen(*build, cwd=tmp_path).code == 0
    script = (tmp_path / "gdb" / "sample_gdb.py").read_text()
    assert '"DLDeviceType": {1: "kDLCPU", 2: "kDLCUDA"}' in script
    assert '"DeviceType": {1: "kDLCPU", 2: "kDLCUDA"}' in script
    assert '"ring",' in script
    assert '"io_ring",' in script
    assert '"Sqe": "IoUringSqe",' in script
    assert '"io_uring_sqe": "IoUringSqe",' in script


def test_another_name_in_a_language_is_a_change(tmp_path: Path) -> None:
    old = "types: {T: {kind: struct, fields: {a: {type: u8, c_name: A}}}}"
    new = (
        "constants: {LEAST: {type: u8, value: 1, python_name: least}}\n"
        "types: {T: {kind: struct, rust_name: R, fields: {a: {type: u8, c_name: B}}}}"
    )
    write_schema(
        tmp_path, f"constants: {{LEAST: {{type: u8, value: 1}}}}\n{old}", "a.vm.yaml"
    )
    write_schema(tmp_path, new, "b.vm.yaml")
    said = vmgen("diff", "a.vm.yaml", "b.vm.yaml", "--format", "concise", cwd=tmp_path)
    told = [line.partition(": VM")[2] for line in said.out.splitlines()]
    assert [line for line in told if line] == [
        "441 `python_name` of `LEAST` is `least` instead of left out",
        "462 `rust_name` of `T` is `R` instead of left out",
        "464 `c_name` of `T.a` is `B` instead of `A`",
    ]


SWAPPED = """\
vmgen: 1
module: swapped
targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu]
profile: {c-abi: the kernel declares it}
types:
  iphdr:
    kind: struct
    c_name: struct iphdr
    fields:
      ihl: {type: c_uint, bits: 4, on: {endian: little}}
      version: {type: c_uint, bits: 4}
      ihl_big: {type: c_uint, bits: 4, on: {endian: big}, c_name: ihl}
      tos: u8
"""


def test_fields_of_different_targets_can_have_one_name_in_c(tmp_path: Path) -> None:
    path = write_schema(tmp_path, SWAPPED, "swapped.vm.yaml")
    assert findings(path) == ""
    built(tmp_path, path.name)
    use = tmp_path / "use.c"
    use.write_text(
        '#include "swapped.h"\nunsigned first(struct iphdr *it) { return it->ihl; }\n'
    )
    for target in ("x86_64-unknown-linux-gnu", "s390x-unknown-linux-gnu"):
        assert compiled(tmp_path, [COMPILERS[target]], use.name) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("endian: big}", "not: {width: 16}}"), ("c_name: ihl", "rust_name: ihl")],
)
def test_fields_of_one_target_cannot(tmp_path: Path, old: str, new: str) -> None:
    path = write_schema(tmp_path, SWAPPED.replace(old, new), "swapped.vm.yaml")
    title = "Rust" if "rust" in new else "C"
    first = (
        f"error[VM083]: `ihl` and `ihl_big` of `iphdr` are both called `ihl` in {title}"
    )
    assert first in findings(path)
