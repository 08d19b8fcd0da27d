"""What docs/diff.md shows: a cache's key that compiles, and reports that are so."""

from __future__ import annotations

import re
from pathlib import Path

from tests.agreement.bindings import Rust
from tests.changes.pairs import whole
from tests.support import ROOT, need, vmgen, write_schema

PAGE = (ROOT / "docs/diff.md").read_text(encoding="utf-8")

OLD = """
types:
  Limits:
    kind: struct
    fields:
      fuel: u64
      stack: usize
"""


def test_the_key_of_a_cache_compiles(tmp_path: Path) -> None:
    need("rustc")
    write_schema(tmp_path, whole(OLD).replace("sample", "runtime"), "runtime.vm.yaml")
    assert vmgen("build", "runtime.vm.yaml", cwd=tmp_path).code == 0
    (block,) = re.findall(r"```rust\n(.*?)```", PAGE, re.DOTALL)
    Rust.build(tmp_path / "generated", tmp_path).link(
        block, "rlib", tmp_path / "libkey.rlib"
    )


def test_the_report_of_a_field_in_the_middle_is_so(tmp_path: Path) -> None:
    write_schema(tmp_path, whole(OLD), "old.vm.yaml")
    new = whole(OLD).replace("      stack", "      epoch: u64\n      stack")
    write_schema(tmp_path, new, "new.vm.yaml")
    ran = vmgen("diff", "old.vm.yaml", "new.vm.yaml", cwd=tmp_path)
    (block,) = re.findall(
        r"\$ vmgen diff old.vm.yaml new.vm.yaml\n(.*?)…\n```", PAGE, re.DOTALL
    )
    assert ran.out.startswith(block), ran.out
