"""By which rule C lays out bit-fields on a target.

clang is asked on every target that it knows (tests/oracle/test_bit_fields.py). gcc does the
same, also where records are packed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from vmgen.targets.find import Target

BitRule: TypeAlias = Literal["sysv", "microsoft", "apcs", "aix"]
"""The rules:

* ``sysv``: bit-fields follow each other bit by bit, whatever their types are, but none
  crosses more units of its type than its type fills; it aligns the record as its type does.
* ``microsoft``: a field goes into the unit of the field before it, if the types of both have
  one size and there is room; else a unit of its type begins, and takes all of its bytes.
* ``apcs``: bit by bit, and neither does a field keep to units nor does it align anything.
* ``aix``: as ``sysv``, with types of less than four bytes standing for one of four.
"""

BIT_RULES: tuple[BitRule, ...] = ("sysv", "microsoft", "apcs", "aix")
"""The rules in the order of the numbers that generated code has for them, from 0."""


def of_target(target: Target) -> BitRule:
    """That of a target that rustc knows. Cygwin's compilers have that of Unix, MinGW's that
    of Windows."""
    if target.os in ("windows", "uefi"):
        return "microsoft"
    if target.os == "aix":
        return "aix"
    # Apple's 32-bit ARM has the older procedure call standard's: all of the watch's, where
    # pointers of the 64-bit processor have 32 bits too.
    apples = target.os in ("ios", "watchos") and target.pointer_width == 32
    if apples and (target.arch == "arm" or target.triple.startswith("arm64_32")):
        return "apcs"
    return "sysv"


@lru_cache(maxsize=1024)
def of_name(name: str) -> BitRule:
    """That of a target by its name; of one that rustc doesn't know ``sysv``."""
    known = TARGETS.get(name)
    return of_target(known) if known else "sysv"
