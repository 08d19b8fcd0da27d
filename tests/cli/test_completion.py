"""What is offered on an unfinished command line, whatever the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import vmgen, write_schema
from vmgen.cli.candidates import candidates
from vmgen.cli.commands import COMMANDS

SCHEMA = """\
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
types:
  VMTag: {kind: struct, doc: An exception's tag., fields: {index: u32}}
  VMContext:
    kind: context
    counts: {num_tags: How many tags.}
    flags: [has_start]
    fields: {host: VmPtr<u8>}
    regions: {tags: "[VMTag; num_tags]"}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_schema(tmp_path, SCHEMA)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(line: str) -> list[str]:
    """The words offered for the last of a line's words."""
    return [c.word for c in candidates(line.split(" "))]


def test_commands_come_first_with_what_they_do() -> None:
    offered = candidates([""])
    assert [c.word for c in offered] == [*COMMANDS, "--help", "--version"]
    assert offered[1].about == "check schemas against the rules"
    assert words("e") == ["explain"]
    assert words("--v") == ["--version"]
    assert words("bild ") == []


def test_options_are_offered_once_unless_they_may_be_repeated() -> None:
    assert words("check --") == ["--help", "--format", "--strict", "--version"]
    assert words("check --strict --") == ["--help", "--format", "--version"]
    assert "--target" in words("layout --target x --")
    assert words("check --strict=") == []
    assert words("check --nothing=") == []


def test_what_follows_an_option_is_its_value() -> None:
    assert words("check --format ") == ["full", "concise", "json", "github", "sarif"]
    assert words("check --format s") == ["sarif"]
    assert words("check --format=s") == ["--format=sarif"]
    assert words("build -o ") == [":folders"]
    assert words("build --out=x") == [":folders"]
    assert words("build --depfile ") == [":files"]


def test_schemas_are_left_to_the_shell() -> None:
    assert words("check ") == [":schemas"]
    assert words("check a.vm.yaml ") == [":schemas"]
    assert words("check -- -") == [":schemas"]
    assert words("doc a.vm.yaml ") == []


def test_languages_are_a_list() -> None:
    assert words("build --lang ") == [*("rust", "c", "python", "layout", "gdb", "lldb")]
    assert words("build --lang c,r") == ["c,rust"]
    assert words("build --lang rust,c,python,layout,gdb,lldb,") == []


def test_targets_are_those_of_the_schema_or_all(here: Path) -> None:
    assert words("layout sample.vm.yaml --target ") == [
        "x86_64-unknown-linux-gnu",
        "i686-unknown-linux-gnu",
    ]
    assert words("layout sample.vm.yaml --target=i") == [
        "--target=i686-unknown-linux-gnu"
    ]
    assert len(words("layout --target ")) > 300
    assert words("targets s390x-unknown-linux-g") == ["s390x-unknown-linux-gnu"]


def test_types_and_counts_are_those_of_the_schema(here: Path) -> None:
    assert candidates(["layout", "sample.vm.yaml", "VMT"]) == [
        ("VMTag", "An exception's tag.")
    ]
    assert words("layout sample.vm.yaml VMTag ") == ["VMContext"]
    assert candidates(["layout", "sample.vm.yaml", "--set", "n"]) == [
        ("num_tags=", "How many tags.")
    ]
    assert words("layout sample.vm.yaml --set=h") == ["--set=has_start="]
    assert words("layout sample.vm.yaml --set num_tags=") == []


@pytest.mark.parametrize("text", ["{", "types: {A: {kind: strukt}}", "\0"])
def test_a_schema_that_is_not_sound_offers_nothing(tmp_path: Path, text: str) -> None:
    path = write_schema(tmp_path, text)
    assert [c.word for c in candidates(["layout", str(path), ""])] == []
    assert [c.word for c in candidates(["layout", str(tmp_path / "none"), ""])] == []


def test_rules_are_offered_by_code_and_by_name() -> None:
    assert "VM102" in words("explain ")
    assert words("explain VM10")[0] == "VM101"
    assert words("explain raw-") == ["raw-pointer"]


def test_bash_gets_the_part_after_the_equals_sign(here: Path) -> None:
    call = ["completion", "bash", "--", "layout", "sample.vm.yaml"]
    assert vmgen(*call, "--target", "=", "i", cwd=here).out == (
        "i686-unknown-linux-gnu\n"
    )
    assert vmgen(*call, "--target=", cwd=here).out == (
        "x86_64-unknown-linux-gnu\ni686-unknown-linux-gnu\n"
    )
    assert vmgen(*call, "--set", "num", cwd=here).out == "num_tags=\tHow many tags.\n"


def test_an_unknown_shell_is_told(tmp_path: Path) -> None:
    ran = vmgen("completion", "tcsh", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "invalid choice: 'tcsh'" in ran.err


def test_versions_are_those_of_the_schema(tmp_path: Path) -> None:
    text = """
    versions: ["1.0.0..1.0.3", "2.0.0"]
    types: {A: {kind: newtype, of: u8}}
    """
    schema = write_schema(tmp_path, text)
    offered = candidates(["layout", str(schema), "--version", ""])
    assert [(c.word, c.about) for c in offered] == [
        ("1.0.3", "1.0.0..1.0.3"),
        ("2.0.0", ""),
    ]
    assert words("build --version ") == []
