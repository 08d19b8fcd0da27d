"""The page shows the layout engine's numbers: for every type, target and count."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.doc.conftest import Page
from tests.support import ROOT, proving
from vmgen.layout.expr import AlignUp, Const, Expr, OffsetOverflow, Sum, Term
from vmgen.schema.model import Context
from vmgen.show.page.expressions import as_json

if TYPE_CHECKING:
    from tests.doc.browser import Browser

CHOOSE = """
const select = document.getElementById("page-target");
select.value = arguments[0];
select.dispatchEvent(new Event("change"));
"""

SHOWN = """
const found = {};
for (const section of document.querySelectorAll("section.type")) {
  const rows = [...section.querySelectorAll("tr[id]:not(.inside)")];
  found[section.id] = {
    parts: rows.filter((row) => row.dataset.offset !== undefined).map((row) => [
      row.id,
      Number(row.querySelector(".dec").textContent),
      Number(row.children[1].textContent),
    ]),
    holes: [...section.querySelectorAll("tr.padding")].map((row) => [
      Number(row.querySelector(".dec").textContent),
      Number(row.children[1].textContent),
    ]),
    sizes: [...section.querySelectorAll(".size:not([aria-pressed=false])")].map(
      (pill) => pill.querySelector("b").textContent
    ),
  };
}
return found;
"""

FINGERPRINT = """
const [shown] = document.querySelectorAll("#about-class p code");
return shown.textContent;
"""

SET_COUNTS = """
const [name, vectors] = arguments;
const section = document.getElementById(name);
const seen = [];
for (const counts of vectors) {
  for (const [count, value] of Object.entries(counts)) {
    const input = section.querySelector(`#${name}-${count}`);
    if (input.type === "checkbox") input.checked = Boolean(value);
    else input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  }
  const end = section.querySelector("tr.end");
  seen.push({
    regions: [...section.querySelectorAll("tr.region")].map((row) => [
      Number(row.querySelector(".dec").textContent),
      Number(row.children[1].textContent),
      row.classList.contains("bad"),
    ]),
    size: Number(end.querySelector(".dec").textContent),
    total: section.querySelector(".total").textContent,
  });
}
return seen;
"""


@pytest.fixture(params=["wasmtime", "demo"])
def page(request: pytest.FixtureRequest) -> Page:
    found: Page = request.getfixturevalue(request.param)
    return found


def test_every_record_on_every_target(page: Page, window: Browser) -> None:
    window.open(page.path)
    for target in page.targets:
        window.run(CHOOSE, target)
        shown = window.run(SHOWN)
        layouts = page.layouts
        assert window.run(FINGERPRINT) == page.fingerprint(target)
        for name, described in page.engine(target, {}).items():
            section = shown[name]
            if described["kind"] == "context":
                continue
            assert section["parts"] == [
                [f"{name}.{f['name']}", f["offset"], f["size"]]
                for f in described.get("fields", ())
            ]
            if described["kind"] == "opaque":
                assert section["sizes"] == []
                continue
            record = layouts.record(name, layouts.class_of(target))
            assert section["holes"] == [list(hole) for hole in record.holes]
            unit = "byte" if record.size == 1 else "bytes"
            assert section["sizes"] == [f"{record.size} {unit}, align {record.align}"]


def vectors(names: list[str], flags: set[str], dice: random.Random) -> list[Any]:
    """Counts of modules small and large, and some that no u32 offset reaches."""
    found = [dict.fromkeys(names, 0), dict.fromkeys(names, 1)]
    for _ in range(300 if proving() else 20):
        most = dice.choice([2, 9, 40, 3000, 1 << 24])
        found.append({n: dice.randrange(2 if n in flags else most) for n in names})
    for name in [n for n in names if n not in flags]:
        found.append({**dict.fromkeys(names, 0), name: 0xFFFF_FFFF})
    return found


def test_every_context_with_many_counts_on_every_target(
    page: Page, window: Browser
) -> None:
    dice = random.Random(page.path.parent.name.rstrip("0123456789"))
    window.open(page.path)
    for target in page.targets:
        window.run(CHOOSE, target)
        for name, declared in page.layouts.module.types.items():
            if not isinstance(declared, Context):
                continue
            names = [c.name for c in declared.counts]
            given = vectors(names, {c.name for c in declared.counts if c.flag}, dice)
            for counts, seen in zip(
                given, window.run(SET_COUNTS, name, given), strict=True
            ):
                check(page, target, name, counts, seen)


def check(
    page: Page, target: str, name: str, counts: dict[str, int], seen: dict[str, Any]
) -> None:
    try:
        described = page.engine(target, counts)[name]
    except OffsetOverflow:
        assert seen["total"] == "With these counts an offset is more than a u32 holds."
        return
    assert seen["size"] == described["size"]
    assert seen["total"].startswith(f"{described['size']} byte")
    assert seen["regions"] == [
        [
            region["offset"],
            region["stride"] * region["count"],
            bool(region["count"] and region["offset"] % region["align"]),
        ]
        for region in described["regions"]
    ]


def random_expr(dice: random.Random, depth: int) -> Expr:
    if depth == 0 or dice.random() < 0.3:
        if dice.random() < 0.4:
            return Const(dice.randrange(1 << 20))
        count = dice.choice(["a", "b", "constructor", 3])
        return Term(dice.randrange(1, 100), count, dice.choice([None, None, "p"]))
    if dice.random() < 0.5:
        parts = [random_expr(dice, depth - 1) for _ in range(dice.randrange(1, 4))]
        return Sum(tuple(parts))
    return AlignUp(random_expr(dice, depth - 1), 1 << dice.randrange(8))


def test_expressions_have_the_same_value_in_the_page(
    demo: Page, window: Browser
) -> None:
    dice = random.Random(42)
    cases = [
        (
            random_expr(dice, 4),
            {"a": dice.randrange(1000), "b": dice.randrange(9), "p": dice.randrange(2)},
        )
        for _ in range(500)
    ]
    script = (ROOT / "templates" / "doc" / "evaluate.js").read_text(encoding="utf-8")
    window.open(demo.path)
    values = window.run(
        script + "return arguments[0].map(([expr, counts]) =>"
        " evaluate(expr, Object.assign(Object.create(null), counts)));",
        [[as_json(expr), counts] for expr, counts in cases],
    )
    assert values == [expr.evaluate(counts) for expr, counts in cases]


INSIDE = """
const [name, open, element] = arguments;
const button = () => document.querySelector(`[data-open="${CSS.escape(open)}"]`);
if (button().getAttribute("aria-expanded") === "false") button().click();
if (element !== null) {
  const input = document.querySelector(`[data-element="${CSS.escape(open)}"]`);
  input.value = element;
  input.dispatchEvent(new Event("input"));
}
const rows = [...document.querySelectorAll(`[id^="${CSS.escape(open)}[]."]`)];
return rows.map((row) => [row.id.split("[].").pop(), Number(row.dataset.offset)]);
"""


@pytest.mark.parametrize(
    "target", ["x86_64-unknown-linux-gnu", "i686-unknown-linux-gnu"]
)
def test_a_record_inside_a_record_has_offsets_from_the_outer_one(
    wasmtime: Page, window: Browser, target: str
) -> None:
    window.open(wasmtime.path)
    window.run(CHOOSE, target)
    types = wasmtime.engine(target, {})
    outer = {f["name"]: f["offset"] for f in types["VMStoreContext"]["fields"]}
    assert window.run(INSIDE, "VMStoreContext", "VMStoreContext.gc_heap", None) == [
        [f["name"], outer["gc_heap"] + f["offset"]]
        for f in types["VMMemoryDefinition"]["fields"]
    ]


def test_an_element_of_a_region_has_offsets_from_the_context(
    wasmtime: Page, window: Browser
) -> None:
    target, counts = "x86_64-unknown-linux-gnu", {"num_defined_tags": 3}
    window.open(wasmtime.path, "#VMContext?num_defined_tags=3&num_escaped_funcs=4")
    types = wasmtime.engine(target, {**counts, "num_escaped_funcs": 4})
    region = types["VMContext"]["regions"][-1]
    begin = region["offset"] + 2 * region["stride"]
    assert window.run(INSIDE, "VMContext", "VMContext.func_refs", 2) == [
        [f["name"], begin + f["offset"]] for f in types["VMFuncRef"]["fields"]
    ]


def test_an_element_of_an_array_in_an_array(demo: Page, window: Browser) -> None:
    window.open(demo.path)
    # Six records of 8 bytes from 16 on; the fifth begins at 16 + 4 * 8.
    assert window.run(INSIDE, "Func", "Func.inner", 4) == [["a", 48], ["b", 52]]
    text = window.run("return document.querySelector('tr.element').textContent")
    assert text == "element  of 6"
