"""Schemas with something wrong in them, or perhaps not: random changes to sound ones.

A document is a tree of dicts, lists, texts (quoted in YAML) and `Plain` scalars.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import strategies as st

from tests.random.strategies import schemas
from vmgen.reading.source import Mapping, Node, Scalar, Sequence
from vmgen.schema import composite_shapes as c
from vmgen.schema import keys
from vmgen.schema import shapes as s

SAFE_PLAIN = re.compile(r"[A-Za-z0-9_.+~][A-Za-z0-9_.+~<>-]*|-[0-9.][A-Za-z0-9_.]*")


class Plain(str):
    """A scalar to be written without quotes."""


PLAIN = [
    "0", "1", "2", "7", "8", "12", "16", "32", "64", "100", "-1", "4611686018427387905",
    "007", "+7", "7.0", "7e0", "1.5", "-0", "0x10", "-0x10", "0b101", "1_000", "0o17",
    "9" * 70, "1_", ".5", ".inf", "2024-01-01", "true", "false", "True", "FALSE", "yes",
    "~", "null", "NULL", "u32", "Name", "NAME", "name", "none", "little", "readonly",
    "struct", "context", "16bit",
]  # fmt: skip
QUOTED = [
    "", " ", "12", "1_0", "u32", "true", "null", "[u8; 4]", "(a: u32) -> u64", "VmPtr<u8>",
    "VmPtr<", "((", "raw-pointer", "name\n", "none", "big", "struct a", "[u8]", "fn(a: u8)", "Option<fn()>", "a.b", "two words", "fn(u32)", "é",
    "0b1", "x" * 101, "*mut u8", "64",
]  # fmt: skip


SNIPPETS: list[Any] = [
    {"a": Plain("u8")}, [{"a": Plain("u8")}], {"a": {"struct": {"b": Plain("u8")}}},
    {"c-abi": "it is tried"}, {"c-abi": Plain("null")}, {"header": "<a.h>"}, {"os": "windows"},
    {"not": {"width": Plain("64")}}, {"all": [{"endian": "big"}, {"arch": "s390x"}]},
    {"any": []}, {"raw-pointer": "it is tried"}, {"64": Plain("8"), "32": Plain("4")},
    {"type": "[u8]", "length": "a"}, {"type": "u32", "bits": Plain("3")},
]  # fmt: skip
"""What stands somewhere in sound schemas."""


def values() -> st.SearchStrategy[Any]:
    scalars = st.one_of(st.sampled_from(PLAIN).map(Plain), st.sampled_from(QUOTED))
    return st.one_of(
        scalars,
        scalars,
        st.lists(scalars, max_size=2),
        st.dictionaries(key_names(), scalars, max_size=2),
        st.sampled_from(SNIPPETS),
    )


def _known_keys(shape: Any, seen: set[int]) -> Iterator[str]:
    """Every key that stands somewhere in a shape, and every word that may be one."""
    if id(shape) in seen:
        return
    seen.add(id(shape))
    inner: list[Any] = []
    match shape:
        case c.Later():
            inner = [shape.get()]
        case c.Keys():
            yield from shape.keys
            inner = [key.shape for key in shape.keys.values()]
        case c.ByKind():
            inner = list(shape.kinds.values())
        case s.Choice():
            yield from shape.words
        case msgspec.Struct():
            inner = [getattr(shape, name) for name in shape.__struct_fields__]
    for one in inner:
        if isinstance(one, s.Shape):
            yield from _known_keys(one, seen)


KNOWN = sorted(set(_known_keys(keys.MODULE, set())))
STRANGE = [
    "typ",
    "",
    " ",
    "NULL",
    "null",
    "~",
    "true",
    "64",
    "7",
    "UPPER",
    "a-b",
    "x\n",
]


def key_names() -> st.SearchStrategy[str]:
    return st.sampled_from([*KNOWN, *STRANGE, "Name", "NAME", "name", "__x"])


def tree(node: Node) -> Any:
    """A document that was read, as a tree that can be changed."""
    if isinstance(node, Mapping):
        return {key.value: tree(value) for key, value in node}
    if isinstance(node, Sequence):
        return [tree(item) for item in node.items]
    assert isinstance(node, Scalar)
    if node.plain and (not node.value or SAFE_PLAIN.fullmatch(node.value)):
        return Plain(node.value)
    return node.value


def from_json(value: Any) -> Any:
    """A tree out of what `json` could read."""
    if isinstance(value, dict):
        return {key: from_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [from_json(inner) for inner in value]
    return value if isinstance(value, str) else Plain(json.dumps(value))


def text_of(value: Any) -> str:
    """The tree as YAML in flow style."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_key(k)}: {text_of(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(text_of(item) for item in value) + "]"
    return (
        str(value)
        if isinstance(value, Plain)
        else json.dumps(value, ensure_ascii=False)
    )


def _key(key: str) -> str:
    return key if SAFE_PLAIN.fullmatch(key) else json.dumps(key, ensure_ascii=False)


@st.composite
def documents(draw: st.DrawFn, known: list[Any]) -> str:
    """The text of a sound schema, random or out of `known`, changed up to three times."""
    if draw(st.booleans()):
        whole = from_json(draw(schemas()))
    else:
        chosen = draw(st.sampled_from(known))
        whole = dict(chosen)
        types = chosen.get("types", {})
        if types:
            few = draw(
                st.lists(st.sampled_from(sorted(types)), max_size=3, unique=True)
            )
            whole["types"] = {name: types[name] for name in few}
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            whole = draw(transplanted(whole))
            continue
        made = draw(changed(whole))
        # What is no mapping at all isn't held against the keys.
        whole = made if isinstance(made, dict) and made else whole
    return text_of(whole)


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """The tree with one change in it, at any depth."""
    inside = isinstance(value, (dict, list)) and value and draw(st.integers(0, 3))
    if isinstance(value, dict):
        if inside:
            key = draw(st.sampled_from(sorted(value)))
            return {**value, key: draw(changed(value[key]))}
        change = draw(st.sampled_from(["add", "remove", "rename", "replace", "list"]))
        if change == "list":
            return [{key: inner} for key, inner in value.items()]
        if change == "add" or (not value and change != "replace"):
            return {**value, draw(key_names()): draw(values())}
        if change == "replace":
            return draw(values())
        victim = draw(st.sampled_from(sorted(value)))
        rest = {k: v for k, v in value.items() if k != victim}
        if change == "rename":
            rest[draw(key_names())] = value[victim]
        return rest
    if inside:
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], draw(changed(value[index])), *value[index + 1 :]]
    return draw(values())


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a tree."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _mappings(inner)


@st.composite
def transplanted(draw: st.DrawFn, whole: Any) -> Any:
    """The tree with a key of one of its mappings in another one as well: what is sound in
    one place, in a place where it may not be."""
    made = copy.deepcopy(whole)
    every = [each for each in _mappings(made) if each]
    source = draw(st.sampled_from(every))
    key = draw(st.sampled_from(sorted(source)))
    draw(st.sampled_from(every))[key] = copy.deepcopy(source[key])
    return made
