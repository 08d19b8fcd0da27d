"""Reading files: what is refused, with which message and where."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.support import findings
from vmgen.reading.diagnostics import Report
from vmgen.reading.events import top_keys
from vmgen.reading.load import load
from vmgen.reading.source import Mapping, Scalar
from vmgen.reading.yamltree import parse


def said(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "x.vm.yaml"
    path.write_bytes(content)
    return findings(path)


def first_line(tmp_path: Path, content: bytes) -> str:
    return said(tmp_path, content).splitlines()[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.vm.yaml:1:1: error[VM005]: the file is empty"),
        (b"# only a comment\n", "x.vm.yaml:1:1: error[VM005]: the file is empty"),
        (b"[1, 2]", "x.vm.yaml:1:1: error[VM005]: expected a mapping of keys, found a list"),
        (b"\xff\xfe\x00", "x.vm.yaml:1:1: error[VM002]: `x.vm.yaml` is not UTF-8: byte 0xff"),
        (b"vmgen: 1\nmodule: m\ndoc: caf\xe9", "x.vm.yaml:3:9: error[VM002]: `x.vm.yaml` is not UTF-8: byte 0xe9"),
        ("\ufeffvmgen: 1\ndoc: \u4e2d\u6587".encode() + b"\xe9",
         "x.vm.yaml:2:8: error[VM002]: `x.vm.yaml` is not UTF-8: byte 0xe9"),
        (b"vmgen: 1\na: \x07\n", "x.vm.yaml:2:4: error[VM001]: the character U+0007 is not allowed in YAML"),
        (b"vmgen: 1\nmodule: m\nx: !!python/object:os.system a\n",
         "x.vm.yaml:3:4: error[VM014]: YAML tags are not part of the schema language: "
         "`tag:yaml.org,2002:python/object:os.system`"),
        (b"vmgen: 1\nvmgen: 1\nmodule: m\n",
         "x.vm.yaml:2:1: error[VM003]: `vmgen` is given twice in this mapping"),
        (b"vmgen: 1\n&a module: m\n? *a\n: n\n",
         "x.vm.yaml:2:1: error[VM003]: `module` is given twice in this mapping"),
        (b"vmgen: 1\nmodule: m\n---\nvmgen: 1\n",
         "x.vm.yaml:3:1: error[VM001]: a schema is one YAML document, a second starts here"),
        (b"vmgen: *nothing\n", "x.vm.yaml:1:8: error[VM001]: no anchor `&nothing` before this alias"),
        (b"? [a, b]\n: 1\n", "x.vm.yaml:1:3: error[VM005]: a key is a plain name, found a list"),
    ],
)  # fmt: skip
def test_what_is_no_schema_is_refused_at_its_place(
    tmp_path: Path, content: bytes, message: str
) -> None:
    assert first_line(tmp_path, content) == message


def test_broken_yaml_is_told_where(tmp_path: Path) -> None:
    line = first_line(tmp_path, b"vmgen: 1\nmodule: [m\n")
    assert line.startswith("x.vm.yaml:3:1: error[VM001]: while parsing a flow sequence")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_utf_16_is_told_apart(tmp_path: Path, encoding: str) -> None:
    text = "vmgen: 1 # caf\u00e9\n".encode(encoding)
    assert "  = help: save it as UTF-8 instead of UTF-16\n" in said(tmp_path, text)


def test_a_file_that_is_no_schema_is_not_shown(tmp_path: Path) -> None:
    assert said(tmp_path, b"PASSWORD=secret\xff\n") == (
        "x.vm.yaml:1:16: error[VM002]: `x.vm.yaml` is not UTF-8: byte 0xff\n"
        "  |\n"
        "1 |\n"
        "  |                ^\n"
        "  = help: save it as UTF-8\n"
    )


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    line = first_line(tmp_path, b"a: " + b"[" * 5000 + b"]" * 5000)
    assert line == "x.vm.yaml:1:67: error[VM015]: nested more than 64 levels deep"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: " + b"[" * 70 + b"@", "x.vm.yaml:1:67: error[VM015]: nested more than 64 levels deep"),
        (b"a: !t " + b"[" * 5000, "x.vm.yaml:1:4: error[VM014]: YAML tags are not part of the schema language: `!t`"),
        (b"{" + b"[" * 5000, "x.vm.yaml:1:2: error[VM005]: a key is a plain name, found a list"),
    ],
    ids=["too deep", "a tag", "a list as a key"],
)  # fmt: skip
def test_what_stands_first_is_told_first_however_far_libyaml_has_read(
    tmp_path: Path, content: bytes, message: str
) -> None:
    assert first_line(tmp_path, content) == message


def test_what_libyaml_finds_within_the_permitted_levels_is_told(tmp_path: Path) -> None:
    line = first_line(tmp_path, b"a: " + b"[" * 63 + b"@")
    assert line.startswith("x.vm.yaml:1:67: error[VM001]: ")


def test_whether_a_file_is_a_fragment_does_not_depend_on_libyamls_own_limit() -> None:
    assert top_keys("types: " + "[" * 64) is None
    assert top_keys("types: " + "[" * 63 + "]" * 63) == ["types"]
    assert top_keys("types: " + "[" * 64 + "]" * 64) is None


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        inner = b", ".join([b"*a%d" % (level - 1)] * 10)
        lines.append(b"a%d: &a%d [%s]" % (level, level, inner))
    line = first_line(tmp_path, b"\n".join(lines))
    assert "error[VM015]: aliases expand to more than 100000 nodes" in line


def test_aliases_may_be_used(tmp_path: Path) -> None:
    text = b"""vmgen: 1
