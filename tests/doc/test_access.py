"""Everyone can read the page: on small screens, in the dark, by ear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.doc.browser import Browser
    from tests.doc.conftest import Page

OPEN_EVERYTHING = """
for (const opener of [...document.querySelectorAll(".opener")])
  document.querySelector(`[data-open="${CSS.escape(opener.dataset.open)}"]`).click();
for (const details of document.querySelectorAll("details")) details.open = true;
"""

# Rules that axe can't decide for text on a pattern; `test_contrast` does.
VIOLATIONS = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(({violations, passes}) => done({
  passes: passes.length,
  violations: violations.map((found) =>
    `${found.id}: ${found.help}: ${found.nodes[0].html.slice(0, 200)}`),
}));
"""

CONTRASTS = """
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
function luminance(colour) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
    const c = byte / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const found = {};
for (const cell of document.querySelectorAll("main .cell")) {
  const label = cell.querySelector(".label");
  if (!label) continue;
  const hole = cell.classList.contains("hole");
  const style = getComputedStyle(cell);
  const fill = hole ? getComputedStyle(label).backgroundColor : style.backgroundColor;
  const [one, other] = [luminance(style.color), luminance(fill)].sort((a, b) => b - a);
  found[cell.className] = (one + 0.05) / (other + 0.05);
}
return found;
"""

SCREENS = [(1440, 900, False), (1440, 900, True), (390, 844, False), (390, 844, True)]
FRAGMENT = "#VMContext?num_defined_tags=3&num_escaped_funcs=4&num_defined_tables=1"


@pytest.mark.parametrize(("width", "height", "dark"), SCREENS)
def test_axe_finds_no_violation(
    wasmtime: Page, window: Browser, axe: str, width: int, height: int, dark: bool
) -> None:
    window.screen(width, height, dark=dark)
    window.open(wasmtime.path, FRAGMENT)
    window.run(OPEN_EVERYTHING)
    window.run(axe)
    found = window.run_async(VIOLATIONS)
    assert found["violations"] == []
    assert found["passes"] > 30


def test_axe_finds_no_violation_while_searching(
    wasmtime: Page, window: Browser, axe: str
) -> None:
    window.open(wasmtime.path)
    window.type("#page-search", "func")
    window.run(axe)
    assert window.run_async(VIOLATIONS)["violations"] == []


@pytest.mark.parametrize("dark", [False, True])
def test_contrast(wasmtime: Page, demo: Page, window: Browser, dark: bool) -> None:
    window.screen(1440, 900, dark=dark)
    for page, fragment in (
        (wasmtime, FRAGMENT),
        (demo, "#Context?num_tags=1&num_funcs=1"),
    ):
        window.open(page.path, fragment)
        window.run(OPEN_EVERYTHING)
        poor = {k: v for k, v in window.run(CONTRASTS).items() if v < 4.5}
        assert poor == {}


@pytest.mark.parametrize("page", ["wasmtime", "demo"])
def test_nothing_is_wider_than_the_screen(
    page: str, window: Browser, request: pytest.FixtureRequest
) -> None:
    window.open(request.getfixturevalue(page).path, FRAGMENT)
    window.run(OPEN_EVERYTHING)
    for width in (320, 390, 600, 861, 1024, 1199, 1280, 1920):
        window.screen(width, 800)
        wide = window.run("return document.documentElement.scrollWidth")
        assert (width, wide) == (width, min(width, wide))


def test_tables_stay_tables_on_narrow_screens(wasmtime: Page, window: Browser) -> None:
    window.screen(390, 844)
    window.open(wasmtime.path)
    tree = window.devtools("Accessibility.getFullAXTree")["nodes"]
    roles = [node.get("role", {}).get("value") for node in tree]
    assert roles.count("table") > 20
    assert roles.count("rowheader") > 200
    assert roles.count("image") > 20


def test_changes_are_said_to_who_cannot_see_them(
    wasmtime: Page, window: Browser
) -> None:
    window.open(wasmtime.path)
    window.click("#page-classes label:last-of-type")
    window.until(
        "return document.getElementById('page-said').textContent",
        "Layouts for i686-unknown-linux-gnu: 32-bit, u64 and f64 aligned to 4",
    )
