"""What a C source says beside types and offsets is in what is imported of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.binaries.programs import run
from tests.imports.test_dwarf import held
from tests.support import need, vmgen

HERE = Path(__file__).parent
X86_64, I686 = "x86_64-unknown-linux-gnu", "i686-unknown-linux-gnu"
CLANG = [sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-linux-gnu"]
TYPES = (
    "_all__names", "numbers", "functions", "table", "aligned", "least", "few", "device",
    "nested", "bits", "only_bits", "flexible", "old_flexible", "ring", "renamed",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("abilities.h", "abilities.c"):
        (tmp_path / name).write_bytes((HERE / name).read_bytes())
    return tmp_path


def imported(folder: Path, *words: str) -> str:
    """The schema that an import writes, whose name is that of no header."""
    made = vmgen("import", *words, "-o", "made.vm.yaml", "--force", cwd=folder)
    assert made.code == 0, made.err
    return (folder / "made.vm.yaml").read_text(encoding="utf-8")


def test_every_ability_on_two_targets(folder: Path) -> None:
    targets = [f"--target={target}" for target in (X86_64, I686)]
    held("abilities.vm.yaml", imported(folder, "c", "abilities.h", *targets))
    checked = vmgen("check", "made.vm.yaml", cwd=folder)
    assert (checked.code, checked.out) == (0, "no findings in 1 schema\n")
    for target in (X86_64, I686):
        arguments = ("verify", "made.vm.yaml", "--header", "--target", target)
        ran = vmgen(*arguments, cwd=folder)
        assert (ran.code, ran.err) == (0, "")
        assert (
            ran.out == f"190 numbers of `made` compared with abilities.h on {target}\n"
        )


def test_the_compiler_agrees_with_the_header_and_with_what_is_made(
    folder: Path,
) -> None:
    targets = [f"--target={target}" for target in (X86_64, I686)]
    imported(folder, "c", "abilities.h", *targets)
    built = vmgen("build", "made.vm.yaml", "--lang", "c", "-o", "out", cwd=folder)
    assert built.code == 0, built.out
    # Where bit-fields are, gcc tells when it makes code.
    flags = ["-std=gnu11", "-ffreestanding", "-Wall", "-Werror", "-c", "-o", "made.o"]
    for width in ("-m64", "-m32"):
        for source in ("made.h", "made_header_check.c"):
            command = [need("gcc"), width, *flags, "-I.", "-Iout/c", "-xc"]
            run([*command, f"out/c/{source}"], folder)


@pytest.mark.parametrize("compiler", ["gcc -gdwarf-5", "gcc -gdwarf-4", "clang -g"])
def test_debug_information_has_every_ability(folder: Path, compiler: str) -> None:
    tool, flag = compiler.split()
    command = [need("gcc")] if tool == "gcc" else CLANG
    run([*command, flag, "-c", "abilities.c", "-o", "abilities.o"], folder)
    types = [f"--type={name}" for name in TYPES]
    made = imported(folder, "dwarf", "abilities.o", *types)
    verified = vmgen("verify", "made.vm.yaml", "--binary", "abilities.o", cwd=folder)
    assert verified.code == 0, verified.out
    if flag != "-gdwarf-5":
        # Neither DWARF 4 nor clang tells of `_Atomic`.
        assert made.count("count: u32\n") == 2
        made = made.replace("count: u32\n", "count: AtomicU32\n", 1)
    held("abilities_dwarf.vm.yaml", made)
