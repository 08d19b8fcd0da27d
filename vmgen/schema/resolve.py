"""From documents that are well formed to the frozen model: every name is looked up.

A reference that leads nowhere is reported and what contains it is left out, so that
the rules can still look at the rest. `load_module` is the way in.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vmgen.diagnostics import did_you_mean
from vmgen.schema import model as m
from vmgen.schema import symbols
from vmgen.schema.files import Document, read_documents
from vmgen.schema.shapes import number, point
from vmgen.schema.symbols import text_of
from vmgen.schema.types import (
    Array,
    FnPointer,
    Int,
    Named,
    Option,
    Param,
    RawPointer,
    Type,
    UnsafeCell,
    VmPtr,
)
from vmgen.schema.typetext import Spelled, parse_signature, parse_type
from vmgen.source import Mapping, Node, Scalar, Sequence, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as ReadOnly
    from pathlib import Path

    from vmgen.diagnostics import Report

_NO_ALLOWS: ReadOnly[str, m.Allow] = MappingProxyType({})
_NO_ACCESS: frozenset[str] = frozenset()


def load_module(
    path: Path,
    name: str,
    report: Report,
    features: ReadOnly[str, bool] | None = None,
) -> m.Module | None:
    """The module that the schema at `path` describes, or None if it can't be made.

    `name` is the path as messages print it. Every fault goes to `report`; a module
    that comes back together with errors is good for more checks and nothing else.
    """
    documents = read_documents(path, name, report)
    if not documents or not documents[0].sound:
        return None
    if not all(d.sound for d in documents):
        return None
    return _Resolver(documents, features or {}, report).module()


class _Resolver:
    """Builds one module; holds the tables that names are looked up in."""

    def __init__(
        self,
        documents: list[Document],
        overrides: ReadOnly[str, bool],
        report: Report,
    ) -> None:
        self.documents = documents
        self.report = report
        self.constants = symbols.constants(documents, report)
        self.features = symbols.features(documents, overrides, report)
        self.declared = {k.value for k, _ in symbols.entries(documents, "types")}
        self.counts: dict[str, m.Count] = {}
        self._resolved: dict[Spelled, Type | None] = {}

    def module(self) -> m.Module:
        first = self.documents[0]
        root = first.root
        name_node = root.entries["module"][1]
        types: dict[str, m.Declaration] = {}
        for key, node in symbols.unique(
            self.documents, "types", "the type", self.report
        ):
            assert isinstance(node, Mapping)
            made = self.declaration(key, node)
            if made is not None:
                types[key.value] = made
        return m.Module(
            name=text_of(name_node),
            path=first.file.path,
            span=name_node.span,
            doc=text_of(root.get("doc")),
            files=tuple(d.file for d in self.documents),
            constants=MappingProxyType(self.constants),
            features=MappingProxyType(self.features),
            types=MappingProxyType(types),
            targets=symbols.targets(self.documents, self.report),
            padding=(
                "explicit" if text_of(root.get("padding")) == "explicit" else "implicit"
            ),
            all_targets="targets" not in root.entries,
        )

    def type(self, node: Node, *, signature: bool = False) -> m.TypeText | None:
        """The resolved type that a scalar spells; None after a reported fault."""
        assert isinstance(node, Scalar)
        spelled = (parse_signature if signature else parse_type)(node.value)
        known = self._resolved.get(spelled)
        if known is None:
            known = self.look_up(spelled, node)
            if known is None:
                return None
            self._resolved[spelled] = known
        return m.TypeText(known, spelled, node)

    def look_up(self, spelled: Spelled, node: Scalar) -> Type | None:
        parts = [self.look_up(part, node) for part in spelled.parts]
        sound = all(p is not None for p in parts)
        inner = [p for p in parts if p is not None]
        match spelled.type:
            case Named(name):
                if name in self.declared:
                    return spelled.type
                self.unknown("VM008", "type", name, self.declared, spelled, node)
                return None
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

    def unknown(
        self,
        code: str,
        what: str,
        name: str,
        known: object,
        spelled: Spelled,
        node: Scalar,
    ) -> None:
        inside = node.text_span
        span = node.span
        if inside is not None:
            place = spelled.length or (spelled.start, spelled.end)
            span = inside.part(*place)
        self.report.add(
            code, f"no {what} is named `{name}`", span, helps=did_you_mean(name, known)
        )

    def allows(self, node: Mapping) -> ReadOnly[str, m.Allow]:
        allow = node.get("allow")
        if not isinstance(allow, Mapping):
            return _NO_ALLOWS
        return MappingProxyType(
            {k.value: m.Allow(k.value, text_of(v), k.span) for k, v in allow}
        )

    def expectation(self, node: Node | None) -> m.Expectation | None:
        if node is None:
            return None
        if isinstance(node, Mapping):
            by_key: dict[int | str | None, int] = {}
            for key, value in node:
                width = number(key)
                by_key[key.value if width is None else width] = number(value) or 0
            return m.Expectation(MappingProxyType(by_key), point(node))
        return m.Expectation({None: number(node) or 0}, node.span)

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
        if made is None:
            self.report.add(
                "VM009",
                f"no constant is named `{node.value}`",
                node.span,
                helps=did_you_mean(node.value, self.constants),
            )
        return made

    def fields(self, node: Node | None) -> tuple[m.Field, ...]:
        if not isinstance(node, Mapping):
            return ()
        made = []
        for key, value in node.entries.values():
            if isinstance(value, Mapping):
                field = self.long_field(key, value)
            else:
                text = self.type(value)
                field = m.Field(key.value, key.span, text) if text else None
            if field is not None:
                made.append(field)
        return tuple(made)

    def long_field(self, key: Scalar, node: Mapping) -> m.Field | None:
        enabled = self.enabled(node)
        text = self.type(node.entries["type"][1])
        constant = self.constant(node.get("value"))
        if text is None or not enabled:
            return None
        return m.Field(
            name=key.value,
            span=key.span,
            text=text,
            doc=text_of(node.get("doc")),
            access=self.access(node),
            endian="little" if text_of(node.get("endian")) == "little" else "native",
            expect_offset=self.expectation(node.get("expect_offset")),
            value=constant.name if constant else None,
            allow=self.allows(node),
        )

    @staticmethod
    def access(node: Mapping) -> frozenset[str]:
        listed = node.get("access")
        if not isinstance(listed, Sequence):
            return _NO_ACCESS
        return frozenset(text_of(item) for item in listed.items)

    def declaration(self, key: Scalar, node: Mapping) -> m.Declaration | None:
        kind = text_of(node.get("kind"))
        build: Callable[[m.Declaration, Mapping], m.Declaration | None]
        build = getattr(self, f"build_{kind}")
        base = m.Declaration(
            name=key.value,
            span=key.span,
            doc=text_of(node.get("doc")),
            allow=self.allows(node),
            expect_size=self.expectation(node.get("expect_size")),
            expect_align=self.expectation(node.get("expect_align")),
        )
        return build(base, node)

    def build_struct(self, base: m.Declaration, node: Mapping) -> m.Declaration:
        return m.Struct(
            **_common(base),
            fields=self.fields(node.get("fields")),
            align=_number_of(node, "align"),
            copy=text_of(node.get("copy")) == "true",
            max_offset=_number_of(node, "max_offset"),
        )

    def build_union(self, base: m.Declaration, node: Mapping) -> m.Declaration:
        return m.Union(
            **_common(base),
            fields=self.fields(node.get("fields")),
            align=_number_of(node, "align"),
        )

    def build_enum(self, base: m.Declaration, node: Mapping) -> m.Declaration:
        tag = Int(text_of(node.get("tag")))
        variants = tuple(self.variants(node.entries["variants"][1]))
        if any(v.text for v in variants):
            return m.TaggedEnum(**_common(base), tag=tag, variants=variants)
        return m.PlainEnum(**_common(base), tag=tag, variants=variants)

    def variants(self, node: Node) -> Iterator[m.Variant]:
        assert isinstance(node, Mapping)
        following = 0
        for key, value in node:
            text = None
            doc = ""
            given: int | None = None
            allow = _NO_ALLOWS
            enabled = True
            if isinstance(value, Mapping):
                enabled = self.enabled(value)
                typed = value.get("type")
                if typed is not None:
                    text = self.type(typed)
                    enabled = enabled and text is not None
                given = self.discriminant(value.get("value"))
                doc = text_of(value.get("doc"))
                allow = self.allows(value)
            else:
                assert isinstance(value, Scalar)
                given = number(value)
                if given is None and not value.is_null:
                    text = self.type(value)
                    enabled = text is not None
            discriminant = following if given is None else given
            following = discriminant + 1
            if enabled:
                yield m.Variant(key.value, key.span, discriminant, text, doc, allow)

    def discriminant(self, node: Node | None) -> int | None:
        if node is None:
            return None
        value = number(node)
        if value is not None:
            return value
        constant = self.constant(node)
        return constant.value if constant else None

    def build_newtype(self, base: m.Declaration, node: Mapping) -> m.Declaration | None:
        text = self.type(node.entries["of"][1])
        if text is None:
            return None
        return m.Newtype(**_common(base), of=text, inner=text.type)

    def build_opaque(self, base: m.Declaration, node: Mapping) -> m.Declaration:
        return m.Opaque(**_common(base))

    def build_functions(self, base: m.Declaration, node: Mapping) -> m.Declaration:
        slots = []
        listed = node.entries["functions"][1]
        assert isinstance(listed, Mapping)
        for key, value in listed:
            doc, allow, enabled = "", _NO_ALLOWS, True
            signature: Node = value
            if isinstance(value, Mapping):
                signature = value.entries["signature"][1]
                doc = text_of(value.get("doc"))
                allow = self.allows(value)
                enabled = self.enabled(value)
            text = self.type(signature, signature=True)
            if text is not None and enabled:
                assert isinstance(text.type, FnPointer)
                slots.append(m.Slot(key.value, key.span, text.type, text, doc, allow))
        return m.Functions(**_common(base), slots=tuple(slots))

    def build_foreign(self, base: m.Declaration, node: Mapping) -> m.Declaration:
        return m.Foreign(
            **_common(base),
            rust=text_of(node.get("rust")) or None,
            size=_per_width(node.entries["size"][1]),
            align=_per_width(node.entries["align"][1]),
        )

    def build_context(self, base: m.Declaration, node: Mapping) -> m.Declaration:
        self.counts = {}
        for key in ("counts", "flags"):
            for name, doc in _names(node.get(key)):
                if name.value in self.counts:
                    first = self.counts[name.value].span
                    self.report.add(
                        "VM017",
                        f"the count `{name.value}` is declared twice",
                        name.span,
                        notes=(f"first declared on line {first.line}",),
                    )
                    continue
                self.counts[name.value] = m.Count(
                    name.value, name.span, doc, flag=key == "flags"
                )
        regions = tuple(self.regions(node.get("regions")))
        fields = self.fields(node.get("fields"))
        counts = tuple(self.counts.values())
        self.counts = {}
        return m.Context(
            **_common(base),
            counts=counts,
            fields=fields,
            regions=regions,
            align=_number_of(node, "align"),
            max_offset=_number_of(node, "max_offset"),
        )

    def regions(self, node: Node | None) -> Iterator[m.Region]:
        if not isinstance(node, Mapping):
            return
        for key, value in node:
            long = value if isinstance(value, Mapping) else None
            text_node = long.entries["type"][1] if long else value
            assert isinstance(text_node, Scalar)
            when = None
            if long is not None:
                when_node = long.get("when")
                if isinstance(when_node, Scalar):
                    flag = self.counts.get(when_node.value)
                    if flag is not None and flag.flag:
                        when = flag.name
                    elif flag is not None:
                        self.report.add(
                            "VM009",
                            f"`{flag.name}` is a count, and `when` takes a flag",
                            when_node.span,
                            helps=("list it under `flags` instead of `counts`",),
                        )
                        continue
                    elif not self.enabled_region(when_node):
                        continue
            made = self.region_type(text_node)
            if made is None:
                continue
            text, element, count = made
            yield m.Region(
                name=key.value,
                span=key.span,
                text=text,
                element=element,
                count=count,
                when=when,
                align=_region_align(long),
                doc=text_of(long.get("doc")) if long else "",
                access=self.access(long) if long else _NO_ACCESS,
                allow=self.allows(long) if long else _NO_ALLOWS,
            )

    def enabled_region(self, when: Scalar) -> bool:
        """Whether a region's feature is enabled; a name that is no feature is
        looked for among the flags too when it comes to suggestions."""
        feature = self.features.get(when.value)
        if feature is not None:
            return feature.enabled
        flags = {c.name for c in self.counts.values() if c.flag}
        self.report.add(
            "VM009",
            f"no flag or feature is named `{when.value}`",
            when.span,
            helps=did_you_mean(when.value, {*flags, *self.features})
            or (f"add `{when.value}` to the context's `flags`",),
        )
        return False

    def region_type(
        self, node: Scalar
    ) -> tuple[m.TypeText, Type, str | int | None] | None:
        """A region's text, its element and how many there are (None for one)."""
        spelled = parse_type(node.value)
        if not isinstance(spelled.type, Array):
            text = self.type(node)
            return (text, text.type, None) if text else None
        element = self.look_up(spelled.parts[0], node)
        length = spelled.type.length
        if isinstance(length, str) and length in self.counts:
            count = self.counts[length]
            if count.flag:
                self.report.add(
                    "VM009",
                    f"`{length}` is a flag, and an array's length is a count",
                    self.length_span(spelled, node),
                    helps=(f"write the type alone, with `when: {length}`",),
                )
                return None
            if element is None:
                return None
            array = Array(element, length)
            return m.TypeText(array, spelled, node), element, length
        if isinstance(length, str) and length not in self.constants:
            self.unknown(
                "VM009",
                "count or constant",
                length,
                {*self.counts, *self.constants},
                spelled,
                node,
            )
            return None
        size = self.length(length, spelled, node)
        if element is None or size is None:
            return None
        return m.TypeText(Array(element, size), spelled, node), element, size


def _common(base: m.Declaration) -> dict[str, Any]:
    return {
        "name": base.name,
        "span": base.span,
        "doc": base.doc,
        "allow": base.allow,
        "expect_size": base.expect_size,
        "expect_align": base.expect_align,
    }


def _number_of(node: Mapping, key: str) -> int | None:
    value = node.get(key)
    return number(value) if value is not None else None


def _region_align(node: Mapping | None) -> int | None:
    """Bytes to round to: 1 for `none`, None when the key is missing."""
    value = node.get("align") if node else None
    if value is None:
        return None
    return 1 if text_of(value) == "none" else number(value)


def _names(node: Node | None) -> Iterator[tuple[Scalar, str]]:
    if isinstance(node, Mapping):
        for key, value in node:
            yield key, text_of(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            assert isinstance(item, Scalar)
            yield item, ""


def _per_width(node: Node) -> ReadOnly[int, int]:
    if isinstance(node, Mapping):
        return MappingProxyType({int(k.value): number(v) or 0 for k, v in node})
    size = number(node) or 0
    return MappingProxyType({16: size, 32: size, 64: size})
