"""The work: N records of ten documented fields, in every tool's own language.

Field types cycle through u8, u16, u32, u64, usize and a pointer to the record before.
Every fifth field embeds a leaf record by value (every tenth record is a leaf and
embeds nothing); of the others every seventh is sixteen bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

FIELDS = 10
_CYCLE = ("u8", "u16", "u32", "u64", "usize", "pointer")
_C = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t"}
_FLAT = {"u8": "ubyte", "u16": "ushort", "u32": "uint", "u64": "ulong"}


def field_kind(record: int, field: int) -> tuple[str, int]:
    """What a field is, and the record it is about (-1 for none)."""
    number = record * FIELDS + field
    if field % 5 == 4 and record % 10:
        return "embedded", record - record % 10
    if number % 7 == 6:
        return "bytes", -1
    kind = _CYCLE[number % 6]
    return (kind, max(record - 1, 0)) if kind == "pointer" else (kind, -1)


def _fields(record: int) -> Iterator[tuple[int, str, int]]:
    for field in range(FIELDS):
        kind, other = field_kind(record, field)
        yield field, kind, other


def _record_doc(record: int) -> str:
    return f"Record number {record} of the benchmark."


def _field_doc(record: int, field: int) -> str:
    return f"Field number {field} of record {record}."


def as_schema(count: int) -> str:
    """The records as a schema for vmgen."""
    lines = ["vmgen: 1", "module: bench", "doc: Records to measure with.", "types:"]
    for record in range(count):
        lines.append(f"  Record{record}:")
        lines.append("    kind: struct")
        lines.append(f"    doc: {_record_doc(record)}")
        lines.append("    fields:")
        for field, kind, other in _fields(record):
            text = {
                "embedded": f"Record{other}",
                "bytes": '"[u8; 16]"',
                "pointer": f"VmPtr<Record{other}>",
            }.get(kind, kind)
            doc = _field_doc(record, field)
            lines.append(f"      field_{field}: {{type: {text}, doc: {doc}}}")
    return "\n".join(lines) + "\n"


_ELEMENTS = ("[u8; 3]", "[u32; 5]", "[u64; 7]", "[u128; 9]")


def regions_as_schema(count: int, *, rounded: bool) -> str:
    """A context of regions with unlike elements over six counts, in turn; they follow
    each other without gaps unless `rounded`."""
    lines = ["vmgen: 1", "module: bench", "targets: [x86_64-unknown-linux-gnu]"]
    lines += ["types:", "  Bench:", "    kind: context"]
    if not rounded:
        lines.append("    allow: {misaligned-region: to be measured}")
    lines.append(f"    counts: [{', '.join(f'n{i}' for i in range(6))}]")
    lines.append("    regions:")
    for k in range(count):
        type = f'"[{_ELEMENTS[k * 7 % 4]}; n{k % 6}]"'
        align = "" if rounded else ", align: none"
        lines.append(f"      r{k}: {{type: {type}{align}}}")
    return "\n".join(lines) + "\n"


def as_c(count: int) -> str:
    """The records as a C header, for bindgen, ctypesgen and ctypeslib2."""
    lines = ["#include <stdint.h>", ""]
    for record in range(count):
        lines.append(f"/** {_record_doc(record)} */")
        lines.append(f"struct Record{record} {{")
        for field, kind, other in _fields(record):
            name = f"field_{field}"
            text = {
                "embedded": f"struct Record{other} {name}",
                "bytes": f"uint8_t {name}[16]",
                "pointer": f"struct Record{other} *{name}",
                "usize": f"uintptr_t {name}",
            }.get(kind) or f"{_C[kind]} {name}"
            lines.append(f"    /** {_field_doc(record, field)} */")
            lines.append(f"    {text};")
        lines.append("};")
    return "\n".join(lines) + "\n"


def as_rust(count: int) -> str:
    """The records as Rust, for cbindgen."""
    lines = []
    for record in range(count):
        lines.append(f"/// {_record_doc(record)}")
        lines.append("#[repr(C)]")
        lines.append(f"pub struct Record{record} {{")
        for field, kind, other in _fields(record):
            text = {
                "embedded": f"Record{other}",
                "bytes": "[u8; 16]",
                "pointer": f"*mut Record{other}",
            }.get(kind, kind)
            lines.append(f"    /// {_field_doc(record, field)}")
            lines.append(f"    pub field_{field}: {text},")
        lines.append("}")
        lines.append("#[no_mangle]")
        lines.append(f'pub extern "C" fn use_{record}(_: &Record{record}) {{}}')
    return "\n".join(lines) + "\n"


def as_measured_rust(count: int) -> str:
    """The same with the size, the alignment and all offsets of each record as an array:
    the least that Rust can say of them, compared with nothing."""
    lines = [as_rust(count)]
    for record in range(count):
        name = f"Record{record}"
        lines.append(f"const _: [usize; {FIELDS + 2}] = [")
        lines.append(f"    size_of::<{name}>(),")
        lines.append(f"    align_of::<{name}>(),")
        for field in range(FIELDS):
            lines.append(f"    core::mem::offset_of!({name}, field_{field}),")
        lines.append("];")
    return "\n".join(lines) + "\n"


def as_flatbuffers(count: int) -> str:
    """The records as a FlatBuffers schema; there is no pointer, a table comes nearest."""
    lines = []
    for record in range(count):
        lines.append(f"/// {_record_doc(record)}")
        lines.append(f"table Record{record} {{")
        for field, kind, other in _fields(record):
            text = {
                "embedded": f"Record{other}",
                "bytes": "[ubyte]",
                "pointer": f"Record{other}",
                "usize": "ulong",
            }.get(kind) or _FLAT[kind]
            lines.append(f"  /// {_field_doc(record, field)}")
            lines.append(f"  field_{field}: {text};")
        lines.append("}")
    return "\n".join(lines) + "\n"
