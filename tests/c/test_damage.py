"""Whoever edits one number of a header hears of it from every compiler, by name.

A compiler measures its own target alone. Numbers that differ between targets have their
sum beside them, and what no compiler measures stands in a header twice.
"""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.c.headers import STRICT, THIRTY_TWO_BITS, check, job_of, write_headers
from tests.c.test_layout_program import laid_out, members
from tests.support import ROOT, Ran, module_of, proving

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SCHEMA = """
    vmgen: 1
    module: damaged
    targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, avr-none]
    constants: {MAGIC: {type: u32, value: 77}}
    types:
      Index: {kind: newtype, of: u32}
      Key: {kind: newtype, of: "[u8; 12]"}
      Level: {kind: enum, tag: u8, variants: {Low: 1, High: 200}}
      Global: {kind: struct, align: 16, fields: {bits: "[u8; 16]"}}
      Wide: {kind: struct, align: 8, fields: {first: u8, second: u64}}
      Boxed:
        kind: foreign
        rust: crate::Boxed
        size: {64: 24, 32: 12, 16: 6}
        align: {64: 8, 32: 4, 16: 1}
      Blob: {kind: foreign, rust: crate::Blob, size: 40, align: 8}
      Value:
        kind: union
        fields: {bits: u64, few: "[u8; 3]", address: VmPtr<Global>}
      Place:
        kind: enum
        tag: u32
        variants: {Nowhere: null, InMemory: VmPtr<Wide>, Near: "[u16; 3]"}
      Store:
        kind: struct
        fields:
          fuel: AtomicUsize
          rows: "[[u16; 2]; 3]"
          place: Place
          key: Key
          boxed: Boxed
          pointers: "[VmPtr<u8>; 10]"
          level: Level
          index: Index
      Calls:
        kind: functions
        functions: {grow: "(by: u64) -> usize", stop: "()"}
      Context:
        kind: context
        counts: [n]
        flags: [started]
        fields: {magic: u32, store: VmPtr<Store>, bytes: "[u8; 7]"}
        regions:
          values: "[Value; n]"
          odd: {type: "[u8; n]", align: 16}
          globals: "[Global; n]"
          fixed: "[u16; 12]"
          pairs: "[[u32; 2]; n]"
          start: {type: Place, when: started}
      Bare:
        kind: context
        counts: [n]
        regions: {words: "[u32; n]", pointers: "[VmPtr<u8>; n]"}
"""

MODELS = ("DAMAGED_MODEL_64", "DAMAGED_MODEL_32_U64A4", "DAMAGED_MODEL_16_MAX1")
OTHERS = (
    "Global.bits: size", "Value.few: size", "Place_Payload.near: size",
    "Store.rows: size", "Store.pointers: size", "Context.bytes: size",
    "Context.magic: offset", "Context.store: offset", "Context.bytes: offset",
    "Context.bytes: end", "Context: alignment", "Bare: begin of the regions",
    "Context.values: size of an element", "Context.values: alignment of an element",
    "Context.odd: size of an element", "Context.odd: rounding",
    "Context.globals: size of an element", "Context.globals: alignment of an element",
    "Context.fixed: size of an element", "Context.fixed: number of elements",
    "Context.pairs: size of an element",
    "Context.start: size of an element", "Context.start: number of elements",
    "Bare.words: size of an element",
    "Bare.pointers: size of an element", "Bare.pointers: alignment of an element",
)  # fmt: skip
"""What has numbers in `SCHEMA`, besides the size, the alignment and the members' offsets
of every record."""

WHAT = {
    "SIZE": ": size",
    "ALIGN": ": alignment",
    "OFFSET": ": offset",
    "ARRAY": ": size",
    "END": ": end",
    "BEGIN": ": begin of the regions",
    "ELEMENT": ": size of an element",
    "LENGTH": ": number of elements",
    "NATURAL": ": alignment of an element",
    "ROUNDING": ": rounding",
}
"""What each assertion says of the type, member or region that it is given."""

