"""Names in generated Rust, and texts in its literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema.rusttype import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Collection


PRELUDE = {
    "Option": "::core::option::Option",
    "Some": "::core::option::Option::Some",
    "None": "::core::option::Option::None",
    "Result": "::core::result::Result",
    "Ok": "::core::result::Result::Ok",
    "Err": "::core::result::Result::Err",
    "Clone": "::core::clone::Clone",
    "Copy": "::core::marker::Copy",
    "From": "::core::convert::From",
    "Iterator": "::core::iter::Iterator",
}
"""What generated code uses of Rust's prelude, which a type of the same name hides."""

_NEVER_RAW = frozenset(("crate", "self", "super"))

BROUGHT = ("VmPtr", "VmSafe", "Le", "NonNull", "Elements")
"""What generated code imports, or declares itself."""


def used_names(declared: Collection[str]) -> dict[str, str]:
    """How a module that declares these types spells what its templates use."""
    names = {n: path if n in declared else n for n, path in PRELUDE.items()}
    return names | {name: local(name, declared) for name in BROUGHT}


def local(name: str, declared: Collection[str]) -> str:
    """What something that is imported is called beside these types. No name of a schema
    ends in an underscore."""
    return f"{name}_" if name in declared else name


def spelled(name: str) -> str:
    """A declared name, with `_` where it is a keyword that the author kept.

    `vmgen.languages.words.Words.spelled` says why that can't be another name.
    """
    return f"{name}_" if name in KEYWORDS else name


def raw(name: str) -> str:
    """A name that somebody else declared, with what Rust has for keywords."""
    return f"r#{name}" if name in KEYWORDS - _NEVER_RAW else name


def free(name: str, taken: Collection[str]) -> str:
    """`name`, with as many underscores after it as it takes not to be taken."""
    while name in taken:
        name += "_"
    return name


def literal(text: str) -> str:
    """What is between the quotes of a string literal that says `text`."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
