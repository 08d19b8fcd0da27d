"""What `vmgen verify` finds between a schema and a binary, as entries of the registry."""

from __future__ import annotations

from vmgen.rules.registry import Rule

SIZE_IN_BINARY = Rule(
    "VM501",
    "size-in-binary",
    "A type that is of another size or alignment in the binary.",
    """What is laid out behind it, in arrays and records that hold it, is elsewhere than
    the schema says. Debug information of C states alignments only where the source asks
    for one; where it states none, none is compared.""",
    stage="binary",
)
MEMBERS_IN_BINARY = Rule(
    "VM502",
    "members-in-binary",
    "A field that one of the two lacks, or that has another name in the binary.",
    """Names are compared without underscores, since fields that are private in Rust begin
    with one. Members without a size, such as Rust's markers, don't count.""",
    stage="binary",
)
OFFSET_IN_BINARY = Rule(
    "VM503",
    "offset-in-binary",
    "A field that is at another offset in the binary.",
    """Of several that moved the first is at fault; the others are listed with it. A
    record that only holds such a one by value isn't reported again.""",
    stage="binary",
)
TYPE_IN_BINARY = Rule(
    "VM504",
    "type-in-binary",
    "A field of another width, sign or kind in the binary.",
    """A wrapper such as `UnsafeCell`, `NonZero`, an atomic or a newtype is seen through:
    what counts is what is stored. `VmPtr` stores an address as an unsigned integer, C as a
    pointer, and both agree with each.""",
    stage="binary",
)
VALUES_IN_BINARY = Rule(
    "VM505",
    "values-in-binary",
    "A variant that has another value in the binary, or that only one of the two has.",
    """Compiled code and tools compare tags with numbers. No checker of ABIs that reads
    symbols and structs alone sees two of them exchanged.""",
    stage="binary",
)
NULL_IN_BINARY = Rule(
    "VM506",
    "null-in-binary",
    "A pointer that may be null in one of the two alone.",
    """Whether it may decides what compiled code checks before it follows the pointer. Rust
    tells, by `Option` and its niche; C doesn't, and there nothing is compared.""",
    stage="binary",
)
NOT_IN_BINARY = Rule(
    "VM507",
    "not-in-binary",
    "A type of which the binary says too little to compare anything.",
    """A compiler writes down those types that compiled code uses. What it left out counts
    as unverified, never as right; `vmgen verify --strict` fails on it.""",
    severity="warning",
    stage="binary",
)