ASSERTION = re.compile(
    rf"VMGEN_(?P<what>{'|'.join(WHAT)})S?\(\d+, (?P<type>\w+)(?:, (?P<part>[a-z]\w*))?, "
    r"(?P<numbers>(?P<macro>\w+)[(), \w]*)\);"
)
LISTED = r"(?:\w+\((?:model, )?[\d, ]+\)|\d+)"
DIMENSIONS = rf"(?:\[{LISTED}\])+"

LAYOUT = {
    r" row\((?P<model>\w+),(?P<numbers>[\d, ]+)\)": "{model}: its size or an alignment",
    rf"^#define (?P<macro>\w+)\(model\)(?: \\\n   )? (?P<numbers>{LISTED})$": "{asserted}",
    rf"^VMGEN_CONSTANT\((?P<macro>\w+), (?P<numbers>{LISTED})\);$": "{asserted}",
    rf"^    .*unsigned char bytes(?P<numbers>{DIMENSIONS});$": "{record}: size",
    rf"^    (?!.*unsigned char).*\b(?P<member>\w+)(?P<numbers>{DIMENSIONS});$": (
        "{record}.{member}: size"
    ),
    rf"^typedef .*\b(?P<type>\w+)(?P<numbers>{DIMENSIONS});$": "{type}: size",
    r"^struct vmgen_in_(?P<type>[^\W_]+)_(?P<region>\w+) "
    rf"{{ char before; .*\bit(?P<numbers>{DIMENSIONS}); }};$": (
        "{type}.{region}: size of an element"
    ),
}
"""Lines with numbers of a layout besides the assertions, and what is to be said of an
edit: `asserted` is what the assertion says that names the macro or constant."""

NO_LAYOUT = {
    r"VMGEN_\w+\(\d+, \w+, (\w+, )? *\);": "a line of the schema, which messages print",
    r"#define \w+ .*INT\d+_C\(.*|    \w+ = -?\d+,": "the value of a constant",
    r"#if VMGEN_RUNTIME < 2": "the version of vmgen.h",
    r"    case \d+:": "the number by which a caller asks for a region",
    r"    return .* \? .* : 0u;": "the length of a region that is not there",
    r"#define (\w+_BY_MODEL|VMGEN_\w+)\(.*|#  define VMGEN_OF_HOST\(.*"
    r"|#(el)?if UINTPTR_MAX == 0x\w+|VM_STATIC_ASSERT\(.* [>=]= \d, *(\);)?"
    r"|    \w+_MODEL_HOST = .* -1|    bool fits = model >= 0 && .*": (
        "code, which is the same whatever the layout"
    ),
}
"""What else has numbers in it, and why nobody notices an edit."""

COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
LINE = re.compile(r"(?:[^\n\\]|\\\n|\\.)*\n")
RECORD = re.compile(r"(?:struct|union) (\w+) {")
NUMBER = re.compile(r"\b\d+\b")


class Number(NamedTuple):
    """A number of a layout: its place in a header, and what is to be said of an edit."""

    start: int
    end: int
    says: str


def numbers_of_layout(header: str) -> Iterator[Number]:
    """Every one in a header. Fails on a number that is neither that nor known to be of
    another kind."""
    text = COMMENT_OR_STRING.sub(lambda found: re.sub(".", " ", found[0]), header)
    asserted = {}
    for assertion in ASSERTION.finditer(text):
        asserted[assertion["macro"]] = label(assertion)
        if assertion["what"] == "LENGTH":
            length = f"vmgen_length_of_{assertion['type']}_{assertion['part']}"
            asserted[length] = label(assertion)
    record = ""
    for found in LINE.finditer(text):
        line = rest = found[0].rstrip()
        if begun := RECORD.fullmatch(line):
            record = begun[1]
        for says, start, end in parts_of_layout(line, record, asserted):
            for digits in NUMBER.finditer(line, start, end):
                here = found.start()
                yield Number(here + digits.start(), here + digits.end(), says)
            rest = rest[:start] + " " * (end - start) + rest[end:]
        known = any(re.fullmatch(p, rest, re.DOTALL) for p in NO_LAYOUT)
        assert known or not re.search(r"\b\d", rest), line


