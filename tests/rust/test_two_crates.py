"""Types and offsets in two crates of a project, instead of in a generated one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rust.crates import run
from tests.support import need, vmgen, write_schema

SCHEMA = """\
vmgen: 1
module: shapes
constants:
  LIMIT: {type: usize, value: 8}
types:
  Point:
    kind: struct
    fields:
      x: u32
      next: Option<VmPtr<Point>>
  Hidden: {kind: foreign, size: 4, align: 4}
  Sort: {kind: enum, tag: u32, variants: {A: 0, B: 1}}
  Plane:
    kind: context
    counts: [num_points]
    fields: {hidden: Hidden, sort: Sort}
    regions: {points: "[Point; num_points]"}
"""
CONFIG = """\
[tool.vmgen]
schemas = ["*.vm.yaml"]
languages = ["rust"]

[tool.vmgen.rust]
"""
TWO = """\
types-out = "runtime/src/vm"
offsets-out = "compiler/src/vm"
offsets = "compiler::vm"
"""
FILES = [
    "compiler/src/vm/mod.rs",
    "compiler/src/vm/shapes_offsets.rs",
    "runtime/src/vm/mod.rs",
    "runtime/src/vm/shapes.rs",
    "runtime/src/vm/vmptr.rs",
]


def project(folder: Path, options: str = TWO) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(CONFIG + options)
    write_schema(folder, SCHEMA, "shapes.vm.yaml")
    return folder


def rust_files(folder: Path) -> list[str]:
    found = [p.relative_to(folder).as_posix() for p in folder.rglob("*")]
    return sorted(p for p in found if p.endswith((".rs", "Cargo.toml")))


def build(folder: Path, *arguments: str) -> str:
    ran = vmgen("build", *arguments, cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def compiled(folder: Path, edition: str) -> str:
    """What rustc says of the two crates, warnings denied; nothing if all is well."""
    sources = {
        "compiler": "#![no_std]\npub mod vm;\n",
        "runtime": "#![no_std]\nmod vm;\npub use vm::shapes::Point;\n",
    }
    said = ""
    for name, text in sources.items():
        (folder / name / "src/lib.rs").write_text(text)
        kind = ["--crate-type", "lib", "--crate-name", name, "--emit=metadata"]
        known = ["--extern", "compiler=libcompiler.rmeta"] if name == "runtime" else []
        command = [need("rustc"), "--edition", edition, *kind, "-Dwarnings", *known]
        said += run([*command, f"{name}/src/lib.rs"], folder).err
    return said


@pytest.mark.parametrize("edition", ["2021", "2024"])
def test_two_crates_compile_and_the_types_are_held_against_the_offsets(
    tmp_path: Path, edition: str
) -> None:
    build(project(tmp_path))
    assert rust_files(tmp_path) == FILES
    assert compiled(tmp_path, edition) == ""
    offsets = tmp_path / "compiler/src/vm/shapes_offsets.rs"
    text = offsets.read_text()
    # So that the crate of the offsets has a digit for the runtime to be held against.
    damaged = text.replace("found == super::FILE_FINGERPRINT", "true")
    damaged = damaged.replace("        next: [8, ", "        next: [16, ")
    assert damaged.count("[16, ") == text.count("[16, ") + 1
    offsets.write_text(damaged)
    assert (
        "the offset of Point.next is 8 here, and 16 according to shapes.vm.yaml"
        in compiled(tmp_path, edition)
    )


def test_an_own_runtime_leaves_out_that_of_the_bindings(tmp_path: Path) -> None:
    build(project(tmp_path, TWO + 'runtime = "crate::own"\n'))
    assert rust_files(tmp_path) == FILES[:-1]
    text = (tmp_path / "runtime/src/vm/shapes.rs").read_text()
    assert "use crate::own::{VmPtr, VmSafe};\n" in text


def test_types_and_offsets_may_share_a_folder(tmp_path: Path) -> None:
    options = 'types-out = "src/vm"\noffsets-out = "src/vm"\n'
    build(project(tmp_path, options))
    names = ["mod.rs", "shapes.rs", "shapes_offsets.rs", "vmptr.rs"]
    assert rust_files(tmp_path) == [f"src/vm/{name}" for name in names]
    (tmp_path / "src/lib.rs").write_text("#![no_std]\nmod vm;\n")
    rustc = [need("rustc"), "--edition", "2021", "--crate-type", "lib", "-Dwarnings"]
    assert run([*rustc, "--emit=metadata", "src/lib.rs"], tmp_path).err == ""


def test_the_offsets_alone_make_a_crate_without_a_runtime(tmp_path: Path) -> None:
    options = 'types-out = "runtime/src/vm"\noffsets = "vmgen_bindings"\n'
    build(project(tmp_path, options))
    crate = tmp_path / "generated/rust"
    names = [p.relative_to(crate).as_posix() for p in crate.rglob("*") if p.is_file()]
    assert sorted(names) == ["Cargo.toml", "src/lib.rs", "src/shapes_offsets.rs"]
    assert (crate / "src/lib.rs").read_text().splitlines()[3:] == [
        "//! Records that a runtime shares with the code it compiles.",
        "//!",
        "//! A module has the numbers of a schema for every target, without the types.",
        "",
        "#![no_std]",
        "",
        "/// Where everything of `shapes` is on every target, for a compiler.",
        "pub mod shapes_offsets;",
    ]
    rustc = [need("rustc"), "--edition", "2021", "--crate-type", "lib", "-Dwarnings"]
    assert run([*rustc, "--emit=metadata", "src/lib.rs"], crate).err == ""


def test_the_types_alone_make_a_crate_with_the_runtime(tmp_path: Path) -> None:
    options = 'offsets-out = "compiler/src/vm"\noffsets = "compiler::vm"\n'
    build(project(tmp_path, options))
    crate = tmp_path / "generated/rust"
    names = [p.relative_to(crate).as_posix() for p in crate.rglob("*") if p.is_file()]
    assert sorted(names) == [
        "Cargo.toml",
        "src/lib.rs",
        "src/shapes.rs",
        "src/vmptr.rs",
    ]
    assert "pub mod shapes_offsets" not in (crate / "src/lib.rs").read_text()


def test_check_looks_into_both_crates(tmp_path: Path) -> None:
    build(project(tmp_path))
    assert build(tmp_path, "--check") == "5 files, nothing to change\n"
    offsets = tmp_path / "compiler/src/vm/shapes_offsets.rs"
    offsets.write_text(offsets.read_text().replace("next: [8", "next: [9"))
    ran = vmgen("build", "--check", cwd=tmp_path)
    assert ran.code == 1
    assert "changed  compiler/src/vm/shapes_offsets.rs\n" in ran.out
    assert ran.out.endswith("1 of 5 files not current\nfix: vmgen build\n")


def test_a_module_that_is_renamed_takes_its_files_along_and_no_others(
    tmp_path: Path,
) -> None:
    build(project(tmp_path))
    own = tmp_path / "runtime/src/vm/own.rs"
    own.write_text("// Ours.\n")
    below = tmp_path / "runtime/src/vm/below"
    below.mkdir()
    copy = (tmp_path / "runtime/src/vm/shapes.rs").read_text()
    (below / "copy.rs").write_text(copy)
    write_schema(tmp_path, SCHEMA.replace("shapes", "forms"), "shapes.vm.yaml")
    assert build(tmp_path) == (
        "new      runtime/src/vm/forms.rs\n"
        "new      compiler/src/vm/forms_offsets.rs\n"
        "changed  runtime/src/vm/mod.rs\n"
        "changed  compiler/src/vm/mod.rs\n"
        "removed  runtime/src/vm/shapes.rs\n"
        "removed  compiler/src/vm/shapes_offsets.rs\n"
        "6 files changed, 1 as they were\n"
    )
    assert own.read_text() == "// Ours.\n"
    assert (below / "copy.rs").read_text() == copy


def test_a_schema_that_is_named_keeps_the_others_modules(tmp_path: Path) -> None:
    project(tmp_path)
    write_schema(tmp_path, "vmgen: 1\nmodule: other\n", "other.vm.yaml")
    build(tmp_path, "shapes.vm.yaml")
    build(tmp_path, "other.vm.yaml")
    for name in ("runtime", "compiler"):
        text = (tmp_path / name / "src/vm/mod.rs").read_text()
        suffix = "_offsets" if name == "compiler" else ""
        assert f"pub mod other{suffix};\n" in text
        assert f"pub mod shapes{suffix};\n" in text


def test_who_names_an_output_folder_leaves_the_project_alone(tmp_path: Path) -> None:
    build(project(tmp_path), "-o", "elsewhere")
    assert rust_files(tmp_path) == [f"elsewhere/{path}" for path in FILES]


def test_a_file_that_vmgen_did_not_make_stays(tmp_path: Path) -> None:
    own = project(tmp_path) / "compiler/src/vm/mod.rs"
    own.parent.mkdir(parents=True)
    own.write_text("mod mine;\n")
    ran = vmgen("build", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        f"vmgen: {own} is not a file that vmgen made; move it away, or choose another "
        "output folder\n",
    )
    assert rust_files(tmp_path) == ["compiler/src/vm/mod.rs"]
