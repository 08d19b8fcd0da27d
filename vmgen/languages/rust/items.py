"""Declared types as Rust items: views of finished strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.docs import INDENT, WIDTH, comment, doc
from vmgen.languages.rust.members import (
    Member,
    field_member,
    kept,
    member,
    slot_member,
    type_doc,
)
from vmgen.languages.rust.safety import reasons
from vmgen.languages.rust.spelling import DERIVES
from vmgen.layout.place import least_align
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.rust.checks import Check, Checks, RegionsCheck
    from vmgen.languages.rust.enums import VariantView
    from vmgen.languages.rust.safety import Safety
    from vmgen.languages.rust.spelling import Spelling


IMPROPER = (
    '#[allow(improper_ctypes_definitions, reason = "C and rustc agree on them")]\n'
)
"""For signatures. The lint looks through pointers at what nobody passes, older compilers
at 128-bit integers."""


class Item(msgspec.Struct):
    """One declared type.

    `attributes` and `cfg` are finished lines: those before the type alone, and those
    before every item about it. `copied` says that a type which is defined elsewhere is
    `Copy`, which is checked; `safety` is what its `VmSafe` rests on, empty without;
    `held` are the lines that have it checked.
    """

    kind: str
    name: str
    doc: str
    attributes: str = ""
    cfg: str = ""
    representation: str = "C"
    members: str = ""
    variants: list[VariantView] = msgspec.field(default_factory=list)
    inner: str = ""
    derives: str = ""
    kept: str = ""
    copy: bool = False
    copied: bool = False
    safety: str = ""
    held: list[str] = msgspec.field(default_factory=list)
    check: Check | None = None
    fixed: Item | None = None
    regions: RegionsCheck | None = None


class Items:
    """Makes the items of one module."""

    def __init__(self, spelling: Spelling, checks: Checks, safety: Safety) -> None:
        self.spelling = spelling
        self.checks = checks
        self.safety = safety

    def of(self, declared: m.Declaration) -> list[Item]:
        """A declared type, and where it can't exist everywhere, its stand-in."""
        item = self._item(declared)
        widths = self.spelling.atomics(declared.name)
        if not widths:
            return [item]
        item.cfg = "".join(f"#[cfg({_has(bits)})]\n" for bits in sorted(widths))
        if item.fixed:
            item.fixed.cfg = item.cfg
        return [item, stand_in(declared.name, widths)]

    def _item(self, declared: m.Declaration) -> Item:
        match declared:
            case m.Struct():
                return self._record("struct", declared, declared.copy)
            case m.Union():
                copy = self.spelling.is_copy(declared.name)
                return self._record("union", declared, copy)
            case m.Newtype():
                return self._newtype(declared)
            case m.PlainEnum() | m.TaggedEnum():
                from vmgen.languages.rust.enums import enum

                return enum(declared, self)
            case m.Functions():
                return self._functions(declared)
            case m.Foreign():
                return self._foreign(declared)
            case m.Context():
                return self._context(declared)
            case _:
                return Item("opaque", declared.name, type_doc(declared))

    def _record(self, kind: str, declared: m.Struct | m.Union, copy: bool) -> Item:
        item = self._fields(kind, declared.name, declared.fields, declared)
        item.doc = type_doc(declared)
        item.copy = copy
        if declared.align:
            item.representation = f"C, align({declared.align})"
        return item

    def _fields(
        self,
        kind: str,
        name: str,
        fields: Sequence[m.Field],
        declared: m.Struct | m.Union | m.Context,
    ) -> Item:
        """A struct or union of fields. A context's check is the context's own."""
        union = kind == "union"
        members = [field_member(f, self.spelling, union=union) for f in fields]
        item = Item(
            kind,
            name,
            "",
            attributes=kept(members),
            members="".join([made.text for made in members]),
            safety=self.safety.comment(fields, declared.allow),
            held=self.safety.held(
                name, [(f.text.type, f.endian == "little") for f in fields]
            ),
        )
        names = [made.name for made in members]
        parts = list(
            zip(names, map(self.checks.line, [f.span for f in fields]), strict=True)
        )
        measured = (
            _measured_context(declared.name, name, members)
            if isinstance(declared, m.Context)
            else ""
        )
        item.check = self.checks.of(declared, parts, measured)
        return item

    def _newtype(self, declared: m.Newtype) -> Item:
        traits = self.spelling.traits(declared.inner)
        inner = self.spelling.type(declared.inner)
        safety = self.safety.comment((), {}, "transparent")
        if not self.safety.is_safe[declared.inner]:
            safety = comment(f"SAFETY: the schema allows it. {reasons(declared.allow)}")
        return Item(
            "newtype",
            declared.name,
            type_doc(declared),
            attributes=kept([_wrapped(declared.name, inner)]),
            inner=inner,
            derives=", ".join(t for t in DERIVES if t in traits),
            safety=safety,
            held=self.safety.held(declared.name, [(declared.inner, False)]),
            check=self.checks.of(declared),
        )

    def _functions(self, declared: m.Functions) -> Item:
        slots = declared.slots
        members = [slot_member(s, self.spelling) for s in slots]
        return Item(
            "struct",
            declared.name,
            type_doc(declared),
            attributes=kept(members) + IMPROPER,
            members="".join([made.text for made in members]),
            copy=True,
            safety=comment("SAFETY: `repr(C)`, addresses of functions alone."),
            check=self.checks.of(
                declared,
                [
                    (made.name, slot.span.line)
                    for made, slot in zip(members, slots, strict=True)
                ],
            ),
        )

    def _foreign(self, declared: m.Foreign) -> Item:
        """A type of the project, or as many bytes where the schema names none."""
        check = self.checks.of(declared)
        described = type_doc(declared)
        if declared.rust:
            return Item(
                "foreign",
                declared.name,
                described,
                attributes=kept([_alias(declared.name, declared.rust.text)]),
                inner=declared.rust.text,
                copied=declared.copy,
                check=check,
            )
        aligned = "".join(
            f'#[cfg_attr(target_pointer_width = "{width}", repr(C, align({align})))]\n'
            for width, align in sorted(declared.align.items())
        )
        size = f"{check.offsets}::NUMBERS[0][VMGEN_MODEL] as usize"
        return Item(
            "bytes",
            declared.name,
            described,
            attributes=kept([_wrapped(declared.name, f"[u8; {size}]")]) + aligned,
            inner=size,
            copy=declared.copy,
            safety=comment("SAFETY: bytes that the schema says are shared."),
            check=check,
        )

    def _context(self, declared: m.Context) -> Item:
        name = f"{declared.name}Fixed"
        fixed = self._fields("struct", name, declared.fields, declared)
        fixed.doc = doc(
            f"The fields that every `{declared.name}` begins with, to be used through "
            "pointers: what follows them may begin before this struct ends."
        )
        align = least_align(declared)
        parts = self._aligning(declared, name)
        return Item(
            "context",
            declared.name,
            type_doc(declared),
            attributes=kept(parts),
            representation=f"C, align({align})" if align > 1 else "C",
            members="".join([part.text for part in parts]),
            safety=comment("SAFETY: nothing but an address; its parts are checked."),
            fixed=fixed,
            regions=self.checks.regions(declared, self.spelling),
        )

    def _aligning(self, declared: m.Context, fixed: str) -> list[Member]:
        """What gives a context its alignment without giving it a size. One tuple of all
        would be nothing that rustc takes for safe to hand to C."""
        types = {fixed: None}
        if not declared.align:
            for region in declared.regions:
                types[self.spelling.type(region.element)] = None
        return [
            member("", f"_part{index}", f"[{type}; 0]", before=INDENT)
            for index, type in enumerate(types)
        ]


