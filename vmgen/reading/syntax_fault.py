"""What libyaml finds wrong with a file, as a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.reading.diagnostics import Diagnostic
from vmgen.reading.events import fault_and_last, fault_of
from vmgen.reading.source import Span

if TYPE_CHECKING:
    from vmgen.reading.proposals import Advice
    from vmgen.reading.source import SourceFile


def syntax_fault(file: SourceFile, error: Any) -> Diagnostic:
    """What libyaml says, and what to write if quotes are all that is missing.

    `error` is a `yaml.MarkedYAMLError`; libyaml's binding has no types.
    """
    marks = [m for m in (error.problem_mark, error.context_mark) if m]
    places = [min(mark.index, len(file.text)) for mark in marks] or [0]
    what = " ".join(p for p in (error.context, error.problem) if p)
    places.append(fault_and_last(file.text)[1])
    # Some versions notice a bracket that they took for text on the next line alone.
    places.append(max(0, len(file.text[: places[0]].rstrip()) - 1))
    found = proposal(file, places)
    if found is None:
        span = Span(file, places[0], places[0])
        is_tab = file.text[places[0] : places[0] + 1] == "\t"
        helps = ("indent with spaces, YAML takes no tabs there",) if is_tab else ()
        return Diagnostic.make("VM001", what, span, helps=helps)
    return Diagnostic.make(
        "VM001",
        f"YAML takes this for syntax of its own: {error.problem or what}",
        Span(file, found.start, found.end),
        helps=(found.help,),
    )


def proposal(file: SourceFile, places: list[int]) -> Advice | None:
    """What to quote so that YAML reads on; nobody needs it before there is a fault."""
    from vmgen.reading.proposals import advice

    return advice(file.text, places, fault_of)
