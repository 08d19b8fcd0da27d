"""Files that include files: how far that may go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("count", [40, 80])
def test_a_path_is_resolved_twice_however_many_files_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    names = [f"f{number}.yaml" for number in range(count)]
    for name in names:
        write_schema(tmp_path, "vmgen: 1\n", name)
    text = f"vmgen: 1\nmodule: m\ninclude: [{', '.join(names)}]\n"
    schema = write_schema(tmp_path, text)
    resolved = []
    resolve = Path.resolve

    def counted(path: Path, strict: bool = False) -> Path:
        resolved.append(path)
        return resolve(path, strict)

    monkeypatch.setattr(Path, "resolve", counted)
    assert findings(schema) == ""
    assert len(resolved) == 2 * count + 2


def included(folder: Path, path: str) -> str:
    schema = write_schema(folder, f"vmgen: 1\nmodule: m\ninclude: [{path}]\n")
    return findings(schema)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_the_environment_is_no_fragment(tmp_path: Path) -> None:
    assert included(tmp_path, "/proc/self/environ") == (
        "sample.vm.yaml:3:11: error[VM013]: `/proc/self/environ` is no fragment by its "
        "name\n"
        "  |\n"
        "3 | include: [/proc/self/environ]\n"
        "  |           ^^^^^^^^^^^^^^^^^^\n"
        "  = help: call it `environ.vm.yaml`\n"
    )


@pytest.mark.parametrize(
    "text", ["PASSWORD: secret\n", "PASSWORD=secret", "'secret", "# vmgen: 1\nsecret"]
)
def test_nothing_is_shown_of_a_file_that_is_no_fragment(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "x.yaml").write_text(text)
    assert included(tmp_path, "x.yaml") == (
        "sample.vm.yaml:3:11: error[VM013]: `x.yaml` is no fragment: it lacks the key "
        "`vmgen`\n"
        "  |\n"
        "3 | include: [x.yaml]\n"
        "  |           ^^^^^^\n"
        "  = help: begin it with `vmgen: 1`\n"
    )


@pytest.mark.parametrize(
    "text",
    ["vmgen: 1", "{vmgen: 1}", '"vmgen" : 1', "# what\n{ 'vmgen': 1 }", "? vmgen\n: 1"],
)
def test_a_fragment_is_known_by_its_key_however_it_is_written(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "x.yml").write_text(text)
    assert included(tmp_path, "x.yml") == ""


def test_a_link_leads_to_fragments_only(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("vmgen: 1\nsecret: 1\n")
    (tmp_path / "link.vm.yaml").symlink_to(tmp_path / "secret")
    first = included(tmp_path, "link.vm.yaml").splitlines()[0]
    assert first == (
        "sample.vm.yaml:3:11: error[VM013]: `link.vm.yaml` is no fragment by its name"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_fragment(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    first = included(tmp_path, "pipe.yaml").splitlines()[0]
    assert first == "sample.vm.yaml:3:11: error[VM013]: no file `pipe.yaml` to include"
