"""What the schemas of Wasmtime promise compilers, beside what Wasmtime's own compiler takes
for granted.

`accesses/RELEASE.txt` is taken from its source by hand, file by file, as its comments say.
`accesses/RELEASE.differences.txt` has what we say otherwise, each with the reason. Beyond
these there is no difference, and nothing is promised that is in no table.

``UPDATE_GOLDEN=1`` writes the differences anew, with `?` for a reason that is missing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vmgen.layout.accesses import Accesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from vmgen.layout.accesses import Access, Pointee
    from vmgen.layout.layouts import Layouts

HERE = Path(__file__).parent / "accesses"
RELEASES = ("42.0.2", "50.0.1")

Row = tuple[str, str]
"""Flags and alias region."""


def table(name: str) -> dict[str, list[str]]:
    """The columns behind the first one, by that."""
    rows = {}
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, *columns = line.split(" | ")
            assert key not in rows, key
            rows[key] = columns
    return rows


def ours(accesses: Accesses, path: str) -> Row:
    """What the schema says of a part by its path: `VMStoreContext.gc_heap.base`; with `*`
    of what it points to."""
    record, *names = path.removesuffix("*").split(".")
    found: Access | None = None
    for name in names:
        if found is not None:
            assert found.value is not None
            record = found.value.record
        part = next(a for a in accesses.of_record(record) if a.name == name)
        found = part if found is None else part.within(found)
    assert found is not None
    if not path.endswith("*"):
        return said(found)
    assert found.points_to is not None
    return said(found.points_to)


def said(access: Access | Pointee) -> Row:
    flags = [f for f in ("readonly", "can_move") if getattr(access, f)]
    region = access.alias_region
    name = f"{region.name}{'[]' * region.indexed}" if region else "-"
    return " ".join(flags) or "-", name


def differing(release: str, accesses: Accesses) -> list[str]:
    """A line for each difference, with the reason that is known for it."""
    listed = HERE / f"{release}.differences.txt"
    known = table(listed.name) if listed.exists() else {}
    lines = []
    for path, (flags, region) in table(f"{release}.txt").items():
        here = ours(accesses, path)
        # Where Cranelift has few regions, those of ours that are in none are apart from
        # each other, and none is in two of its.
        same_region = region in (here[1], "-")
        if (here[0] == flags) and same_region:
            continue
        reason = known.get(path, ["?"] * 5)[-1]
        theirs = f"{flags} | {region if not same_region else '='}"
        mine = f"{here[0]} | {here[1] if not same_region else '='}"
        lines.append(f"{path} | {theirs} | {mine} | {reason}")
    return lines


HEAD = """\
# Wasmtime {}: what its compiler does and the schema doesn't say. In each line the part, its
# flags and its region in Wasmtime (`=` where the regions agree), ours, and why they differ.
"""


@pytest.mark.parametrize("release", RELEASES)
def test_every_difference_from_wasmtimes_compiler_has_a_reason(
    release: str, wasmtime: Callable[[str], Layouts]
) -> None:
    found = differing(release, Accesses(wasmtime(release)))
    listed = HERE / f"{release}.differences.txt"
    text = HEAD.format(release) + "".join(f"{line}\n" for line in found)
    print(text)
    if os.environ.get("UPDATE_GOLDEN"):
        listed.write_text(text, encoding="utf-8")
    assert text == listed.read_text(encoding="utf-8")
    assert not [line for line in found if line.endswith("| ?")]


@pytest.mark.parametrize("release", RELEASES)
def test_nothing_is_promised_that_wasmtimes_compiler_does_not_count_on(
    release: str, wasmtime: Callable[[str], Layouts]
) -> None:
    layouts = wasmtime(release)
    accesses = Accesses(layouts)
    theirs = {
        path: flags.replace("?", "").split()
        for path, (flags, _) in table(f"{release}.txt").items()
    }
    promised = 0
    for name in layouts.module.types:
        for access in accesses.of_record(name):
            path = f"{name}.{access.name}"
            if access.role == "slot":
                path = next(p for p in theirs if p.startswith(f"{name}."))
            for where, view in ((path, access), (f"{path}*", access.points_to)):
                flags = said(view)[0].split() if view is not None else []
                if flags and flags != ["-"]:
                    promised += 1
                    assert set(flags) <= set(theirs[where]), where
    assert promised > 30
