"""What generated documentation says besides the schema's own words, for all languages.

Sentences are plain text; each language escapes and breaks them as it does its other
documentation. A function that returns a list gives a sentence per entry; one that
returns text gives the documentation, and below it the sentences as a paragraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vmgen.layout.parts import Part, Region


def access_notes(access: frozenset[str]) -> list[str]:
    """What compiled code may rely on."""
    return [note for flag, note in m.ACCESS_NOTES.items() if flag in access]


def allow_notes(allow: Mapping[str, m.Allow]) -> list[str]:
    """Which rules a thing needn't keep, with the reasons."""
    return [f"Allows {rule}: {sentence(a.reason)}" for rule, a in allow.items()]


VOLATILE = (
    "Volatile: it may change by itself. Each load and store of it has to happen, as by Rust's "
    "`read_volatile` and `write_volatile`."
)
LITTLE_ENDIAN = "In little-endian order on every target."


def part_notes(
    part: Part, little_endian: str = LITTLE_ENDIAN, mark: str = ""
) -> list[str]:
    """What there is to say of a field besides its documentation; mostly nothing.

    `little_endian` is the sentence about one that is so on every target; `mark` is what
    the language's documentation puts around a name.
    """
    notes = access_notes(part.access)
    if part.value is not None:
        notes.append(f"Always {mark}{part.value}{mark}.")
    if part.little_endian:
        notes.append(little_endian)
    if part.volatile:
        notes.append(VOLATILE)
    if part.on is not None:
        notes.append(f"On some targets only: {mark}{part.on}{mark}.")
    return [*notes, *allow_notes(part.allow)]


def module_notes(module: m.Module) -> list[str]:
    """The profile that a module lives by, and what all of it is allowed, with the reasons."""
    profile = module.profile
    about = [f"Profile {profile.name}: {sentence(profile.reason)}"] if profile else []
    allow = {
        rule: a
        for rule, a in module.allow.items()
        if a.version is None and rule not in _BESIDE_BINDINGS
    }
    return [*about, *allow_notes(allow)]


_BESIDE_BINDINGS = frozenset({"declared-in-two-modules", "macro-name", "reserved-name"})
"""What is allowed of several modules together, and of names, which are no layouts."""


def of_module(module: m.Module) -> str:
    """A module's documentation."""
    return joined(module.doc, module_notes(module))


def of_type(declared: m.Declaration) -> str:
    """A type's documentation."""
    return joined(declared.doc, allow_notes(declared.allow))


def of_field(part: Part, little_endian: str = LITTLE_ENDIAN, mark: str = "") -> str:
    """A field's documentation; `little_endian` and `mark` as in `part_notes`."""
    unusual = part.little_endian or part.value or part.volatile or part.on
    if not (part.access or part.allow or unusual):
        # Nearly every field is like that.
        return part.doc
    return joined(part.doc, part_notes(part, little_endian, mark))


def of_slot(slot: m.Slot) -> str:
    """The documentation of a function in a table."""
    return joined(slot.doc, allow_notes(slot.allow))


def of_region(region: Region) -> str:
    """A region's documentation."""
    notes = [*access_notes(region.access), *allow_notes(region.allow)]
    return joined(region.doc, notes)


def of_variant(variant: m.Variant) -> str:
    """A variant's documentation; what its payload is allowed stands there."""
    return joined(variant.doc, [] if variant.text else allow_notes(variant.allow))


def of_payload(variant: m.Variant) -> str:
    """The documentation of a variant's payload."""
    return " ".join(allow_notes(variant.allow))


def sentence(text: str) -> str:
    """A reason as a sentence."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def joined(doc: str, notes: Iterable[str]) -> str:
    """Documentation, and the notes as a paragraph below it."""
    below = " ".join(notes)
    if not below:
        return doc
    return f"{doc.strip(chr(10))}\n\n{below}" if doc.strip("\n") else below
