"""The example on LLVM's C interface: made and run with the LLVM of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.support import ROOT, need, vmgen

if TYPE_CHECKING:
    from pathlib import Path

NO_WARNING = "-Wall -Wextra -Wpedantic -Werror"


def copied(folder: Path) -> Path:
    """A copy of the example, with its headers."""
    made = folder / "llvm"
    shutil.copytree(
        ROOT / "examples" / "llvm",
        made,
        ignore=shutil.ignore_patterns("generated", "burn"),
    )
    ran = vmgen("build", cwd=made)
    assert (ran.code, ran.err) == (0, "")
    return made


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CFLAGS": NO_WARNING},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_code_burns_fuel_that_c_sees(tmp_path: Path) -> None:
    need("llvm-config")
    folder = copied(tmp_path)
    # The headers are there: it is not the build that is the subject.
    built = ["-o", "generated/c/records_llvm.h"]
    said = run(folder, need("make"), "--no-print-directory", *built).splitlines()
    assert said[-2:] == ["975", "970 are left of 1000"]


def test_the_code_says_what_the_schema_says(tmp_path: Path) -> None:
    need("llvm-config")
    folder = copied(tmp_path)
    main = folder / "main.c"
    text = main.read_text(encoding="utf-8")
    shown = "    char *message = NULL;\n"
    assert shown in text
    main.write_text(
        text.replace(shown, f"{shown}    LLVMDumpModule(module);\n"), encoding="utf-8"
    )
    said = run(folder, need("make"), "-o", "generated/c/records_llvm.h")
    loads = re.findall(r"%(\w+) = load (atomic )?.*?(, align \d+)(.*)", said)
    assert [(name, align) for name, _, align, _ in loads] == [
        ("store", ", align 8"),
        ("magic", ", align 4"),
        ("cost", ", align 8"),
        ("fuel", ", align 8"),
        ("epoch", ", align 8"),
    ]
    kinds = {name: re.findall(r"!([a-z.]+) ", rest) for name, _, _, rest in loads}
    assert {name: sorted(found) for name, found in kinds.items()} == {
        "store": ["align", "invariant.load", "nonnull", "tbaa"],
        "magic": ["range", "tbaa"],
        "cost": ["tbaa"],
        "fuel": ["tbaa"],
        "epoch": ["tbaa"],
    }
    assert [name for name, atomic, _, _ in loads if atomic] == ["epoch"]
    for region in ("VMContext.store", "VMCell.value", "VMStore.fuel", "VMStore.epoch"):
        assert f'!"{region}"' in said
    assert '!"vmgen records"' in said
    magic = int.from_bytes(b"burn", "little")
    assert f"!{{i32 {magic}, i32 {magic + 1}}}" in said
