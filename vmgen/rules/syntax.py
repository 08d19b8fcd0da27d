"""What the readers of a schema report, as entries of the registry.

`vmgen.reading.source` and `vmgen.schema` find these faults while they read, where they know
the most; here is why each of them is one.
"""

from __future__ import annotations

from vmgen.rules.registry import Rule

YAML_SYNTAX = Rule(
    "VM001",
    "yaml-syntax",
    "A file that isn't one YAML document.",
    """A schema is one YAML 1.1 document in UTF-8. Control characters, a second document
    and aliases of anchors that don't exist are refused with it.""",
)
PROFILE_WITHOUT_REASON = Rule(
    "VM320",
    "profile-without-reason",
    "A profile that admits more, without the reason for it.",
    """`c-abi` is for layouts that others own: raw pointers, floats and `bool`s may stand in
    them without an `allow` each, and none of it is `VmSafe` in Rust. The one reason, whose
    layouts they are, takes the place of all those, and stands at the head of the bindings.""",
)
UNREADABLE_FILE = Rule(
    "VM002",
    "unreadable-file",
    "A file that can't be opened, is too large, or isn't UTF-8.",
    """Nothing more can be said of a file that can't be read. The limit of 64 MiB is a
    hundred times the largest schema known; it keeps a slip from filling the memory.""",
)
DUPLICATE_KEY = Rule(
    "VM003",
    "duplicate-key",
    "The same key twice in one mapping.",
    """YAML forbids it, and most readers silently let the last one win. A field that
    disappears like that moves every field after it. Two spellings of a number, as 64 and
    0x40, are one key as well.""",
)
UNKNOWN_KEY = Rule(
    "VM004",
    "unknown-key",
    "A key that the schema language doesn't have.",
    """A misspelt key would otherwise be ignored: `algin: 16` would align nothing.""",
)
WRONG_SHAPE = Rule(
    "VM005",
    "wrong-shape",
    "A value of another shape than its key takes.",
    """Each key takes a text, a number, a list or a mapping. Where there is a short form
    and a long one, `schemas/README.md` shows both. An empty file has none of it.""",
)
MISSING_KEY = Rule(
    "VM006",
    "missing-key",
    "A mapping without a key that it needs.",
    """A few keys can't be left out: a schema's `vmgen` and `module`, a type's `kind`, and
    what that kind is made of.""",
)
TYPE_SYNTAX = Rule(
    "VM007",
    "type-syntax",
    "A text that is no type, or no signature.",
    """Types are spelled as in Rust, signatures as `(name: T, ...) -> T`. Those that begin
    with `[`, `*`, `&` or `!`, or have `: ` inside, need quotes in YAML.""",
)
UNKNOWN_TYPE = Rule(
    "VM008",
    "unknown-type",
    "A type that isn't declared.",
    """Every name in a type expression is one of Rust's primitives or a type of this
    schema and its includes. A type that is only pointed to still needs a declaration;
    `kind: opaque` is enough.""",
)
UNKNOWN_NAME = Rule(
    "VM009",
    "unknown-name",
    "A constant, count, flag or feature that isn't declared, or is of another sort.",
    """Lengths of arrays are numbers, constants, or in regions counts of their context;
    `value:` takes a constant; `when:` takes a feature, or in regions a flag.""",
)
MALFORMED_NAME = Rule(
    "VM010",
    "malformed-name",
    "A name that isn't made as names of its sort are.",
    """Names go into Rust, C and Python as they are, and into names made of them: ASCII
    throughout, fields in snake_case, constants in SCREAMING_CASE. None ends in an
    underscore, by which bindings tell names apart, or has two in a row but at its begin,
    which C++ keeps for itself. `c_name`, `rust_name` and `python_name` take what a
    language calls it otherwise.""",
)
BAD_INCLUDE = Rule(
    "VM013",
    "bad-include",
    "An include that isn't there, includes itself, or is no fragment.",
    """`include` lists fragments: files with declarations and no `module` of their own,
    by paths relative to the file that includes them. They are files whose names end
    with `.yaml` or `.yml` and that have the key `vmgen`: nothing else is opened or
    shown, so that no schema can be used to look into other files. What describes a whole module,
    such as `targets`, belongs in the schema.""",
)
YAML_TAG = Rule(
    "VM014",
    "yaml-tag",
    "A YAML tag.",
    """Tags ask a reader to make objects of some kind. The schema language has no use for
    that, and a reader that obeys tags from others can be made to run their code.""",
)
TOO_DEEP = Rule(
    "VM015",
    "too-deep",
    "Nesting or aliases without end.",
    """A schema needs ten levels. A few aliases of aliases can expand to more nodes than
    a machine has memory, which is known as the billion laughs.""",
)
OUT_OF_RANGE = Rule(
    "VM016",
    "out-of-range",
    "A number outside of its range.",
    """A constant has to fit its type, a pointer-sized one on 16-bit targets too, and
    numbers of the language, such as `max_offset`, have limits of their own.""",
)
DECLARED_TWICE = Rule(
    "VM017",
    "declared-twice",
    "The same name declared twice.",
    """Declarations of a schema and all it includes share one space of names, one for
    types, one for constants and so on, so that two files can't mean different things.
    Modules share one as well: each makes files that are named after it.""",
)
BAD_USE = Rule(
    "VM040",
    "bad-use",
    "A use that isn't there, leads back to itself, or is no schema.",
    """`uses` lists schemas, by paths relative to the file that uses them: files with a
    `module` of their own, whose types and constants are declared by that module's
    bindings and by no other's. A header can't include one that includes it, nor can a
    crate depend on one that depends on it, so that modules don't use one another in a
    circle, not even through pointers. As of fragments, nothing is opened or shown of
    files whose names don't end with `.yaml` or `.yml` or that lack the key `vmgen`.""",
)
KEY_ALONE = Rule(
    "VM050",
    "key-alone",
    "A key that says nothing without another one.",
    """Some keys say more about another: the header in which a type of C is, say. Without
    that other key nobody would read them.""",
)
BAD_ATTRIBUTE = Rule(
    "VM051",
    "bad-attribute",
    "An attribute or a condition for Rust that isn't one, or decides a layout.",
    """Attributes go into generated Rust as they are, so that they have to be whole ones.
    What decides a layout, `repr` above all, is not among them: the schema decides that for
    all languages. Conditions are what Rust's `cfg` takes.""",
)
WRONG_PARAMETERS = Rule(
    "VM053",
    "wrong-parameters",
    "A generic record with the wrong types, or a parameter that is something else.",
    """A generic record is declared once, with `params`, and used with a type for each, as
    `HostArray<u8>`. A parameter has a name that no type has.""",
)
UNUSED_ANCHOR = Rule(
    "VM023",
    "unused-anchor",
    "An anchor that no alias refers to.",
    """YAML takes `&mut u8` for `u8` with the anchor `mut`, and a documentation that begins
    with `&str` loses its first word. Nothing of a schema is lost without a word: what
    begins with `&` and is meant as text needs quotes.""",
)
COMMENT_IN_TEXT = Rule(
    "VM024",
    "comment-in-text",
    "A comment right behind a text, without a space behind its `#`.",
    """To YAML, `Fixed in #123` ends at the space before `#`, and the rest is a comment. A
    text with `#` behind a space needs quotes; a comment that is meant as one has a
    space behind its `#`.""",
)
VERSION_SYNTAX = Rule(
    "VM070",
    "version-syntax",
    "A text that is no version, no range of releases or no condition on versions.",
    """A release is a few numbers with dots between, as "48.0.6"; fewer numbers are a
    series. They are quoted, since YAML takes `3.10` for the number 3.1. Two dots stand
    between the ends of a range and `or` between ranges: "48.0.6.. or 50..". No version in
    a condition has more numbers than the releases that the schema lists.""",
)
VERSION_LIST = Rule(
    "VM071",
    "version-list",
    "A list of versions that isn't in order, or has a release twice.",
    """`versions` lists what a schema describes, the newest last. An item is a release or a
    range of releases with the same layout, which differ in their last number alone. The
    outputs of each version are a module of their own, so that no two have the same name.""",
)
IN_NO_VERSION = Rule(
    "VM072",
    "in-no-version",
    "A condition that no version meets.",
    """What is in no version is a mistake: a condition of before a release was listed, one
    that contradicts itself, or a field of a later version than those that its type is
    in. Nothing would ever be made of it, and nobody would look at it again.""",
)
CONDITIONS_OVERLAP = Rule(
    "VM073",
    "conditions-overlap",
    "Two members of one name, or two cases, for the same version.",
    """A member that moves or gets another type stands twice, and where the one ends the
    other begins. In each version there is at most one of a name, former names included,
    and one case of an attribute.""",
)
VERSION_DIVIDED = Rule(
    "VM074",
    "version-divided",
    "A condition that only some releases of a listed version meet.",
    """A range of releases in `versions` stands for one layout. Where a layout changes inside
    of a series, the series is listed as two versions.""",
)
NO_CASE = Rule(
    "VM075",
    "no-case",
    "A key that can't be left out, without a case for some version.",
    """An attribute that differs between versions is a list of cases. Without one for a
    version it isn't given there, which is as if its key were missing: a field needs its
    type in every version that it is there in.""",
)
VERSIONS_NOT_LISTED = Rule(
    "VM076",
    "versions-not-listed",
    "A condition in a schema without versions.",
    """Conditions are met by the versions that the schema lists under `versions`. A schema
    without that list describes one layout, in which a condition says nothing.""",
)
FORMER_NAME = Rule(
    "VM077",
    "former-name",
    "A former name that nothing had in any version.",
    """`was: {old: "45", older: "43"}` would say that it was called `older` before 43, after
    it was called `old`. The oldest name comes first, each with the version from which on
    it was in use no more.""",
)
VERSIONS_OF_USED = Rule(
    "VM078",
    "versions-of-used",
    "A used schema without the versions of the one that uses it.",
    """Where both describe versions, each of the user's is one of the used schema, whose
    bindings it takes. A schema without versions can be used by any; one that uses a schema
    with versions needs the list itself, or nobody could tell which of them it means.""",
)
ALIGNMENT_NOT_POWER_OF_TWO = Rule(
    "VM205",
    "alignment-not-power-of-two",
    "An alignment that isn't a power of two.",
    """Rust, C and every processor align to powers of two only. Offsets are rounded with
    masks, which need that too.""",
)
FLEXIBLE_ARRAY = Rule(
    "VM282",
    "flexible-array",
    "An array of any length that isn't at the end of a record that can have one.",
    """A struct can end in `[T]`, as many elements as there are: what C calls a flexible
    array member. Nothing follows it, something is before it, and the record has no size:
    nothing holds it by value, copies it or compares it. In a union it takes no room, so
    that other members have to give the union its size.""",
)
WHOLE_OF_A_PREFIX = Rule(
    "VM281",
    "whole-of-a-prefix",
    "A key about all of a record with an open end.",
    """Of a record of which only a prefix is described nobody knows its size and its
    alignment, nor can anybody copy it or compare two of them.""",
)
UNKNOWN_TARGET = Rule(
    "VM301",
    "unknown-target",
    "A target that rustc doesn't know.",
    """Layouts come from a table of rustc's targets. One that isn't in it would have to be
    guessed. `vmgen targets` lists them; a machine of one's own is described under
    `data_models`.""",
)
IMPOSSIBLE_DATA_MODEL = Rule(
    "VM306",
    "impossible-data-model",
    "A data model that no compiler of Rust can have.",
    """An integer is never aligned to more than its size, and `usize` is aligned like
    the integer of its width, which C's pointers have to be as well. Bindings for
    anything else would compile nowhere. A target that rustc knows has a data model
    already, and one of the same name would be mistaken for it.""",
)
