"""Schemas that no rule refuses, and that bindings might stumble over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support import need, vmgen, write_schema


def build(folder: Path, schema: str) -> Path:
    write_schema(folder, schema)
    ran = vmgen("build", "sample.vm.yaml", "-o", "out", cwd=folder)
    assert ran.code == 0, ran.out + ran.err
    return folder / "out"


def test_bytes_that_end_a_line_or_a_module_stay_in_their_comment(
    tmp_path: Path,
) -> None:
    out = build(
        tmp_path,
        "constants:\n"
        '  MAGIC: {type: u32, bytes: "\\0asm"}\n'
        '  EXIT: {type: u64, bytes: "\\nexit(7)"}\n',
    )
    done = subprocess.run(
        [sys.executable, "-c", "import sample; print(sample.MAGIC, sample.EXIT)"],
        cwd=out / "python",
        capture_output=True,
        text=True,
        check=True,
    )
    numbers = [int.from_bytes(b, "little") for b in (b"\0asm", b"\nexit(7)")]
    assert done.stdout == f"{numbers[0]} {numbers[1]}\n"
    text = (out / "python" / "sample.py").read_text()
    assert "# u32, \\x00asm\n" in text
    assert "# u64, \\nexit(7)\n" in text


def test_a_part_of_a_context_may_be_called_shared(tmp_path: Path) -> None:
    out = build(
        tmp_path,
        "types:\n"
        "  Context:\n"
        "    kind: context\n"
        "    counts: {n: How many.}\n"
        "    fields: {shared: u32}\n"
        '    regions: {others: "[u32; n]"}\n',
    )
    command = [need("rustc"), "--edition=2021", "--crate-type=lib", "--emit=metadata"]
    done = subprocess.run(
        [*command, "-Dwarnings", "-o", "lib.rmeta", "rust/src/lib.rs"],
        cwd=out,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
