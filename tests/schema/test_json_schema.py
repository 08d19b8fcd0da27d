"""The JSON Schema for editors, and the reader: neither refuses what the other takes.

What JSON Schema has no words for is listed here, and nothing else is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.schema.editor_view import as_json
from tests.schema.mutations import documents, tree
from tests.support import ROOT, proving
from vmgen.reading.diagnostics import Diagnostic, Report
from vmgen.reading.source import Mapping, SourceFile
from vmgen.reading.yamltree import parse
from vmgen.report.full import render
from vmgen.schema import keys
from vmgen.schema.json_schema import OTHER_NUMBERS, json_schema

SCHEMAS = sorted((ROOT / "schemas").rglob("*.vm.yaml"))


def _ecma_pattern(
    validator: Any, pattern: str, value: Any, schema: Any
) -> Iterator[Any]:
    """As in ECMAScript: `$` is the very end, not also the place before a newline."""
    if isinstance(value, str) and not re.search(pattern.replace("$", r"\Z"), value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


Validator = jsonschema.validators.extend(
    jsonschema.Draft7Validator, {"pattern": _ecma_pattern}
)


@cache
def validator() -> Any:
    return Validator(json_schema())


def read(text: str) -> tuple[Mapping, Report]:
    """The tree of a text that is YAML, and what the reader finds wrong with it."""
    report = Report()
    root = parse(SourceFile(Path("x.vm.yaml"), "x.vm.yaml", text), report)
    assert root is not None, render(report)
    shape = keys.MODULE if "module" in root.entries else keys.FRAGMENT
    shape.check(root, report)
    return root, report


def unspeakable(found: Diagnostic) -> str | None:
    """Why JSON Schema can't refuse this, or None when it can."""
    assert found.span is not None
    raw = found.span.file.text[found.span.start : found.span.end]
    if found.code == "VM007":
        return "what a type is made of"
    if found.code == "VM003":
        return (
            "a number that two keys spell, each in its way, or a name twice in a list"
        )
    if found.code in ("VM005", "VM010", "VM016", "VM205"):
        if re.fullmatch(r"[-+]?[0-9.]+(e[0-9]+)?", raw):
            return "a number's spelling: JSON Schema sees 7 in 007, +7, 7.0 and 7e0"
        if re.search(OTHER_NUMBERS, raw.strip("\"'")):
            return "a number that YAML 1.2 reads as text, as 1_000, and its bounds"
        if raw.lower() in ("true", "false"):
            return "the spelling of `true` and `false`"
        if raw in ("~", "null", "NULL"):
            return "a key that is null and not the text of it"
    return None


def looser(error: Any) -> str | None:
    """Why the reader may take what JSON Schema refuses, or None when it may not."""
    if isinstance(error.instance, bool):
        return (
            "a bare `true` as the name of something; `vmgen check` finds no such thing"
        )
    if isinstance(error.instance, str) and re.search(OTHER_NUMBERS, error.instance):
        return "a number out of a few, spelled as YAML 1.2 reads no number"
    if isinstance(error.instance, float) and not isfinite(error.instance):
        return "a name that is a number for YAML, as `.inf` of a header"
    return None


def leaves(error: Any) -> Iterator[Any]:
    """The faults at the bottom of one that has alternatives."""
    if not error.context:
        yield error
    for inner in error.context or ():
        yield from leaves(inner)


def disagreement(text: str) -> str | None:
    """What the two say of a text, when they disagree for no listed reason."""
    root, report = read(text)
    document = as_json(root)
    if validator().is_valid(document):
        bad = [d for d in report if unspeakable(d) is None]
        return f"only the reader refuses\n{render(report)}" if bad else None
    if report.has_errors:
        return None
    errors = list(validator().iter_errors(document))
    if all(any(looser(leaf) for leaf in leaves(error)) for error in errors):
        return None
    return f"only JSON Schema refuses: {errors}"


@cache
def known() -> list[Any]:
    return [tree(read(p.read_text(encoding="utf-8"))[0]) for p in SCHEMAS]


@settings(
    max_examples=5000 if proving() else 250,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_the_two_agree_on_random_documents(data: st.DataObject) -> None:
    text = data.draw(documents(known()))
    assert disagreement(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("vmgen: 1\ntypes: {A: {kind: newtype, of: '[u8; 4'}}", "what a type is made of"),
        ("vmgen: 1\ntypes: {A: {kind: newtype, of: u8, expect_size: {64: 1, 0x40: 2}}}", "two keys"),
        ("vmgen: 001", "spelling"),
        ("vmgen: 1.0", "spelling"),
        ("vmgen: 1\nfeatures: {gc: True}", "spelling of `true`"),
        ("vmgen: 1\ntypes: {A: {kind: enum, tag: u8, variants: {A: {value: '1_0'}}}}", "1_000"),
        ("vmgen: 1\nconstants: {NULL: {type: u8}}", "null"),
    ],
)  # fmt: skip
def test_what_json_schema_cannot_say_is_refused_by_the_reader(
    text: str, reason: str
) -> None:
    root, report = read(text)
    assert validator().is_valid(as_json(root))
    assert [d for d in report if reason in (unspeakable(d) or "")]


