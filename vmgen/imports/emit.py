"""A draft as the text of a schema, as a person would write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from vmgen.imports.draft import Declared, Draft, Part
from vmgen.imports.scalars import (
    AS_WRITTEN,
    WIDTH,
    braced,
    by_width,
    cleaned,
    doc_lines,
    key_of,
    measured,
    scalar,
)
from vmgen.imports.top import UNREASONED, in_place, top
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[str, str | None]
    """A type, and the part of it that something is about."""


_PARTS = {
    "struct": "fields", "union": "fields", "enum": "variants", "functions": "functions",
}  # fmt: skip


MODULE = ("", None)
"""The place of what is allowed in all of the module."""


class Text(msgspec.Struct, frozen=True):
    """A schema's text, and what each of its lines is about, from the first on."""

    text: str
    places: tuple[tuple[str, str | None] | None, ...]


def emit(
    draft: Draft,
    head: Sequence[str],
    module: str,
    allowed: Mapping[tuple[str, str | None], Sequence[str]],
    expected: Mapping[str, Sequence[str]] | None,
    *,
    profile: bool = False,
) -> Text:
    """The text of a draft. `head` are the lines of the comment that it begins with,
    `allowed` has the names of rules by place, and `expected` by type the parts whose
    offsets it states; if that is None it states no sizes either. With `profile` it says
    which one it lives by."""
    writer = _Writer(allowed, expected, in_place(draft), draft.targets)
    targets = ", ".join(draft.targets)
    lines: list[tuple[str, Place | None]] = [
        *((f"# {line}", None) for line in head),
        ("vmgen: 1", None),
        (f"module: {module}", None),
        *((line, None) for line in top(draft, profile=profile)),
        (f"targets: [{targets}]", None),
        *((line, None) for line in writer.allows(MODULE)),
        ("", None),
        ("types:", None),
    ]
    brief = True
    for declared in draft.declared.values():
        if declared.name in writer.in_place:
            continue
        was_brief, brief = brief, declared.kind == "opaque" and not declared.doc
        if not (brief and was_brief) and lines[-1][0] != "types:":
            lines.append(("", None))
        lines += writer.declared(declared)
    text = "".join(f"{line.rstrip()}\n" for line, _ in lines)
    return Text(text, tuple(place for _, place in lines))


