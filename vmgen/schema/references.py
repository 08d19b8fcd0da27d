"""Looking names up: types, constants, counts and features, each with its message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.diagnostics import did_you_mean
from vmgen.reading.source import Mapping, Node, Scalar, Span
from vmgen.schema import model as m
from vmgen.schema import symbols
from vmgen.schema.types import (
    Array,
    FnPointer,
    Named,
    OpenArray,
    Option,
    Param,
    Parameter,
    RawPointer,
    RustLayout,
    Type,
    UnsafeCell,
    VmPtr,
)
from vmgen.schema.typetext import Spelled, parse_signature, parse_type

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from vmgen.reading.diagnostics import Report
    from vmgen.schema.files import Document
    from vmgen.schema.visible import Visible

MOST_SUGGESTIONS = 100


class References:
    """The tables of one module that names are looked up in.

    `counts` are those of the context being built, `parameters` those of the record, and
    empty outside of one; `generic` says how many each generic record has. `owner` is the
    record being built, `in_place` what it has declared in place, and `in_place_before` what
    others have. Every
    look-up that fails is reported and gives None, or False for a condition. `visible`
    are the names of modules that are used; `named` grows by those that are looked up.
    """

    def __init__(
        self,
        documents: list[Document],
        overrides: ReadOnly[str, bool],
        report: Report,
        visible: Visible,
    ) -> None:
        self.report = report
        self.visible = visible
        self.faulty = visible.faulty.union(*(d.faulty for d in documents))
        self.named: set[str] = set()
        self.own_constants = symbols.constants(documents, report, visible)
        self.constants = {**visible.constants, **self.own_constants}
        self.features = symbols.features(documents, overrides, report)
        own = {k.value for k, _ in symbols.entries(documents, "types")}
        self.declared = own.union(visible.types)
        self.counts: dict[str, m.Count] = {}
        self.parameters: frozenset[str] = frozenset()
        self.in_union = False
        self.owner = m.Owner("")
        self.in_place: list[m.Declaration] = []
        self.in_place_before: list[m.Declaration] = []
        self.generic = symbols.generic(documents, visible)
        self._suggestions: dict[tuple[str, str], tuple[str, ...]] = {}
        self._types: dict[str, tuple[Type, Spelled]] = {}
        self._signatures: dict[str, tuple[Type, Spelled]] = {}

    def type(self, node: Node, *, signature: bool = False) -> m.TypeText | None:
        """The resolved type that a scalar spells; None after a reported fault."""
        assert isinstance(node, Scalar)
        resolved = self._signatures if signature else self._types
        known = resolved.get(node.value)
        if known is None or self.parameters:
            spelled = (parse_signature if signature else parse_type)(node.value)
            found = self.look_up(spelled, node)
            if found is None:
                return None
            known = (found, spelled)
            if not self.parameters:
                resolved[node.value] = known
        type, spelled = known
        if self.in_union and isinstance(type, RustLayout) and type.form == "slice":
            element = self.look_up(spelled.parts[0], node)
            if element is None:
                return None
            type = OpenArray(element, 0)
        return m.TypeText(type, spelled, node)

    def look_up(self, spelled: Spelled, node: Scalar) -> Type | None:
        parts = [self.look_up(part, node) for part in spelled.parts]
        sound = all(p is not None for p in parts)
        inner = [p for p in parts if p is not None]
        match spelled.type:
            case Named(name):
                if not sound:
                    return None
                return self.look_up_name(name, inner, spelled, node)
            case Array(_, length):
                size = self.length(length, spelled, node)
                return Array(inner[0], size) if sound and size is not None else None
            case _ if not sound:
                return None
            case VmPtr():
                return VmPtr(inner[0])
            case RawPointer(spelling, _) if inner:
                return RawPointer(spelling, inner[0])
            case Option():
                return Option(inner[0])
            case UnsafeCell():
                return UnsafeCell(inner[0])
            case FnPointer(params, result):
                named = zip(params, inner, strict=False)
                return FnPointer(
                    tuple(Param(p.name, t) for p, t in named),
                    inner[-1] if result is not None else None,
                )
            case other:
                return other

    def look_up_name(
        self, name: str, arguments: list[Type], spelled: Spelled, node: Scalar
    ) -> Type | None:
        """A declared type with these arguments, or a parameter of the one being built."""
        if name in self.parameters:
            return Parameter(name)
        if name not in self.declared:
            if arguments:
                # A type of Rust's, which the rule about those says more of.
                text = node.value[spelled.start : spelled.end]
                return RustLayout(text, name=name, arguments=tuple(arguments))
            self.unknown("VM008", "type", name, self.declared, spelled, node)
            return None
        self.named.add(name)
        needed = self.generic.get(name, 0)
        if len(arguments) != needed:
            inside = node.text_span
            takes = "no types" if not needed else f"{needed} type{'s' * (needed > 1)}"
            self.report.add(
                "VM053",
                f"`{name}` takes {takes}, found {len(arguments)}",
                inside.part(spelled.start, spelled.end) if inside else node.span,
                helps=(f"write `{name}<{', '.join('T' * needed)}>`",) if needed else (),
            )
            return None
        return Named(name, tuple(arguments))

    def length(self, length: int | str, spelled: Spelled, node: Scalar) -> int | None:
        if isinstance(length, int):
            return length
        constant = self.constants.get(length)
        if constant is None:
            known = {*self.constants, *self.counts}
            if length in self.counts:
                self.report.add(
                    "VM009",
                    f"the count `{length}` is only known when the module runs",
                    self.length_span(spelled, node),
                    helps=("make it a region of its own, or use a constant",),
                )
            else:
                self.unknown("VM009", "constant", length, known, spelled, node)
            return None
        self.named.add(length)
        if constant.value < 0:
            self.report.add(
                "VM016",
                f"`{length}` is {constant.value}, and no length can be negative",
                self.length_span(spelled, node),
            )
            return None
        return constant.value

    @staticmethod
    def length_span(spelled: Spelled, node: Scalar) -> Span:
        inside = node.text_span
        if inside is None or spelled.length is None:
            return node.span
        return inside.part(*spelled.length)

    def _suggested(self, what: str, name: str, known: object) -> tuple[str, ...]:
        """What may have been meant, of the first unknown names.

        Where there are more, an include is missing rather than a letter, and comparing
        all of them with all that is known would take minutes.
        """
        found = self._suggestions.get((what, name))
        if found is None:
            few = len(self._suggestions) < MOST_SUGGESTIONS
            found = did_you_mean(name, known) if few else ()
            self._suggestions[what, name] = found
        return found

    def unknown(
        self,
        code: str,
        what: str,
        name: str,
        known: object,
        spelled: Spelled,
        node: Scalar,
    ) -> None:
        from vmgen.schema.hints import type_hint

        if name in self.faulty:
            return
        inside = node.text_span
        span = node.span
        if inside is not None:
            place = spelled.length or (spelled.start, spelled.end)
            span = inside.part(*place)
        self.report.add(
            code,
            f"no {what} is named `{name}`",
            span,
            helps=(
                *self.visible.hint(name, node.file),
                *(type_hint(name) if what == "type" else ()),
                *self._suggested(what, name, known),
            ),
        )

    def enabled(self, node: Mapping) -> bool:
        """Whether the feature that `when` names is enabled, if it names one."""
        when = node.get("when")
        if not isinstance(when, Scalar):
            return True
        feature = self.features.get(when.value)
        if feature is None:
            self.report.add(
                "VM009",
                f"no feature is named `{when.value}`",
                when.span,
                helps=did_you_mean(when.value, self.features)
                or ("declare it under `features`",),
            )
            return False
        return feature.enabled

    def constant(self, node: Node | None) -> m.Constant | None:
        if not isinstance(node, Scalar):
            return None
        made = self.constants.get(node.value)
        if made is not None:
            self.named.add(node.value)
        elif node.value not in self.faulty:
            self.report.add(
                "VM009",
                f"no constant is named `{node.value}`",
                node.span,
                helps=self.visible.hint(node.value, node.file)
                or did_you_mean(node.value, self.constants),
            )
        return made
