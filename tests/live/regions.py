"""Names of regions, which changed with Wasmtime 49."""

from __future__ import annotations

from typing import Any


def defined(vmctx: Any, what: str) -> Any:
    """A region of what an instance defines: `memories`, `tables`, `globals` or `tags`.

    Until Wasmtime 48 its name begins with `defined_`.
    """
    return getattr(vmctx, what if hasattr(vmctx, what) else f"defined_{what}")
