"""A module's layouts held against the types of a binary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from vmgen.analysis.called import name_in, names_compiled
from vmgen.binaries.compare import compare
from vmgen.binaries.differences import Difference
from vmgen.binaries.dwarf import open_dwarf
from vmgen.binaries.entries import Entries
from vmgen.binaries.image import SPLIT, BinaryError, NoDebugInformation, sound
from vmgen.binaries.names import Names
from vmgen.binaries.targets import target_for, together
from vmgen.binaries.types import Composite, Enumeration, Tagged, Type, Unknown
from vmgen.binaries.units import find_types
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from vmgen.binaries.image import Image, Machine
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Record


class Candidate(msgspec.Struct, frozen=True):
    """A type of a binary that has a record's name: its whole path, and in which image."""

    path: str
    name: str
    type: Type
    image: str
    nested: bool


class Differs(msgspec.Struct, frozen=True):
    """A difference, and the type of the binary that differs."""

    difference: Difference
    candidate: Candidate


class Verified(msgspec.Struct, frozen=True):
    """What became of a module's types.

    `target` is the target on which they were held against the binary's, `numbers` how
    many sizes, offsets, widths and values agree. `unverified` has the types of which the
    binary says too little, with the reason in words.
    """

    target: str
    right: tuple[str, ...]
    numbers: int
    unverified: Mapping[str, str]
    differs: tuple[Differs, ...]


def verify(
    versions: Sequence[Layouts],
    images: Iterable[Image],
    target: str | None = None,
    other_names: Callable[[str], Iterable[str]] = lambda name: (),
) -> list[Verified]:
    """Hold every type that a module declares against the images' types of its name, in
    each version of the module.

    `target` is one of the module's, where the binary doesn't tell it; `other_names` are
    what a type is called elsewhere, as in C where names have a prefix.

    Raises `BinaryError` where nothing can be compared: no debug information, a target
    that the schema hasn't, a broken file.
    """
    declared = [_records(layouts) for layouts in versions]
    names: dict[str, set[str]] = {}
    for records in declared:
        for record in records:
            last = _path(record.declared)[1].partition("<")[0]
            known = names_compiled(record.declared)
            for name in (*(o for k in known for o in other_names(k)), *known, last):
                names.setdefault(name, set()).add(record.name)
    machine, candidates = _candidates(images, names)
    return [
        _held(layouts, records, candidates, target_for(machine, layouts, target))
        for layouts, records in zip(versions, declared, strict=True)
    ]


def _records(layouts: Layouts) -> list[Record]:
    """What a module declares and a binary may tell of, by value first."""
    own = layouts.module.own_types
    records = [layouts.of(name) for name in layouts.order if name in own]
    return [r for r in records if not isinstance(r.declared, m.Opaque)]


