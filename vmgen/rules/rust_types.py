"""What to write instead of Rust's own types, for those that people try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.wording import CHANGES
from vmgen.schema.hints import type_hint

if TYPE_CHECKING:
    from vmgen.schema.types import RustLayout

_BYTES_AND_LENGTH = f"a `VmPtr<{{0}}>` and its length in a field of its own, {CHANGES}"
_LIBRARY = "it belongs to Rust's library, which may lay it out as it likes"
_OPAQUE = f"declare it as `kind: opaque` and write a `VmPtr` to it, {CHANGES}"
_ADVICE = {
    "String": _BYTES_AND_LENGTH,
    "str": _BYTES_AND_LENGTH,
    "CString": f"`VmPtr<u8>` for the first byte of a text that ends with a zero, {CHANGES}",
    "OsString": _BYTES_AND_LENGTH,
    "PathBuf": _BYTES_AND_LENGTH,
    "Vec": _BYTES_AND_LENGTH,
    "VecDeque": _BYTES_AND_LENGTH,
    "Rc": "`VmPtr<{0}>`",
    "Arc": "`VmPtr<{0}>`",
    "Weak": "`Option<VmPtr<{0}>>`",
    "Cow": f"`VmPtr<{{0}}>`, {CHANGES}",
    "Cell": "`UnsafeCell<{0}>`",
    "RefCell": f"`UnsafeCell<{{0}}>`, {CHANGES}",
    "OnceCell": f"`UnsafeCell<{{0}}>`, {CHANGES}",
    "Mutex": f"`UnsafeCell<{{0}}>`, {CHANGES}, and keep the lock on the host's side",
    "RwLock": f"`UnsafeCell<{{0}}>`, {CHANGES}, and keep the lock on the host's side",
    "Range": "two fields, or `[{0}; 2]`",
    "RangeInclusive": f"two fields, or `[{{0}}; 2]`, {CHANGES}",
    "Pin": "what is inside",
    "ManuallyDrop": "`{0}`",
    "MaybeUninit": "`{0}`",
    "Wrapping": "`{0}`",
    "Duration": f"a `u64` that counts nanoseconds, {CHANGES}",
    "Instant": f"a `u64` that counts nanoseconds, {CHANGES}",
    "NonZero": "the plain integer",
}
_COLLECTIONS = frozenset(["BTreeMap", "BTreeSet", "HashMap", "HashSet"])
_FLOATS = {"f16": "u16", "f128": "u128"}
_DEFAULT_ARGUMENT = "u8"


def advice(type: RustLayout) -> tuple[str, tuple[str, ...]]:
    """Why a type has no defined layout, and lines that say what to write instead."""
    match type.form:
        case "tuple":
            return (
                "Rust may order the parts of a tuple as it likes",
                (
                    f"declare a struct with these fields, {CHANGES} where Rust orders them otherwise",
                ),
            )
        case "slice":
            (element,) = type.arguments
            return (
                "a slice has no size of its own",
                (
                    f"make the record a context with a region `[{element}; n]` if the elements "
                    "lie in it",
                    f"write a `VmPtr<{element}>` and its length in a field of its own, "
                    f"{CHANGES}, if they lie elsewhere",
                ),
            )
        case "never":
            return "no value of this type exists", ("leave it out",)
        case "trait":
            return "only Rust knows what is behind it", (_OPAQUE,)
        case "name":
            return _of_a_name(type)


def _of_a_name(type: RustLayout) -> tuple[str, tuple[str, ...]]:
    name = type.name
    if name in ("PhantomData", "PhantomPinned"):
        return (
            "it takes no space",
            ("leave it out: the bindings need no marker",),
        )
    if name == "Result":
        return (
            "Rust may lay an enum out as it likes unless told otherwise",
            (f"declare a tagged enum (`kind: enum`), {CHANGES}",),
        )
    if name in _FLOATS:
        return (
            "stable Rust doesn't have this type yet",
            (f"write `{_FLOATS[name]}` and keep the float's bits in it",),
        )
    if name in _COLLECTIONS:
        return _LIBRARY, (_OPAQUE,)
    if name in _ADVICE:
        inside = ", ".join(map(str, type.arguments)) or _DEFAULT_ARGUMENT
        return _LIBRARY, ("write " + _ADVICE[name].format(inside),)
    if hints := type_hint(name):
        return "the schema doesn't know this type", hints
    if type.arguments or type.path:
        return (
            "the schema doesn't know this type",
            (
                "declare it under `types`: `kind: foreign` with its path, size and "
                "alignment, or `kind: opaque` if it is only pointed to",
            ),
        )
    return _LIBRARY, (_OPAQUE,)


def instead_of_unsized(type: RustLayout) -> tuple[str, ...]:
    """What to write instead of a pointer to a type without a size."""
    if type.form == "slice":
        element = str(type.arguments[0])
    elif type.name == "str":
        element = "u8"
    else:
        return (_OPAQUE,)
    return (
        f"write `VmPtr<{element}>` and keep the length in a field of its own, {CHANGES}",
    )
