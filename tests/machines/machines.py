"""Machines that the tests can run C on, this one and emulated ones."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HOST = "x86_64-unknown-linux-gnu"


@dataclass(frozen=True, slots=True)
class Machine:
    """A target with a C compiler for it and, unless the host's processor runs its
    programs, an emulator. `rust` says that rustc's library for it comes with rustup;
    for the others `core` is compiled."""

    triple: str
    compiler: str
    emulator: str = ""
    rust: bool = False
    flags: tuple[str, ...] = ()

    def lacks(self) -> str | None:
        """The tool that is missing here, if one is."""
        for tool in (self.compiler, self.emulator):
            if tool and shutil.which(tool) is None:
                return f"{tool} is not installed"
        return None

    def compile(self, output: Path, include: Path, *inputs: Path) -> None:
        """Make a static program of C sources and archives, warnings denied."""
        flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O0"]
        flags += [*self.flags, "-static", "-I", str(include), "-o", str(output)]
        # powerpc has no atomics of 64 bits of its own.
        needs = ["-Wl,--gc-sections", "-lgcc_eh", "-lpthread", "-lm", "-latomic"]
        command = [self.compiler, *flags, *map(str, inputs), *needs]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        # The linker has warnings of its own about what Rust's library could call.
        assert done.returncode == 0, done.stderr

    def run(self, program: Path, argument: str, given: bytes) -> bytes:
        """What the program writes to stdout, with one argument and this stdin."""
        emulator = [self.emulator] if self.emulator else []
        done = subprocess.run(
            [*emulator, str(program), argument],
            input=given,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b""), done.stderr
        return done.stdout


MACHINES = {
    machine.triple: machine
    for machine in (
        Machine(HOST, "gcc", rust=True),
        Machine("i686-unknown-linux-gnu", "i686-linux-gnu-gcc", rust=True),
        Machine(
            "armv7-unknown-linux-gnueabihf",
            "arm-linux-gnueabihf-gcc",
            "qemu-arm-static",
        ),
        Machine(
            "powerpc-unknown-linux-gnu", "powerpc-linux-gnu-gcc", "qemu-ppc-static"
        ),
        Machine("s390x-unknown-linux-gnu", "s390x-linux-gnu-gcc", "qemu-s390x-static"),
    )
}
"""By triple: both byte orders, both pointer widths, and both alignments of `u64`."""

WASM32 = Machine("wasm32-unknown-unknown", compiler="", rust=True)
"""Without a C compiler; Wasmtime runs what Rust makes for it."""
