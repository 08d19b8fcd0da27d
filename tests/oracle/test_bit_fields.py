"""clang lays out bit-fields, on every target it knows, as the engine does: to the bit."""

from __future__ import annotations

from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.oracle.clang_differences import DIFFERENCES, known, odd_c_numbers
from tests.oracle.need_clang import need_libclang
from tests.support import ROOT, load_at, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.oracle.clang_oracle import Clang
    from vmgen.targets.find import Target

try:
    from tests.oracle import clang_oracle
except ImportError:
    clang_oracle = None  # type: ignore[assignment]

SHAPES = (
    "u8:4 u32:4", "u8 u32:4 u8:5", "u32:20 u32:20 u8", "u64:40 u64:20 u64:10",
    "u16:12 u16:8 u8:1", "u8:1 u64:1", "u8 u16:9 u16:9 u8", "u8:3 u8:6",
    "u32:3 u64:60 u8:2", "u8:3 u8 u8:3", "u16:16 u8:8 u32:8", "u8 u64:33 u32", "u8:1",
    "i64:1", "i32:31 u32:2", "c_int:3 c_uint:14 u32:1", "c_long:20 c_int:13 c_ushort:7",
    "usize:9 u32:4 u8 u64", "u32:32 u8:8", "c_ulonglong:63 c_longlong:2 u16",
    "bool:1 u32:3 bool:1", "bool:1 bool:1 u8:6 bool", "u64:7 bool:1 u16:8",
)  # fmt: skip
"""Fields by their types, bit-fields with their widths."""

ON_SOME = (
    "u32:3 u32:7@z u16:9 u64:20@big u8:2@wide u32@big u8",
    "u8:4@little u8:4 u8:4@big u64:5@wide u8", "u64:1@wide u8",
    "u16:3@z u16:3@x86 u16:3@neither u16:13", "u8:5 u32@big u8:3 u64:2@little",
    "u32@little u16:5@big u8", "u8:7 u8@wide u8:1", "u64:33@x86 u32:31@z u8:1@x86 u8",
)  # fmt: skip
"""The same with the names of conditions behind those that aren't everywhere."""

CONDITIONS = {
    "big": "{endian: big}", "little": "{endian: little}", "wide": "{width: 64}",
    "z": "{arch: s390x}", "x86": "{arch: [x86, x86_64]}",
    "neither": "{not: {arch: [s390x, x86, x86_64]}}",
}  # fmt: skip
IN_C = {
    "big": "__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__",
    "little": "__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__",
    "wide": "__SIZEOF_POINTER__ == 8",
    "z": "defined(__s390x__)",
    "x86": "defined(__i386__) || defined(__x86_64__) && !defined(__arm64ec__)",
    "neither": "!defined(__s390x__) && !defined(__i386__) && "
    "(!defined(__x86_64__) || defined(__arm64ec__))",
}
"""The conditions as a schema has them, and as somebody writes them in C."""

C_TYPES = {
    **{f"u{n}": f"uint{n}_t" for n in (8, 16, 32, 64)},
    **{f"i{n}": f"int{n}_t" for n in (8, 16, 32, 64)},
    "usize": "uintptr_t", "c_int": "int", "c_uint": "unsigned", "c_long": "long",
    "c_ushort": "unsigned short", "c_ulonglong": "unsigned long long",
    "c_longlong": "long long", "bool": "_Bool",
}  # fmt: skip
BITS = {
    "u8": 8,
    "u16": 16,
    "u32": 32,
    "u64": 64,
    "i8": 8,
    "i16": 16,
    "i32": 32,
    "i64": 64,
}
PACKED = (0, 1, 2, 4)

Numbers = tuple[int, ...]


def some_shapes(count: int) -> list[str]:
    """Shapes of integers of one width everywhere, drawn anew but always the same."""
    draw = Random(14)
    shapes = []
    for _ in range(count):
        fields = []
        for _ in range(draw.randint(1, 7)):
            type = draw.choice([*BITS])
            bits = f":{draw.randint(1, BITS[type])}" if draw.random() < 0.8 else ""
            # C has no struct of nothing.
            on_some = bool(fields) and draw.random() < 0.2
            on = f"@{draw.choice([*CONDITIONS])}" if on_some else ""
            fields.append(f"{type}{bits}{on}")
        shapes.append(" ".join(fields))
    return shapes


def fields_of(shape: str) -> list[tuple[str, str, str]]:
    """The type of each field, its width in bits or nothing, and the name of its condition
    or nothing."""
    found = []
    for word in shape.split():
        field, _, on = word.partition("@")
        type, _, bits = field.partition(":")
        found.append((type, bits, on))
    return found


