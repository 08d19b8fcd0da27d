"""SARIF held against the schema that OASIS publishes with the standard."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.fetched import crate_source
from tests.support import vmgen, write_schema

HOLDER = Path(__file__).with_name("sarif_schema") / "Cargo.toml"
BAD = Path(__file__).parents[1] / "schemas/bad"


@cache
def schema() -> Any:
    """The schema as a published crate carries it."""
    path = crate_source("serde-sarif", HOLDER) / "src" / "schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def faults(log: str) -> list[str]:
    made = jsonschema.Draft7Validator(
        schema(), format_checker=jsonschema.FormatChecker()
    )
    return [e.message for e in made.iter_errors(json.loads(log))]


def test_the_schema_is_the_standards_own() -> None:
    assert schema()["$id"].endswith(
        "oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
    )
    assert schema()["properties"]["version"]["enum"] == ["2.1.0"]
    assert faults('{"version": "2.1.0", "runs": [{}]}') == [
        "'tool' is a required property"
    ]


def test_every_finding_that_there_is_makes_sound_sarif(tmp_path: Path) -> None:
    ran = vmgen("check", str(BAD), "--format", "sarif", cwd=tmp_path)
    assert ran.code == 1
    results = json.loads(ran.out)["runs"][0]["results"]
    assert len({r["ruleId"] for r in results}) > 40
    assert faults(ran.out) == []


def test_no_finding_makes_sound_sarif_too(tmp_path: Path) -> None:
    write_schema(tmp_path, "types: {A: {kind: opaque}}")
    ran = vmgen("check", ".", "--format", "sarif", cwd=tmp_path)
    assert ran.code == 0
    assert faults(ran.out) == []
