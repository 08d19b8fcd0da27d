"""Whoever edits one number of a header hears of it from a compiler of that target, by name.

What stands there for other targets is what `vmgen build --check` looks after, and so are
lengths that nothing else follows from.
"""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, THIRTY_TWO_BITS, check, job_of, write_headers
from tests.c.numbers import judged
from tests.c.test_layout_program import laid_out, members
from tests.support import ROOT, Ran, module_of, proving
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.c.numbers import Number

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

OTHERS = (
    "Global.bits: offset or size", "Value.few: offset or size",
    "Place_Payload.near: offset or size", "Store.rows: offset or size",
    "Store.pointers: offset or size", "Context.bytes: offset or size",
    "Context.magic: offset", "Context.store: offset",
    "Context.bytes: end", "Context: alignment", "Bare: begin of the regions",
    "Context.values: size of an element", "Context.values: alignment of an element",
    "Context.odd: size of an element",
    "Context.globals: size of an element", "Context.globals: alignment of an element",
    "Context.fixed: size of an element", "Context.pairs: size of an element",
    "Context.start: size of an element", "Bare.words: size of an element",
    "Bare.pointers: size of an element", "Bare.pointers: alignment of an element",
)  # fmt: skip
"""What has numbers in `SCHEMA`, besides the size, the alignment and the members' offsets
of every record."""


def edits_of(digits: str, chance: random.Random) -> list[str]:
    """A number without one of its digits, or when proving without each of them. If it
    has one only, it is changed."""
    edits = [digits[:place] + digits[place + 1 :] for place in range(len(digits))]
    if len(digits) == 1:
        edits = [chance.choice([d for d in "1234567" if d != digits])]
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
        # Where a rounding is proved to change nothing it is 1, which no compiler knows.
        if not (edit == "1" and number.says.endswith("alignment of an element"))
    ]

    def said_of(number: Number, edit: str) -> str:
        edited = header[: number.start] + edit + header[number.end :]
        return check(folder, edited, standard, *flags).err

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(said_of, *zip(*edits, strict=True)))
    return [
        f"{number.says}: {header[number.start:number.end]} -> {edit}\n{err}"
        for (number, edit), err in zip(edits, said, strict=True)
        if not is_named(number.says, err)
    ]


def is_named(says: str, err: str) -> bool:
    """Whether an edit was refused by the assertion that knows its name, or is no number
    that C knows."""
    if "in octal constant" in err or "invalid digit" in err:
        return True
    said = re.search(r'static assertion failed: "?' + re.escape(says) + "([^\n]*)", err)
    return said is not None and "makes it anew" in said[1]


def names(folder: Path) -> Iterator[str]:
    """What `SCHEMA` has numbers of, as they are named in messages."""
    arrays = {other.partition(":")[0] for other in OTHERS}
    for declared in laid_out(job_of(module_of(folder, SCHEMA))):
        yield f"{declared.name}: size or alignment"
        if not isinstance(declared, m.Union):
            inside = [f"{declared.name}.{member}" for member in members(declared)[1:]]
            yield from (f"{name}: offset" for name in inside if name not in arrays)
    yield from OTHERS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    write_headers(folder, module_of(folder, SCHEMA))
    return folder


@pytest.mark.parametrize(
    ("standard", "flags", "model"),
    [
        ("c11", (), 0),
        ("c11", THIRTY_TWO_BITS, 1),
        *([("c++17", (), 0)] if proving() else []),
    ],
)
def test_every_edit_of_the_compilers_own_target_is_named(
    folder: Path, standard: str, flags: tuple[str, ...], model: int
) -> None:
    header = (folder / "damaged.h").read_text(encoding="utf-8")
    assert check(folder, header, standard, *STRICT, *flags) == Ran(0, "", "")
    numbers = [n for n in judged(header, model, 3) if not n.says.endswith(": rounding")]
    assert {number.says for number in numbers} == set(names(folder))
    if not proving() and flags:
        numbers = random.Random(0).sample(numbers, 15)
    assert unnoticed(folder, header, numbers, standard, *flags) == []


def test_no_number_of_a_layout_stands_in_a_header_twice(folder: Path) -> None:
    """A row has one for each data model; and what a macro has, its row has by name."""
    header = (folder / "damaged.h").read_text(encoding="utf-8")
    row = "VMGEN_ARRAYS(Store, rows, 8, 4, 2, 12);"
    assert header.count("Store, rows, ") == 1 == header.count(row)
    assert (
        "#define CONTEXT_STORE_OFFSET(model) DAMAGED_BY_MODEL(model, 8, 4, 4)" in header
    )
    assert (
        "VMGEN_OFFSET(Context, store, CONTEXT_STORE_OFFSET(DAMAGED_MODEL_HOST));"
        in header
    )


@pytest.mark.parametrize("name", ["wasmtime42", "wasmer"])
def test_an_edit_of_what_is_checked_in_is_noticed(name: str) -> None:
    header = (ROOT / f"generated/c/{name}.h").read_text(encoding="utf-8")
    measured = re.findall(r"^        VMGEN_IS\(.*\) \? (\w+) :$", header, re.MULTILINE)
    numbers = judged(header, 0, len(set(measured)))
    assert len(numbers) > 100
    if not proving():
        numbers = random.Random(name).sample(numbers, 20)
    assert unnoticed(ROOT / "generated/c", header, numbers) == []
