"""Whatever a schema says is compared, or there is a reason why not."""

from __future__ import annotations

import ast
import inspect

import msgspec
import pytest

from vmgen.schema import model as m
from vmgen.show import declared, json

NOT_COMPARED = {
    "span": "where it is said",
    "access_span": "where it is said",
    "on": "where it is there is compared",
    "cases": "sizes and alignments on each target are",
    "on_span": "where it is said",
    "files": "where it is said",
    "path": "where it is said",
    "text": "the type is compared",
    "spelled": "the type is compared",
    "expect_size": "the size is compared",
    "expect_align": "the alignment is compared",
    "expect_offset": "the offset is compared",
    "align": "what comes of it is compared",
    "least_align": "what comes of it is compared",
    "packed": "what comes of it is compared",
    "max_offset": "a limit, which moves nothing",
    "ascii": "the value is compared",
    "features": "what they bring is compared",
    "padding": "a rule of the schema, which moves nothing",
    "nullable": "the type of the slot is compared",
    "profile": "rules of the schema, which move nothing",
    "project_allow": "it is for the rules of today",
    "all_targets": "the targets are compared",
    "uses": "what is used is compared",
    "versions": "one of them is compared",
    "listed": "one of them is compared",
    "family": "the name is compared",
    "family_span": "where it is said",
    "stored": "it tells `inspect` where a count is, and moves nothing",
    "bit_of": "it tells `inspect` how to show a field, and moves nothing",
    "types": "each is compared",
    "rust_path": "where binaries have it",
    "in_place": "where it is said",
    "flexible": "how it is written",
    "prefix": "it is compared as `is_prefix` tells it",
    "owner": "which header it is held against, which moves nothing",
    "rust": "it is compared as it is written, `rust_node`",
    "rust_types": "the signatures that come of it are compared",
    "rust_result": "the signatures that come of it are compared",
    "derive": "it is compared as a set, `derives`",
    "constants": "each is compared",
    "targets": "those that both sides have are compared",
}
"""Fields of the model, and why nobody looks at them."""

CLASSES = [
    m.Struct, m.Union, m.PlainEnum, m.TaggedEnum, m.Newtype, m.Opaque, m.Functions, m.Foreign,
    m.ForeignRecord, m.Context, m.Field, m.Variant, m.Slot, m.Count, m.Region, m.Constant,
    m.Module, m.RustItem,
]  # fmt: skip


def looked_at() -> set[str]:
    """Every attribute and keyword that the makers of the JSON name."""
    found: set[str] = set()
    for module in (declared, json):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.MatchClass):
                found.update(node.kwd_attrs)
    return found


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_field_of_the_model_is_compared_or_has_a_reason(
    kind: type[msgspec.Struct],
) -> None:
    # Parts stand for what declarations are made of.
    by_parts = {"fields", "slots", "regions", "tag", "inner", "signature", "element", "of",
                "when", "count", "endian", "size", "flag", "offset_type"}  # fmt: skip
    fields = set(kind.__struct_fields__)
    assert fields - looked_at() - by_parts - NOT_COMPARED.keys() == set()
