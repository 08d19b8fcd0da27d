"""Times vmgen and its peers on the same records and prints ratios.

Absolute times are this machine's; what carries over is the ratio of two rows. The last
lines are the ratios that vmgen is held to, each beside its goal. A tool that is not
installed is named; `scripts/install-bench-peers` installs them on Debian.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench import handles, llvm_handles, peers, reading, records
from bench.environment import ROOT, installed
from bench.measure import Command, Cost, cost, costs
from bench.table import (
    BUILD_FLATC,
    BUILD_IMPORTS,
    DIFF,
    GCC_BARE,
    IDLE,
    IMPORT_PEER,
    PROOF,
    PROOF_PACKED,
    RUSTC_BARE,
    RUSTC_BARE_MEMORY,
    RUSTC_BINDGEN,
    RUSTC_MEASURED,
    RUSTC_MEASURED_MEMORY,
    VERSIONS,
    Table,
)

LANGUAGES = ("rust", "c", "python")
COUNTS = (40, 1_000, 10_000)
FLATC = "flatc --cpp --python --rust"


def main() -> int:
    counts = [int(a) for a in sys.argv[1:]] or list(COUNTS)
    table = Table()
    with tempfile.TemporaryDirectory() as environment:
        bin = installed(Path(environment))
        table.say(f"{'N':>6}  {'':50}{'time':>8}  {'ratio':>7}  {'peak':>8}")
        for count in counts:
            with tempfile.TemporaryDirectory() as name:
                _measure(table, Path(name), count, bin)
            table.say()
        with tempfile.TemporaryDirectory() as name:
            _measure_proofs(table, Path(name), bin)
        table.say()
        with tempfile.TemporaryDirectory() as name:
            _measure_versions(table, Path(name), bin)
        table.say()
        with tempfile.TemporaryDirectory() as name:
            handles.measure(table, Path(name), bin)
    table.say()
    reading.measure(table)
    table.say()
    llvm_handles.measure(table)
    table.say()
    table.summary()
    return 0


def _measure_proofs(table: Table, folder: Path, bin: Path) -> None:
    """What it takes to prove that the regions of a context are aligned."""
    check = [str(bin / "vmgen"), "check", "bench.vm.yaml"]
    commands = []
    for regions, rounded in ((4, True), (40, True), (40, False)):
        where = folder / f"{regions}-{rounded}"
        where.mkdir()
        (where / "bench.vm.yaml").write_text(
            records.regions_as_schema(regions, rounded=rounded)
        )
        commands.append(Command(check, where))
    few, rounded_up, packed = costs(commands, 5)
    table.row(4, "vmgen check, regions over six counts", few, few)
    table.row(40, "vmgen check, regions over six counts", rounded_up, few)
    table.row(40, "the same with `align: none`", packed, few)
    table.ratio(PROOF, 40, rounded_up, few)
    table.ratio(PROOF_PACKED, 40, packed, few)


def _measure_versions(table: Table, folder: Path, bin: Path) -> None:
    """What all versions of a schema cost beside one, and a comparison of two."""
    schema = ROOT / "schemas" / "wasmtime.vm.yaml"
    vmgen = str(bin / "vmgen")
    env = {**os.environ, "VMGEN_CACHE_DIR": str(folder / "cache")}

    def forget() -> None:
        shutil.rmtree(folder / "cache", ignore_errors=True)

    diff = [vmgen, "diff", "--policy", "off"]
    diff += [f"{schema}@48.0.5", f"{schema}@48.0.6"]
    one, every, compared = costs(
        [
            Command([vmgen, "check", str(schema), "--version", "42.0.2"], folder, env),
            Command([vmgen, "check", str(schema)], folder, env),
            Command(diff, folder, env, forget),
        ],
        9,
    )
    table.row(0, "vmgen check of one version of Wasmtime", one, one)
    table.row(0, "vmgen check of all versions", every, one)
    table.row(0, "vmgen diff of two versions, cold", compared, one)
    table.ratio(VERSIONS, 0, every, one)
    table.times(DIFF, 0, compared.seconds / 0.5)


def _measure(table: Table, folder: Path, count: int, bin: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["bench.vm.yaml"]\nout = "generated"\n'
        f"languages = {list(LANGUAGES)}\n"
    )
    (folder / "bench.vm.yaml").write_text(records.as_schema(count))
    peers.prepare(folder, count)
    (folder / "flat").mkdir()
    python = str(bin / "python")
    cold = _builds(table, folder, count, bin)
    found, missing = peers.installed()
    for name in missing:
        table.missing(f"{name}, which is not installed")
    for peer in found:
        if peer.name == FLATC or count > peer.most:
            continue
        try:
            spent = cost(peer.command, cwd=folder, runs=3)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1]
            table.missing(f"{peer.name} with {count} records, which failed: {reason}")
            continue
        table.row(count, f"{peer.name} ({peer.what})", spent, cold)
    _rustc(table, folder, count, cold)
    _gcc(table, folder, count, cold)
    _imports(table, folder, count, cold, python)


def _builds(table: Table, folder: Path, count: int, bin: Path) -> Cost:
    """Builds, and what they are held against; the cost of a cold one."""
    env = {**os.environ, "VMGEN_CACHE_DIR": str(folder / "cache")}
    python, build = str(bin / "python"), [str(bin / "vmgen"), "build"]

    def forget() -> None:
        shutil.rmtree(folder / "generated", ignore_errors=True)
        for stamp in (folder / "cache").glob("*.stamp"):
            stamp.unlink()

    flatc = [
        Command(p.command, folder) for p in peers.installed()[0] if p.name == FLATC
    ]
    cold, idle, bare, imports, *flat = costs(
        [
            Command(build, folder, env, forget),
            Command(build, folder, env),
            Command([python, "-c", "pass"], folder),
            Command([python, "-c", "import yaml, jinja2"], folder),
            *flatc,
        ],
        3 if count > 1_000 else 5 if count > 100 else 15,
    )
    table.row(count, f"vmgen build, cold, {','.join(LANGUAGES)}", cold, cold)
    table.row(count, "vmgen build, nothing to do", idle, cold)
    table.row(count, "a bare interpreter start", bare, cold)
    table.row(count, "a process that imports yaml and jinja2", imports, cold)
    table.ratio(IDLE, count, idle, bare)
    table.ratio(BUILD_IMPORTS, count, cold, imports)
    for spent in flat:
        table.row(count, f"{FLATC} (fbs -> three languages)", spent, cold)
        table.ratio(BUILD_FLATC, count, cold, spent)
    return cold


def _rustc(table: Table, folder: Path, count: int, cold: Cost) -> None:
    """What rustc pays for the output, beside the bare records, those with arrays of what
    a check measures, and bindgen's output for the same, if there is any."""
    if not shutil.which("rustc"):
        table.missing("the generated Rust: rustc is not installed")
        return
    rustc = ["rustc", "--edition", "2021", "--crate-type", "lib"]
    rustc += ["--emit", "metadata", "-o", "lib.rmeta"]
    sources = ["generated/rust/src/lib.rs", "bench.rs", "measured.rs"]
    sources += ["bindgen.rs"] if (folder / "bindgen.rs").exists() else []
    commands = [Command([*rustc, path], folder) for path in sources]
    ours, bare, measured, *bindgen = costs(commands, 3)
    table.row(count, "rustc over the generated Rust", ours, cold)
    table.row(count, "rustc over the bare records", bare, cold)
    table.row(count, "rustc over these with each offset measured", measured, cold)
    table.ratio(RUSTC_BARE, count, ours, bare)
    table.memory(RUSTC_BARE_MEMORY, count, ours, bare)
    table.ratio(RUSTC_MEASURED, count, measured, bare)
    table.memory(RUSTC_MEASURED_MEMORY, count, measured, bare)
    for spent in bindgen:
        table.row(count, "rustc over the output of bindgen", spent, cold)
        table.ratio(RUSTC_BINDGEN, count, ours, spent)