def _at(layouts: Layouts, name: str, found: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those types of a binary that are where the schema says that the type is."""
    declared = layouts.module.types[name]
    around, last = _path(declared)
    if "<" in last:
        found = [c for c in found if c.name == last]
    elif (
        isinstance(declared, (m.Foreign, m.ForeignRecord)) and declared.rust is not None
    ):
        # Where it is declared isn't where it is found: `core::ops` has `Range` from below.
        return found
    if declared.rust_path is not None:
        bare = last.partition("<")[0]
        return [c for c in found if c.path == f"{around}{bare}"]
    below = layouts.module.rust_path
    if below is not None and "<" not in last:
        return [c for c in found if c.path.startswith(f"{below}::")]
    return found


def _path(declared: m.Declaration) -> tuple[str, str]:
    """What stands around a type in Rust, and its own name with its arguments."""
    text = declared.rust_path or name_in(declared, "rust")
    if isinstance(declared, (m.Foreign, m.ForeignRecord)) and declared.rust is not None:
        text = declared.rust_path or declared.rust.text
    base, bracket, arguments = text.partition("<")
    around, colons, last = base.rpartition("::")
    return f"{around}{colons}", f"{last}{bracket}{arguments}"


def _candidates(
    images: Iterable[Image], names: Mapping[str, Collection[str]]
) -> tuple[Machine, dict[str, list[Candidate]]]:
    """The machine of the images, and their types by the names of records."""
    machine = None
    elsewhere: list[str] = []
    split = False
    found: dict[str, list[Candidate]] = {}
    for image in images:
        elsewhere += image.elsewhere
        if not image.has_types:
            continue
        machine = together(machine, image.machine)
        with sound(f"the debug information of {image.name} is broken"):
            dwarf = open_dwarf(image)
            entries = Entries(dwarf)
            known = Names(names, image.sections)
            for entry in find_types(dwarf, known, image.sections[".debug_info"]):
                path = "::".join(entry.path)
                made = entries.type_at(entry.offset, path)
                if not isinstance(made, Unknown):
                    one = Candidate(path, entry.name, made, image.name, entry.nested)
                    for name in names[entry.path[-1]]:
                        same = found.setdefault(name, [])
                        if not any(c.type == made and c.path == path for c in same):
                            same.append(one)
            split = split or _is_split(dwarf)
    if split and not found:
        raise BinaryError(SPLIT)
    if machine is None and elsewhere:
        there = ", ".join(dict.fromkeys(elsewhere))
        raise BinaryError(f"its debug information is in {there}: name that by --binary")
    if machine is None:
        raise NoDebugInformation("it has no debug information")
    return machine, found


def _is_split(dwarf: Any) -> bool:
    """Whether a unit says that another file has its types."""
    tops = (unit.get_top_DIE().attributes for unit in dwarf.iter_CUs())
    return any("DW_AT_dwo_name" in a or "DW_AT_GNU_dwo_name" in a for a in tops)


def _held(
    layouts: Layouts,
    records: Sequence[Record],
    candidates: Mapping[str, list[Candidate]],
    target: str,
) -> Verified:
    on = layouts.class_of(target)
    nameless = {
        record.name
        for record in records
        if record.declared.in_place
        and not _named(record, candidates.get(record.name, ()))
    }
    right: list[str] = []
    unverified: dict[str, str] = {}
    differs: list[Differs] = []
    faulty: set[str] = set()
    numbers = 0
    for record in records:
        if record.name in nameless:
            continue
        there = _at(layouts, record.name, candidates.get(record.name, ()))
        named = _named(record, there)
        if not named:
            unverified[record.name] = "it isn't in the binary"
            continue
        held = [(c, compare(record, c.type, on, layouts, nameless)) for c in named]
        told = [(c, h) for c, h in held if h.told]
        wrong = [(c, h) for c, h in told if h.differences]
        if not told:
            unverified[record.name] = "the binary's type says nothing of its fields"
        elif len({c.path for c, _ in told}) > 1 and wrong:
            paths = ", ".join(sorted({f"`{c.path}`" for c, _ in told}))
            unverified[record.name] = f"the binary has several of that name: {paths}"
        elif not wrong and told[0][1].lacking:
            lacking = ", ".join(f"`{name}`" for name in told[0][1].lacking)
            unverified[record.name] = f"the binary's type has no {lacking}"
        elif not wrong:
            right.append(record.name)
            numbers += told[0][1].numbers
        else:
            candidate, compared = wrong[0]
            faulty.add(record.name)
            own = [d for d in compared.differences if d.follows not in faulty]
            differs += [Differs(difference, candidate) for difference in own]
            if not own:
                follows = compared.differences[0].follows
                unverified[record.name] = f"it follows from `{follows}`"
    return Verified(target, tuple(right), numbers, unverified, tuple(differs))


def _named(record: Record, found: Sequence[Candidate]) -> list[Candidate]:
    """Those candidates that may be the record. A variant of a Rust enum is a type inside
    of the enum's, and means something else."""
    fitting = [c for c in found if _may_be(record.declared, c.type)]
    return [c for c in fitting if not c.nested] or fitting


def _may_be(declared: m.Declaration, found: Type) -> bool:
    match declared:
        case m.Struct() | m.ForeignRecord() | m.Context() | m.Functions():
            return isinstance(found, Composite) and found.kind == "struct"
        case m.Union():
            return isinstance(found, Composite) and found.kind == "union"
        case m.TaggedEnum():
            return isinstance(found, (Composite, Tagged))
        case m.PlainEnum():
            return not isinstance(found, Composite) or found.kind == "struct"
        case _:
            return not isinstance(found, Enumeration)
