"""A Wasmtime in the test's own process, and the generated classes to look at it."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT, missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.live.runtime import Live

# Where an application would have them too: side by side on the path.
sys.path.insert(0, str(ROOT / "generated" / "python"))


@pytest.fixture
def live() -> Callable[..., Live]:
    """Makes a store; see `tests.live.runtime.Live` for what it can be told."""
    need_wasmtime()
    from tests.live.runtime import Live

    return Live


@pytest.fixture
def example() -> Path:
    need_wasmtime()
    return ROOT / "examples" / "live_instance.py"


def need_wasmtime() -> None:
    """Layouts change between versions, so it has to be the one of the schema."""
    try:
        installed = version("wasmtime")
    except PackageNotFoundError:
        installed = "none"
    if installed != "42.0.0":
        missing(f"wasmtime 42.0.0 is needed, {installed} is installed")
