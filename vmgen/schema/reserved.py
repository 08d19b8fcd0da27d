"""Words that a name can't be, or not without an escape, in one of the languages.

Keywords are those of Rust's editions 2015 to 2024 (the Rust reference, "Keywords"),
C11 to C23, C++11 to C++23 and Python 3.10 to 3.15. Python's soft keywords are left
out: they are fine as names. Emitters spell a name that was allowed all the same with
`escaped`.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from vmgen.schema.wordlists import Words, is_in, words

Language = Literal["Rust", "C", "C++", "Python"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


RUST = _set(
    """as break const continue crate else enum extern false fn for if impl in let loop
    match mod move mut pub ref return self Self static struct super trait true type
    unsafe use where while async await dyn abstract become box do final gen macro
    override priv try typeof unsized virtual yield"""
)

C = _set(
    """alignas alignof auto bool break case char const constexpr continue default do
    double else enum extern false float for goto if inline int long nullptr register
    restrict return short signed sizeof static static_assert struct switch
    thread_local true typedef typeof typeof_unqual union unsigned void volatile while
    asm"""
)

CPP = _set(
    """alignas alignof and and_eq asm auto bitand bitor bool break case catch char
    char8_t char16_t char32_t class compl concept const consteval constexpr constinit
    const_cast continue co_await co_return co_yield decltype default delete do double
    dynamic_cast else enum explicit export extern false float for friend goto if inline
    int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private
    protected public register reinterpret_cast requires return short signed sizeof
    static static_assert static_cast struct switch template this thread_local throw true
    try typedef typeid typename union unsigned using virtual void volatile wchar_t while
    xor xor_eq"""
)

PYTHON = _set(
    """False None True and as assert async await break class continue def del elif else
    except finally for from global if import in is lambda nonlocal not or pass raise
    return try while with yield"""
)

KEYWORDS: dict[Language, frozenset[str]] = {
    "Rust": RUST, "C": C, "C++": CPP, "Python": PYTHON,
}  # fmt: skip

CTYPES = _set(
    "from_address from_buffer from_buffer_copy from_param in_dll mro _objects"
)
"""What every `ctypes` class has; a field of that name would hide it."""

PYTHON_RECORD = _set("at pack read read_array write")
"""Methods of the generated Python classes of records."""

PYTHON_CONTEXT = _set("address at counts offsets pack read size target")
"""Methods and attributes of the generated Python classes of contexts."""

RUST_PRELUDE = _set("""AsMut AsRef AsyncFn AsyncFnMut AsyncFnOnce Box Clone Copy Default
    DoubleEndedIterator Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From
    FromIterator Future Into IntoFuture IntoIterator Iterator None Ok Option Ord
    PartialEq PartialOrd Result Send Sized Some String Sync ToOwned ToString TryFrom
    TryInto Unpin Vec""")

TYPE_LANGUAGE = _set(
    """Arc Atomic AtomicBool AtomicI16 AtomicI32 AtomicI64 AtomicI8 AtomicIsize
    AtomicU16 AtomicU32 AtomicU64 AtomicU8 AtomicUsize BTreeMap BTreeSet CString Cell
    Cow Duration HashMap HashSet Instant ManuallyDrop MaybeUninit Mutex NonNull NonZero
    NonZeroI128 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI8 NonZeroIsize NonZeroU128
    NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU8 NonZeroUsize OnceCell OsString PathBuf
    PhantomData PhantomPinned Pin Range RangeInclusive Rc RefCell RwLock UnsafeCell
    VecDeque Weak Wrapping"""
)
"""Rust's types that type expressions already know by these names."""

RUNTIME_TYPES = _set("Elements Holds Le SendSyncPtr VmPtr VmSafe")
"""Types that the bindings bring along."""

RUNTIME_PREFIXES = ("VMGEN_", "VM_ALIGNOF_", "VM_SIZEOF_")
RUNTIME_MACROS = _set(
    """VM_ALIGNAS VM_ATOMIC VM_BEGIN_DECLARATIONS VM_CAST VM_CHECKED VM_END_DECLARATIONS
    VM_NONNULL VM_NO_ATOMICS VM_NULLABLE VM_STATIC_ASSERT VM_TARGET VM_U128_ALIGN"""
)
"""Macros and constants of `vmgen.h`: the words, and how others begin."""

MODULES = _set(
    "alloc annotationlib compression core lib proc_macro std test vmgen vmgen_runtime vmptr"
)
"""Crates that every Rust program sees, files that the bindings bring along, and what
Python 3.14's library has more than that of the Pythons which the lists are made of."""

DEVICES = _set("aux con nul prn") | {
    f"{x}{n}" for x in ("com", "lpt") for n in range(10)
}
"""Names that Windows keeps for devices, whatever comes behind a dot."""

STDINT = frozenset(
    f"{type}_{what}"
    for type in (
        *(f"{s}INT{kind}{bits}" for s in ("", "U") for kind in ("", "_LEAST", "_FAST")
          for bits in (8, 16, 32, 64)),
        *_set("INTPTR UINTPTR INTMAX UINTMAX PTRDIFF SIZE WCHAR WINT SIG_ATOMIC"),
    )
    for what in ("MIN", "MAX", "WIDTH", "C")
)  # fmt: skip
"""The macros of <stdint.h>, which every header includes, and a few that are none."""