def schema(shapes: list[str]) -> str:
    lines = ["vmgen: 1", "module: bits", "profile: {c-abi: what C declares}", "types:"]
    for number, shape in enumerate(shapes):
        fields = ", ".join(
            f"f{i}: {{type: {type}{f', bits: {bits}' if bits else ''}"
            f"{f', on: {CONDITIONS[on]}' if on else ''}}}"
            for i, (type, bits, on) in enumerate(fields_of(shape))
        )
        for pack in PACKED:
            packed = f"packed: {pack}, " if pack else ""
            name = f"S{number}P{pack}"
            lines.append(f"  {name}: {{kind: struct, {packed}fields: {{{fields}}}}}")
    return "\n".join([*lines, ""])


def c_source(shapes: list[str]) -> str:
    lines = ["#include <stdint.h>"]
    for number, shape in enumerate(shapes):
        body = []
        for i, (type, bits, on) in enumerate(fields_of(shape)):
            member = f"{C_TYPES[type]} f{i}{':' + bits if bits else ''};"
            body += [f"#if {IN_C[on]}", member, "#endif"] if on else [member]
        for pack in PACKED:
            lines += [f"#pragma pack(push, {pack})"] if pack else []
            lines += [f"struct S{number}P{pack} {{", *body, "};"]
            lines += ["#pragma pack(pop)"] if pack else []
    return "\n".join([*lines, ""])


def by_engine(layouts: Layouts, target: Target) -> dict[str, Numbers]:
    """Size and alignment in bytes, then the first bit of each field, of each record."""
    at = layouts.class_of(target.triple)
    found = {}
    for name in layouts.module.types:
        record = layouts.record(name, at)
        parts = zip(layouts.parts(name), record.first_bits, strict=True)
        bits = [bit for part, bit in parts if at.index not in part.absent]
        found[name] = (record.size, record.align, *bits)
    return found


def odd_types(target: Target) -> set[str]:
    """The types that clang lays out otherwise than rustc there, whether in bits or not."""
    odd = {d.type for d in DIFFERENCES if fnmatchcase(target.triple, d.targets)}
    odd |= {f"i{type[1:]}" for type in odd if type[1:].isdigit()}
    if odd & {"u32", "u64"}:
        odd |= {type for type in C_TYPES if type.startswith("c_")}
    return odd | odd_c_numbers(target)


@pytest.fixture(scope="module")
def differences(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[str, str, int, Numbers, Numbers]]:
    """Where clang and the engine differ, with the shape and what it is packed to."""
    need_libclang()
    shapes = [*SHAPES, *ON_SOME, *some_shapes(60)]
    folder: Path = tmp_path_factory.mktemp("bits")
    path = write_schema(folder, schema(shapes))
    module = load_at(path, path.name, Report())
    assert module is not None
    layouts = Layouts(module)
    source = c_source(shapes)

    def ask(clang: Clang, target: Target) -> dict[str, Numbers]:
        return clang.parse(target, source, ROOT).bits

    targets = [target for target in TARGETS.values() if known(target)]
    found = []
    for target, measured in clang_oracle.each_target(targets, ask):
        odd = odd_types(target)
        expected = by_engine(layouts, target)
        for number, shape in enumerate(shapes):
            if odd.isdisjoint(type for type, *_ in fields_of(shape)):
                for pack in PACKED:
                    name = f"S{number}P{pack}"
                    if measured[name] != expected[name]:
                        what = (target.triple, shape, pack)
                        found.append((*what, measured[name], expected[name]))
    return found


def test_clang_has_every_bit_where_the_engine_has_it(
    differences: list[tuple[str, str, int, Numbers, Numbers]],
) -> None:
    assert differences == []


def test_the_header_is_laid_out_as_the_engine_says_without_a_warning(
    tmp_path: Path,
) -> None:
    path = write_schema(tmp_path, schema([*SHAPES, *ON_SOME]))
    module = load_at(path, path.name, Report())
    assert module is not None
    targets = [target for target in TARGETS.values() if known(target)]
    found = clang_oracle.complaints([module], targets)
    assert sorted(target for target, _ in found) == [
        "aarch64-unknown-uefi",
        "avr-none",
        "m68k-unknown-linux-gnu",
        "m68k-unknown-none-elf",
        "wasm32-wali-linux-musl",
        "x86_64-unknown-uefi",
    ]
