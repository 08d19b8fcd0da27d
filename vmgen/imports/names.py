"""Names of C and Rust as names of a schema."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from vmgen.rules.reserved import reserved
from vmgen.schema.built_in import is_built_in
from vmgen.schema.name_keys import FIELD_NAME, FUNCTION_NAME, MODULE_NAME, TYPE_NAME
from vmgen.schema.shapes import MAX_NAME
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from vmgen.rules.reserved import Reserved

_LONGEST = MAX_NAME - 20
"""Characters that are kept of a name, with room for what tells it from others."""

_WORDS = re.compile(r"[A-Za-z0-9]+")
_CAPITALS = r"[A-Z][A-Za-z0-9]*"
_VARIANT = rf"{_CAPITALS}([0-9](_[0-9])+[A-Za-z0-9]*)*"


def module_name(stem: str) -> str:
    """A module's name for what a file is called, without its ending: `libengine.so`."""
    name = "_".join(_WORDS.findall(stem.partition(".")[0])).lower()
    if name.startswith("lib") and name[3:]:
        name = name[3:].strip("_")
    return (
        name if re.fullmatch(MODULE_NAME.pattern, name) else f"module_{name}".strip("_")
    )


def free_module_name(name: str, headers: Collection[str] = ()) -> str:
    """A module's name, with something behind it if no language can have it as it is, or if
    its header would be called as one of `headers`."""
    known = reserved()
    for free in (name, f"{name}_records", f"{name}_types"):
        if known.why(free, "module") is None and f"{free}.h" not in headers:
            return free[:MAX_NAME]
    return "records"


def type_name(name: str) -> str:
    """A type's name, that of the source where a schema can have it; empty where nothing is
    left of it."""
    made = name
    if not re.fullmatch(TYPE_NAME.pattern, name):
        before = name[: len(name) - len(name.lstrip("_"))]
        made = "_".join(word for word in re.split(r"_+", _plain_words(name)) if word)
        if made:
            made = f"{before}{'v' if made[0].isdigit() else ''}{made}"
    made = made[:_LONGEST].rstrip("_")
    if is_kept_in_c(made):
        made = words_of(made)
    return f"{made}Type" if is_built_in(made) else made


def is_kept_in_c(name: str) -> bool:
    """Whether C, or what every header of vmgen's has, keeps a name of a type for itself."""
    return "c" in _reserved().taking(name, "type")


def words_of(name: str) -> str:
    """A name as one that has capitals: `DlTensor` of `dl_tensor`."""
    return _joined(name)[:_LONGEST]


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


def parameter_names(names: Sequence[str]) -> list[str]:
    """The names of a function's parameters; empty of those that no schema can have."""
    known = _reserved()
    made = [field_name(name.lstrip("_"), 0) if name else "" for name in names]
    free = [
        n if n != "field0" and known.why(n, "parameter") is None else "" for n in made
    ]
    return ["" if name and free.count(name) > 1 else name for name in free]


@cache
def _reserved() -> Reserved:
    return reserved()


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


def _plain_words(name: str) -> str:
    return "_".join(re.findall(r"[A-Za-z0-9_]+", name))


def _joined(name: str) -> str:
    """Words as one name with capitals: `dl_tensor` as `DlTensor`."""
    words = [
        w.capitalize() if w.isupper() and "_" in name else w[:1].upper() + w[1:]
        for w in _WORDS.findall(name)
    ]
    made = "".join(words)
    return f"V{made}" if made[:1].isdigit() else made
