"""The releases of Wasmtime that the schema is held against, and their programs.

One program asks Wasmtime's own offset code (`wasmtime_environ/src/main.rs` lists the
questions). It is built with the `wasmtime-environ` of each release here, by a lock
file of its own.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.oracle.cargo_oracle import CargoOracle, build_package
from tests.support import ROOT, proving

RELEASES = (
    "42.0.2",
    "43.0.2",
    "44.0.3",
    "45.0.3",
    "46.0.3",
    "47.0.4",
    "48.0.5",
    "48.0.6",
    "48.0.8",
    "49.0.2",
    "49.0.5",
    "50.0.1",
)
"""The newest patch of every series, and both sides of a change inside of one."""

BUILT = RELEASES if proving() else ("42.0.2", "48.0.6", "50.0.1")
"""Those that a run of the tests builds; the others are compared by the table."""

SOURCE = Path(__file__).parent / "wasmtime_environ"


def series(release: str) -> int:
    """The first number of a release: Wasmtime has no minor ones."""
    return int(release.split(".")[0])


def dependency(release: str) -> str:
    """What the program's manifest says of Wasmtime.

    `compile` holds the module translator, which decides what the counts of a module
    are. The collectors' features make the constants of their headers public.
    """
    collectors = ["gc-drc", "gc-null"] + ["gc-copying"] * (series(release) >= 45)
    features = ", ".join(f'"{f}"' for f in ["compile", "component-model", *collectors])
    version = f'version = "={release}"'
    return f"\n[dependencies]\nwasmtime-environ = {{ {version}, features = [{features}] }}\n"


def program_name(release: str) -> str:
    """Another one for each release, as they share a folder; a crate has no dots."""
    return f"wasmtime-environ-{release.replace('.', '-')}"


def manifest(release: str) -> str:
    """The package's Cargo.toml: the one in the repository, and what it leaves open.

    The package has the release's version: cargo would take packages of one name and
    version for the same, wherever they are.
    """
    common = (SOURCE / "Cargo.toml").read_text(encoding="utf-8")
    before, version, after = common.partition('version = "0.0.0"')
    assert version, "the manifest has a version to replace"
    program = f'\n[[bin]]\nname = "{program_name(release)}"\npath = "src/main.rs"\n'
    return f'{before}version = "{release}"{after}{program}{dependency(release)}'


def package(release: str) -> Path:
    """The program's package for a release, below build/, and its lock file in it."""
    folder = ROOT / "build" / "oracle" / "wasmtime_environ" / release
    for source in [*SOURCE.glob("src/**/*.rs"), SOURCE / "build.rs"]:
        put(folder / source.relative_to(SOURCE), source.read_bytes())
    put(folder / "Cargo.toml", manifest(release).encode())
    lock = SOURCE / "locks" / f"{release}.lock"
    if lock.exists():
        put(folder / "Cargo.lock", lock.read_bytes())
    return folder


def put(path: Path, content: bytes) -> None:
    """Writes a file if it is another; cargo goes by the time of the last change."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def oracle(release: str) -> CargoOracle:
    """The program built with a release; skips loudly where that can't be.

    Wasmtime 49 and 50 ask for a newer compiler than they need.
    """
    return build_package(
        package(release),
        program_name(release),
        f"WASMTIME {release}",
        ROOT / "build" / "oracle" / "wasmtime_environ" / "target",
        options=["--ignore-rust-version"],
    )
