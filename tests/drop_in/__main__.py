"""`make drop-in`: Wasmtime 42.0.2 with vmgen's output in place of its own VM types.

It exits with 1 unless the replaced crates do all that the untouched ones do, with little
code around what vmgen makes, and `docs/adopting.md` shows the figures; ``UPDATE_GOLDEN=1``
writes them there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.drop_in import accessors, outcomes, trees
from tests.drop_in.accessors import Compared
from tests.drop_in.cargo import Failed
from tests.drop_in.outcomes import Outcomes
from tests.drop_in.trees import Figures
from tests.support import ROOT

PAGE = ROOT / "docs" / "adopting.md"
MARKS = ("<!-- drop-in -->\n", "<!-- /drop-in -->")


def main() -> int:
    try:
        faults = _run()
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


def _run() -> list[str]:
    """Do it all, print the figures, and give what is wrong."""
    _say("taking Wasmtime's crates from the registry")
    trees.make_untouched()
    figures = trees.make_replaced()
    _say("comparing accessors")
    compared = accessors.compare()
    faults = trees.faults(figures) + accessors.faults(compared)

    _say("running the embedder, on the untouched crates and then on the replaced ones")
    lines = _figures(figures, compared)
    found, passed = _both("checks of an embedder", outcomes.embedder)
    lines.append(passed)
    print("\n".join(lines))
    faults += found + _shown(lines)
    print(f"{figures.generated:,} lines generated")

    _say("running Wasmtime's own tests, likewise")
    found, passed = _both("of Wasmtime's library tests", outcomes.library_tests)
    print(passed)
    faults += found

    builds: list[tuple[str, str, str | None]] = [("this machine", "", None)]
    builds += [
        (target, outcomes.WITHOUT_COMPILERS, target) for target in outcomes.TARGETS
    ]
    builds += [
        (f"the features {features}", features, None) for features in outcomes.SUBSETS
    ]
    for name, features, target in builds:
        _say(f"checking for {name}")
        warnings = outcomes.warnings(trees.REPLACED, features, target)
        print(f"{len(warnings)} warnings for {name}")
        faults += [f"a warning for {name}:\n{warning}" for warning in warnings]
    return faults


def _figures(figures: Figures, compared: Compared) -> list[str]:
    """What is the same on every machine."""
    calls = ", ".join(f"{n} in {crate}" for crate, n in figures.renamed.items())
    return [
        f"{figures.removed:,} hand-written lines removed",
        f"{figures.glue:,} lines of glue added",
        f"{sum(figures.renamed.values())} calls by vmgen's names: {calls}",
        f"{len(figures.existing)} types verified and not replaced:",
        *(f"  {', '.join(types)}: {reason}" for reason, types in figures.kept.items()),
        f"{compared.answers:,} answers of {compared.methods} accessors compared",
        *(f"differs: {difference}" for difference in sorted(compared.different)),
    ]


def _both(what: str, run: Callable[[Path], Outcomes]) -> tuple[list[str], str]:
    """Run something on both trees: what passes on the untouched one alone, and figures."""
    untouched, replaced = run(trees.UNTOUCHED), run(trees.REPLACED)
    text = (
        f"{len(replaced.passed):,} {what} passed, {len(replaced.failed)} failed; "
        f"untouched {len(untouched.passed):,} and {len(untouched.failed)}"
    )
    text += "".join(f"\n  failed: {name}" for name in sorted(replaced.failed))
    lost = untouched.passed - replaced.passed
    return [f"passes on untouched crates alone: {name}" for name in sorted(lost)], text


def _shown(lines: list[str]) -> list[str]:
    """Hold the figures against those of the page for adopters."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    shown, _, after = rest.partition(MARKS[1])
    block = "```text\n" + "\n".join(lines) + "\n```\n"
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(f"{before}{MARKS[0]}{block}{MARKS[1]}{after}", encoding="utf-8")
    elif shown != block:
        return [f"{PAGE.relative_to(ROOT)} shows other figures"]
    return []


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