def parts_of_layout(
    line: str, record: str, asserted: dict[str, str]
) -> Iterator[tuple[str, int, int]]:
    """What is to be said of the numbers in parts of a line, and where these are."""
    if assertion := ASSERTION.fullmatch(line):
        yield label(assertion), *assertion.span("numbers")
        return
    for pattern, says in LAYOUT.items():
        for match in re.finditer(pattern, line):
            groups = {"record": record, **match.groupdict()}
            if "macro" in groups:
                groups["asserted"] = asserted[groups["macro"]]
            yield says.format(**groups), *match.span("numbers")


def label(assertion: re.Match[str]) -> str:
    part = f".{assertion['part']}" if assertion["part"] else ""
    return f"{assertion['type']}{part}{WHAT[assertion['what']]}"


def edits_of(digits: str, chance: random.Random) -> list[str]:
    """A number without one of its digits, or when proving without each of them. If it
    has one only, this may also be changed."""
    edits = [digits[:place] + digits[place + 1 :] for place in range(len(digits))]
    if len(digits) == 1:
        edits.append(chance.choice([d for d in "0123456789" if d != digits]))
    return edits if proving() else [chance.choice(edits)]


def unnoticed(
    folder: Path,
    header: str,
    numbers: Iterable[Number],
    standard: str = "c11",
    *flags: str,
) -> list[str]:
    """Edits that a compiler takes, or refuses without saying what was edited."""
    chance = random.Random(header)
    edits = [
        (number, edit)
        for number in numbers
        for edit in edits_of(header[number.start : number.end], chance)
    ]

    def said_of(number: Number, edit: str) -> str:
        edited = header[: number.start] + edit + header[number.end :]
        return check(folder, edited, standard, *flags).err

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(said_of, *zip(*edits, strict=True)))
    return [
        f"{number.says}: {header[number.start:number.end]} -> {edit or 'nothing'}\n{err}"
        for (number, edit), err in zip(edits, said, strict=True)
        if not is_named(number.says, edit, err)
    ]


def is_named(says: str, edit: str, err: str) -> bool:
    """Whether an edit was refused by the assertion that knows its name. Where the rest
    is no number, or no array, the line of the error has the name."""
    if re.fullmatch("0[0-7]*[89][0-9]*", edit):
        return "in octal constant" in err
    if edit == "" and ": size" in says and "error: " in err:
        return True
    said = re.search(r'static assertion failed: "?' + re.escape(says) + "([^\n]*)", err)
    return said is not None and "makes it anew" in said[1]


def names(folder: Path) -> Iterator[str]:
    """What `SCHEMA` has numbers of, as they are named in messages."""
    job = job_of(module_of(folder, SCHEMA))
    for declared in laid_out(job):
        yield f"{declared.name}: size"
        yield f"{declared.name}: alignment"
        yield from (f"{declared.name}.{member}: offset" for member in members(declared))
    yield from (f"{m}: its size or an alignment" for m in MODELS)
    yield from OTHERS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    write_headers(folder, module_of(folder, SCHEMA))
    return folder


@pytest.mark.parametrize(
    ("standard", "flags"),
    [
        ("c11", ()),
        *([("c11", THIRTY_TWO_BITS), ("c++17", ())] if proving() else []),
    ],
)
def test_every_edit_is_noticed(
    folder: Path, standard: str, flags: tuple[str, ...]
) -> None:
    header = (folder / "damaged.h").read_text(encoding="utf-8")
    assert check(folder, header, standard, *STRICT, *flags) == Ran(0, "", "")
    numbers = list(numbers_of_layout(header))
    assert {number.says for number in numbers} == set(names(folder))
    assert unnoticed(folder, header, numbers, standard, *flags) == []


@pytest.mark.parametrize("name", ["wasmtime42", "wasmer"])
def test_an_edit_of_what_is_checked_in_is_noticed(name: str) -> None:
    header = (ROOT / f"generated/c/{name}.h").read_text(encoding="utf-8")
    numbers = list(numbers_of_layout(header))
    if not proving():
        numbers = random.Random(name).sample(numbers, 40)
    assert unnoticed(ROOT / "generated/c", header, numbers) == []
