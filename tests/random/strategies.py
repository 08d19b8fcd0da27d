"""Random schemas, as trees and as text: sound ones, with whatever the language can say.

The word ``Zq`` is in the name of every type, and ``ZQ`` in that of every constant, and
nowhere else, so that those of several schemas can be told apart by replacing it.
"""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import strategies as st

from tests.random.field_strategies import (
    FIELD_NAMES,
    MAGIC,
    MARK,
    SEVEN,
    Around,
    Fields,
    allowing,
    doc,
    some,
)
from tests.random.name_strategies import rename
from tests.random.type_strategies import (
    CHANCE,
    INTEGERS,
    YES,
    Drawn,
    Scope,
    field_type,
    one_of,
    signature,
)
from vmgen.rules.reserved import reserved

RANGES = {"usize": (0, 2**16 - 1), "isize": (-(2**15), 2**15 - 1)} | {
    f"{sign}{bits}": (
        (0, 2**bits - 1) if sign == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    )
    for sign in "ui"
    for bits in (8, 16, 32, 64)
}
"""The types that a tag may have, with what they hold on every target."""

WIDTHS = {
    **{f"{sign}{bits}": bits for sign in "ui" for bits in (8, 16, 32, 64)},
    "usize": 16,
    "isize": 16,
}
"""The types of bit-fields, with the bits that they have on every target."""

TYPE_NAMES = (
    "VM{}Type", "{}", "HTTP{}Server", "A{}3D", "VM{}ID", "_{}", "lua_{}", "io_{}_sqe",
    "VMRecordWithAName{}ThatLeavesLittleRoomOnALineOfAnyLanguage",
)  # fmt: skip
VARIANT_NAMES = (
    "Absent", "Ready", "Done", "Host", "X9", "Trap", "I32", "InOut", "kDone", "UP_AND_GO",
    "_Low", "name",
)  # fmt: skip

TARGETS = (
    "i686-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf", "aarch64-apple-darwin",
    "s390x-unknown-linux-gnu", "riscv32imac-unknown-none-elf", "wasm32-wasip1",
    "x86_64-pc-windows-msvc", "i686-pc-windows-msvc", "powerpc64-ibm-aix", "avr-none",
    "msp430-none-elf", "m68k-unknown-linux-gnu", "csky-unknown-linux-gnuabiv2",
    "thumbv6m-none-eabi", "mips-unknown-linux-gnu", "amdgcn-amd-amdhsa", "bpfeb-unknown-none",
    "hexagon-unknown-none-elf", "nvptx64-nvidia-cuda", "sparc64-unknown-linux-gnu",
    "xtensa-esp32-none-elf", "wasm64-unknown-unknown", "odd",
)  # fmt: skip
HOSTS = ("x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu")
"""Always among the targets: what the compilers of these tests compile for."""

ODD: tuple[dict[str, object], ...] = (
    {"pointer": 32, "endian": "big", "align": {"u64": 4, "u128": 4, "f64": 4}},
    {"pointer": 64, "align": {"pointer": 4, "u64": 4, "u128": 4}},
    {"pointer": 32, "align": {"pointer": 2, "u16": 1, "u32": 2, "f32": 1}},
    {"pointer": 16, "atomics": [8, 16, 32, 64]},
)
FOREIGN: tuple[dict[str, object], ...] = (
    {"size": {64: 24, 32: 12, 16: 6}, "align": {64: 8, 32: 4, 16: 2}},
    {"size": 32, "align": 32},
    {"size": 3, "align": 1},
    {"align": 16, "fields": {"a": "u8", "b": "u64", "c": "VmPtr<()>"}},
)
UNSIZED = ("opaque", "context", "prefix", "flexible")
"""Kinds of what nothing holds by value."""


def _is_debug(fields: dict[str, object]) -> bool:
    """Whether the fields are numbers and pointers alone, which can be printed."""
    return MARK not in json.dumps(fields).replace(f"VmPtr<{MARK}", "")


