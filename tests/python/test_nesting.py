"""Records inside of a user's own `ctypes.Structure`, on every Python there is."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.python.generated import import_from, loaded, pythons, run, write
from tests.support import write_schema

if TYPE_CHECKING:
    from vmgen.schema.model import Module

SCHEMA = """\
vmgen: 1
module: wide
types:
  Line: {kind: struct, align: 64, fields: {word: u64}}
  Value: {kind: struct, align: 16, fields: {storage: "[u8; 16]"}}
  Either: {kind: union, align: 32, fields: {word: u64, line: u8}}
  Holder: {kind: struct, fields: {flag: u8, line: Line, last: u8}}
  Tagged: {kind: enum, tag: u8, variants: {Nothing: null, Line: Line}}
  Wrapped: {kind: newtype, of: Line}
  Big: {kind: struct, fields: {flag: u8, big: u128}}
  Elsewhere: {kind: foreign, size: 128, align: 128, rust: "crate::Elsewhere"}
  Newtype: {kind: newtype, of: u128}
  Plain: {kind: struct, fields: {word: u32}}
"""
ALIGNED = {
    "Line": 64, "Value": 16, "Either": 32, "Holder": 64, "Tagged": 64, "Wrapped": 64,
    "Big": 16, "Elsewhere": 128, "Newtype": 16, "Plain": 4,
}  # fmt: skip
CHECK = Path(__file__).with_name("nested_check.py").read_text()


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Module:
    path = write_schema(tmp_path_factory.mktemp("wide"), SCHEMA, "wide.vm.yaml")
    return loaded(path, "wide.vm.yaml")


@pytest.mark.parametrize("version", pythons())
def test_a_record_lands_where_it_must(
    wide: Module, tmp_path: Path, version: str
) -> None:
    write(tmp_path, wide)
    code = f"import sys; sys.argv[1:] = {list(ALIGNED)}\n"
    ran = run(
        tmp_path,
        code + CHECK.replace("from __future__ import annotations", ""),
        pythons()[version],
    )
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "".join(f"{n} {align}\n" for n, align in ALIGNED.items())


def test_an_alignment_that_can_not_be_told_is_refused(
    wide: Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "untold", wide, options={"package": "untold"})
    monkeypatch.setattr(gc, "get_referents", lambda *objects: [])
    monkeypatch.setattr("sys.version_info", (3, 12, 0))
    with pytest.raises(ImportError) as caught:
        import_from(folder, "wide")
    assert str(caught.value) == (
        "the ctypes of this Python can't align Big to 16, that of 3.13 can; to read "
        "and write bytes without native access, call vmgen_runtime.set_host(None) "
        "before this import"
    )
