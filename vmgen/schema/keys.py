"""The schema language: every key, its shape, what it is for, an example.

This is the one list. `vmgen.schema.files` holds documents against it, `vmgen schema`
prints it for editors, and a test holds `schemas/README.md` against it.
"""

from __future__ import annotations

from vmgen.schema.composite_shapes import ByForm, ByKind, Key, Keys, ListOf, MapOf
from vmgen.schema.condition_shapes import RANGE, or_cases, varying
from vmgen.schema.member_keys import (
    ALIGN,
    ALLOW,
    ATTRIBUTES,
    BYTES,
    C_HEADER,
    C_TYPE,
    CFG,
    CONSTANT_NAME,
    COUNTS,
    DERIVE,
    DOC,
    EXPECTATION,
    FEATURE_NAME,
    FIELDS,
    FLAGS,
    INTEGER,
    MODEL_NAME,
    MODULE_NAME,
    REGIONS,
    RUST_TYPE,
    SLOTS,
    TYPE_NAME,
    VARIANTS,
    VISIBILITY,
)
from vmgen.schema.member_shapes import Members
from vmgen.schema.shapes import Choice, Flag, Number, Shape, Text, TypeExpression

LANGUAGE_VERSION = 1


def _kind(word: str, what: str, keys: dict[str, Key]) -> Keys:
    known = {
        "kind": Key(Choice((word,)), f"`{word}`.", f"kind: {word}", required=True),
        "doc": DOC,
        **keys,
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
        "allow": ALLOW,
    }
    return Keys(what, varying(known, TYPE_NAME, *_PARTS))


_PARTS = ("kind", "fields", "variants", "functions", "counts", "flags", "regions")
"""Keys that are the same in all versions: their members have conditions."""


_ALIGN_KEY = Key(ALIGN, "At least this alignment, in bytes.", "align: 16")
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
            "align": _ALIGN_KEY,
            "copy": Key(Flag(), "Whether Rust may copy it.", "copy: true"),
            "derive": DERIVE,
            "pinned": Key(
                Flag(),
                "`true`: it stays where it is, so that Rust's isn't `Unpin`.",
                "pinned: true",
            ),
            "max_offset": _MAX_OFFSET,
        },
    ),
    "union": _kind(
        "union",
        "a union",
        {
            "fields": Key(
                FIELDS, "Members.", "fields: {i: i32, u: u32}", required=True
            ),
            "align": _ALIGN_KEY,
            "derive": DERIVE,
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
            "derive": DERIVE,
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
            "derive": DERIVE,
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
                unless="fields",
            ),
            "align": Key(
                ALIGN_PER_WIDTH,
                "Its alignment in bytes.",
                "align: 8",
                required=True,
                unless="fields",
            ),
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
        },
    ),
}
DECLARATION = ByKind("a type", KINDS)

CONSTANT_KEYS = Keys(
    "a constant",
    varying(
        {
            "type": Key(INTEGER, "Its integer type.", "type: u32", required=True),
            "value": Key(Number(), "Its value.", "value: 16"),
            "bytes": Key(
                Text("ASCII characters"),
                "Its value as ASCII, first character in the lowest byte.",
                "bytes: core",
            ),
            "doc": DOC,
        },
        CONSTANT_NAME,
    ),
)
FEATURE = ByForm(
    "`true`, `false` or a mapping",
    scalar=Flag(),
    mapping=Keys(
        "a feature",
        {
            "default": Key(Flag(), "Whether it is enabled.", "default: true"),
            "doc": DOC,
        },
    ),
)
DATA_MODEL_KEYS = Keys(
    "a data model",
    {
        "pointer": Key(
            Number(values=(16, 32, 64)),
            "Pointer width in bits.",
            "pointer: 32",
            required=True,
        ),
        "endian": Key(Choice(("little", "big")), "Byte order.", "endian: big"),
        "align": Key(
            MapOf(
                Choice(("pointer", "u16", "u32", "u64", "u128", "f32", "f64")),
                Number(values=(1, 2, 4, 8, 16)),
            ),
            "Alignments in bytes that are not the size.",
            "align: {u64: 4}",
        ),
        "atomics": Key(
            ListOf(Number(values=(8, 16, 32, 64, 128))),
            "Widths in bits of its atomics.",
            "atomics: [8, 16, 32]",
        ),
    },
)

TYPES = Members(TYPE_NAME, DECLARATION)
VERSION_KEYS = Keys(
    "a version",
    {
        "of": Key(
            RANGE,
            "A release, or the first and the last of several with the same layout.",
            'of: "48.0.0..48.0.5"',
            required=True,
        ),
        "module": Key(MODULE_NAME, "Names the files made of it.", "module: wasmtime48"),
    },
)
FRAGMENT = Keys(
    "a fragment",
    {
        "vmgen": Key(
            Number(values=(LANGUAGE_VERSION,)),
            "The version of this language.",
            "vmgen: 1",
            required=True,
        ),
        "doc": DOC,
        "include": Key(
            ListOf(Text("a path")),
            "Fragments whose declarations join this module's, relative to this file.",
            "include: [gc.vm.yaml]",
        ),
        "uses": Key(
            ListOf(Text("a path")),
            "Schemas whose types and constants are used here and declared there, relative "
            "to this file.",
            "uses: [common.vm.yaml]",
        ),
        "features": Key(
            MapOf(FEATURE_NAME, FEATURE),
            "Conditions for `when`.",
            "features: {gc: true}",
        ),
        "data_models": Key(
            MapOf(MODEL_NAME, DATA_MODEL_KEYS),
            "Targets that rustc doesn't know, for `targets`.",
            "data_models: {dsp32: {pointer: 32, align: {u64: 4}}}",
        ),
        "constants": Key(
            Members(CONSTANT_NAME, CONSTANT_KEYS),
            "Named integers.",
            "constants: {MAGIC: {type: u32, bytes: core}}",
        ),
        "types": Key(
            TYPES,
            "The declared types.",
            "types: {VMSharedTypeIndex: {kind: newtype, of: u32}}",
        ),
    },
)
_SAME_IN_ALL_VERSIONS = (
    "vmgen", "module", "versions", "include", "uses", "features", "data_models", "constants",
    "types",
)  # fmt: skip
MODULE = Keys(
    "a schema",
    or_cases(
        {
            "vmgen": FRAGMENT.keys["vmgen"],
            "module": Key(
                MODULE_NAME,
                "Names the files made.",
                "module: wasmtime42",
                required=True,
            ),
            "versions": Key(
                ListOf(
                    ByForm(
                        'a release, a range as "48.0.0..48.0.5", or a mapping with the key `of`',
                        scalar=RANGE,
                        mapping=VERSION_KEYS,
                    ),
                    least=1,
                ),
                "The releases that it describes, in order; with one layout each, or ranges.",
                'versions: ["47.0.0..47.0.4", "48.0.0"]',
            ),
            "targets": Key(
                ListOf(Text("a target"), least=1),
                "The targets it is for: triples, patterns, own data models. All of rustc's "
                "when left out.",
                "targets: [x86_64-unknown-linux-gnu, 'aarch64-*']",
            ),
            "padding": Key(
                Choice(("implicit", "explicit")),
                "`explicit` refuses padding that no field names.",
                "padding: explicit",
            ),
            "allow": Key(
                ALLOW.shape,
                "Allows what a rule finds about the module's name, a constant's, or what other modules "
                "declare too.",
                "allow: {declared-in-two-modules: no program uses both}",
            ),
            **{k: v for k, v in FRAGMENT.keys.items() if k != "vmgen"},
        },
        *_SAME_IN_ALL_VERSIONS,
    ),
)
