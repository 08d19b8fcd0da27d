"""What people write who come from C, Rust or other schema languages, and what it is here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.schema.types import ATOMIC_OF, INT_BITS, NON_ZERO_OF

if TYPE_CHECKING:
    from collections.abc import Collection

_KEYS = {
    "doc": "description desc docs comment comments documentation summary help note",
    "types": "type typedef typedefs declarations definitions defs structures",
    "constants": "consts constant defines enums_of_constants",
    "include": "includes fragments",
    "uses": "use using import imports from depends dependencies requires",
    "targets": "target platforms triples arch archs",
    "features": "cfg options conditions",
    "data_models": "data_model custom_targets machines",
    "module": "name crate package namespace",
    "fields": "members member field elements properties entries",
    "variants": "values cases members enumerators options fields",
    "functions": "slots methods entries members fields",
    "signature": "type sig prototype params parameters args arguments",
    "type": "ty of t kind datatype data_type",
    "of": "type inner base ty fields",
    "tag": "repr type discriminant underlying size",
    "value": "discriminant number const constant default magic",
    "when": "if cfg feature condition optional",
    "access": "flags readonly mutability",
    "endian": "endianness byte_order",
    "expect_offset": "offset at pos",
    "expect_size": "size sizeof size_of",
    "expect_align": "alignment alignof",
    "align": "alignment aligned align_to",
    "copy": "clone",
    "derive": "derives traits",
    "accessors": "methods getters constructors views",
    "visibility": "vis pub",
    "attrs": "attributes attr",
    "cfg": "condition if feature",
    "pinned": "pin unpin",
    "params": "parameters generics type_parameters template",
    "trusted": "exhaustive closed valid",
    "allow": "waive ignore suppress lint allows",
    "rust": "path rust_type name",
    "rust_path": "rust_module crate_path dwarf_name",
    "c": "c_type",
    "c_header": "header include",
    "counts": "parameters params sizes lengths",
    "regions": "arrays parts sections tail members",
    "pointer": "pointer_width width bits",
    "width": "pointer pointer_width bits target_pointer_width size",
    "os": "system platform target_os operating_system env",
    "arch": "architecture machine cpu processor target_arch isa",
    "any": "or one_of either",
    "not": "unless except none no",
    "versions": "releases version_list",
    "since": "from added added_in introduced as_of min_version",
    "until": "before to removed removed_in gone max_version",
    "was": "renamed renamed_from formerly old_name previously alias aliases",
}
"""Each key, and what it is called elsewhere, in the order in which to look."""

_KINDS = {
    "struct": "structs records record structures structure class object",
    "union": "unions",
    "enum": "enums enumerations enumeration variant sum tagged_union bitflags",
    "newtype": "newtypes aliases alias typedef_types typedef wrapper scalar integer",
    "opaque": "opaques opaque_types forward extern_type pointer handle",
    "functions": "functions function_tables function_table vtables vtable table builtins",
    "foreign": "foreigns external externs extern",
    "context": "contexts vmcontext vmctx",
}

_HERE = {
    **dict.fromkeys(("uint8_t", "uint8", "uchar", "byte", "BYTE"), "u8"),
    **dict.fromkeys(("int8_t", "int8", "schar"), "i8"),
    **dict.fromkeys(("uint16_t", "uint16", "ushort", "WORD"), "u16"),
    **dict.fromkeys(("int16_t", "int16", "short"), "i16"),
    **dict.fromkeys(("uint32_t", "uint32", "uint", "DWORD", "unsigned"), "u32"),
    **dict.fromkeys(("int32_t", "int32", "int", "signed"), "i32"),
    **dict.fromkeys(("uint64_t", "uint64", "QWORD"), "u64"),
    **dict.fromkeys(("int64_t", "int64"), "i64"),
    **dict.fromkeys(("uintptr_t", "c_size_t", "uintptr"), "usize"),
    **dict.fromkeys(("ptrdiff_t", "intptr_t", "c_ssize_t"), "isize"),
    **dict.fromkeys(("uint128_t", "__uint128_t", "uint128"), "u128"),
    **dict.fromkeys(("int128_t", "__int128_t", "__int128", "int128"), "i128"),
}  # fmt: skip
"""Integers of C, ctypes and Windows' headers that are one of Rust's everywhere."""

_WORDS = {
    **dict.fromkeys(("long", "LONG"), "write `c_long`, which is C's `long` on every target"),
    "ulong": "write `c_ulong`, which is C's `unsigned long` on every target",
    "CHAR": "write `c_char`, which is C's `char` on every target",
    **{
        name: f"`{name}` is Rust's `f32`; a record keeps its bits in a `u32`"
        for name in ("float",)
    },
    **{
        name: f"`{name}` is Rust's `f64`; a record keeps its bits in a `u64`"
        for name in ("double",)
    },
    **dict.fromkeys(("_Bool", "boolean", "c_bool", "Bool", "BOOLEAN"), "write `u8`: a `bool` that is neither 0 nor 1 is undefined behaviour in Rust"),
    **dict.fromkeys(("void", "c_void", "c_void_p", "Pointer", "Ptr", "ptr", "pointer"), "write `()` behind a pointer: `VmPtr<()>`, or `Option<VmPtr<()>>` if it may " "be null"),
    "wchar_t": "`wchar_t` has 16 bits on Windows and 32 elsewhere: write `u16` or `u32`",
    "AtomicPtr": "write `AtomicUsize`, which has the same layout, for the address",
    "string": "write a `VmPtr<u8>`, and its length in a field of its own",
    "time_t": "`time_t` has 32 or 64 bits: write `i64` or `i32`",
}  # fmt: skip

_C_POINTER = re.compile(
    r"(?:const\s+|struct\s+|volatile\s+)*([A-Za-z_][\w ]*?)\s*(\*+)"
)
_BARE_POINTER = re.compile(r"\*\s*([A-Za-z_]\w*)")
_C_ARRAY = re.compile(r"([A-Za-z_]\w*)\s*\[\s*(\w*)\s*\]")
_BITS = re.compile(r"([ui]\d+|[A-Za-z_]\w*)\s*:\s*(\d+)")
_C_WORDS = re.compile(r"(?:(?:const|volatile|struct|union|enum)\s+)+([A-Za-z_]\w*)")
_ODD_WIDTH = re.compile(r"([ui])(\d+)")
_C_MANY_WORDS = {
    "unsigned char": "u8", "signed char": "i8", "unsigned short": "u16", "short int": "i16",
    "unsigned int": "u32", "signed int": "i32", "long long": "i64", "long long int": "i64",
    "unsigned long long": "u64", "long int": "long", "unsigned long": "ulong",
    "unsigned long int": "ulong", "long double": "long double",
}  # fmt: skip


def key_hint(what: str, name: str, known: Collection[str]) -> tuple[str, ...]:
    """The `help` for a key that something has by another name; `what` has `known`."""
    word = name.lower().replace("-", "_")
    if what == "a type" and word in ("type", "is"):
        return ("write `kind`",)
    if "types" in known:
        for kind, others in _KINDS.items():
            if word in (kind, *others.split()):
                return (
                    f"types of all kinds stand under `types`, each with its `kind`: "
                    f"`kind: {kind}`",
                )
    if word in ("cfg", *_ON_SOME) and what == "a field":
        return (ON_OR_WHEN,)
    if word in ("cfg", "on", *_ON_SOME) and what == "a region":
        return (FLAG_OF_REGION,)
    if word in ("on", *_ON_SOME) and what not in ("a field", "a condition", "a schema"):
        return (ON_OF_FIELDS,)
    if word == "cfg" and what in ("a constant", "a count", "a flag"):
        return (ALWAYS_THERE,)
    if word == "packed":
        return ("structs and unions can be packed, and nothing else",)
    if word in ("bits", "bitfield", "bit_width"):
        return (BITS_OF_STRUCTS,)
    for key, others in _KEYS.items():
        if key in known and word in others.split():
            return (f"write `{key}`",)
    if word == "name" and what.startswith("a"):
        return ("the name is the key above it",)
    return ()


ALWAYS_THERE = "it is always there, as it takes no room where nobody names it"
_ON_SOME = ("os", "arch", "only_on", "ifdef", "platform", "platforms", "target")
ON_OR_WHEN = (
    "all languages have the same fields: write `on` for the targets that it is there on, or "
    "`when` for a feature, which decides when the bindings are made"
)
FLAG_OF_REGION = (
    "regions are there on every target: write `when` and a flag, which is clear where it "
    "isn't there"
)
ON_OF_FIELDS = (
    "fields of structs, unions and contexts can be there on some targets only, and nothing "
    "else: write `on` at those"
)


def kind_hint(word: str) -> tuple[str, ...]:
    """The `help` for a kind of type that has another name here."""
    for kind, others in _KINDS.items():
        if word.lower() in others.split():
            return (f"write `kind: {kind}`",)
    return ()


BITS_OF_STRUCTS = "fields of structs can be bit-fields, by `bits`, and nothing else"


def type_hint(name: str) -> tuple[str, ...]:
    """The `help` for the name of a type that is no type of Rust's, or not that one."""
    if name in _HERE:
        return (f"write `{_HERE[name]}`",)
    if name in _WORDS:
        return (_WORDS[name],)
    lower = name.lower()
    spelled = _CASELESS.get(lower)
    if spelled is not None and spelled != name:
        return (f"write `{spelled}`",)
    width = _ODD_WIDTH.fullmatch(lower)
    if width is not None:
        return ("integers have 8, 16, 32, 64 or 128 bits",)
    return ()


