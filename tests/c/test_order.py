"""C is told about types in an order that it can follow, whatever order the schema has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, check, write_headers
from tests.support import Ran, module_of
from vmgen.languages.c.order import early_types
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = {
    "a record before what it holds": """
        types:
          Outer: {kind: struct, fields: {inner: Inner, many: "[Inner; 2]", index: Index}}
          Inner: {kind: struct, fields: {level: Level, outer: VmPtr<Outer>}}
          Level: {kind: enum, tag: u8, variants: {Low: 0}}
          Index: {kind: newtype, of: u32}
    """,
    "a pointer to a newtype that comes later": """
        types:
          First: {kind: newtype, of: VmPtr<Second>}
          Second: {kind: newtype, of: VmPtr<Third>}
          Third: {kind: newtype, of: u8}
          Record: {kind: struct, fields: {first: First, second: Second, third: Third}}
    """,
    "newtypes that point to each other": """
        types:
          Chain: {kind: newtype, of: VmPtr<Link>}
          Link: {kind: newtype, of: Option<VmPtr<Chain>>}
          Record: {kind: struct, fields: {chain: Chain, link: VmPtr<Link>}}
    """,
    "a newtype of a newtype that points to it": """
        types:
          Chain: {kind: newtype, of: VmPtr<Link>}
          Link: {kind: newtype, of: UnsafeCell<Chain>}
          Record: {kind: struct, fields: {chain: Chain, link: VmPtr<Link>}}
    """,
    "a newtype that points to itself": """
        types:
          Self1: {kind: newtype, of: Option<VmPtr<Self1>>}
          Record: {kind: struct, fields: {it: Self1, to: VmPtr<Self1>}}
    """,
    "an array of records that point to the array": """
        types:
          Rows: {kind: newtype, of: "[Row; 4]"}
          Row: {kind: struct, fields: {all: VmPtr<Rows>, own: "VmPtr<[Row; 2]>"}}
          Table: {kind: struct, fields: {rows: Rows}}
    """,
    "a newtype of a record": """
        types:
          Named: {kind: newtype, of: Record}
          Record: {kind: struct, fields: {to: VmPtr<Named>, callee: VmPtr<Calls>}}
          Calls: {kind: functions, functions: {call: "(it: VmPtr<Named>) -> VmPtr<Record>"}}
    """,
}


@pytest.mark.parametrize("schema", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("standard", ["c11", "c++11"])
def test_any_order_compiles(tmp_path: Path, schema: str, standard: str) -> None:
    write_headers(tmp_path, module_of(tmp_path, schema))
    said = check(tmp_path, '#include "sample.h"\n', standard, *STRICT)
    assert said == Ran(0, "", "")


def test_enums_and_newtypes_come_first_each_after_what_it_mentions(
    tmp_path: Path,
) -> None:
    module = module_of(tmp_path, ORDERS["a pointer to a newtype that comes later"])
    order = early_types(module.types, Layouts(module).order)
    assert order == ["Third", "Second", "First"]


def test_a_long_chain_of_newtypes_needs_no_deep_recursion(tmp_path: Path) -> None:
    chain = "\n".join(
        f"  Link{i}: {{kind: newtype, of: VmPtr<Link{i + 1}>}}" for i in range(3000)
    )
    schema = f"vmgen: 1\nmodule: sample\ntypes:\n{chain}\n  Link3000: {{kind: newtype, of: u8}}\n"
    text = write_headers(tmp_path, module_of(tmp_path, schema))["sample.h"]
    assert "typedef Link3000 *VM_NONNULL Link2999;" in text
    assert "typedef Link1 *VM_NONNULL Link0;" in text


def test_neither_the_order_of_a_schema_nor_its_comments_change_a_header(
    tmp_path: Path,
) -> None:
    types = [
        "  Outer: {kind: struct, fields: {inner: Inner, index: Index, level: Level}}\n",
        "  Inner: {kind: struct, fields: {level: Level, outer: VmPtr<Outer>}}\n",
        "  Level: {kind: enum, tag: u8, variants: {Low: 0}}\n",
        "  Index: {kind: newtype, of: u32}\n",
        "  Other: {kind: newtype, of: VmPtr<Index>}\n",
        '  Frame: {kind: context, counts: [n], regions: {all: "[Inner; n]"}}\n',
        "  Hidden: {kind: opaque}\n",
    ]
    constants = ["  ONE: {type: u32, value: 1}\n", "  TWO: {type: u32, value: 2}\n"]
    head = "vmgen: 1\nmodule: sample\n"
    one = f"{head}constants:\n{''.join(constants)}types:\n{''.join(types)}"
    reverse = f"constants:\n{''.join(constants[::-1])}types:\n\n{''.join(types[::-1])}"
    other = f"# A comment.\n{head}{reverse}"
    headers = [
        write_headers(tmp_path, module_of(tmp_path, text))["sample.h"]
        for text in (one, other)
    ]
    assert headers[0] == headers[1]
