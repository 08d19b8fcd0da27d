"""Names that some header of C has as a macro or a type, which no scope keeps out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vmgen.languages.wordlists import is_in, words
from vmgen.languages.words import names

if TYPE_CHECKING:
    from vmgen.languages.wordlists import Words
    from vmgen.languages.words import Role

MACROS = names(
    """VM_ALIGNAS VM_ATOMIC VM_BEGIN_DECLARATIONS VM_CAST VM_CHECKED VM_END_DECLARATIONS
    VM_NONNULL VM_NO_ATOMICS VM_NULLABLE VM_STATIC_ASSERT VM_TARGET VM_U128_ALIGN"""
)
"""Macros and constants of `vmgen.h`: the words, and how others begin."""

MODULES = names(
    "alloc annotationlib compression core lib proc_macro std test vmgen vmgen_runtime vmptr"
)
"""Crates that every Rust program sees, files that the bindings bring along, and what
Python 3.14's library has more than that of the Pythons which the lists are made of."""

DEVICES = names("aux con nul prn") | {
    f"{x}{n}" for x in ("com", "lpt") for n in range(10)
}
"""Names that Windows keeps for devices, whatever comes behind a dot."""

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

MACROS = names(
    """BOOL BUFSIZ BYTE CHAR_BIT CHAR_MAX CHAR_MIN DELETE DIR DWORD EOF ERROR FALSE FILE
    HANDLE IN INFINITY INT_MAX INT_MIN LONG_MAX LONG_MIN MAX_PATH NAN NULL OPTIONAL OUT
    PAGE_SIZE PATH_MAX RAND_MAX TRUE UINT_MAX ULONG_MAX VOID WORD
    cdecl complex emit environ errno far foreach forever h_addr hyper i386 imaginary
    interface linux mips near noreturn pascal s_addr sa_handler sa_sigaction signals slots
    small st_atime st_ctime st_mtime stderr stdin stdout sun unix"""
)
"""Words that some common C header or compiler defines as a macro or a type: compilers,
Qt, and what the lists of headers have on one system alone."""

_MACRO_LISTS: dict[Role, tuple[Words, ...]] = {
    "module": ("windows_headers",),
    "type": ("unix_types", "windows_types"),
    "constant": ("unix_types", "windows_types"),
    "field": ("unix_members", "windows_members"),
    "context": ("unix_members", "windows_members"),
    "parameter": ("unix_members", "windows_members"),
}
"""The lists of what a name should not be in a role."""


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
