"""Names that Python keeps for itself, and those that the generated classes have.

Keywords are those of Python 3.10 to 3.15. Soft keywords are left out: they are fine as
names.
"""

from __future__ import annotations

from vmgen.languages.wordlists import words
from vmgen.languages.words import Taken, Words, names

KEYWORDS = names(
    """False None True and as assert async await break class continue def del elif else
    except finally for from global if import in is lambda nonlocal not or pass raise
    return try while with yield"""
)

CTYPES = names(
    "from_address from_buffer from_buffer_copy from_param in_dll mro _objects"
)
"""What every `ctypes` class has; a field of that name would hide it."""

ENUM = names(
    """as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer
    mro name numerator real to_bytes value"""
)
"""What every value of an `IntEnum` has, and the one name that none of them may have."""

RECORD = names("at dtype pack read read_array write")
"""Methods of the generated Python classes of records."""

CONTEXT = names("address at counts dtype offsets pack read size target")
"""Methods and attributes of the generated Python classes of contexts."""

BUILTINS = names("bool float globals int object str super tuple type")
"""What generated modules use of Python's built-ins, which a class of that name would hide."""

FILES = names("annotationlib compression vmgen_runtime")
"""Files that the bindings bring along, and what Python 3.14's library has more than that
of the Pythons which the list is made of."""

_MODULES = (
    Taken(FILES, "a name that other files of the bindings need", escaped=False),
    Taken(words("modules"), "a module of Python's library", False, option="package"),
)

WORDS = Words(
    "Python",
    {"Python": KEYWORDS},
    {
        "field": (
            Taken(CTYPES, "an attribute of every ctypes class"),
            Taken(RECORD, "a method of the Python bindings' records"),
        ),
        "variant": (
            Taken(ENUM, "an attribute of Python's enums"),
            Taken(CTYPES, "an attribute of every ctypes class"),
            Taken(frozenset(), "private in a Python class", False, prefixes=("__",)),
        ),
        "context": (Taken(CONTEXT, "an attribute of the Python bindings' contexts"),),
        "type": (Taken(BUILTINS, "a built-in of Python", escaped=False),),
        "module": _MODULES,
        # `python/<family>.py` leads to the versions; no other language has such a file.
        "family": (Taken(KEYWORDS, "a keyword of Python", escaped=False), *_MODULES),
    },
)
