"""`allow`: what it allows, where, and what becomes of one that allows nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rules.test_bad_schemas import SCHEMAS, code_of, report_on
from tests.support import findings, vmgen, write_schema
from vmgen.rules.registry import rule_of
from vmgen.rules.run import NOT_ALLOWED

ELSEWHERE = (
    # Names that stand outside of types, or on one that takes no `allow`.
    "VM011-constant",
    "VM011-device",
    "VM011-header",
    "VM011-lower-case-type",
    "VM011-module-of-python",
    "VM011-private-in-python",
    "VM011-type-of-the-language",
    "VM018-constant",
    "VM018-header-of-windows",
    "VM018-type",
    # PyYAML's own scanner refuses the tab that libyaml permits.
    "VM102-after-a-tab",
)
ALLOWABLE = [
    s
    for s in SCHEMAS
    if rule_of(code_of(s)).allowable and not s.name.startswith(ELSEWHERE)
]
FIRM = {
    "VM101-char-parameter",
    "VM105-integer",
    "VM105-option",
    "VM105-raw-pointer",
    "VM105-struct",
    "VM105-table-of-functions",
    "VM105-allowed-in-vain",
}
"""Faults of allowable rules that are so bad that there is nothing to emit."""


def allowing(schema: dict[str, Any], rule: str) -> dict[str, Any]:
    """The schema with the rule allowed on every declaration that takes an `allow`."""
    for declaration in schema["types"].values():
        if declaration["kind"] != "opaque":
            declaration.setdefault("allow", {})[rule] = "this is a test"
    return schema


@pytest.mark.parametrize(
    "schema", ALLOWABLE, ids=lambda path: path.name[: -len(".vm.yaml")]
)
def test_an_allowable_rule_is_allowed_on_the_declaration(
    schema: Path, tmp_path: Path
) -> None:
    text = yaml.safe_load(schema.read_text(encoding="utf-8"))
    rule = rule_of(code_of(schema))
    allowed = tmp_path / schema.name
    allowed.write_text(yaml.safe_dump(allowing(text, rule.name), sort_keys=False))
    left = [f for f in report_on(allowed) if f.code == rule.code]
    if schema.name.removesuffix(".vm.yaml") in FIRM:
        assert left
        assert all(NOT_ALLOWED in f.notes for f in left)
    else:
        assert left == []


FIELD = """
types:
  Memory:
    kind: struct
    fields:
      base: {type: "*mut u8", allow: {raw-pointer: only the host reads it}}
      backup: "*mut u8"
"""


def test_an_allow_on_a_field_is_for_that_field_alone(tmp_path: Path) -> None:
    said = findings(write_schema(tmp_path, FIELD))
    assert said.count("error[VM102]") == 1
    assert "sample.vm.yaml:9:16: error[VM102]" in said


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a variant", "kind: enum\n    tag: u32\n    variants: {{A: {{type: bool, {}}}}}"),
        ("a slot", "kind: functions\n    functions: {{f: {{signature: (c: VmPtr<bool>), {}}}}}"),
        ("a region", "kind: context\n    regions: {{r: {{type: bool, {}}}}}"),
        ("a newtype", "kind: newtype\n    of: bool\n    {}"),
    ],
    ids=lambda text: text.partition("\n")[0],
)  # fmt: skip
def test_an_allow_works_on(kind: str, text: str, tmp_path: Path) -> None:
    allow = "allow: {unsafe-primitive: for the test}"
    body = text.format(allow).replace("(c: VmPtr<bool>)", '"(c: VmPtr<bool>)"')
    schema = f"vmgen: 1\nmodule: sample\ntypes:\n  It:\n    {body}\n"
    assert findings(write_schema(tmp_path, schema)) == ""
    without = schema.replace(allow, "doc: No allow.")
    assert "VM101" in findings(write_schema(tmp_path, without))


def test_the_nearest_allow_is_the_one_that_is_used(tmp_path: Path) -> None:
    said = findings(
        write_schema(
            tmp_path, FIELD + "    allow: {raw-pointer: only the host reads it}\n"
        )
    )
    assert said == ""


def test_allows_of_rules_that_were_not_asked_are_not_called_unused(
    tmp_path: Path,
) -> None:
    schema = """
        types:
          Context:
            kind: context
            counts: [num_tags]
            fields: {pair: "(u8, u16)"}
            regions:
              tags: {type: "[u32; num_tags]", allow: {misaligned-region: it may be}}
    """
    said = findings(write_schema(tmp_path, schema))
    assert "VM104" in said
    assert "VM901" not in said


VERSIONS = """\
versions: ["1", "2", "3"]
targets: [i686-unknown-linux-gnu, armv7-unknown-linux-gnueabihf]
allow: {layout-differs-by-target: REASON}
types:
  Fuel: {kind: struct, fields: {store: usize, left: {type: [{is: u64, until: "2"}, {is: u32, since: "2"}]}}}
"""


def versions(folder: Path, reason: str, *more: tuple[str, str]) -> Path:
    text = VERSIONS.replace("REASON", reason)
    for old, new in more:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return write_schema(folder, text)


class TestAtTheTopOfVersions:
    def test_one_that_any_version_needs_is_used(self, tmp_path: Path) -> None:
        schema = versions(tmp_path, "they align it otherwise")
        assert findings(schema) == ""
        for release in "123":
            ran = vmgen("check", schema.name, "--version", release, cwd=tmp_path)
            assert (ran.code, ran.out) == (0, "no findings in 1 schema\n")

    def test_one_that_no_version_needs_is_told_once(self, tmp_path: Path) -> None:
        said = findings(versions(tmp_path, "they align it otherwise", ("u64", "u32")))
        assert said.count("warning[VM901]") == 1
        assert "= note: in all versions\n" in said

    def test_one_is_for_the_versions_that_it_is_said_of(self, tmp_path: Path) -> None:
        said = findings(versions(tmp_path, '[{is: no more, since: "2"}]'))
        assert "warning[VM302]" in said
        assert said.count("warning[VM901]") == 1
        assert "= note: in 2..3\n" in said


def test_a_rule_that_cannot_be_allowed_still_reports(tmp_path: Path) -> None:
    schema = """
        types:
          Empty: {kind: struct, fields: {}, allow: {empty-record: it is a marker}}
    """
    said = findings(write_schema(tmp_path, schema))
    assert "error[VM202]" in said
    assert "error[VM903]" in said
