"""A generated module with a digit of its table lost or wrong, and what that says."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PLAIN = {"struct", "union", "tagged", "functions"}


class Number(NamedTuple):
    """A number of a table: where in the text it is, which of what it is, and whose: a
    type's, or a part's of a type, as `Type.part`. `column` is that of the data model,
    None where it holds for all. `is_judged` says that ctypes has the same number, or
    one that is more."""

    start: int
    end: int
    what: str
    whose: str
    column: int | None
    is_judged: bool


class Table:
    """A generated module that is run again and again, with other tables each time.

    `runtime` is an imported one, which all runs share.
    """

    def __init__(self, source: str, runtime: ModuleType) -> None:
        self.runtime = runtime
        self.source = re.sub(
            r"from (\w+\.)*vmgen_runtime import",
            f"from {runtime.__name__} import",
            source,
        )
        # What is before the table is compiled once: that takes longer than the table.
        self._head = self.source.index("FILE_FINGERPRINT:")
        self._code = compile(self.source[: self._head], "<undamaged>", "exec")
        self._bytes = self.source.encode()
        self._lines = [0]
        for line in self.source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line.encode()))
        (call,) = [
            node
            for node in ast.walk(ast.parse(self.source))
            if isinstance(node, ast.Call)
            and {keyword.arg for keyword in node.keywords} >= {"models", "layouts"}
        ]
        self._table = {k.arg: k.value for k in call.keywords}

    def run(self, source: str | None = None) -> dict[str, object]:
        """The names of the module with this text, its own for None."""
        pointers = __import__(
            f"{self.runtime.__name__}.pointers", fromlist=["pointers"]
        )
        known = dict(pointers.kinds_by_face)
        names: dict[str, object] = {"__name__": "damaged"}
        try:
            exec(self._code, names)
            table = (source or self.source)[self._head :]
            exec(compile(table, "<damaged>", "exec"), names)
        finally:
            # Else the classes of every run stay.
            pointers.kinds_by_face.clear()
            pointers.kinds_by_face.update(known)
        return names

    def message(self, source: str) -> str:
        """What is said of this text; nothing if it is taken."""
        try:
            self.run(source)
        except self.runtime.LayoutMismatch as error:
            return str(error)
        except (ImportError, SyntaxError) as error:
            return repr(error)
        return ""

    def numbers(self) -> Iterator[Number]:
        """Every number of a layout."""
        for row in self._elements(self._table["layouts"]):
            what, name, parts, columns, *more = self._elements(row)
            kind, owner = ast.literal_eval(what), ast.literal_eval(name)
            names = [ast.literal_eval(name) for name in self._elements(parts)[::2]]
            on_some = [
                name
                for name, tree in zip(names, self._elements(parts)[1::2], strict=True)
                if isinstance(tree, ast.Tuple)
                and ast.unparse(tree.elts[0]) == repr("on")
            ]
            judged = kind in PLAIN and not (more and kind in ("struct", "union"))
            # What is around bit-fields ctypes is told the places of.
            bits = [
                name
                for node in more
                if isinstance(node, ast.List)
                for name in ast.literal_eval(node)[::2]
            ]
            meanings = [
                ("size", owner, judged or kind in ("newtype", "enum", "context")),
                ("alignment", owner, judged or kind in ("newtype", "enum")),
                *(
                    ("offset", f"{owner}.{part}", not bits and part not in on_some)
                    for part in names
                ),
                *(("first bit", f"{owner}.{part}", False) for part in bits),
                *(("presence", f"{owner}.{part}", False) for part in on_some),
            ]
            # Fields with an alignment of their own are told of behind the regions.
            tuples = [node for node in more if isinstance(node, ast.Tuple)]
            for region in self._elements(tuples[-1]) if kind == "context" else ():
                whose = f"{owner}.{ast.literal_eval(region)[0]}"
                meanings.append(("rounding", whose, False))
                meanings.append(("stride", whose, True))
            alone = len(self._elements(columns)) == 1
            for column, numbers in enumerate(self._elements(columns)):
                for node, meaning in zip(
                    self._elements(numbers), meanings, strict=True
                ):
                    what_it_is, whose, is_judged = meaning
                    place = None if alone else column
                    yield Number(
                        *self._place(node), what_it_is, whose, place, is_judged
                    )

    @property
    def is_in_doubt(self) -> bool:
        """Whether what ctypes knows of the host doesn't tell which data model it has, so
        that nothing is stored natively and ctypes judges no number."""
        return any(
            isinstance(node, ast.Constant) and node.value == "doubt"
            for node in ast.walk(self._table["models"])
        )

    def model_numbers(self) -> list[tuple[int, int]]:
        """Where the numbers of the data models are."""
        return [
            self._place(node)
            for node in ast.walk(self._table["models"])
            if isinstance(node, ast.Constant) and isinstance(node.value, int)
        ]

    def lengths(self) -> Iterator[tuple[int, int, str]]:
        """Where the lengths of arrays are, and whose they are."""
        for row in self._elements(self._table["layouts"]):
            _, name, parts, *_ = self._elements(row)
            held = self._elements(parts)
            for part, tree in zip(held[::2], held[1::2], strict=True):
                whose = f"{ast.literal_eval(name)}.{ast.literal_eval(part)}"
                for node in ast.walk(tree):
                    if isinstance(node, ast.Constant) and isinstance(node.value, int):
                        yield *self._place(node), whose

    def damaged(self, start: int, end: int, others: str) -> Iterator[str]:
        """Texts in which a digit of a number is lost; and if the number is one digit,
        those in which it is one of some others."""
        before, after = self.source[:start], self.source[end:]
        digits = self.source[start:end]
        for index in range(len(digits)) if len(digits) > 1 else ():
            left = f"{digits[:index]}{digits[index + 1 :]}"
            if left != digits:
                yield f"{before}{left}{after}"
        if len(digits) == 1:
            for other in others:
                if other != digits:
                    yield f"{before}{other}{after}"

    def _elements(self, node: ast.expr) -> list[ast.expr]:
        assert isinstance(node, ast.Tuple)
        return node.elts

    def _place(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_col_offset is not None
        line = self._lines[node.lineno - 1]
        # Columns are bytes, and so are the offsets of lines.
        start = len(self._bytes[: line + node.col_offset].decode())
        return start, start + node.end_col_offset - node.col_offset
