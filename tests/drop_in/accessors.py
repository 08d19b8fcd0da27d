"""Every number that Wasmtime's own offset code gives, beside the generated one's."""

from __future__ import annotations

from dataclasses import dataclass

from tests.drop_in.calls import Accessor, accessors
from tests.drop_in.cargo import FOLDER, HERE, cargo
from tests.drop_in.trees import copy, published
from vmgen.text import snake_case

KNOWN = {"size_of_vmcontobj 4 12 8"}
"""Wasmtime's own slip: it takes the size of the host's usize for that of the target's."""

_TYPES = {
    "PtrSize": "impl {}::PtrSize",
    "VMOffsets": "{}::VMOffsets<u8>",
    "VMComponentOffsets": "{}::component::VMComponentOffsets<u8>",
}
_ELSEWHERE = {"region_sizes"}
"""Methods that the program calls by itself, as they give more than a number."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many methods were asked, how often, and the answers that differ."""

    methods: int
    answers: int
    different: set[str]


def compare() -> Compared:
    """Ask the published crate and the replaced one; needs the replaced tree."""
    folder = FOLDER / "accessors"
    copy(HERE / "accessors", folder)
    found = accessors(published()["wasmtime-environ"])
    functions = [_function(o, [a for a in found if a.owner == o]) for o in _TYPES]
    (folder / "src" / "calls.rs").write_text("\n".join(functions), encoding="utf-8")
    *different, answers = cargo(folder, "run", "--quiet").splitlines()
    return Compared(len(found), int(answers), set(different))


def faults(compared: Compared) -> list[str]:
    """Answers that differ and were not known to, and known ones that don't."""
    return [
        f"an accessor differs otherwise than known: {difference}"
        for difference in sorted(compared.different ^ KNOWN)
    ]


def _function(owner: str, methods: list[Accessor]) -> str:
    """Rust that asks for each accessor of a type."""
    old, new = (_TYPES[owner].format(side) for side in ("old", "new"))
    module = "component::" if owner == "VMComponentOffsets" else ""
    lines = [
        f"fn ask_{snake_case(owner)}(old: &{old}, new: &{new}, width: u8, indices: &[u32]) {{"
    ]
    for method in methods:
        name, index = method.name, method.index
        if name in _ELSEWHERE:
            continue
        if not index:
            lines.append(
                f"    plain!({name}, width, old.{name}(), new.{method.becomes});"
            )
            continue
        both = (f"<{side}::{module}{index}>::from_u32(i)" for side in ("old", "new"))
        then = f"old.{name}({next(both)}), new.{method.becomes.format(next(both))}"
        lines.append(f"    indexed!({name}, width, indices, i, {then});")
    return "\n".join([*lines, "}\n"])
