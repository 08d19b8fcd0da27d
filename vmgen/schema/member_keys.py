"""The keys of what declarations are made of: fields, variants, functions, regions."""

from __future__ import annotations

from vmgen.schema.access_keys import ACCESS, ALIAS, ATOMIC, POINTS_TO, VOLATILE
from vmgen.schema.composite_shapes import (
    ByForm,
    Key,
    Keys,
    ListOf,
    MapOf,
    NumberOr,
)
from vmgen.schema.condition_shapes import OrCases, varying
from vmgen.schema.in_place_keys import in_place_keys
from vmgen.schema.member_shapes import Members, Reason
from vmgen.schema.name_keys import (
    CALLED,
    CONSTANT_NAME,
    COUNT_NAME,
    FEATURE_NAME,
    FIELD_NAME,
    FUNCTION_NAME,
    RULE_NAME,
    TYPE_NAME,
    VARIANT_NAME,
)
from vmgen.schema.number_keys import ALIGN, BITS, BYTES, FIELD_ALIGN
from vmgen.schema.on_keys import ON
from vmgen.schema.path_shapes import FieldPath
from vmgen.schema.rust_attributes import parse_attribute, parse_condition
from vmgen.schema.shapes import (
    Choice,
    Flag,
    Number,
    RustSyntax,
    Text,
    TypeExpression,
)

INTEGER = Choice(
    ("u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize")
)

DOC = Key(Text(), "What it is, for whoever reads the bindings.", "doc: Current size.")
CHANGE_ALLOW = Keys(
    "an allowed change",
    {
        "reason": Key(
            Text("a reason"),
            "Why it does no harm.",
            "reason: nothing is cached across versions",
            required=True,
        ),
        "version": Key(
            Text("a version"),
            "The version that the change is for.",
            'version: "50"',
            required=True,
        ),
    },
)
ALLOW = Key(
    MapOf(
        RULE_NAME,
        OrCases(
            Reason(
                "a reason, or of a change a mapping with `reason` and `version`",
                scalar=Text("a reason"),
                mapping=CHANGE_ALLOW,
                keys=frozenset(CHANGE_ALLOW.keys),
            )
        ),
    ),
    "Allows what a rule finds at this one place; the reason ends up in the bindings. "
    "Changes, which `vmgen diff` finds, are allowed for one version.",
    "allow: {raw-pointer: only the host reads it}",
)
RESERVED = Key(
    ListOf(Text("a name")),
    "Names that nothing here may have again: what was called so is gone, and meant "
    "something else.",
    "reserved: [execution_version]",
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
CFG = Key(
    RustSyntax("a condition", 'feature = "gc"', parse_condition),
    "The `cfg` condition that Rust has it under. It moves no byte: what does is `when`.",
    "cfg: 'feature = \"gc\"'",
)
VISIBILITY = Key(
    Choice(("pub", "pub(crate)", "private")),
    "Who sees it in Rust; everybody when left out.",
    "visibility: pub(crate)",
)
ATTRIBUTES = Key(
    ListOf(RustSyntax("an attribute", "must_use", parse_attribute)),
    "Attributes in Rust, as they stand between `#[` and `]`.",
    "attrs: [must_use]",
)
DERIVE = Key(
    ListOf(
        Choice(
            (
                "Clone",
                "Copy",
                "Debug",
                "PartialEq",
                "Eq",
                "PartialOrd",
                "Ord",
                "Hash",
                "Default",
            )
        )
    ),
    "Traits that it has in Rust. `Default` is all zeros.",
    "derive: [Clone, Debug]",
)

FIELD_KEYS = Keys(
    "a field",
    varying(
        {
            "type": Key(
                TypeExpression(),
                "The field's type.",
                "type: u32",
                required=True,
                unless=("struct", "union"),
            ),
            **in_place_keys(lambda: FIELDS),
            "doc": DOC,
            "access": ACCESS,
            "alias": ALIAS,
            "atomic": ATOMIC,
            "points_to": POINTS_TO,
            "volatile": VOLATILE,
            "endian": Key(
                Choice(("native", "little")),
                "`little` for words that are little-endian at rest on every host.",
                "endian: little",
            ),
            "value": Key(
                CONSTANT_NAME,
                "The constant that the field always holds.",
                "value: MAGIC",
            ),
            "expect_offset": Key(
                EXPECTATION,
                "The offset you believe in, in bytes; checked, never obeyed.",
                "expect_offset: {64: 8, 32: 4}",
            ),
            "align": FIELD_ALIGN,
            "bits": BITS,
            "when": WHEN_FEATURE,
            "on": ON,
            **CALLED,
            "visibility": VISIBILITY,
            "attrs": ATTRIBUTES,
            "allow": ALLOW,
        },
        FIELD_NAME,
    ),
)
FIELDS: Members = Members(
    FIELD_NAME,
    ByForm(
        "a type, or a mapping with the key `type`",
        scalar=TypeExpression(),
        mapping=FIELD_KEYS,
    ),
)
VARIANT_KEYS = Keys(
    "a variant",
    varying(
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
            **CALLED,
            "cfg": CFG,
            "allow": ALLOW,
        },
        VARIANT_NAME,
    ),
)
VARIANTS = Members(
    VARIANT_NAME,
    ByForm(
        "a discriminant, a payload's type, nothing, or a mapping",
        scalar=NumberOr(Number(), TypeExpression()),
        mapping=VARIANT_KEYS,
        null=True,
    ),
    bare=True,
)

