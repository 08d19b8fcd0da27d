"""What is imported from a header agrees with a binary that was compiled with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.binaries.programs import run
from tests.support import need, vmgen

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """\
#include <stdint.h>
struct flags {
  uint32_t ready : 1, level : 3;
  uint32_t other;
  union {
    uint64_t wide;
    struct { uint32_t low, high; };
  };
  uint8_t tail;
};
"""


def test_bit_fields_and_what_has_no_name(tmp_path: Path) -> None:
    (tmp_path / "flags.h").write_text(HEADER)
    (tmp_path / "flags.c").write_text('#include "flags.h"\nstruct flags it;\n')
    run([need("gcc"), "-g", "-c", "flags.c"], tmp_path)
    made = vmgen("import", "c", "flags.h", "-o", "flags.vm.yaml", cwd=tmp_path)
    assert made.code == 0, made.err
    arguments = ("verify", "flags.vm.yaml", "--binary", "flags.o")
    ran = vmgen(*arguments, "--format", "concise", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "1 type of `flags_records` is laid out as in flags.o on x86_64-unknown-linux-gnu (17 "
        "numbers)",
    ]


WRONG = """\
vmgen: 1
module: flags
targets: [x86_64-unknown-linux-gnu]
types:
  Flags:
    kind: struct
    rust_path: flags
    fields: {pointer: VmPtr<u8>, word: u64, tail: u8}
"""


def test_a_pointer_is_no_bit_field_and_a_number_no_union(tmp_path: Path) -> None:
    header = HEADER.replace("uint32_t other", "uint32_t : 0; uint32_t more : 32")
    (tmp_path / "flags.h").write_text(header)
    (tmp_path / "flags.c").write_text('#include "flags.h"\nstruct flags it;\n')
    run([need("gcc"), "-g", "-c", "flags.c"], tmp_path)
    (tmp_path / "flags.vm.yaml").write_text(WRONG)
    arguments = ("verify", "flags.vm.yaml", "--binary", "flags.o")
    ran = vmgen(*arguments, "--format", "concise", cwd=tmp_path)
    assert ran.code == 1
    told = [line.partition(" error: ")[2] for line in ran.out.splitlines()]
    assert any(line.startswith("VM502 `Flags.pointer` ") for line in told)
    assert any(line.startswith("VM502 `Flags.word` ") for line in told)
