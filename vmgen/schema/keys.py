"""The schema language: every key, its shape, what it is for, an example.

This is the one list. `vmgen.schema.files` holds documents against it, `vmgen schema`
prints it for editors, and a test holds `schemas/README.md` against it.
"""

from __future__ import annotations

from vmgen.schema.shapes import (
    ByForm,
    ByKind,
    Choice,
    Flag,
    Key,
    Keys,
    ListOf,
    MapOf,
    Name,
    Number,
    NumberOr,
    PowerOfTwo,
    Shape,
    Text,
    TypeExpression,
)

LANGUAGE_VERSION = 1

MODULE_NAME = Name("a module", r"[a-z](_?[a-z0-9])*", "wasmtime42")
TYPE_NAME = Name("a type", r"[A-Z][A-Za-z0-9]*", "VMFuncRef")
FIELD_NAME = Name("a field", r"_?[a-z](_?[a-z0-9])*", "store_context")
FUNCTION_NAME = Name("a function", r"[a-z](_?[a-z0-9])*", "memory_grow")
VARIANT_NAME = Name("a variant", r"[A-Z][A-Za-z0-9]*", "Suspended")
CONSTANT_NAME = Name("a constant", r"[A-Z](_?[A-Z0-9])*", "VMCONTEXT_MAGIC")
COUNT_NAME = Name("a count", r"[a-z](_?[a-z0-9])*", "num_defined_tags")
FEATURE_NAME = Name("a feature", r"[a-z]([_-]?[a-z0-9])*", "component-model")
RULE_NAME = Name("a rule", r"[a-z]([-]?[a-z0-9])*", "raw-pointer")
MODEL_NAME = Name("a data model", r"[a-z]([_-]?[a-z0-9])*", "dsp32")
INTEGER = Choice(
    ("u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize")
)
ALIGN = PowerOfTwo(1, 1 << 28)
BYTES = Number(0, 1 << 62)

DOC = Key(Text(), "What it is, for whoever reads the bindings.", "doc: Current size.")
ALLOW = Key(
    MapOf(RULE_NAME, Text("a reason")),
    "Silences a rule at this one place; the reason ends up in the bindings.",
    "allow: {raw-pointer: only the host reads it}",
)
EXPECTATION = ByForm(
    "a number of bytes, or a mapping from pointer widths or targets to numbers",
    scalar=BYTES,
    mapping=MapOf(Text("a pointer width in bits or a target"), BYTES),
)
WHEN_FEATURE = Key(
    FEATURE_NAME,
    "Only there when this feature is enabled.",
    "when: component-model",
)
ACCESS = Key(
    ListOf(Choice(("readonly", "can_move"))),
    "What a compiler may assume of loads: `readonly`, the value never changes while "
    "compiled code runs; `can_move`, the load may be hoisted.",
    "access: [readonly, can_move]",
)

FIELD_KEYS = Keys(
    "a field",
    {
        "type": Key(TypeExpression(), "The field's type.", "type: u32", required=True),
        "doc": DOC,
        "access": ACCESS,
        "endian": Key(
            Choice(("native", "little")),
            "`little` for words that are little-endian at rest on every host.",
            "endian: little",
        ),
        "value": Key(
            CONSTANT_NAME, "The constant that the field always holds.", "value: MAGIC"
        ),
        "expect_offset": Key(
            EXPECTATION,
            "The offset you believe in, in bytes; checked, never obeyed.",
            "expect_offset: {64: 8, 32: 4}",
        ),
        "when": WHEN_FEATURE,
        "allow": ALLOW,
    },
)
FIELDS = MapOf(
    FIELD_NAME,
    ByForm(
        "a type, or a mapping with the key `type`",
        scalar=TypeExpression(),
        mapping=FIELD_KEYS,
    ),
)

VARIANT_KEYS = Keys(
    "a variant",
    {
        "type": Key(TypeExpression(), "The payload's type.", "type: DefinedIndex"),
        "value": Key(
            NumberOr(Number(), CONSTANT_NAME),
            "The discriminant: a number or a constant; one more than the variant "
            "before when left out.",
            "value: 3",
        ),
        "doc": DOC,
        "when": WHEN_FEATURE,
        "allow": ALLOW,
    },
)
VARIANTS = MapOf(
    VARIANT_NAME,
    ByForm(
        "a discriminant, a payload's type, nothing, or a mapping",
        scalar=NumberOr(Number(), TypeExpression()),
        mapping=VARIANT_KEYS,
        null=True,
    ),
)

