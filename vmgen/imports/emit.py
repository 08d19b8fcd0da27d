"""A draft as the text of a schema, as a person would write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from vmgen.imports.draft import Declared, Draft, Part
from vmgen.reading.quoting import quoted
from vmgen.schema import types as t
from vmgen.targets.find import TARGETS
from vmgen.text import UNSEEN, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[str, str | None]
    """A type, and the part of it that something is about."""

WIDTH = 80
"""Characters of a line."""

UNREASONED = "?"
"""The reason of what is allowed until a person has written one."""

_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f{UNSEEN}]")
_PLAIN = re.compile(r"[A-Za-z0-9_(<`/.'][^\n]*")
_WORDS = re.compile(
    r"(?i)(~|null|true|false|yes|no|on|off|y|n|[-+.0-9][-+.,_0-9a-fx:]*)"
)
_MEANT = re.compile(r":(\s|$)|\s#")
_IN_BRACES = re.compile(r"[\[\]{},]")

_PARTS = {
    "struct": "fields", "union": "fields", "enum": "variants", "functions": "functions",
}  # fmt: skip


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
) -> Text:
    """The text of a draft. `head` are the lines of the comment that it begins with,
    `allowed` has the names of rules by place, and `expected` by type the parts whose
    offsets it states; if that is None it states no sizes either."""
    writer = _Writer(allowed, expected, in_place(draft))
    targets = ", ".join(draft.targets)
    lines: list[tuple[str, Place | None]] = [
        *((f"# {line}", None) for line in head),
        ("vmgen: 1", None),
        (f"module: {module}", None),
        (f"targets: [{targets}]", None),
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


def in_place(draft: Draft) -> dict[str, Declared]:
    """The types that are written where the one field is that is of them, by name."""
    held = {
        part.type.name
        for declared in draft.declared.values()
        if declared.kind in ("struct", "union")
        for part in declared.parts
        if isinstance(part.type, t.Named)
    }
    return {
        name: declared
        for name, declared in draft.declared.items()
        if declared.in_place
        and declared.kind in ("struct", "union")
        and declared.align is None
        and declared.packed is None
        and not declared.pinned
        and name in held
    }


class _Writer:
    def __init__(
        self,
        allowed: Mapping[tuple[str, str | None], Sequence[str]],
        expected: Mapping[str, Sequence[str]] | None,
        in_place: Mapping[str, Declared],
    ) -> None:
        self._allowed = allowed
        self._expected = expected
        self.in_place = in_place

    def declared(self, declared: Declared) -> Iterator[tuple[str, Place | None]]:
        name = declared.name
        here: Place = (name, None)
        if declared.kind == "opaque" and not declared.doc:
            yield f"  {name}: {{kind: opaque}}", here
            return
        yield f"  {name}:", here
        for line in self._keys(declared):
            yield f"    {line}", here
        if declared.kind in _PARTS:
            yield f"    {_PARTS[declared.kind]}:", here
            for line, place in self._parts(declared):
                yield f"      {line}", place
        for line in self._allows(here):
            yield f"    {line}", here
        stated = self._expected is not None and declared.sizes
        if stated and declared.kind not in ("foreign", "opaque"):
            yield f"    expect_size: {measured(declared.sizes)}", here

    def _keys(self, declared: Declared) -> Iterator[str]:
        yield f"kind: {declared.kind}"
        if declared.kind == "foreign":
            yield f"size: {by_width(declared.sizes)}"
            yield f"align: {by_width(declared.aligns)}"
            yield "vm_safe: false"
        if declared.params:
            yield f"params: [{', '.join(declared.params)}]"
        if declared.kind == "newtype":
            yield f"of: {_scalar(str(declared.parts[0].type))}"
        if declared.kind == "enum":
            yield f"tag: {declared.tag}"
        if declared.align is not None:
            yield f"align: {declared.align}"
        if declared.packed is not None:
            yield f"packed: {'true' if declared.packed == 1 else declared.packed}"
        if declared.pinned:
            yield "pinned: true"
        if declared.rust_path is not None:
            yield f"rust_path: {_scalar(declared.rust_path)}"
        yield from _doc(declared.doc, 4)

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
        yield f"{part.name}:", here
        if inner.name != f"{declared.name}_{part.name.lstrip('_')}":
            yield f"  name: {inner.name}", (inner.name, None)
        if part.anonymous:
            yield "  anonymous: true", here
        expected = (self._expected or {}).get(declared.name, ())
        if part.name in expected and part.offsets:
            yield f"  expect_offset: {measured(part.offsets)}", here
        for line in _doc(part.doc or inner.doc, 8):
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
        elif declared.kind == "enum":
            entries = {"value": str(part.value)}
            if part.type is not None:
                entries["type"] = str(part.type)
        else:
            entries = {"type": str(part.type)}
            expected = (self._expected or {}).get(declared.name, ())
            if part.name in expected and part.offsets:
                entries["expect_offset"] = measured(part.offsets)
        yield from self._entries(part, entries, (declared.name, part.name))

    def _entries(
        self, part: Part, entries: Mapping[str, str], place: Place
    ) -> Iterator[str]:
        """A part in the shortest form that has room for what is said of it."""
        rules = self._allowed.get(place, ())
        doc = cleaned(part.doc)
        if len(entries) == 1 and not doc and not rules:
            (value,) = entries.values()
            yield f"{part.name}: {_scalar(value)}"
            return
        inside = [f"{key}: {_braced(key, value)}" for key, value in entries.items()]
        if doc:
            inside.append(f"doc: {_braced('doc', doc)}")
        if rules:
            inside.append(f"allow: {{{_rules(rules)}}}")
        line = f"{part.name}: {{{', '.join(inside)}}}"
        if len(line) + 6 <= WIDTH and "\n" not in doc:
            yield line
            return
        yield f"{part.name}:"
        for key, value in entries.items():
            written = value if value.startswith("{") else _scalar(value)
            yield f"  {key}: {written}"
        for line in (*_doc(part.doc, 8), *self._allows(place)):
            yield f"  {line}"

    def _allows(self, place: Place) -> Iterator[str]:
        rules = self._allowed.get(place, ())
        if rules:
            yield f"allow: {{{_rules(rules)}}}"


def _rules(rules: Sequence[str]) -> str:
    return ", ".join(f'{rule}: "{UNREASONED}"' for rule in rules)


def measured(numbers: Mapping[str, int]) -> str:
    """Bytes by target as an expectation has them: one number, or one for each width of
    pointers, or for each target."""
    by_pointer = _widths(numbers)
    if by_pointer is None:
        return "{" + ", ".join(f"{k}: {v}" for k, v in numbers.items()) + "}"
    return _by(by_pointer)


def by_width(numbers: Mapping[str, int]) -> str:
    """Bytes by target as a foreign type has them: the largest of each width, and none for
    the widths that nothing is known of."""
    widths: dict[int, int] = {}
    for target, number in numbers.items():
        width = TARGETS[target].pointer_width
        widths[width] = max(number, widths.get(width, 0))
    return _braces(widths)


def _widths(numbers: Mapping[str, int]) -> dict[int, int] | None:
    """Bytes by the width of pointers; None where that doesn't decide."""
    widths: dict[int, int] = {}
    for target, number in numbers.items():
        if widths.setdefault(TARGETS[target].pointer_width, number) != number:
            return None
    return widths


