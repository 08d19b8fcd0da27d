"""What a reader does with the page: clicks, keys, links, and where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.doc.conftest import page_of
from tests.doc.test_numbers import CHOOSE
from tests.support import ROOT
from vmgen.rules.registry import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doc.browser import Browser
    from tests.doc.conftest import Page

ENTER, ESCAPE, DOWN = "\ue007", "\ue00c", "\ue015"
I686 = "i686-unknown-linux-gnu"


def offset(window: Browser, row: str) -> str:
    """The offset that a row shows."""
    return text(window, f'[id="{row}"] .dec')


def text(window: Browser, selector: str) -> str:
    found = window.run(
        "return document.querySelector(arguments[0]).textContent", selector
    )
    return str(found)


def comes_into_view(window: Browser, element: str) -> None:
    """Wait until an element begins on the screen."""
    window.until(
        "const box = document.getElementById(arguments[0]).getBoundingClientRect();"
        "return box.top >= 0 && box.top < innerHeight;",
        True,
        element,
    )


def follows(window: Browser, address: str) -> None:
    """Wait until the page's address ends so: it follows what is shown."""
    window.until("return location.hash.endsWith(arguments[0])", True, address)


def slide(window: Browser, name: str, to: int) -> None:
    """One click on a slider, where its thumb would be at that value."""
    selector = f'input[type="range"][data-count="{name}"]'
    width = window.run(
        "return document.querySelector(arguments[0]).clientWidth", selector
    )
    thumb = 16
    window.click_at(selector, (thumb / 2 + (width - thumb) * to / 16) / width)


def test_two_clicks_tell_where_func_refs_starts_with_three_tags_on_i686(
    wasmtime: Page, window: Browser
) -> None:
    window.open(wasmtime.path)
    window.click("#page-classes label:last-of-type")
    slide(window, "num_defined_tags", 3)
    regions = wasmtime.engine(I686, {"num_defined_tags": 3})["VMContext"]["regions"]
    expected = next(r["offset"] for r in regions if r["name"] == "func_refs")
    assert expected == 44
    assert offset(window, "VMContext.func_refs") == "44"
    assert text(window, '[id="VMContext.func_refs"] .formula') == (
        "= defined_tags + 4 * num_defined_tags= 32 + 4 * 3 = 44"
    )
    comes_into_view(window, "VMContext.func_refs")
    assert text(window, "#about-class summary").startswith(f"Shown for {I686}: 32-bit")


def test_slider_and_field_follow_each_other(wasmtime: Page, window: Browser) -> None:
    window.open(wasmtime.path)
    slide(window, "num_lowerings", 5)
    field = "#VMComponentContext-num_lowerings"
    value = "return document.querySelector(arguments[0]).value"
    assert window.run(value, field) == "5"
    window.run("document.querySelector(arguments[0]).select()", field)
    window.type(field, "70")
    assert window.run(value, field) == "70"
    assert window.run(value, 'input[type="range"][data-count="num_lowerings"]') == "16"
    assert offset(window, "VMComponentContext.memories") == str(48 + 16 * 70)


def test_what_is_no_count_is_taken_as_none(wasmtime: Page, window: Browser) -> None:
    window.open(wasmtime.path)
    field = "#VMComponentContext-num_lowerings"
    for typed in ("-", "1e", "", "99999999999999999999"):
        window.run("document.querySelector(arguments[0]).value = ''", field)
        window.type(field, typed or " ")
    assert window.run("return [...document.querySelectorAll('.total .fault')].length")
    window.run(
        "const i = document.querySelector(arguments[0]); i.value = '';"
        "i.dispatchEvent(new Event('input', {bubbles: true}));",
        field,
    )
    assert offset(window, "VMComponentContext.memories") == "48"


def test_flags_and_shared_counts(demo: Page, window: Browser) -> None:
    window.open(demo.path)
    window.click("#Context-has_start")
    slide(window, "num_tags", 2)
    counts = {"has_start": 1, "num_tags": 2}
    for region in demo.engine(demo.targets[0], counts)["Context"]["regions"]:
        assert offset(window, f"Context.{region['name']}") == str(region["offset"])
    same = text(window, '[id="Context.kinds"] .same')
    assert same == "= 2"
    # A count that no region uses can be set, and changes nothing.
    assert window.run(
        "return document.getElementById('Context-spare').closest('tr') === null"
    )


