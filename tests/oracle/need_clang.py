"""Whether libclang is there, in the version whose differences are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.clang_differences import CLANG
from tests.support import missing

if TYPE_CHECKING:
    from types import ModuleType


def need_libclang() -> ModuleType:
    """`tests.oracle.clang_oracle`. Skips, or in CI fails, without the library."""
    try:
        from tests.oracle import clang_oracle
    except ImportError:
        missing("libclang is not installed")
    try:
        found = clang_oracle.version()
    except clang_oracle.LibclangError as error:
        # The package `clang` has the same files as `libclang`, but not the library.
        missing(f"libclang {CLANG} can't be loaded ({error})")
    if found != CLANG:
        missing(f"libclang {CLANG} is not installed, {found} is")
    return clang_oracle
