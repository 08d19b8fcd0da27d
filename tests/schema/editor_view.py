"""A schema's YAML as editors see it: the values of YAML 1.2's core schema.

The reader keeps a scalar's text and whether it was quoted. Editors, and JSON Schema
after them, see what the text stands for.
"""

from __future__ import annotations

import re
from typing import Any

from vmgen.reading.source import Mapping, Node, Scalar, Sequence

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {
    w: w.lower() == "true" for w in ["true", "True", "TRUE", "false", "False", "FALSE"]
}
INTEGER = re.compile(r"[-+]?[0-9]+")
OCTAL, HEXADECIMAL = re.compile(r"0o[0-7]+"), re.compile(r"0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def as_json(node: Node) -> Any:
    """What an editor hands to JSON Schema."""
    if isinstance(node, Mapping):
        return {key.value: as_json(value) for key, value in node}
    if isinstance(node, Sequence):
        return [as_json(item) for item in node.items]
    assert isinstance(node, Scalar)
    return plain_value(node.value) if node.plain else node.value


def plain_value(text: str) -> Any:
    """The value of an unquoted scalar."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if OCTAL.fullmatch(text) or HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    if FLOAT.fullmatch(text):
        return float(text)
    if SPECIAL_FLOAT.fullmatch(text):
        return float(text.replace(".", ""))
    return text