_CASELESS = {
    name.lower(): name
    for name in (*INT_BITS, *ATOMIC_OF, *NON_ZERO_OF, *("bool", "char", "f32", "f64"))
}
_CASELESS |= {name.lower(): name for name in ("VmPtr", "Option", "UnsafeCell")}


def spelling_hint(text: str) -> tuple[str, ...]:
    """The `help` for a text that is no type in Rust's syntax, but one in C's."""
    text = " ".join(text.split())
    if bare := _BARE_POINTER.fullmatch(text):
        made = f"VmPtr<{_from_c(bare[1])}>"
        return (f"write `{made}`, or `Option<{made}>` if it may be null",)
    if pointer := _C_POINTER.fullmatch(text):
        made = _from_c(pointer[1])
        for _ in pointer[2]:
            made = f"VmPtr<{made}>"
        return (f"write `{made}`, or `Option<{made}>` if it may be null",)
    if array := _C_ARRAY.fullmatch(text):
        return (f"write `[{_from_c(array[1])}; {array[2] or 'N'}]`",)
    if bits := _BITS.fullmatch(text):
        return (
            f"write `{{type: {_from_c(bits[1])}, bits: {bits[2]}}}` for a bit-field",
        )
    if text in _C_MANY_WORDS:
        return type_hint(text) or _many_words(text)
    if words := _C_WORDS.fullmatch(text):
        return (f"write `{_from_c(words[1])}`",)
    return ()


def _many_words(text: str) -> tuple[str, ...]:
    made = _C_MANY_WORDS[text]
    if made == "long double":
        return ("no type of Rust's is C's `long double`: keep it behind a pointer",)
    return (_WORDS[made],) if made in _WORDS else (f"write `{made}`",)


def _from_c(name: str) -> str:
    """A type of C as it is written here, as far as it is one everywhere."""
    name = name.strip()
    if name in ("void", "c_void"):
        return "()"
    if name == "char":
        return "u8"
    made = _C_MANY_WORDS.get(name, name)
    return _HERE.get(made, made)
