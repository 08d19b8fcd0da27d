"""Schemas made of the debug information of C and of Rust."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import need, vmgen

HERE = Path(__file__).parent


def compiled(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Objects of the samples: for this machine, and C's for a 32-bit one too."""
    made = tmp_path_factory.mktemp("dwarf")
    c, rust = str(HERE / "sample.c"), str(HERE / "rust_sample.rs")
    compiled([need("gcc"), "-g", "-c", c, "-o", "sample.o"], made)
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", "x86-linux-gnu"]
    compiled([*zig, "-g", "-c", c, "-o", "sample32.o"], made)
    rustc = [need("rustc"), "--edition", "2024", "-g", "--crate-type=lib"]
    compiled([*rustc, "--emit=obj", rust, "-o", "rust.o"], made)
    return made


def imported(folder: Path, *words: str) -> str:
    ran = vmgen("import", *words, cwd=folder)
    return f"{ran.code}: {ran.out}{ran.err}"


def held(name: str, text: str) -> None:
    """Hold an output against the file that has it, which `UPDATE_GOLDEN` writes anew."""
    path = HERE / "golden" / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_a_program_of_c(folder: Path) -> None:
    ran = vmgen(
        "import", "dwarf", "sample.o", "--type=node", "--type=table", cwd=folder
    )
    assert (ran.code, ran.err) == (
        0,
        '10 types imported; 2 reasons to write, where "?" stands; of which the layout '
        "can't be stated: `long_double`\n",
    )
    held("c.vm.yaml", ran.out)


def test_a_program_of_rust(folder: Path) -> None:
    ran = vmgen(
        "import", "dwarf", "rust.o", "--type=*::vm::[TH]*", "--type=Calls", cwd=folder
    )
    assert ran.code == 0, ran.err
    held("rust.vm.yaml", ran.out)


def test_what_is_imported_is_what_the_binary_has(folder: Path) -> None:
    for binary, patterns in (
        ("sample.o", ["point_t", "table", "state_t", "color", "number"]),
        ("rust.o", ["Task", "Holder", "Calls"]),
    ):
        types = [f"--type={pattern}" for pattern in patterns]
        made = imported(folder, "dwarf", binary, *types, "-o", "x.vm.yaml", "--force")
        assert made.startswith("0: "), made
        checked = vmgen("check", "x.vm.yaml", cwd=folder)
        assert (checked.code, checked.out) == (0, "no findings in 1 schema\n")
        ran = vmgen("verify", "x.vm.yaml", "--binary", binary, cwd=folder)
        assert ran.code == 0, ran.out
        assert "error" not in ran.out


def test_binaries_of_two_targets_make_one_schema(folder: Path) -> None:
    words = ("dwarf", "sample.o", "sample32.o", "--type=node", "-o", "two.vm.yaml")
    assert imported(folder, *words).startswith("0: ")
    text = (folder / "two.vm.yaml").read_text(encoding="utf-8")
    assert "targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]" in text
    assert "count: c_long\n" in text
    assert "expect_size: {64: " in text


class TestWhereItIsWritten:
    def test_nothing_is_written_over(self, folder: Path) -> None:
        there = folder / "there.vm.yaml"
        there.write_text("mine", encoding="utf-8")
        words = ("dwarf", "sample.o", "--type=table", "-o", "there.vm.yaml")
        assert imported(folder, *words) == (
            "2: vmgen: there.vm.yaml is there already; --force writes over it\n"
        )
        assert there.read_text(encoding="utf-8") == "mine"
        assert imported(folder, *words, "--force") == "0: 1 type imported\n"
        assert there.read_text(encoding="utf-8").startswith("# Made by vmgen import ")

    def test_a_name_that_no_schema_has(self, folder: Path) -> None:
        assert imported(
            folder, "dwarf", "sample.o", "--type=table", "-o", "x.yaml"
        ) == ("2: vmgen: x.yaml: a schema's name ends in .vm.yaml\n")

    def test_a_module_is_called_after_its_schema(self, folder: Path) -> None:
        for out, name in (("my-engine", "my_engine"), ("mod", "mod_records")):
            words = ("dwarf", "sample.o", "--type=table", "-o", f"{out}.vm.yaml")
            assert imported(folder, *words).startswith("0: ")
            text = (folder / f"{out}.vm.yaml").read_text(encoding="utf-8")
            assert f"\nmodule: {name}\n" in text

    def test_a_name_for_the_module(self, folder: Path) -> None:
        words = ("dwarf", "sample.o", "--type=table", "--module")
        assert "\nmodule: mine\n" in imported(folder, *words, "mine")
        assert imported(folder, *words, "mod") == (
            "2: vmgen: `mod` can't name a module: it is a keyword of Rust\n"
        )


class TestWhatCantBeImported:
    def test_a_name_that_no_type_has(self, folder: Path) -> None:
        words = ("dwarf", "sample.o", "--type=nodes", "--type=table", "--type=zz*")
        assert imported(folder, *words) == (
            "2: vmgen: sample.o: no type in it is called `nodes` or `zz*`\n"
        )

    def test_no_type_is_named(self, folder: Path) -> None:
        assert imported(folder, "dwarf", "sample.o") == (
            "2: vmgen: name the types to import by --type, as --type 'VM*'\n"
        )

    def test_a_target_that_it_isn_t_for(self, folder: Path) -> None:
        words = ("dwarf", "sample.o", "--type=table", "--target")
        assert imported(folder, *words, "s390x-unknown-linux-gnu") == (
            "2: vmgen: sample.o: it wasn't made for s390x-unknown-linux-gnu, but for "
            "x86_64 (64 bits, little endian)\n"
        )
        assert imported(folder, *words, "s390x-unknown-linux-gun").startswith(
            "2: vmgen: unknown target `s390x-unknown-linux-gun`, did you mean "
        )

    def test_a_file_that_isn_t_there(self, folder: Path) -> None:
        assert imported(folder, "dwarf", "gone", "--type=x") == (
            "2: vmgen: gone: no such file or directory\n"
        )

    def test_no_debug_information(self, folder: Path) -> None:
        compiled([need("strip"), "-g", "sample.o", "-o", "stripped.o"], folder)
        assert imported(folder, "dwarf", "stripped.o", "--type=node") == (
            "2: vmgen: stripped.o: it has no debug information\n"
        )

    def test_two_targets_that_no_schema_can_have_both(self, folder: Path) -> None:
        (folder / "other.c").write_text(
            "struct table { short start; } table;\n", encoding="utf-8"
        )
        compiled([need("gcc"), "-g", "-c", "other.c", "-o", "other.o"], folder)
        words = ("dwarf", "sample.o", "other.o", "--type=table")
        assert imported(folder, *words) == (
            "2: vmgen: sample.o, other.o: `table` is of the kind functions in one "
            "file and struct in another\n"
        )


def test_it_says_which_packages_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vmgen.cli.packages.find_spec", lambda name: None)
    assert imported(tmp_path, "dwarf", "x", "--type=y") == (
        "2: vmgen: import dwarf reads with packages that aren't installed "
        "(pyelftools, lief, zstandard); install them with pip install 'vmgen[binaries]'\n"
    )