def _wrapped(name: str, inner: str) -> Member:
    line = f"pub struct {name}(pub {inner});"
    return Member("0", inner, line, long=len(line) > WIDTH)


def _alias(name: str, path: str) -> Member:
    line = f"pub type {name} = {path};"
    return Member("", path, line, long=len(line) > WIDTH)


def stand_in(name: str, widths: frozenset[int]) -> Item:
    """What stands for a type where the target lacks atomics of these widths."""
    each = ", ".join(_has(bits) for bits in sorted(widths))
    one = each if len(widths) == 1 else f"all({each})"
    skip = "#[rustfmt::skip]\n" if len(widths) > 2 else ""
    return Item("stand_in", name, "", attributes=f"{skip}#[cfg(not({one}))]\n")


def _has(bits: int) -> str:
    return f'target_has_atomic = "{bits}"'


def _measured_context(name: str, fixed: str, members: Sequence[Member]) -> str:
    """What is measured of a context: where its fixed fields end, without padding."""
    offsets = [f"::core::mem::offset_of!({fixed}, {made.name})" for made in members]
    end = f"{offsets[-1]} + size_of::<{members[-1].type}>()" if members else "0"
    lines = (end, f"align_of::<{name}>()", *offsets)
    return "".join(["    [\n", *[f"        {e},\n" for e in lines], "    ]\n"])
