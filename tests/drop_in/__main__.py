"""`make drop-in`: Wasmtime 42.0.2 with vmgen's output in place of its own VM types.

It exits with 1 unless the replaced crates do all that the untouched ones do, with little
code around what vmgen makes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.drop_in import accessors, outcomes, trees
from tests.drop_in.cargo import Failed
from tests.drop_in.outcomes import Outcomes

MOST_GLUE = 149


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
    faults = []
    _say("taking Wasmtime's crates from the registry")
    trees.make_untouched()
    figures = trees.make_replaced()
    print(f"{figures.removed:,} hand-written lines removed")
    print(
        f"{figures.glue:,} lines of glue added, beside {figures.generated:,} generated"
    )
    calls = ", ".join(f"{n} in {crate}" for crate, n in figures.renamed.items())
    print(f"{sum(figures.renamed.values())} calls by vmgen's names: {calls}")
    print(f"verified and not replaced: {', '.join(figures.existing)}")
    if figures.glue > MOST_GLUE:
        faults.append(f"the glue has more than {MOST_GLUE} lines")

    _say("comparing accessors")
    compared = accessors.compare()
    print(f"{compared.answers:,} answers of {compared.methods} accessors compared")
    for difference in sorted(compared.different):
        print(f"  differs: {difference}")
    for difference in sorted(compared.different ^ accessors.KNOWN):
        faults.append(f"an accessor differs otherwise than known: {difference}")

    for what, run in (
        ("checks of the embedder", outcomes.embedder),
        ("of Wasmtime's library tests", outcomes.library_tests),
    ):
        faults += _both(what, run)

    for target in (None, *outcomes.TARGETS):
        name = target or "this machine"
        _say(f"checking for {name}")
        warnings = outcomes.warnings(trees.REPLACED, target)
        print(f"{len(warnings)} warnings for {name}")
        faults += [f"a warning for {name}:\n{warning}" for warning in warnings]
    return faults


def _both(what: str, run: Callable[[Path], Outcomes]) -> list[str]:
    """Run something on both trees, print what passed, and give what fails in one alone."""
    _say(f"running {what}, on the untouched crates and then on the replaced ones")
    untouched, replaced = run(trees.UNTOUCHED), run(trees.REPLACED)
    print(
        f"{len(replaced.passed):,} {what} passed, {len(replaced.failed)} failed; "
        f"untouched {len(untouched.passed):,} and {len(untouched.failed)}"
    )
    for name in sorted(replaced.failed):
        print(f"  failed: {name}")
    lost = untouched.passed - replaced.passed
    return [f"passes on untouched crates alone: {name}" for name in sorted(lost)]


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