@pytest.mark.parametrize(
    "text",
    [
        "vmgen: 1\ntypes: {A: {kind: struct, fields: {x: {type: u8, when: true}}}}",
        "vmgen: 1\ntypes: {A: {kind: struct, align: 0b100, fields: {x: u8}}}",
    ],
)
def test_what_only_json_schema_refuses_is_listed_too(text: str) -> None:
    root, report = read(text)
    assert not report.has_errors
    assert not validator().is_valid(as_json(root))
    assert disagreement(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "vmgen: 1\nmodule: a\npadding: explicit",
        "vmgen: 1",
        "{vmgen: 1, module: a, targets: ['aarch64-*'], doc: 12}",
        "vmgen: 1\ntypes: {A: {kind: struct, align: 16, fields: {}}}",
        "vmgen: 1\ntypes: {A: {kind: foreign, size: {64: 8, 32: 4}, align: 4}}",
        "vmgen: 1\nconstants: {A: {type: u64, value: 1_000_000}}",
        "vmgen: 1\nconstants: {A: {type: i64, value: -0x10}}",
        "vmgen: 1\ntypes: {A: {kind: enum, tag: u8, variants: {A: , B: u8, C: 0b11}}}",
        "vmgen: 1\ntypes: {A: {kind: struct, fields: [a: u8, b: {type: u8, doc: x}]}}",
        "vmgen: 1\ntypes: {A: {kind: union, fields: []}}",
        "vmgen: 1\ntypes: {A: {kind: enum, tag: u8, variants: [A, B: , C: 7, D: u8]}}",
        "vmgen: 1\ntypes: {A: {kind: functions, functions: [f: '()']}}",
        "vmgen: 1\ntypes: {A: {kind: context, regions: [r: u8]}}",
        "vmgen: 1\ntypes: {A: {kind: context, counts: {n: {}, m: }, flags: {f: {}}}}",
        "vmgen: 1\nmodule: a\nc: {header: [9p.h, 0xa.h, <a/1>, e1/2.h, ./a.h]}",
    ],
)
def test_both_take_what_is_sound(text: str) -> None:
    root, report = read(text)
    assert not report.has_errors, render(report)
    assert list(validator().iter_errors(as_json(root))) == []


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "vmgen: 2",
        "vmgen: '1'",
        "vmgen: 1\npadding: explicit",
        "vmgen: 1\ntargets: [x86_64-unknown-linux-gnu]",
        "vmgen: 1\nmodule: a\ntargets: []",
        "vmgen: 1\nmodule: Upper",
        'vmgen: 1\nmodule: "a\\n"',
        "vmgen: 1\ndoc: ' '",
        "vmgen: 1\ntypes: {A: {fields: {}}}",
        "vmgen: 1\ntypes: {A: {kind: strukt}}",
        "vmgen: 1\ntypes: {A: {kind: opaque, align: 8}}",
        "vmgen: 1\ntypes: {A: {kind: struct, align: 12, fields: {}}}",
        "vmgen: 1\ntypes: {A: {kind: struct, fields: {x: {typ: u8}}}}",
        "vmgen: 1\ntypes: {A: {kind: struct, fields: {x: 12}}}",
        "vmgen: 1\ntypes: {A: {kind: functions, functions: {f: u32}}}",
        "vmgen: 1\ntypes: {A: {kind: foreign, size: {48: 8}, align: 4}}",
        "vmgen: 1\ntypes: {A: {kind: struct, fields: [a]}}",
        "vmgen: 1\ntypes: {A: {kind: struct, fields: [{a: u8, b: u8}]}}",
        "vmgen: 1\ntypes: {A: {kind: struct, fields: [{}]}}",
        "vmgen: 1\ntypes: {A: {kind: struct, fields: [B: u8]}}",
        "vmgen: 1\ntypes: {A: {kind: enum, tag: u8, variants: [1a]}}",
        "vmgen: 1\ntypes: {A: {kind: enum, tag: u8, variants: [[A]]}}",
        "vmgen: 1\ntypes: [A, B: {kind: opaque}]",
        "vmgen: 1\ntypes: {A: {kind: opaque}}\ndata_models: {m: {pointer: 48}}",
        "vmgen: 1\nmodule: a\nc: {header: 0x10}",
        "vmgen: 1\nmodule: a\nc: {header: 1e5}",
        "vmgen: 1\nmodule: a\nc: {header: .inf}",
        "vmgen: 1\nmodule: a\nc: {header: [a.h, 1.5]}",
    ],
)
def test_both_refuse_what_is_not(text: str) -> None:
    root, report = read(text)
    assert report.has_errors
    assert not validator().is_valid(as_json(root))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda p: p.name)
def test_the_schemas_here_have_no_fault(path: Path) -> None:
    root, report = read(path.read_text(encoding="utf-8"))
    assert not report.has_errors, render(report)
    assert list(validator().iter_errors(as_json(root))) == []


def test_it_is_a_sound_schema_of_draft_07() -> None:
    made = json_schema()
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(made)


def test_every_key_has_a_description_and_an_example() -> None:
    def objects(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            yield value
            for inner in value.values():
                yield from objects(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from objects(inner)

    described = 0
    for made in objects(json_schema()):
        for name, key in made.get("properties", {}).items():
            if "const" not in key:
                assert key["description"], name
                described += 1
    assert described > 80
