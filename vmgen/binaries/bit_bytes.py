"""Bit-fields as a language without them has them: bytes that have all of their bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.binaries.differences import Difference
from vmgen.binaries.members import leaves
from vmgen.binaries.types import Array, size_of
from vmgen.binaries.words import in_bytes
from vmgen.layout.bit_runs import runs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from vmgen.binaries.types import Member, Type
    from vmgen.layout.bit_runs import Run
    from vmgen.layout.parts import Part, Record


def take_bytes(
    record: Record, index: int, missing: Collection[Part], left: dict[str, Member]
) -> tuple[list[Part], list[Difference]]:
    """Those of the missing parts whose bits a binary has in members of bytes, all of a run
    of bit-fields in a layout class, and what is wrong about these. Takes these members out of
    `left`, and arrays of nothing, by which Rust aligns such a record."""
    kept: list[Part] = []
    wrong: list[Difference] = []
    for run in runs(record.parts, record.layouts):
        there = [part for part in run.parts if index not in part.absent]
        if not there or not all(part in missing for part in there):
            continue
        bytes_of = _Bytes(run, there, index)
        name = next((n for n, member in left.items() if bytes_of.meet(member)), None)
        if name is not None:
            member = left.pop(name)
            kept += there
            if not bytes_of.fit(member):
                wrong.append(bytes_of.difference(record, member))
    if any(part.bits for part in record.parts):
        for name in [n for n, m in left.items() if _is_of_none(m.type)]:
            del left[name]
    return kept, wrong


class _Bytes:
    """The bytes that a run of bit-fields has a bit in, and those that are theirs: these are
    all between the parts around them."""

    def __init__(self, run: Run, parts: Sequence[Part], index: int) -> None:
        self._parts = parts
        self._begin = run.begins[index]
        self._end = self._begin + run.lengths[index]
        self._first = min(part.offsets[index] for part in parts)
        self._last = max(p.offsets[index] + p.extents[index][0] for p in parts)

    def meet(self, member: Member) -> bool:
        """Whether a member is bytes some of which are theirs."""
        begin, end = _range(member)
        bits = member.bits is not None or not _is_bytes(member.type)
        return not bits and begin < self._last and self._first < end

    def fit(self, member: Member) -> bool:
        """Whether it has all of their bits, and no byte of another part."""
        begin, end = _range(member)
        return self._begin <= begin <= self._first and self._last <= end <= self._end

    def difference(self, record: Record, member: Member) -> Difference:
        begin, end = _range(member)
        first, last = self._parts[0], self._parts[-1]
        names = f"`{record.name}.{first.name}`"
        if last is not first:
            names += f" to `{last.name}`"
        return Difference(
            "members",
            f"the bits of {names} are in {in_bytes(self._end - self._begin)} at "
            f"{self._begin}, and in {in_bytes(end - begin)} at {begin} in the binary",
            first.span,
        )


def _range(member: Member) -> tuple[int, int]:
    return member.offset, member.offset + size_of(member.type)


def _is_of_none(type: Type) -> bool:
    return isinstance(type, Array) and type.count == 0


def _is_bytes(type: Type) -> bool:
    found = [size_of(inner) for _, inner in leaves(type)]
    return bool(found) and set(found) == {1}