def _gcc(table: Table, folder: Path, count: int, cold: Cost) -> None:
    """What gcc pays for the output, beside the bare records."""
    if not shutil.which("gcc"):
        table.missing("the generated C: gcc is not installed")
        return
    gcc = ["gcc", "-fsyntax-only", "-x", "c", "-std=c11"]
    sources = ("generated/c/bench.h", "bench.h")
    ours, bare = costs([Command([*gcc, path], folder) for path in sources], 7)
    table.row(count, "gcc over the generated C", ours, cold)
    table.row(count, "gcc over the bare records", bare, cold)
    table.ratio(GCC_BARE, count, ours, bare)


def _imports(
    table: Table, folder: Path, count: int, cold: Cost, interpreter: str
) -> None:
    """What importing the generated Python takes, and ctypeslib2's for the same records,
    once both are compiled."""
    python = folder / "generated" / "python"
    load = [interpreter, "-c", "import bench"]
    # Else nothing is ever compiled.
    environment = {
        k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"
    }

    def uncompiled() -> None:
        for cache in python.rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)

    (first,) = costs([Command(load, python, environment, uncompiled)], 3)
    table.row(count, "first import of the generated Python", first, cold)
    commands = [Command(load, python, environment)]
    if (folder / "clang2py.py").exists():
        other = [interpreter, "-c", "import clang2py"]
        commands.append(Command(other, folder, environment))
    costs(commands, 1)
    again, *peer = costs(commands, 15)
    table.row(count, "import of the generated Python, compiled", again, cold)
    for found in peer:
        table.row(count, "import of ctypeslib2's Python, compiled", found, cold)
        table.ratio(IMPORT_PEER, count, again, found)


if __name__ == "__main__":
    sys.exit(main())
