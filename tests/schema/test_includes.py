"""Files that include files: how far that may go."""

from __future__ import annotations

from pathlib import Path

from tests.support import findings, write_schema
from vmgen.schema.files import MAX_INCLUDES


def chain(folder: Path, files: int) -> Path:
    """A schema and that many fragments, each of which the one before it includes.

    The last has a fault, which shows whether it was read.
    """
    schema = write_schema(folder, "vmgen: 1\nmodule: m\ninclude: [f1.yaml]\n")
    for number in range(1, files):
        text = f"vmgen: 1\ninclude: [f{number + 1}.yaml]\n"
        write_schema(folder, text, f"f{number}.yaml")
    write_schema(folder, "vmgen: 1\nlast: 1\n", f"f{files}.yaml")
    return schema


def test_includes_may_be_nested_as_deep_as_the_limit(tmp_path: Path) -> None:
    said = findings(chain(tmp_path, MAX_INCLUDES))
    assert said.startswith("f64.yaml:2:1: error[VM004]: a fragment has no key `last`\n")


def test_one_include_more_is_refused_at_its_place(tmp_path: Path) -> None:
    assert findings(chain(tmp_path, MAX_INCLUDES + 1)) == (
        "f64.yaml:2:11: error[VM015]: includes are nested more than 64 files deep\n"
        "  |\n"
        "2 | include: [f65.yaml]\n"
        "  |           ^^^^^^^^\n"
        "  = help: include it in the schema, or in a fragment nearer to it\n"
    )


def test_no_chain_is_too_long_to_be_refused(tmp_path: Path) -> None:
    said = findings(chain(tmp_path, 1500))
    assert said.splitlines()[0] == (
        "f64.yaml:2:11: error[VM015]: includes are nested more than 64 files deep"
    )


def test_many_files_side_by_side_are_no_chain(tmp_path: Path) -> None:
    names = [f"f{number}.yaml" for number in range(MAX_INCLUDES + 10)]
    for name in names:
        write_schema(tmp_path, "vmgen: 1\n", name)
    text = f"vmgen: 1\nmodule: m\ninclude: [{', '.join(names)}]\n"
    assert findings(write_schema(tmp_path, text)) == ""
