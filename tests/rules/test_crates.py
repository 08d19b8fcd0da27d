"""Paths of Rust's in the generated crate: those that end early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import findings, write_schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", ["::core", "core::arch", "::core::arch"])
def test_a_path_in_core_may_end_anywhere(tmp_path: Path, path: str) -> None:
    text = f'types: {{A: {{kind: foreign, rust: "{path}", size: 4, align: 4}}}}\n'
    assert findings(write_schema(tmp_path, text)) == ""
