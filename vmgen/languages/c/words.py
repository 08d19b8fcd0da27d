"""Names that C and C++ keep for themselves, and those that headers define.

Keywords are those of C11 to C23 and C++11 to C++23; a C header is read by C++ as well.
"""

from __future__ import annotations

from vmgen.languages.wordlists import words
from vmgen.languages.words import Taken, Words, names

KEYWORDS = names(
    """alignas alignof auto bool break case char const constexpr continue default do
    double else enum extern false float for goto if inline int long nullptr register
    restrict return short signed sizeof static static_assert struct switch
    thread_local true typedef typeof typeof_unqual union unsigned void volatile while
    asm"""
)

EXTENSIONS = names(
    """_Alignas _Alignof _Atomic _BitInt _Bool _Complex _Decimal128 _Decimal32 _Decimal64
    _Float128 _Float16 _Float32 _Float64 _Generic _Imaginary _Noreturn _Static_assert
    _Thread_local __asm __attribute __auto_type __builtin_offsetof __builtin_va_list
    __complex __const __declspec __float128 __imag __inline __int128 __int16 __int32
    __int64 __int8 __label __real __restrict __signed __thread __typeof __unaligned
    __volatile"""
)
"""Keywords with `_` before them: C's older ones, and those of compilers."""

CPP_KEYWORDS = names(
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

PREFIXES = ("VMGEN_", "VM_ALIGNOF_", "VM_SIZEOF_")
RUNTIME = names(
    """VM_ALIGNAS VM_ATOMIC VM_BEGIN_DECLARATIONS VM_BY_WIDTH VM_CAST VM_CHECKED
    VM_END_DECLARATIONS VM_NONE VM_NONNULL VM_NO_ATOMICS VM_NULLABLE VM_REFUSE_PACKING
    VM_STATIC_ASSERT VM_TARGET VM_U128_ALIGN"""
)
"""Macros and constants of `vmgen.h`: the words, and how others begin."""

STDINT = frozenset(
    f"{type}_{what}"
    for type in (
        *(f"{s}INT{kind}{bits}" for s in ("", "U") for kind in ("", "_LEAST", "_FAST")
          for bits in (8, 16, 32, 64)),
        *names("INTPTR UINTPTR INTMAX UINTMAX PTRDIFF SIZE WCHAR WINT SIG_ATOMIC"),
    )
    for what in ("MIN", "MAX", "WIDTH", "C")
)  # fmt: skip
"""The macros of <stdint.h>, which every header includes, and a few that are none."""

STDINT_TYPES = frozenset(
    f"{sign}{type}_t"
    for sign in ("", "u")
    for type in ("int8", "int16", "int32", "int64", "intptr")
) | {"size_t"}
"""Types of C that members are declared with: in C++ a member can't be called so too."""

RUNTIME_TYPES = names(
    """vm_f32x4 vm_f64x2 vm_i128 vm_i128_value vm_i8x16 vm_region vm_u128 vm_u128_value"""
)
"""Types of `vmgen.h`."""

RUNTIME_FUNCTIONS = names(
    """vm_advance vm_inside vm_le16_load vm_le16_store vm_le32_load vm_le32_store
    vm_le64_load vm_le64_store vm_le_usize_load vm_le_usize_store vm_round_up"""
)

PREDEFINED = names(
    """__AVR __amd64 __arm __avr __i386 __i486 __i586 __i686 __k8 __linux __mips __native_client
    __s390 __sparc __sun __unix __wasm __x86_64"""
)
"""Macros that compilers have without being asked. Those that end in underscores are no
names of a schema."""

_MACRO = Taken(PREDEFINED, "a macro of C's compilers")
_TYPE = Taken(STDINT_TYPES, "a type of C's <stdint.h>")

WORDS = Words(
    "C",
    {"C": KEYWORDS | EXTENSIONS, "C++": CPP_KEYWORDS},
    {
        "type": (
            Taken(
                STDINT_TYPES | names("bool max_align_t ptrdiff_t wchar_t"),
                "a type of C's headers",
                escaped=False,
            ),
            Taken(
                RUNTIME_TYPES | RUNTIME_FUNCTIONS, "a name of vmgen.h", escaped=False
            ),
            Taken(frozenset(), "a name of vmgen.h", False, ("vmgen_",)),
            _MACRO,
        ),
        "field": (_TYPE, _MACRO),
        "context": (_TYPE, _MACRO),
        "parameter": (_TYPE,),
        "constant": (
            Taken(RUNTIME, "a macro of vmgen.h", escaped=False),
            Taken(STDINT, "a macro of C's <stdint.h>", escaped=False),
            Taken(frozenset(), "a name of vmgen.h", False, PREFIXES),
        ),
        "module": (
            Taken(
                names("vmgen vmgen_llvm"),
                "a name that other files of the bindings need",
                False,
            ),
            Taken(words("unix_headers"), "a header of C", False, option="include"),
        ),
    },
)
