"""How the values of one type are stored and seen: what all kinds have in common."""

from __future__ import annotations

import ctypes
import struct
from types import FunctionType

from .errors import NullPointer, UnknownVariant, Unmapped
from .hints import TYPE_CHECKING, Any, Callable, Final, Iterator
from .models import HOST, Model

if TYPE_CHECKING:
    from typing import TypeVar

    from .models import Targets
    from .space import Space

    K = TypeVar("K", bound="Kind")
else:
    K = object

Tree = str | tuple[Any, ...]
"""A type as the table has it. A word (``u32``), ``fn``, ``()`` and a declared type are
their names; the rest is a tuple: what, of what, and what else there is to say.

``ptr`` and ``nullable`` are pointers, never null and maybe null; ``array`` has a length;
``fn`` is a function's signature, the result and then the parameters; ``option`` is a
number whose zero is None; ``little`` is little-endian on every host;
``readonly`` isn't to be assigned; ``always`` has the name of a constant.
"""

UNCHANGING: Final[str] = "what was read from bytes doesn't change: use pack or write"

UNCHANGEABLE: Final[str] = "another process's memory isn't written"


def rust(tree: Tree) -> str:
    """A type as Rust spells it."""
    if isinstance(tree, str):
        return tree
    what, inner, *more = tree
    spelled = rust(inner)
    if what == "fn":
        listed = ", ".join(map(rust, more))
        return f"fn({listed})" + ("" if inner == "()" else f" -> {spelled}")
    if what == "ptr":
        return f"VmPtr<{spelled}>"
    if what == "nullable":
        return f"Option<VmPtr<{spelled}>>"
    if what == "option":
        return f"Option<{spelled}>"
    return f"[{spelled}; {more[0]}]" if what == "array" else spelled


class Kind:
    """How the values of one type are stored, and what a reader sees of them.

    `ctype` stores a value on this host; where `direct` holds, ctypes reads the very
    value that users see. Raw is what `struct` unpacks, a number or bytes. `face` is the
    class that users know the type by, `pointed` the kind that pointers see, where it
    is another. `key` is the tree by which `source` knows the kind; `is_pointed` says
    that it is what pointers see of that. One that is `absent` isn't there on the target.
    """

    ctype: Any = None
    face: Any = None
    direct = False
    readonly = False
    source: Kinds | None = None
    default: int | None = None
    pointed: Kind | None = None
    is_pointed = False
    absent = False
    key: Tree = ""

    def __init__(self, spelling: Tree) -> None:
        self.spelling = spelling

    @property
    def host(self) -> Model:
        """The data model of this process, as far as this kind depends on one."""
        if self.source and self.source.targets.host:
            return self.source.targets.host
        facts = [("pointer", HOST.pointer, HOST.aligns["pointer"])]
        return Model("host", HOST.order, facts, "")

    @property
    def rust(self) -> str:
        """The type as Rust spells it, for messages."""
        return rust(self.spelling)

    def size(self, model: Model | None) -> int:
        """Bytes on a target of `model`; None is for a kind that has no other."""
        raise TypeError(f"{self.rust} has no size")

    def align(self, model: Model | None) -> int:
        """Alignment in bytes, as `size`."""
        raise TypeError(f"{self.rust} has no alignment")

    def live(self, address: int, owner: object) -> Any:
        """The value at an address of this process; `owner` keeps the memory."""
        raise TypeError(f"{self.rust} has no value to read")

    def reader(
        self, stored: str, model: Model | None, name: str
    ) -> Callable[[Any], Any]:
        """What reads the field `name` of a record, live where `model` is None.

        The record's attribute `stored` is what `see` takes. Raises NullPointer that
        names the field.
        """

        def read(record: Any) -> Any:
            try:
                return self.see(record.stored, model)
            except NullPointer as error:
                where = f"{type(record).__name__}.{name}"
                raise NullPointer(f"{where}: {error}") from None

        return asking(read, stored)

    def live_reader(self, field: Any, stored: str, name: str) -> Callable[[Any], Any]:
        """The same of a live record, of which ctypes has the field as `stored`."""
        offset = field.offset

        def read(record: Any) -> Any:
            return self.live(ctypes.addressof(record) + offset, record)

        return read

    def place(self, address: int, owner: object) -> Any:
        """What following a pointer gives: a thing that stays at that address."""
        return self.live(address, owner)

    def live_values(self, stored: Any) -> Iterator[Any]:
        """The values of an array of ctypes in this process, one after the other."""
        size = ctypes.sizeof(self.ctype)
        start = ctypes.addressof(stored)
        for index in range(len(stored)):
            yield self.live(start + index * size, stored)

    def values(self, data: Any, model: Model) -> Iterator[Any]:
        """The values in bytes of a target that hold nothing else."""
        for (raw,) in struct.iter_unpack(model.prefix + self.code(model), data):
            yield self.see(raw, model)

    def put(self, address: int, value: Any) -> None:
        """Store a value at an address of this process."""
        raise TypeError(f"{self.rust} has no value to write")

    def there(self, address: int, space: Space) -> Any:
        """The value at an address of another memory; records and arrays are read when
        they are looked into. Raises Unmapped."""
        return self.seen_there(self.raw_there(address, space), space)

    def raw_there(self, address: int, space: Space) -> Any:
        """What `struct` unpacks at an address of another memory. Raises Unmapped."""
        model = space.model
        data = space.memory.read(address, self.size(model))
        return struct.unpack(model.prefix + self.code(model), data)[0]

    def seen_there(self, raw: Any, space: Space) -> Any:
        """The value that raw of another memory stands for."""
        return self.see(raw, space.model)

    def place_there(self, address: int, space: Space) -> Any:
        """What following a pointer in another memory gives."""
        return self.there(address, space)

    def dtype(self, model: Model) -> Any:
        """The `numpy.dtype` of values in bytes of a target of `model`."""
        raise TypeError(f"{self.rust} has no size")

    def code(self, model: Model) -> str:
        """The format code of `struct`, for bytes of a target of `model`."""
        return f"{self.size(model)}s"

    def see(self, raw: Any, model: Model | None) -> Any:
        """The value that raw stands for; `model` is None in this process."""
        raise TypeError(f"{self.rust} has no value to read")

    def raw(self, value: Any, model: Model) -> Any:
        """The value as `struct` packs it. Raises when it doesn't fit."""
        raise TypeError(f"{self.rust} has no value to write")


