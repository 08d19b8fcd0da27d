"""A name that was given up, and another thing has it since: former names tell which is
which, in reports of `diff` and on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support import vmgen, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module
from vmgen.schema.former_names import kept
from vmgen.show.page.changes import changes

Names = Mapping[str, Sequence[str]]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": ()}, {"a": ()}, {"a": "a"}, id="the same"),
        pytest.param({"a": ()}, {"b": ("a",)}, {"a": "b"}, id="renamed"),
        pytest.param({"a": ()}, {"b": ()}, {}, id="another"),
        pytest.param(
            {"limit": ()},
            {"cap": ("limit",), "limit": ()},
            {"limit": "cap"},
            id="another thing has the old name",
        ),
        pytest.param(
            {"cap": ("limit",), "limit": ()},
            {"cap": ("limit",), "limit": ()},
            {"cap": "cap", "limit": "limit"},
            id="history",
        ),
        pytest.param(
            {"cap": (), "limit": ()},
            {"cap": ("limit",), "limit": ()},
            {"cap": "cap", "limit": "limit"},
            id="history that is told later",
        ),
        pytest.param(
            {"a": (), "b": ()},
            {"a": ("b",), "b": ("a",)},
            {"a": "b", "b": "a"},
            id="swapped",
        ),
        pytest.param(
            {"a": ("b",), "b": ("a",)},
            {"a": ("b",), "b": ("a",)},
            {"a": "a", "b": "b"},
            id="swapped long ago",
        ),
        pytest.param(
            {"a": (), "b": ()},
            {"a": ("b",)},
            {"b": "a"},
            id="one takes the name of one that is gone",
        ),
        pytest.param(
            {"a": (), "b": ()},
            {"c": ("b", "a")},
            {"b": "c"},
            id="the latest former name goes first",
        ),
        pytest.param(
            {"a": ()},
            {"b": ("a",), "c": ("a",)},
            {"a": "b"},
            id="each old thing is one new thing",
        ),
    ],
)
def test_which_is_which(old: Names, new: Names, expected: dict[str, str]) -> None:
    assert kept(old, new) == expected


SCHEMA = """
vmgen: 1
module: engine
targets: [x86_64-unknown-linux-gnu]
versions: ["1.0", "2.0", "3.0"]
constants:
  - MOST: {type: u32, value: 4, was: {LEAST: "2"}}
  - LEAST: {type: u32, value: 1, since: "2"}
types:
  - Store:
      kind: struct
      fields:
        - cap: {type: u32, was: {limit: "2"}}
        - limit: {type: u32, since: "2"}
  - Link:
      kind: struct
      fields:
        - b: {type: u32, was: {a: "2", x: "3"}}
        - a: {type: u32, since: "2", was: {b: "3"}}
  - Func: {kind: struct, was: {Ref: "2"}, fields: {code: u64}}
  - Ref: {kind: struct, since: "2", fields: {func: VmPtr<Func>}}
  - State: {kind: enum, tag: u8, variants: [{Done: {was: {Ready: "2"}}}, {Ready: {since: "2"}}]}
  - Context:
      kind: context
      counts: [n]
      regions:
        - tags: {type: "[u8; n]", was: {low: "2"}}
        - low: {type: "[u8; n]", since: "2"}
"""


def findings(folder: Path, old: str, new: str) -> list[str]:
    write_schema(folder, SCHEMA, "engine.vm.yaml")
    ran = vmgen(
        "diff", f"engine.vm.yaml@{old}", f"engine.vm.yaml@{new}", "--format", "concise",
        cwd=folder,
    )  # fmt: skip
    assert (ran.code, ran.err) == (1, "")
    return [line.split(": ", 2)[2] for line in ran.out.splitlines() if ": VM" in line]


def test_diff_tells_a_rename_and_what_has_the_name_since(tmp_path: Path) -> None:
    assert findings(tmp_path, "1.0", "2.0") == [
        "VM441 the constant `LEAST` is called `MOST`",
        "VM483 the constant `LEAST` is added, which is 1",
        "VM441 `Store.limit` is called `cap`",
        "VM401 `Store.limit` is added at 4; its size goes from 4 to 8 on "
        "x86_64-unknown-linux-gnu",
        "VM441 `Link.a` is called `x`",
        "VM401 `Link.b` is added at 4; its size goes from 4 to 8 on "
        "x86_64-unknown-linux-gnu",
        "VM441 `Ref` is called `Func`",
        "VM483 the type `Ref` is added",
        "VM441 `State::Ready` is called `Done`",
        "VM410 `State::Ready` is added, which is 1",
        "VM441 `Context.low` is called `tags`",
        "VM401 `Context.low` is added; its size moves with n on "
        "x86_64-unknown-linux-gnu",
    ]


def test_diff_tells_names_that_were_passed_on(tmp_path: Path) -> None:
    assert findings(tmp_path, "2.0", "3.0") == [
        "VM441 `Link.x` is called `b`",
        "VM441 `Link.b` is called `a`",
    ]


def test_the_page_tells_a_rename_and_what_has_the_name_since(tmp_path: Path) -> None:
    path = write_schema(tmp_path, SCHEMA, "engine.vm.yaml")
    report = Report()
    before, after = (
        Layouts(module)
        for release in ("1.0", "2.0")
        if (module := load_module(path, path.name, report, version=release))
    )
    assert not len(report)
    assert changes(before, after) == {
        "Store": [
            ["`cap` was called `limit`", "`limit` is new, at 4", "8 bytes, was 4"]
        ],
        "Link": [["`x` was called `a`", "`b` is new, at 4", "8 bytes, was 4"]],
        "Func": [["was called `Ref`"]],
        "Ref": [["new in this version"]],
        "State": [["`Done` was called `Ready`", "`Ready` = 1 is new"]],
        "Context": [["`tags` was called `low`", "`low` is new, at tags + n"]],
    }
