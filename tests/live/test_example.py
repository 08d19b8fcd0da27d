"""The example prints what README shows, the same in every run."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TREE = """\
VMContext, 196 bytes, magic b'core'
├─ store_context at 8
│  ├─ fuel_consumed: -9980
│  └─ epoch_deadline: 3
├─ epoch_ptr at 24: the epoch is 2
├─ defined_memories at 48
│  └─ [0] -> owned_memories[0]
├─ owned_memories at 56
│  └─ [0] 196608 bytes, the first are b'walrus'
├─ imported_functions at 72
│  └─ [0] a function of the host
├─ defined_tables at 96
│  └─ [0] -> func_refs[0], not written yet, not written yet
├─ defined_globals at 112
│  └─ [0] 42, as an i32
├─ defined_tags at 128
│  └─ [0] of type 1
└─ func_refs at 132, 4 mod 8
   ├─ [0] of type 0
   └─ [1] of type 0
"""


@pytest.mark.parametrize("run", [1, 2])
def test_a_live_instance_is_printed_as_a_tree(
    example: Path, tmp_path: Path, run: int
) -> None:
    done = subprocess.run(
        [sys.executable, str(example)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == TREE
