"""What a target says about memory: widths, alignments, byte order, atomics.

Everything that can move an offset is in `DataModel.layout_key`. The facts are
rustc's own, for ``repr(C)``: a signed integer is aligned like the unsigned one of
its width, ``usize`` like a data pointer, ``bool`` like ``u8`` and ``char`` like
``u32``, on every target that rustc knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Endian: TypeAlias = Literal["little", "big"]

U32_MAX = 0xFFFF_FFFF
"""The largest size, offset or count, in bytes or elements, that generated code holds."""

#: The columns of a data model's alignment table besides ``pointer``, with the
#: alignment that a type has when nothing is odd about the target: its size.
NATURAL_ALIGN: dict[str, int] = {
    "u16": 2,
    "u32": 4,
    "u64": 8,
    "u128": 16,
    "f32": 4,
    "f64": 8,
}


class DataModel(msgspec.Struct, frozen=True):
    """Widths and ABI alignments, all in bytes, of one family of targets.

    `atomics` holds the widths in bits of the integers that the target loads and
    stores atomically: core declares ``AtomicU64`` where it has 64
    (``target_has_atomic_load_store``). `cas` holds those it also exchanges
    (``target_has_atomic``), which is what stable Rust code can ask about.
    """

    name: str
    pointer: int
    endian: Endian
    align_pointer: int
    align_u16: int
    align_u32: int
    align_u64: int
    align_u128: int
    align_f32: int
    align_f64: int
    atomics: frozenset[int]
    cas: frozenset[int]

    @classmethod
    def described(
        cls,
        name: str,
        *,
        pointer: int,
        endian: Endian = "little",
        align: Mapping[str, int] | None = None,
        atomics: Iterable[int] | None = None,
    ) -> DataModel:
        """The model that differs from the natural one as told.

        `pointer` is in bytes; `align` maps ``pointer`` and the names of
        `NATURAL_ALIGN` to bytes, natural when absent; `atomics` are widths in bits,
        8 up to the pointer's when absent, and can all be exchanged.

        Raises ValueError for a name in `align` that is no column.
        """
        odd = dict(align or {})
        align_pointer = odd.pop("pointer", pointer)
        columns = {
            f"align_{column}": odd.pop(column, natural)
            for column, natural in NATURAL_ALIGN.items()
        }
        if odd:
            raise ValueError(f"no alignment is kept for {', '.join(sorted(odd))}")
        if atomics is None:
            atomics = (bits for bits in (8, 16, 32, 64) if bits <= pointer * 8)
        widths = frozenset(atomics)
        return cls(
            name=name,
            pointer=pointer,
            endian=endian,
            align_pointer=align_pointer,
            atomics=widths,
            cas=widths,
            **columns,
        )

    @property
    def pointer_width(self) -> int:
        """The size of a pointer and of ``usize``, in bits: 16, 32 or 64."""
        return self.pointer * 8

    @property
    def layout_key(self) -> tuple[int, ...]:
        """All that can move an offset: equal keys give equal layouts.

        Byte order and atomic widths are no part of it: they decide what bytes mean
        and which types exist, not where they are.
        """
        return (
            self.pointer,
            self.align_pointer,
            self.align_u16,
            self.align_u32,
            self.align_u64,
            self.align_u128,
            self.align_f32,
            self.align_f64,
        )

    @property
    def odd_alignments(self) -> OddAlignments:
        """The pointer's, as ``ptr``, and those of the columns of `NATURAL_ALIGN`."""
        sizes = {"ptr": self.pointer, **NATURAL_ALIGN}
        aligns = {
            column: int(getattr(self, f"align_{column}")) for column in NATURAL_ALIGN
        }
        return odd_alignments(sizes, {"ptr": self.align_pointer, **aligns})

    def align_of_int(self, bits: int) -> int:
        """The ABI alignment, in bytes, of the integers of 8, 16, 32, 64, 128 bits.

        Raises ValueError for another width.
        """
        match bits:
            case 8:
                return 1
            case 16:
                return self.align_u16
            case 32:
                return self.align_u32
            case 64:
                return self.align_u64
            case 128:
                return self.align_u128
        raise ValueError(f"no integer type has {bits} bits")

    def align_of_float(self, bits: int) -> int:
        """The ABI alignment, in bytes, of ``f32`` (32) and ``f64`` (64).

        Raises ValueError for another width.
        """
        match bits:
            case 32:
                return self.align_f32
            case 64:
                return self.align_f64
        raise ValueError(f"no float type has {bits} bits")

    def align_of_atomic(self, bits: int) -> int:
        """The alignment, in bytes, of core's atomic integer of that many bits.

        It is the size on every target, also where the plain integer needs less:
        core wraps the integer in a ``repr(C, align(N))`` struct.
        """
        return bits // 8


class OddAlignments(msgspec.Struct, frozen=True):
    """How the alignments of primitives differ from their sizes, in bytes.

    With `cap` none is more than that and each is otherwise the size; without, `by_name`
    has those that are not the size.
    """

    cap: int | None
    by_name: Mapping[str, int]

    @property
    def suffix(self) -> str:
        """``-max4``, or ``-ptra2-u64a4``, or nothing."""
        if self.cap is not None:
            return f"-max{self.cap}"
        return "".join(f"-{name}a{align}" for name, align in self.by_name.items())


def odd_alignments(
    sizes: Mapping[str, int], aligns: Mapping[str, int], caps: Iterable[int] = (1, 2, 4)
) -> OddAlignments:
    """How the alignments of some primitives, by name, differ from their sizes."""
    odd = {name: align for name, align in aligns.items() if align != sizes[name]}
    for cap in caps:
        capped = {name: min(sizes[name], cap) for name in aligns}
        if odd and aligns == capped:
            return OddAlignments(cap, odd)
    return OddAlignments(None, odd)


def canonical_name(model: DataModel) -> str:
    """The name that the built-in table gives to a model; its own name is not read.

    ``le64`` is a little-endian target with 64-bit pointers where each type is
    aligned to its size. What differs follows, in this order, each part only if it
    is so:

    * ``-max4``: no type is aligned to more than 4 bytes, and otherwise to its size;
    * or ``-ptra2``, ``-u64a4`` …: each type with an alignment other than its size;
    * ``-atomic64``: the widest atomic, where it is not as wide as a pointer;
      ``-noatomic`` where there is none;
    * ``-min64``: the narrowest atomic, where it is not 8 bits;
    * ``-nocas``: atomics can be loaded and stored but not exchanged.
    """
    name = f"{model.endian[0]}e{model.pointer_width}{model.odd_alignments.suffix}"
    if not model.atomics:
        return f"{name}-noatomic"
    if max(model.atomics) != model.pointer_width:
        name += f"-atomic{max(model.atomics)}"
    if min(model.atomics) != 8:
        name += f"-min{min(model.atomics)}"
    return name if model.cas else f"{name}-nocas"
