"""The crates that are generated for the oracles' schemas, for every target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.agreement.bindings import write_bindings
from tests.oracle.schemas import SCHEMAS, load
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from tests.oracle.real_core import Compiler

CRATES = {Path(s).name.split(".")[0]: s for s in (*SCHEMAS, "schemas/wasmer.vm.yaml")}

REPRESENTATIVES = tuple(
    {t.model: t.triple for t in reversed(list(TARGETS.values()))}.values()
)[::-1]
"""The first target of each data model."""


def lacks_atomics(triple: str) -> bool:
    """Whether core has no AtomicUsize there, which Wasmtime's records are made of."""
    target = TARGETS[triple]
    return target.pointer_width not in target.model.atomics


def write(folder: Path) -> None:
    """Make a crate of each schema, in a folder of its name."""
    for name, schema in CRATES.items():
        write_bindings(folder / name, [load(schema)], ["rust"])


def judge(rustc: Compiler, crates: Path, triple: str, folder: Path) -> dict[str, str]:
    """What rustc says against the crates that `write` made, by the schema's name.

    `core` is compiled for the target into a folder, and takes some seconds.
    """
    rustc.core(triple, folder)
    said = {}
    for name in CRATES:
        root = crates / name / "rust" / "src" / "lib.rs"
        done = rustc.judge(root, triple, folder)
        if done.code:
            said[name] = done.err
    return said
