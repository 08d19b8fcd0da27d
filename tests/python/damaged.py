"""The table of a generated module with a byte of it lost or wrong, and what that says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

DIGITS = re.compile(r"\d+")
LENGTH = re.compile(r"(?<=;)\d+(?=\])")
HEAD = {3: "size", 4: "alignment"}
ROW = {1: "length", 3: "offset"}
REGION = {
    2: "length",
    4: "count",
    6: "alignment",
    7: "rounding",
    8: "stride",
    9: "size",
}


class Number(NamedTuple):
    """A number of a table: where in the text it is, which of what it is, and whose:
    a type's, or a part's of a type, as `Type.part`."""

    start: int
    end: int
    what: str
    whose: str


class Table:
    """A generated module that is run again and again, with other layouts each time.

    `runtime` is an imported one, which all runs share.
    """

    def __init__(self, source: str, runtime: ModuleType) -> None:
        self.runtime = runtime
        head, self.models, rest = re.split(r'models="""|""",\n    layouts="""', source)
        self.layouts, tail = rest.split('""",\n)')
        head = re.sub(
            r"from (\w+\.)*vmgen_runtime import",
            f"from {runtime.__name__} import",
            head,
        )
        self._code = compile(
            f"{head}models=MODELS, layouts=LAYOUTS){tail}", "<damaged>", "exec"
        )

    def run(self, layouts: str | None = None, models: str | None = None) -> None:
        """Import the module with these layouts and models, its own for None."""
        known = dict(self.runtime._kinds_by_face)
        try:
            exec(
                self._code,
                {
                    "__name__": "damaged",
                    "LAYOUTS": self.layouts if layouts is None else layouts,
                    "MODELS": self.models if models is None else models,
                },
            )
        finally:
            # Else the classes of every run stay.
            self.runtime._kinds_by_face.clear()
            self.runtime._kinds_by_face.update(known)

    def message(self, layouts: str) -> str:
        """What is said of these layouts; nothing if they are taken."""
        try:
            self.run(layouts)
        except self.runtime.LayoutMismatch as error:
            return str(error)
        return ""

    def numbers(self) -> Iterator[Number]:
        """Every number of the layouts that isn't the line of something."""
        owner, start = "", 0
        for line in self.layouts.split("\n"):
            is_head = line != "" and not owner
            if is_head:
                owner = line.split(" ")[1]
            if line and not line.startswith("# "):
                yield from _numbers(line, start, owner, is_head=is_head)
            if not line:
                owner = ""
            start += len(line) + 1

    def damaged(self, number: Number, others: str) -> Iterator[str]:
        """Layouts in which a byte of a number, or what keeps it from the next, is lost;
        and if the number is one digit, those in which it is one of some others."""
        before, after = self.layouts[: number.start], self.layouts[number.end :]
        digits = self.layouts[number.start : number.end]
        for index in range(len(digits)):
            yield f"{before}{digits[:index]}{digits[index + 1 :]}{after}"
        if after[0] in ",:":
            yield f"{before}{digits}{after[1:]}"
        if len(digits) == 1:
            for other in others:
                if other != digits:
                    yield f"{before}{other}{after}"


def _numbers(line: str, start: int, owner: str, *, is_head: bool) -> Iterator[Number]:
    words = line.split(" ")
    is_region = words[0] == "+"
    whose = owner if is_head else f"{owner}.{words[1 if is_region else 0]}"
    kinds = HEAD if is_head else REGION if is_region else ROW
    for index, word in enumerate(words):
        what, pattern = kinds.get(index, ""), DIGITS
        if is_head and word.startswith("align="):
            what = "alignment"
        if what == "length" and word.startswith("bytes:"):
            what = "extent"
        elif what == "length":
            pattern = LENGTH
        if what and (what != "count" or word.isdecimal()):
            for match in pattern.finditer(word):
                yield Number(start + match.start(), start + match.end(), what, whose)
        start += len(word) + 1
