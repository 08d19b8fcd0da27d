"""How the module's types are written in generated Rust, and what they implement."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.analysis.order import embedded_name, held_types
from vmgen.analysis.peel import by_value
from vmgen.analysis.traits import CLONE, DERIVES, Traits
from vmgen.languages.memo import Memo
from vmgen.languages.rust.names import local, spelled, used_names
from vmgen.schema import model as m
from vmgen.schema.types import (
    Array,
    Atomic,
    CNumber,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Param,
    RawPointer,
    Type,
    Unit,
    UnsafeCell,
    Vector,
    VmPtr,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ATOMIC_PATH = "::core::sync::atomic::"
_SIZES = {"size_t": "usize", "ssize_t": "isize"}
POINTER_BITS = {"AtomicUsize", "AtomicIsize"}


class Spelling:
    """What the emitter asks about types, with answers remembered.

    `used` collects the library types that were spelled, as paths to be imported, and
    `tag_types` those of the offsets that have values of enums; `names` is how what
    templates use is spelled beside the module's own types. `own_runtime` is whether the
    project has a VmPtr of its own, and `vectors` are the paths of those that it names.
    """

    def __init__(
        self,
        module: m.Module,
        *,
        own_runtime: bool = False,
        vectors: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.vectors = vectors
        self.types: Mapping[str, m.Declaration] = module.types
        self.used: set[str] = set()
        self.tag_types: set[str] = set()
        self.names = used_names(self.types)
        self._native = Memo[Type, str](lambda type: self._spell(type, False))
        self._little = Memo[Type, str](lambda type: self._spell(type, True))
        # Of a project's own VmPtr nothing is asked but that it can be copied.
        traits = Traits(self.types, CLONE if own_runtime else CLONE | {"Debug"})
        self.traits_of = traits.declared
        self._traits = Memo[Type, frozenset[str]](traits.of)
        self._held_by = Memo[Type, frozenset[int]](self._atomics_by_value)
        lacking = {
            bits
            for bits in (8, 16, 32)
            if any(bits not in t.model.cas for t in module.targets)
        }
        self._gated = lacking | {64}
        self._atomics: dict[str, frozenset[int]] = {}

    def type(self, type: Type, *, little: bool = False) -> str:
        """`type` in Rust; `little` when its words are little-endian at rest."""
        return self._little[type] if little else self._native[type]

    def member(self, type: Type, *, little: bool = False) -> str:
        """The same for a member of a union, which must not need to be dropped."""
        text = self.type(type, little=little)
        if "Copy" in self.traits(type):
            return text
        return f"::core::mem::ManuallyDrop<{text}>"

    def optional(self, text: str, nullable: bool) -> str:
        """What is spelled so, or an option of it."""
        return f"{self.names['Option']}<{text}>" if nullable else text

    def slot(self, signature: FnPointer, nullable: bool = False) -> str:
        """The type of a slot of a table of function pointers.

        How vectors are passed depends on features of the target that Rust and the
        compiled code need not agree on, so that such a slot has no callable type, unless
        the project says which types it passes.
        """
        callable = self.is_callable(signature)
        text = self.type(signature) if callable else self.address()
        return self.optional(text, nullable)

    def is_callable(self, signature: FnPointer) -> bool:
        """Whether every type of a signature has a name."""
        vectors = [t for t in children(signature) if isinstance(t, Vector)]
        return all(vector.name in self.vectors for vector in vectors)

    def address(self) -> str:
        """The type of a function's address that is never called. A constant can hold it,
        which no address that is an integer can be in."""
        return 'unsafe extern "C" fn()'

    def tags(self, declared: m.PlainEnum | m.TaggedEnum) -> str:
        """The type of the module's offsets that has an enum's values, once it is
        imported."""
        name = f"{declared.name}Tag"
        self.tag_types.add(name)
        return local(name, self.types)

    def traits(self, type: Type) -> frozenset[str]:
        """The traits of `DERIVES` that a type implements."""
        return self._traits[type]

    def derived(self, declared: m.Declaration) -> str:
        """What a declared type derives, as a list for Rust."""
        traits = self.traits_of(declared)
        return ", ".join(trait for trait in DERIVES if trait in traits)

    def gated_atomics(self) -> list[tuple[str, int]]:
        """Atomics that were spelled and are missing on some target, with their widths."""
        paths = sorted(p for p in self.used if p.startswith(ATOMIC_PATH))
        names = [path.removeprefix(ATOMIC_PATH) for path in paths]
        return [(n, bits) for n in names for bits in self.atomics_of(Atomic(n))]

    def is_copy(self, name: str) -> bool:
        """Whether a declared type is `Copy`."""
        return "Copy" in self.traits(Named(name))

    def atomics(self, name: str) -> frozenset[int]:
        """Widths, in bits, of the atomics that a declared type holds by value, if the
        type can't exist on a target without them."""
        found = self._atomics.get(name)
        if found is None:
            self._atomics[name] = NOTHING_WIDE
            found = self._atomics[name] = self._held_atomics(self.types[name])
        return found

    def atomics_of(self, type: Type) -> frozenset[int]:
        """The same of a type expression."""
        return self._held_by[type]

    def _atomics_by_value(self, type: Type) -> frozenset[int]:
        inner = by_value(type)
        if isinstance(inner, Atomic) and inner.name not in POINTER_BITS:
            bits = 8 if inner.inner == "bool" else int(inner.inner[1:])
            return frozenset({bits}) & self._gated
        name = embedded_name(type)
        return self.atomics(name) if name else NOTHING_WIDE

    def _held_atomics(self, declared: m.Declaration) -> frozenset[int]:
        held = {self._held_by[type] for type in held_types(declared)}
        return NOTHING_WIDE.union(*held)

    def _spell(self, type: Type, little: bool) -> str:
        match type:
            case Int(name):
                return self._word(name, little)
            case CNumber(name):
                return _SIZES.get(name) or f"::core::ffi::{name}"
            case Named(name, arguments):
                declared = self.types[name]
                if little and isinstance(declared, m.Newtype):
                    return self._spell(declared.inner, little)
                if little and isinstance(declared, m.PlainEnum):
                    return self._word(declared.tag.name, little)
                if not arguments:
                    return name
                return f"{name}<{', '.join(map(self.type, arguments))}>"
            case VmPtr(pointee):
                if little:
                    return self._word("usize", little)
                return f"{self._imported('VmPtr')}<{self.type(pointee)}>"
            case Option(inner):
                if little:
                    return self._spell(inner, little)
                return f"{self.names['Option']}<{self.type(inner)}>"
            case Array(element, length):
                return f"[{self.type(element, little=little)}; {length}]"
            case UnsafeCell(inner):
                cell = self._imported("::core::cell::UnsafeCell")
                return f"{cell}<{self.type(inner, little=little)}>"
            case Atomic(name):
                return self._imported(f"{ATOMIC_PATH}{name}")
            case NonZero(name):
                return f"::core::num::{name}"
            case Vector(name):
                return self.vectors[name]
            case Unit("c_void"):
                return "::core::ffi::c_void"
            case RawPointer():
                return self._raw_pointer(type, little)
            case FnPointer() if not self.is_callable(type):
                return self.address()
            case FnPointer(params, result):
                arrow = f" -> {self.type(result)}" if result is not None else ""
                listed = ", ".join(self.param(p) for p in params)
                return f'unsafe extern "C" fn({listed}){arrow}'
            case _:
                return str(type)

    def param(self, param: Param) -> str:
        """A parameter of a signature; a nameless one is its type alone."""
        text = self.type(param.type)
        return f"{spelled(param.name)}: {text}" if param.name else text

    def _word(self, name: str, little: bool) -> str:
        if not little or name in ("u8", "i8"):
            return name
        return f"{self._imported('Le')}<{name}>"

    def _raw_pointer(self, pointer: RawPointer, little: bool) -> str:
        if little:
            return self._word("usize", little)
        pointee = self.type(pointer.pointee)
        if pointer.nullable:
            return f"{pointer.spelling} {pointee}"
        # A reference needs a lifetime that nobody can name here, and a Box the
        # allocator; both are laid out as this is.
        return f"{self._imported('::core::ptr::NonNull')}<{pointee}>"

    def _imported(self, path: str) -> str:
        """What a library type is called, once it is imported."""
        self.used.add(path)
        return local(path.rsplit("::", 1)[-1], self.types)


NOTHING_WIDE: frozenset[int] = frozenset()
