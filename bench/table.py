"""What a run of the benchmark prints: rows, and below them the ratios that count."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.measure import Cost

BUILD_IMPORTS = "build, cold / importing yaml and jinja2"
BUILD_FLATC = "build, cold / flatc's three outputs"
IDLE = "build, nothing to do / a bare interpreter start"
RUSTC_BINDGEN = "rustc, generated / bindgen's output"
RUSTC_BARE = "rustc, generated / bare"
RUSTC_BARE_MEMORY = "rustc, generated / bare, peak memory"
RUSTC_MEASURED = "rustc, bare with each offset measured / bare"
RUSTC_MEASURED_MEMORY = "rustc, bare with each offset measured / bare, memory"
RUSTC_HANDLES = "rustc, offsets with handles for Cranelift / offsets"
GCC_BARE = "gcc, generated / bare"
IMPORT_PEER = "import, compiled, generated / ctypeslib2's"
LOOP_TWO = "a number and a pointer of records, ours / ctypes"
LOOP_ALL = "every field of records, ours / ctypes"
LOOP_NUMPY = "a number and a pointer of records, ours / numpy"
POINTER = "a pointer of a live record / 0.4 µs"
HANDLES_IMPORT = "import, handles for llvmlite / the classes"
HANDLES_BY_HAND = "loads with llvmlite, by handles / by hand"
PROOF = "check, 40 regions / 4 regions"
VERSIONS = "check, all versions of Wasmtime / one"
DIFF = "diff of two versions of Wasmtime, cold / 0.5 s"
PROOF_PACKED = "check, 40 regions, `align: none` / 4 regions"

GOALS = {
    (BUILD_IMPORTS, 40): 1.5,
    (BUILD_FLATC, 10_000): 1.0,
    (RUSTC_BINDGEN, 1_000): 1.0,
    (RUSTC_BARE, 1_000): 4.0,
    (RUSTC_BARE_MEMORY, 10_000): 2.0,
    (GCC_BARE, 1_000): 4.0,
    (IMPORT_PEER, 40): 1.0,
    (IMPORT_PEER, 1_000): 1.0,
    (LOOP_TWO, 200_000): 2.0,
    (POINTER, 1): 1.0,
    (HANDLES_IMPORT, 0): 1.0,
    (HANDLES_BY_HAND, 2_000): 2.0,
    (VERSIONS, 0): 3.0,
    (DIFF, 0): 1.0,
}
"""What a ratio shall be less than, by what it is of and the number of records, which is 0
of what is about a schema of the repository."""


@dataclass
class Table:
    """Prints rows as they are measured, and keeps the ratios for `summary`."""

    _ratios: list[tuple[str, int, float]] = field(default_factory=list)
    _missing: list[str] = field(default_factory=list)

    def row(self, count: int, what: str, found: Cost, base: Cost) -> None:
        """A command's cost; the ratio printed is that of its time to `base`'s."""
        self.say(
            f"{count:>6}  {what:50}{found.seconds:7.3f}s  "
            f"{found.seconds / base.seconds:6.2f}x  {found.peak:5.0f} MB"
        )

    def ratio(self, what: str, count: int, ours: Cost, other: Cost) -> None:
        """Ours to another's time, for the summary."""
        self._ratios.append((what, count, ours.seconds / other.seconds))

    def memory(self, what: str, count: int, ours: Cost, other: Cost) -> None:
        """Ours to another's peak memory, for the summary."""
        self._ratios.append((what, count, ours.peak / other.peak))

    def times(self, what: str, count: int, ratio: float) -> None:
        """A ratio of what was measured in this process, for the summary."""
        self._ratios.append((what, count, ratio))

    def missing(self, what: str) -> None:
        """What couldn't be measured, and why; the summary repeats it."""
        self._missing.append(what)

    def say(self, line: str = "") -> None:
        """A line at once, so that a run that takes minutes can be watched."""
        print(line, flush=True)

    def summary(self) -> None:
        """All ratios of the run, each beside its goal if it has one."""
        self.say(f"{'N':>6}  {'':52}{'ratio':>7}  goal")
        for what, count, ratio in sorted(self._ratios, key=lambda r: r[1]):
            self.say(
                f"{count:>6}  {what:52}{ratio:6.2f}x  {_beside(what, count, ratio)}"
            )
        for what in self._missing:
            self.say(f"not measured: {what}")


def _beside(what: str, count: int, ratio: float) -> str:
    goal = GOALS.get((what, count))
    if goal is None:
        return "-"
    return f"< {goal:g}" if ratio < goal else f"< {goal:g}  MISSED"
