"""Profiles: which rules a schema lives by, and what a project says for all its schemas."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.reading.source import Mapping, Node, Scalar
from vmgen.schema.besides import Profile, ProjectRules
from vmgen.schema.composite_shapes import ByForm, MapOf
from vmgen.schema.shapes import Choice, Why
from vmgen.schema.values import point

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import Span

VMSAFE = "vmsafe"
C_ABI = "c-abi"


ADMITTED = MappingProxyType(
    {
        "VM101": "a `bool`; a `char` of Rust's is never C's",
        "VM102": "raw pointers",
        "VM103": "floats",
        "VM105": "an `Option` that Rust promises a layout for",
        "VM106": "`NonZero` integers",
        "VM108": "every atomic that Rust has",
        "VM110": "function pointers outside of tables",
        "VM116": "foreign types that aren't VmSafe",
    }
)
"""What `c-abi` admits, by the code of the rule that is about it: all that is about exposed
provenance and about which bits are valid in Rust."""


class ProfileShape(ByForm, frozen=True):
    """`vmsafe`, or another profile with the reason for it."""

    def check(self, node: Node, report: Report) -> bool:
        if isinstance(node, Scalar) and node.value == C_ABI:
            self._without_reason(node, node.span, report)
            return False
        if isinstance(node, Mapping) and len(node.entries) == 1:
            entry = node.entries.get(C_ABI)
            given = entry.node if entry else None
            if entry and isinstance(given, Scalar) and given.is_null:
                self._without_reason(node, entry.span, report)
                return False
        if isinstance(node, Mapping) and len(node.entries) != 1:
            return self.mismatch(node, report)
        return ByForm.check(self, node, report)

    def _without_reason(self, node: Node, span: Span, report: Report) -> None:
        report.add(
            "VM320",
            f"the profile `{C_ABI}` has no reason",
            span if span.end > span.start else point(node),
            notes=("one reason serves for all that the profile admits",),
            helps=(f"say whose layouts these are: `profile: {{{C_ABI}: …}}`",),
        )


PROFILE = ProfileShape(
    f"`{VMSAFE}`, or `{{{C_ABI}: a reason}}`",
    scalar=Choice((VMSAFE,)),
    mapping=MapOf(Choice((C_ABI,)), Why(), least=1),
)


def profile_of(node: Node | None, project: ProjectRules) -> Profile | None:
    """The profile of a schema: its own, or the project's; None for `vmsafe`."""
    if isinstance(node, Mapping):
        ((key, value),) = node
        assert isinstance(value, Scalar)
        return Profile(key.value, value.value)
    return project.profile if node is None else None
