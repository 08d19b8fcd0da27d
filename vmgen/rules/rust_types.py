"""What to write instead of Rust's own types, for those that people try."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.schema.hints import type_hint

if TYPE_CHECKING:
    from vmgen.schema.types import RustLayout

_GENERIC = re.compile(r"(?:[A-Za-z0-9_]+\s*::\s*)*([A-Za-z0-9_]+)\s*(?:<(.*)>)?", re.S)

_BYTES_AND_LENGTH = "a `VmPtr<{0}>` and its length in a field of its own"
_LIBRARY = "it belongs to Rust's library, which may lay it out as it likes"
_OPAQUE = "declare it as `kind: opaque` and write a `VmPtr` to it"
_ADVICE = {
    "String": _BYTES_AND_LENGTH,
    "str": _BYTES_AND_LENGTH,
    "CString": "`VmPtr<u8>` for the first byte of a text that ends with a zero",
    "OsString": _BYTES_AND_LENGTH,
    "PathBuf": _BYTES_AND_LENGTH,
    "Vec": _BYTES_AND_LENGTH,
    "VecDeque": _BYTES_AND_LENGTH,
    "Rc": "`VmPtr<{0}>`",
    "Arc": "`VmPtr<{0}>`",
    "Weak": "`Option<VmPtr<{0}>>`",
    "Cow": "`VmPtr<{0}>`",
    "Cell": "`UnsafeCell<{0}>`",
    "RefCell": "`UnsafeCell<{0}>`",
    "OnceCell": "`UnsafeCell<{0}>`",
    "Mutex": "`UnsafeCell<{0}>`, and keep the lock on the host's side",
    "RwLock": "`UnsafeCell<{0}>`, and keep the lock on the host's side",
    "Range": "two fields, or `[{0}; 2]`",
    "RangeInclusive": "two fields, or `[{0}; 2]`",
    "Pin": "what is inside",
    "ManuallyDrop": "`{0}`",
    "MaybeUninit": "`{0}`",
    "Wrapping": "`{0}`",
    "Duration": "a `u64` that counts nanoseconds",
    "Instant": "a `u64` that counts nanoseconds",
    "c_void": "`()` behind a pointer",
    "NonZero": "the plain integer",
}
_COLLECTIONS = frozenset(["BTreeMap", "BTreeSet", "HashMap", "HashSet"])
_FLOATS = {"f16": "u16", "f128": "[u8; 16]"}
_DEFAULT_ARGUMENT = "u8"


def advice(type: RustLayout) -> tuple[str, tuple[str, ...]]:
    """Why a type has no defined layout, and lines that say what to write instead."""
    text = type.text.strip()
    if text.startswith("("):
        return (
            "Rust may order the parts of a tuple as it likes",
            ("declare a struct with these fields",),
        )
    if text.startswith("["):
        element = text[1:-1].strip()
        return (
            "a slice has no size of its own",
            (
                f"write `[{element}; N]` with a fixed length, or a `VmPtr<{element}>` "
                "and its length in a field of its own",
            ),
        )
    if text.startswith("!"):
        return "no value of this type exists", ("leave it out",)
    if text.startswith(("dyn ", "impl ")):
        return "only Rust knows what is behind it", (_OPAQUE,)
    match = _GENERIC.fullmatch(text)
    name, argument = match.groups() if match else (text, None)
    if name in ("PhantomData", "PhantomPinned"):
        return (
            "it takes no space",
            ("leave it out: the bindings need no marker",),
        )
    if name == "Result":
        return (
            "Rust may lay an enum out as it likes unless told otherwise",
            ("declare a tagged enum (`kind: enum`)",),
        )
    if name in _FLOATS:
        return (
            "stable Rust doesn't have this type yet",
            (f"write `{_FLOATS[name]}` and keep the float's bits in it",),
        )
    if name in _COLLECTIONS:
        return _LIBRARY, (_OPAQUE,)
    if name in _ADVICE:
        inside = argument.strip() if argument else _DEFAULT_ARGUMENT
        return _LIBRARY, ("write " + _ADVICE[name].format(inside),)
    if hints := type_hint(name):
        return "the schema doesn't know this type", hints
    if argument is not None or "::" in text:
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
    text = type.text.strip()
    if text.startswith("["):
        element = text[1:-1].strip()
    elif text == "str":
        element = "u8"
    else:
        return (_OPAQUE,)
    return (f"write `VmPtr<{element}>` and keep the length in a field of its own",)
