"""What docstrings say besides the schema's own words: what compiled code may rely on,
and which rules a thing needn't keep, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def of_type(declared: m.Declaration) -> str:
    """A type's documentation."""
    return (
        _joined(declared.doc, _allowed(declared.allow))
        if declared.allow
        else declared.doc
    )


def of_field(field: m.Field) -> str:
    """A field's documentation. Most fields have nothing to add."""
    if not (field.access or field.value or field.allow) and field.endian == "native":
        return field.doc
    notes = _promised(field.access)
    if field.value:
        notes.append(f"Always {field.value}.")
    if field.endian == "little":
        notes.append("In little-endian order on every target.")
    return _joined(field.doc, [*notes, *_allowed(field.allow)])


def of_region(region: m.Region) -> str:
    """A region's documentation."""
    return _joined(region.doc, [*_promised(region.access), *_allowed(region.allow)])


def of_slot(slot: m.Slot) -> str:
    """The documentation of a slot, with its signature."""
    return _joined(f"`{slot.signature}`\n\n{slot.doc}", _allowed(slot.allow))


def of_variant(variant: m.Variant) -> str:
    """A variant's documentation; what its payload is allowed stands there."""
    return (
        variant.doc if variant.text else _joined(variant.doc, _allowed(variant.allow))
    )


def of_payload(variant: m.Variant) -> str:
    """The documentation of a variant's payload."""
    return " ".join(_allowed(variant.allow))


def _promised(access: frozenset[str]) -> list[str]:
    return [note for flag, note in m.ACCESS_NOTES.items() if flag in access]


def _allowed(allow: Mapping[str, m.Allow]) -> list[str]:
    """A sentence for each rule."""
    return [f"Allows {rule}: {_sentence(a.reason)}" for rule, a in allow.items()]


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _joined(doc: str, notes: Iterable[str]) -> str:
    """Documentation, and the notes as a paragraph below it."""
    return "\n\n".join(filter(None, [doc.strip("\n"), " ".join(notes)]))
