"""An import of Wasmtime's own debug build has the records of the checked-in schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binaries.test_wasmtime import library
from tests.imports.test_round_trip import declared, on_targets_of
from tests.support import ROOT
from vmgen.binaries.containers import images
from vmgen.build.config import Config
from vmgen.imports.binary import read_images
from vmgen.imports.convert import draft_of
from vmgen.imports.settle import settle
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import Loader
from vmgen.schema import model as m

__all__ = ["library"]

pytestmark = pytest.mark.prove
ON = "x86_64-unknown-linux-gnu"
KINDS = (m.Struct, m.Union, m.TaggedEnum, m.PlainEnum, m.Newtype, m.Functions)
OTHERWISE = {
    # The two words of a Box, which Rust may have in any order.
    "BoxedHostState",
    # Two types of that name, one in the other, which are called by their modules as well.
    "VMContinuationStack",
}  # fmt: skip


def test_its_records_are_those_of_the_schema(library: Path, tmp_path: Path) -> None:
    loader = Loader(Report())
    schema = loader.load(ROOT / "schemas/wasmtime.vm.yaml", "wasmtime", "42.0.2")
    assert schema is not None
    wanted = declared(schema, KINDS)
    paths = [schema.types[name].rust_path or name for name in wanted]
    source = read_images(images(library, "wasmtime"), paths, None, some=True)
    settled = settle(draft_of(source), "again", [], Config(tmp_path))
    again = on_targets_of(schema, settled.text, tmp_path, ON)
    ours = Layouts(schema)
    here, there = ours.class_of(ON).index, again.class_of(ON).index
    lacking = set(wanted) - set(again.module.types)
    assert lacking == OTHERWISE, lacking ^ OTHERWISE
    for name in sorted(set(wanted) - OTHERWISE):
        mine, other = ours.of(name), again.of(name)
        assert mine.extents[here] == other.extents[there], name
        places = [
            [p.offsets[i] for p in r.parts] for r, i in ((mine, here), (other, there))
        ]
        # A struct around one field without a name is imported as a newtype.
        newtype = isinstance(other.declared, m.Newtype)
        assert places[0] == ([0] if newtype and mine.parts else places[1]), name
