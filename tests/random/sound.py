"""Random schemas that the rules accept, for tests that look at one after the other."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.random.crowd import accepted
from tests.random.strategies import schemas

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def is_sound(schema: dict[str, object]) -> bool:
    """Whether the rules accept a schema."""
    with TemporaryDirectory(prefix="vmgen-random-") as folder:
        return accepted(schema, "r0", Path(folder)) is not None


def sound_schemas(
    *, contexts: bool = True, allowed: bool = False, theirs: bool = True
) -> SearchStrategy[dict[str, object]]:
    """`schemas`, but for those that are refused: some names that are drawn are reserved,
    or two things'."""
    return schemas(contexts, allowed, theirs).filter(is_sound)
