"""What the offset code of every release of Wasmtime says, in one checked-in table.

``python -m tests.oracle.release_numbers`` builds the program with each release and
writes the table. So the schema can be held against all of them where only a few are
built. A line is a name and what it is from a release on, ``-`` where it isn't::

    VMStoreContext.stack_limit/8 42.0.2:16 43.0.2:24

Behind the slash is the pointer's width in bytes, and the counts, those that aren't 0.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.oracle.cargo_oracle import CargoOracle
from tests.oracle.releases import RELEASES, SOURCE, oracle, package

TABLE = Path(__file__).parent / "wasmtime_environ" / "numbers.txt"

ABSENT = "-"

CORE = (
    {},
    {"num_escaped_funcs": 2},
    {"num_defined_tags": 1, "num_escaped_funcs": 1},
    {"num_defined_tags": 2, "num_escaped_funcs": 2},
    {"num_defined_tags": 3, "num_escaped_funcs": 1, "has_startup_func": 1},
    {"num_defined_tags": 1, "has_startup_func": 1, "num_runtime_data": 3},
    {"num_defined_tags": 2, "num_escaped_funcs": 1, "num_runtime_data": 2},
    {"num_imported_functions": 3, "num_defined_globals": 2, "num_escaped_funcs": 4},
    {
        "num_imported_memories": 2,
        "num_defined_memories": 3,
        "num_owned_memories": 2,
        "num_imported_functions": 5,
        "num_imported_tables": 1,
        "num_imported_globals": 3,
        "num_imported_tags": 1,
        "num_defined_tables": 2,
        "num_defined_globals": 3,
        "num_defined_tags": 3,
        "num_escaped_funcs": 4,
    },
)
"""Counts of a `VMContext`; what isn't named is 0."""

COMPONENT = (
    {},
    {"num_runtime_component_instances": 1, "num_trampolines": 1},
    {
        "num_runtime_component_instances": 3,
        "num_trampolines": 5,
        "num_unsafe_intrinsics": 2,
        "num_lowerings": 4,
        "num_runtime_memories": 2,
        "num_runtime_tables": 1,
        "num_runtime_reallocs": 2,
        "num_runtime_callbacks": 1,
        "num_runtime_post_returns": 2,
        "num_resources": 3,
    },
)
"""Counts of a `VMComponentContext`."""

CONTEXTS = {
    "core": ("VMContext", CORE),
    "component": ("VMComponentContext", COMPONENT),
}

Column = dict[str, str]


def pairs(answer: str) -> list[tuple[str, str]]:
    """The ``name=value`` words of an answer, in order; a name may come twice."""
    return [(n, v) for n, _, v in (word.partition("=") for word in answer.split())]


def question(
    kind: str, width: int, names: Iterable[str], counts: Mapping[str, int]
) -> str:
    """What the program is asked about a context."""
    return f"{kind} {width} {' '.join(str(counts.get(name, 0)) for name in names)}"


def column(program: CargoOracle) -> Column:
    """Everything that the table has of one release, asked of its program."""
    found: Column = {}

    def add(name: str, value: str) -> None:
        # A region that is one record or none has no number where it isn't there.
        if value != ABSENT:
            assert found.setdefault(name, value) == value, name

    for width in (8, 4):
        (answer,) = program.ask([f"records {width}"])
        for name, value in pairs(answer):
            add(f"{name}/{width}", value)
        for kind, (context, vectors) in CONTEXTS.items():
            names = program.counts(kind)
            for counts in vectors:
                if counts.keys() <= set(names):
                    (answer,) = program.ask([question(kind, width, names, counts)])
                    for part, value in pairs(answer):
                        add(f"{context}.{part}/{width}{spelled(counts)}", value)
    for asked in ("constants", "signatures"):
        (answer,) = program.ask([asked])
        for name, value in pairs(answer):
            add(name, value)
    for kind, (context, _) in CONTEXTS.items():
        add(f"{context}:counts", ",".join(program.counts(kind)))
    return found


def spelled(counts: Mapping[str, int]) -> str:
    return "".join(f",{name}={number}" for name, number in counts.items())


def read() -> dict[str, Column]:
    """The table's column for each release."""
    columns: dict[str, Column] = {release: {} for release in RELEASES}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        name, *cells = line.split(" ")
        changes = dict(cell.split(":", 1) for cell in cells)
        value = ABSENT
        for release in RELEASES:
            value = changes.get(release, value)
            if value != ABSENT:
                columns[release][name] = value
    return columns


def write(columns: Mapping[str, Column]) -> str:
    """The table's text, a name a line in the order of the alphabet."""
    names = dict.fromkeys(name for column in columns.values() for name in column)
    lines = []
    for name in sorted(names):
        cells, last = [], ABSENT
        for release, values in columns.items():
            value = values.get(name, ABSENT)
            if value != last:
                cells.append(f"{release}:{value}")
            last = value
        lines.append(" ".join([name, *cells]))
    return "".join(f"{line}\n" for line in lines)


def lock(release: str) -> None:
    """Makes the lock file of a release that has none."""
    kept = SOURCE / "locks" / f"{release}.lock"
    if not kept.exists():
        folder = package(release)
        subprocess.run(["cargo", "generate-lockfile"], cwd=folder, check=True)
        shutil.copy(folder / "Cargo.lock", kept)


def main() -> None:
    columns = {}
    for release in RELEASES:
        lock(release)
        columns[release] = column(oracle(release))
    TABLE.write_text(write(columns), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
