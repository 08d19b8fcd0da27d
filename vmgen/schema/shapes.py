"""Shapes: what a YAML value must look like before anything asks what it means.

`vmgen.schema.keys` builds the language out of these; `vmgen.schema.json_schema`
prints the same objects for editors. `check` reports every fault it finds and says
whether there was none; a node that passed can be taken apart without questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.diagnostics import did_you_mean
from vmgen.reading.quoting import as_text_of, raw_text
from vmgen.reading.source import NULLS, Node, Scalar, Sequence
from vmgen.schema.rusttype import parse_rust_type
from vmgen.schema.tokens import TypeSyntaxError
from vmgen.schema.typetext import parse_signature, parse_type
from vmgen.schema.values import found, number, point, shortened, unquoting
from vmgen.text import screaming_case, snake_case

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Report

IN_C = r"[A-Za-z_][A-Za-z0-9_]*"
"""What names are made of in C, in Rust and in Python."""

MAX_NAME = 100
"""How many characters a name may have."""

BOOLEANS = ("true", "false", "yes", "no", "on", "off")
"""What stands for yes and no in YAML, in one version of it or another."""


class Shape(msgspec.Struct, frozen=True):
    """Anything a value can be held against. Nothing fits the bare shape itself."""

    def check(self, node: Node, report: Report) -> bool:
        """Report what is wrong with a value; whether nothing is."""
        return self.mismatch(node, report)

    def describe(self) -> str:
        """The shape in words: "a number"."""
        return "nothing"

    def meant(self, node: Node) -> tuple[str, ...]:
        """How to write what a value was meant to be, where its text shows it."""
        return ()

    def mismatch(self, node: Node, report: Report, helps: tuple[str, ...] = ()) -> bool:
        report.add(
            "VM005",
            f"expected {self.describe()}, found {found(node)}",
            point(node),
            helps=helps,
        )
        return False


class Text(Shape, frozen=True):
    """Any text; YAML's plain numbers and booleans count as the text they are."""

    what: str = "a text"

    def check(self, node: Node, report: Report) -> bool:
        # Nearly every text is no word for null: that is seen before anybody is asked.
        if not isinstance(node, Scalar) or (node.value in NULLS and node.is_null):
            return self.mismatch(node, report, self.meant(node))
        if node.value.strip():
            return True
        return self.mismatch(node, report, self.meant(node))

    def meant(self, node: Node) -> tuple[str, ...]:
        return as_text_of(node)

    def describe(self) -> str:
        return self.what


class Why(Text, frozen=True):
    """A reason, which neither yes nor no is."""

    what: str = "a reason"

    def check(self, node: Node, report: Report) -> bool:
        if isinstance(node, Scalar) and node.plain and node.value.lower() in BOOLEANS:
            return self.mismatch(node, report, ("say why, in a few words",))
        return Text.check(self, node, report)


class Number(Shape, frozen=True):
    """A whole number from `least` to `most`; `values` lists the only ones, if given."""

    least: int | None = None
    most: int | None = None
    values: tuple[int, ...] = ()

    def check(self, node: Node, report: Report) -> bool:
        value = number(node)
        if value is None:
            return self.mismatch(node, report, unquoting(node))
        low = self.least is not None and value < self.least
        high = self.most is not None and value > self.most
        if low or high or (self.values and value not in self.values):
            report.add(
                "VM016", f"expected {self.describe()}, found {found(node)}", point(node)
            )
            return False
        return True

    def describe(self) -> str:
        if len(self.values) == 1:
            return str(self.values[0])
        if self.values:
            return "one of " + ", ".join(str(v) for v in self.values)
        if self.least is not None and self.most is not None:
            return f"a whole number from {self.least} to {self.most}"
        if self.least is not None:
            return f"a whole number of at least {self.least}"
        return "a whole number"


class PowerOfTwo(Number, frozen=True):
    """A number of bytes to be aligned to."""

    def check(self, node: Node, report: Report) -> bool:
        if not Number.check(self, node, report):
            return False
        value = number(node) or 1
        if value & (value - 1):
            above = 1 << value.bit_length()
            report.add(
                "VM205",
                f"an alignment is a power of two, and {value} isn't one",
                point(node),
                helps=(f"write {above >> 1} or {above}",),
            )
            return False
        return True


class Flag(Shape, frozen=True):
    """`true` or `false`."""

    def check(self, node: Node, report: Report) -> bool:
        if isinstance(node, Scalar) and node.plain and node.value in ("true", "false"):
            return True
        return self.mismatch(node, report)

    def describe(self) -> str:
        return "`true` or `false`"


class Choice(Shape, frozen=True):
    """One of a few words."""

    words: tuple[str, ...]

    def check(self, node: Node, report: Report) -> bool:
        if isinstance(node, Scalar) and node.value in self.words:
            return True
        helps = did_you_mean(node.value, self.words) if isinstance(node, Scalar) else ()
        return self.mismatch(node, report, helps)

    def describe(self) -> str:
        words = [f"`{w}`" for w in self.words]
        if len(words) == 1:
            return words[0]
        return ", ".join(words[:-1]) + f" or {words[-1]}"


