"""Where parts are: a base, a constant number of bytes, and what indices add."""

from __future__ import annotations

from .hints import TYPE_CHECKING
from .llvm_ir import BYTE, Builder, Value, ir, is_pointer
from .llvm_target import widened

if not TYPE_CHECKING:
    pass
else:
    from .llvm_target import Target


class Link:
    """What is loaded to get to a base."""

    def load(self, builder: Builder, base: Value, name: str = "") -> Value:
        """The address. Raises TypeError and WrongTarget."""
        raise NotImplementedError


class Place:
    """`offset` bytes behind a base, and a stride for each of some indices.

    The base is what the caller has, or what `link` loads from that. `align` is the
    alignment that the base is known to have, in bytes.
    """

    __slots__ = ("align", "link", "offset", "target", "terms")

    def __init__(
        self,
        target: Target,
        align: int,
        link: Link | None = None,
        offset: int = 0,
        terms: tuple[tuple[Value, int], ...] = (),
    ) -> None:
        self.target = target
        self.align = align
        self.link = link
        self.offset = offset
        self.terms = terms

    @property
    def known_align(self) -> int:
        """The alignment that the place itself is known to have, in bytes."""
        bits = self.align | self.offset
        for _, stride in self.terms:
            bits |= stride
        return bits & -bits

    def behind(self, offset: int) -> Place:
        """The place so many bytes further."""
        return self._moved(self.offset + offset, self.terms)

    def element(self, index: int | Value, stride: int) -> Place:
        """The place of an element of an array that begins here."""
        if isinstance(index, int):
            return self.behind(index * stride)
        return self._moved(self.offset, (*self.terms, (index, stride)))

    def _moved(self, offset: int, terms: tuple[tuple[Value, int], ...]) -> Place:
        return Place(self.target, self.align, self.link, offset, terms)

    def address(self, builder: Builder, base: Value) -> Value:
        """The address, a pointer. Raises TypeError for a base that is none, and
        WrongTarget."""
        self.target.check(builder)
        if not is_pointer(base):
            raise TypeError(f"the base is a `ptr`, not {base.type}")
        found = base if self.link is None else self.link.load(builder, base)
        word = self.target.word
        for index, stride in self.terms:
            scaled = widened(builder, index, self.target)
            if stride != 1:
                scaled = builder.mul(scaled, ir.Constant(word, stride), flags=("nuw",))
            found = _behind(builder, found, scaled)
        if self.offset:
            found = _behind(builder, found, ir.Constant(word, self.offset))
        return found


def _behind(builder: Builder, address: Value, distance: Value) -> Value:
    return builder.gep(address, [distance], inbounds=True, source_etype=BYTE)
