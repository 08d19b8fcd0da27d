"""Random schemas, as text: sound ones, with whatever the language can say."""

from __future__ import annotations

import json

from hypothesis import strategies as st

INTEGERS = [
    "u8", "u16", "u32", "u64", "u128", "usize",
    "i8", "i16", "i32", "i64", "i128", "isize",
]  # fmt: skip
TAGS = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"]
ATOMICS = ["AtomicUsize", "AtomicU64"]
FIELD_NAMES = [
    "a", "base", "length", "x1", "long_field_name_number_two", "ptr", "value_of_it",
    "_hidden", "n", "limit", "first", "last", "u", "data", "raw_bits", "state",
]  # fmt: skip
NASTY = [
    "*/ ends a comment", '""" ends a docstring', "a \\ at the end \\", "??/ a trigraph",
    "[link] <b>html</b> `code` {{ jinja }} {% raw %}", "tab\tand \u2028 and é and 漢字 and 🦀",
    "// comment", "r#\"raw\"#", "'quotes' and \"quotes\"", "* a list\n\n* of two items",
    "\\N{DASH} \\x41 \\u0041 \\", "#define X", "%s %d {} {0}", "ends with a quote\"",
]  # fmt: skip


def docs() -> st.SearchStrategy[str]:
    """Plain prose, short and long, and text that tries to break out of comments."""
    words = st.lists(
        st.sampled_from(
            ["the", "length", "of", "a", "memory", "in", "bytes,", "or", "VMContext"]
        ),
        min_size=1,
        max_size=60,
    ).map(lambda w: " ".join(w) + ".")
    return st.one_of(words, st.sampled_from(NASTY))


def _pointer(names: list[str]) -> st.SearchStrategy[str]:
    pointee = st.sampled_from([*names, *INTEGERS, "()"])
    return st.builds(
        lambda p, optional: f"Option<VmPtr<{p}>>" if optional else f"VmPtr<{p}>",
        pointee,
        st.booleans(),
    )


def field_types(
    names: list[str], embeddable: list[str], depth: int = 2
) -> st.SearchStrategy[str]:
    """A type that a field may have; `embeddable` are types that exist already."""
    leaves = st.one_of(
        st.sampled_from(INTEGERS),
        st.sampled_from(ATOMICS),
        _pointer(names),
        *([st.sampled_from(embeddable)] if embeddable else []),
    )
    if depth == 0:
        return leaves
    inner = field_types(names, embeddable, depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda t, n: f"[{t}; {n}]", inner, st.integers(1, 5)),
        inner.map(lambda t: f"UnsafeCell<{t}>"),
    )


@st.composite
def _fields(
    draw: st.DrawFn, names: list[str], embeddable: list[str], plain: bool = False
) -> dict[str, object]:
    fields: dict[str, object] = {}
    chosen = draw(
        st.lists(st.sampled_from(FIELD_NAMES), min_size=1, max_size=8, unique=True)
    )
    for name in chosen:
        type = draw(field_types(names, embeddable))
        if draw(st.booleans()):
            fields[name] = type
            continue
        long: dict[str, object] = {"type": type, "doc": draw(docs())}
        if not plain and type in INTEGERS[:5] and draw(st.booleans()):
            long["endian"] = "little"
        if draw(st.booleans()):
            long["access"] = draw(
                st.sampled_from([["readonly"], ["readonly", "can_move"]])
            )
        fields[name] = long
    return fields


@st.composite
def _variants(
    draw: st.DrawFn, tag: str, payloads: list[str] | None
) -> dict[str, object]:
    names = draw(st.lists(st.sampled_from(["Absent", "Ready", "Done", "Host", "X9", "Trap"]),
                          min_size=1, max_size=5, unique=True))  # fmt: skip
    low = -100 if tag.startswith("i") else 0
    values = draw(
        st.lists(
            st.integers(low, 127), min_size=len(names), max_size=len(names), unique=True
        )
    )
    variants: dict[str, object] = {}
    for position, (name, value) in enumerate(zip(names, values, strict=True)):
        payload = draw(st.sampled_from([None, *payloads])) if payloads else None
        if payloads and position == 0:
            payload = draw(st.sampled_from(payloads))
        entry: dict[str, object] = {"value": value}
        if payload:
            entry["type"] = payload
        if draw(st.booleans()):
            entry["doc"] = draw(docs())
        variants[name] = entry
    return variants


