"""Random schemas, and the same with a few things changed: two sides of a comparison."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

from tests.random.strategies import schemas

TYPES = ("u8", "u16", "u32", "u64", "i32", "usize", "VmPtr<u8>", "Option<VmPtr<u8>>", "[u8; 3]",
         "AtomicUsize", "UnsafeCell<u32>", "u128")  # fmt: skip
PARTS = ("fields", "regions", "variants", "functions")
Tree = dict[str, Any]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """A schema and what became of it by one to three changes."""
    old: Tree = draw(schemas())
    new = copy.deepcopy(old)
    for _ in range(draw(st.integers(1, 3))):
        new = _changed(draw, new)
    return old, new


def _changed(draw: st.DrawFn, schema: Tree) -> Tree:
    types: Tree = schema["types"]
    name = draw(st.sampled_from(sorted(types)))
    record: Tree = types[name]
    key = next((key for key in PARTS if record.get(key)), None)
    change = draw(st.sampled_from(
        ["add", "add", "drop", "swap", "retype", "retype", "rename", "align", "doc", "access",
         "tag", "values", "rename type", "copy"]
    ))  # fmt: skip
    if change == "rename type":
        return dict(json.loads(json.dumps(schema).replace(name, f"{name}9")))
    if change == "doc":
        record["doc"] = "Something else."
    elif change == "align" and record["kind"] in ("struct", "union", "context"):
        record["align"] = draw(st.sampled_from([1, 8, 16, 64]))
    elif change == "copy" and record["kind"] == "struct":
        record["copy"] = not record.get("copy")
    elif change == "tag" and "tag" in record:
        record["tag"] = draw(st.sampled_from(["u8", "u32", "i64"]))
    elif change == "values" and key == "variants":
        for value, entry in enumerate(reversed(record[key].values())):
            if isinstance(entry, dict):
                entry["value"] = value
    elif key is not None:
        record[key] = _parts(draw, change, record[key], key)
    return schema


def _parts(draw: st.DrawFn, change: str, parts: Tree, key: str) -> Tree:
    names = list(parts)
    place = draw(st.integers(0, len(names) - 1))
    name = names[place]
    if change == "add":
        names.insert(place, "Fresh" if key == "variants" else "fresh")
        made = {"variants": {"value": 77}, "functions": "(x: u32)"}.get(
            key, draw(st.sampled_from(TYPES))
        )
        return {n: parts.get(n, made) for n in names}
    if change == "drop" and len(names) > 1:
        return {n: parts[n] for n in names if n != name}
    if change == "swap":
        other = names[draw(st.integers(0, len(names) - 1))]
        order = {name: other, other: name}
        return {order.get(n, n): parts[order.get(n, n)] for n in names}
    if change == "retype" and key == "fields":
        return {**parts, name: draw(st.sampled_from(TYPES))}
    if change == "rename":
        called = "Renamed" if key == "variants" else "renamed"
        return {called if n == name else n: part for n, part in parts.items()}
    if change == "access" and isinstance(parts[name], dict):
        parts[name].pop("access", None)
    return parts
