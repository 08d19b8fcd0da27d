"""What compilers say of the bindings is what the schema says, whatever the container."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.binaries.programs import (
    ENGINE,
    bindings,
    compiled_c,
    probes_in_rust,
    run,
)
from tests.support import need, vmgen
from vmgen.schema import model as m


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, m.Module]:
    folder = tmp_path_factory.mktemp("binaries")
    return folder, bindings(ENGINE, folder)


def held(folder: Path, binary: str, *more: str) -> str:
    ran = vmgen("verify", str(ENGINE), "--binary", binary, *more, cwd=folder)
    return f"{ran.code}: {ran.out}{ran.err}"


IN_C = {
    "DWARF 4": ("gcc", ["-gdwarf-4"], "x86_64-unknown-linux-gnu", 63),
    "DWARF 5": ("gcc", ["-gdwarf-5"], "x86_64-unknown-linux-gnu", 63),
    "type units": ("gcc", ["-gdwarf-5", "-fdebug-types-section"], "x86_64-unknown-linux-gnu", 63),
    "type units of DWARF 4": (
        "gcc", ["-gdwarf-4", "-fdebug-types-section"], "x86_64-unknown-linux-gnu", 63
    ),
    "zlib": ("gcc", ["-gz=zlib"], "x86_64-unknown-linux-gnu", 63),
    "zlib as GNU had it": ("gcc", ["-gz=zlib-gnu"], "x86_64-unknown-linux-gnu", 63),
    "clang": ("x86_64-linux-gnu", ["-gdwarf-5"], "x86_64-unknown-linux-gnu", 59),
    "zstd": ("x86_64-linux-gnu", ["-gz=zstd"], "x86_64-unknown-linux-gnu", 59),
    "s390x": ("s390x-linux-gnu", [], "s390x-unknown-linux-gnu", 59),
    "armv7": ("arm-linux-gnueabihf", [], "arm-unknown-linux-gnueabi", 59),
    "i686": ("x86-linux-gnu", [], "i686-unknown-linux-gnu", 59),
    "riscv64": ("riscv64-linux-gnu", [], "riscv64gc-unknown-linux-gnu", 59),
    "powerpc64": ("powerpc64-linux-gnu", [], "powerpc64-unknown-linux-gnu", 59),
    "WebAssembly": ("wasm32-wasi", [], "wasm32-unknown-unknown", 59),
    "Mach-O": ("aarch64-macos", [], "aarch64-apple-darwin", 59),
    "Mach-O of DWARF 5": ("x86_64-macos", ["-gdwarf-5"], "x86_64-apple-darwin", 59),
}  # fmt: skip


@pytest.mark.parametrize("row", IN_C.values(), ids=IN_C)
def test_an_object_of_c_is_as_the_schema_says(
    row: tuple[str, list[str], str, int], made: tuple[Path, m.Module]
) -> None:
    cc, flags, target, numbers = row
    folder, module = made
    compiled_c(module, folder, *flags, cc=cc)
    assert held(folder, "probes.o", "--strict") == (
        f"0: 9 types of `engine` are laid out as in probes.o on {target} "
        f"({numbers} numbers)\n"
    )


def test_an_archive_is_as_its_objects_are(made: tuple[Path, m.Module]) -> None:
    folder, module = made
    compiled_c(module, folder)
    (folder / "a_name_of_more_than_sixteen.o").write_bytes(
        (folder / "probes.o").read_bytes()
    )
    run([need("ar"), "rc", "probes.a", "a_name_of_more_than_sixteen.o"], folder)
    assert held(folder, "probes.a", "--strict").startswith("0: 9 types of `engine`")


IN_RUST = {
    "library of Rust": ("rlib", ["-Cdwarf-version=4"], "libprobes.rlib"),
    "shared library": ("cdylib", ["-Cdwarf-version=4"], "libprobes.so"),
    "DWARF 5": ("cdylib", ["-Cdwarf-version=5"], "libprobes.so"),
}


@pytest.mark.parametrize("row", IN_RUST.values(), ids=IN_RUST)
def test_a_library_of_rust_is_as_the_schema_says(
    row: tuple[str, list[str], str], made: tuple[Path, m.Module]
) -> None:
    kind, flags, name = row
    folder, module = made
    (folder / "probes.rs").write_text(probes_in_rust(module), encoding="utf-8")
    rustc = [need("rustc"), "--edition", "2024", "-g", f"--crate-type={kind}"]
    run([*rustc, *flags, "probes.rs"], folder)
    assert held(folder, name, "--strict") == (
        f"0: 9 types of `engine` are laid out as in {name} on "
        "x86_64-unknown-linux-gnu (65 numbers)\n"
    )


class TestWhatIsNotRead:
    def test_split_debug_information(self, made: tuple[Path, m.Module]) -> None:
        folder, module = made
        compiled_c(module, folder, "-gsplit-dwarf")
        for name in "probes.o", "probes.dwo":
            assert held(folder, name) == (
                f"2: vmgen: {name}: its debug information is split off into .dwo files, "
                "which aren't read: compile without -gsplit-dwarf, with "
                "`split-debuginfo=off` for Rust\n"
            )

    def test_a_binary_without_debug_information(
        self, made: tuple[Path, m.Module]
    ) -> None:
        folder, module = made
        compiled_c(module, folder)
        run([need("strip"), "-g", "probes.o"], folder)
        assert held(folder, "probes.o") == (
            "2: vmgen: probes.o: it has no debug information\n"
        )

    def test_a_stripped_binary_that_names_its_debug_file(
        self, made: tuple[Path, m.Module]
    ) -> None:
        folder, module = made
        compiled_c(module, folder)
        run([need("strip"), "-g", "-o", "stripped.o", "probes.o"], folder)
        link = [need("objcopy"), "--add-gnu-debuglink=probes.o", "stripped.o"]
        run(link, folder)
        assert held(folder, "stripped.o") == (
            "2: vmgen: stripped.o: its debug information is in probes.o: name that by "
            "--binary\n"
        )

    def test_relocations_of_a_processor_that_are_not_known(
        self, made: tuple[Path, m.Module]
    ) -> None:
        folder, module = made
        compiled_c(module, folder, cc="mips64el-linux-gnuabi64")
        assert held(folder, "probes.o") == (
            "2: vmgen: probes.o: it is an object for mips64 whose relocations aren't "
            "known: link it first\n"
        )

    def test_another_target_than_the_binary_is_for(
        self, made: tuple[Path, m.Module]
    ) -> None:
        folder, module = made
        compiled_c(module, folder)
        assert held(folder, "probes.o", "--target", "s390x-unknown-linux-gnu") == (
            "2: vmgen: probes.o: it wasn't made for s390x-unknown-linux-gnu, but for "
            "x86_64 (64 bits, little endian)\n"
        )
        assert held(folder, "probes.o", "--target", "x86_64-unknown-linux-gun") == (
            "2: vmgen: the schema has no target `x86_64-unknown-linux-gun`, did you mean "
            "`x86_64-unknown-linux-gnu`?\n"
        )

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"MZ\x90\0", "it is a PE file, whose debug information is in a PDB; neither is read"),
            (b"Microsoft C/C++ MSF 7.00\r\n", "it is a PDB, which isn't read"),
            (b"#!/bin/sh\n", "it is no ELF, Mach-O or WebAssembly file, nor an archive of these"),
            (b"", "it is no ELF, Mach-O or WebAssembly file, nor an archive of these"),
            (b"\x7fELF", "it is no sound ELF file: Invalid EI_CLASS"),
            (b"!<thin>\nx", "it is a thin archive, whose objects are in other files"),
            (b"!<arch>\nx", "the archive ends within a member"),
            (b"\0asm\x0d\0\1\0", "it is no core WebAssembly module"),
            (b"\0asm\1\0\0\0\0\xff", "it ends within a number"),
            (b"\xcf\xfa\xed\xfe", "it is no sound Mach-O file"),
        ],
        ids=lambda value: value[:8].hex() if isinstance(value, bytes) else "",
    )  # fmt: skip
    def test_a_file_that_is_no_binary(
        self, tmp_path: Path, content: bytes, said: str
    ) -> None:
        (tmp_path / "file").write_bytes(content)
        assert held(tmp_path, "file").startswith(f"2: vmgen: file: {said}")

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        assert held(tmp_path, "gone") == "2: vmgen: gone: no such file or directory\n"

    def test_a_folder(self, tmp_path: Path) -> None:
        assert held(tmp_path, ".") == "2: vmgen: .: it is a folder, and no dSYM\n"


def test_types_that_the_binary_lacks_count_as_unverified(
    made: tuple[Path, m.Module],
) -> None:
    folder, _ = made
    (folder / "one.c").write_text(
        '#include "c/engine.h"\nint f(Memory *it) { return it != 0; }\n'
    )
    run([need("gcc"), "-g", "-c", "one.c"], folder)
    said = held(folder, "one.o", "--format", "concise")
    assert said.startswith("0: ")
    assert "warning: VM507 `Store` isn't verified: it isn't in the binary\n" in said
    assert said.endswith(
        "1 type of `engine` is laid out as in one.o on x86_64-unknown-linux-gnu (7 "
        "numbers), 8 types unverified\n"
    )
    assert held(folder, "one.o", "--strict").startswith("1: ")


def test_nothing_verified_is_no_success(made: tuple[Path, m.Module]) -> None:
    folder, _ = made
    (folder / "none.c").write_text("struct x { int a; } it;\n")
    run([need("gcc"), "-g", "-c", "none.c"], folder)
    said = held(folder, "none.o", "--format", "concise")
    assert said.startswith("1: ")
    assert said.endswith(
        "0 types of `engine` are laid out as in none.o on x86_64-unknown-linux-gnu (0 "
        "numbers), 9 types unverified\n"
    )


def test_help_works_without_the_packages(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('elftools', 'lief', 'zstandard'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from vmgen.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "verify", "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("usage: vmgen verify")


def test_it_says_which_packages_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vmgen.cli.packages.find_spec", lambda name: None)
    assert held(tmp_path, "x") == (
        "2: vmgen: verify reads binaries with packages that aren't installed "
        "(pyelftools, lief, zstandard); install them with pip install 'vmgen[binaries]'\n"
    )