SLOT_KEYS = Keys(
    "a function",
    {
        "signature": Key(
            TypeExpression(signature=True),
            "Parameters and result.",
            'signature: "(delta: u64) -> u32"',
            required=True,
        ),
        "doc": DOC,
        "when": WHEN_FEATURE,
        "allow": ALLOW,
    },
)
SLOTS = MapOf(
    FUNCTION_NAME,
    ByForm(
        "a signature, or a mapping with the key `signature`",
        scalar=TypeExpression(signature=True),
        mapping=SLOT_KEYS,
    ),
)

COUNTS = ByForm(
    "a list of names, or a mapping from names to descriptions",
    sequence=ListOf(COUNT_NAME),
    mapping=MapOf(COUNT_NAME, ByForm("a text or nothing", scalar=Text(), null=True)),
)
REGION_KEYS = Keys(
    "a region",
    {
        "type": Key(
            TypeExpression(),
            "`[T; count]`, or `T` for a single record.",
            'type: "[VMTagDefinition; num_defined_tags]"',
            required=True,
        ),
        "doc": DOC,
        "align": Key(
            NumberOr(ALIGN, Choice(("none",))),
            "Round the region's start to more than its natural alignment, or with "
            "`none` not at all.",
            "align: 16",
        ),
        "when": Key(
            FEATURE_NAME,
            "Only there when this flag of the context is set, or this feature enabled.",
            "when: has_startup_func",
        ),
        "access": ACCESS,
        "allow": ALLOW,
    },
)
REGIONS = MapOf(
    FIELD_NAME,
    ByForm(
        "a type, or a mapping with the key `type`",
        scalar=TypeExpression(),
        mapping=REGION_KEYS,
    ),
)


def _kind(word: str, what: str, keys: dict[str, Key]) -> Keys:
    return Keys(
        what,
        {
            "kind": Key(Choice((word,)), f"`{word}`.", f"kind: {word}", required=True),
            "doc": DOC,
            **keys,
            "expect_size": Key(
                EXPECTATION, "The size you believe in, in bytes.", "expect_size: 16"
            ),
            "expect_align": Key(
                EXPECTATION,
                "The alignment you believe in, in bytes.",
                "expect_align: 8",
            ),
            "allow": ALLOW,
        },
    )


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
        },
    ),
    "newtype": _kind(
        "newtype",
        "a newtype",
        {"of": Key(TypeExpression(), "The one type inside.", "of: u32", required=True)},
    ),
    "opaque": Keys(
        "an opaque type",
        {
            "kind": Key(
                Choice(("opaque",)), "`opaque`.", "kind: opaque", required=True
            ),
            "doc": DOC,
        },
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
            )
        },
    ),
    "foreign": _kind(
        "foreign",
        "a foreign type",
        {
            "rust": Key(Text("a path"), "Its path in Rust.", "rust: crate::Handle"),
            "size": Key(PER_WIDTH, "Its size in bytes.", "size: 16", required=True),
            "align": Key(
                ALIGN_PER_WIDTH, "Its alignment in bytes.", "align: 8", required=True
            ),
        },
    ),
    "context": _kind(
        "context",
        "a context",
        {
            "align": _ALIGN_KEY,
            "counts": Key(COUNTS, "Numbers its size depends on.", "counts: [num_tags]"),
            "flags": Key(COUNTS, "Yes-or-no counts.", "flags: [has_startup_func]"),
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
            MapOf(CONSTANT_NAME, CONSTANT_KEYS),
            "Named integers.",
            "constants: {MAGIC: {type: u32, bytes: core}}",
        ),
        "types": Key(
            MapOf(TYPE_NAME, DECLARATION),
            "The declared types.",
            "types: {VMSharedTypeIndex: {kind: newtype, of: u32}}",
        ),
    },
)
MODULE = Keys(
    "a schema",
    {
        "vmgen": FRAGMENT.keys["vmgen"],
        "module": Key(
            MODULE_NAME, "Names the files made.", "module: wasmtime42", required=True
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
        **{k: v for k, v in FRAGMENT.keys.items() if k != "vmgen"},
    },
)
