"""The program with generated code, built with Cranelift below build/.

There is one program for both sorts of versions: `closed` with 0.129, `regions` with 0.135.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cranelift.cases import cases
from tests.random.crowd import Walk
from tests.random.strategies import schemas
from tests.rust.crates import module_at, texts_of
from tests.support import ROOT, need, proving
from vmgen.languages.rust.cranelift_versions import VERSIONS as KNOWN
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from vmgen.schema.model import Module

HERE = Path(__file__).parent
FOLDER = ROOT / "build" / "cranelift"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", FOLDER / "target"))

VERSIONS = {"closed": "0.129", "regions": "0.135"}

CONDITIONS = tuple(HERE / f"{name}.vm.yaml" for name in ("frames", "calls"))
"""The schemas of the program that has its own index types."""

OWN = tuple(HERE / f"{name}.vm.yaml" for name in ("jit", "narrow", "common", "user"))

JUDGED = (
    HERE / "jit.vm.yaml",
    HERE / "user.vm.yaml",
    ROOT / "schemas" / "wasmtime.vm.yaml@42.0.2",
    ROOT / "tests" / "schemas" / "good" / "torture.vm.yaml",
)
"""The schemas whose every value is loaded and stored."""

RANDOM = 60 if proving() else 8
"""How many random schemas there are beside them."""

UNTRUE = (
    "limit: UnsafeCell<usize>",
    "limit: {type: usize, access: [readonly, can_move]}",
)
"""What the schema says of a field, and what isn't so."""


def wrong(folder: Path) -> Module:
    """The schema with a promise that nobody keeps."""
    text = OWN[0].read_text(encoding="utf-8").replace("module: jit", "module: wrong")
    assert text.count(UNTRUE[0]) == 1
    path = folder / "wrong.vm.yaml"
    path.write_text(text.replace(*UNTRUE), encoding="utf-8")
    return module_at(path)


LOCKS = HERE / "locks"
OTHERS = [version for version in KNOWN if version not in VERSIONS.values()]
"""Versions that are tried by a proof alone, each with a lock file of its own, which
`python -m tests.cranelift.project` renews."""


def alone(version: str) -> Path:
    """The program with one of the other versions."""
    project = write_alone(version)
    lock = (LOCKS / f"{version}.lock").read_text(encoding="utf-8")
    _put(project / "Cargo.lock", lock)
    words = ("--quiet", "--locked", "--ignore-rust-version")
    target = FOLDER / "versions" / "target"
    built = cargo(project, "build", *words, CARGO_TARGET_DIR=str(target))
    assert (built.returncode, built.stderr) == (0, "")
    # The next version has a program of the same name.
    made = project / KNOWN[version]
    return Path(shutil.copy(target / "debug" / made.name, made / "program"))


def write_alone(version: str) -> Path:
    """Its package, in a workspace of its own."""
    sort = KNOWN[version]
    project = write(FOLDER / "versions" / version)
    manifest = project / sort / "Cargo.toml"
    text = manifest.read_text(encoding="utf-8")
    _put(manifest, re.sub(r'"=0\.\d+\.\d+"', f'"{version}"', text))
    common = (HERE / "Cargo.toml").read_text(encoding="utf-8")
    _put(
        project / "Cargo.toml", re.sub("members = .*", f'members = ["{sort}"]', common)
    )
    for path, made in bindings(*modules_of(project), version).items():
        _put(project / sort / "src" / path, made)
    return project


