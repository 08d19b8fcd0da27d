"""The report that docs/diff.md shows is what is printed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.changes.pairs import whole
from tests.support import ROOT, vmgen, write_schema

PAGE = (ROOT / "docs/diff.md").read_text(encoding="utf-8")

OLD = """
types:
  Limits:
    kind: struct
    fields:
      fuel: u64
      stack: usize
"""


def test_the_report_of_a_field_in_the_middle_is_so(tmp_path: Path) -> None:
    write_schema(tmp_path, whole(OLD), "old.vm.yaml")
    new = whole(OLD).replace("      stack", "      epoch: u64\n      stack")
    write_schema(tmp_path, new, "new.vm.yaml")
    ran = vmgen("diff", "old.vm.yaml", "new.vm.yaml", cwd=tmp_path)
    (block,) = re.findall(
        r"\$ vmgen diff old.vm.yaml new.vm.yaml\n(.*?)…\n```", PAGE, re.DOTALL
    )
    assert ran.out.startswith(block), ran.out
