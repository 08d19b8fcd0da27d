"""What `vmgen diff` finds between two layouts, as entries of the registry.

`vmgen.changes` compares; here is what each kind of change is, why it matters, and whom it
breaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from vmgen.rules.registry import Rule

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Severity

Level = Literal["compiled", "readers", "source", "none"]

LEVELS: tuple[Level, ...] = ("compiled", "readers", "source", "none")
"""Whom a change is for, each of them with all that is before it: who must not break
readers of memory must not break compiled code either."""

COMPILED, RUST, C, PYTHON = (
    "compiled artifacts",
    "Rust source",
    "C source",
    "Python readers",
)
_ALL = (COMPILED, RUST, C, PYTHON)
_MEMORY = (COMPILED, PYTHON)
_NAMES = (RUST, C, PYTHON)


class Change(Rule, frozen=True):
    """A kind of change: its class, and who breaks by it, the worst first."""

    level: Level = "none"
    breaks: tuple[str, ...] = ()


def _change(
    code: str,
    name: str,
    level: Level,
    breaks: tuple[str, ...],
    summary: str,
    doc: str,
) -> Change:
    return Change(
        code,
        name,
        summary,
        doc,
        _SEVERITIES[level],
        True,
        "changes",
        None,
        level,
        breaks,
    )


_SEVERITIES: dict[Level, Severity] = {
    "compiled": "error",
    "readers": "error",
    "source": "warning",
    "none": "note",
}
"""What each class is by default."""


PART_ADDED = _change(
    "VM401",
    "part-added",
    "compiled",
    (COMPILED, RUST, PYTHON),
    "A field, slot or region that the old layout doesn't have.",
    """Whatever is behind it moves, and the record may grow. Also where it takes the place
    of padding, code that was compiled before doesn't fill it.""",
)
PART_REMOVED = _change(
    "VM402",
    "part-removed",
    "compiled",
    _ALL,
    "A field, slot or region that the new layout lacks.",
    """Whatever is behind it moves up, and compiled code that reads it reads something
    else. `reserved` keeps its name from coming back with another meaning.""",
)
PART_REORDERED = _change(
    "VM403",
    "part-reordered",
    "compiled",
    _MEMORY,
    "Parts of a record in another order.",
    """The order of the fields is the layout. Two of the same type change places without a
    word from a compiler, whose code then reads one for the other.""",
)
PART_RETYPED = _change(
    "VM404",
    "part-retyped",
    "compiled",
    _ALL,
    "A part whose bytes mean something else, or are more or fewer.",
    """An `i32` where a `u32` was is as large, and compiled code extends it with other
    bits. A pointer to another record leads to other offsets.""",
)
RECORD_RESIZED = _change(
    "VM405",
    "record-resized",
    "compiled",
    _MEMORY,
    "Another size or alignment of a type, or another type of a tag.",
    """Whatever holds it by value is laid out anew, elements of arrays have another
    stride, and who allocates it allocates too little or with the wrong alignment.""",
)
DECLARATION_REMOVED = _change(
    "VM406",
    "declaration-removed",
    "compiled",
    _ALL,
    "A type or a constant that the new schema lacks.",
    """Code that was compiled with it works on records that the runtime doesn't know any
    more, or has values in it that mean nothing.""",
)
KIND_CHANGED = _change(
    "VM407",
    "kind-changed",
    "compiled",
    _ALL,
    "A type of another kind.",
    """A union where a struct was, say, has everything at another place, or is another
    thing altogether.""",
)
REGION_MOVED = _change(
    "VM408",
    "region-moved",
    "compiled",
    _MEMORY,
    "A region that is rounded, counted or conditional in another way.",
    """Where a region begins is a formula over the counts, which compiled code has in it.
    Formulas are compared for all counts: two may be the same for most.""",
)
TAG_VALUE_CHANGED = _change(
    "VM409",
    "tag-value-changed",
    "compiled",
    _MEMORY,
    "A variant with another value.",
    """Compiled code compares with the value, not with the name. Nothing moves, so that no
    check of sizes and offsets notices.""",
)
VARIANT_ADDED = _change(
    "VM410",
    "variant-added",
    "compiled",
    _MEMORY,
    "A value that code compiled before doesn't know.",
    """It takes the value for one of those that it knows, or for none.""",
)
VARIANT_REMOVED = _change(
    "VM411",
    "variant-removed",
    "compiled",
    _ALL,
    "A variant that the new enum lacks.",
    """Code that was compiled before may still write it, and the runtime doesn't know it.
    `reserved` keeps its name from coming back with another meaning.""",
)
SIGNATURE_CHANGED = _change(
    "VM412",
    "signature-changed",
    "compiled",
    (COMPILED, RUST, C),
    "A slot whose function takes or gives something else.",
    """Compiled code calls through the slot with the arguments that it knows, in the
    registers in which it knows them.""",
)
CONSTANT_CHANGED = _change(
    "VM413",
    "constant-changed",
    "compiled",
    _MEMORY,
    "A constant with another value or of another type.",
    """Its value is in the code that was compiled with it.""",
)
ACCESS_WEAKENED = _change(
    "VM414",
    "access-weakened",
    "compiled",
    (COMPILED,),
    "A promise to compiled code that is taken back.",
    """Compiled code has loaded a `readonly` field once and kept it, and a `can_move` one
    before the check that it now needs. It has kept what it loaded of one alias region
    while it stored to another, and loaded bytes behind a pointer before it was sure to
    need them. What wasn't `volatile` it has loaded less often than the source says.""",
)
NULLABILITY_CHANGED = _change(
    "VM415",
    "nullability-changed",
    "compiled",
    _ALL,
    "A pointer that may be null and couldn't, or the other way round.",
    """Compiled code doesn't check a pointer that is never null, and may write null where
    that was permitted.""",
)
ATOMICITY_CHANGED = _change(
    "VM416",
    "atomicity-changed",
    "compiled",
    (COMPILED, RUST, C),
    "An atomic that is a plain integer, or the other way round.",
    """Both sides have to use atomic instructions, or neither one may count on them.""",
)
NICHE_CHANGED = _change(
    "VM417",
    "niche-changed",
    "compiled",
    (COMPILED, RUST, PYTHON),
    "An integer that is never zero, and may be, or the other way round.",
    """Zero then stands for something that compiled code doesn't expect, or for nothing
    any more.""",
)
BYTE_ORDER_CHANGED = _change(
    "VM418",
    "byte-order-changed",
    "compiled",
    _ALL,
    "A word in another byte order.",
    """On a big-endian target its bytes are the other way round. Elsewhere nothing but the
    type in the bindings changes.""",
)
FIXED_VALUE_CHANGED = _change(
    "VM419",
    "fixed-value-changed",
    "compiled",
    _MEMORY,
    "A field that holds another constant, or none any more.",
    """A magic is what readers know a record by, and what compiled code was promised.""",
)
RENAMED = _change(
    "VM441",
    "renamed",
    "readers",
    _NAMES,
    "The same thing under another name.",
    """No byte changes. Who looks it up by its name doesn't find it: programs that read
    memory, and source that uses the bindings. The fingerprint is another one.""",
)
TYPE_RESPELLED = _change(
    "VM461",
    "type-respelled",
    "source",
    (RUST, C),
    "A type that is spelled differently and means the same bytes.",
    """A cell or a newtype around it, a pointer of another make: no byte changes and no
    meaning, but the source that uses the bindings has another type before it.""",
)
ITEM_CHANGED = _change(
    "VM462",
    "item-changed",
    "source",
    (RUST,),
    "Other derives, another visibility, another name or path in Rust.",
    """Code that copies a record doesn't compile where it isn't `Copy` any more, and code
    outside of its module doesn't where it is private.""",
)
C_NAME_CHANGED = _change(
    "VM464",
    "c-name-changed",
    "source",
    (C,),
    "Something that has another name in C, or a foreign type another header.",
    """No byte changes. C that has the other name doesn't compile with it. What is in an
    `anonymous` field is named without the field there.""",
)
COUNTS_CHANGED = _change(
    "VM463",
    "counts-changed",
    "source",
    _NAMES,
    "Other counts of a context.",
    """Who computes its offsets fills in a number for each. What that does to regions is
    told for them.""",
)
DOCUMENTATION_CHANGED = _change(
    "VM481",
    "documentation-changed",
    "none",
    (),
    "Other documentation, or other names of parameters.",
    """It stands in the bindings and nowhere else. What is done with it there is up to
    people.""",
)
ALLOWS_CHANGED = _change(
    "VM482",
    "allows-changed",
    "none",
    (),
    "Something is allowed for another reason, or allowed no more.",
    """Reasons stand in the bindings and nowhere else. That another thing is allowed is for
    whoever reviews the schema to see.""",
)
DECLARATION_ADDED = _change(
    "VM483",
    "declaration-added",
    "none",
    (),
    "A type or a constant that the old schema doesn't have.",
    """Nothing that was there depends on it. The fingerprint is another one: it is of all
    that a module declares.""",
)
PROMISE_ADDED = _change(
    "VM484",
    "promise-added",
    "none",
    (),
    "A promise to compiled code, or a fixed value, that the old schema doesn't make.",
    """Code that was compiled without the promise is right with it. The fingerprint is
    another one.""",
)
RESERVATION_DROPPED = _change(
    "VM492",
    "reservation-dropped",
    "source",
    (),
    "A name that was reserved and isn't any more.",
    """It was reserved because something of that name had another meaning once.""",
)
UNUSED_CHANGE_ALLOW = Rule(
    "VM493",
    "unused-change-allow",
    "An `allow` of a change that isn't one.",
    """A change is allowed for one version. When the layouts that are compared don't have
    it, the `allow` has done its work, and the next change of the kind would go unseen.""",
    severity="warning",
    stage="changes",
)

CHANGES = tuple(value for value in list(vars().values()) if isinstance(value, Change))
"""Every kind of change, by code."""