def _by(widths: Mapping[int, int]) -> str:
    if len(set(widths.values())) == 1:
        return str(next(iter(widths.values())))
    return _braces(widths)


def _braces(numbers: Mapping[int, int]) -> str:
    ordered = sorted(numbers.items(), reverse=True)
    return "{" + ", ".join(f"{k}: {v}" for k, v in ordered) + "}"


def cleaned(doc: str) -> str:
    """Documentation without what nobody sees; its paragraphs stay apart."""
    text = _UNSEEN.sub("", doc.replace("\t", " ").replace("\r", ""))
    return "\n".join(wrap(text, 10_000))


def _doc(doc: str, indent: int) -> Iterator[str]:
    """The lines of a `doc`, as a key of what is indented so far."""
    doc = cleaned(doc)
    if not doc:
        return
    line = f"doc: {_scalar(doc)}"
    if "\n" not in doc and len(line) + indent <= WIDTH:
        yield line
        return
    yield "doc: |-" if "\n" in doc else "doc: >-"
    yield from (f"  {line}".rstrip() for line in wrap(doc, WIDTH - indent - 2))


def _scalar(text: str) -> str:
    """A text as YAML takes it for that on a line of its own."""
    plain = (
        _PLAIN.fullmatch(text)
        and not _MEANT.search(text)
        and not (_WORDS.fullmatch(text) and not text.isdigit() and not _is_number(text))
        and not text.startswith(("'", "`"))
    )
    return text if plain or _is_number(text) else quoted(text)


def _braced(key: str, text: str) -> str:
    """A text as YAML takes it for that inside of braces."""
    if key == "expect_offset" or _is_number(text):
        return text
    made = _scalar(text)
    return quoted(text) if made == text and _IN_BRACES.search(text) else made


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]+", text) is not None
