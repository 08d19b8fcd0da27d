"""Packages of extras, which some commands need."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from vmgen.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

BINARIES = {"elftools": "pyelftools", "lief": "lief", "zstandard": "zstandard"}
"""The packages that read debug information, by what they are imported as."""


def need(packages: Mapping[str, str], who: str) -> None:
    """Raise `UsageError` where packages of the extra ``binaries`` aren't installed; `who`
    says what reads with them."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"{who} with packages that aren't installed "
            f"({', '.join(packages[name] for name in missing)}); install them with "
            "pip install 'vmgen[binaries]'"
        )
