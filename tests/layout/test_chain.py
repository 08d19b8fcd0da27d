"""Offsets told from region to region, the same as the offsets in full."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.support import ROOT
from vmgen.layout.chain import Link, chain, misaligned
from vmgen.layout.contexts import ContextLayout
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module
from vmgen.schema.model import Context


def contexts(path: Path) -> list[ContextLayout]:
    """Every context of a schema, in every layout class."""
    module = load_module(path, path.name, Report())
    assert module is not None
    layouts = Layouts(module)
    return [
        layout
        for declared in module.types.values()
        if isinstance(declared, Context)
        for layout in layouts.context(declared.name)
    ]


def walked(layout: ContextLayout, counts: dict[str, int]) -> dict[str, int]:
    """The begins that a person finds who follows the chain with these counts."""
    found: dict[str, int] = {}
    for link in chain(layout):
        known = {"align_up": lambda x, n: -(-x // n) * n, **counts, **found}
        found[link.name] = eval(link.formula, {"__builtins__": {}}, known)
    return found


@pytest.mark.parametrize("schema", ["wasmtime", "wasmer"])
def test_the_chain_leads_to_the_offsets(schema: str) -> None:
    dice = random.Random(schema)
    for layout in contexts(ROOT / "schemas" / f"{schema}.vm.yaml"):
        most = {r.count: 20 for r in layout.regions} | {
            r.when: 2 for r in layout.regions
        }
        for _ in range(50):
            counts = {n: dice.randrange(most[n]) for n in most if n is not None}
            expected = {r.name: r.begin(counts) for r in layout.regions}
            assert walked(layout, counts) == {
                **expected,
                "size": layout.total(counts),
            }


REGIONS = """
vmgen: 1
module: t
targets: [x86_64-unknown-linux-gnu]
types:
  C:
    kind: context
    align: 16
    counts: [n, m]
    flags: [late]
    fields: {a: u32}
    regions:
      bytes: "[u8; n]"
      fixed: {type: "[u16; 5]", when: late}
      one: u64
      last: {type: "[u64; m]", align: none, allow: {misaligned-region: no matter}}
"""


def test_formulas_name_the_region_before(tmp_path: Path) -> None:
    path = tmp_path / "t.vm.yaml"
    path.write_text(REGIONS, encoding="utf-8")
    (layout,) = contexts(path)
    assert chain(layout) == [
        Link("bytes", "4", rounds=False),
        Link("fixed", "align_up(bytes + n, 2)", rounds=True),
        Link("one", "align_up(fixed + 10 * late, 8)", rounds=True),
        Link("last", "one + 8", rounds=False),
        Link("size", "last + 8 * m", rounds=False),
    ]
    assert [misaligned(r) for r in layout.regions] == [None] * 4


def test_formulas_are_in_full_where_a_count_has_a_regions_name(tmp_path: Path) -> None:
    path = tmp_path / "t.vm.yaml"
    path.write_text(REGIONS.replace("[n, m]", "[n, bytes]").replace("; m", "; bytes"))
    (layout,) = contexts(path)
    assert chain(layout)[-1] == Link("size", str(layout.size), rounds=True)


def test_a_misalignment_is_told_with_the_smallest_counts(tmp_path: Path) -> None:
    path = tmp_path / "t.vm.yaml"
    path.write_text(REGIONS.replace("one: u64", "one: u32"), encoding="utf-8")
    (layout,) = contexts(path)
    assert [misaligned(r) for r in layout.regions] == [
        None,
        None,
        None,
        "misaligned with late = 1: last is at 20, 4 mod 8",
    ]
