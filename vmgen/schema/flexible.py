"""Structs that end in an array of which only the elements are known: flexible array members.

Such a struct is a context of one region, whose count is known when the program runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.source import Entry, Mapping, Scalar, members
from vmgen.schema import model as m
from vmgen.schema.allowing import allows_of
from vmgen.schema.members import (
    called_of,
    common,
    fields_of,
    for_compilers,
    number_of,
    word_of,
)
from vmgen.schema.symbols import former_names, text_of
from vmgen.schema.tokens import TypeSyntaxError
from vmgen.schema.types import Array, RustLayout
from vmgen.schema.typetext import parse_type

if TYPE_CHECKING:
    from vmgen.reading.source import Node
    from vmgen.schema.references import References
    from vmgen.schema.typetext import Spelled

_OF_STRUCTS = ("params", "copy", "derive", "pinned", "prefix")
"""Keys that a struct of any size has no use for."""


def flexible(node: Mapping) -> Entry | None:
    """The last field of a struct, if it is an array without a length behind others."""
    listed = list(members(node.get("fields")))
    return listed[-1] if listed[1:] and _slice(listed[-1].node) else None


def _slice(node: Node) -> tuple[Spelled, Scalar] | None:
    """The type of a field that is `[T]`, and where it is written."""
    text = node.get("type") if isinstance(node, Mapping) else node
    if not isinstance(text, Scalar) or not text.value.lstrip().startswith("["):
        return None
    try:
        spelled = parse_type(text.value)
    except TypeSyntaxError:
        return None
    form = spelled.type.form if isinstance(spelled.type, RustLayout) else ""
    return (spelled, text) if form == "slice" else None


def build_flexible(
    refs: References, key: Scalar, node: Mapping, last: Entry
) -> m.Declaration | None:
    """The context that a struct is whose last field is `[T]`."""
    for other in _OF_STRUCTS:
        if other in node.entries:
            refs.report.add(
                "VM282",
                f"`{key.value}` ends in an array of any length, and `{other}` is about "
                "what has a size",
                node.entries[other].span,
                helps=(f"leave `{other}` out",),
            )
    if "packed" in node.entries:
        refs.report.add(
            "VM282",
            f"`{key.value}` is packed, and ends in an array of any length",
            node.entries["packed"].span,
            notes=("where such an array begins follows from what is in it",),
            helps=(
                "describe the record without the array, which begins where it ends",
            ),
        )
    listed = list(members(node.get("fields")))
    fields = fields_of(refs, listed[:-1])
    if not fields:
        refs.report.add(
            "VM282",
            f"`{key.value}` has nothing before its array of any length",
            last.span,
            notes=("C has no such struct",),
            helps=("declare what is before it, or point to the elements themselves",),
        )
    found = _slice(last.node)
    assert found is not None
    spelled, text = found
    element = refs.look_up(spelled.parts[0], text)
    if element is None:
        return None
    long = last.node if isinstance(last.node, Mapping) else None
    if long and "on" in long.entries:
        refs.report.add(
            "VM282",
            f"`{last.value}` is an array of any length, which is there on every target",
            long.entries["on"].span,
            helps=(
                "remove `on`, and let the field that says how many have the condition",
            ),
        )
    count = f"num_{last.value.lstrip('_')}"
    region = m.Region(
        name=last.value,
        span=last.span,
        text=m.TypeText(Array(element, count), spelled, text),
        element=element,
        count=count,
        doc=text_of(long.get("doc")) if long else "",
        allow=allows_of(long) if long else m.NO_ALLOWS,
        was=former_names(long) if long else (),
        called=called_of(long) if long else m.AS_IN_SCHEMA,
        **(for_compilers(long) if long else {}),
    )
    stored = word_of(long.get("length")) if long else None
    return m.Context(
        **common(key, node),
        counts=(m.Count(count, last.span, stored=stored),),
        fields=fields,
        regions=(region,),
        align=number_of(node, "align"),
        max_offset=number_of(node, "max_offset"),
        flexible=True,
    )


def refuse_before_the_end(refs: References, entry: Entry) -> bool:
    """Report a field `[T]` that others follow; whether it is one."""
    if _slice(entry.node) is None:
        return False
    refs.report.add(
        "VM282",
        f"`{entry.value}` is an array of any length, and other fields follow it",
        entry.span,
        helps=("put it last, or give its length: `[T; N]`",),
    )
    return True
