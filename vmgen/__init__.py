"""vmgen: bindings for the records that a runtime shares with compiled code.

For Python programs: `load` a schema, `check` it, `lay_out` its types, `emit` bindings;
docs/api.md has them with examples. `Language` is what a package adds a language with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.version import __version__

if TYPE_CHECKING:
    from vmgen.api import (
        Change,
        ConfigError,
        Declarer,
        Diagnostic,
        Incomparable,
        Job,
        Language,
        LanguageError,
        Layouts,
        Module,
        Option,
        Output,
        Part,
        Record,
        Refused,
        Region,
        Schema,
        check,
        diff,
        emit,
        lay_out,
        load,
    )

__all__ = [
    "Change",
    "ConfigError",
    "Declarer",
    "Diagnostic",
    "Incomparable",
    "Job",
    "Language",
    "LanguageError",
    "Layouts",
    "Module",
    "Option",
    "Output",
    "Part",
    "Record",
    "Refused",
    "Region",
    "Schema",
    "__version__",
    "check",
    "diff",
    "emit",
    "lay_out",
    "load",
]


def __getattr__(name: str) -> object:
    """A name of the interface, imported when first asked for: the command line starts
    with this package and needs none of them."""
    if name in __all__:
        from vmgen import api

        found = globals()[name] = getattr(api, name)
        return found
    raise AttributeError(f"module 'vmgen' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