def test_presets(wasmtime: Page, window: Browser) -> None:
    window.open(wasmtime.path)
    buttons = "#VMContext .presets button:nth-child({})"
    window.click(buttons.format(2))
    counts = dict.fromkeys((c["name"] for c in counts_of(window, "VMContext")), 1)
    total = wasmtime.engine(wasmtime.targets[0], counts)["VMContext"]["size"]
    assert text(window, "#VMContext .total b") == f"{total} bytes"
    window.click(buttons.format(3))
    window.click(buttons.format(1))
    assert text(window, "#VMContext .total b") == "48 bytes"


def counts_of(window: Browser, context: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = window.run(
        "return JSON.parse(document.getElementById('page-data').textContent)"
        ".types.find((type) => type.name === arguments[0]).counts",
        context,
    )
    return found


def test_a_misaligned_region_is_marked_with_the_rules_text(
    wasmtime: Page, window: Browser
) -> None:
    rule = next(r for r in all_rules() if r.name == "misaligned-region")
    window.open(wasmtime.path)
    detail = '[id="VMContext.func_refs"] + tr.detail'
    assert text(window, f"{detail} .caution") == (
        "Can be misaligned with num_defined_tags = 1: func_refs is at 52, 4 mod 8. "
        "Show it"
    )
    window.click(f"{detail} button")
    assert text(window, f"{detail} .fault") == (
        "Misaligned: func_refs begins at 52, 4 mod 8"
    )
    why = text(window, f"{detail} details")
    assert why.startswith(f"{rule.code} misaligned-region {rule.summary}")
    assert rule.reason.split("\n\n")[0] in why
    assert "Wasmtime 42.0.2 does not round up" in text(window, f"{detail} .allowed")
    assert window.run("return document.querySelectorAll('.cell.bad').length") > 0
    # On 32-bit targets the element needs no more than the tags do.
    window.run(CHOOSE, I686)
    assert window.run("return document.querySelectorAll('.bad').length") == 0
    assert window.run("return document.querySelector(arguments[0])", detail) is None


def test_every_link_leads_somewhere(
    wasmtime: Page, demo: Page, window: Browser
) -> None:
    for page in (wasmtime, demo):
        window.open(page.path)
        dead = window.run(
            "return [...document.querySelectorAll('a[href]')]"
            ".map((link) => link.getAttribute('href'))"
            ".filter((href) => href[0] !== '#' ||"
            " !document.getElementById(href.slice(1)))"
        )
        assert dead == []


def test_no_name_is_given_twice(wasmtime: Page, demo: Page, window: Browser) -> None:
    for page in (wasmtime, demo):
        window.open(page.path)
        window.run(
            "for (const opener of [...document.querySelectorAll('.opener')])"
            "  document.querySelector("
            '    `[data-open="${CSS.escape(opener.dataset.open)}"]`).click();'
        )
        names = window.run(
            "return [...document.querySelectorAll('[id]')].map((e) => e.id)"
        )
        assert sorted(names) == sorted(set(names))


def test_a_type_is_linked_along_pointers_and_where_it_is_held(
    wasmtime: Page, window: Browser
) -> None:
    window.open(wasmtime.path)
    window.click('[id="VMContext.store_context"] .typed a')
    follows(window, "#VMStoreContext")
    comes_into_view(window, "VMStoreContext")
    held = window.run(
        "return [...document.querySelectorAll('#VMMemoryDefinition .used')]"
        ".map((one) => one.textContent)"
    )
    assert held[0] == "held byVMStoreContext.gc_heapVMContext.owned_memories"


def test_search_finds_types_parts_counts_and_targets(
    wasmtime: Page, window: Browser
) -> None:
    window.open(wasmtime.path)
    window.keys("/")
    window.keys("func_refs")
    assert text(window, "#page-found") == "3 results"
    window.keys(ENTER)
    follows(window, "#VMContext.func_refs")
    comes_into_view(window, "VMContext.func_refs")
    assert window.run("return document.getElementById('page-results').hidden")

    window.keys("/")
    window.keys("riscv32")
    window.keys(DOWN + ENTER)
    follows(window, "?target=riscv32imac-unknown-none-elf")
    assert text(window, "#about-class code") == "riscv32imac-unknown-none-elf"

    window.keys("/")
    window.keys("no such thing")
    assert text(window, "#page-results p") == "Nothing has that name."
    window.keys(ESCAPE)
    assert window.run("return document.getElementById('page-search').value") == ""


def test_an_answer_can_be_linked_to(wasmtime: Page, window: Browser) -> None:
    asked = f"#VMContext?target={I686}&num_defined_tags=3"
    window.open(wasmtime.path, asked)
    assert offset(window, "VMContext.func_refs") == "44"
    assert window.run("return document.getElementById('page-target').value") == I686
    assert window.run("return location.hash") == asked
    slide(window, "num_escaped_funcs", 4)
    window.until("return location.hash", f"{asked}&num_escaped_funcs=4")


@pytest.mark.parametrize(
    "fragment",
    ["#nothing", "#VMContext?target=pdp11&num_tags=x&num_defined_tags=-5", "#%E0%A4"],
)
def test_a_wrong_address_does_no_harm(
    wasmtime: Page, window: Browser, fragment: str
) -> None:
    window.open(wasmtime.path, fragment)
    assert text(window, "#VMContext .total b") == "48 bytes"


def test_sizes_change_the_target(wasmtime: Page, window: Browser) -> None:
    window.open(wasmtime.path)
    window.click("#VMStoreContext .sizes li:last-child button")
    assert text(window, "#about-class code") == I686
    assert text(window, "#VMStoreContext .size[aria-pressed=true] b") == (
        "68 bytes, align 4"
    )
    assert offset(window, "VMStoreContext.stack_chain") == "48"


def test_hovering_shows_a_part_in_map_and_table(
    wasmtime: Page, window: Browser
) -> None:
    window.open(wasmtime.path)
    window.run(
        "document.querySelector('#VMFuncRef .cell[data-part=type_index]')"
        ".dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))"
    )
    lit = window.run(
        "return [...document.querySelectorAll('.lit')].map((e) => e.tagName)"
    )
    assert sorted(lit) == ["SPAN", "TR"]


def test_the_theme_is_the_systems_until_one_is_chosen(
    wasmtime: Page, window: Browser
) -> None:
    paper = "return getComputedStyle(document.body).backgroundColor"
    window.screen(1440, 900, dark=True)
    window.open(wasmtime.path)
    dark = window.run(paper)
    window.click("#page-theme")
    assert text(window, "#page-theme") == "Theme: light"
    light = window.run(paper)
    assert light != dark
    window.open(wasmtime.path)
    assert text(window, "#page-theme") == "Theme: light"
    window.click("#page-theme")
    assert (text(window, "#page-theme"), window.run(paper)) == ("Theme: dark", dark)
    window.screen(1440, 900)
    assert window.run(paper) == dark
    window.click("#page-theme")
    assert (text(window, "#page-theme"), window.run(paper)) == ("Theme: system", light)


def test_text_of_the_schema_is_text(demo: Page, window: Browser) -> None:
    window.open(demo.path)
    assert text(window, ".lead") == (
        'Ends a <script> with </script>, an & and a "quote".'
    )
    assert text(window, "#Func > .doc") == 'Holds what "a < b && c" takes.'
    assert text(window, "#constant-MAGIC .doc") == "First word, <b>not bold</b>."


def unfold(window: Browser, section: str) -> None:
    """Open a section's map, which is drawn when the browser says that it was opened."""
    window.click(f"{section} .fold summary")
    drawn = "return document.querySelector(arguments[0]) !== null"
    window.until(drawn, True, f"{section} .fold .map")


def test_long_arrays_are_cut_short_in_the_map(demo: Page, window: Browser) -> None:
    window.open(demo.path)
    unfold(window, "#Func")
    rows, gap = window.run(
        "return [document.querySelectorAll('#Func .row').length,"
        " document.querySelector('#Func .gap').textContent]"
    )
    assert rows < 15
    assert gap.endswith(" bytes more of buffer …")
    window.open(demo.path, "#Context?num_funcs=100")
    unfold(window, "#Context")
    labels = window.run(
        "return [...document.querySelectorAll('#Context .map .cell.record .label')]"
        ".map((label) => label.textContent)"
    )
    assert [label for label in labels if label.startswith("funcs")] == [
        "funcs[0]", "funcs[1]", "funcs[2]", "funcs[3…99]",
    ]  # fmt: skip


def test_the_page_asks_the_network_for_nothing(wasmtime: Page, window: Browser) -> None:
    window.open(wasmtime.path)
    assert window.run("return performance.getEntriesByType('resource').length") == 0
    page = wasmtime.path.read_text(encoding="utf-8")
    for asks in ("src=", "@import", "fetch(", "XMLHttpRequest", "url("):
        assert asks not in page


def test_a_type_of_another_module_says_whose_it_is(
    tmp_path: Path, window: Browser
) -> None:
    page = page_of(ROOT / "tests" / "schemas" / "uses" / "left.vm.yaml", tmp_path)
    window.open(page.path)
    assert text(window, "#Header .facts") == "Declared by the module common"
    assert text(window, "#Frame .facts") == "Declared by the module common"
    assert window.run("return document.querySelector('#Left .facts')") is None