def asking(read: Any, attribute: str) -> Callable[[Any], Any]:
    """A function that asks a record for its attribute `stored`, made to ask for another.

    A name that stands in the code is found in half of the time that it takes to call
    `getattr` or what ctypes has for a field.
    """
    code = read.__code__
    names = tuple(attribute if name == "stored" else name for name in code.co_names)
    code = code.replace(co_names=names)
    return FunctionType(code, read.__globals__, attribute, None, read.__closure__)


def copied(kind: K) -> K:
    """Another kind like that one; `copy` would take a while to import."""
    made = object.__new__(type(kind))
    made.__dict__.update(kind.__dict__)
    return made


class Kinds(dict[Tree, Kind]):
    """The kinds of a generated module's types, made when first asked for.

    `namespace` is the module's own.
    """

    def __init__(self, namespace: dict[str, Any], targets: Targets) -> None:
        super().__init__()
        self.namespace = namespace
        self.targets = targets

    def fingerprint(self, model: Model) -> int:
        """The module's fingerprint on the targets of a model."""
        raise NotImplementedError

    def word_class(self, name: str) -> Any:
        """The class of a word that a pointer leads to, None for what has none."""
        raise NotImplementedError


modules: Final[dict[str, Kinds]] = {}
"""The kinds of the modules that were imported, by the modules' names."""


class Bodiless(Kind):
    """A type that only pointers know: opaque, `()`, code."""

    def __init__(self, spelling: Tree, face: type) -> None:
        super().__init__(spelling)
        self.face = face


def unchanging(data: Any, start: int, size: int) -> bytes | memoryview:
    """Some bytes of a buffer: a view of them if it can't be written to, else a copy."""
    view = memoryview(data).cast("B")[start : start + size]
    return view if view.readonly else bytes(view)


def kept(thing: Any, owner: object) -> Any:
    """`thing`, which lives in memory that `owner` keeps."""
    if owner is not None:
        object.__setattr__(thing, "_vm_owner", owner)
    return thing


def unpacked(kind: Kind, data: bytes | memoryview, at: int, model: Model) -> Any:
    """One value out of bytes of a target."""
    return kind.see(
        struct.unpack_from(model.prefix + kind.code(model), data, at)[0], model
    )


def packed(kind: Kind, value: Any, model: Model) -> bytes:
    """One value as bytes of a target."""
    return struct.pack(model.prefix + kind.code(model), kind.raw(value, model))


def shown(holder: Any, key: Any) -> str:
    """An element or attribute for a repr, which must not fail on odd memory."""
    try:
        value = holder[key] if isinstance(key, int) else getattr(holder, key)
    except NullPointer:
        return "null"
    except UnknownVariant:
        return "unknown"
    except Unmapped:
        return "unmapped"
    return repr(value)
