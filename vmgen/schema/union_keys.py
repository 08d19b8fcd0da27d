"""The keys of members of unions: those of fields, and what Rust reads them by."""

from __future__ import annotations

from vmgen.schema.composite_shapes import ByForm, Key, Keys, MapOf
from vmgen.schema.condition_shapes import varying
from vmgen.schema.member_keys import FIELD_KEYS
from vmgen.schema.member_shapes import Members
from vmgen.schema.name_keys import ACCESSOR_NAME, FIELD_NAME
from vmgen.schema.shapes import TypeExpression

_OF_MEMBERS = {
    "accessors": Key(
        MapOf(ACCESSOR_NAME, TypeExpression()),
        "What makes the union of it and reads it in Rust, by other names or as other types "
        "than its own.",
        "accessors: {bits: u32, signed_bits: i32}",
    ),
}
MEMBER_KEYS = Keys("a field", {**FIELD_KEYS.keys, **varying(_OF_MEMBERS, FIELD_NAME)})
MEMBERS = Members(
    FIELD_NAME,
    ByForm(
        "a type, or a mapping with the key `type`",
        scalar=TypeExpression(),
        mapping=MEMBER_KEYS,
    ),
)
