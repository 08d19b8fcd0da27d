"""Time and peak memory of whole commands."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.005


@dataclass(frozen=True)
class Cost:
    """The median time of some runs, in seconds, and the peak memory, in MiB.

    On Linux the peak is of a run of its own, and all processes of the command count,
    with what they share counted once. Elsewhere it is that of the largest process.
    """

    seconds: float
    peak: float


@dataclass(frozen=True)
class Command:
    """What to run, and where; `before` makes each run like the first."""

    words: Sequence[str]
    cwd: Path
    env: Mapping[str, str] | None = None
    before: Callable[[], None] = lambda: None


def costs(commands: Sequence[Command], runs: int) -> list[Cost]:
    """Run commands in turn, several times, so that what else the machine does hits all.

    Raises RuntimeError when one fails: a tool that failed was not measured.
    """
    found: list[list[tuple[float, float]]] = [[] for _ in commands]
    for _ in range(runs):
        for command, each in zip(commands, found, strict=True):
            command.before()
            each.append(_run(command))
    return [
        Cost(statistics.median(seconds for seconds, _ in each), _peak(command, each))
        for command, each in zip(commands, found, strict=True)
    ]


def cost(
    words: Sequence[str],
    *,
    cwd: Path,
    runs: int = 5,
    before: Callable[[], None] = lambda: None,
) -> Cost:
    """The same of one command."""
    return costs([Command(words, cwd, None, before)], runs)[0]


def _peak(command: Command, found: Sequence[tuple[float, float]]) -> float:
    if not Path("/proc/self/smaps_rollup").exists():
        return max(peak for _, peak in found)
    command.before()
    return _run(command, _peak_of_all)[1]


def _run(
    command: Command, watch: Callable[[int], float] = lambda process: 0.0
) -> tuple[float, float]:
    """Seconds that a command took, and its peak in MiB: what `watch` found, or where
    that is less, what the system says of its largest process."""
    log = command.cwd / ".bench.log"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.words,
            cwd=command.cwd,
            stdout=output,
            stderr=output,
            env=command.env,
        )
        watched = watch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        said = log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(command.words)} failed:\n{said}")
    return seconds, max(watched, usage.ru_maxrss / 1024)


def _peak_of_all(process: int) -> float:
    """The most memory that a process and its descendants have at once, in MiB."""
    peak = 0
    while kilobytes := sum(map(_proportional, _with_descendants(process))):
        peak = max(peak, kilobytes)
        time.sleep(SAMPLE_SECONDS)
    return peak / 1024


def _with_descendants(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return
    for child in children.split():
        yield from _with_descendants(int(child))


def _proportional(process: int) -> int:
    """Memory of a process in kB, a page that n processes share as an n-th; 0 when it
    has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
