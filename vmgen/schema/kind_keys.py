"""The keys of declarations, by their kind."""

from __future__ import annotations

from vmgen.schema.access_keys import ACCESS
from vmgen.schema.composite_shapes import (
    ByForm,
    ByKind,
    Key,
    Keys,
    ListOf,
    MapOf,
    NumberOr,
)
from vmgen.schema.condition_shapes import varying
from vmgen.schema.member_keys import (
    ALLOW,
    ATTRIBUTES,
    CFG,
    COUNTS,
    DERIVE,
    DOC,
    EXPECTATION,
    FIELDS,
    FLAGS,
    INTEGER,
    REGIONS,
    RESERVED,
    RUST_TYPES,
    SLOTS,
    VARIANTS,
    VISIBILITY,
)
from vmgen.schema.name_keys import (
    C_HEADER,
    C_TYPE,
    PARAMETER_NAME,
    RUST_PATH,
    RUST_TYPE,
    TYPE_CALLED,
    TYPE_NAME,
)
from vmgen.schema.number_keys import ALIGN, BYTES, PACKING
from vmgen.schema.on_keys import FOREIGN_CASE
from vmgen.schema.shapes import Choice, Flag, Number, Shape, TypeExpression, Why
from vmgen.schema.union_keys import MEMBERS


def _kind(word: str, what: str, keys: dict[str, Key]) -> Keys:
    known = {
        "kind": Key(Choice((word,)), f"`{word}`.", f"kind: {word}", required=True),
        "doc": DOC,
        **keys,
        **TYPE_CALLED,
        "visibility": VISIBILITY,
        "attrs": ATTRIBUTES,
        "cfg": CFG,
        "offset_type": Key(
            Choice(("u8", "u32")),
            "The integer that offsets of its parts, and its size, are for a compiler.",
            "offset_type: u8",
        ),
        "expect_size": Key(
            EXPECTATION, "The size you believe in, in bytes.", "expect_size: 16"
        ),
        "expect_align": Key(
            EXPECTATION,
            "The alignment you believe in, in bytes.",
            "expect_align: 8",
        ),
        "rust_path": Key(
            RUST_PATH,
            "Where binaries have it, if other types of them have its name.",
            "rust_path: wasmtime::runtime::vm::vmcontext::VMContext",
        ),
        "allow": ALLOW,
    }
    return Keys(what, varying(known, TYPE_NAME, *_PARTS))


_PARTS = ("kind", "fields", "variants", "functions", "counts", "flags", "regions")
"""Keys that are the same in all versions: their members have conditions."""


_ALIGN_KEY = Key(ALIGN, "At least this alignment, in bytes.", "align: 16")
_PACKED_KEY = Key(
    NumberOr(PACKING, Flag()),
    "`true`: nothing in it is aligned, as `#pragma pack(1)` has it; a number: nothing to more "
    "than that.",
    "packed: true",
)
_MAX_OFFSET = Key(
    Number(0, 0xFFFF_FFFF),
    "The largest offset that the instructions reading it can encode, in bytes.",
    "max_offset: 255",
)
_WIDTH = Choice(("16", "32", "64"))
PER_WIDTH: Shape = ByForm(
    "a number of bytes, or a mapping from pointer widths to numbers",
    scalar=BYTES,
    mapping=MapOf(_WIDTH, BYTES),
)
ALIGN_PER_WIDTH: Shape = ByForm(
    "a number of bytes, or a mapping from pointer widths to numbers",
    scalar=ALIGN,
    mapping=MapOf(_WIDTH, ALIGN),
)

