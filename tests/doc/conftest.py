"""A browser window, and pages for it to open."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.doc.browser import Browser, browser
from tests.fetched import npm_packages
from tests.support import ROOT, missing, need, vmgen, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module
from vmgen.show.columns import Column
from vmgen.show.json import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")

DEMO = r"""
vmgen: 1
module: demo
doc: Ends a <script> with </script>, an & and a "quote".
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, i686-pc-windows-msvc,
  s390x-unknown-linux-gnu]
constants:
  MAGIC: {type: u32, bytes: demo, doc: "First word, <b>not bold</b>."}
types:
  Tag: {kind: newtype, of: u32}
  State: {kind: enum, tag: u8, variants: {Idle: 0, Busy: 4}}
  Choice:
    kind: enum
    tag: u32
    allow: {layout-differs-by-target: a test}
    variants: {Nothing: null, Much: u64}
  Hidden: {kind: opaque}
  Other: {kind: foreign, rust: "elsewhere::Other", size: {64: 24, 32: 12}, align: 4}
  Bits: {kind: union, fields: {brief: u16, large: "[u8; 5]"}}
  Odd: {kind: union, fields: {large: "[u8; 9]", word: usize}}
  Calls: {kind: functions, functions: {grow: "(by: u32) -> bool", stop: "()"}}
  Inner: {kind: struct, fields: {a: u8, b: u32}}
  Func:
    kind: struct
    doc: Holds what "a < b && c" takes.
    fields:
      code: {type: VmPtr<u8>, access: [readonly]}
      hidden: Option<VmPtr<Hidden>>
      inner: "[[Inner; 2]; 3]"
      other: Other
      buffer: "[u8; 1000]"
  Context:
    kind: context
    align: 64
    counts: {num_tags: How many tags., num_funcs: Functions., spare: Used by no region.}
    flags: [has_start]
    fields:
      magic: {type: u32, value: MAGIC}
      func: VmPtr<Func>
    regions:
      tags: "[Tag; num_tags]"
      kinds: "[Tag; num_tags]"
      odd: {type: "[Tag; 3]", when: has_start}
      funcs:
        type: "[Func; num_funcs]"
        align: none
        allow: {misaligned-region: as it has always been}
      wide: {type: "[Other; num_funcs]", align: 64}
      start: {type: Inner, when: has_start}
"""


@dataclass(frozen=True)
class Page:
    """A page that `vmgen doc` wrote, and the layouts that it should show."""

    path: Path
    layouts: Layouts

    @property
    def targets(self) -> list[str]:
        """One target of each layout class."""
        return [c.targets[0] for c in self.layouts.classes]

    def engine(self, target: str, counts: dict[str, int]) -> dict[str, Any]:
        """What `vmgen layout --format json` says of every type."""
        types: dict[str, Any] = self._described(target, counts)["types"]
        return types

    def fingerprint(self, target: str) -> str:
        """What it says of the module."""
        found: str = self._described(target, {})["fingerprint"]
        return found

    def _described(self, target: str, counts: dict[str, int]) -> dict[str, Any]:
        module = self.layouts.module
        chosen = next(t for t in module.targets if t.name == target)
        (described,) = describe(
            [Column(self.layouts, chosen)], list(module.types), counts
        )
        return described


def page_of(schema: Path, folder: Path, release: str | None = None) -> Page:
    out = folder / "page.html"
    asked = [str(schema), *(["--version", release] if release else [])]
    ran = vmgen("doc", *asked, "-o", str(out), cwd=ROOT, VMGEN_TRACEBACK="1")
    assert (ran.code, ran.err) == (0, ""), ran.out
    report = Report()
    module = load_module(schema, schema.name, report, version=release)
    assert module is not None
    return Page(out, Layouts(module))


@pytest.fixture(scope="session")
def wasmtime(tmp_path_factory: pytest.TempPathFactory) -> Page:
    schema = ROOT / "schemas" / "wasmtime.vm.yaml"
    return page_of(schema, tmp_path_factory.mktemp("wasmtime"), "42.0.2")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("demo")
    return page_of(write_schema(folder, DEMO, "demo.vm.yaml"), folder)


@pytest.fixture(scope="session")
def shared_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium = next((c for c in CHROMIUM if shutil.which(c)), None)
    if chromium is None:
        missing("THE PAGE IS NOT LOOKED AT: there is no Chromium")
    yield from browser(
        need("chromedriver"),
        str(shutil.which(chromium)),
        tmp_path_factory.mktemp("chromium"),
    )


@pytest.fixture
def window(shared_window: Browser) -> Iterator[Browser]:
    """The window, with the console looked at when the test is over."""
    shared_window.complaints()
    shared_window.screen(1440, 900)
    yield shared_window
    assert shared_window.complaints() == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what shuts people out, of the version locked here."""
    packages = npm_packages("axe", HERE / "package-lock.json")
    script = packages / "axe-core" / "axe.min.js"
    return script.read_text(encoding="utf-8")
