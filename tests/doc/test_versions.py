"""The page of a schema with several versions: the menu, and what changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.doc.test_behaviour import follows, text
from tests.support import ROOT, vmgen, write_schema

if TYPE_CHECKING:
    from tests.doc.browser import Browser

SCHEMA = """
vmgen: 1
module: engine
targets: [x86_64-unknown-linux-gnu, armv7-unknown-linux-gnueabihf]
versions: ["1.0.0..1.0.3", "2.0.0", "2.0.1", "3.0.0"]
types:
  - Store:
      kind: struct
      fields:
        - fuel: u64
        - limit: {type: usize, until: "2"}
        - epoch: {type: u64, since: "2"}
        - limit: {type: usize, since: "2"}
        - chain: {type: VmPtr<Link>, was: {top: "3"}, access: [{is: [readonly], since: "3"}]}
  - Link: {kind: struct, was: {Chain: "3"}, fields: {next: Option<VmPtr<Link>>}}
  - Narrow: {kind: struct, fields: {x: u64, y: {type: [{is: usize, until: "2"}, {is: u64, since: "2"}]}}}
  - State: {kind: enum, tag: u32, variants: [Ready, {Running: {until: "3"}}, {Done: {value: [{is: 2, until: "2"}, {is: 5, since: "2"}]}}]}
  - Old: {kind: newtype, of: u8, until: "2"}
  - New: {kind: newtype, of: u8, since: "3"}
  - Context:
      kind: context
      align: 16
      counts: [tags, funcs]
      fields: {store: VmPtr<Store>}
      regions:
        - low: {type: "[u32; tags]", was: {tag_list: "3"}}
        - high: {type: "[u64; funcs]", align: [{is: none, until: "3"}], allow: {misaligned-region: [{is: so it was, until: "3"}]}}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    schema = write_schema(folder, SCHEMA, "engine.vm.yaml")
    ran = vmgen("doc", str(schema), "-o", str(folder / "page.html"), cwd=ROOT)
    assert (ran.code, ran.err) == (0, ""), ran.out
    return folder / "page.html"


def data(page: Path) -> Any:
    found = re.search(
        r'id="page-data">(.*?)</script>', page.read_text(encoding="utf-8")
    )
    assert found is not None
    return json.loads(found[1])


def test_types_that_stay_the_same_are_in_the_page_once(page: Path) -> None:
    found = data(page)
    assert [one["version"] for one in found["versions"]] == [
        "1.0.0..1.0.3", "2.0.0", "2.0.1", "3.0.0",
    ]  # fmt: skip
    assert found["shown"] == 3
    assert found["versions"][1]["types"] == found["versions"][2]["types"]
    assert len(found["types"]) < sum(len(one["types"]) for one in found["versions"])


def test_what_changed_is_said_for_each_layout_class(page: Path) -> None:
    first, second, third, fourth = (
        one.get("changes") for one in data(page)["versions"]
    )
    assert first is None
    assert second == {
        "Store": [
            ["`epoch` is new, at 8", "`limit` is at 16, was at 8", "`top` is at 24, was at 16",
             "32 bytes, was 24"],
            ["`epoch` is new, at 8", "`limit` is at 16, was at 8", "`top` is at 20, was at 12",
             "24 bytes, was 16"],
        ],
        "Narrow": [
            ["`y` is `u64`, was `usize`"],
            ["`y` is `u64`, was `usize`"],
        ],
        "State": [["`Done` is 5, was 2"]] * 2,
        "": ["Old"],
    }  # fmt: skip
    assert third == {}
    assert fourth == {
        "Store": [
            ["`chain` was called `top`, is `VmPtr<Link>`, was `VmPtr<Chain>`, has the access "
                "[readonly], had []"],
        ] * 2,
        "Link": [
            ["was called `Chain`",
             "`next` is `Option<VmPtr<Link>>`, was `Option<VmPtr<Chain>>`"],
        ] * 2,
        "State": [["`Running` is gone"]] * 2,
        "New": [["new in this version"]] * 2,
        "Context": [
            ["`low` was called `tag_list`",
             "`high` is align_up(low + 4 * tags, 8), was tag_list + 4 * tags"],
        ] * 2,
    }  # fmt: skip


def test_the_version_of_a_call_is_the_one_to_begin_with(page: Path) -> None:
    folder = page.parent
    ran = vmgen("doc", "engine.vm.yaml", "--version", "1.0.2", cwd=folder)
    assert (ran.code, ran.out) == (0, "new      engine.html\n")
    assert data(folder / "engine.html")["shown"] == 0
    ran = vmgen("doc", "engine.vm.yaml", "--version", "1.0.4", cwd=folder)
    assert (ran.code, ran.err) == (
        2,
        "vmgen: engine.vm.yaml has no version `1.0.4`; the nearest are `1.0.3` and `2.0.0`\n",
    )


def chosen(window: Browser, version: str) -> None:
    """Choose a version in the menu, and wait for its page."""
    window.run(
        "const menu = document.getElementById('page-version');"
        "menu.value = [...menu.options].findIndex((one) => one.text === arguments[0]);"
        "menu.dispatchEvent(new Event('change'));",
        version,
    )
    window.until(
        "const menu = document.getElementById('page-version');"
        "return document.readyState === 'complete' && menu.selectedOptions[0].text",
        version,
    )


def test_the_menu_shows_another_version_and_what_changed_in_it(
    window: Browser, page: Path
) -> None:
    window.open(page)
    assert text(window, "#page-changes") == (
        "Changed since 2.0.1: Store, Link, State, New, Context."
    )
    chosen(window, "2.0.0")
    follows(window, "?version=2.0.0")
    assert text(window, "#Store .changes li") == "epoch is new, at 8"
    assert text(window, "#page-changes").endswith(". Gone: Old.")
    chosen(window, "1.0.0..1.0.3")
    assert text(window, "#page-changes") == ""
    assert window.run("return document.querySelector('.changes')") is None
    assert text(window, "#Old h2") == "#newtype Old: u8"
    chosen(window, "3.0.0")
    assert "version" not in window.run("return location.hash")
