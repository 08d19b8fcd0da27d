"""The schema language: every key, its shape, what it is for, an example.

This is the one list. `vmgen.schema.files` holds documents against it, `vmgen schema`
prints it for editors, and a test holds `schemas/README.md` against it.
"""

from __future__ import annotations

from vmgen.schema.composite_shapes import ByForm, Key, Keys, ListOf, MapOf
from vmgen.schema.condition_shapes import RANGE, or_cases, varying
from vmgen.schema.kind_keys import DECLARATION
from vmgen.schema.member_keys import ALLOW, DOC, INTEGER, RESERVED
from vmgen.schema.member_shapes import Members
from vmgen.schema.name_keys import (
    C_DEFINE,
    C_HEADER,
    CONSTANT_CALLED,
    CONSTANT_NAME,
    FEATURE_NAME,
    MODEL_NAME,
    MODULE_NAME,
    RUST_PATH,
    TYPE_NAME,
)
from vmgen.schema.path_shapes import FieldPath
from vmgen.schema.profiles import PROFILE
from vmgen.schema.shapes import Choice, Flag, Number, Text

LANGUAGE_VERSION = 1


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
            "bit_of": Key(
                FieldPath("a field, as `Type.field`", whole=True),
                "The field that it is a bit of, or several.",
                "bit_of: VMHeader.flags",
            ),
            **CONSTANT_CALLED,
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
        "c": Key(
            Keys(
                "C's numbers",
                {
                    "int": Key(Number(values=(16, 32)), "Bits of `int`.", "int: 16"),
                    "long": Key(Number(values=(32, 64)), "Bits of `long`.", "long: 64"),
                    "char": Key(
                        Choice(("signed", "unsigned")),
                        "Whether a plain `char` has a sign.",
                        "char: unsigned",
                    ),
                },
            ),
            "What C's numbers are, where that doesn't follow from the pointer's width.",
            "c: {long: 64, char: unsigned}",
        ),
    },
)

C_KEYS = Keys(
    "C",
    {
        "header": Key(
            ByForm(
                "a header, or a list of them",
                scalar=C_HEADER,
                sequence=ListOf(C_HEADER, least=1),
            ),
            "The header that declares all this already, or several in order: a file of "
            "assertions holds the layouts against it.",
            "header: <linux/kvm.h>",
            required=True,
        ),
        "defines": Key(
            ListOf(C_DEFINE),
            "What is defined before it is included.",
            "defines: [_GNU_SOURCE]",
        ),
        "without": Key(
            ListOf(
                FieldPath("a type, a constant, or a part as `Type.part`", whole=True)
            ),
            "What it doesn't have of all this.",
            "without: [Ring, Sqe.rest]",
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
        "reserved": Key(
            RESERVED.shape,
            "Names that no type and no constant may have again: what was called so is gone, "
            "and meant something else.",
            "reserved: [VMOldHeader]",
        ),
    },
)
_SAME_IN_ALL_VERSIONS = (
    "vmgen", "module", "versions", "include", "uses", "features", "data_models", "constants",
    "types", "profile",
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
            "rust_path": Key(
                RUST_PATH,
                "The crate or module that has these types in binaries.",
                "rust_path: wasmtime::runtime::vm",
            ),
            "c": Key(
                C_KEYS,
                "The header of C that owns all this, where it isn't ours.",
                "c: {header: <linux/kvm.h>}",
            ),
            "padding": Key(
                Choice(("implicit", "explicit")),
                "`explicit` refuses padding that no field names.",
                "padding: explicit",
            ),
            "profile": Key(
                PROFILE,
                "The rules that it lives by: `vmsafe`, which is meant when it is left out, or "
                "`c-abi` with the reason, for layouts that others own.",
                "profile: {c-abi: CPython owns these records}",
            ),
            "allow": Key(
                ALLOW.shape,
                "Allows what a rule finds anywhere in the module.",
                "allow: {declared-in-two-modules: no program uses both}",
            ),
            **{k: v for k, v in FRAGMENT.keys.items() if k != "vmgen"},
        },
        *_SAME_IN_ALL_VERSIONS,
    ),
)