class _Writer:
    def __init__(
        self,
        allowed: Mapping[tuple[str, str | None], Sequence[str]],
        expected: Mapping[str, Sequence[str]] | None,
        in_place: Mapping[str, Declared],
        targets: Sequence[str],
    ) -> None:
        self._targets = targets
        self._allowed = allowed
        self._expected = expected
        self.in_place = in_place

    def declared(self, declared: Declared) -> Iterator[tuple[str, Place | None]]:
        name = declared.name
        here: Place = (name, None)
        if declared.kind == "opaque" and not declared.doc:
            entries = {"kind": "opaque", **declared.called}
            pairs = (f"{key}: {braced(key, value)}" for key, value in entries.items())
            yield f"  {key_of(name)}: {{{', '.join(pairs)}}}", here
            return
        yield f"  {key_of(name)}:", here
        for line in self._keys(declared):
            yield f"    {line}", here
        if declared.kind in _PARTS:
            yield f"    {_PARTS[declared.kind]}:", here
            for line, place in self._parts(declared):
                yield f"      {line}", place
        for line in self.allows(here):
            yield f"    {line}", here
        stated = self._expected is not None and declared.sizes and not declared.is_open
        if stated and declared.kind not in ("foreign", "opaque"):
            yield f"    expect_size: {measured(declared.sizes, self._targets)}", here

    def _keys(self, declared: Declared) -> Iterator[str]:
        yield f"kind: {declared.kind}"
        yield from (f"{key}: {scalar(name)}" for key, name in declared.called.items())
        if declared.kind == "foreign":
            yield f"size: {by_width(declared.sizes, self._targets)}"
            yield f"align: {by_width(declared.aligns, self._targets)}"
            yield "vm_safe: false"
        if declared.params:
            yield f"params: [{', '.join(declared.params)}]"
        if declared.kind == "newtype":
            yield f"of: {scalar(str(declared.parts[0].type))}"
        if declared.kind == "enum":
            yield f"tag: {declared.tag}"
        if declared.align is not None:
            yield f"align: {declared.align}"
        if declared.packed is not None:
            yield f"packed: {'true' if declared.packed == 1 else declared.packed}"
        if declared.pinned:
            yield "pinned: true"
        if declared.rust_path is not None:
            yield f"rust_path: {scalar(declared.rust_path)}"
        yield from doc_lines(declared.doc, 4)

    def _parts(self, declared: Declared) -> Iterator[tuple[str, Place | None]]:
        for part in declared.parts:
            inner = None
            if declared.kind in ("struct", "union") and isinstance(part.type, t.Named):
                inner = self.in_place.get(part.type.name)
            if inner is not None:
                yield from self._in_place(declared, part, inner)
                continue
            for line in self._part(declared, part):
                yield line, (declared.name, part.name)

    def _in_place(
        self, declared: Declared, part: Part, inner: Declared
    ) -> Iterator[tuple[str, Place | None]]:
        """A field with the struct or the union that it is."""
        here: Place = (declared.name, part.name)
        yield f"{key_of(part.name)}:", here
        if inner.name != f"{declared.name}_{part.name.lstrip('_')}":
            yield f"  name: {inner.name}", (inner.name, None)
        if part.anonymous:
            yield "  anonymous: true", here
        for key, value in self._about(declared, part).items():
            written = value if key in AS_WRITTEN else scalar(value)
            yield f"  {key}: {written}", here
        for line in doc_lines(part.doc or inner.doc, 8):
            yield f"  {line}", here
        rules = dict.fromkeys(
            [*self._allowed.get(here, ()), *self._allowed.get((inner.name, None), ())]
        )
        if rules:
            yield f"  allow: {{{_rules([*rules])}}}", here
        yield f"  {inner.kind}:", here
        for line, place in self._parts(inner):
            yield f"    {line}", place

    def _part(self, declared: Declared, part: Part) -> Iterator[str]:
        if declared.kind == "functions":
            text = str(part.type).removeprefix("fn")
            entries = {"signature": text}
            if part.nullable:
                entries["nullable"] = "true"
        elif declared.kind == "enum":
            entries = {"value": str(part.value)}
            if part.type is not None:
                entries["type"] = str(part.type)
        else:
            entries = {"type": f"[{part.type}]" if part.open else str(part.type)}
            if part.bits is not None:
                entries["bits"] = str(part.bits)
        entries |= self._about(declared, part)
        yield from self._entries(part, entries, (declared.name, part.name))

    def _about(self, declared: Declared, part: Part) -> dict[str, str]:
        """What is said of a part beside its type."""
        entries = dict(part.called)
        if part.align is not None:
            entries["align"] = str(part.align)
        if part.volatile:
            entries["volatile"] = "true"
        if part.on:
            entries["on"] = part.on
        expected = (self._expected or {}).get(declared.name, ())
        if part.name in expected and part.offsets and part.bits is None:
            entries["expect_offset"] = measured(part.offsets, self._targets)
        return entries

    def _entries(
        self, part: Part, entries: Mapping[str, str], place: Place
    ) -> Iterator[str]:
        """A part in the shortest form that has room for what is said of it."""
        rules = self._allowed.get(place, ())
        doc = cleaned(part.doc)
        if len(entries) == 1 and not doc and not rules:
            (value,) = entries.values()
            yield f"{key_of(part.name)}: {scalar(value)}"
            return
        inside = [f"{key}: {braced(key, value)}" for key, value in entries.items()]
        if doc:
            inside.append(f"doc: {braced('doc', doc)}")
        if rules:
            inside.append(f"allow: {{{_rules(rules)}}}")
        line = f"{key_of(part.name)}: {{{', '.join(inside)}}}"
        if len(line) + 6 <= WIDTH and "\n" not in doc:
            yield line
            return
        yield f"{key_of(part.name)}:"
        for key, value in entries.items():
            written = value if key in AS_WRITTEN else scalar(value)
            yield f"  {key}: {written}"
        for line in (*doc_lines(part.doc, 8), *self.allows(place)):
            yield f"  {line}"

    def allows(self, place: Place) -> Iterator[str]:
        rules = self._allowed.get(place, ())
        if rules:
            yield f"allow: {{{_rules(rules)}}}"


def _rules(rules: Sequence[str]) -> str:
    return ", ".join(f'{rule}: "{UNREASONED}"' for rule in rules)
