"""Offsets as JSON, for a page that evaluates them.

A number is a constant; ``{"term": [stride, count, when]}`` is stride times count, a
number or a count's name, if the flag `when` is null or set; ``{"sum": [...]}`` is a
sum; ``{"align_up": [inner, to]}`` is `inner` rounded up to a multiple of `to`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.layout.expr import AlignUp, Const, Sum, Term

if TYPE_CHECKING:
    from vmgen.layout.expr import Expr


def as_json(expr: Expr) -> Any:
    """The expression in the form above."""
    match expr:
        case Const(value):
            return value
        case Term(stride, count, when):
            return {"term": [stride, count, when]}
        case Sum(parts):
            return {"sum": [as_json(part) for part in parts]}
        case AlignUp(inner, to):
            return {"align_up": [as_json(inner), to]}
