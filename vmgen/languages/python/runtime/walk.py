"""A walk through a memory, from one record along its pointers.

Nothing that is read is trusted. Each pair of address and type is looked into once, there
is a most of parts, and of an array only the first elements are read, whatever its length
is said to be.
"""

from __future__ import annotations

from collections import deque

from .contexts import ContextBody
from .elements import Blob, Elements
from .errors import Unmapped
from .hints import TYPE_CHECKING, Final, Sequence
from .kinds import Bodiless, rust
from .layouts import variants_of
from .paths import Place, Places
from .pointers import Pointer
from .records import Body
from .scalars import Function
from .tree import Node
from .words import Bool, Float, Named, NonZero, Word

if TYPE_CHECKING:
    from .kinds import Kind, Tree
    from .layouts import Layout
    from .offsets import ContextOffsets, Region

    Waiting = tuple[Node, Kind, int, int]

DEPTH: Final[int] = 3
ELEMENTS: Final[int] = 16
MOST: Final[int] = 10_000
LEVELS: Final[int] = 100
"""How deep parts are shown within parts, at most, so that showing them can't run out of
stack."""

_LONGEST: Final[int] = 1 << 16
"""Bytes of one array that are looked at, at most."""


class Walk:
    """Walks through a space; `tree` gives what is found from a place on.

    `depth` is how many pointers are followed one after the other, `elements` how many of
    an array are shown, `most` how many parts in all.
    """

    def __init__(
        self,
        places: Places,
        *,
        depth: int = DEPTH,
        elements: int = ELEMENTS,
        most: int = MOST,
    ) -> None:
        self.places = places
        self.space = places.space
        self.model = places.space.model
        self.known = places.known
        self.depth = depth
        self.elements = elements
        self.left = most
        self._seen: dict[tuple[int, Kind], Node] = {}
        self._waiting: deque[Waiting] = deque()
        self._added: list[Waiting] = []

    def tree(self, kind: Kind, address: int) -> Node:
        """What is at an address, and what pointers lead to from there."""
        return self.tree_at(Place(kind, address, kind.rust), "")

    def tree_at(self, place: Place, path: str) -> Node:
        """The same of a place that a path leads to."""
        kind, address = place.kind, place.address
        root = Node(place.label, path, kind.rust, address, 0)
        if place.count is not None:
            root.type = f"[{kind.rust}; {place.count}]"
            self._row(root, kind, address, place.stride, place.count, 0)
            self._waiting.extend(self._added)
            self._added.clear()
        else:
            if isinstance(kind, (Body, ContextBody)):
                self._seen[address, kind] = root
            self._waiting.append((root, kind, address, 0))
        while self._waiting:
            node, what, at, depth = self._waiting.popleft()
            try:
                self._look(node, what, at, depth)
            except Unmapped as error:
                node.fail("unmapped", str(error))
            # Before what pointers lead to: that is deeper.
            self._waiting.extendleft(reversed(self._added))
            self._added.clear()
        return root

    def _add(
        self,
        node: Node,
        name: str,
        kind: Kind,
        address: int,
        depth: int,
        where: str = "",
    ) -> Node | None:
        """A part below a node, to be looked at; None where there are enough."""
        if self.left <= 0 or node.level >= LEVELS:
            node.left_out += 1
            return None
        self.left -= 1
        path = f"{node.path}{name}" if name.startswith("[") else f"{node.path}.{name}"
        part = Node(name, path.lstrip("."), kind.rust, address, node.level + 1)
        node.parts.append(part)
        self._added.append((part, kind, address, depth))
        return part

    def _look(self, node: Node, kind: Kind, address: int, depth: int) -> None:
        if isinstance(kind, ContextBody):
            self._context(node, kind, address, depth)
        elif isinstance(kind, Body):
            self._record(node, kind.layout, address, depth)
        elif isinstance(kind, Blob):
            self._bytes(node, address, kind.size(self.model))
        elif isinstance(kind, Elements):
            self._array(node, kind.element, address, kind.count, depth)
        elif isinstance(kind, Bodiless):
            node.note = node.note or "nothing is known of what is there"
        else:
            self._value(node, kind, address, depth)

    def _record(self, node: Node, layout: Layout, address: int, depth: int) -> None:
        if layout.category == "tagged":
            self._tagged(node, layout, address, depth)
            return
        # Which member of a union is meant isn't known, so that none is followed.
        depth = self.depth if layout.category == "union" else depth
        self._fields(node, layout, address, depth)

    def _fields(self, node: Node, layout: Layout, address: int, depth: int) -> None:
        own = layout.source.targets.own(self.model)
        row, kinds = layout.row(own), layout.kinds_on(own)
        names = self.known.parts(layout)
        for name, kind, offset in [*zip(names, kinds, row[2:], strict=False)]:
            if kind.absent:
                continue
            part = self._add(node, name, kind, address + offset, depth)
            bits = self.known.bits.get((layout.name, name))
            if part is not None and bits:
                self._bits(part, kind, address + offset, bits)

    def _tagged(self, node: Node, layout: Layout, address: int, depth: int) -> None:
        own = layout.source.targets.own(self.model)
        kinds, row = layout.kinds, layout.row(own)
        self._add(node, "tag", kinds[0], address + row[2], depth)
        tag = int(kinds[0].raw_there(address + row[2], self.space))
        name = variants_of(layout).get(tag)
        if name is None:
            node.fail("malformed", f"{tag} is none of its tags")
            return
        node.shown = name
        payload = kinds[1].layout if len(kinds) > 1 else None  # type: ignore[attr-defined]
        if payload is not None and name in payload.index:
            at = address + row[3]
            self._add(node, name, payload.kind_of(name), at, depth)

    def _context(self, node: Node, kind: ContextBody, address: int, depth: int) -> None:
        layout = kind.layout
        self._fields(node, layout.fixed, address, depth)
        if not layout.regions:
            return
        try:
            offsets = self.places.region_offsets(layout, address)
        except (OverflowError, Unmapped, ValueError) as error:
            node.note = f"its regions can't be placed: {error}"
            return
        if offsets is None:
            node.note = "its regions take counts that aren't known"
            return
        for region in layout.regions.values():
            self._region(node, region, offsets, address, depth)

    def _region(
        self,
        node: Node,
        region: Region,
        offsets: ContextOffsets,
        address: int,
        depth: int,
    ) -> None:
        placed = getattr(offsets, region.name)
        at = address + placed.begin
        if region.single and placed:
            self._add(node, region.name, region.kind, at, depth)
            return
        if self.left <= 0:
            node.left_out += 1
            return
        self.left -= 1
        path = f"{node.path}.{region.name}".lstrip(".")
        spelled = (
            region.kind.rust
            if region.single
            else f"[{region.kind.rust}; {len(placed)}]"
        )
        part = Node(region.name, path, spelled, at, node.level + 1)
        node.parts.append(part)
        if not placed:
            part.shown = "" if region.single else "[]"
            part.state = "absent" if region.single else "read"
            return
        self._row(part, region.kind, at, placed.stride, len(placed), depth)

    def _array(
        self, node: Node, kind: Kind, address: int, count: int, depth: int
    ) -> None:
        self._row(node, kind, address, kind.size(self.model), count, depth)

    def _row(
        self, node: Node, kind: Kind, at: int, stride: int, count: int, depth: int
    ) -> None:
        """Elements as parts; bytes that follow each other on one line."""
        if stride == 1 and (type(kind) is Word or kind.spelling == "c_char"):
            try:
                self._bytes(node, at, count)
            except Unmapped as error:
                node.fail("unmapped", str(error))
        else:
            self._elements(node, kind, at, stride, count, depth)

    def _elements(
        self, node: Node, kind: Kind, at: int, stride: int, count: int, depth: int
    ) -> None:
        shown = min(count, self.elements, self.left)
        for index in range(shown):
            self._add(node, f"[{index}]", kind, at + index * stride, depth)
        node.left_out += count - shown

    def _bytes(self, node: Node, address: int, count: int) -> None:
        size = min(count, self.elements, _LONGEST)
        data = self.space.memory.read(address, size) if size else b""
        node.value = data.hex(" ")
        node.shown = node.value + (" ..." if len(data) < count else "")
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)
        if any(data):
            node.note = text

    def _value(self, node: Node, kind: Kind, address: int, depth: int) -> None:
        raw, inner = self.places.word(kind, address)
        if isinstance(inner, Pointer):
            self._pointer(node, kind, inner, raw, depth)
            return
        node.value, node.shown = raw, str(raw)
        if kind.default is not None:
            if raw != kind.default:
                node.fail("malformed", f"it is always {kind.default}")
            else:
                node.note = _constant(kind.key)
        if isinstance(kind, NonZero) and not raw:
            if kind.optional:
                node.value, node.shown = None, "None"
            else:
                node.fail("malformed", "it is never zero")
        elif isinstance(inner, Named):
            member = inner.members.get(raw)
            if member is None:
                node.fail("malformed", f"it is no {rust(inner.spelling)}")
            else:
                node.shown, node.note = member.name, str(raw)
        elif isinstance(inner, Bool):
            if raw > 1:
                node.fail("malformed", "a bool is 0 or 1")
            else:
                node.value, node.shown = bool(raw), "true" if raw else "false"
        elif inner.spelling == "char":
            if raw > 0x10FFFF or 0xD800 <= raw <= 0xDFFF:
                node.fail("malformed", "it is no character")
            else:
                node.shown = ascii(chr(raw))
        elif isinstance(inner, Float):
            node.value, node.shown = repr(raw), repr(raw)

    def _text(self, node: Node, address: int) -> None:
        """A text that a pointer to C's `char` leads to, as far as it is looked at."""
        from .text import read_text, what_is_there

        most = 4 * self.elements
        data = read_text(address, most + 1, what_is_there(self.space.memory))
        node.leads_to = "c_char"
        node.note = ascii(data[:most].decode("latin-1"))
        if len(data) > most:
            node.note += " ..."

    def _bits(
        self, node: Node, kind: Kind, address: int, bits: Sequence[tuple[str, int]]
    ) -> None:
        try:
            raw = int(self.places.word(kind, address)[0])
        except Unmapped:
            return
        set_bits = [name for name, mask in bits if mask and raw & mask == mask]
        node.note = " | ".join(set_bits) or "no bit is set"

    def _pointer(
        self, node: Node, kind: Kind, inner: Pointer, raw: int, depth: int
    ) -> None:
        optional = inner.optional or getattr(kind, "optional", False)
        node.value, node.shown = f"{raw:#x}", f"{raw:#x}"
        if not raw:
            node.shown = "null"
            if optional:
                node.state, node.value = "null", None
            else:
                node.fail("malformed", "it is never null")
            return
        node.symbol = self.known.symbol(raw)
        pointee = inner.pointee
        if isinstance(pointee, Bodiless):
            if pointee.face is not Function and not node.symbol:
                node.leads_to = rust(pointee.spelling)
            return
        align = pointee.align(self.model)
        if raw % align:
            node.note = f"no multiple of {align}"
        if depth >= self.depth:
            node.leads_to, node.state = pointee.rust, "cut"
            return
        if pointee.spelling == "c_char":
            self._text(node, raw)
            return
        shown = self._seen.setdefault((raw, pointee), node)
        node.leads_to = pointee.rust
        if shown is not node:
            node.fail("seen", f"shown as {shown.path or shown.name}")
            return
        if isinstance(pointee, (Body, ContextBody, Elements, Blob)):
            self._waiting.append((node, pointee, raw, depth + 1))
        else:
            self.left = max(self.left - 1, 0)
            part = Node("*", f"*{node.path}", pointee.rust, raw, node.level + 1)
            node.parts.append(part)
            self._waiting.append((part, pointee, raw, depth + 1))


def _constant(tree: Tree) -> str:
    """The name of the constant that a word always is, out of the tree of its type."""
    while isinstance(tree, tuple):
        if tree[0] == "always":
            return str(tree[2])
        tree = tree[1]
    return ""
