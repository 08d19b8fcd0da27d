"""Layouts for the classes of a generated module, compared with what ctypes makes."""

from __future__ import annotations

import ctypes

from .elements import Blob
from .errors import LayoutMismatch
from .hints import TYPE_CHECKING, Any, Mapping, Sequence, cast
from .kinds import copied
from .layouts import NONE_ASKED, OPEN, Layout, PayloadLayout
from .padding import align_to, end_of, set_padded
from .pointers import Pointer, kinds_by_face
from .records import Attribute, Body, Struct, Through
from .schema import Later, Schema
from .words import Named

if TYPE_CHECKING:
    from .kinds import Kind, Tree
    from .offsets import ContextLayout, Region


class Stored(dict["Tree", Any]):
    """What stores the values of each type on this host, None for what ctypes lacks.
    `direct` are the types whose values ctypes reads by itself.

    The kind of a pointer isn't made for that: there is one for each type pointed to, and
    most are never asked for.
    """

    def __init__(self, kinds: Schema) -> None:
        super().__init__()
        self.kinds = kinds
        self.direct: set[Tree] = set()

    def __missing__(self, tree: Tree) -> Any:
        if len(tree) == 2 and tree[0] in ("ptr", "nullable"):
            made = Pointer.ctype
        else:
            kind = self.kinds[tree]
            made = kind.ctype
            if kind.direct:
                self.direct.add(tree)
        self[tree] = made
        return made


