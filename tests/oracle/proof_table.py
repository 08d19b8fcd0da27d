"""``python -m tests.oracle.proof_table``: each target, and who has judged it.

A cell says what has been proved, or why nothing has. `claimed` makes the table of
lists that the tests hold against the compilers; `measured` asks all of them. The
command prints the second and fails where it isn't the first.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.oracle import crates, proof_run
from tests.oracle.clang_differences import CLANG, DIFFERENCES, UNKNOWN, known
from tests.oracle.real_core import compiler
from tests.oracle.rustc_oracle import disagreements
from tests.oracle.schemas import SCHEMAS, load
from vmgen.targets.find import RUSTC_VERSION, TARGETS

LAYOUTS = "layouts"
CRATE = "layouts, crate"
NO_ATOMICS = "layouts; no AtomicUsize for a crate"
HEADERS = "headers"
NO_MACHINE = "no machine for it"
JOBS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One target: what rustc and clang have accepted, and what has run there."""

    target: str
    model: str
    rustc: str
    clang: str
    run: str


def claimed() -> list[Row]:
    """The table, by the lists that are kept of it."""
    return [
        Row(
            target=triple,
            model=target.model.name,
            rustc=_claimed_of_rustc(triple),
            clang=_claimed_of_clang(triple),
            run=proof_run.PROVERS.get(triple, (NO_MACHINE,))[0],
        )
        for triple, target in TARGETS.items()
    ]


def _claimed_of_rustc(triple: str) -> str:
    if triple not in crates.REPRESENTATIVES:
        return LAYOUTS
    return NO_ATOMICS if crates.lacks_atomics(triple) else CRATE


def _claimed_of_clang(triple: str) -> str:
    for pattern, why in UNKNOWN.items():
        if fnmatchcase(triple, pattern):
            return f"not known: {why}"
    differing = [
        d.type
        for d in DIFFERENCES
        if d.remedy == "refused" and fnmatchcase(triple, d.targets)
    ]
    return f"refused: {', '.join(differing)} differ" if differing else HEADERS


def measured() -> list[Row]:
    """The table, by asking everyone. It takes minutes."""
    expected = claimed()
    by_rustc, by_crate = _by_rustc(), _by_crate()
    by_clang, by_running = _by_clang(), _by_running()
    return [
        Row(
            row.target,
            row.model,
            by_rustc.get(row.target) or by_crate.get(row.target) or LAYOUTS,
            by_clang.get(row.target, row.clang),
            by_running.get(row.target, NO_MACHINE),
        )
        for row in expected
    ]


def _by_rustc() -> dict[str, str]:
    """Targets where rustc lays a type out otherwise."""
    found = Counter(
        d.target for d in disagreements([load(s) for s in SCHEMAS], TARGETS, JOBS)
    )
    return {triple: f"differs in {count} types" for triple, count in found.items()}


def _by_crate() -> dict[str, str]:
    rustc = compiler()
    if rustc is None:
        why = f"{LAYOUTS}; not here: no toolchain has rust-src"
        return dict.fromkeys(crates.REPRESENTATIVES, why)
    with tempfile.TemporaryDirectory(prefix="vmgen-crates-") as folder:
        crates.write(Path(folder))

        def judge(triple: str) -> str:
            with tempfile.TemporaryDirectory(prefix="vmgen-core-") as core:
                said = crates.judge(rustc, Path(folder), triple, Path(core))
            if said and all("no `AtomicUsize` in" in text for text in said.values()):
                return NO_ATOMICS
            return f"{LAYOUTS}; crate: {', '.join(said)} refused" if said else CRATE

        with ThreadPoolExecutor(JOBS) as pool:
            answers = pool.map(judge, crates.REPRESENTATIVES)
            return dict(zip(crates.REPRESENTATIVES, answers, strict=True))


