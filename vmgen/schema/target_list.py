"""The targets of a schema: rustc's, and those whose data models it describes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.source import Mapping, Node, Scalar, Sequence
from vmgen.schema import model as m
from vmgen.schema.symbols import entries, text_of, unique
from vmgen.schema.values import number
from vmgen.targets import find as known_targets
from vmgen.targets.c_types import described
from vmgen.targets.data_model import NATURAL_ALIGN, DataModel

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report
    from vmgen.schema.files import Document
    from vmgen.targets.c_types import CTypes


def _data_models(documents: list[Document], report: Report) -> dict[str, m.ModelTarget]:
    made = {}
    for key, node in unique(
        entries(documents, "data_models"), "the data model", report
    ):
        assert isinstance(node, Mapping)
        align = {}
        aligns = node.get("align")
        if isinstance(aligns, Mapping):
            align = {k.value: number(v) or 1 for k, v in aligns}
        atomics = node.get("atomics")
        model = DataModel.described(
            key.value,
            pointer=(number(node["pointer"]) or 0) // 8,
            endian="big" if text_of(node.get("endian")) == "big" else "little",
            align=align,
            atomics=(
                [number(a) or 0 for a in atomics.items]
                if isinstance(atomics, Sequence)
                else None
            ),
        )
        _check_data_model(key, aligns, model, report)
        made[key.value] = m.ModelTarget(key.value, model, _c_types(node, model))
    return made


def _c_types(node: Mapping, model: DataModel) -> CTypes:
    """What a data model tells of C's numbers."""
    told = node.get("c")
    if not isinstance(told, Mapping):
        return described(model.pointer)
    char = told.get("char")
    return described(
        model.pointer,
        c_int=_bytes(told.get("int")),
        c_long=_bytes(told.get("long")),
        signed_char=text_of(char) == "signed" if char is not None else None,
    )


def _bytes(bits: Node | None) -> int | None:
    return (number(bits) or 0) // 8 if bits is not None else None


def _check_data_model(
    key: Scalar, aligns: Node | None, model: DataModel, report: Report
) -> None:
    """Report what no compiler of Rust could be like."""
    if key.value in known_targets.TARGETS:
        report.add(
            "VM306",
            f"`{key.value}` is a target of rustc, which has its own data model",
            key.span,
            helps=("give yours a name of its own",),
        )
    if isinstance(aligns, Mapping):
        sizes = {**NATURAL_ALIGN, "pointer": model.pointer}
        for column, value in aligns:
            size, align = sizes.get(column.value), number(value)
            if size is not None and align is not None and align > size:
                what = f"{size} byte{'s' * (size > 1)} and is aligned to {align}"
                report.add(
                    "VM306",
                    f"`{column.value}` has {what}",
                    value.span,
                    notes=("elements of an array would not be aligned",),
                )
    integer, align = f"u{model.pointer_width}", model.align_pointer
    if model.pointer and align != model.align_of_int(model.pointer_width):
        place = aligns.get("pointer") if isinstance(aligns, Mapping) else None
        report.add(
            "VM306",
            f"`{key.value}` aligns a pointer to {align} and `{integer}` to "
            f"{model.align_of_int(model.pointer_width)} bytes",
            place.span if place else key.span,
            notes=(
                f"Rust's `usize` is the same as `{integer}`, and C's pointer has to be "
                "the same as `usize`",
            ),
            helps=("give both the same alignment",),
        )


def targets_of(documents: list[Document], report: Report) -> tuple[m.ModelTarget, ...]:
    """The targets the schema is for; an unknown one is reported."""
    own = _data_models(documents, report)
    listed = documents[0].root.get("targets")
    if not isinstance(listed, Sequence):
        every = [
            m.ModelTarget(t.triple, t.model) for t in known_targets.TARGETS.values()
        ]
        return (*every, *own.values())
    chosen: dict[str, m.ModelTarget] = {}
    for item in listed.items:
        name = text_of(item)
        if name in own:
            chosen[name] = own[name]
            continue
        try:
            found = known_targets.find(name)
        except known_targets.UnknownTarget as error:
            near = known_targets.suggest(name, tuple(own))
            what = "no target fits" if error.is_pattern else "there is no target"
            report.add(
                "VM301",
                f"{what} `{name}`",
                item.span,
                notes=("`vmgen targets` lists them",),
                helps=(
                    (f"did you mean {' or '.join(f'`{n}`' for n in near)}?",)
                    if near
                    else ()
                ),
            )
            continue
        for target in found:
            chosen.setdefault(target.triple, m.ModelTarget(target.triple, target.model))
    return tuple(chosen.values())
