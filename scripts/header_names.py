"""The names that headers of C define, read out of their text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

DIRECTIVE = re.compile(
    r"^[ \t]*#[ \t]*(define|undef)[ \t]+([A-Za-z_]\w*)(\(?)[ \t]*(.*)$", re.MULTILINE
)
NO_NUMBER = re.compile(
    r"L?\"|(struct|union|enum|extern|static|typedef|__attribute__)\b"
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
LINE_OF_DIRECTIVE = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


@dataclass
class HeaderNames:
    """Macros, and types. `objects` are macros without parameters, and `numbers` those of
    them that could stand for a number."""

    macros: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)


def names_of(files: Iterable[Path]) -> HeaderNames:
    """What headers define, on whatever condition, and don't take back themselves."""
    found = HeaderNames()
    for file in files:
        text = _without_comments(file.read_text(encoding="latin-1"))
        last: dict[str, tuple[str, str, str]] = {}
        for directive, name, parameters, body in DIRECTIVE.findall(text):
            last[name] = (directive, parameters, body)
        for name, (directive, parameters, body) in last.items():
            if directive == "define":
                found.macros.add(name)
                if not parameters:
                    found.objects.add(name)
                    if NO_NUMBER.match(body) is None:
                        found.numbers.add(name)
        found.types.update(_types(LINE_OF_DIRECTIVE.sub("", text)))
    return found


def reached(root: Path, starts: Iterable[str]) -> set[Path]:
    """The headers below a folder that these bring in; without regard to case."""
    below = {
        file.relative_to(root).as_posix().lower(): file
        for file in root.rglob("*")
        if file.is_file()
    }
    waiting = [below[name] for name in starts if name in below]
    seen: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in INCLUDE.findall(file.read_text(encoding="latin-1")):
            beside = (file.parent.relative_to(root) / name).as_posix().lower()
            target = below.get(name.lower()) or below.get(beside)
            if target is not None:
                waiting.append(target)
    return seen


def _without_comments(text: str) -> str:
    text = re.sub(r"\\\r?\n", " ", text)
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    return re.sub(r"//.*", "", text)


OF_FUNCTIONS = re.compile(r"[^()]*\((?:\s*\w+\s)*[\s*]*(\w+)\s*\)\s*\(")
GROUP = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def _types(text: str) -> Iterator[str]:
    """What each `typedef` declares: the last word of each declarator."""
    for start in re.finditer(r"\btypedef\b", text):
        declarators = _outside_of_braces(text, start.end())
        of_functions = OF_FUNCTIONS.match(declarators)
        if of_functions is not None:
            yield of_functions[1]
            continue
        # Parameters are no declarators, lengths and attributes no names.
        while (without := GROUP.sub(" ", declarators)) != declarators:
            declarators = without
        for part in declarators.split(","):
            words = re.findall(r"\w+", part)
            if words:
                yield words[-1]


def _outside_of_braces(text: str, start: int) -> str:
    """A declaration up to its `;`, without what is in braces."""
    depth = 0
    kept = []
    for character in text[start : start + (1 << 16)]:
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif depth == 0:
            if character == ";":
                break
            kept.append(character)
    return "".join(kept)