def _by_clang() -> dict[str, str]:
    """All targets that clang can compile for, with what it says."""
    targets = [target for target in TARGETS.values() if known(target)]
    modules = [load(schema) for schema in SCHEMAS]
    try:
        from tests.oracle import clang_oracle
    except ImportError as why:
        return {target.triple: f"not here: {why}" for target in targets}
    try:
        version = clang_oracle.version()
    except clang_oracle.LibclangError as why:
        version = f"no libclang, {why}"
    if version != CLANG:
        why_not = f"not here: clang {CLANG} is needed, there is {version}"
        return {target.triple: why_not for target in targets}
    found = clang_oracle.complaints(modules, targets)
    said = {}
    for target in targets:
        wrong = [c for (triple, _), c in found.items() if triple == target.triple]
        refused = all(complaint.messages for complaint in wrong)
        expected = _claimed_of_clang(target.triple)
        if wrong and not (refused and expected.startswith("refused")):
            said[target.triple] = f"differs: {wrong[0].messages or wrong[0].different}"
        else:
            said[target.triple] = expected if wrong else HEADERS
    return said


def _by_running() -> dict[str, str]:
    def run(triple: str) -> str:
        try:
            found = proof_run.prove(triple)
        except (pytest.skip.Exception, pytest.fail.Exception) as why:
            return f"not here: {str(why).splitlines()[0]}"
        except AssertionError as why:
            return f"differs: {str(why).splitlines()[0]}"
        return f"differs: {found[0]}" if found else proof_run.PROVERS[triple][0]

    return {triple: run(triple) for triple in proof_run.PROVERS}


def totals(rows: list[Row]) -> str:
    """What the README says of the table, in Markdown."""
    rustc = Counter(row.rustc for row in rows)
    layouts = sum(n for cell, n in rustc.items() if cell.startswith(LAYOUTS))
    clang = Counter(row.clang.split(":")[0] for row in rows)
    models = len({row.model for row in rows})
    ran = [
        row
        for row in rows
        if row.run in {what for what, _ in proof_run.PROVERS.values()}
    ]
    languages = Counter(word for row in ran for word in row.run.split(", "))
    running = ", ".join(
        f"{word} on {count}" for word, count in sorted(languages.items())
    )
    return (
        f"Of the {len(rows)} targets of rustc {RUSTC_VERSION}, which are {models} data "
        f"models:\n\n"
        "| who | of what | on how many |\n"
        "|---|---|---|\n"
        f"| rustc {RUSTC_VERSION} | the layout of every type | {layouts} |\n"
        "| rustc and its `core` | all assertions of the generated crate "
        f"| {rustc[CRATE]} of {models} data models; "
        f"{rustc[NO_ATOMICS]} have no `AtomicUsize` |\n"
        f"| clang {CLANG} | the generated headers | {clang[HEADERS]}; "
        f"{clang['refused']} are refused, as clang's types are not Rust's there; "
        f"{clang['not known']} it doesn't know |\n"
        f"| running | values written there and read here, and back | {running} |\n"
    )


def table(rows: list[Row]) -> Iterator[str]:
    """The lines of the whole table."""
    cells = [("target", "data model", "rustc", "clang", "run")]
    cells += [(r.target, r.model, r.rustc, r.clang, r.run) for r in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(5)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def main() -> int:
    """Print the table; 1 where it isn't what is claimed, 0 where only tools lack."""
    rows, expected = measured(), claimed()
    for line in [*table(rows), "", totals(rows)]:
        print(line)
    wrong: list[str] = []
    lacking: list[str] = []
    for row, other in zip(rows, expected, strict=True):
        for column in ("rustc", "clang", "run"):
            cell, claim = getattr(row, column), getattr(other, column)
            if cell != claim:
                kind = lacking if "not here: " in cell else wrong
                kind.append(f"{row.target}: {column}: {cell}, not {claim}")
    for line in lacking:
        print(f"not proved here: {line}")
    for line in wrong:
        print(f"WRONG: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
