"""Names: what each sort is made of, and the keys by which languages have other ones."""

from __future__ import annotations

from vmgen.schema.composite_shapes import Key
from vmgen.schema.shapes import (
    IN_C,
    Name,
    NameElsewhere,
    RustTypeName,
)

MODULE_NAME = Name("a module", r"[a-z](_?[a-z0-9])*", "wasmtime42")
PARAMETER_NAME = Name("a parameter", r"[A-Z][A-Za-z0-9]*", "T")
_TYPE = r"_*[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*"
TYPE_NAME = Name("a type", _TYPE, "VMFuncRef", elsewhere=True)
FIELD_NAME = Name("a field", r"_*[a-z](_?[a-z0-9])*", "store_context", elsewhere=True)
ACCESSOR_NAME = Name("an accessor", r"[a-z](_?[a-z0-9])*", "bits")
FUNCTION_NAME = Name("a function", r"[a-z](_?[a-z0-9])*", "memory_grow", elsewhere=True)
VARIANT_NAME = Name("a variant", _TYPE, "Suspended", elsewhere=True)
RUST_TYPE = RustTypeName("crate::Handle")
RUST_PATH = Name(
    "an item of Rust",
    r"[A-Za-z_][A-Za-z0-9_]*(::[A-Za-z_][A-Za-z0-9_]*)*(<.+>)?",
    "wasmtime::runtime::vm",
)
C_TYPE = Name(
    "a type in C", r"((struct|union) )?[A-Za-z_][A-Za-z0-9_]*", "struct handle"
)
C_HEADER = Name(
    "a header",
    r"<[\w./+-]+>|[A-Za-z_][\w./+-]*|[\w./+-]*/[\w./+-]*|[0-9]\w*\.[A-Za-z_][\w./+-]*",
    "handle.h",
)
C_DEFINE = Name(
    "what C defines",
    r"(?!.*/[/*])[A-Za-z_][A-Za-z0-9_]*(=[^\s\\][^\n\\]*)?",
    "_GNU_SOURCE=1",
)
CONSTANT_NAME = Name(
    "a constant", r"[A-Z](_?[A-Z0-9])*", "VMCONTEXT_MAGIC", elsewhere=True
)
COUNT_NAME = Name("a count", r"[a-z](_?[a-z0-9])*", "num_defined_tags")
FEATURE_NAME = Name("a feature", r"[a-z]([_-]?[a-z0-9])*", "component-model")
RULE_NAME = Name("a rule", r"[a-z]([-]?[a-z0-9])*", "raw-pointer")
MODEL_NAME = Name("a data model", r"[a-z]([_-]?[a-z0-9])*", "dsp32")
_IN_PYTHON = rf"(?!_.*_$){IN_C}"
"""Names with `_` on both sides have a meaning of Python's or of ctypes'."""
_IN_RUST = rf"(?!_$){IN_C}"
_C_NAME = Key(
    NameElsewhere("something in C", IN_C, "kDLCPU"),
    "What C calls it, where that isn't its name here; of a value of an enum all of it.",
    "c_name: kDLCPU",
)
_RUST_NAME = Key(
    NameElsewhere("something in Rust", _IN_RUST, "Cpu"),
    "What Rust calls it, where that isn't its name here.",
    "rust_name: Cpu",
)
_PYTHON_NAME = Key(
    NameElsewhere("something in Python", _IN_PYTHON, "CPU"),
    "What Python calls it, where that isn't its name here.",
    "python_name: CPU",
)
CALLED = {
    "c_name": _C_NAME,
    "rust_name": _RUST_NAME,
    "python_name": _PYTHON_NAME,
}
"""What languages call something that has another name in the schema."""
CONSTANT_CALLED = {
    **CALLED,
    "python_name": Key(
        NameElsewhere("something in Python", rf"(?!.+_$){_IN_PYTHON}", "CPU"),
        _PYTHON_NAME.doc,
        _PYTHON_NAME.example,
    ),
}
TYPE_CALLED = {
    **CONSTANT_CALLED,
    "c_name": Key(
        NameElsewhere(
            "a type in C", rf"((struct|union|enum) )?{IN_C}", "struct io_uring_sqe"
        ),
        "What C calls it, where that isn't its name here; with `struct`, `union` or `enum` "
        "before it if that is no typedef.",
        "c_name: struct io_uring_sqe",
    ),
}
