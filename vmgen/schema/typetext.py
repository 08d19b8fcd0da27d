"""Reading type expressions, with the position of every part.

The grammar is Rust's type syntax as far as a record can hold it. What Rust allows
and VmSafe doesn't is read too, so that a rule can say what to write instead.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.schema.built_in import BUILT_IN, RUST_LAYOUT, WRAPPERS
from vmgen.schema.rusttype import parse_rust_type
from vmgen.schema.tokens import TOKEN, Tokens, TypeSyntaxError
from vmgen.schema.types import (
    NON_ZERO_OF,
    Array,
    FnPointer,
    Named,
    NonZero,
    Option,
    Param,
    RawPointer,
    RustLayout,
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NESTING = 32
MAX_DIGITS = 20

_PARAMETER = r"_?[a-z](_?[a-z0-9])*_?"
_UNSIZED = frozenset({"str", "dyn"})


class Spelled(msgspec.Struct, frozen=True):
    """A type as written: the node and its offsets, and so for each part.

    `parts` runs parallel to `vmgen.schema.types.children(type)`. `length` is the
    place of an array's length; None for everything else. `names` has the place of each
    parameter's name in a signature; None where one has none.
    """

    type: Type
    start: int
    end: int
    parts: tuple[Spelled, ...] = ()
    length: tuple[int, int] | None = None
    names: tuple[tuple[int, int] | None, ...] = ()

    def find(self, wanted: Type) -> Spelled:
        """The first part that is `wanted`, depth first; the whole when none is."""
        for part in self.walk():
            if part.type == wanted:
                return part
        return self

    def walk(self) -> list[Spelled]:
        """This and every part within, from the outside in."""
        found = [self]
        for part in self.parts:
            found.extend(part.walk())
        return found


@lru_cache(maxsize=65_536)
def parse_type(text: str) -> Spelled:
    """Read one type expression. Raises `TypeSyntaxError`."""
    parser = _Parser(text)
    spelled = parser.type(0)
    parser.finish()
    return spelled


@lru_cache(maxsize=4096)
def parse_signature(text: str) -> Spelled:
    """Read `(name: T, ...) -> T`, with `fn` before it or not."""
    parser = _Parser(text)
    start = parser.start
    parser.skip_qualifiers()
    spelled = parser.signature(start, 0)
    parser.finish()
    return spelled


class _Parser(Tokens):
    """Recursive descent over the tokens of one text."""

    def finish(self) -> None:
        if self.kind != "end":
            self.fail(f"the type ends before `{self.token}`")

    def type(self, depth: int) -> Spelled:
        if depth > MAX_NESTING:
            self.fail(f"a type nested more than {MAX_NESTING} levels deep")
        start = self.start
        if self.kind == "word":
            return self.path(start, depth)
        if self.token == "[":
            return self.array(start, depth)
        if self.token == "(":
            return self.tuple(start, depth)
        if self.token == "*":
            self.advance()
            if self.word not in ("mut", "const"):
                self.fail("a raw pointer is `*mut T` or `*const T`")
            spelling = f"*{self.word}"
            self.advance()
            return self.pointer(spelling, start, depth)
        if self.token == "&":
            self.advance()
            if self.kind == "life":
                self.advance()
            spelling = "&"
            if self.word == "mut":
                spelling = "&mut"
                self.advance()
            return self.pointer(spelling, start, depth)
        if self.token == "!":
            self.advance()
            return self.rust_layout(start, form="never")
        found = f"`{self.token}`" if self.token else "nothing"
        self.fail(f"expected a type, found {found}")

    def pointer(self, spelling: str, start: int, depth: int) -> Spelled:
        inner = self.type(depth + 1)
        made = RawPointer(spelling, inner.type)
        return Spelled(made, start, inner.end, (inner,))

    def array(self, start: int, depth: int) -> Spelled:
        self.advance()
        element = self.type(depth + 1)
        if self.token == "]":
            self.advance()
            text = self.text[start : self.previous_end]
            slice = RustLayout(
                text, unsized=True, form="slice", arguments=(element.type,)
            )
            return Spelled(slice, start, self.previous_end, (element,))
        self.expect(";")
        place = (self.start, self.end)
        length: int | str
        if self.kind == "number":
            digits = self.token.replace("_", "")
            if len(digits) > MAX_DIGITS:
                self.fail("this length is larger than any address space")
            try:
                length = int(digits, 0) if digits[:1] == "0" else int(digits)
            except ValueError:
                self.fail("a number with a leading zero", f"write `{int(digits)}`")
        elif self.kind == "word" and "::" not in self.token:
            length = self.token
        else:
            self.fail("expected the array's length: a number, a constant or a count")
        self.advance()
        self.expect("]")
        made = Array(element.type, length)
        return Spelled(made, start, self.previous_end, (element,), place)

    def tuple(self, start: int, depth: int) -> Spelled:
        self.advance()
        parts = []
        comma = False
        while self.token != ")":
            parts.append(self.type(depth + 1))
            if self.token != ",":
                break
            comma = True
            self.advance()
        self.expect(")")
        if not parts:
            return Spelled(Unit(), start, self.previous_end)
        if len(parts) == 1 and not comma:
            return parts[0]
        return self.rust_layout(start, form="tuple")

    def path(self, start: int, depth: int) -> Spelled:
        word = self.token
        if word in ("unsafe", "extern", "fn"):
            self.skip_qualifiers()
            return self.signature(start, depth)
        self.advance()
        if word in ("dyn", "impl"):
            self.skip_bounds()
            return self.rust_layout(start, unsized=True, form="trait")
        name = word.rsplit("::", 1)[-1]
        qualified = name != word
        arguments: list[Spelled] = []
        if self.token == "<":
            self.advance()
            while self.token != ">":
                if self.kind == "life":
                    self.advance()
                else:
                    arguments.append(self.type(depth + 1))
                if self.token != ",":
                    break
                self.advance()
            self.expect(">")
        return self.named(name, qualified, arguments, start)

    def named(
        self, name: str, qualified: bool, arguments: list[Spelled], start: int
    ) -> Spelled:
        end = self.previous_end
        if name in WRAPPERS:
            return self.wrapper(name, arguments, start)
        if arguments and not qualified and name not in RUST_LAYOUT:
            generic = Named(name, tuple(argument.type for argument in arguments))
            return Spelled(generic, start, end, tuple(arguments))
        if arguments or name in RUST_LAYOUT or name in _UNSIZED:
            types = tuple(argument.type for argument in arguments)
            return self.rust_layout(
                start, unsized=name in _UNSIZED, name=name, arguments=types
            )
        made = BUILT_IN.get(name)
        if made is None:
            if qualified:
                text = self.text[start:end]
                try:
                    parse_rust_type(text)
                except TypeSyntaxError as error:
                    error.start, error.end = start + error.start, start + error.end
                    raise
                return Spelled(RustLayout(text, path=True, name=name), start, end)
            made = Named(name)
        return Spelled(made, start, end)

    def wrapper(self, name: str, arguments: list[Spelled], start: int) -> Spelled:
        end = self.previous_end
        if len(arguments) != 1:
            raise TypeSyntaxError(
                f"`{name}` takes one type, found {len(arguments)}", start, end,
                f"write `{name}<T>`",
            )  # fmt: skip
        inner = arguments[0]
        made: Type
        if name == "VmPtr":
            made = VmPtr(inner.type)
        elif name == "Option":
            made = Option(inner.type)
        elif name == "UnsafeCell":
            made = UnsafeCell(inner.type)
        elif name == "NonZero":
            spelled = "NonZero" + str(inner.type).capitalize()
            if spelled not in NON_ZERO_OF:
                return self.rust_layout(start, name=name, arguments=(inner.type,))
            return Spelled(NonZero(spelled), start, end)
        else:
            made = RawPointer(name, inner.type)
        return Spelled(made, start, end, (inner,))

    def signature(self, start: int, depth: int) -> Spelled:
        self.expect("(")
        params: list[Param] = []
        parts: list[Spelled] = []
        names: list[tuple[int, int] | None] = []
        while self.token != ")":
            name, place = "", None
            if self.kind == "word" and "::" not in self.token:
                after = TOKEN.match(self.text, self.end)
                if after and after.group("mark") == ":":
                    name, place = self.token, (self.start, self.end)
                    if not re.fullmatch(_PARAMETER, name):
                        self.fail(
                            f"`{name}` can't be the name of a parameter",
                            "write a name like `delta`",
                        )
                    self.advance()
                    self.advance()
            part = self.type(depth + 1)
            params.append(Param(name, part.type))
            names.append(place)
            parts.append(part)
            if self.token != ",":
                break
            self.advance()
        self.expect(")")
        result: Type | None = None
        if self.token == "->":
            self.advance()
            part = self.type(depth + 1)
            if part.type != Unit():
                result = part.type
                parts.append(part)
        made = FnPointer(tuple(params), result)
        return Spelled(made, start, self.previous_end, tuple(parts), names=tuple(names))

    def rust_layout(
        self,
        start: int,
        *,
        unsized: bool = False,
        form: Literal["name", "tuple", "trait", "never"] = "name",
        name: str = "",
        arguments: Sequence[Type] = (),
    ) -> Spelled:
        text = self.text[start : self.previous_end]
        made = RustLayout(text, unsized, False, form, name, (*arguments,))
        return Spelled(made, start, self.previous_end)

    def skip_qualifiers(self) -> None:
        while self.word in ("unsafe", "extern", "fn"):
            before = self.word
            self.advance()
            if before == "extern" and self.kind == "abi":
                self.advance()

    def skip_bounds(self) -> None:
        depth = 0
        while self.kind != "end":
            if self.token in ("<", "(", "["):
                depth += 1
            elif self.token in (">", ")", "]"):
                if depth == 0:
                    return
                depth -= 1
            elif self.token in (",", ";") and depth == 0:
                return
            self.advance()
