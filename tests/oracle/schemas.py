"""The schemas that the compilers are asked about, as if they named every target."""

from __future__ import annotations

from msgspec.structs import replace

from tests.support import ROOT, load_at
from vmgen.reading.diagnostics import Report
from vmgen.schema.model import ModelTarget, Module
from vmgen.targets.find import TARGETS

SCHEMAS = (
    "schemas/wasmtime.vm.yaml@42.0.2",
    "tests/schemas/good/torture.vm.yaml",
    "tests/schemas/good/torture_allowed.vm.yaml",
    "tests/schemas/good/torture_c.vm.yaml",
    "tests/schemas/good/torture_on.vm.yaml",
)

EVERY_TARGET = tuple(ModelTarget(t.triple, t.model) for t in TARGETS.values())


def load(schema: str, targets: tuple[ModelTarget, ...] = EVERY_TARGET) -> Module:
    """The module of a schema, on the given targets instead of its own."""
    report = Report()
    module = load_at(ROOT / schema, schema, report)
    assert module is not None, list(report)
    return replace(module, targets=targets)
