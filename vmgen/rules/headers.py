"""What `vmgen verify --header` finds between a schema and the header that owns it."""

from __future__ import annotations

from vmgen.rules.registry import Rule

NOT_IN_HEADER = Rule(
    "VM913",
    "not-in-header",
    "A header that doesn't compile, or that lacks a name.",
    """Records, their parts and constants are looked up by `c_name`, and without one by the
    name that the schema has. What the header has no name for is listed under `without` of
    the schema's `c`.""",
    stage="header",
)
DIFFERS_FROM_HEADER = Rule(
    "VM914",
    "differs-from-header",
    "A number that the header's compiler has otherwise.",
    """The layout is that of whoever owns the header: where it has another size, alignment,
    offset, width or value, the schema is wrong on that target, or was written for another
    version of the header.""",
    stage="header",
)
