"""The generated crate, on targets that no library of rustc is installed for.

`core` is compiled from the compiler's own sources, which the component ``rust-src``
has. As far as metadata that takes neither a back end nor a linker, so any target will
do, and so will one that only a target specification describes; it is enough to have
every assertion of a crate evaluated. With code it takes a back end of LLVM.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scripts.rustc_targets import alignments
from tests.support import ROOT, Ran
from vmgen.targets.find import TARGETS

# Code without `std` is linked to this crate too. What it should have, functions that
# instructions are missing for, is the C compiler's.
COMPILER_BUILTINS = """\
#![feature(compiler_builtins, no_core)]
#![allow(internal_features)]
#![compiler_builtins]
#![no_core]
"""
PANIC_HANDLER = """
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
"""
CACHE = ROOT / "build" / "core"


@dataclass(frozen=True, slots=True)
class Compiler:
    """A rustc whose sources of `core` are there. `command` starts it, and `version`
    tells it from others. Targets are triples or paths of specifications."""

    command: tuple[str, ...]
    version: str
    library: Path

    def installed(self, target: str) -> bool:
        """Whether it has a library for that triple, which another `core` would be
        mistaken for."""
        rustlib = self.library.parents[2]
        return (rustlib / target / "lib").is_dir()

    def has_the_tables_model(self, triple: str) -> bool:
        """Whether it aligns everything on a target as the table of targets says, which
        is of one version of rustc. Another version may have mended a target."""
        printed = subprocess.run(
            [*self.command, "-Zunstable-options", "--print=target-spec-json",
             f"--target={triple}"],
            env={**os.environ, "RUSTC_BOOTSTRAP": "1"},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        if printed.returncode:
            return False
        found = alignments(json.loads(printed.stdout)["data-layout"])
        model = TARGETS[triple].model
        return all(found[name] == getattr(model, f"align_{name}") for name in found)

    def core(self, target: str, folder: Path, emit: str = "metadata") -> None:
        """Compile `core` for a target into a folder."""
        stub = folder / "compiler_builtins.rs"
        stub.write_text(COMPILER_BUILTINS, encoding="utf-8")
        core = self.library / "core" / "src" / "lib.rs"
        for name, root in (("core", core), ("compiler_builtins", stub)):
            flags = ["-Zforce-unstable-if-unmarked", "--cap-lints=allow"]
            flags += [f"--emit={emit}", "--crate-type=rlib", "--edition=2024"]
            done = self._rustc(target, folder, name, root, flags)
            assert done.code == 0, done.err

    def judge(
        self, crate: Path, target: str, folder: Path, name: str = "bindings"
    ) -> Ran:
        """Compile a crate, by its root file, against what is in a folder.

        All its assertions are evaluated; no code is made.
        """
        flags = ["--emit=metadata", "--crate-type=rlib", "--edition=2021"]
        # On AIX newer versions tell that C aligns doubles otherwise; headers refuse it.
        flags += ["-Aunknown-lints", "-Auses-power-alignment"]
        return self._rustc(target, folder, name, crate, flags)

    def archive(self, crate: Path, source: str, target: str, folder: Path) -> Path:
        """Compile a crate and a library that uses it as `bindings`, with code.

        The source is one that std would do for, but that needs only core.
        """
        flags = ["--emit=link", "--crate-type=rlib", "--edition=2021"]
        core = [f"-L{self.cached_core(target)}"]
        built = self._rustc(target, folder, "bindings", crate, [*flags, *core])
        assert built == Ran(0, "", ""), built.err
        root = folder / "records.rs"
        root.write_text(f"#![no_std]\n{source}{PANIC_HANDLER}", encoding="utf-8")
        flags = ["--emit=link", "--crate-type=staticlib", "--edition=2021"]
        flags += ["--extern=bindings", *core]
        built = self._rustc(target, folder, "records", root, flags)
        assert built == Ran(0, "", ""), built.err
        return folder / "librecords.a"

    def cached_core(self, target: str) -> Path:
        """A folder with `core` for a triple, with code; the first call compiles it."""
        made = CACHE / self.version / target
        if not made.exists():
            made.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=made.parent) as folder:
                self.core(target, Path(folder), emit="link")
                try:
                    Path(folder).rename(made)
                except OSError:
                    assert made.exists(), "another process has just made it"
                else:
                    Path(folder).mkdir()
        return made

    def _rustc(
        self, target: str, folder: Path, name: str, root: Path, flags: Sequence[str]
    ) -> Ran:
        arguments = ["-Zunstable-options", "-Cpanic=abort", f"--crate-name={name}"]
        arguments += [f"--target={target}", f"-L{folder}", f"--out-dir={folder}"]
        done = subprocess.run(
            [*self.command, str(root), *arguments, *flags],
            env={**os.environ, "RUSTC_BOOTSTRAP": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


@cache
def compiler() -> Compiler | None:
    """The first toolchain that has the sources: the default one, or any of rustup's."""
    for command in [("rustc",), *_toolchains()]:
        sysroot = _printed(*command, "--print", "sysroot")
        library = Path(sysroot, "lib", "rustlib", "src", "rust", "library")
        if sysroot and (library / "core" / "src" / "lib.rs").is_file():
            version = _printed(*command, "--version").split(" ", 1)[1]
            named = version.replace(" ", "-").strip("()").replace("(", "")
            return Compiler(command, named, library)
    return None


def _toolchains() -> list[tuple[str, str]]:
    listed = _printed("rustup", "toolchain", "list").splitlines()
    return [("rustc", f"+{line.split()[0]}") for line in listed if line.strip()]


def _printed(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
