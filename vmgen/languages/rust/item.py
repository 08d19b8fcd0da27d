"""What templates print of a declared type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.docs import SKIP, WIDTH
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Sequence


UNUSED = '#[allow(dead_code, reason = "not every user needs all")]\n'


class VariantView(msgspec.Struct, frozen=True):
    """A variant. `payload` is empty without one; `member` is its type in the union
    of payloads, which is `wrapped` where it may not be dropped. `cfg` is the condition
    that it is under, empty for none."""

    doc: str
    name: str
    cfg: str = ""
    payload: str = ""
    member: str = ""
    wrapped: bool = False


class AccessorView(msgspec.Struct, frozen=True):
    """What makes a union of a member and reads it: two methods. `stored` is what the member
    is set to for a `value`, and `read` the value of the member; `const` is whether that can
    be done when it is compiled. `shown` is the format that prints it, empty for its own;
    `is_first` is whether it is the member's first one."""

    doc: str
    name: str
    make: str
    get: str
    member: str
    type: str
    stored: str
    read: str
    const: bool
    shown: str
    is_first: bool


class BitFieldView(msgspec.Struct, frozen=True):
    """A bit-field: a method that reads it, by the expression `read`, and one that writes
    it. `storage` are the bytes that it is in, `place` is its first bit there and its width,
    and `given` is what is written, as a u64.
    """

    doc: str
    name: str
    type: str
    read: str
    setter: str
    said: str
    storage: str
    place: str
    given: str
    cfg: str = ""


class Check(msgspec.Struct, frozen=True):
    """An item that is checked at the end of the file: a call of the macro `macro`, or a row
    of such a call, of the type `row_of`."""

    macro: str
    text: str
    row_of: str = ""


class Item(msgspec.Struct):
    """One declared type.

    `attributes` and `cfg` are finished lines: those before the type alone, and those
    before every item about it. `visible` is who sees it, with a space after it;
    `params` are the parameters of a generic one in their brackets, and `bounds` the same
    with what they have to be for the record to be VmSafe.
    `derives` is what it derives; of a tagged enum `value_derives` what its value does, and
    `debug` is whether it can be printed, and `must_use` whether it has that attribute. `zero` is whether all zeros are its default.
    `safety` is what its `VmSafe` rests on, empty without; `checks` are finished items for
    the end of the file. Of an enum, `tags` is the type that has its values, `wide` what a
    pointer-sized tag is cast to to compare it with them, and `inner` the tag's type; of a
    newtype, `inner` is its field, with who sees that. `callable` is whether it is a table of
    functions; `accessors` are those of a union, `bit_fields` those of a struct.
    """

    kind: str
    name: str
    doc: str
    visible: str = "pub "
    params: str = ""
    bounds: str = ""
    attributes: str = ""
    cfg: str = ""
    representation: str = "C"
    members: str = ""
    variants: list[VariantView] = msgspec.field(default_factory=list)
    inner: str = ""
    tags: str = ""
    wide: str = ""
    derives: str = ""
    value_derives: str = ""
    debug: bool = False
    zero: bool = False
    kept: str = ""
    copy: bool = False
    callable: bool = False
    accessors: list[AccessorView] = msgspec.field(default_factory=list)
    bit_fields: list[BitFieldView] = msgspec.field(default_factory=list)
    must_use: bool = False
    safety: str = ""
    checks: list[Check] = msgspec.field(default_factory=list)
    fixed: Item | None = None

    def promise(self, trait: str, bounds: str) -> str:
        """The item by which the type has an unsafe trait; `bounds` as those of the item."""
        return kept_line(
            f"unsafe impl{bounds} {trait} for {self.name}{self.params} {{}}"
        )

    @property
    def opening(self) -> str:
        """The line that opens the declaration of a record."""
        kind = self.kind if self.kind == "union" else "struct"
        return kept_line(f"{self.visible}{kind} {self.name}{self.params} {{")

    def implements(self, trait: str) -> str:
        """The line that opens the implementation of a trait."""
        return kept_line(f"impl{self.params} {trait} for {self.name}{self.params} {{")


def kept_line(line: str) -> str:
    """A line with a name in it, which rustfmt would break where the name is long."""
    return f"{SKIP}{line}" if len(line) > WIDTH else line


def visible(visibility: m.Visibility) -> str:
    """Who sees an item, as what stands before it."""
    return "" if visibility == "private" else f"{visibility} "


def parameters(declared: m.Declaration) -> tuple[str, ...]:
    """The names of the types that a generic record is about."""
    return declared.params if isinstance(declared, m.Struct) else ()


def representation(declared: m.Struct | m.Union) -> str:
    """How a record is laid out, as what is between the parentheses of `repr`."""
    if declared.packed:
        most = declared.packed.number
        return f"C, packed({most})" if most > 1 else "C, packed"
    return f"C, align({declared.align})" if declared.align else "C"


def in_brackets(params: Sequence[str]) -> str:
    """Parameters as they stand behind a name; nothing for none."""
    return f"<{', '.join(params)}>" if params else ""


def marker(params: Sequence[str]) -> str:
    """The type of a field without a size that mentions parameters."""
    about = params[0] if len(params) == 1 else f"({', '.join(params)})"
    return f"::core::marker::PhantomData<{about}>"


def has_atomic(bits: int) -> str:
    """A condition: that the target has atomics of a width."""
    return f'target_has_atomic = "{bits}"'