@st.composite
def _signature(draw: st.DrawFn, names: list[str]) -> str:
    by_value = st.one_of(
        st.sampled_from(["u8", "u32", "u64", "usize", "bool", "f32", "f64", "i64"]),
        _pointer(names),
    )
    params = draw(st.lists(by_value, max_size=4))
    named = [f"p{i}: {p}" for i, p in enumerate(params)]
    result = draw(st.one_of(st.none(), by_value))
    return f"({', '.join(named)})" + (f" -> {result}" if result else "")


@st.composite
def _context(
    draw: st.DrawFn, names: list[str], embeddable: list[str]
) -> dict[str, object]:
    counts = draw(
        st.lists(
            st.sampled_from(["num_a", "num_b", "num_c"]),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    regions: dict[str, object] = {}
    for i in range(draw(st.integers(1, 4))):
        element = draw(field_types(names, embeddable, depth=0))
        count = draw(st.sampled_from([*counts, "3"]))
        form = draw(st.sampled_from(["array", "array", "single", "flag"]))
        if form == "array":
            regions[f"region_{i}"] = f"[{element}; {count}]"
        elif form == "single":
            regions[f"region_{i}"] = element
        else:
            regions[f"region_{i}"] = {
                "type": element,
                "when": "has_it",
                "doc": draw(docs()),
            }
    return {
        "kind": "context",
        "doc": draw(docs()),
        "align": 64,
        "counts": counts,
        "flags": ["has_it"],
        "fields": draw(_fields(names, embeddable, plain=True)),
        "regions": regions,
    }


@st.composite
def schemas(draw: st.DrawFn, contexts: bool = True) -> dict[str, object]:
    """A whole schema as a tree; `as_text` makes it a file."""
    kinds = draw(
        st.lists(
            st.sampled_from(
                ["struct", "struct", "struct", "union", "plain", "tagged", "newtype",
                 "functions", "opaque", *(["context"] if contexts else [])]
            ),
            min_size=1,
            max_size=7,
        )
    )  # fmt: skip
    names = [f"VMType{i}" for i in range(len(kinds))]
    types: dict[str, object] = {}
    embeddable: list[str] = []
    for name, kind in zip(names, kinds, strict=True):
        made: dict[str, object] = {}
        if draw(st.booleans()):
            made["doc"] = draw(docs())
        if kind in ("struct", "union"):
            made |= {"kind": kind, "fields": draw(_fields(names, embeddable))}
            if draw(st.booleans()):
                made["align"] = draw(st.sampled_from([1, 2, 4, 8, 16, 32, 64]))
        elif kind in ("plain", "tagged"):
            tag = draw(st.sampled_from(TAGS))
            payloads = None
            if kind == "tagged":
                payloads = draw(
                    st.lists(field_types(names, embeddable, 1), min_size=1, max_size=3)
                )
            made |= {
                "kind": "enum",
                "tag": tag,
                "variants": draw(_variants(tag, payloads)),
            }
        elif kind == "newtype":
            made |= {"kind": "newtype", "of": draw(field_types(names, embeddable, 0))}
        elif kind == "functions":
            count = draw(st.integers(1, 4))
            slots = {f"call_{i}": draw(_signature(names)) for i in range(count)}
            made |= {"kind": "functions", "functions": slots}
        elif kind == "opaque":
            made |= {"kind": "opaque"}
        else:
            made = draw(_context(names, embeddable))
        types[name] = made
        if kind not in ("opaque", "context"):
            embeddable.append(name)
    return {"vmgen": 1, "module": "random", "doc": draw(docs()), "types": types}


def as_text(schema: dict[str, object], module: str) -> str:
    """A schema as a file's text; JSON is YAML, and is quoted beyond doubt."""
    return json.dumps({**schema, "module": module}, ensure_ascii=False, indent=1)