class _Schema(Fields):
    """A schema in the making: what has been declared, and what may be referred to."""

    def __init__(
        self, draw: st.DrawFn, names: list[str], allowed: bool, theirs: bool
    ) -> None:
        super().__init__(draw, Scope(tuple(names), allowed=allowed), theirs)
        lengths = (SEVEN,) if self.constants else ()
        owned = theirs and draw(CHANCE) > 6
        self.scope = replace(self.scope, lengths=lengths, owned=owned)
        self.packable: tuple[str, ...] = ()
        self.types: dict[str, object] = {}

    def declare(self, name: str, kind: str) -> None:
        copy = True
        match kind:
            case "struct" | "union":
                made, copy = self._record(kind)
            case "prefix":
                fields, _ = self.fields(Around())
                made = {"kind": "struct", "prefix": True, "fields": fields}
            case "flexible":
                made = self._flexible()
            case "plain" | "tagged":
                made, copy = self._enum(kind == "tagged")
                if kind == "plain":
                    self.scope = self.scope.passing(name)
                    self.packable += (name,) if copy else ()
            case "newtype":
                inner = field_type(self.draw, self.scope, self.draw(st.integers(0, 1)))
                copy = inner.copy
                made = {"kind": kind, "of": inner.text, **allowing(inner.rules)}
                if inner.text in INTEGERS:
                    self.scope = self.scope.passing(name)
                if self._may_change(inner.text):
                    self.atomics += (name,)
            case "functions":
                slots = {
                    f"call_{i}": self._slot()
                    for i in range(self.draw(st.integers(1, 4)))
                }
                made = {"kind": kind, "functions": slots}
            case "foreign":
                made = {"kind": kind, **FOREIGN[self.draw(one_of((0, 1, 2, 3)))]}
                copy = False
            case "opaque":
                made = {"kind": kind}
            case _:
                made = self._context()
        if self.draw(YES):
            made["doc"] = doc(self.draw)
        self.types[name] = made
        if "packed" in made and copy:
            self.packable += (name,)
        if kind not in UNSIZED:
            self.scope = self.scope.with_type(name, copy=copy)

    def _slot(self) -> object:
        """A function of a table, which may be null."""
        text = signature(self.draw, self.scope)
        if self.draw(CHANCE) > 7:
            return {"signature": text, "nullable": True}
        return text

    def _record(self, kind: str) -> tuple[dict[str, object], bool]:
        if self.draw(CHANCE) > 7:
            return self._packed(kind), True
        wants_copy = kind == "struct" and self.draw(YES)
        fields, copy = self.fields(Around(copy=wants_copy, union=kind == "union"))
        made: dict[str, object] = {"kind": kind, "fields": fields}
        if wants_copy and self.draw(YES):
            made["derive"] = ["Copy", "Clone"]
        elif wants_copy:
            made["copy"] = True
        elif kind == "struct" and self.draw(YES):
            made["pinned"] = True
        if self.draw(YES):
            made["align"] = self.draw(one_of((1, 2, 4, 8, 16, 32, 64)))
        elif kind == "struct" and self.draw(CHANCE) > 6:
            self._take_bits(fields)
        return made, copy and (wants_copy or kind == "union")

    def _take_bits(self, fields: dict[str, object]) -> None:
        """Make bit-fields of some integers. Between them nothing else may be missing."""
        if any(isinstance(said, dict) and "on" in said for said in fields.values()):
            return
        for later, (name, type) in enumerate(fields.items()):
            if isinstance(type, str) and type in WIDTHS and self.draw(YES):
                bits = self.draw(st.integers(1, WIDTHS[type]))
                fields[name] = {"type": type, "bits": bits, **self.on(later > 0)}

    def _packed(self, kind: str) -> dict[str, object]:
        """A packed record, of what can be in one."""
        copyable = frozenset(self.packable)
        scope = replace(
            self.scope, embeddable=self.packable, copyable=copyable, allowed=False
        )
        taken = reserved().names("field")
        fields: dict[str, object] = {}
        for name in some(self.draw, FIELD_NAMES, 6):
            text = field_type(self.draw, scope, copy=True).text
            rules = allowing(["reserved-name"] if name in taken else ())
            # In C they have an alignment of their own.
            fields[name] = {"type": text.replace("128", "64"), **rules}
        packed = self.draw(one_of((True, 1, 2, 4, 8, 16)))
        made: dict[str, object] = {"kind": kind, "fields": fields, "packed": packed}
        if kind == "struct":
            made["derive"] = ["Copy", "Clone", "Debug"][: self.draw(one_of((2, 3)))]
            if made["derive"] != ["Copy", "Clone"] and not _is_debug(fields):
                made["derive"] = ["Copy", "Clone"]
        return made

    def _flexible(self) -> dict[str, object]:
        """A record that ends in an array of any length."""
        taken = {"counts", "size", "target", "num_rest", "rest", "len"}
        fields, _ = self.fields(Around(context=True, taken=taken))
        element = field_type(self.draw, self.scope, 1)
        last: dict[str, object] = {"type": f"[{element.text}]"}
        if self.draw(YES):
            fields["len"] = self.draw(one_of(("u32", "u8", "usize", "u64")))
            last["length"] = "len"
        made = {**fields, "rest": {**last, **allowing(element.rules)}}
        return {"kind": "struct", "fields": made}

    def _enum(self, tagged: bool) -> tuple[dict[str, object], bool]:
        tag = self.draw(one_of(tuple(RANGES)))
        payloads = [
            field_type(self.draw, self.scope, 1)
            for _ in range(self.draw(st.integers(1, 3)) if tagged else 0)
        ]
        made = {"kind": "enum", "tag": tag, "variants": self._variants(tag, payloads)}
        copy = all(drawn.copy for drawn in payloads)
        if self.draw(YES):
            made["trusted"] = "it is tried"
            if self.draw(YES):
                made["derive"] = ["Clone", "Copy"] if copy and self.draw(YES) else []
                copy = bool(made["derive"])
        return made, copy

    def _variants(self, tag: str, payloads: list[Drawn]) -> dict[str, object]:
        draw = self.draw
        low, high = RANGES[tag]
        taken: set[int] = set()
        variants: dict[str, object] = {}
        following = 0
        for position, name in enumerate(some(draw, VARIANT_NAMES, 5)):
            entry: dict[str, object] = {}
            if following in taken or following > high or draw(YES):
                far = [n for n in (low, high, high // 2, high - 1) if n not in taken]
                near = next(n for n in range(40) if n not in taken)
                following = draw(one_of((near, *far)))
                entry["value"] = following
                if self.features and position and draw(CHANCE) > 7:
                    entry["when"] = "on"
            taken.add(following)
            following += 1
            if payloads and (position == 0 or draw(YES)):
                payload = payloads[position % len(payloads)]
                entry |= {"type": payload.text, **allowing(payload.rules)}
            if draw(YES):
                entry["doc"] = doc(draw)
            variants[name] = entry or None
        return variants

    def _context(self) -> dict[str, object]:
        draw = self.draw
        counts = some(draw, ("num_a", "num_b", "num_c"), 3)
        regions = {
            f"region_{i}": self._region(counts) for i in range(draw(st.integers(0, 5)))
        }
        made: dict[str, object] = {"kind": "context", "counts": counts}
        if draw(YES):
            made["align"] = draw(one_of((128, 16)))
        if draw(YES):
            made["counts"] = dict.fromkeys(counts, "How many there are.")
        made["flags"] = ["has_it"]
        if draw(YES) or not regions:
            taken = {*counts, "has_it", "counts", "size", "target"}
            made["fields"], _ = self.fields(Around(context=True, taken=taken))
        if regions:
            made["regions"] = regions
        return made

    def _region(self, counts: list[str]) -> object:
        draw = self.draw
        element = field_type(draw, self.scope, 1)
        form = draw(one_of(("array", "array", "fixed", "single", "flag", "flags")))
        text = element.text
        if form not in ("single", "flag"):
            number = draw(one_of((*counts, "3", *self.scope.lengths)))
            text = f"[{text}; {number if form != 'fixed' else 2}]"
        elif text.startswith("["):
            text = f"UnsafeCell<{text}>"
        long: dict[str, object] = {"type": text}
        if form in ("flag", "flags"):
            long["when"] = "has_it"
        if draw(YES):
            long["doc"] = doc(draw)
        if draw(YES) and not self._may_change(element.text):
            long["access"] = ["readonly"]
        rules = element.rules
        match draw(CHANCE):
            case 7 | 8:
                long["align"] = draw(one_of((64, 128)))
            case 9:
                long["align"] = "none"
                rules = rules | {"misaligned-region"}
        long |= allowing(rules)
        return long if len(long) > 1 else text


@st.composite
def schemas(
    draw: st.DrawFn,
    contexts: bool = True,
    allowed: bool = False,
    theirs: bool = True,
) -> dict[str, object]:
    """A whole schema as a tree; `as_text` makes it a file.

    `allowed` brings types that VmSafe refuses and that are allowed, and foreign types;
    `contexts` those, and records that end in an array of any length. `theirs` brings what
    layouts that others own have: a profile, other names, prefixes, records in place.
    """
    choice = ("struct", "struct", "struct", "union", "plain", "tagged", "newtype",
              "functions", "opaque", *(("prefix",) if theirs else ()),
              *(("context", "flexible") if contexts else ()),
              *(("foreign",) if allowed else ()))  # fmt: skip
    kinds = [draw(one_of(choice)) for _ in range(draw(st.integers(1, 8)))]
    patterns = draw(one_of(TYPE_NAMES)), draw(one_of(TYPE_NAMES))
    names = [
        f"{patterns[i % 2].format(MARK)}{letter}"
        for i, letter in zip(range(len(kinds)), "ABCDEFGH", strict=False)
    ]
    made = _Schema(draw, names, allowed, theirs)
    for name, kind in zip(names, kinds, strict=True):
        made.declare(name, kind)
    schema: dict[str, object] = {"vmgen": 1, "module": "drawn", "doc": doc(draw)}
    if made.scope.owned:
        schema["profile"] = {"c-abi": "it is tried"}
    if made.constants:
        schema["constants"] = {
            MAGIC: {"type": "u32", "bytes": "core", "doc": doc(draw)},
            SEVEN: {"type": draw(one_of(("u8", "usize", "i64"))), "value": 7},
        }
    if made.features:
        schema["features"] = {"on": True, "off": {"default": False}}
    if draw(CHANCE) < 9:
        targets = some(draw, TARGETS, 6) if draw(YES) else []
        schema["targets"] = [*HOSTS, *targets]
        if "odd" in targets:
            number = draw(one_of(tuple(range(len(ODD)))))
            schema["data_models"] = {"odd": ODD[number]}
    schema["types"] = made.types
    if theirs and draw(YES):
        rename(draw, schema)
    if draw(CHANCE) > 7:
        _allow_in_module(schema)
    return schema


def _allow_in_module(schema: dict[str, object]) -> None:
    """Say at the top what is allowed in single places, and nowhere else."""
    found: dict[str, object] = {}

    def take(value: object) -> None:
        if isinstance(value, dict):
            found.update(value.pop("allow", {}))
            for inner in value.values():
                take(inner)

    take(schema["types"])
    if found:
        schema["allow"] = found


def as_text(schema: dict[str, object], module: str) -> str:
    """A schema as a file's text; JSON is YAML, and is quoted beyond doubt."""
    return json.dumps({**schema, "module": module}, ensure_ascii=False, indent=1)
