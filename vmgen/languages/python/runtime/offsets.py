"""Where things are in contexts, whose size depends on counts."""

from __future__ import annotations

from _operator import index

from .errors import did_you_mean
from .hints import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Iterator,
    Mapping,
    Sequence,
    cast,
)
from .layouts import Layout

if not TYPE_CHECKING:
    from .hints import overload
else:
    from typing import overload

    from .kinds import Kinds, Tree
    from .models import Model

U32_MAX: Final[int] = 0xFFFF_FFFF


class Region:
    """A region of a context as the table tells of it: name, kind, count and flag, of
    which the last two may be None. `place` is its position among the regions."""

    def __init__(
        self,
        source: Kinds,
        place: int,
        name: str,
        tree: Tree,
        count: str | int | None,
        when: str | None,
    ) -> None:
        self.place = place
        self.name = name
        self.kind = source[tree]
        self.count = count
        self.when = when

    @property
    def single(self) -> bool:
        """Whether it is one record rather than an array."""
        return self.count is None

    def length(self, counts: Mapping[str, int]) -> int:
        """How many elements there are with these counts."""
        if self.when is not None and not counts[self.when]:
            return 0
        if isinstance(self.count, str):
            return counts[self.count]
        return 1 if self.count is None else self.count


class RegionOffsets(Sequence[int]):
    """Where a region of a context is: `region[i]` is the offset of its element i.

    All in bytes from the start of the context. An index that the region doesn't have
    is an IndexError.
    """

    def __init__(self, name: str, begin: int, length: int, stride: int) -> None:
        self.name = name
        self.begin = begin
        self.stride = stride
        self._length = length

    @property
    def size(self) -> int:
        """Bytes that the region takes."""
        return self._length * self.stride

    @property
    def end(self) -> int:
        """Where the region ends."""
        return self.begin + self.size

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> Any:
        elements = range(self.begin, self.end, self.stride or 1)
        try:
            return elements[index]
        except IndexError:
            raise IndexError(
                f"{self.name}[{index}] is outside of {self._length} elements"
            ) from None

    def __repr__(self) -> str:
        what = f"{self._length} of {self.stride} bytes at offset {self.begin}"
        return f"<{self.name}: {what}>"


class ContextLayout:
    """A context as the table tells of it: a fixed part, counts and regions."""

    def __init__(
        self,
        fixed: Layout,
        counts: Sequence[str],
        flags: Sequence[str],
        regions: Sequence[Region],
    ) -> None:
        self.fixed = fixed
        self.targets = fixed.source.targets
        self.name = fixed.name
        self.flags = frozenset(flags)
        self.counts = tuple(counts)
        self.regions = {region.name: region for region in regions}
        # Its numbers begin with those of the fixed part.
        self._before = 2 + len(fixed.names) + len(fixed.on_some)

    def stride(self, region: Region, model: Model | None) -> int:
        """Bytes from one element to the next."""
        return self.fixed.row(model)[self._before + 2 * region.place + 1]

    def round_to(self, region: Region, model: Model) -> int:
        """What a region's begin is rounded up to, 1 where that changes nothing."""
        return self.fixed.row(model)[self._before + 2 * region.place]

    def checked(self, counts: Mapping[str, int]) -> dict[str, int]:
        """All counts by name, 0 where none is given. Raises TypeError for a name
        that is no count, OverflowError for a count that is no u32."""
        for name in counts:
            if name not in self.counts:
                hint = did_you_mean(name, self.counts)
                raise TypeError(f"{self.name} has no count {name}{hint}")
        checked = {}
        for name in self.counts:
            number = index(counts.get(name, 0))
            high = 1 if name in self.flags else U32_MAX
            if not 0 <= number <= high:
                raise OverflowError(f"{name} = {number} is not in 0 to {high}")
            checked[name] = number
        return checked

    def begins(self, counts: Mapping[str, int], model: Model) -> list[int]:
        """Where each region begins with these counts, and last where all ends."""
        end = self.fixed.size_on(model)
        begins = []
        for region in self.regions.values():
            to = self.round_to(region, model)
            begins.append((end + to - 1) & -to)
            end = begins[-1] + self.stride(region, model) * region.length(counts)
        return [*begins, end]


class ContextOffsets:
    """Base of the offsets of a context with given counts on a given target.

    A fixed field's attribute is its offset, a region's a `RegionOffsets`. All that can
    overflow a u32 has been checked when there is an instance: OverflowError.
    """

    _vm: ClassVar[ContextLayout]

    def __init__(self, target: str | None, counts: Mapping[str, int]) -> None:
        layout = self._vm
        self._model = layout.targets.model(target)
        self._counts = layout.checked(counts)
        *begins, self._size = layout.begins(self._counts, self._model)
        if self._size > U32_MAX:
            raise OverflowError(
                f"a {layout.name} of {self._size} bytes overflows a u32"
            )
        for name in layout.fixed.names:
            setattr(self, name, layout.fixed.offset(name, self._model))
        self._regions = []
        for region, begin in zip(layout.regions.values(), begins, strict=True):
            count = region.length(self._counts)
            stride = layout.stride(region, self._model)
            placed = RegionOffsets(region.name, begin, count, stride)
            self._regions.append(placed)
            setattr(self, region.name, placed)

    @property
    def size(self) -> int:
        """Bytes that the whole context takes."""
        return self._size

    @property
    def counts(self) -> dict[str, int]:
        """The counts, by name."""
        return dict(self._counts)

    def regions(self) -> Iterator[RegionOffsets]:
        """Every region in order; each knows its name, begin, size and stride."""
        return iter(self._regions)

    def __reduce__(self) -> tuple[Any, ...]:
        return _offsets_again, (type(self), self._model.key, self._counts)


def _offsets_again(
    cls: type[ContextOffsets], target: str, counts: Mapping[str, int]
) -> ContextOffsets:
    """Offsets that were pickled."""
    made = object.__new__(cls)
    ContextOffsets.__init__(made, target, counts)
    return made


def offsets_of(
    layout: ContextLayout, counts: Mapping[str, int], target: str | None
) -> ContextOffsets:
    """The offsets of a context whose class for them nobody has. Raises as that does."""
    bare = type(f"{layout.name}Offsets", (ContextOffsets,), {"_vm": layout})
    return cast("ContextOffsets", bare(target, counts))
