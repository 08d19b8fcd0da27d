"""The names of types that nobody declares."""

from __future__ import annotations

from vmgen.schema.types import (
    ATOMIC_OF,
    C_NUMBERS,
    INT_BITS,
    NON_ZERO_OF,
    VECTORS,
    Atomic,
    CNumber,
    Int,
    NonZero,
    Primitive,
    RustLayout,
    Type,
    Unit,
    Vector,
)

RUST_LAYOUT = frozenset((
    "String", "Vec", "VecDeque", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "Rc",
    "Arc", "Weak", "Cow", "Cell", "RefCell", "OnceCell", "Mutex", "RwLock", "Range",
    "RangeInclusive", "Result", "Duration", "Instant", "PathBuf", "OsString", "CString",
    "Pin", "ManuallyDrop", "MaybeUninit", "PhantomData", "Wrapping", "PhantomPinned",
))  # fmt: skip
"""Types of Rust's library whose layout it leaves open."""

WRAPPERS = frozenset({"VmPtr", "Option", "UnsafeCell", "NonNull", "Box", "NonZero"})
"""Types that are written with another in angle brackets."""

BUILT_IN: dict[str, Type] = {
    **{name: Int(name) for name in INT_BITS},
    **{name: CNumber(name) for name in C_NUMBERS},
    **{name: Primitive(name) for name in ("bool", "char", "f32", "f64")},
    **{name: RustLayout(name, name=name) for name in ("f16", "f128")},
    **{name: Atomic(name) for name in ATOMIC_OF},
    **{name: NonZero(name) for name in NON_ZERO_OF},
    **{name: Vector(name) for name in VECTORS},
    "c_void": Unit("c_void"),
}
"""What is one word and no declared type."""


def is_built_in(name: str) -> bool:
    """Whether one word is a type that nobody declares."""
    return name in BUILT_IN or name in WRAPPERS or name in RUST_LAYOUT
