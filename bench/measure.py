"""Time and peak memory of whole processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """The median time, in seconds, and the largest peak, in MB, of some runs."""

    seconds: float
    peak: float


def cost(
    command: Sequence[str],
    *,
    cwd: Path,
    runs: int = 5,
    before: Callable[[], None] = lambda: None,
    env: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command several times; `before` makes each run like the first.

    Raises RuntimeError when it fails: a tool that failed was not measured.
    """
    times, peaks = [], []
    for _ in range(runs):
        before()
        log = cwd / ".bench.log"
        with log.open("wb") as output:
            start = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=cwd, stdout=output, stderr=output, env=env
            )
            _, status, usage = os.wait4(process.pid, 0)
            times.append(time.perf_counter() - start)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} failed:\n{said}")
        peaks.append(usage.ru_maxrss / 1024)
    return Cost(statistics.median(times), max(peaks))
