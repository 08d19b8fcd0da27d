"""By which way a module comes to use another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.schema.model import Module, Use


def use_of(module: Module, other: Module) -> Use:
    """The first use that brings in one of `modules_used`, itself or by way of others."""
    return next(
        use
        for use in module.uses
        if use.module is other or other in use.module.modules_used
    )