module: m
types:
  A: {kind: struct, fields: &fields {a: u32}}
  B: {kind: struct, fields: *fields}
"""
    assert said(tmp_path, text) == ""


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    path = tmp_path / "none.vm.yaml"
    assert findings(path) == (
        "error[VM002]: can't read `none.vm.yaml`: no such file or directory\n"
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert findings(tmp_path).startswith("error[VM002]: can't read")


def test_spans_survive_quotes_and_wide_characters(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text('größe: "u8"\nb:   \'VmPtr<u8>\'\nc: "\\x75"\n', encoding="utf-8")
    report = Report()
    file = load(path, "x.yaml", report)
    assert file is not None
    root = parse(file, report)
    assert isinstance(root, Mapping)
    (key, value), (_, quoted), (_, escaped) = root
    assert key.value == "größe"
    assert isinstance(value, Scalar)
    assert value.text_span is not None
    assert (value.text_span.line, value.text_span.column) == (1, 9)
    assert isinstance(quoted, Scalar)
    assert quoted.text_span is not None
    assert (quoted.text_span.line, quoted.text_span.column) == (2, 7)
    assert isinstance(escaped, Scalar)
    assert escaped.value == "u"
    assert escaped.text_span is None


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert said(tmp_path, b"\xef\xbb\xbfvmgen: 1\nmodule: m\n") == ""


def test_windows_line_ends_keep_lines_and_columns(tmp_path: Path) -> None:
    line = first_line(tmp_path, b"vmgen: 1\r\nmodule: m\r\nmodul: x\r\n")
    assert line == "x.vm.yaml:3:1: error[VM004]: a schema has no key `modul`"


def test_what_has_no_end_is_too_large() -> None:
    path = Path("/dev/zero")
    if not path.exists():
        pytest.skip("there is no /dev/zero here")
    assert findings(path) == "error[VM002]: `zero` is larger than 64 MiB\n"


def test_the_largest_file_is_read_and_one_byte_more_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"vmgen: 1\nmodule: m\n"
    for module in ("files", "load"):
        monkeypatch.setattr(f"vmgen.reading.{module}.MAX_BYTES", len(text))
    assert said(tmp_path, text) == ""
    assert said(tmp_path, text + b"\n") == (
        "error[VM002]: `x.vm.yaml` is larger than 0 MiB\n"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    lines = "".join(f"  T{n}: {{kind: newtype, of: u32}}\n" for n in range(10_000))
    text = f"vmgen: 1\nmodule: m\ntypes:\n{lines}"
    writer = threading.Thread(target=path.write_text, args=(text,))
    writer.start()
    file = load(path, "pipe", Report())
    writer.join()
    assert file is not None
    assert file.text == text
