"""How wide C's integers are on a target, and whether its `char` has a sign.

The widths are rustc's, `core::ffi` (library/core/src/ffi/primitives.rs and the target
specifications' `c-int-width`). clang agrees, but for UEFI, where its `long` has four bytes,
and for `char` on csky, msp430, the Vita and aarch64's UEFI (tests/oracle/test_c_types.py).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from vmgen.targets.find import Target

COLUMNS = ("c_int", "c_long")
"""The types whose width is not the same everywhere; the unsigned ones are as wide."""

_UNSIGNED_CHAR = frozenset((
    "aarch64", "arm", "csky", "hexagon", "msp430", "powerpc", "powerpc64", "riscv32",
    "riscv64", "s390x", "xtensa",
))  # fmt: skip
_APPLE = frozenset(("ios", "macos", "tvos", "visionos", "watchos"))


class CTypes(msgspec.Struct, frozen=True):
    """The widths, in bytes, of `int` and `long`, and whether `char` is signed."""

    c_int: int = 4
    c_long: int = 8
    signed_char: bool = True

    def width(self, column: str) -> int:
        """Of one of `COLUMNS`."""
        return self.c_int if column == "c_int" else self.c_long


class OwnCTypes(CTypes, frozen=True):
    """Those of an own data model. `untold` are the columns, `c_long` and `c_char`, that it
    doesn't tell and that have no usual value on such a machine."""

    untold: frozenset[str] = frozenset()


def described(
    pointer: int,
    *,
    c_int: int | None = None,
    c_long: int | None = None,
    signed_char: bool | None = None,
) -> OwnCTypes:
    """What an own data model tells, in bytes, and the usual where it doesn't. With pointers
    of 64 bits compilers differ in `long`, and with any in whether `char` has a sign."""
    most = usual(pointer)
    untold = {
        column
        for column, told in (
            ("c_long", c_long or pointer != 8),
            ("c_char", signed_char is not None),
        )
        if not told
    }
    return OwnCTypes(
        c_int or most.c_int,
        c_long or most.c_long,
        signed_char is not False,
        frozenset(untold),
    )


def usual(pointer: int) -> CTypes:
    """Those of most targets with pointers of so many bytes."""
    return CTypes(2 if pointer == 2 else 4, 8 if pointer == 8 else 4)


def of_target(target: Target) -> CTypes:
    """Those of a target that rustc knows."""
    pointer = target.model.pointer
    wide = pointer == 8 and target.os != "windows"
    wide = wide or (target.arch == "wasm32" and target.os == "linux")
    signed = (
        target.arch not in _UNSIGNED_CHAR
        or target.os in _APPLE
        or target.os in ("windows", "vita")
    )
    return CTypes(2 if pointer == 2 else 4, 8 if wide else 4, signed)


@lru_cache(maxsize=1024)
def of_name(name: str, pointer: int) -> CTypes:
    """Those of a target by its name; of one that rustc doesn't know the usual ones."""
    known = TARGETS.get(name)
    return of_target(known) if known else usual(pointer)
