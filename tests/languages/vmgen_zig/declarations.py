"""Declared types as Zig has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.language import Declarer
from vmgen.languages.render import render
from vmgen.layout.models import used_columns
from vmgen.schema import model as m
from vmgen.schema.types import (
    Array,
    Atomic,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    Type,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vmgen.languages.job import Job
    from vmgen.layout.parts import Record


def module_file(job: Job, templates: Path) -> Output:
    """`zig/<module>.zig`."""
    columns = measured(job)
    text = render(
        "module.zig.j2",
        templates,
        header=header_lines(job.schema, job.command),
        constants=sorted(job.module.constants.values(), key=lambda c: c.name),
        records=[(r, Declarations().declare(r)) for r in job.records],
        used=job.used,
        columns=columns,
        models=zip(*columns.values(), strict=True),
    )
    return Output(f"zig/{job.options.get('file', job.module.name)}.zig", text)


def measured(job: Job) -> dict[str, list[int]]:
    """What a compiler measures to find its data model, with what it finds on each: the
    size of pointers, and alignments that can move an offset of the module."""
    models = [layout_class.model for layout_class in job.layouts.classes]
    found = {"@sizeOf(usize)": [model.pointer for model in models]}
    for type in used_columns(job.module):
        found[f"@alignOf({type})"] = [getattr(m, f"align_{type}") for m in models]
    return found


class Declarations(Declarer[str]):
    def struct(self, record: Record, declared: m.Struct | m.Context) -> str:
        packed = None if isinstance(declared, m.Context) else declared.packed
        return _record("struct", record, declared.align, packed, declared.fields)

    def union(self, record: Record, declared: m.Union) -> str:
        return _record(
            "union", record, declared.align, declared.packed, declared.fields
        )

    def plain_enum(self, record: Record, declared: m.PlainEnum) -> str:
        names = "".join(f"{v.name} = {v.value}, " for v in declared.variants)
        return f"enum({declared.tag}) {{ {names}_ }}"

    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> str:
        held = [f"{v.name}: {zig(v.text.type)}" for v in declared.variants if v.text]
        payload = f", payload: extern union {{ {', '.join(held)} }}" if held else ""
        return f"extern struct {{ tag: {declared.tag}{payload} }}"

    def newtype(self, record: Record, declared: m.Newtype) -> str:
        return zig(declared.inner)

    def opaque(self, record: Record, declared: m.Opaque) -> str:
        return "opaque {}"

    def functions(self, record: Record, declared: m.Functions) -> str:
        return _record("struct", record, None)

    def foreign(self, record: Record, declared: m.Foreign) -> str:
        sizes, aligns = zip(*record.extents, strict=True)
        size, align = (f"([_]u32{{ {numbers(x)} }})[model]" for x in (sizes, aligns))
        return f"extern struct {{ bytes: [{size}]u8 align({align}) }}"

    def context(self, record: Record, declared: m.Context) -> str:
        return self.struct(record, declared)


def _record(
    what: str,
    record: Record,
    align: int | None,
    packed: m.Given | None = None,
    fields: Sequence[m.Field] = (),
) -> str:
    asked = {field.name: field.align for field in fields}
    parts = []
    for index, part in enumerate(record.parts):
        type = zig(part.type)
        own = asked.get(part.name)
        most = max((0 if index else align) or 0, own.number if own else 0)
        over = f" align({most})" if most else ""
        if packed:
            over = f" align(@min({packed.number}, @alignOf({type})))"
        parts.append(f'@"{part.name}": {type}{over}')
    return f"extern {what} {{ {', '.join(parts)} }}"


def numbers(row: tuple[int, ...]) -> str:
    return ", ".join(map(str, row))


def zig(type: Type) -> str:
    """A type as Zig spells it; what can only be pointed to is `anyopaque`."""
    match type:
        case Int(name) | NonZero(inner=name) | Atomic(inner=name) | Named(name):
            return name
        case Primitive(name):
            return "u32" if name == "char" else name
        case UnsafeCell(inner):
            return zig(inner)
        case Array(element, length):
            return f"[{length}]{zig(element)}"
        case Option(VmPtr(pointee) | RawPointer(_, pointee)):
            return f"?*{zig(pointee)}"
        case Option(inner):
            return zig(inner)
        case VmPtr(pointee):
            return f"*{zig(pointee)}"
        case RawPointer(_, pointee):
            return f"{'?' if type.nullable else ''}*{zig(pointee)}"
        case FnPointer():
            return "*const anyopaque"
        case _:
            return "anyopaque"