KINDS = {
    "struct": _kind(
        "struct",
        "a struct",
        {
            "fields": Key(
                FIELDS, "Fields in order.", "fields: {a: u32}", required=True
            ),
            "params": Key(
                ListOf(PARAMETER_NAME, least=1),
                "Types that a generic record is about, without being made of them.",
                "params: [T]",
            ),
            "align": _ALIGN_KEY,
            "packed": _PACKED_KEY,
            "copy": Key(Flag(), "Whether Rust may copy it.", "copy: true"),
            "derive": DERIVE,
            "pinned": Key(
                Flag(),
                "`true`: it stays where it is, so that Rust's isn't `Unpin`.",
                "pinned: true",
            ),
            "prefix": Key(
                Flag(),
                "`true`: it goes on behind what is described, so that it has no size.",
                "prefix: true",
            ),
            "max_offset": _MAX_OFFSET,
            "reserved": RESERVED,
        },
    ),
    "union": _kind(
        "union",
        "a union",
        {
            "fields": Key(
                MEMBERS, "Members.", "fields: {i: i32, u: u32}", required=True
            ),
            "align": _ALIGN_KEY,
            "accessors": Key(
                Flag(),
                "`true`: Rust makes one of a member, and reads a member, by methods alone.",
                "accessors: true",
            ),
            "packed": _PACKED_KEY,
            "derive": DERIVE,
            "reserved": RESERVED,
        },
    ),
    "enum": _kind(
        "enum",
        "an enum",
        {
            "tag": Key(INTEGER, "The discriminant's type.", "tag: u32", required=True),
            "variants": Key(
                VARIANTS, "Variants in order.", "variants: {A: 0, B: 1}", required=True
            ),
            "trusted": Key(
                Why(),
                "Why no value is ever written that no variant has: Rust's is an enum then.",
                "trusted: only the host writes it",
            ),
            "derive": DERIVE,
            "reserved": RESERVED,
        },
    ),
    "newtype": _kind(
        "newtype",
        "a newtype",
        {
            "of": Key(
                TypeExpression(), "The one type inside.", "of: u32", required=True
            ),
            "derive": DERIVE,
            "field_visibility": Key(
                VISIBILITY.shape,
                "Who sees what is inside in Rust; everybody when left out.",
                "field_visibility: private",
            ),
        },
    ),
    "opaque": Keys(
        "an opaque type",
        varying(
            {
                "kind": Key(
                    Choice(("opaque",)), "`opaque`.", "kind: opaque", required=True
                ),
                "doc": DOC,
                **TYPE_CALLED,
                "visibility": VISIBILITY,
                "attrs": ATTRIBUTES,
                "cfg": CFG,
            },
            TYPE_NAME,
            "kind",
        ),
    ),
    "functions": _kind(
        "functions",
        "a table of functions",
        {
            "functions": Key(
                SLOTS,
                "Slots in order.",
                'functions: {trap: "(code: u32)"}',
                required=True,
            ),
            "access": ACCESS,
            "rust_types": RUST_TYPES,
            "derive": DERIVE,
            "reserved": RESERVED,
        },
    ),
    "foreign": _kind(
        "foreign",
        "a foreign type",
        {
            "rust": Key(RUST_TYPE, "Its path in Rust.", "rust: crate::Handle"),
            "c": Key(C_TYPE, "Its name in C.", "c: struct handle"),
            "c_header": Key(
                C_HEADER, "The header that declares it in C.", "c_header: handle.h"
            ),
            "fields": Key(
                FIELDS,
                "Its fields in order, to be checked where it is declared.",
                "fields: {a: u32}",
            ),
            "size": Key(
                PER_WIDTH,
                "Its size in bytes.",
                "size: 16",
                required=True,
                unless=("fields",),
            ),
            "align": Key(
                ALIGN_PER_WIDTH,
                "Its alignment in bytes.",
                "align: 8",
                required=True,
                unless=("fields",),
            ),
            "on_targets": Key(
                ListOf(FOREIGN_CASE, least=1),
                "Its size and alignment on some targets, the first that meet.",
                "on_targets: [{on: {os: macos}, size: 64, align: 8}]",
            ),
            "packed": _PACKED_KEY,
            "copy": Key(Flag(), "Whether Rust may copy it.", "copy: true"),
            "vm_safe": Key(
                Flag(),
                "`false`: it isn't VmSafe, so that fields of it have to be allowed.",
                "vm_safe: false",
            ),
        },
    ),
    "context": _kind(
        "context",
        "a context",
        {
            "align": _ALIGN_KEY,
            "counts": Key(COUNTS, "Numbers its size depends on.", "counts: [num_tags]"),
            "flags": Key(FLAGS, "Yes-or-no counts.", "flags: [has_startup_func]"),
            "fields": Key(FIELDS, "Fixed fields in order.", "fields: {magic: u32}"),
            "regions": Key(
                REGIONS,
                "Regions in order.",
                'regions: {tags: "[VMTagDefinition; num_tags]"}',
            ),
            "max_offset": _MAX_OFFSET,
            "reserved": RESERVED,
        },
    ),
}
DECLARATION = ByKind("a type", KINDS)
