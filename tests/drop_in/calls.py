"""By which calls of vmgen's names Wasmtime's callers get what its own accessors gave."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.drop_in.cargo import HERE
from tests.drop_in.items import methods

FILES = {
    "PtrSize": "src/vmoffsets.rs",
    "VMOffsets": "src/vmoffsets.rs",
    "VMComponentOffsets": "src/component/vmcomponent_offsets.rs",
}
"""Where each type with accessors is declared, in wasmtime-environ."""


@dataclass(frozen=True, slots=True)
class Accessor:
    """A method of Wasmtime's: whose it is, its index's type if it takes one, and the call
    that takes its place, in which ``{}`` is the index."""

    owner: str
    name: str
    index: str
    becomes: str

    @property
    def stays(self) -> bool:
        """Whether callers need not change."""
        return self.becomes == f"{self.name}()"


def accessors(environ: Path) -> list[Accessor]:
    """All accessors of the published crate. Raises KeyError for one without a rule."""
    table = _table()
    found = []
    for owner, file in FILES.items():
        for name, _, *index in methods(environ / file, owner):
            becomes = _becomes(name, owner, table)
            found.append(Accessor(owner, name, "".join(index), becomes))
    return found


def rules(found: list[Accessor]) -> str:
    """The rules for the program that renames calls."""
    receivers = _table()["receivers"]
    lines: dict[str, str] = {}
    for accessor in found:
        if not accessor.stays:
            name = accessor.name
            on = receivers.get(name) or receivers.get(accessor.owner)
            called = f"{on}.{name}" if on else name
            # What two types have by the same name has the same place in both.
            lines.setdefault(name, f"{called} {accessor.becomes}\n")
    return "".join(lines.values())


def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads((HERE / "calls.toml").read_text("utf-8"))


def _becomes(name: str, owner: str, table: dict[str, dict[str, str]]) -> str:
    for rules in (table["kept"], table[owner]):
        if name in rules:
            return rules[name]
    records = "records()" if owner == "PtrSize" else "ptr.records()"
    for prefix, record in table["records"].items():
        if name == f"size_of_{prefix}":
            return f"{records}.size_of_{record}()"
        part = name.removeprefix(f"{prefix}_")
        if part != name:
            return f"{records}.{record}().{part}()"
    raise KeyError(f"calls.toml has no rule for {owner}::{name}")
