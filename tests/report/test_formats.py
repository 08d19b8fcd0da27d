"""Findings for other programs: exact text, with everything in it that needs quoting.

``UPDATE_GOLDEN=1`` writes the expected outputs anew.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support import vmgen, write_schema

GOLDEN = Path(__file__).with_name("golden")
NASTY_NAME = "a, b; 100% #1:é.vm.yaml"
MANY = "types:\n  A:\n    kind: struct\n    fields:\n" + "".join(
    f"      e{i}: bool\n      w{i}: {{type: u32, allow: {{raw-pointer: no}}}}\n"
    for i in range(12)
)


@pytest.fixture
def nasty(tmp_path: Path) -> Path:
    """A folder with a schema whose name and content are hard to quote."""
    text = (GOLDEN / "nasty.vm.yaml").read_bytes()
    folder = tmp_path / "some schemas"
    folder.mkdir()
    (folder / NASTY_NAME).write_bytes(text)
    return tmp_path


def check(format: str, cwd: Path, *more: str, **environment: str) -> tuple[int, str]:
    ran = vmgen(
        "check",
        "some schemas",
        "--format",
        format,
        *more,
        cwd=cwd,
        GITHUB_WORKSPACE="",
        **environment,
    )
    assert ran.err == ""
    return ran.code, ran.out


def without_explanations(sarif: str) -> str:
    """The same without what `vmgen explain` says too."""
    log = json.loads(sarif)
    driver = log["runs"][0]["tool"]["driver"]
    driver |= {"version": "", "rules": [rule["id"] for rule in driver["rules"]]}
    return json.dumps(log, indent=2) + "\n"


@pytest.mark.parametrize("format", ["concise", "json", "github", "sarif"])
def test_each_format_quotes_in_its_own_way(nasty: Path, format: str) -> None:
    code, said = check(format, nasty)
    assert code == 1
    if format == "sarif":
        said = without_explanations(said)
    golden = GOLDEN / f"nasty.{format}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u2028]", said)


@pytest.mark.parametrize(
    ("format", "nothing"), [("json", "[]\n"), ("github", ""), ("sarif", None)]
)
def test_no_findings_is_a_whole_document_too(
    tmp_path: Path, format: str, nothing: str | None
) -> None:
    (tmp_path / "some schemas").mkdir()
    write_schema(tmp_path / "some schemas", "types: {A: {kind: opaque}}")
    code, said = check(format, tmp_path)
    assert code == 0
    if nothing is None:
        assert json.loads(said)["runs"][0]["results"] == []
    else:
        assert said == nothing


@pytest.mark.parametrize("format", ["full", "concise", "json", "github", "sarif"])
def test_exit_codes_do_not_depend_on_the_format(tmp_path: Path, format: str) -> None:
    folder = tmp_path / "some schemas"
    folder.mkdir()
    write_schema(
        folder,
        "types: {A: {kind: struct, fields: {x: {type: u8, allow: {raw-pointer: no}}}}}",
    )
    assert check(format, tmp_path)[0] == 0
    assert check(format, tmp_path, "--strict")[0] == 1
    write_schema(folder, "types: {A: {kind: struct, fields: {x: bool}}}")
    assert check(format, tmp_path)[0] == 1
    ran = vmgen("check", "nowhere", "--format", format, cwd=tmp_path)
    assert ran.code == 2
    assert vmgen("check", "--format", format, cwd=tmp_path / "some schemas").code == 2


def unquoted(command: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner takes it apart."""
    found = re.fullmatch(r"::(\w+) ([^\n]*?)::([^\n]*)", command)
    assert found is not None, command
    properties = {}
    for part in found[2].split(","):
        name, _, value = part.partition("=")
        for quoted, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
            value = value.replace(quoted, char)
        properties[name] = value.replace("%25", "%")
    data = found[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    return found[1], properties, data


def test_github_reads_what_was_meant(nasty: Path) -> None:
    _, said = check("github", nasty)
    _, findings = check("json", nasty)
    commands = [unquoted(line) for line in said.splitlines()]
    for (severity, properties, data), finding in zip(
        commands, json.loads(findings), strict=True
    ):
        assert severity == "error"
        assert properties["file"] == f"some schemas/{NASTY_NAME}"
        assert properties["line"] == str(finding["line"])
        assert properties["title"] == finding["code"]
        assert len(data.split("\n")) == 1 + len(finding["notes"] + finding["helps"])


def test_github_is_told_ten_of_each_and_how_many_more(tmp_path: Path) -> None:
    (tmp_path / "some schemas").mkdir()
    write_schema(tmp_path / "some schemas", MANY)
    code, said = check("github", tmp_path)
    assert code == 1
    lines = said.splitlines()
    errors = [line for line in lines if line.startswith("::error ")]
    warnings = [line for line in lines if line.startswith("::warning ")]
    assert (len(errors), len(warnings)) == (10, 10)
    assert errors[-1] == (
        "::error title=vmgen::and 3 more errors, listed in the log of this step"
    )
    assert warnings[-1] == (
        "::warning title=vmgen::and 3 more warnings, listed in the log of this step"
    )
    _, listed = check("concise", tmp_path)
    by_severity = {
        severity: [line for line in listed.splitlines() if f": {severity}: " in line]
        for severity in ("error", "warning")
    }
    assert lines[20:] == by_severity["error"][9:] + by_severity["warning"][9:]
    assert len(lines) == 26


def test_exactly_ten_need_no_more(tmp_path: Path) -> None:
    (tmp_path / "some schemas").mkdir()
    ten = "".join(line for line in MANY.splitlines(keepends=True) if "w" not in line)
    write_schema(tmp_path / "some schemas", ten.replace("      e11: bool\n", "")
                 .replace("      e10: bool\n", ""))  # fmt: skip
    _, said = check("github", tmp_path)
    assert len(said.splitlines()) == 10
    assert "more" not in said


def test_paths_are_the_repositorys_wherever_we_are(nasty: Path) -> None:
    below = nasty / "some schemas"
    (nasty / ".git").mkdir()
    ran = vmgen("check", ".", "--format", "github", cwd=below, GITHUB_WORKSPACE="")
    assert unquoted(ran.out.splitlines()[0])[1]["file"] == f"some schemas/{NASTY_NAME}"
    ran = vmgen("check", ".", "--format", "sarif", cwd=below, GITHUB_WORKSPACE="")
    assert uris(json.loads(ran.out)) == {
        "some%20schemas/a%2C%20b%3B%20100%25%20%231%3A%C3%A9.vm.yaml"
    }
    ran = vmgen(
        "check", ".", "--format", "github", cwd=below, GITHUB_WORKSPACE=str(below)
    )
    assert unquoted(ran.out.splitlines()[0])[1]["file"] == NASTY_NAME


def uris(log: dict[str, Any]) -> set[str]:
    (run,) = log["runs"]
    return {
        location["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
        for location in result["locations"]
    }


def test_sarif_outside_of_the_repository_has_absolute_addresses(
    nasty: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    ran = vmgen(
        "check", str(nasty), "--format", "sarif", cwd=elsewhere, GITHUB_WORKSPACE=""
    )
    (uri,) = uris(json.loads(ran.out))
    assert uri.startswith("file:///")


def test_sarif_counts_columns_in_utf_16(nasty: Path) -> None:
    _, said = check("sarif", nasty)
    _, listed = check("json", nasty)
    (run,) = json.loads(said)["runs"]
    assert run["columnKind"] == "utf16CodeUnits"
    after = [
        (f["line"], f["column"], r["locations"][0]["physicalLocation"]["region"])
        for f, r in zip(json.loads(listed), run["results"], strict=True)
        if f["code"] == "VM007" and f["line"] == 11
    ]
    ((line, column, region),) = after
    # The bat-and-ball of Unicode: one character, two code units, earlier on the line.
    assert (region["startLine"], region["startColumn"]) == (line, column + 1)


def test_sarif_explains_the_rules_that_were_broken(nasty: Path) -> None:
    _, said = check("sarif", nasty)
    (run,) = json.loads(said)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == sorted({r["ruleId"] for r in run["results"]})
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    explained = vmgen("explain", rules[0]["id"], cwd=nasty)
    assert rules[0]["help"]["text"] == explained.out


def test_sarif_fingerprints_outlive_new_lines(nasty: Path) -> None:
    def marks() -> list[str]:
        _, said = check("sarif", nasty)
        return [
            r["partialFingerprints"]["primaryLocationLineHash"]
            for r in json.loads(said)["runs"][0]["results"]
        ]

    before = marks()
    assert len(set(before)) == len(before)
    path = nasty / "some schemas" / NASTY_NAME
    path.write_bytes(b"# a new line\n" + path.read_bytes())
    assert marks() == before


def test_a_file_that_cannot_be_read_has_no_place(tmp_path: Path) -> None:
    (tmp_path / "some schemas").mkdir()
    with (tmp_path / "some schemas/x.vm.yaml").open("wb") as file:
        file.truncate(65 << 20)
    _, said = check("sarif", tmp_path)
    (result,) = json.loads(said)["runs"][0]["results"]
    assert result["locations"] == []
    _, said = check("github", tmp_path)
    assert said == (
        "::error title=VM002::`some schemas/x.vm.yaml` is larger than 64 MiB\n"
    )