class Builder:
    """Works through the rows of one module's table."""

    def __init__(self, kinds: Schema) -> None:
        self.kinds = kinds
        self.stored = Stored(kinds)
        self.namespace = kinds.namespace
        self.host = kinds.targets.host

    def build(self, rows: Sequence[Any]) -> None:
        """Make what the rows are of, what is held by value before what holds it."""
        pending = self.kinds.pending
        pending.update((row[1], row) for row in rows)
        for row in rows:
            waiting = [row[1]]
            while waiting:
                name = waiting[-1]
                if name not in pending:
                    waiting.pop()
                    continue
                try:
                    made = self._made(*pending[name])
                except Later as later:
                    waiting.append(later.args[0])
                    continue
                except (AttributeError, LookupError, TypeError, ValueError) as error:
                    raise LayoutMismatch(
                        f"{name}: its row of the table isn't one that vmgen makes; "
                        f"{self._remake}"
                    ) from error
                del pending[name]
                if made:
                    self._publish(name, *made)

    @property
    def _remake(self) -> str:
        return f"remake with `{self.kinds.targets.remake}`"

    def _publish(self, tree: Tree, kind: Kind, face: Any) -> None:
        kind.source, kind.key = self.kinds, tree
        self.kinds[tree] = kind
        if not isinstance(kind, Body):
            # What ctypes aligns a record to was compared with what it has to be.
            self.kinds.note(tree, kind)
        kinds_by_face.setdefault(face, kind)

    def _made(
        self,
        what: str,
        name: str,
        parts: Sequence[Any],
        rows: Sequence[Sequence[int]],
        *more: Any,
    ) -> tuple[Kind, Any] | None:
        """The kind of a declared type and its class; None of a record, whose kind is made
        when first asked for."""
        face = self.namespace[name]
        if what in ("struct", "prefix", "union", "functions"):
            layout = Layout(self.kinds, what, name, rows)
            layout.cls = face
            layout.take_parts(parts)
            self._build_asked(layout, more)
            self.kinds.layouts[name] = layout
            return None
        if what == "enum":
            kind: Kind = Named(cast("Any", self.kinds[more[0]]), face)
            self._check_whole(name, kind, rows)
            return kind, face
        layout = Layout(self.kinds, what, name, rows)
        layout.cls = face
        if what == "newtype":
            inner = self.kinds[more[0]]
            self._check_whole(name, inner, rows)
            layout.rows = [(*row, 0) for row in rows]
            layout.names, layout.trees = ("value",), (more[0],)
            if not isinstance(inner, Body):
                return self._wrapped(layout), face
            self._build(layout)
        elif what == "foreign":
            layout.rows = [(*row, 0) for row in rows]
            storage = f"{name}.storage"
            self.kinds[storage] = Blob(layout, self.kinds["u8"], self.host)
            layout.names, layout.trees = ("storage",), (storage,)
            self._build(layout, raised=True)
        elif what == "tagged":
            self._tagged(layout, parts)
        elif what == "context":
            from .contexts import ContextBody

            context = self._context(layout, parts, *more)
            return ContextBody(context, face), face
        else:
            raise ValueError(f"there are no rows of {what}")
        return Body(layout), face

    def _build_asked(self, layout: Layout, asked: Sequence[Any]) -> None:
        """Make a struct or a union of which the schema asks for more: ``"aligned"`` to be
        aligned to more than its parts need, a mapping of what single fields are aligned
        to, a number to be packed to that, a tuple of the names of anonymous members, a list
        of bit-fields and their widths."""
        for one in asked:
            if isinstance(one, list):
                from .bit_fields import with_bit_fields

                layout.bits = dict(zip(one[::2], one[1::2], strict=True))
                layout.with_bits = with_bit_fields
            layout.packed = one if isinstance(one, int) else layout.packed
            layout.least = one if isinstance(one, dict) else layout.least
        self._build(layout, raised="aligned" in asked)
        for one in asked:
            for member in one if isinstance(one, tuple) else ():
                self._let_through(layout, member)

    def _let_through(self, layout: Layout, member: str) -> None:
        """Give a record what its anonymous member has."""
        inner = layout.inner(member)
        anonymous = {*inner.through.values()}
        for name in (*inner.names, *inner.through):
            if name in anonymous:
                continue
            layout.through[name] = member
            setattr(layout.cls, name, Through(layout, member, name))

    def _wrapped(self, layout: Layout) -> Kind:
        """The kind of a newtype whose fields read as what is inside it.

        Only following a pointer to one meets the class itself.
        """
        cls = layout.cls
        kind = copied(layout.kinds[0])
        kind.spelling = layout.name
        kind.face = cls
        if self.host and hasattr(cls, "from_buffer") and not issubclass(cls, Struct):
            # A word; what ctypes was told about the one that it derives from isn't kept.
            align_to(cls, kind.align(self.host))
        if issubclass(cls, Struct):
            self._build(layout)
            body = kinds_by_face[cls] = Body(layout)
            body.key, body.is_pointed = layout.name, True
            kind.pointed = body
        return kind

    def _tagged(self, layout: Layout, parts: Sequence[Any]) -> None:
        cls, kinds = layout.cls, self.kinds
        tag = Named(cast("Any", kinds[parts[1]]), cls.Tag)
        layout.names, layout.trees = ("tag",), (f"{layout.name}.Tag",)
        if len(parts) > 2:
            # Before anything is published: it may have to wait for what it holds.
            union = PayloadLayout(kinds, "union", f"{layout.name}.Payload", ())
            union.names, union.trees = parts[3][::2], parts[3][1::2]
            union.cls = cls.Payload
            self._build(union)
            self._publish(union.name, Body(union), union.cls)
            layout.names, layout.trees = parts[::2], (*layout.trees, union.name)
        self._publish(layout.trees[0], tag, cls.Tag)
        self._build(layout)

    def _build(self, layout: Layout, *, raised: bool = False) -> None:
        """Make the ctypes fields of a record on this host, and compare.

        `raised` says that it may be aligned to more than its parts need.
        """
        cls = layout.cls
        cls._vm = layout
        host = self.host
        names, trees = layout.names, layout.trees
        stored = [*map(self.stored.__getitem__, trees)]
        if host is None or not all(stored):
            return
        absent = layout.absent(host)
        for position in absent:
            stored[position] = layout.kinds_on(host)[position].ctype
        unlike = self.kinds.underaligned
        if layout.bits:
            from .bit_fields import set_fields

            set_fields(layout, host, stored)
        elif layout.packed:
            # What ctypes packs it lays out as Microsoft's compilers do, and says so since
            # Python 3.14. That differs in bit-fields alone.
            cls._pack_, cls._layout_ = layout.packed, "ms"
            cls._fields_ = [*zip(names, stored, strict=True)]
        elif raised or (unlike and not unlike.isdisjoint(trees)):
            set_padded(layout, host)
        else:
            cls._fields_ = [*zip(names, stored, strict=True)]
        layout.native = True
        fields = [
            kind if name in layout.bits else cls.__dict__[name]
            for name, kind in zip(
                names, layout.kinds if layout.bits else trees, strict=True
            )
        ]
        if type(layout) is not PayloadLayout:
            self._check(layout, layout.row(host), fields)
        direct = self.stored.direct
        for position, tree in enumerate(trees):
            odd = position in absent or names[position] in layout.bits
            if odd or tree not in direct:
                attribute = Attribute((layout, position, fields[position]))
                setattr(cls, names[position], attribute)

    def _check(self, layout: Layout, row: Sequence[int], fields: Sequence[Any]) -> None:
        """Compare the numbers of this host with those that ctypes has."""
        size, align = ctypes.sizeof(layout.cls), ctypes.alignment(layout.cls)
        if layout.category in OPEN:
            # Its size is where the last field ends, and regions can raise its alignment.
            size = row[0] if layout.bits else end_of(fields)
            align = max(align, row[1])
        got = [size, align, *[field.offset for field in fields]]
        if (*got,) == (row if len(row) == len(got) else row[: len(got)]):
            return
        for name, offset, given in zip(layout.names, got[2:], row[2:], strict=False):
            if offset != given:
                self._wrong(f"{layout.name}.{name}", "offset", offset, given)
        for what, found, given in zip(("size", "alignment"), got, row, strict=False):
            if found != given:
                self._wrong(layout.name, what, found, given)
        raise ValueError(f"{len(row)} numbers of {layout.name}")

    def _check_whole(
        self, name: str, kind: Kind, rows: Sequence[Sequence[int]]
    ) -> None:
        """The same of what is stored as the one thing that it holds."""
        host = self.host
        if host is None:
            return
        got = kind.size(host), kind.align(host)
        row = rows[host.column if len(rows) > 1 else 0]
        for what, found, given in zip(("size", "alignment"), got, row, strict=True):
            if found != given:
                self._wrong(name, what, found, given)

    def _wrong(self, where: str, what: str, got: int, given: int) -> None:
        raise LayoutMismatch(
            f"{where}: its {what} here is {got}, and {given} according to what was made "
            f"of {self.kinds.targets.schema}; {self._remake}"
        )

    def _context(
        self,
        layout: Layout,
        parts: Sequence[Any],
        offsets: str,
        counts: Sequence[str],
        flags: Sequence[str],
        rows: Sequence[Any],
        least: Mapping[str, int] = NONE_ASKED,
    ) -> ContextLayout:
        """Take in a context; `offsets` names the class of its offsets."""
        from .contexts import fixed_attribute, region_attribute
        from .offsets import ContextLayout, Region

        regions = [Region(self.kinds, i, *row) for i, row in enumerate(rows)]
        layout.take_parts(parts)
        layout.cls = type(layout.name, (Struct,), {})
        layout.least = least
        self._build(layout, raised=not layout.names or bool(least))
        context = ContextLayout(layout, counts, flags, regions)
        cls = self.namespace[layout.name]
        cls._vm = self.namespace[offsets]._vm = context
        for name in layout.names:
            setattr(cls, name, fixed_attribute(name))
        for region in regions:
            setattr(cls, region.name, region_attribute(region))
            self._check_stride(f"{layout.name}.{region.name}", context, region)
        layout.native = layout.native and all(r.kind.ctype for r in regions)
        return context

    def _check_stride(self, where: str, context: ContextLayout, region: Region) -> None:
        ctype = region.kind.ctype
        if self.host is not None and ctype is not None:
            given = context.stride(region, self.host)
            if ctypes.sizeof(ctype) != given:
                self._wrong(where, "stride", ctypes.sizeof(ctype), given)
