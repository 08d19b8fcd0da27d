"""The names a module declares besides its types: constants, features, targets.

Made before any declaration is built, since all of those refer to them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.reading.source import NULLS, Mapping, Node, Scalar, Sequence, members
from vmgen.schema import model as m
from vmgen.schema.types import INT_BITS, Int
from vmgen.schema.values import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as ReadOnly

    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import Span
    from vmgen.schema.files import Document
    from vmgen.schema.visible import Elsewhere, Visible

NARROWEST = 16
"""The width in bits of the narrowest pointer there is, which a pointer-sized constant
fits: it has one value for all targets."""


def text_of(node: Node | None) -> str:
    """The text of a scalar that may be missing."""
    if node is None or not isinstance(node, Scalar):
        return ""
    return "" if node.value in NULLS and node.is_null else node.value


def former_names(node: Mapping) -> tuple[str, ...]:
    """What something was called before, the latest name first."""
    was = node.get("was")
    if isinstance(was, Sequence):
        return tuple(text_of(item) for item in was.items)
    return (text_of(was),) if was is not None else ()


def entries(documents: list[Document], key: str) -> Iterator[tuple[Scalar, Node]]:
    """The entries of one top-level mapping, over all files in order."""
    for document in documents:
        for entry in members(document.root.get(key)):
            yield entry, entry.node


def taken(documents: list[Document], key: str) -> Iterator[tuple[Scalar, Node]]:
    """The same, and each is gone from its file then: the nodes of a large schema take
    more memory than what is made of them, so that none is kept for long."""
    for document in documents:
        node = document.root.get(key)
        if isinstance(node, Mapping):
            for name in list(node.entries):
                entry = node.entries.pop(name)
                yield entry, entry.node
        else:
            yield from ((entry, entry.node) for entry in members(node))


def generic(documents: list[Document], visible: Visible) -> dict[str, int]:
    """How many parameters each generic record has, by its name."""
    found = {
        name: len(declared.params)
        for name, declared in visible.types.items()
        if isinstance(declared, m.Struct) and declared.params
    }
    for name, node in entries(documents, "types"):
        params = node.get("params") if isinstance(node, Mapping) else None
        if isinstance(params, Sequence):
            found[name.value] = len(params.items)
    return found


def unique(
    entries: Iterable[tuple[Scalar, Node]],
    what: str,
    report: Report,
    elsewhere: ReadOnly[str, Elsewhere] = MappingProxyType({}),
) -> Iterator[tuple[Scalar, Node]]:
    """The entries without those whose name another file declares, which are reported.

    `elsewhere` are names that modules declare which this one uses.
    """
    seen: dict[str, Span] = {}
    for name, value in entries:
        first = seen.get(name.value)
        other = elsewhere.get(name.value)
        if other is not None:
            report.add(
                "VM017",
                f"{what} `{name.value}` is declared by the module `{other.module}` too",
                name.span,
                notes=(
                    f"it is declared at {other.span.file.name}:{other.span.line}, and "
                    "this module uses that one",
                ),
                helps=("remove it here, or give it another name",),
            )
        elif first is not None:
            report.add(
                "VM017",
                f"{what} `{name.value}` is declared twice",
                name.span,
                notes=(f"first declared at {first.file.name}:{first.line}",),
            )
        else:
            seen[name.value] = name.span
            yield name, value


def int_range(type: Int, pointer_width: int = 64) -> tuple[int, int]:
    """The least and the greatest value of an integer type."""
    bits = INT_BITS[type.name] or pointer_width
    if type.name.startswith("i"):
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1


def _narrowest(type: Int) -> tuple[str, ...]:
    """A note on what a constant has to fit, which its type alone doesn't tell."""
    if INT_BITS[type.name] is not None:
        return ()
    low, high = int_range(type, NARROWEST)
    return (
        f"a constant of that type has to fit the narrowest pointer there is, {NARROWEST} "
        f"bits: it goes from {low} to {high}",
    )


def constants(
    documents: list[Document], report: Report, visible: Visible
) -> dict[str, m.Constant]:
    """The declared constants; one with a fault is reported and left out."""
    made = {}
    declared = entries(documents, "constants")
    for key, node in unique(
        declared, "the constant", report, visible.constants_elsewhere
    ):
        assert isinstance(node, Mapping)
        type = Int(text_of(node.get("type")))
        value, literal = node.get("value"), node.get("bytes")
        if (value is None) == (literal is None):
            report.add(
                "VM006",
                f"the constant `{key.value}` needs one of `value` and `bytes`",
                key.span,
            )
            continue
        low, high = int_range(type, pointer_width=NARROWEST)
        ascii_text = None
        if value is not None:
            held = number(value)
            place = value
        else:
            assert literal is not None
            place = literal
            ascii_text = text_of(literal)
            size = (INT_BITS[type.name] or NARROWEST) // 8
            if not ascii_text.isascii() or len(ascii_text) != size:
                report.add(
                    "VM016",
                    f"`bytes` of `{type}` is {size} ASCII characters",
                    literal.span,
                    notes=_narrowest(type),
                )
                continue
            held = int.from_bytes(ascii_text.encode(), "little")
        assert held is not None
        if not low <= held <= high:
            report.add(
                "VM016",
                f"{held} doesn't fit `{type}`",
                place.span,
                notes=_narrowest(type),
            )
            continue
        made[key.value] = m.Constant(
            key.value,
            key.span,
            type,
            held,
            text_of(node.get("doc")),
            ascii_text,
            former_names(node),
            _word(node.get("bit_of")),
            m.Called(*[_word(node.get(f"{x}_name")) for x in ("c", "rust", "python")]),
        )
    return made


def _word(node: Node | None) -> m.Word | None:
    return m.Word(node.value, node.span) if isinstance(node, Scalar) else None


def _words(node: Node | None) -> tuple[m.Word, ...]:
    """Those of a list, or the one that stands for a list of one."""
    items = node.items if isinstance(node, Sequence) else [node]
    return tuple(word for item in items if (word := _word(item)))


def owner(node: Node | None) -> m.OwnersHeader | None:
    """The headers that own all that a module describes, if any do."""
    if not isinstance(node, Mapping):
        return None
    headers, defines, without = map(node.get, ("header", "defines", "without"))
    return m.OwnersHeader(_words(headers), _words(defines), _words(without))


def features(
    documents: list[Document], overrides: ReadOnly[str, bool], report: Report
) -> dict[str, m.Feature]:
    """The declared features, each enabled or not after the overrides."""
    made = {}
    for key, node in unique(entries(documents, "features"), "the feature", report):
        doc = ""
        enabled = True
        if isinstance(node, Mapping):
            doc = text_of(node.get("doc"))
            enabled = text_of(node.get("default")) != "false"
        else:
            enabled = text_of(node) == "true"
        enabled = overrides.get(key.value, enabled)
        made[key.value] = m.Feature(key.value, key.span, enabled, doc)
    return made
