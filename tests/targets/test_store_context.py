"""i686 and armv7 have pointers of one width, and a VMStoreContext of 68 and 72 bytes.

i686 aligns a 64-bit integer to four bytes, armv7 to eight; the record ends with a
pointer, so that the difference is four bytes at its end. Every language is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agreement.bindings import Rust, need_rust_target
from tests.machines.machines import MACHINES
from tests.oracle import rustc_oracle
from tests.oracle.real_core import compiler
from tests.oracle.schemas import load
from tests.python.generated import import_from, loaded, write
from tests.support import ROOT, missing, need, proving, vmgen
from vmgen.layout.layouts import Layouts
from vmgen.schema.model import ModelTarget
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "schemas/wasmtime.vm.yaml@42.0.2"
RECORD = "VMStoreContext"
I686, ARMV7 = "i686-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf"
SIZES = {I686: (68, 4), ARMV7: (72, 8)}

RUST = """
const _: () = assert!(core::mem::size_of::<bindings::wasmtime42::VMStoreContext>() == {size});
const _: () = assert!(core::mem::align_of::<bindings::wasmtime42::VMStoreContext>() == {align});
"""
C = """\
#include <stdio.h>
#include "wasmtime42.h"
struct member { char before; VMStoreContext it; };
int main(void)
{
    printf("%zu %zu", sizeof(VMStoreContext), offsetof(struct member, it));
    return 0;
}
"""

SHOWN = """\
wasmtime_vm 42.0.2; * marks what differs
  A  i686-unknown-linux-gnu (32-bit, little-endian), fingerprint df029d016dcc3504
  B  armv7-unknown-linux-gnueabihf (32-bit, little-endian), fingerprint 332d6f5e2c1b0e25

struct VMStoreContext
               A             B
    offset  size  offset  size
*                     68     4  /* 4 bytes tail padding */
*             68            72  size
*              4             8  align
"""

both = pytest.mark.parametrize("target", SIZES)


@both
def test_the_engine(target: str) -> None:
    layouts = Layouts(loaded(ROOT / SCHEMA, SCHEMA))
    record = layouts.record(RECORD, layouts.class_of(target))
    assert (record.size, record.align) == SIZES[target]
    assert record.offsets[:4] == (0, 8, 16, 20)
    assert record.offsets[-1] == 60


@both
def test_rustc(target: str) -> None:
    """The compiler alone: what it says when the alignment of the other is expected."""
    need("rustc")
    other = ARMV7 if target == I686 else I686
    module = load(SCHEMA, (ModelTarget(target, TARGETS[other].model),))
    (wrong,) = [
        d
        for d in rustc_oracle.disagreements([module], [target])
        if d.question == RECORD
    ]
    assert wrong.rustc is not None
    assert wrong.rustc[:2] == SIZES[target]
    assert wrong.engine[:2] == SIZES[other]
    assert wrong.rustc[2:] == wrong.engine[2:], "no field moves"


@pytest.mark.parametrize(
    ("target", "like"), [(I686, I686), ("wasm32-unknown-unknown", ARMV7)]
)
def test_the_generated_crate(target: str, like: str, tmp_path: Path) -> None:
    """On targets that a library of rustc is likely to be installed for."""
    need_rust_target(target)
    crate = Rust.build(ROOT / "generated", tmp_path, target)
    use = ["--crate-type=lib", "--emit=metadata", "-L", str(tmp_path)]
    use += ["--extern", "bindings", "--edition=2021", "-"]
    size, align = SIZES[like]
    assert crate.rustc(use, RUST.format(size=size, align=align)).code == 0
    wrong = crate.rustc(use, RUST.format(size=140 - size, align=align))
    assert f"VMStoreContext>() == {140 - size}" in wrong.err


if proving():  # It takes a compilation of core.

    def test_the_generated_crate_on_armv7(tmp_path: Path) -> None:
        rustc = compiler()
        if rustc is None:
            missing("no toolchain has the component rust-src")
        rustc.core(ARMV7, tmp_path)
        root = ROOT / "generated" / "rust" / "src" / "lib.rs"
        assert rustc.judge(root, ARMV7, tmp_path).err == ""
        source = tmp_path / "uses.rs"
        size, align = SIZES[ARMV7]
        use = "#![no_std]\nextern crate bindings;\n"
        use += RUST.format(size=size, align=align)
        source.write_text(use, encoding="utf-8")
        assert rustc.judge(source, ARMV7, tmp_path, name="uses").err == ""
        source.write_text(use.replace("== 72", "== 68"), encoding="utf-8")
        wrong = rustc.judge(source, ARMV7, tmp_path, name="uses").err
        assert "VMStoreContext>() == 68" in wrong


@both
def test_c_by_clang(target: str) -> None:
    try:
        from tests.oracle.clang_oracle import Clang

        clang = Clang()
    except Exception as error:
        missing(f"libclang can't be loaded: {error}")
    parsed = clang.parse(
        TARGETS[target], '#include "wasmtime42.h"\n', ROOT / "generated" / "c"
    )
    assert parsed.messages == ()
    assert parsed.layouts[RECORD][:2] == SIZES[target]


@both
def test_c_by_gcc_running(target: str, tmp_path: Path) -> None:
    machine = MACHINES[target]
    lacking = machine.lacks()
    if lacking:
        missing(lacking)
    source = tmp_path / "sizes.c"
    source.write_text(C, encoding="utf-8")
    program = tmp_path / "sizes"
    machine.compile(program, ROOT / "generated" / "c", source)
    size, align = SIZES[target]
    assert machine.run(program, "", b"") == f"{size} {align}".encode()


@both
def test_python(target: str, tmp_path: Path) -> None:
    module = loaded(ROOT / SCHEMA, SCHEMA)
    folder = write(tmp_path / "stores", module, options={"package": "stores"})
    generated = import_from(folder, "wasmtime42")
    runtime = import_from(folder, "vmgen_runtime")
    size, align = SIZES[target]
    record = generated.VMStoreContext
    assert (runtime.size_of(record, target), runtime.align_of(record, target)) == (
        size,
        align,
    )
    data = bytes(range(1, 1 + 2 * 72))
    first, second = record.read_array(data, 2, target)
    assert (first.fuel_consumed, second.fuel_consumed) == (
        int.from_bytes(data[:8], "little"),
        int.from_bytes(data[size : size + 8], "little"),
    )
    assert len(record.pack(first, target)) == size
    with pytest.raises(
        ValueError, match=rf"VMStoreContext takes {size} bytes at offset 0"
    ):
        record.read(data[: size - 1], target)


def test_vmgen_layout_shows_both(tmp_path: Path) -> None:
    schema, _, release = SCHEMA.partition("@")
    command = ["layout", schema, RECORD, "--only-differences", "--version", release]
    command += ["--target", I686, "--target", ARMV7]
    ran = vmgen(*command, cwd=ROOT, VMGEN_CACHE_DIR=str(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == SHOWN
