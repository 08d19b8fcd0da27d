"""Times vmgen and its peers on the same records and prints ratios.

Absolute times are this machine's; what carries over is the ratio of two rows. A tool
that is not installed is named; `scripts/install-bench-peers` installs them on Debian.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench import peers, records
from bench.environment import installed
from bench.measure import Command, Cost, cost, costs

LANGUAGES = ("rust", "c", "python")
COUNTS = (40, 1_000, 10_000)


def main() -> int:
    counts = [int(a) for a in sys.argv[1:]] or list(COUNTS)
    with tempfile.TemporaryDirectory() as environment:
        bin = installed(Path(environment))
        print(f"{'N':>6}  {'':42}{'time':>8}  {'ratio':>6}  {'peak':>7}")
        for count in counts:
            with tempfile.TemporaryDirectory() as name:
                _measure(Path(name), count, bin)
            print()
        with tempfile.TemporaryDirectory() as name:
            _measure_proofs(Path(name), bin)
    return 0


def _measure_proofs(folder: Path, bin: Path) -> None:
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
    _row(4, "vmgen check, regions over six counts", few, few)
    _row(40, "vmgen check, regions over six counts", rounded_up, few)
    _row(40, "the same with `align: none`", packed, few)


def _row(count: int, what: str, found: Cost, base: Cost) -> None:
    ratio = found.seconds / base.seconds
    print(
        f"{count:>6}  {what:42}{found.seconds:7.3f}s  {ratio:5.2f}x  {found.peak:4.0f} MB",
        flush=True,
    )


def _measure(folder: Path, count: int, bin: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["bench.vm.yaml"]\nout = "generated"\n'
        f"languages = {list(LANGUAGES)}\n"
    )
    (folder / "bench.vm.yaml").write_text(records.as_schema(count))
    peers.prepare(folder, count)
    (folder / "flat").mkdir()
    runs = 3 if count > 1_000 else 5 if count > 100 else 15
    env = {**os.environ, "VMGEN_CACHE_DIR": str(folder / "cache")}
    python = str(bin / "python")
    build = [str(bin / "vmgen"), "build"]

    def forget() -> None:
        shutil.rmtree(folder / "generated", ignore_errors=True)
        for stamp in (folder / "cache").glob("*.stamp"):
            stamp.unlink()

    bare, imports, cold, idle = costs(
        [
            Command([python, "-c", "pass"], folder),
            Command([python, "-c", "import yaml, jinja2"], folder),
            Command(build, folder, env, forget),
            Command(build, folder, env),
        ],
        runs,
    )
    _row(count, f"vmgen build, cold, {','.join(LANGUAGES)}", cold, cold)
    _row(count, "vmgen build, nothing to do", idle, cold)
    _row(count, "a bare interpreter start", bare, cold)
    print(
        f"{count:>6}    nothing to do / bare start: {idle.seconds / bare.seconds:.2f}x"
    )
    _row(count, "a process that imports yaml and jinja2", imports, cold)
    print(f"{count:>6}    cold / those imports: {cold.seconds / imports.seconds:.2f}x")
    found, missing = peers.installed()
    for peer in found:
        if count <= peer.most:
            try:
                spent = cost(peer.command, cwd=folder, runs=min(runs, 3))
            except RuntimeError as error:
                reason = str(error).strip().splitlines()[-1]
                print(f"{count:>6}  {peer.name} failed: {reason}")
                continue
            _row(count, f"{peer.name} ({peer.what})", spent, cold)
    if missing:
        print(f"{count:>6}  not installed: {', '.join(missing)}")
    _after(folder, count, cold, python)


def _after(folder: Path, count: int, cold: Cost, interpreter: str) -> None:
    """What those pay who use the output: its compilers and its importers."""
    out = folder / "generated"
    if shutil.which("rustc"):
        _after_rustc(folder, count, cold)
    if shutil.which("gcc"):
        gcc = ["gcc", "-fsyntax-only", "-x", "c", "-std=c11"]
        generated = Command([*gcc, str(out / "c/bench.h")], folder)
        full, plain = costs([generated, Command([*gcc, "bench.h"], folder)], 7)
        _row(count, "gcc over the generated C", full, cold)
        _row(count, "gcc over the bare records", plain, cold)
        print(f"{count:>6}    generated C / bare: {full.seconds / plain.seconds:.2f}x")
    _imports(folder, count, cold, interpreter)


def _imports(folder: Path, count: int, cold: Cost, interpreter: str) -> None:
    """What importing the generated Python takes, and ctypeslib2's for the same records,
    which is the base of the ratios once both are compiled."""
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
    _row(count, "first import of the generated Python", first, cold)
    commands = [Command(load, python, environment)]
    if (folder / "clang2py.py").exists():
        other = [interpreter, "-c", "import clang2py"]
        commands.append(Command(other, folder, environment))
    costs(commands, 1)
    again, *peer = costs(commands, 15)
    _row(count, "import of the generated Python, compiled", again, cold)
    for found in peer:
        _row(count, "import of ctypeslib2's Python, compiled", found, cold)
        ratio = again.seconds / found.seconds
        print(f"{count:>6}    import / ctypeslib2's: {ratio:.2f}x")


def _after_rustc(folder: Path, count: int, cold: Cost) -> None:
    """What rustc pays for the output, beside the bare records and bindgen's output for
    the same, if there is any."""
    rustc = ["rustc", "--edition", "2021", "--crate-type", "lib"]
    rustc += ["--emit", "metadata", "-o", "lib.rmeta"]
    sources = {
        "generated Rust": "generated/rust/src/lib.rs",
        "bare records": "bench.rs",
    }
    if (folder / "bindgen.rs").exists():
        sources["output of bindgen"] = "bindgen.rs"
    commands = [Command([*rustc, path], folder) for path in sources.values()]
    found = dict(zip(sources, costs(commands, 3), strict=True))
    for what, spent in found.items():
        _row(count, f"rustc over the {what}", spent, cold)
    ours = found.pop("generated Rust")
    for what, other in found.items():
        times = ours.seconds / other.seconds
        print(
            f"{count:>6}    rustc, generated / {what}: {times:.2f}x the time,", end=""
        )
        print(f" {ours.peak / other.peak:.2f}x the memory")


if __name__ == "__main__":
    sys.exit(main())
