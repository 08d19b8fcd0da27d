"""Asks rustc how it lays out every type of a module, on any target.

One crate without ``core`` holds the modules; an attribute makes the compiler dump
each layout as an error, so neither a standard library nor a linker is needed.
"""

from __future__ import annotations

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.rustc_targets import CompilerError, compile_crate, layout_attribute
from tests.oracle.rustc_source import ModuleSource, Question, Wants, library
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.schema.model import Module


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What rustc and the engine say about one question on one target."""

    target: str
    question: str
    rustc: tuple[int, ...] | None
    engine: tuple[int, ...]


class Crate:
    """The crate for some modules, which all name the same targets."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._parts = [ModuleSource(module, Layouts(module)) for module in modules]
        self._asked: dict[int, Question] = {}
        self._answers: dict[tuple[int, ...], list[tuple[int, ...]]] = {}

    def text(self, attribute: str) -> str:
        """The source. Each question is a line, by which its answer is known."""
        lines = library().splitlines()
        for i, part in enumerate(self._parts):
            lines += [f"mod m{i} {{ use crate::*;", *part.unasked()]
            for question in part.questions():
                lines.append(f"#[{attribute}(debug)] {question.item}")
                self._asked[len(lines)] = question
            lines.append("}")
        return "\n".join([*lines, ""])

    def read(self, target: str, output: str) -> dict[int, tuple[int, ...]]:
        """The numbers of each dump, by its line in the crate.

        Raises CompilerError for an error that is no dump.
        """
        found = {}
        for message in re.split(r"^(?=\S)", output, flags=re.MULTILINE):
            dump = re.match(r"[^\n]*?:(\d+):\d+: error: layout_of\(", message)
            if dump is not None:
                line = int(dump[1])
                found[line] = numbers(message, self._asked[line].wants)
            elif "error" in message and "aborting due to" not in message:
                raise CompilerError(f"{target}: {message}")
        return found

    def compare(self, target: str, output: str) -> list[Disagreement]:
        """The questions that rustc does not answer, or not as the engine does."""
        found = self.read(target, output)
        return [
            Disagreement(target, question.name, found.get(line), expected)
            for (line, question), expected in zip(
                self._asked.items(), self._engine(target), strict=True
            )
            if found.get(line) != expected
        ]

    def _engine(self, target: str) -> list[tuple[int, ...]]:
        """The engine's numbers, in the order of the questions."""
        key = tuple(part.layouts.class_of(target).index for part in self._parts)
        if key not in self._answers:
            self._answers[key] = [
                tuple(answer)
                for part, index in zip(self._parts, key, strict=True)
                for answer in part.answers(part.layouts.classes[index])
            ]
        return self._answers[key]

    @property
    def questions(self) -> list[Question]:
        """What the crate asks on each target."""
        return [question for part in self._parts for question in part.questions()]


_NUMBER = re.compile(r"\((\d+) bytes\)")
# The members of a union, or the offsets of a record; those of an enum's variants
# follow, as `offsets` in the dumps of rustc 1.95 and as `field_offsets` later.
_FIELDS = re.compile(r"fields: Union\(\s*(\d+)|offsets: \[([^]]*)\]")


def numbers(dump: str, wants: Wants) -> tuple[int, ...]:
    """Size, alignment, offsets from one dump, as `Question` has them."""
    extent = tuple(int(match[1]) for match in _NUMBER.finditer(dump))[:2]
    if wants == "extent":
        return extent
    offsets: list[list[int]] = []
    for match in _FIELDS.finditer(dump):
        members = [0] * int(match[1] or 0)
        offsets.append(members or [int(n) for n in _NUMBER.findall(match[2] or "")])
    if wants == "offsets":
        return tuple(offsets[0])
    if wants == "record":
        return (*extent, *offsets[0])
    # The tag, then one place for the payloads of all variants.
    payloads = {offset for variant in offsets[1:] for offset in variant}
    return (*extent, *offsets[0], *sorted(payloads))


def disagreements(
    modules: Iterable[Module], targets: Iterable[str], jobs: int = 2
) -> list[Disagreement]:
    """Everything that rustc and the engine see differently on these targets."""
    crate = Crate(modules)
    with (
        tempfile.TemporaryDirectory(prefix="vmgen-rustc-") as folder,
        ThreadPoolExecutor(jobs) as pool,
    ):
        path = Path(folder, "layouts.rs")
        path.write_text(crate.text(layout_attribute()), encoding="utf-8")

        def ask(target: str) -> list[Disagreement]:
            return crate.compare(target, compile_crate(path, f"--target={target}"))

        return [found for each in pool.map(ask, targets) for found in each]