MACROS = _set(
    """BOOL BUFSIZ BYTE CHAR_BIT CHAR_MAX CHAR_MIN DELETE DIR DWORD EOF ERROR FALSE FILE
    HANDLE IN INFINITY INT_MAX INT_MIN LONG_MAX LONG_MIN MAX_PATH NAN NULL OPTIONAL OUT
    PAGE_SIZE PATH_MAX RAND_MAX TRUE UINT_MAX ULONG_MAX VOID WORD
    cdecl complex emit environ errno far foreach forever h_addr hyper i386 imaginary
    interface linux mips near noreturn pascal s_addr sa_handler sa_sigaction signals slots
    small st_atime st_ctime st_mtime stderr stdin stdout sun unix"""
)
"""Words that some common C header or compiler defines as a macro or a type: compilers,
Qt, and what the lists of headers have on one system alone."""

Role = Literal["module", "type", "constant", "variant", "field", "context", "parameter"]


STDINT_TYPES = frozenset(
    f"{sign}{type}_t"
    for sign in ("", "u")
    for type in ("int8", "int16", "int32", "int64", "intptr")
) | {"size_t"}
"""Types of C that members are declared with: in C++ a member can't be called so too."""

_TAKEN: dict[Role, tuple[tuple[frozenset[str], str], ...]] = {
    "field": (
        (CTYPES, "an attribute of every ctypes class"),
        (PYTHON_RECORD, "a method of the Python bindings' records"),
        (STDINT_TYPES, "a type of C's <stdint.h>"),
    ),
    "context": (
        (PYTHON_CONTEXT, "an attribute of the Python bindings' contexts"),
        (STDINT_TYPES, "a type of C's <stdint.h>"),
    ),
    "parameter": ((STDINT_TYPES, "a type of C's <stdint.h>"),),
    "type": (
        (RUST_PRELUDE, "a name of Rust's prelude"),
        (TYPE_LANGUAGE, "a type of Rust's library"),
        (RUNTIME_TYPES, "a type that the bindings bring along"),
    ),
    "constant": (
        (RUNTIME_MACROS, "a macro of vmgen.h"),
        (STDINT, "a macro of C's <stdint.h>"),
    ),
    "module": (
        (MODULES, "a name that other files of the bindings need"),
        (DEVICES, "a name that Windows keeps for a device"),
    ),
}
"""Words besides the keywords that can't be names in a role, and what they are."""

_LISTED: dict[Role, tuple[tuple[Words, str], ...]] = {
    "module": (
        ("modules", "a module of Python's library"),
        ("unix_headers", "a header of C"),
    ),
}
"""The lists of such words. A module's files would be found in place of those."""

_MACRO_LISTS: dict[Role, tuple[Words, ...]] = {
    "module": ("windows_headers",),
    "type": ("unix_types", "windows_types"),
    "constant": ("unix_types", "windows_types"),
    "field": ("unix_members", "windows_members"),
    "context": ("unix_members", "windows_members"),
    "parameter": ("unix_members", "windows_members"),
}
"""The lists of what a name should not be in a role."""


@cache
def reserved_words(role: Role) -> frozenset[str]:
    """The words that a name in this role can't be."""
    taken = [own for own, _ in _TAKEN.get(role, ())]
    listed = [words(list) for list, _ in _LISTED.get(role, ())]
    return frozenset().union(*KEYWORDS.values(), *taken, *listed)


class MacroNames:
    """The names that some header has as a macro or a type, for one role."""

    def __init__(self, role: Role) -> None:
        self.words = MACROS.union(*(words(list) for list in _MACRO_LISTS.get(role, ())))
        self.capitals = role in ("type", "constant")

    def __contains__(self, name: object) -> bool:
        if name in self.words:
            return True
        if not self.capitals or not isinstance(name, str) or not name.isupper():
            return False
        return (
            is_in("unix_macros", name)
            or is_in("windows_macros", name)
            or number_macro(name) is not None
        )


@cache
def macro_names(role: Role) -> MacroNames:
    """The names that a name in this role should not be."""
    return MacroNames(role)


def number_macro(name: str) -> str | None:
    """Whose headers have a name as a macro that could be a number; None of others."""
    if is_in("unix_constants", name):
        return "a header of C or Linux"
    if is_in("windows_constants", name):
        return "a header of Windows"
    return None


def why_reserved(word: str, role: Role) -> str | None:
    """What a word is that can't be a name in this role; None of any other word."""
    of = [language for language, words in KEYWORDS.items() if word in words]
    if of:
        before = ", ".join(of[:-1])
        return "a keyword of " + (f"{before} and " if before else "") + of[-1]
    for taken, what in _TAKEN.get(role, ()):
        if word in taken:
            return what
    return next(
        (what for list, what in _LISTED.get(role, ()) if word in words(list)), None
    )


def escaped(name: str, language: Language, role: Role = "field") -> str:
    """The name as the bindings of a language spell it: with `_` where it is reserved.

    No declared name ends in `_`, so that an escaped name can't be another one. A C
    header is read by C++ as well.
    """
    taken = name in KEYWORDS[language]
    if language == "C":
        taken = taken or name in CPP or name in STDINT_TYPES
    if language == "Python" and not taken:
        if role == "field":
            taken = name in CTYPES or name in PYTHON_RECORD
        elif role == "context":
            taken = name in PYTHON_CONTEXT
    return f"{name}_" if taken else name
