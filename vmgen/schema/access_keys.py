"""The keys that say what compilers may take for granted of loads and stores."""

from __future__ import annotations

from vmgen.schema.composite_shapes import ByForm, Key, Keys, ListOf, NumberOr
from vmgen.schema.path_shapes import NameOrPart
from vmgen.schema.shapes import Choice, Flag, Number

ALIAS_REGION = NameOrPart(
    "an alias region",
    r"[a-z](_?[a-z0-9])*|[A-Z][A-Za-z0-9]*(\._?[a-z](_?[a-z0-9])*)?",
    "linear_memory",
)

ACCESS = Key(
    ListOf(Choice(("readonly", "can_move"))),
    "What a compiler may assume of loads: `readonly`, the value never changes while "
    "compiled code runs; `can_move`, the load may be hoisted.",
    "access: [readonly, can_move]",
)
ALIAS = Key(
    ByForm(
        "an alias region, or a mapping",
        scalar=ALIAS_REGION,
        mapping=Keys(
            "an alias region",
            {
                "region": Key(
                    ALIAS_REGION, "Its name; its own when left out.", "region: globals"
                ),
                "indexed": Key(
                    Flag(),
                    "Whether each element of the array is a region of its own.",
                    "indexed: true",
                ),
            },
        ),
    ),
    "The alias region that it is in, with all others that name the same one: a name, or "
    "the part of a record whose bytes these can be.",
    "alias: VMStoreContext.fuel",
)
ATOMIC = Key(
    Choice(("relaxed", "acquire_release", "seq_cst")),
    "How compiled code loads and stores it atomically; an atomic is `seq_cst` when left "
    "out, and anything else isn't atomic.",
    "atomic: relaxed",
)
POINTS_TO = Key(
    Keys(
        "what a pointer leads to",
        {
            "alias": ALIAS,
            "access": ACCESS,
            "atomic": ATOMIC,
            "bytes": Key(
                NumberOr(Number(1, 1 << 62), Choice(("all",))),
                "How many bytes are there for certain where the pointer isn't null; "
                "`all` of what its type says.",
                "bytes: all",
            ),
        },
    ),
    "What compilers may take for granted of the bytes that the pointer leads to.",
    "points_to: {alias: linear_memory}",
)
VOLATILE = Key(
    Flag(),
    "`true`: it may change by itself, so that each load and store has to happen.",
    "volatile: true",
)
