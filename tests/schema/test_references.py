"""What is said of names that nothing declares."""

from __future__ import annotations

from pathlib import Path

from tests.support import findings, write_schema
from vmgen.schema.references import MOST_SUGGESTIONS


def test_suggestions_end_where_an_include_must_be_missing(tmp_path: Path) -> None:
    many = range(MOST_SUGGESTIONS + 20)
    fields = "".join(f"      f{n}: VmPtr<Limit{n}x>\n" for n in many)
    again = "      again: VmPtr<Limit0x>\n      late: VmPtr<Limit119x>\n"
    schema = write_schema(
        tmp_path,
        "types:\n  Limit: {kind: opaque}\n  Limits:\n    kind: struct\n    fields:\n"
        + fields
        + again,
    )
    said = findings(schema)
    assert said.count("no type is named") == MOST_SUGGESTIONS + 22
    assert said.count("did you mean `Limit") == MOST_SUGGESTIONS + 1
