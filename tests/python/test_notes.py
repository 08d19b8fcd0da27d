"""What docstrings say of access, byte order and rules that needn't be kept."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.python.generated import texts
from tests.support import module_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
vmgen: 1
module: noted
constants: {MAGIC: {type: u32, value: 7}}
types:
  Raw:
    kind: struct
    doc: A record.
    allow: {raw-pointer: only the host reads it}
    fields:
      magic: {type: u32, value: MAGIC}
      base: {type: "*mut u8", doc: Its begin., access: [readonly, can_move]}
      from: {type: u32, endian: little, allow: {reserved-name: "it is so!"}}
      plain: {type: u64, doc: As it is.}
  Handle: {kind: newtype, of: "*mut u8", allow: {raw-pointer: an opaque handle}}
  Kind:
    kind: enum
    tag: u32
    variants:
      Self: {type: u32, allow: {reserved-name: the name of the thing}}
      Other: {doc: Another.}
  Plain:
    kind: enum
    tag: u32
    variants: {None: {value: 1, doc: Goes by., allow: {reserved-name: its name}}}
  Table:
    kind: functions
    functions:
      yield: {signature: "()", doc: Lets go., allow: {reserved-name: its name}}
  Context:
    kind: context
    counts: [num]
    fields: {head: u32}
    regions:
      in:
        type: "[u32; num]"
        doc: Comes in.
        access: [readonly, can_move]
        allow: {reserved-name: its name}
"""
MOVES = "Compiled code may load it earlier than it needs it."
EXPECTED = {
    "Raw": "A record. / Allows raw-pointer: only the host reads it.",
    "Raw.magic": "Always MAGIC.",
    "Raw.base": f"Its begin. / Doesn't change while compiled code runs. {MOVES}",
    "Raw.from_": "In little-endian order on every target. "
    "Allows reserved-name: it is so!",
    "Raw.plain": "As it is.",
    "Handle": "Allows raw-pointer: an opaque handle.",
    "Payload.Self": "Allows reserved-name: the name of the thing.",
    "Tag.Other": "Another.",
    "Plain.None_": "Goes by. / Allows reserved-name: its name.",
    "Table.yield_": "`fn()` / Lets go. / Allows reserved-name: its name.",
    "Context.in_": "Comes in. / Doesn't change while compiled code runs. "
    f"{MOVES} Allows reserved-name: its name.",
}


def documentation(text: str) -> dict[str, str]:
    """The docstring of each class, and of each of its attributes; ` / ` between
    paragraphs."""
    found = {}
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ClassDef):
            continue
        if doc := ast.get_docstring(node):
            found[node.name] = doc
        for before, after in zip(node.body, node.body[1:], strict=False):
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                if isinstance(before, ast.AnnAssign):
                    name = before.target
                elif isinstance(before, ast.Assign):
                    name = before.targets[0]
                else:
                    continue
                assert isinstance(name, ast.Name)
                found[f"{node.name}.{name.id}"] = str(after.value.value)
    return {
        name: " / ".join(" ".join(p.split()) for p in doc.split("\n\n"))
        for name, doc in found.items()
    }


def test_docstrings_say_what_may_be_relied_on_and_why(tmp_path: Path) -> None:
    found = documentation(texts(module_of(tmp_path, SCHEMA))["noted.py"])
    assert {name: found.get(name) for name in EXPECTED} == EXPECTED
