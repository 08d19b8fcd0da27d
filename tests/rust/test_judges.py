"""rustc, clippy, rustfmt and rustdoc find nothing to say about generated crates."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import (
    EDITIONS,
    SCHEMAS,
    cargo,
    check,
    crate,
    module_at,
    need_component,
    need_target,
    run,
    set_edition,
)
from tests.support import ROOT, Ran, missing, need, vmgen
from vmgen.languages.rust.crate import RUST_VERSION

if TYPE_CHECKING:
    from pathlib import Path

CROSS = {
    "i686-unknown-linux-gnu": "64-bit integers are aligned to 4",
    "s390x-unknown-linux-gnu": "big-endian, 128-bit integers are aligned to 8",
    "riscv32imac-unknown-none-elf": "32 bits, no 64-bit atomics",
    "thumbv6m-none-eabi": "no atomic exchange at all",
    "wasm32-unknown-unknown": "32 bits, everything aligned to its size",
    "armv7-unknown-linux-gnueabihf": "32 bits, 128-bit integers are aligned to 8",
}
"""Targets on which something is different, with what."""

NOTHING = Ran(0, "", "")


@pytest.fixture(scope="module", params=EDITIONS)
def bindings(request: pytest.FixtureRequest, tmp_path_factory) -> tuple[Path, str]:
    """One crate of all the schemas, in each edition."""
    folder = tmp_path_factory.mktemp(f"edition{request.param}")
    crate(folder, *map(module_at, SCHEMAS.values()))
    set_edition(folder, request.param)
    return folder, request.param


def test_cargo_builds_it_without_a_warning(bindings: tuple[Path, str]) -> None:
    assert cargo(bindings[0], "build", RUSTFLAGS="-Dwarnings") == NOTHING


def test_clippy_finds_nothing(bindings: tuple[Path, str]) -> None:
    need_component("clippy")
    said = cargo(bindings[0], "clippy", "--all-targets", RUSTFLAGS="-Dwarnings")
    assert said == NOTHING


def test_clippy_finds_nothing_in_the_checked_in_crate_when_pedantic(
    tmp_path: Path,
) -> None:
    need_component("clippy")
    copy = tmp_path / "rust"
    shutil.copytree(ROOT / "generated" / "rust", copy)
    said = cargo(copy, "clippy", RUSTFLAGS="-Dwarnings -Dclippy::pedantic")
    assert said == NOTHING


def test_rustfmt_changes_nothing(bindings: tuple[Path, str]) -> None:
    folder, edition = bindings
    said = run([need("rustfmt"), "--check", "--edition", edition, "src/lib.rs"], folder)
    assert said == NOTHING


ALL = 'modules = "places for_each"\ndescriptor = "true"\ncranelift = "0.137"\n'
OWN = ALL + 'runtime = "crate::vm"\n'
OPTIONS = {
    "a crate": ALL + 'debuggers = "gdb"\n',
    "offsets for another crate": OWN + 'offsets = "x::y"\noffsets-out = "offsets"\n',
    "types elsewhere too": OWN
    + 'offsets = "x::y"\noffsets-out = "offsets"\ntypes-out = "types"\n',
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_rustfmt_changes_nothing_whatever_is_made(tmp_path: Path, options: str) -> None:
    text = (ROOT / "tests" / "golden" / "small.vm.yaml").read_text()
    for name in ("small", "also10", "also9"):
        (tmp_path / f"{name}.vm.yaml").write_text(
            text.replace("module: small", f"module: {name}")
        )
    (tmp_path / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["rust"]\nout = "out"\n'
        f'allow = {{declared-in-two-modules = "a copy"}}\n[tool.vmgen.rust]\n{options}'
    )
    assert vmgen("build", cwd=tmp_path).code == 0
    roots = [
        str(path.relative_to(tmp_path))
        for name in ("lib.rs", "mod.rs")
        for path in tmp_path.rglob(name)
    ]
    assert roots
    for edition in EDITIONS:
        command = [need("rustfmt"), "--check", "--edition", edition, *roots]
        assert run(command, tmp_path) == NOTHING


def test_rustdoc_finds_nothing(bindings: tuple[Path, str]) -> None:
    assert cargo(bindings[0], "doc", RUSTDOCFLAGS="-Dwarnings") == NOTHING


def test_the_oldest_rustc_that_the_manifest_names_accepts_it(tmp_path: Path) -> None:
    version = f"{RUST_VERSION}.0"
    need("rustc")
    if run(["rustc", f"+{version}", "--version"], tmp_path).code != 0:
        missing(
            f"rustc {version} is not installed (rustup toolchain install {version})"
        )
    folder = crate(tmp_path, *map(module_at, SCHEMAS.values()))
    assert check(folder, toolchain=version) == NOTHING


# No target depends on the edition: half of them are asked in each.
@pytest.mark.parametrize(
    ("bindings", "target"),
    [(EDITIONS[at % len(EDITIONS)], target) for at, target in enumerate(CROSS)],
    indirect=["bindings"],
)
def test_rustc_agrees_on_other_targets(bindings: tuple[Path, str], target: str) -> None:
    need_target(target)
    folder, edition = bindings
    assert check(folder, "--target", target, edition=edition) == NOTHING
