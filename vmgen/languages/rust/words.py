"""Names that Rust keeps for itself."""

from __future__ import annotations

from vmgen.languages.words import Taken, Words, names
from vmgen.schema.rusttype import KEYWORDS

PRELUDE = names("""AsMut AsRef AsyncFn AsyncFnMut AsyncFnOnce Box Clone Copy Default
    DoubleEndedIterator Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From
    FromIterator Future Into IntoFuture IntoIterator Iterator None Ok Option Ord
    PartialEq PartialOrd Result Send Sized Some String Sync ToOwned ToString TryFrom
    TryInto Unpin Vec""")

LIBRARY = names(
    """Arc Atomic AtomicBool AtomicI16 AtomicI32 AtomicI64 AtomicI8 AtomicIsize
    AtomicU16 AtomicU32 AtomicU64 AtomicU8 AtomicUsize BTreeMap BTreeSet CString Cell
    Cow Duration HashMap HashSet Instant ManuallyDrop MaybeUninit Mutex NonNull NonZero
    NonZeroI128 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI8 NonZeroIsize NonZeroU128
    NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU8 NonZeroUsize OnceCell OsString PathBuf
    PhantomData PhantomPinned Pin Range RangeInclusive Rc RefCell RwLock UnsafeCell
    VecDeque Weak Wrapping"""
)
"""Rust's types that type expressions already know by these names."""

PRIMITIVES = names(
    """bool char f16 f32 f64 f128 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize"""
)

RUNTIME = names("Elements Le SendSyncPtr VmPtr VmSafe")
"""Types that the bindings bring along."""

CRATES = names("""alloc core cranelift_flags cranelift_handles lib proc_macro std
    test vmptr""")
"""Crates that every Rust program sees, and files of a crate."""

FINGERPRINTS = names("FILE_FINGERPRINT LAYOUT_FINGERPRINT")
"""Constants that every module of the bindings has."""

WORDS = Words(
    "Rust",
    {"Rust": KEYWORDS},
    {
        "type": (
            Taken(PRELUDE, "a name of Rust's prelude", escaped=False),
            Taken(PRIMITIVES, "a primitive type of Rust", escaped=False),
            Taken(LIBRARY, "a type of Rust's library", escaped=False),
            Taken(RUNTIME, "a type that the bindings bring along", escaped=False),
        ),
        "constant": (
            Taken(
                FINGERPRINTS, "a constant that the bindings bring along", escaped=False
            ),
        ),
        "module": (
            Taken(
                CRATES, "a name that other files of the bindings need", escaped=False
            ),
        ),
    },
)
