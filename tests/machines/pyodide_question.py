"""What the generated modules are asked inside Pyodide, by the engine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.oracle.rustc_source import count_vectors
from tests.python.leaves import RECORDS, Leaf, Leaves
from vmgen.languages.python import names
from vmgen.layout.models import used_columns
from vmgen.schema import model as m
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts
    from vmgen.targets.data_model import DataModel

PYODIDE = "wasm32-unknown-emscripten"


def about(layouts: Layouts, elsewhere: Sequence[str]) -> dict[str, Any]:
    """One module: its records and contexts on the class that Pyodide is of, and the
    records' values in bytes of the targets `elsewhere`."""
    target = like_pyodide(layouts)
    here = layouts.class_of(target)
    records, contexts = {}, {}
    for name, declared in layouts.module.types.items():
        if m.is_prefix(declared):
            continue  # It has no size, and none is made.
        if isinstance(declared, RECORDS):
            records[name] = _record(layouts, here, name, elsewhere)
        elif isinstance(declared, m.Context):
            contexts[name] = [
                _context(layouts, here, declared, counts)
                for counts in count_vectors(declared)
            ]
    # ctypes can't measure what u128 is aligned to.
    said = target if "u128" in used_columns(layouts.module) else None
    return {"host": said, "records": records, "contexts": contexts}


def like_pyodide(layouts: Layouts) -> str:
    """A target of the schema that is like Pyodide's, or that one."""
    like = TARGETS[PYODIDE].model
    targets = {target.name: target.model for target in layouts.module.targets}
    for name, model in {PYODIDE: targets.get(PYODIDE), **targets}.items():
        if model is not None and _measured(model) == _measured(like):
            return name
    raise LookupError("the schema is for no target like Pyodide's")


def _measured(model: DataModel) -> tuple[object, ...]:
    """What ctypes can find out about a host."""
    aligns = (model.align_pointer, model.align_u64, model.align_f64)
    return (model.endian, model.pointer, *aligns)


def _record(
    layouts: Layouts, here: LayoutClass, name: str, elsewhere: Sequence[str]
) -> dict[str, Any]:
    record = layouts.record(name, here)
    data = _bytes(record.size)
    return {
        "size": record.size,
        "align": record.align,
        "bytes": data.hex(),
        "words": [_word(leaf, data) for leaf in Leaves(layouts, here).of(name)],
        "elsewhere": {
            target: _foreign(layouts, target, name)
            for target in elsewhere
            if any(target == t.name for t in layouts.module.targets)
        },
    }


def _foreign(layouts: Layouts, target: str, name: str) -> tuple[str, list[Any]]:
    there = layouts.class_of(target)
    known = next(t for t in layouts.module.targets if t.name == target)
    data = _bytes(layouts.record(name, there).size)
    leaves = Leaves(layouts, there, known).of(name)
    endian = known.model.endian
    return data.hex(), [(leaf.path, leaf.expected(data, endian)) for leaf in leaves]


def _context(
    layouts: Layouts, here: LayoutClass, context: m.Context, counts: dict[str, int]
) -> dict[str, Any]:
    layout = layouts.context(context.name)[here.index]
    size = layout.total(counts)
    data = _bytes(size)
    words = context_leaves(context, layouts, here, counts)
    return {
        "counts": {_attribute(name): count for name, count in counts.items()},
        "regions": [
            (_attribute(r.name), r.begin(counts), r.length(counts), r.stride)
            for r in layout.regions
        ],
        "size": size,
        "bytes": data.hex(),
        "words": [_word(leaf, data) for leaf in words],
    }


def context_leaves(
    context: m.Context,
    layouts: Layouts,
    layout_class: LayoutClass,
    counts: Mapping[str, int],
) -> Iterator[Leaf]:
    """Every word of a context with these counts."""
    layout = layouts.context(context.name)[layout_class.index]
    leaves = Leaves(layouts, layout_class)
    for field, offset in zip(context.fields, layout.fixed.offsets, strict=True):
        path = (_attribute(field.name),)
        yield from leaves.of_type(field.type, path, offset, field.endian == "little")
    for region, placed in zip(context.regions, layout.regions, strict=True):
        for index in range(placed.length(counts)):
            at = placed.begin(counts) + index * placed.stride
            name = _attribute(region.name)
            rest = () if region.count is None else (index,)
            yield from leaves.of_type(region.element, (name, *rest), at)


def _attribute(name: str) -> str:
    return names.attribute(name, names.CONTEXT)


def _bytes(size: int) -> bytes:
    """Distinct neighbours, and no zero."""
    return bytes((7 * i + 1) % 251 + 1 for i in range(size))


def _word(leaf: Leaf, data: bytes) -> tuple[object, int, int, object, object]:
    """Path, first bit, width in bits, the value, and another one."""
    value = leaf.expected(data, "little")
    assert isinstance(value, int)
    other = not value if leaf.kind == "bool" else _other(value, leaf)
    return leaf.path, *leaf.place, value, other


def _other(value: int, leaf: Leaf) -> int:
    return ~value if leaf.kind == "signed" else value ^ ((1 << leaf.place[1]) - 1)
