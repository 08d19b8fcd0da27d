"""What a table of layouts says before its types: classes, fingerprints, constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.class_names import alignments, name_of, target_summary
from vmgen.layout.fingerprint import shown
from vmgen.text import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.job import Job
    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts

WIDTH = 88


def head_blocks(job: Job) -> Iterator[list[str]]:
    """The blocks, each of lines."""
    for layout_class in job.layouts.classes:
        yield _class(layout_class, job.layouts.classes)
    yield ["fingerprints", *_fingerprints(job.layouts)]
    for other, names in job.used.items():
        yield [f"uses {other}", *_indented(", ".join(names))]
    own = [
        f"  {constant.name}: {constant.type} = {number(constant.value)}"
        for constant in job.constants
    ]
    if own:
        yield ["constants", *own]


def number(value: int) -> str:
    """In hexadecimal where a person would count bits."""
    return str(value) if -1024 < value < 1024 else f"{value:#x}"


def _class(layout_class: LayoutClass, classes: Sequence[LayoutClass]) -> list[str]:
    targets = ", ".join(target_summary(layout_class, classes))
    return [
        f"class {name_of(layout_class)}",
        f"  alignments: {alignments(layout_class.model)}",
        *_indented(f"targets: {targets}"),
    ]


def _fingerprints(layouts: Layouts) -> Iterator[str]:
    """The module's on each layout class and byte order, equal ones on one line."""
    found: dict[tuple[int, str], dict[str, None]] = {}
    by_class = sorted(
        layouts.module.targets, key=lambda target: layouts.class_of(target.name).index
    )
    for target in by_class:
        names = found.setdefault((layouts.fingerprint(target), target.model.endian), {})
        names[name_of(layouts.class_of(target.name))] = None
    for (fingerprint, endian), names in found.items():
        yield f"  {shown(fingerprint)}  {endian}-endian  {', '.join(names)}"


def _indented(prose: str) -> list[str]:
    return [f"  {line}" for line in wrap(prose, WIDTH - 2)]
