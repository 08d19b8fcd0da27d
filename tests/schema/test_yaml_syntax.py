"""What YAML takes for syntax, in every place that takes a type, a text or a name.

Nothing is lost without a word: a value is read whole or reported, and where quotes are
all that is missing, what is proposed is what YAML then reads.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import HEADER
from vmgen.reading.diagnostics import Diagnostic, Report
from vmgen.reading.proposals import MOST_TRIES, advice
from vmgen.reading.quoting import MOST_ENTRIES
from vmgen.reading.source import SourceFile
from vmgen.reading.yamltree import parse
from vmgen.schema import keys

SYNTAX = [
    "&mut u8", "&u8", "&str is the name", "&", "& x", "&'a u8", "&[u8]", "*mut u8", "*u8", "*", "* x",
    "*bold* x", "*const [u8; 4]", "! loud", "!", "!loud text", "!= 1", "[u8; 16]", "[[u8; 4]; 2]",
    "[*mut u8; 2]", "[VmPtr<u8>; n]", "[0] is first", "[0, 1) is half open", "{x} is one", "{braces}",
    "`magic` comes first", "`", "@param x", "@", "%d of them", "%", "Note: it is big", "a: b: c", "name:",
    "> #5 of them", "| #or", "- item", "-", "- a: b", "? what", "?", "| or", "|", "> 5", ">", ">= 5", "'tis old", "'tis what it's",
    "it's: mine", '"q" start', '"', '"open', "#123 fixed it", "Fixed in #123", "Fixed in #[repr(C)] now",
    "~", "null", "(a: u32) -> u8", "!!str x", "<<", "=", "a, b", "12", "-5", "0x10", "1.5", "true", "yes",
    "a #b: c", "[x]: y", "C:\\dir: \"x\"", "100% sure", "x & y", "a * b", "ok!", "why?", "a - b", "a > b",
]  # fmt: skip
"""Values as they are written without quotes."""

TEXTS = {
    "module-doc": ("doc: @@\n", ["doc"]),
    "type-doc": ("types:\n  A:\n    doc: @@\n    kind: opaque\n", ["types", "A", "doc"]),
    "type-doc-last": ("types:\n  A:\n    kind: opaque\n    doc: @@\n", ["types", "A", "doc"]),
    "type-doc-in-braces": ("types: {A: {doc: @@, kind: opaque}}\n", ["types", "A", "doc"]),
    "field-doc": ("types:\n  A:\n    kind: struct\n    fields:\n      x: {type: u8, doc: @@}\n      y: u8\n",
                  ["types", "A", "fields", "x", "doc"]),
    "field-doc-in-a-list": ("types:\n  A:\n    kind: struct\n    fields:\n      - x: {type: u8, doc: @@}\n      - y: u8\n",
                            ["types", "A", "fields", 0, "x", "doc"]),
    "reason": ("types:\n  A:\n    kind: newtype\n    of: u8\n    allow:\n      raw-pointer: @@\n",
               ["types", "A", "allow", "raw-pointer"]),
    "reason-in-braces": ("types:\n  A: {kind: newtype, of: u8, allow: {raw-pointer: @@}}\n",
                         ["types", "A", "allow", "raw-pointer"]),
    "count": ("types:\n  A:\n    kind: context\n    counts:\n      n: @@\n", ["types", "A", "counts", "n"]),
    "feature-doc": ("features:\n  gc: {default: true, doc: @@}\n", ["features", "gc", "doc"]),
    "constant-doc": ("constants:\n  C: {type: u8, value: 1, doc: @@}\n", ["constants", "C", "doc"]),
    "bytes": ("constants:\n  C: {type: u32, bytes: @@}\n", ["constants", "C", "bytes"]),
    "targets": ("targets:\n  - @@\n", ["targets", 0]),
    "targets-in-brackets": ("targets: [x86_64-unknown-linux-gnu, @@]\n", ["targets", 1]),
}  # fmt: skip
"""Places of texts: what is around one, and the way to it from the root."""

TYPES = {
    "field": "types:\n  A:\n    kind: struct\n    fields:\n      x: @@\n      y: u8\n",
    "field-in-braces": "types:\n  A: {kind: struct, fields: {x: @@, y: u8}}\n",
    "field-in-a-list": "types:\n  A:\n    kind: struct\n    fields:\n      - x: @@\n      - y: u8\n",
    "field-long": "types:\n  A:\n    kind: struct\n    fields:\n      x:\n        type: @@\n        doc: It.\n",
    "field-long-in-braces": "types:\n  A:\n    kind: struct\n    fields:\n      x: {type: @@, doc: It.}\n",
    "member": "types:\n  A:\n    kind: union\n    fields:\n      x: @@\n",
    "payload": "types:\n  A:\n    kind: enum\n    tag: u8\n    variants:\n      X: @@\n      Y:\n",
    "payload-long": "types:\n  A:\n    kind: enum\n    tag: u8\n    variants:\n      X: {type: @@}\n      Y:\n",
    "newtype": "types:\n  A:\n    kind: newtype\n    of: @@\n",
    "region": "types:\n  A:\n    kind: context\n    counts: [n]\n    regions:\n      r: @@\n",
    "region-long": "types:\n  A:\n    kind: context\n    counts: [n]\n    regions:\n      r: {type: @@}\n",
    "signature": "types:\n  A:\n    kind: functions\n    functions:\n      f: @@\n      g: '()'\n",
    "signature-long": "types:\n  A:\n    kind: functions\n    functions:\n      f:\n        signature: @@\n",
}  # fmt: skip

NAMES = {
    "module": "vmgen: 1\nmodule: @@\n",
    "type": "types:\n  @@: {kind: opaque}\n",
    "field": "types:\n  A:\n    kind: struct\n    fields:\n      @@: u8\n      z: u8\n",
    "field-in-braces": "types:\n  A: {kind: struct, fields: {@@: u8, z: u8}}\n",
    "field-in-a-list": "types:\n  A:\n    kind: struct\n    fields:\n      - @@: u8\n",
    "variant": "types:\n  A:\n    kind: enum\n    tag: u8\n    variants:\n      @@: 1\n",
    "variant-in-a-list": "types:\n  A:\n    kind: enum\n    tag: u8\n    variants: [@@]\n",
    "count": "types:\n  A:\n    kind: context\n    counts: [@@]\n",
    "count-in-a-list": "types:\n  A:\n    kind: context\n    counts:\n      - @@\n",
    "feature": "types:\n  A:\n    kind: struct\n    fields:\n      x: {type: u8, when: @@}\n",
    "constant": "types:\n  A:\n    kind: struct\n    fields:\n      x:\n        type: u8\n        value: @@\n",
    "rule": "types:\n  A:\n    kind: struct\n    fields: {x: u8}\n    allow:\n      @@: why\n",
    "rust": "types:\n  A:\n    kind: foreign\n    rust: @@\n    size: 1\n    align: 1\n",
}  # fmt: skip


def read(template: str, written: str) -> tuple[str, list[Diagnostic]]:
    """The file with a value in it, and what the readers say of it."""
    text = template.replace("@@", written)
    text = text if text.startswith("vmgen:") else HEADER + text
    report = Report()
    root = parse(SourceFile(Path("x.vm.yaml"), "x.vm.yaml", text), report)
    if root is not None:
        keys.MODULE.check(root, report)
    return text, list(report)


def loaded(text: str, way: list[Any]) -> Any:
    """What any reader of YAML finds at a place, as a text; None if it finds none."""
    try:
        value = yaml.load(text, Loader=yaml.CBaseLoader)
        for step in way:
            value = value[step]
    except (yaml.YAMLError, KeyError, IndexError, TypeError):
        return None
    return value if isinstance(value, str) else None


def proposals(found: list[Diagnostic]) -> list[str]:
    """What is to be written instead, out of the helps."""
    helps = [help for one in found for help in one.helps]
    pattern = (
        r"(?:if it is meant as text, quote it|close the quotes): `(?:[\w-]+: )?(.*)`"
    )
    return [m[1] for m in (re.fullmatch(pattern, help) for help in helps) if m]


@pytest.mark.parametrize("position", TEXTS)
def test_a_text_is_read_whole_or_told_how_to_be_quoted(position: str) -> None:
    template, way = TEXTS[position]
    for written in SYNTAX:
        text, found = read(template, written)
        if not found:
            # A comma makes two items in brackets.
            is_two = position == "targets-in-brackets" and written == "a, b"
            assert is_two or loaded(text, way) == written, written
            continue
        proposed = proposals(found)
        assert proposed, (written, found)
        mended, _ = read(template, proposed[0])
        wanted = "open" if written == '"open' else written
        if written == "a: b: c" and "targets" in position:
            wanted = "b: c"  # An item may have a key, and this one has `a`.
        found_there = (
            proposed[0].strip('"') if wanted == "b: c" else loaded(mended, way)
        )
        assert found_there == wanted, (written, proposed)


@pytest.mark.parametrize("position", TYPES)
def test_a_type_is_read_whole_or_refused(position: str) -> None:
    template = TYPES[position]
    for written in SYNTAX:
        _, found = read(template, written)
        quoted = yaml.dump(written, default_style='"', width=1000).strip()
        _, in_quotes = read(template, quoted)
        if in_quotes and not found:
            assert "payload" in position, written  # takes numbers, and nothing
            assert written in ("~", "null", "12", "-5", "0x10"), written
        elif found and not in_quotes:
            # It is a type, and only quotes are missing.
            assert quoted in proposals(found), (written, found)


@pytest.mark.parametrize("position", NAMES)
def test_no_name_is_made_of_syntax(position: str) -> None:
    template = NAMES[position]
    for written in SYNTAX:
        _, found = read(template, written)
        if found:
            assert all(d.span is not None for d in found), written
            continue
        # A comma makes two names, `?` begins a key, and a line that begins with `#` is
        # a comment: nothing else of this is read.
        allowed = {"true", "yes"}
        allowed |= {"a, b"} if "[@@]" in template else set()
        allowed |= {"? what"} if "{@@: " in template else set()
        allowed |= {"#123 fixed it"} if "  @@: u8" in template else set()
        allowed |= {"null"} if position in ("feature", "rust") else set()
        # A mapping in a list is a member of a list.
        allowed |= {"- item"} if position in ("type", "variant") else set()
        # Nothing need stand behind a count.
        allowed |= {"name:"} if position == "count-in-a-list" else set()
        assert written in allowed, position


@pytest.mark.parametrize(
    "written", ["*mut u8", "`x`", "@a", "a: b", "- a", "'a", "& a"]
)
def test_where_the_fault_is_is_marked_from_the_begin_to_the_end(written: str) -> None:
    text, found = read(TEXTS["field-doc"][0], written)
    assert len(found) == 1
    span = found[0].span
    assert span is not None
    assert text[span.start : span.end] == written


@pytest.mark.parametrize("length", [50, 5000])
def test_few_proposals_are_tried_however_long_a_line_is(length: int) -> None:
    text = "a: [" + "{b: `x`, c: [`y`, " * length
    tried = []

    def fault_of(tried_text: str) -> int:
        tried.append(tried_text)
        return 0

    places = [text.rindex("`x`"), text.rindex("`y`")]
    assert advice(text, places, fault_of) is None
    assert 0 < len(tried) <= 2 * MOST_TRIES


def test_anchors_that_are_used_and_comments_with_a_space_are_fine() -> None:
    text = """\
types:  #: what there is
  A:  # a comment
    kind: struct  #-----
    fields: &fields  #all of them
      #a: u8
      b: u8
      #c: u8
  B: {kind: struct, fields: *fields}  #and again
  C:
    kind: opaque
    doc: |  # as written
      #Some #text, `code`: and more.
      #123
  D: {kind: opaque, doc: "with #1"}  #2
  E:
    kind: enum
    tag: u8
    variants:
      A:
        #doc: x
      B: 4
      #C: 5
"""
    assert read(text, "")[1] == []


@pytest.mark.parametrize("count", [10, 1000])
def test_a_key_without_colon_is_looked_at_beside_few_others(count: int) -> None:
    keys = ", ".join(f"x{number}" for number in range(count))
    _, found = read(f"types: {{A: {{kind: opaque, doc: one, {keys}}}}}", "")
    assert len(found) == count
    assert len(proposals(found)) == (count if count < MOST_ENTRIES else 0)
