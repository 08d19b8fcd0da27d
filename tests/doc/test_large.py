"""A module of many records on every target that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doc.conftest import Page, page_of
from tests.support import write_schema

if TYPE_CHECKING:
    from tests.doc.browser import Browser

RECORDS = 2000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("large")
    types = "\n".join(
        f"  Record{n}: {{kind: struct, fields: {{a: VmPtr<Record{n // 2}>, b: u32}}}}"
        for n in range(RECORDS)
    )
    schema = f"vmgen: 1\nmodule: large\ntypes:\n{types}\n"
    return page_of(write_schema(folder, schema, "large.vm.yaml"), folder)


def drawn(window: Browser) -> int:
    return int(window.run("return document.querySelectorAll('[data-drawn]').length"))


def test_records_are_drawn_when_they_are_looked_at(
    large: Page, window: Browser
) -> None:
    window.open(large.path)
    assert 0 < drawn(window) < 200
    window.open(large.path, "#Record1234")
    box = "return document.getElementById('Record1234').getBoundingClientRect().top"
    assert -1 <= window.run(box) < 900
    assert (
        window.run("return document.getElementById('Record1234.b').dataset.offset")
        == "8"
    )
    assert drawn(window) < 200


def test_every_data_model_can_be_chosen(large: Page, window: Browser) -> None:
    window.open(large.path)
    labels = window.run(
        "return [...document.querySelectorAll('#page-classes b')]"
        ".map((b) => b.textContent)"
    )
    assert len(labels) == len(large.layouts.classes) == 10
    assert "16-bit, nothing aligned to more than 1" in labels
    for index, layout_class in enumerate(large.layouts.classes):
        window.run(
            "document.querySelectorAll('#page-classes input')[arguments[0]].click()",
            index,
        )
        record = large.layouts.record("Record0", layout_class)
        shown = window.run(
            "return document.querySelector("
            "'#Record0 .size[aria-pressed=true] b').textContent"
        )
        assert shown == f"{record.size} bytes, align {record.align}"
