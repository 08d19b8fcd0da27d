"""Target specifications, by which rustc compiles for a target that it doesn't know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.targets.data_model import DataModel

_NEIGHBOURS = {
    16: ("msp430", "msp430-none-elf"),
    32: ("x86", "i686-unknown-none"),
    64: ("x86_64", "x86_64-unknown-none"),
}
"""A processor that rustc knows, with pointers of that width."""


def specification(model: DataModel, folder: Path) -> Path:
    """Write the specification of a data model; rustc takes its path as a target.

    Nothing in it is of the layout engine's making: it is LLVM's way of saying what a
    schema says under `data_models`.
    """
    bits = model.pointer_width
    arch, llvm = _NEIGHBOURS[bits]
    aligns = {
        f"p:{bits}": model.align_pointer,
        **{f"i{n}": model.align_of_int(n) for n in (16, 32, 64, 128)},
        **{f"f{n}": model.align_of_float(n) for n in (32, 64)},
    }
    order = "e" if model.endian == "little" else "E"
    words = [order, *(f"{name}:{8 * a}" for name, a in aligns.items())]
    path = folder / f"{model.name}.json"
    text = json.dumps(
        {
            "arch": arch,
            "llvm-target": llvm,
            "data-layout": "-".join(words),
            "target-endian": model.endian,
            "target-pointer-width": bits,
            "max-atomic-width": max(model.atomics, default=0),
            "atomic-cas": bool(model.cas),
            "os": "none",
            "panic-strategy": "abort",
        }
    )
    path.write_text(text, encoding="utf-8")
    return path
