"""What rustc is told of names that aren't made as Rust's usually are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.analysis.members import members_of
from vmgen.languages.rust.docs import INDENT
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = 70
"""Columns of an attribute's arguments that rustfmt leaves on one line."""

_CAMEL = re.compile(r"_*[A-Z][A-Za-z0-9]*([0-9](_[0-9])+[A-Za-z0-9]*)*")
_SNAKE = re.compile(r"_*[a-z0-9]+(_[a-z0-9]+)*")


def of_names(module: m.Module, *, in_methods: bool = False) -> str:
    """The attribute at the begin of a file by which rustc takes the names of a module as
    they are, as finished lines; nothing where it would say nothing of them. `in_methods` is
    whether names of types are parts of a method's."""
    lints = [*dict.fromkeys(sorted(_lints(module, in_methods=in_methods)))]
    if not lints:
        return ""
    words = [*lints, 'reason = "named as in the schema"']
    line = ", ".join(words)
    if len(line) <= ROOM:
        return f"#![allow({line})]\n"
    rows = ",\n".join(f"{INDENT}{word}" for word in words)
    return f"#![allow(\n{rows}\n)]\n"


def _lints(module: m.Module, *, in_methods: bool) -> Iterator[str]:
    for constant in module.own_constants.values():
        if constant.name.upper() != constant.name:
            yield "non_upper_case_globals"
    for declared in module.own_types.values():
        if not _CAMEL.fullmatch(declared.name):
            yield "non_camel_case_types"
        if in_methods and declared.name.startswith("_"):
            # What stands before it in the name ends in an underscore.
            yield "non_snake_case"
        for member in members_of(declared):
            if isinstance(member, m.Variant):
                if not _CAMEL.fullmatch(member.name):
                    yield "non_camel_case_types"
                if in_methods and member.text and member.name.startswith("_"):
                    yield "non_snake_case"
            elif not _SNAKE.fullmatch(member.name):
                yield "non_snake_case"
