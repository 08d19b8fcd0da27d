"""Random names that one language has for what is called otherwise in the schema."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.random.field_strategies import FIELD_NAMES, MARK, RESERVED
from tests.random.type_strategies import CHANCE, YES, one_of
from vmgen.rules.reserved import reserved

Tree = dict[str, Any]

LANGUAGES = ("c", "rust", "python")
"""Those that can have other names."""

PARTS = {
    "fields": ("type", "field"),
    "regions": ("type", "context"),
    "functions": ("signature", "field"),
}
"""What a declaration is made of: the key of the long form for what stands in the short one,
and the role that its names are in."""

MEMBER_NAMES = (
    *FIELD_NAMES, *RESERVED, "kind_of", "X", "aB", "_T", "I32", "flags_", "at_", "class_", "type_", "def", "fn", "int",
    "template", "None", "Self", "from_buffer", "read", "pack", "at", "size", "len", "MAX",
    "a__b", "_", "__init__", "_fields_", "offset", "get", "set", "tag", "new", "it",
)  # fmt: skip
VARIANT_NAMES = (
    "on", "OFF", "Ready", "ready", "READY", "name", "value", "mro", "Self", "None", "new", "_",
    "Some", "Ok", "type", "from_bytes", "_one", "__two", "on_", "_on_",
)  # fmt: skip
TYPE_NAMES = ("{}{}_t", "k{}{}", "_{}{}", "my_{}_{}", "{}{}Name", "__{}{}", "{}_{}s")
KEYWORDS = {"union": "union", "plain": "enum", "newtype": ""}


def rename(draw: st.DrawFn, schema: Tree) -> None:
    """Give some of what a schema declares other names in some languages."""
    types: Tree = schema["types"]
    for language in LANGUAGES:
        if len(types) > 1 and draw(CHANCE) > 7:
            _swap(draw, types, language)
    for index, (name, declared) in enumerate(types.items()):
        letter = "ABCDEFGH"[index]
        if draw(CHANCE) > 6:
            _of_type(draw, declared, letter)
        if draw(CHANCE) > 4:
            _of_members(draw, declared, name, letter)
    for letter, constant in zip(
        "XY", schema.get("constants", {}).values(), strict=False
    ):
        if draw(CHANCE) > 6:
            pattern = draw(one_of(("{}_{}", "k{}{}", "_{}_{}")))
            mark = draw(one_of((MARK, MARK.upper())))
            constant[f"{draw(one_of(LANGUAGES))}_name"] = pattern.format(mark, letter)


def _swap(draw: st.DrawFn, types: Tree, language: str) -> None:
    """Two types have each other's name in a language."""
    names = sorted(types)
    one = draw(one_of(tuple(names)))
    other = draw(one_of(tuple(name for name in names if name != one)))
    types[one][f"{language}_name"] = other
    types[other][f"{language}_name"] = one


def _of_type(draw: st.DrawFn, declared: Tree, letter: str) -> None:
    for language in LANGUAGES:
        key = f"{language}_name"
        if key in declared or not draw(YES):
            continue
        declared[key] = draw(one_of(TYPE_NAMES)).format(MARK, letter)
        if language == "c" and draw(YES):
            declared[key] = f"{_keyword(declared)} {declared[key]}".lstrip()


def _keyword(declared: Tree) -> str:
    """The keyword that C has before the name of a type without a typedef."""
    kind = declared["kind"]
    if kind == "enum":
        payloads = (v for v in declared["variants"].values() if isinstance(v, dict))
        kind = "tagged" if any("type" in v for v in payloads) else "plain"
    return KEYWORDS.get(kind, "struct")


def _of_members(draw: st.DrawFn, declared: Tree, owner: str, letter: str) -> None:
    for key, (of_short, role) in PARTS.items():
        if key in declared:
            _of_parts(draw, declared[key], of_short, role)
    for name, variant in declared.get("variants", {}).items():
        if draw(CHANCE) > 5:
            made: Tree = variant or {}
            for language in LANGUAGES:
                if draw(YES):
                    made[f"{language}_name"] = _variant_name(
                        draw, language, letter, name
                    )
            declared["variants"][name] = made


def _variant_name(draw: st.DrawFn, language: str, letter: str, name: str) -> str:
    """In C it is all of the value's name, which is in scope everywhere."""
    if language != "c":
        return draw(one_of(VARIANT_NAMES))
    upper = f"{MARK.upper()}_{letter}_{name.upper()}"
    return draw(one_of((f"k{MARK}{letter}{name}", upper, f"_{MARK}{letter}_{name}")))


def _of_parts(draw: st.DrawFn, parts: Tree, of_short: str, role: Any) -> None:
    for name, part in parts.items():
        made: Tree = part if isinstance(part, dict) else {of_short: part}
        for kind in ("struct", "union"):
            if kind in made:
                _of_parts(draw, made[kind], of_short, role)
        if "reserved-name" in made.get("allow", {}) and draw(YES):
            _free(made, name, role)
        elif draw(CHANCE) > 6:
            language = draw(one_of(LANGUAGES))
            made[f"{language}_name"] = draw(one_of(MEMBER_NAMES))
        if made != {of_short: part}:
            parts[name] = made


def _free(made: Tree, name: str, role: Any) -> None:
    """Names of its own for a part in each language that keeps its name for itself."""
    allowed = {k: why for k, why in made["allow"].items() if k != "reserved-name"}
    if allowed:
        made["allow"] = allowed
    else:
        del made["allow"]
    for language in reserved().taking(name, role):
        made[f"{language}_name"] = f"{name}_of_it"
