"""The schema language as a JSON Schema (draft-07), for editors.

Made from the shapes that read the YAML (`vmgen.schema.keys`), so the two can't
disagree in what they list. What JSON Schema can't express, such as names that must
be declared somewhere, it leaves to `vmgen check`.

Keywords that draft-07 lacks and yaml-language-server has: `markdownDescription`,
`markdownEnumDescriptions`, `errorMessage` and `patternErrorMessage`. Other readers
pass over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vmgen.schema import (
    access_keys,
    keys,
    kind_keys,
    member_keys,
    on_keys,
    union_keys,
)
from vmgen.schema import composite_shapes as c
from vmgen.schema import shapes as s
from vmgen.schema.condition_shapes import CONDITION_KEYS, RELEASE, OrCases, ReleaseText
from vmgen.schema.member_shapes import Members
from vmgen.schema.number_keys import ALIGN

Json = dict[str, Any]

OTHER_NUMBERS = r"^(-?(0b[01]+|[1-9][0-9]*_[0-9_]*)|-0x[0-9a-fA-F]+|-0o[0-7]+)$"
"""How a schema may spell a number that YAML 1.2 reads as a text."""

TYPE_STARTS = r"^\s*[A-Za-z_\[(*&!]"
RUST_TYPE_STARTS = r"^\s*(::)?\s*(r#)?[A-Za-z_]"
SIGNATURE_STARTS = r"^\s*(\(|unsafe\b|extern\b|fn\b)"
TYPE_EXAMPLES = ["u32", "u64", "usize", "VmPtr<u8>", "Option<VmPtr<u8>>", "[u8; 16]"]
SIGNATURE_EXAMPLES = ["(vmctx: VmPtr<VMContext>, delta: u64) -> u32"]


def json_schema() -> Json:
    """The schema of a whole file, be it a schema or a fragment."""
    definitions = {name: _body(shape) for name, shape in _NAMED_SHAPES.items()}
    definitions["case"] = _case()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "description": "Records that a runtime shares with compiled code.",
        **_file(),
        "definitions": definitions,
    }


_NAMED_SHAPES: dict[str, s.Shape] = {
    "type": kind_keys.DECLARATION,
    "fields": member_keys.FIELDS,
    "field": member_keys.FIELD_KEYS,
    "members": union_keys.MEMBERS,
    "member": union_keys.MEMBER_KEYS,
    "variants": member_keys.VARIANTS,
    "functions": member_keys.SLOTS,
    "regions": member_keys.REGIONS,
    "one-field": member_keys.FIELDS.value,
    "one-member": union_keys.MEMBERS.value,
    "one-variant": member_keys.VARIANTS.value,
    "one-function": member_keys.SLOTS.value,
    "one-region": member_keys.REGIONS.value,
    "expectation": member_keys.EXPECTATION,
    "allow": member_keys.ALLOW.shape,
    "access": access_keys.ACCESS.shape,
    "alias": access_keys.ALIAS.shape,
    "points-to": access_keys.POINTS_TO.shape,
    "align": ALIGN,
    "on": on_keys.CONDITION,
    "version": RELEASE,
    "condition": CONDITION_KEYS["versions"].shape,
    **{f"kind-{word}": shape for word, shape in kind_keys.KINDS.items()},
}
_NAMES = {id(shape): name for name, shape in _NAMED_SHAPES.items()}


def _file() -> Json:
    """A schema, or without `module` a fragment, which has fewer keys.

    Said by dependencies rather than by two alternatives: an editor then offers
    `module` in a file that has none yet.
    """
    body = _body(keys.MODULE)
    body["title"] = "vmgen schema"
    body["required"] = _required(keys.FRAGMENT)
    only = [n for n in keys.MODULE.keys if n not in keys.FRAGMENT.keys]
    marks = [n for n in only if keys.MODULE.keys[n].required]
    body["dependencies"] = {n: marks for n in only if n not in marks}
    return body


def _schema(shape: s.Shape) -> Json:
    name = _NAMES.get(id(shape))
    return {"$ref": f"#/definitions/{name}"} if name else _body(shape)


def _body(shape: s.Shape) -> Json:
    match shape:
        case c.Later(get):
            return _schema(get())
        case s.Text():
            # YAML reads a bare `12` or `true` as no string; as text it is one.
            return {"type": ["string", "number", "boolean"], "pattern": r"\S"}
        case s.Number():
            return _number(shape)
        case s.Flag():
            return {"type": "boolean"}
        case s.Choice(words):
            return {"enum": list(words)}
        case s.Name(what, pattern, example):
            return {
                "type": "string",
                "pattern": f"^(?:{pattern})$",
                "maxLength": s.MAX_NAME,
                "patternErrorMessage": f"expected the name of {what}, as `{example}`",
                "examples": [example],
            }
        case s.TypeExpression(signature):
            return {
                "type": "string",
                "pattern": SIGNATURE_STARTS if signature else TYPE_STARTS,
                "patternErrorMessage": f"expected {shape.describe()}",
                "examples": SIGNATURE_EXAMPLES if signature else TYPE_EXAMPLES,
            }
        case s.RustTypeName(example):
            return {
                "type": "string",
                "pattern": RUST_TYPE_STARTS,
                "patternErrorMessage": f"expected {shape.describe()}",
                "examples": [example],
            }
        case s.RustSyntax(_, example):
            return {
                "type": "string",
                "pattern": r"\S",
                "patternErrorMessage": f"expected {shape.describe()}",
                "examples": [example],
            }
        case OrCases(value):
            return {"anyOf": [_schema(value), _cases(value)]}
        case ReleaseText():
            # YAML reads a bare `3.10` as a number, which is another version.
            return {
                "type": "string",
                "pattern": shape.pattern,
                "patternErrorMessage": f"expected {shape.describe()}",
                "examples": [shape.example],
            }
        case c.ListOf(item, least):
            listed: Json = {"type": "array", "items": _schema(item)}
            return {**listed, "minItems": least} if least else listed
        case Members(key, value):
            return _members(shape, key, value)
        case c.MapOf(key, value, least=least):
            least_of = {"minProperties": least} if least else {}
            return {**_mapping(key, value), **least_of}
        case c.Keys(what, known, least=least):
            return {
                "title": what,
                "type": "object",
                "properties": {n: _key(k) for n, k in known.items()},
                "required": _required(shape),
                **_alternatives(shape),
                "additionalProperties": False,
                **({"minProperties": least} if least else {}),
            }
        case c.ByForm():
            return _by_form(shape)
        case c.NumberOr(number, other):
            return {"anyOf": [_schema(number), _schema(other)]}
        case c.ByKind(what, kinds):
            return {"title": what, **_by_kind(kinds)}
    raise TypeError(f"no JSON Schema for {shape!r}")


def _cases(value: s.Shape) -> Json:
    """A list of cases; what they have besides the value stands once for all."""
    item = {
        "allOf": [{"$ref": "#/definitions/case"}],
        "properties": {"is": _key(OrCases(value).case.keys["is"])},
    }
    return {"type": "array", "items": item, "minItems": 1}


def _case() -> Json:
    return {
        "title": "a case",
        "type": "object",
        "properties": {name: _key(key) for name, key in CONDITION_KEYS.items()},
        "propertyNames": {"enum": ["is", *CONDITION_KEYS]},
        "required": ["is"],
        "anyOf": [{"required": [name]} for name in CONDITION_KEYS],
    }


def _mapping(key: s.Shape, value: s.Shape) -> Json:
    return {
        "type": "object",
        "propertyNames": _property_names(key),
        "additionalProperties": _schema(value),
    }


def _members(shape: Members, key: s.Shape, value: s.Shape) -> Json:
    """A mapping, or a list of such mappings that have one key each."""
    mapping = _mapping(key, value)
    item = {**mapping, "minProperties": 1, "maxProperties": 1}
    items = {"anyOf": [item, _schema(key)]} if shape.bare else item
    return {"anyOf": [mapping, {"type": "array", "items": items}]}


def _number(shape: s.Number) -> Json:
    if shape.values:
        return {"type": "integer", "enum": list(shape.values)}
    if isinstance(shape, s.PowerOfTwo):
        assert shape.most is not None
        powers = (1 << n for n in range(shape.most.bit_length()))
        return {
            "type": "integer",
            "enum": [p for p in powers if p >= (shape.least or 1)],
            "errorMessage": f"expected a power of two up to {shape.most}",
        }
    # Bounds hold for numbers, the pattern for texts, each passing over the other.
    body: Json = {"type": ["integer", "string"], "pattern": OTHER_NUMBERS}
    body["patternErrorMessage"] = f"expected {shape.describe()}"
    if shape.least is not None:
        body["minimum"] = shape.least
    if shape.most is not None:
        body["maximum"] = shape.most
    return body


def _property_names(key: s.Shape) -> Json:
    """Keys are strings in JSON, also those that look like numbers in YAML."""
    if isinstance(key, s.Text):
        return {"pattern": r"\S"}
    return _schema(key)


def _required(shape: c.Keys) -> list[str]:
    return [n for n, key in shape.keys.items() if key.required and not key.unless]


def _alternatives(shape: c.Keys) -> Json:
    """Keys of which one may stand for the others."""
    others: dict[tuple[str, ...], list[str]] = {}
    for name, key in shape.keys.items():
        if key.required and key.unless:
            others.setdefault(key.unless, []).append(name)
    each = [
        {"anyOf": [{"required": names}, *({"required": [one]} for one in instead)]}
        for instead, names in others.items()
    ]
    return {"allOf": each} if each else {}


def _key(key: c.Key) -> Json:
    if isinstance(key.shape, s.Choice) and len(key.shape.words) == 1:
        # The kind of a type, again; what it is for is said where it is chosen.
        return {"const": key.shape.words[0]}
    described: Json = {"description": key.doc}
    if key.example:
        described["description"] = f"{key.doc}\n\n`{key.example}`"
        described["markdownDescription"] = described["description"]
    body = _schema(key.shape)
    if "$ref" in body:
        # draft-07 ignores whatever stands beside a reference.
        return {"allOf": [body], **described}
    return {**body, **described}


def _by_form(shape: c.ByForm) -> Json:
    forms: list[Json] = [
        _schema(form)
        for form in (shape.scalar, shape.mapping, shape.sequence)
        if form is not None
    ]
    if shape.null:
        forms.append({"type": "null"})
    return {"anyOf": forms}


def _by_kind(kinds: Mapping[str, c.Keys]) -> Json:
    conditions = [
        {
            "if": {
                "type": "object",
                "properties": {"kind": {"const": word}},
                "required": ["kind"],
            },
            "then": _schema(shape),
        }
        for word, shape in kinds.items()
    ]
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {
                "enum": list(kinds),
                "description": "What kind of type it is; it settles the other keys.",
                "markdownEnumDescriptions": [_keys_of(k) for k in kinds.values()],
            }
        },
        "allOf": conditions,
    }


def _keys_of(kind: c.Keys) -> str:
    return f"{kind.what}, with " + ", ".join(f"`{k}`" for k in kind.keys if k != "kind")
