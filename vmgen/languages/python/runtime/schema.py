"""The kinds of a module's types, made of the trees that its table has."""

from __future__ import annotations

import ctypes
import struct

from .elements import Elements
from .hints import TYPE_CHECKING, Any, Final, Iterable, cast
from .kinds import Bodiless, Kind, Kinds, Tree, copied
from .pointers import Pointer, kinds_by_face
from .records import Body
from .words import CTYPES, Bool, Float, Little, NonZero, Wide, Word

if TYPE_CHECKING:
    from .layouts import Layout
    from .models import Model, Targets

INTEGERS: Final[frozenset[str]] = frozenset(
    f"{sign}{width}" for sign in "ui" for width in (8, 16, 32, 64, 128, "size")
)

C_NUMBERS: Final[tuple[str, ...]] = "c_", "size_t", "ssize_t"
"""How the names of C's numbers begin."""

PRIME: Final[int] = 2**64 - 59


def packed(numbers: Iterable[int]) -> bytes:
    """Numbers as fingerprints take them in: a big-endian u32 each. Raises struct.error
    for one that is none."""
    known = tuple(numbers)
    return struct.pack(f">{len(known)}I", *known)


def take_in(found: int, numbers: tuple[int, int]) -> int:
    """A fingerprint after some more numbers: ``(found * 2**32 + number) % PRIME`` for
    each, all at once. `numbers` are what `remainder` says of them."""
    remains, power = numbers
    return (found * power + remains) % PRIME


def remainder(data: bytes) -> tuple[int, int]:
    """Of numbers that are packed, their remainder as one large number, and that of the
    power of two which is one bit longer."""
    whole = int.from_bytes(data, "big")
    # A division takes three times as long as it takes to fold a long number first.
    while (bits := whole.bit_length()) > 4096:
        half = bits // 2
        low = whole & ((1 << half) - 1)
        whole = (whole >> half) * pow(2, half, PRIME) + low
    return whole % PRIME, pow(2, 8 * len(data), PRIME)


class Later(Exception):
    """A declared type that has to be made first; its name is the argument."""


class Schema(Kinds):
    """The kinds of a module that is being imported, and later of one that was.

    `pending` are the declared types that aren't made yet, `layouts` those of records
    whose kinds are made when first asked for, `underaligned` the types that
    ctypes aligns to less than this host does. `columns` are what all numbers of the
    module come to, for each column of its table: what `remainder` gives. `seed` is what
    its fingerprints begin with.
    """

    def __init__(self, namespace: dict[str, Any], targets: Targets) -> None:
        super().__init__(namespace, targets)
        self.pending: dict[str, Any] = {}
        self.layouts: dict[Tree, Layout] = {}
        self.underaligned: set[Tree] = set()
        self.seed = 0
        self.columns: list[tuple[int, int]] = []

    def fingerprint(self, model: Model) -> int:
        little = int(model.order == "little"), 1 << 32
        return take_in(take_in(self.seed, little), self.columns[model.column])

    def __missing__(self, tree: Tree) -> Kind:
        layout = self.layouts.get(tree)
        if layout is not None:
            # What ctypes aligns a record to was compared with what it has to be.
            body = self[tree] = kinds_by_face[layout.cls] = Body(layout)
            body.key = tree
            return body
        made = self._word(tree) if isinstance(tree, str) else self._compound(*tree)
        if made.source is None or made.source is self:
            made.source, made.key = self, tree
        self[tree] = made
        self.note(tree, made)
        return made

    def note(self, tree: Tree, kind: Kind) -> None:
        """Remember a kind that ctypes aligns to less than this host does."""
        host = self.targets.host
        if host is None or kind.ctype is None or type(kind) is Pointer:
            return
        if ctypes.alignment(kind.ctype) < kind.align(host):
            self.underaligned.add(tree)

    def word_class(self, name: str) -> Any:
        from .scalars import WORDS

        if name.startswith(C_NUMBERS):
            from .c_scalars import WORDS

        return WORDS.get(name)

    def _compound(self, what: str, inner: Tree, *more: Any) -> Kind:
        if what in ("ptr", "nullable"):
            if isinstance(inner, tuple) and inner[0] == "fn":
                from .functions import FunctionPointer

                return FunctionPointer((what, inner), self)
            return Pointer((what, inner), self)
        if what == "fn":
            from .functions import Signature

            return Signature((what, inner, *more), self)
        kind = self[inner]
        if what == "array":
            return Elements((what, inner, *more), kind, more[0])
        if what == "little":
            return self._little(kind)
        kind = copied(kind)
        if what == "option" and isinstance(kind, (NonZero, Pointer)):
            kind.optional = True
            kind.spelling = (what, inner)
        elif what == "readonly":
            kind.readonly = True
        elif what == "always":
            kind.default = int(self.namespace[more[0]])
        return kind

    def _little(self, kind: Kind) -> Kind:
        if isinstance(kind, NonZero):
            little = NonZero(kind.spelling, cast("Any", self._little(kind.inner)))
            little.optional = kind.optional
            return little
        if isinstance(kind, Wide):
            made = copied(kind)
            made.order = "little"
            return made
        return Little(cast("Word", kind))

    def _word(self, name: str) -> Kind:
        if name in self.pending:
            raise Later(name)
        inside = name.removeprefix("NonZero").lower()
        if name.startswith("NonZero") and inside in INTEGERS:
            return NonZero(name, cast("Word", self[inside]))
        inside = name.removeprefix("Atomic").lower()
        if name.startswith("Atomic") and (inside == "bool" or inside in INTEGERS):
            return self._atomic(name, inside)
        if name in ("()", "fn"):
            from .scalars import Function, unit

            return Bodiless(name, unit if name == "()" else Function)
        if name not in CTYPES and name not in INTEGERS:
            return self._c_number(name) or self._declared(name)
        if name in ("u128", "i128"):
            kind = Wide(name, name == "i128")
            if not self.targets.knows_u128:
                # What holds one has no native layout then, rather than perhaps a
                # wrong one.
                kind.ctype = None
            return kind
        ctype, signed = CTYPES[name], name[0] == "i"
        if name == "bool":
            return Bool(name, ctype, 1, 1)
        if name in ("usize", "isize"):
            return Word(name, ctype, 0, "pointer", signed)
        if name == "char":
            return Word(name, ctype, 4, "u32")
        width = ctypes.sizeof(ctype)
        if name[0] == "f":
            return Float(name, ctype, width, name)
        aligned: int | str = f"u{name[1:]}" if width > 1 else 1
        return Word(name, ctype, width, aligned, signed)

    def _c_number(self, name: str) -> Kind | None:
        if not name.startswith(C_NUMBERS):
            return None
        from .c_words import CTYPES, c_number

        return c_number(name, self.targets.host) if name in CTYPES else None

    def _atomic(self, name: str, inside: str) -> Kind:
        """As the word inside, but aligned to its size everywhere."""
        kind = copied(cast("Word", self[inside]))
        kind.spelling = name
        kind.aligned = 0
        kind.readonly = True
        return kind

    def _declared(self, name: str) -> Kind:
        """The kind of a type that another module declares, or that is opaque."""
        face = self.namespace[name]
        return kinds_by_face.get(face) or cast("Kind", face._vm_kind())
