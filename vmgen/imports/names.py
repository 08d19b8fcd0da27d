"""Names of C and Rust as names of a schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.rules.reserved import reserved
from vmgen.schema.built_in import is_built_in
from vmgen.schema.name_keys import FIELD_NAME, FUNCTION_NAME, MODULE_NAME
from vmgen.schema.shapes import MAX_NAME
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_LONGEST = MAX_NAME - 20
"""Characters that are kept of a name, with room for what tells it from others."""

_WORDS = re.compile(r"[A-Za-z0-9]+")
_TYPE = r"[A-Z][A-Za-z0-9]*"
_VARIANT = rf"{_TYPE}([0-9](_[0-9])+[A-Za-z0-9]*)*"
_ENDINGS = ("_t", "_s", "_e", "_u")
"""What C's names of types often end in, and say nothing by."""


def module_name(stem: str) -> str:
    """A module's name for what a file is called, without its ending: `libengine.so`."""
    name = "_".join(_WORDS.findall(stem.partition(".")[0])).lower()
    if name.startswith("lib") and name[3:]:
        name = name[3:].strip("_")
    return (
        name if re.fullmatch(MODULE_NAME.pattern, name) else f"module_{name}".strip("_")
    )


def free_module_name(name: str) -> str:
    """A module's name, with something behind it if no language can have it as it is."""
    known = reserved()
    for free in (name, f"{name}_records", f"{name}_types"):
        if known.why(free, "module") is None:
            return free[:MAX_NAME]
    return "records"


def type_name(name: str) -> str:
    """A type's name; empty where nothing is left of it."""
    if re.fullmatch(_TYPE, name):
        made = name
    else:
        for ending in _ENDINGS:
            name = name.removesuffix(ending)
        made = _joined(name)
    made = made[:_LONGEST]
    return f"{made}Type" if is_built_in(made) else made


def variant_names(names: Sequence[str]) -> list[str]:
    """The names of an enum's variants, without what C has before each of them."""
    start = len(_common(names))
    made = []
    for name in names:
        rest = name[start:]
        if not re.fullmatch(_VARIANT, rest):
            rest = _joined(rest)
        elif "_" not in rest and rest.isupper() and start and name[start - 1] == "_":
            rest = rest.capitalize()
        made.append(rest[:_LONGEST] or "Unnamed")
    return distinct(made)


def _common(names: Sequence[str]) -> str:
    """What all names begin with, up to the begin of a word."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    alike = [a == b for a, b in zip(first, last, strict=False)]
    common = first[: alike.index(False) if False in alike else len(alike)]
    while common and not all(_begins(name, len(common)) for name in names):
        common = common[:-1]
    return common


def _begins(name: str, place: int) -> bool:
    """Whether a word that can begin a name begins at a place of one."""
    rest = name[place:]
    if not rest[:1].isalpha():
        return False
    before = name[place - 1]
    return before == "_" or (before.islower() and rest[0].isupper())


def field_name(name: str, number: int) -> str:
    """A field's name, for the one with that number."""
    name = name.removeprefix("r#")
    if re.fullmatch(FIELD_NAME.pattern, name):
        return name[:_LONGEST].rstrip("_")
    made = "_".join(_WORDS.findall(snake_case(name))).lower()[:_LONGEST].strip("_")
    made = re.sub(r"_+", "_", made)
    return made if re.fullmatch(FUNCTION_NAME.pattern, made) else f"field{number}"


def function_name(name: str, number: int) -> str:
    """A slot's name, which has no `_` before it."""
    return field_name(name.lstrip("_"), number)


def distinct(names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Names, with a number behind those that are the same as an earlier one in some
    language: without `_`, in one case."""
    seen = {_plain(name) for name in taken}
    made = []
    for name in names:
        one, number = name, 1
        while _plain(one) in seen:
            number += 1
            one = f"{name}{number}"
        seen.add(_plain(one))
        made.append(one)
    return made


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _joined(name: str) -> str:
    """Words as one name with capitals: `dl_tensor` as `DlTensor`."""
    words = [
        w.capitalize() if w.isupper() and "_" in name else w[:1].upper() + w[1:]
        for w in _WORDS.findall(name)
    ]
    made = "".join(words)
    return f"V{made}" if made[:1].isdigit() else made