RUST_TYPES = Key(
    MapOf(TypeExpression(), TypeExpression()),
    "What types of the signatures are in Rust, where the functions there have others that "
    "are passed in the same way.",
    "rust_types: {VmPtr<VMContext>: NonNull<VMContext>}",
)
SLOT_KEYS = Keys(
    "a function",
    varying(
        {
            "signature": Key(
                TypeExpression(signature=True),
                "Parameters and result.",
                'signature: "(delta: u64) -> u32"',
                required=True,
            ),
            "rust_types": RUST_TYPES,
            "nullable": Key(
                Flag(), "`true`: the slot may hold no function.", "nullable: true"
            ),
            "rust_result": Key(
                TypeExpression(),
                "What the result is in Rust, where the function there has another.",
                'rust_result: "*mut u8"',
            ),
            "doc": DOC,
            "when": WHEN_FEATURE,
            **CALLED,
            "cfg": CFG,
            "allow": ALLOW,
        },
        FUNCTION_NAME,
    ),
)
SLOTS = Members(
    FUNCTION_NAME,
    ByForm(
        "a signature, or a mapping with the key `signature`",
        scalar=TypeExpression(signature=True),
        mapping=SLOT_KEYS,
    ),
)

FLAG_KEYS = Keys("a flag", varying({"doc": DOC}, COUNT_NAME))
FLAGS = Members(
    COUNT_NAME,
    ByForm(
        "a text, nothing, or a mapping", scalar=Text(), mapping=FLAG_KEYS, null=True
    ),
    bare=True,
)
COUNT_KEYS = Keys(
    "a count",
    varying(
        {
            "doc": DOC,
            "index": Key(
                TYPE_NAME,
                "The type of the numbers that elements of its regions are told apart by.",
                "index: DefinedTableIndex",
            ),
            "stored": Key(
                FieldPath("a path of fields"),
                "Where the count can be read, from the context on.",
                "stored: limits.num_slots",
            ),
        },
        COUNT_NAME,
    ),
)
COUNTS = Members(
    COUNT_NAME,
    ByForm(
        "a text, nothing, or a mapping", scalar=Text(), mapping=COUNT_KEYS, null=True
    ),
    bare=True,
)
REGION_KEYS = Keys(
    "a region",
    varying(
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
            **CALLED,
            "alias": ALIAS,
            "atomic": ATOMIC,
            "points_to": POINTS_TO,
            "allow": ALLOW,
        },
        FIELD_NAME,
    ),
)
REGIONS = Members(
    FIELD_NAME,
    ByForm(
        "a type, or a mapping with the key `type`",
        scalar=TypeExpression(),
        mapping=REGION_KEYS,
    ),
)
