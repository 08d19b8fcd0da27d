"""Types that a project declares by hand, which are named and checked, not declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.language import entries
from vmgen.schema.types import VECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTION = "existing"
_HIDDEN = " { .. }"


class Existing(msgspec.Struct, frozen=True):
    """The path of a type in Rust, and whether its fields are seen from the bindings."""

    path: str
    visible: bool


def vector_paths(options: Mapping[str, str]) -> dict[str, str]:
    """What the project passes for vectors, by their names in signatures."""
    paths = entries(options.get(OPTION, ""))
    return {name: path for name, path in paths.items() if name in VECTORS}


def existing_types(options: Mapping[str, str]) -> dict[str, Existing]:
    """By the names that they have in the schema."""
    return {
        name: Existing(text.removesuffix(_HIDDEN), not text.endswith(_HIDDEN))
        for name, text in entries(options.get(OPTION, "")).items()
    }
