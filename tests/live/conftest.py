"""A Wasmtime in the test's own process, and the generated classes to look at it."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pytest

from tests.live.wheels import INSTALLED
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
def vm():
    """The bindings of the release that runs."""
    from wasmtime_vm import at

    return at(need_wasmtime())


@pytest.fixture
def example() -> Path:
    need_wasmtime()
    return ROOT / "examples" / "live_instance.py"


def need_wasmtime() -> str:
    """The version that runs here: the one that is installed, or `test_wheels` chose."""
    wanted = os.environ.get("VMGEN_WASMTIME", INSTALLED)
    try:
        found = version("wasmtime")
    except PackageNotFoundError:
        found = "none"
    if found != wanted:
        missing(f"wasmtime {wanted} is needed, {found} is installed")
    return found