@cache
def program(sort: str) -> Path:
    """The program with one of the two versions, built once however many ask."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        project = write(FOLDER / "project")
        packages = [word for sort in VERSIONS for word in ("-p", f"cranelift-{sort}")]
        built = cargo(project, "build", "--quiet", "--locked", *packages)
        assert (built.returncode, built.stderr) == (0, "")
    return TARGET / "debug" / sort


def mistakes() -> list[str]:
    """What rustc says of a program that uses handles as they aren't to be."""
    program("regions")
    with (FOLDER / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        words = ("--message-format", "short", "-p", "cranelift-mistakes")
        built = cargo(FOLDER / "project", "build", "--quiet", "--locked", *words)
    assert built.returncode != 0
    return built.stderr.splitlines()


def under(*features: str) -> str:
    """What a program prints whose index types are its own and, some of them, under these
    conditions: it is built without a warning, and with the Cranelift that is there."""
    program("regions")
    with (FOLDER / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        words = ["--features", " ".join(features)] if features else []
        asked = ("--quiet", "--locked", "-p", "cranelift-conditions", *words)
        built = cargo(FOLDER / "project", "run", *asked)
    assert (built.returncode, built.stderr) == (0, "")
    return built.stdout


HOST = "x86_64-unknown-linux-gnu"


def crowd(folder: Path, number: int, start: int = 1) -> list[Module]:
    """Modules of random schemas that have this machine among their targets."""
    # Accesses of contexts leave out what is not VmSafe, as what others own may be.
    walk = Walk(schemas(allowed=True, theirs=False), 2 * number, start)
    folder.mkdir(parents=True, exist_ok=True)
    members = [m for m in walk.gather(folder).members if HOST in m.targets]
    assert len(members) >= number
    return [member.module for member in members[:number]]


def write(project: Path) -> Path:
    """The packages with what is generated for them."""
    for name in ("Cargo.toml", "Cargo.lock"):
        _put(project / name, (HERE / name).read_text(encoding="utf-8"))
    for source in (HERE / "program").iterdir():
        _put(project / "program" / source.name, source.read_text(encoding="utf-8"))
    for package in (*VERSIONS, "conditions", "mistakes"):
        for name in ("Cargo.toml", "src/main.rs"):
            text = (HERE / package / name).read_text(encoding="utf-8")
            _put(project / package / name, text)
    modules, judged = modules_of(project)
    for sort, version in VERSIONS.items():
        for path, text in bindings(modules, judged, version).items():
            _put(project / sort / "src" / path, text)
    options = {
        "types-out": "bindings",
        "offsets-out": "bindings",
        "cranelift": VERSIONS["regions"],
        "indices": "crate::numbers",
        "index-method": "crate::numbers::Numbered::index",
    }
    for path, text in texts_of(map(module_at, CONDITIONS), **options).items():
        if path.startswith("bindings"):
            _put(project / "conditions" / "src" / path, text)
    return project


def modules_of(project: Path) -> tuple[list[Module], list[Module]]:
    """What is generated for a program, and of it the modules with values to go through."""
    own = [*map(module_at, dict.fromkeys((*OWN, *JUDGED))), wrong(project)]
    random = crowd(project / "random", RANDOM)
    judged = [*(module_at(path) for path in JUDGED), *random]
    return [*own, *random], judged


def bindings(
    modules: list[Module], judged: list[Module], version: str
) -> dict[str, str]:
    """The files of the module `bindings`, and in it `CASES` with what goes through all
    values of a module."""
    folder = "bindings"
    options = {"types-out": folder, "offsets-out": folder, "cranelift": version}
    texts = texts_of(modules, **options)
    listed = ""
    for module in judged:
        name = module.name
        texts[f"{folder}/{name}_cases.rs"] = cases(Layouts(module).called("rust"))
        texts[
            f"{folder}/{name}.rs"
        ] += f'\n#[path = "{name}_cases.rs"]\npub mod cases;\n'
        listed += f'    ("{name}", {name}::cases::run),\n'
    # It has no target like this machine, which the types ask for.
    listing = texts[f"{folder}/mod.rs"]
    assert "pub mod narrow;\n" in listing
    texts[f"{folder}/mod.rs"] = listing.replace("pub mod narrow;", "const _: () = ();")
    runs = "fn(&mut crate::program::values::Test)"
    texts[
        f"{folder}/mod.rs"
    ] += f"\npub const CASES: &[(&str, {runs})] = &[\n{listed}];\n"
    return {path: text for path, text in texts.items() if path.startswith(folder)}


def cargo(
    folder: Path, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Cargo, into a folder that is kept between runs."""
    settings = {"CARGO_TARGET_DIR": str(TARGET), "CARGO_INCREMENTAL": "0"}
    return subprocess.run(
        [need("cargo"), *words],
        cwd=folder,
        env={**os.environ, **settings, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def said(sort: str, question: str) -> str:
    """What the program says to a question; it fails where something is wrong."""
    return answer(program(sort), question)


def answer(program: Path, question: str) -> str:
    """The same of a program."""
    done = subprocess.run(
        [program, question], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


def _put(path: Path, text: str) -> None:
    """Write a file, but leave one alone that has that text: cargo goes by times."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for version in OTHERS:
        project = write_alone(version)
        (project / "Cargo.lock").unlink()
        made = cargo(project, "generate-lockfile", "--ignore-rust-version")
        assert made.returncode == 0, made.stderr
        shutil.copy(project / "Cargo.lock", LOCKS / f"{version}.lock")
