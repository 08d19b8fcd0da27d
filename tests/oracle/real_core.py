"""The generated crate, judged by rustc on targets that no library is installed for.

`core` is compiled from the compiler's own sources, as far as its metadata: that takes
neither a back end nor a linker, so any target will do, and so will one that only a
target specification describes. The component ``rust-src`` has the sources.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support import Ran

# Code without `std` is linked to this crate too; there is nothing to link here.
COMPILER_BUILTINS = """\
#![feature(compiler_builtins, no_core)]
#![allow(internal_features)]
#![compiler_builtins]
#![no_core]
"""


@dataclass(frozen=True, slots=True)
class Compiler:
    """A rustc whose sources of `core` are there. `command` starts it."""

    command: tuple[str, ...]
    library: Path

    def core(self, target: str, folder: Path) -> None:
        """Compile `core` for a target, by its triple or the path of a JSON file."""
        self._run(target, folder, "core", self.library / "core" / "src" / "lib.rs")
        stub = folder / "compiler_builtins.rs"
        stub.write_text(COMPILER_BUILTINS, encoding="utf-8")
        self._run(target, folder, "compiler_builtins", stub)

    def judge(
        self, crate: Path, target: str, folder: Path, name: str = "bindings"
    ) -> Ran:
        """Compile a crate, by its root file, against the `core` in a folder.

        Every assertion in it is evaluated.
        """
        return self._rustc(target, folder, name, "2021", crate)

    def _run(self, target: str, folder: Path, name: str, root: Path) -> None:
        flags = ["-Cpanic=abort", "-Zforce-unstable-if-unmarked", "--cap-lints=allow"]
        done = self._rustc(target, folder, name, "2024", root, *flags)
        assert done.code == 0, done.err

    def _rustc(
        self,
        target: str,
        folder: Path,
        name: str,
        edition: str,
        root: Path,
        *flags: str,
    ) -> Ran:
        arguments = ["--crate-type=rlib", "--emit=metadata", "-Zunstable-options"]
        arguments += [f"--crate-name={name}", f"--edition={edition}"]
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
            return Compiler(command, library)
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
