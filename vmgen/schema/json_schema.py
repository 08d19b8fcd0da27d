"""The schema language as a JSON Schema (draft-07), for editors.

Made from the shapes that read the YAML (`vmgen.schema.keys`), so the two can't
disagree in what they list. What JSON Schema can't express, such as names that must
be declared somewhere, it leaves to `vmgen check`.
"""

from __future__ import annotations

from typing import Any

from vmgen.schema import keys
from vmgen.schema import shapes as s

Json = dict[str, Any]


def json_schema() -> Json:
    """The schema of a whole file, be it a schema or a fragment."""
    definitions = {name: _body(shape) for name, shape in _NAMED_SHAPES.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "vmgen schema",
        "description": "Records that a runtime shares with compiled code.",
        "if": {"required": ["module"]},
        "then": _reference("schema"),
        "else": _reference("fragment"),
        "definitions": definitions,
    }


_NAMED_SHAPES: dict[str, s.Shape] = {
    "schema": keys.MODULE,
    "fragment": keys.FRAGMENT,
    "type": keys.DECLARATION,
    "fields": keys.FIELDS,
    "variants": keys.VARIANTS,
    "functions": keys.SLOTS,
    "regions": keys.REGIONS,
    "expectation": keys.EXPECTATION,
    **{f"kind-{word}": shape for word, shape in keys.KINDS.items()},
}
_NAMES = {id(shape): name for name, shape in _NAMED_SHAPES.items()}


def _reference(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def _schema(shape: s.Shape) -> Json:
    name = _NAMES.get(id(shape))
    return _reference(name) if name else _body(shape)


def _body(shape: s.Shape) -> Json:
    match shape:
        case s.Text():
            # YAML reads a bare `12` or `true` as no string; as text it is one.
            return {"type": ["string", "number", "boolean"], "pattern": r"\S"}
        case s.Null():
            return {"type": "null"}
        case s.Number(least, most, values):
            if values:
                return {"type": "integer", "enum": list(values)}
            bounds: Json = {"type": "integer"}
            if least is not None:
                bounds["minimum"] = least
            if most is not None:
                bounds["maximum"] = most
            return bounds
        case s.Flag():
            return {"type": "boolean"}
        case s.Choice(words):
            if all(w.isdigit() for w in words):
                return {"enum": [*words, *(int(w) for w in words)]}
            return {"enum": list(words)}
        case s.Name(_, pattern, example):
            return {
                "type": "string",
                "pattern": f"^(?:{pattern})$",
                "maxLength": 100,
                "examples": [example],
            }
        case s.TypeExpression():
            return {"type": "string", "minLength": 1}
        case s.ListOf(item, least):
            listed: Json = {"type": "array", "items": _schema(item)}
            return {**listed, "minItems": least} if least else listed
        case s.MapOf(key, value):
            mapping: Json = {
                "type": "object",
                "additionalProperties": _schema(value),
            }
            if not isinstance(key, s.Text):
                mapping["propertyNames"] = _property_names(key)
            return mapping
        case s.Keys(_, known):
            return {
                "type": "object",
                "properties": {n: _key(k) for n, k in known.items()},
                "required": [n for n, k in known.items() if k.required],
                "additionalProperties": False,
            }
        case s.ByForm():
            return _by_form(shape)
        case s.NumberOr(number, other):
            return {"anyOf": [_schema(number), _schema(other)]}
        case s.ByKind(_, kinds):
            return _by_kind(kinds)
    raise TypeError(f"no JSON Schema for {shape!r}")


def _property_names(key: s.Shape) -> Json:
    """Keys are strings in JSON, also those that look like numbers in YAML."""
    if isinstance(key, s.Choice):
        return {"enum": list(key.words)}
    return _schema(key)


def _key(key: s.Key) -> Json:
    described: Json = {"description": key.doc}
    if key.example:
        described["description"] = f"{key.doc}\n\n`{key.example}`"
        described["markdownDescription"] = described["description"]
    body = _schema(key.shape)
    if "$ref" in body:
        # draft-07 ignores whatever stands beside a reference.
        return {"allOf": [body], **described}
    return {**body, **described}


def _by_form(shape: s.ByForm) -> Json:
    forms: list[Json] = [
        _schema(form)
        for form in (shape.scalar, shape.mapping, shape.sequence)
        if form is not None
    ]
    if shape.null:
        forms.append({"type": "null"})
    return {"anyOf": forms}


def _by_kind(kinds: Any) -> Json:
    conditions = [
        {
            "if": {
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
            "kind": {"enum": list(kinds), "description": "What kind of type it is."}
        },
        "allOf": conditions,
    }
