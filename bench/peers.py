"""Other tools on the same records: what each is called with, if it is installed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import records


@dataclass(frozen=True)
class Peer:
    """A tool: what it makes of what, and its command; `most` records it is asked for."""

    name: str
    what: str
    command: tuple[str, ...]
    most: int = 10_000


def prepare(folder: Path, count: int) -> None:
    """Write the records in every language that a peer reads."""
    (folder / "bench.h").write_text(records.as_c(count))
    (folder / "bench.rs").write_text(records.as_rust(count))
    (folder / "measured.rs").write_text(records.as_measured_rust(count))
    (folder / "bench.fbs").write_text(records.as_flatbuffers(count))


PEERS = Path(__file__).resolve().parent.parent / "build" / "peers" / "bin"


def _tool(name: str) -> str | None:
    ours = PEERS / name
    return str(ours) if ours.exists() else shutil.which(name)


def installed() -> tuple[list[Peer], list[str]]:
    """The peers that can be measured here, and the names of those that can't."""
    wanted: Sequence[tuple[str, str, str, tuple[str, ...], int]] = [
        ("flatc", "flatc --cpp --python --rust", "fbs -> three languages",
         ("--cpp", "--python", "--rust", "-o", "flat", "bench.fbs"), 10_000),
        ("bindgen", "bindgen", "C -> Rust, with layout tests",
         ("bench.h", "-o", "bindgen.rs"), 1_000),
        ("bindgen", "bindgen, bare", "C -> Rust, no tests, no rustfmt",
         ("bench.h", "--no-layout-tests", "--no-rustfmt-bindings", "-o", "bare.rs"), 10_000),
        ("cbindgen", "cbindgen", "Rust -> C",
         ("--lang", "c", "bench.rs", "-o", "cbindgen.h"), 10_000),
        ("ctypesgen", "ctypesgen", "C -> ctypes", ("bench.h", "-o", "ctypesgen.py"), 1_000),
        ("clang2py", "ctypeslib2", "C -> ctypes",
         ("bench.h", "-k", "s", "-o", "clang2py.py"), 1_000),
    ]  # fmt: skip
    found, missing = [], []
    for tool, name, what, arguments, most in wanted:
        path = _tool(tool)
        if path is None:
            missing.append(name)
        else:
            found.append(Peer(name, what, (path, *arguments), most))
    return found, missing
