"""Short names for layout classes, and for the targets that each stands for.

A class is named after what can move an offset on its targets and nothing else:
``64`` for 64-bit pointers with everything aligned to its size, ``32-u64a4-f64a4``
where 64-bit numbers are aligned to 4. So a name stays when targets join or leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.classes import LayoutClass, Widths
    from vmgen.layout.groups import Group
    from vmgen.targets.bit_fields import BitRule
    from vmgen.targets.data_model import DataModel

LISTED_TARGETS = 12
"""Of how many targets `listed_targets` says the names."""


_ODD_BIT_FIELDS = {
    "microsoft": "Microsoft's bit-fields",
    "apcs": "bit-fields of no unit",
    "aix": "bit-fields of AIX",
}
"""The rules of bit-fields that few targets have, in words."""


def class_name(
    model: DataModel, odd_c_widths: Widths = (), bit_rule: BitRule | None = None
) -> str:
    """The name of the layout class of a data model, on which some of C's types have other
    widths than usual, or bit-fields another rule than most have."""
    odd = "".join(f"-{column[2:]}{width * 8}" for column, width in odd_c_widths)
    if bit_rule in _ODD_BIT_FIELDS:
        odd += f"-{bit_rule}"
    return f"{model.pointer_width}{model.odd_alignments.suffix}{odd}"


def name_of(layout_class: LayoutClass) -> str:
    """The name of a layout class."""
    odd = layout_class.odd_c_widths
    name = class_name(layout_class.model, odd, layout_class.bit_rule)
    return "-".join([name, *(condition.slug for condition in layout_class.met)])


def alignments(model: DataModel) -> str:
    """What a class's name stands for: the alignment of each primitive, in bytes."""
    columns = [
        ("pointer", model.align_pointer),
        ("u16", model.align_u16),
        ("u32", model.align_u32),
        ("u64", model.align_u64),
        ("u128", model.align_u128),
        ("f32", model.align_f32),
        ("f64", model.align_f64),
    ]
    return ", ".join(f"{name} {align}" for name, align in columns)


def class_words(layout_class: LayoutClass) -> str:
    """A class's name for people: ``32-bit, u64 and f64 aligned to 4``."""
    words = _model_words(layout_class.model)
    odd = [f"{column} of {w} bytes" for column, w in layout_class.odd_c_widths]
    if layout_class.bit_rule in _ODD_BIT_FIELDS:
        odd.append(_ODD_BIT_FIELDS[layout_class.bit_rule])
    return ", ".join([words, *odd, *map(str, layout_class.met)])


def _model_words(model: DataModel) -> str:
    width = f"{model.pointer_width}-bit"
    odd = model.odd_alignments
    if odd.cap is not None:
        return f"{width}, nothing aligned to more than {odd.cap}"
    by_align: dict[int, list[str]] = {}
    for name, align in odd.by_name.items():
        by_align.setdefault(align, []).append("pointers" if name == "ptr" else name)
    parts = [f"{_listed(names)} aligned to {a}" for a, names in by_align.items()]
    return ", ".join([width, *parts])


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def column_label(classes: Sequence[LayoutClass], group: Group) -> str:
    """A heading for a group of a module's classes.

    ``all`` for every class. A bare width such as ``64`` is for every class of that
    width that no other column names; others go by their names.
    """
    if len(group) == len(classes):
        return "all"
    return "+".join(
        str(c) if isinstance(c, int) else name_of(c) for c in _column(classes, group)
    )


def column_words(classes: Sequence[LayoutClass], group: Group) -> str:
    """The same heading for people."""
    if len(group) == len(classes):
        return "every target"
    return "; ".join(
        f"{c}-bit" if isinstance(c, int) else class_words(c)
        for c in _column(classes, group)
    )


def _column(
    classes: Sequence[LayoutClass], group: Group
) -> Iterator[int | LayoutClass]:
    """The widths that a column stands for, and the classes that it has to name."""
    chosen = set(group)
    by_width: dict[int, list[LayoutClass]] = {}
    for layout_class in classes:
        by_width.setdefault(layout_class.model.pointer_width, []).append(layout_class)
    for width, members in by_width.items():
        inside = [c for c in members if c.index in chosen]
        plain = any(name_of(c) == str(width) for c in inside)
        if plain or (inside and len(inside) == len(members)):
            yield width
        else:
            yield from inside


def target_summary(
    layout_class: LayoutClass, classes: Sequence[LayoutClass]
) -> list[str]:
    """The targets of a class, in order; ``aarch64-*`` for all the module has of one
    architecture and pointer width, where that is more than one."""
    everywhere: dict[str, int] = {}
    for other in classes:
        if other.model.pointer_width != layout_class.model.pointer_width:
            continue
        for target in other.targets:
            arch = target.partition("-")[0]
            everywhere[arch] = everywhere.get(arch, 0) + 1
    here: dict[str, list[str]] = {}
    for target in layout_class.targets:
        here.setdefault(target.partition("-")[0], []).append(target)
    words = []
    for arch, targets in here.items():
        whole = len(targets) == everywhere[arch]
        words.extend([f"{arch}-*"] if whole and len(targets) > 1 else targets)
    return words


def listed_targets(targets: Sequence[str]) -> str:
    """Targets by name, or of which architectures they are where that would be long."""
    if len(targets) <= LISTED_TARGETS:
        return ", ".join(targets)
    architectures = sorted({target.partition("-")[0] for target in targets})
    return f"{len(targets)} targets of {', '.join(architectures)}"