class Name(Shape, frozen=True):
    """An identifier; `what` says of what, `pattern` what it is made of. `elsewhere` is
    whether languages can have another name than the schema."""

    what: str
    pattern: str
    example: str
    elsewhere: bool = False

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Scalar) or (node.value in NULLS and node.is_null):
            return self.mismatch(node, report, self.meant(node))
        if len(node.value) > MAX_NAME:
            return self._too_long(node, report)
        if _compiled(self.pattern).fullmatch(node.value):
            return True
        report.add(
            "VM010",
            f"`{shortened(node.value)}` can't be the name of {self.what}",
            node.span,
            notes=(f"a name like `{self.example}` is expected: {self.pattern}",),
            helps=self._proposed(node.value),
        )
        return False

    def _proposed(self, name: str) -> tuple[str, ...]:
        """The name in the form that is expected, if it has one."""
        name = name.removeprefix("r#")
        if not re.fullmatch(r"[A-Za-z0-9_ -]+", name) or ":" in self.pattern:
            return ()
        words = re.findall(r"[A-Za-z0-9]+", name)
        plain = "_".join(words)
        loud = len(words) > 1 and name.isupper()
        capital = "".join(w[:1].upper() + (w.lower() if loud else w)[1:] for w in words)
        small = snake_case(plain)
        for made in (small, small.replace("_", "-"), capital, screaming_case(plain)):
            made = re.sub("__+", "_", made)
            if _compiled(self.pattern).fullmatch(made):
                kept = f", with `c_name: {name}` if C calls it so"
                asked = self.elsewhere and _compiled(IN_C).fullmatch(name)
                return (f"write `{made}`{kept if asked else ''}",)
        return ()

    def _too_long(self, node: Scalar, report: Report) -> bool:
        report.add(
            "VM010",
            f"`{shortened(node.value)}` is too long for the name of {self.what}",
            node.span,
            notes=(
                f"it has {len(node.value)} characters, and a name has at most {MAX_NAME}",
            ),
        )
        return False

    def meant(self, node: Node) -> tuple[str, ...]:
        if _compiled(self.pattern).fullmatch(raw_text(node)):
            return as_text_of(node)
        if isinstance(node, Sequence) and len(node.items) == 1:
            only = node.items[0]
            if isinstance(only, Scalar) and _compiled(self.pattern).fullmatch(
                only.value
            ):
                return (f"write `{only.value}`",)
        return ()

    def describe(self) -> str:
        return f"the name of {self.what}"


class NameElsewhere(Name, frozen=True):
    """A name that some language has, which means nothing of the schema's."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class TypeExpression(Shape, frozen=True):
    """A type as Rust spells it; with `signature`, a function's."""

    signature: bool = False

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Scalar) or (node.value in NULLS and node.is_null):
            return self.mismatch(node, report, self.meant(node))
        try:
            self._parse(node.value)
        except TypeSyntaxError as error:
            if not node.value.strip() and (helps := self.meant(node)):
                return self.mismatch(node, report, helps)
            from vmgen.schema.hints import spelling_hint

            inside = node.text_span
            report.add(
                "VM007",
                error.message,
                inside.part(error.start, error.end) if inside else node.span,
                helps=(error.help,) if error.help else spelling_hint(node.value),
            )
            return False
        return True

    def _parse(self, text: str) -> None:
        (parse_signature if self.signature else parse_type)(text)

    def meant(self, node: Node) -> tuple[str, ...]:
        # Brackets may be those of an array, which quotes make one. What is no type
        # either way stays what YAML reads.
        try:
            self._parse(raw_text(node))
        except TypeSyntaxError:
            return ()
        return as_text_of(node)

    def describe(self) -> str:
        if self.signature:
            return "a signature such as `(delta: u64) -> u32`"
        return "a type such as `u32` or `VmPtr<u8>`"


class RustSyntax(Shape, frozen=True):
    """A piece of Rust that `parse` reads, which raises `TypeSyntaxError`; `what` it is."""

    what: str
    example: str
    parse: Callable[[str], object]

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Scalar) or (node.value in NULLS and node.is_null):
            return self.mismatch(node, report)
        try:
            self.parse(node.value)
        except TypeSyntaxError as error:
            inside = node.text_span
            report.add(
                "VM051",
                error.message,
                inside.part(error.start, error.end) if inside else node.span,
                helps=(error.help,) if error.help else (),
            )
            return False
        return True

    def describe(self) -> str:
        return f"{self.what} such as `{self.example}`"


class RustTypeName(Shape, frozen=True):
    """A type of Rust's own, by its path."""

    example: str

    def check(self, node: Node, report: Report) -> bool:
        if not isinstance(node, Scalar) or (node.value in NULLS and node.is_null):
            return self.mismatch(node, report)
        try:
            parse_rust_type(node.value)
        except TypeSyntaxError as error:
            inside = node.text_span
            report.add(
                "VM007",
                error.message,
                inside.part(error.start, error.end) if inside else node.span,
                helps=(error.help,) if error.help else (),
            )
            return False
        return True

    def describe(self) -> str:
        return f"a type in Rust such as `{self.example}`"
