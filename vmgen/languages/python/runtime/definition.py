"""`define`: layouts for the classes of a generated module, checked as it is imported."""

from __future__ import annotations

import gc
import struct
from itertools import chain

from .builder import Builder
from .errors import LayoutMismatch
from .hints import Any, Final, Sequence
from .kinds import modules
from .models import Targets
from .schema import Schema, packed, remainder, take_in

FORMAT: Final[int] = 4
"""Version of the tables that `define` understands."""


def define(
    namespace: dict[str, Any],
    *,
    version: int,
    schema: str,
    remake: str,
    seed: int,
    fingerprint: int,
    models: Sequence[tuple[Any, ...]],
    models_fingerprint: int,
    layouts: Sequence[Any],
) -> int:
    """Give the classes of a generated module their layouts, and check the numbers.

    ctypes lays each record out by itself and is compared with the numbers of this host.
    Those of other targets are compared by their fingerprint. What comes back is the
    fingerprint of the module on this host, 0 where it is imported for reading alone.

    A row of `layouts` is what, name, parts, numbers, and what else there is to say.
    Parts are name and type of each in turn. Numbers are size, alignment, the offset of each part, and for
    each region of a context what it is rounded up to and its stride; they stand once
    for all data models or once for each that lays out differently. Raises
    LayoutMismatch, or ImportError for a host that the schema doesn't cover.
    """
    if version != FORMAT:
        raise ImportError(
            f"this vmgen_runtime reads tables of version {FORMAT}, those of "
            f"{schema} are of version {version}: run `{remake}`"
        )
    targets = Targets(schema, remake, models)
    # Thousands of classes that stay make the collector run for nothing again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        kinds = modules[namespace["__name__"]] = Schema(namespace, targets)
        Builder(kinds).build(layouts)
        columns = _columns(targets, layouts)
        known = {column: remainder(column) for column in dict.fromkeys(columns)}
        kinds.seed, kinds.columns = seed, [known[column] for column in columns]
        found = seed
        for numbers in known.values():
            found = take_in(found, numbers)
        facts = packed(fact for model in targets.models for fact in model.facts)
        edited = found != fingerprint or remainder(facts)[0] != models_fingerprint
    except struct.error:
        edited = True
    finally:
        if hasattr(gc, "freeze") and not gc.get_freeze_count():
            # Both together make all objects old ones, so that they aren't walked now.
            gc.freeze()
            gc.unfreeze()
        if collecting:
            gc.enable()
    if edited:
        raise LayoutMismatch(
            f"{namespace['__name__']} was edited: its numbers aren't those that were "
            f"made of {schema}; remake with `{remake}`"
        )
    return kinds.fingerprint(targets.host) if targets.host else 0


def _columns(targets: Targets, layouts: Sequence[Any]) -> list[bytes]:
    """All numbers of a table, in the order of its rows, for each column."""
    width = targets.width
    rows = [row[3] if len(row[3]) == width else row[3] * width for row in layouts]
    columns = [*zip(*rows, strict=True)] if rows else [()] * width
    return [packed(chain.from_iterable(column)) for column in columns]
