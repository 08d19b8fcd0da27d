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
