"""No number of a generated table loses a byte without the import naming it.

What is not a number of a layout isn't looked for: lines, versions, names and types. The
length of an array is part of a type; where padding takes what it is wrong by, no layout
is another one.
"""

from __future__ import annotations

import importlib.util
import random
import re
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.python.damaged import Table
from tests.python.generated import import_from, loaded, module, texts, write
from tests.random import strategies
from tests.support import ROOT, proving

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.python.damaged import Number

GENERATED = ROOT / "generated" / "python"
SAMPLE = 60
DIGITS = "0123456789"
KINDS = {"size", "alignment", "offset", "extent", "count", "rounding", "stride"}

SCHEMA = """\
vmgen: 1
module: damage
targets:
  - x86_64-unknown-linux-gnu
  - i686-unknown-linux-gnu
  - armv7-unknown-linux-gnueabihf
  - s390x-unknown-linux-gnu
  - msp430-none-elf
types:
  Plain: {kind: enum, tag: u16, variants: {One: 1, Two: 2}}
  Handle: {kind: newtype, of: Option<VmPtr<Inner>>}
  Inner: {kind: struct, fields: {first: u8, wide: u128, last: i16}}
  Outer:
    kind: struct
    fields: {plain: Plain, inner: Inner, handles: "[Handle; 12]", end: u64}
  Raised: {kind: struct, align: 32, fields: {byte: u8, outer: Outer}}
  Raised8: {kind: struct, align: 8, fields: {word: u64}}
  NotRaised: {kind: struct, align: 2, fields: {half: u16}}
  Either: {kind: union, fields: {word: usize, bytes: "[u8; 11]", inner: Inner}}
  Tagged: {kind: enum, tag: u8, variants: {Nothing: 3, Word: u64, Inner: Inner}}
  Calls: {kind: functions, functions: {start: "()", stop: "(one: u8)"}}
  Elsewhere: {kind: foreign, size: {64: 24, 32: 12, 16: 6}, align: {64: 8, 32: 4, 16: 2}}
  Empty: {kind: struct, fields: {nothing: "[u8; 0]"}}
  Natural:
    kind: context
    counts: [bytes, words]
    flags: [has_words]
    fields: {magic: u32, calls: VmPtr<Calls>, either: Either}
    regions:
      bytes: "[u8; bytes]"
      halves: "[u16; bytes]"
      pairs: {type: "[u32; words]", when: has_words}
      longs: "[u64; bytes]"
      fixed: "[u16; 13]"
      tagged: Tagged
      raised: "[Raised; words]"
      elsewhere: {type: Elsewhere, when: has_words}
  Asked:
    kind: context
    counts: [bytes, words]
    fields: {magic: u32}
    regions:
      bytes: "[u8; bytes]"
      page: {type: "[u32; words]", align: 64}
      after: {type: "[u64; words]", align: none}
      less: {type: "[Inner; 2]", align: 4}
      last: u8
  FirstAsked:
    kind: context
    counts: [words]
    regions: {page: {type: "[u32; words]", align: 128}, next: u32}
  Declared:
    kind: context
    align: 32
    counts: [words]
    fields: {calls: VmPtr<Calls>}
    regions: {words: "[u32; words]"}
  Lower:
    kind: context
    align: 4
    counts: [words]
    fields: {magic: u32}
    regions: {words: {type: "[Inner; words]", align: 4}}
"""


REMAKE = "remake with `vmgen build damage.vm.yaml`"


@pytest.fixture(scope="module")
def damage(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """The table of the schema above."""
    folder = tmp_path_factory.mktemp("damage") / "damage_package"
    folder.mkdir()
    schema = folder / "damage.vm.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    made = loaded(schema, schema.name)
    write(folder, made, options={"package": folder.name})
    return Table(texts(made)["damage.py"], import_from(folder, "vmgen_runtime"))


@pytest.fixture(scope="module")
def small(damage: Table) -> Table:
    return Table(texts(module("small"))["small.py"], damage.runtime)


@pytest.fixture(scope="module", params=["wasmtime42", "wasmer"])
def generated(request: pytest.FixtureRequest) -> Table:
    """The table of a module in the repository, with the runtime beside it."""
    name = "vmgen_runtime_of_the_repository"
    if name not in sys.modules:
        path = GENERATED / "vmgen_runtime.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    source = (GENERATED / f"{request.param}.py").read_text(encoding="utf-8")
    return Table(source, sys.modules[name])


def unnamed(table: Table, numbers: Iterable[Number]) -> list[str]:
    """The damaged lines that are taken, or of which something else is said."""
    found = []
    for number in numbers:
        others = DIGITS if proving() else random.choice(DIGITS)
        for layouts in table.damaged(number, others):
            # What comes after is not to be the first to notice.
            end = layouts.find("\n\n", number.start)
            message = table.message(layouts[: end if end >= 0 else None])
            if not message.startswith(tuple(f"{name}:" for name in names(number))):
                line = layouts[layouts.rfind("\n", 0, number.start) + 1 :]
                found.append(f"{line.partition(chr(10))[0]} -> {message}")
    return found


def names(number: Number) -> tuple[str, ...]:
    """Who may be named: what the number is of, and for a foreign type's bytes that."""
    if number.what == "extent":
        return number.whose, number.whose.removesuffix(".storage")
    return (number.whose,)


def layout_numbers(table: Table) -> list[Number]:
    return [number for number in table.numbers() if number.what != "length"]


def test_what_is_not_damaged_is_taken(damage: Table, generated: Table) -> None:
    damage.run()
    generated.run()


def test_any_damaged_number_is_named(damage: Table) -> None:
    numbers = layout_numbers(damage)
    assert len(numbers) > 250
    assert {number.what for number in numbers} == KINDS
    assert unnamed(damage, numbers) == []


def test_any_damaged_number_of_a_schema_with_everything_is_named(small: Table) -> None:
    assert unnamed(small, layout_numbers(small)) == []


def test_any_damaged_number_of_the_repository_is_named(generated: Table) -> None:
    numbers = layout_numbers(generated)
    assert len(numbers) > 400
    if not proving():
        numbers = random.Random(1).sample(numbers, SAMPLE)
    assert unnamed(generated, numbers) == []


@settings(
    max_examples=1000 if proving() else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(schema=strategies.schemas(waived=True), data=st.data())
def test_any_damaged_number_of_a_random_schema_is_named(
    damage: Table,
    tmp_path_factory: pytest.TempPathFactory,
    schema: dict[str, object],
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.mktemp("random") / "random.vm.yaml"
    path.write_text(strategies.as_text(schema, "random"), encoding="utf-8")
    table = Table(texts(loaded(path, path.name))["random.py"], damage.runtime)
    table.run()
    numbers = layout_numbers(table)
    if numbers:
        some = data.draw(st.lists(st.sampled_from(numbers), max_size=5))
        assert unnamed(table, some) == []


@pytest.mark.parametrize(
    ("line", "damaged", "message"),
    [
        (
            "struct Inner 12 48,48,32,32,20 16,16,8,8,2",
            "struct Inner 12 48,48,32,3,20 16,16,8,8,2",
            "Inner: its generated size on be64-u128a8 is 3, by the rules of repr(C) it "
            "is 32; damage.vm.yaml:12 declares it",
        ),
        (
            "struct Outer 13 176,128,96,144,54 16,16,8,8,2",
            "struct Outer 13 176,128,96,144,54 16,6,8,8,2",
            "Outer: its generated alignment on le32-u64a4-f64a4-atomic64 is 6, by the "
            "rules of repr(C) it is 16; damage.vm.yaml:13 declares it",
        ),
        (
            "last i16 12 32,32,24,24,18",
            "last i16 12 32,32,24,24,1",
            "Inner.last: its generated offset on le16-max2-noatomic is 1, by the rules "
            "of repr(C) it is 18; damage.vm.yaml:12 declares it",
        ),
        (
            "last i16 12 32,32,24,24,18",
            "last i16 12 32,3224,24,18",
            "Inner.last: the table has `last i16 12 32,3224,24,18`",
        ),
        (
            "plain Plain 15 0",
            "plain Plain 15 ",
            "Outer.plain: the table has `plain Plain 15 `",
        ),
        (
            "struct Raised 16 192,160,128,160,64 32 align=32",
            "struct Raised 16 192,160,128,160,64 32 align=2",
            "Raised: its generated alignment on le64 is 32, by the rules of repr(C) it "
            "is 16; damage.vm.yaml:16 declares it",
        ),
        (
            "struct Raised 16 192,160,128,160,64 32 align=32",
            "struct Raised 16 192,160,128,160,64 32 align=3",
            "Raised: the table has `struct Raised 16 192,160,128,160,64 32 align=3`",
        ),
        (
            "word usize 19 0",
            "word usize 19 8",
            "Either.word: its generated offset on le64 is 8, by the rules of repr(C) it "
            "is 0; damage.vm.yaml:19 declares it",
        ),
        (
            "payload Tagged.Payload 20 16,16,8,8,2",
            "payload Tagged.Payload 20 16,16,8,,2",
            "Tagged.payload: the table has `payload Tagged.Payload 20 16,16,8,,2`",
        ),
        (
            "storage bytes:24,12,12,24,6:8,4,4,8,2 22 0",
            "storage bytes:24,12,12,24,5:8,4,4,8,2 22 0",
            "Elsewhere: its generated size on le16-max2-noatomic is 6, by the rules of "
            "repr(C) it is 5; damage.vm.yaml:22 declares it",
        ),
        (
            "+ pairs u32 32 words has_words . 4,4,4,4,1 4",
            "+ pairs u32 32 words has_words . 4,4,1,4,1 4",
            "Natural.pairs: its generated rounding on le32-u128a8-atomic64 is 1, by the "
            "counts that there can be it is 4; damage.vm.yaml:32 declares it",
        ),
        (
            "+ after u64 45 words . none 1 8",
            "+ after u64 45 words . none 8 8",
            "Asked.after: its generated rounding on le64 is 8, by the counts that there "
            "can be it is 1; damage.vm.yaml:45 declares it",
        ),
        (
            "+ page u32 44 words . 64 64 4",
            "+ page u32 44 words . 4 64 4",
            "Asked.page: its generated rounding on le64 is 64, by the counts that there "
            "can be it is 4; damage.vm.yaml:44 declares it",
        ),
        (
            "+ tagged Tagged 35 . . . 16,16,8,8,1 64,64,40,40,22",
            "+ tagged Tagged 35 . . . 16,16,8,8,1 64,64,40,40,2",
            "Natural.tagged: its generated stride on le16-max2-noatomic is 2, by its "
            "element's size it is 22; damage.vm.yaml:35 declares it",
        ),
        (
            "+ fixed u16 34 13 . . 1 2 26",
            "+ fixed u16 34 3 . . 1 2 26",
            "Natural.fixed: its generated size on le64 is 26, by its stride it is 6; "
            "damage.vm.yaml:34 declares it",
        ),
        (
            "context Declared 52 8,4,4,8,2 32 DeclaredOffsets align=32",
            "context Declared 52 8,4,4,8,2 32 DeclaredOffsets align=2",
            "Declared: its generated alignment on le64 is 32, by the rules of repr(C) "
            "it is 8; damage.vm.yaml:52 declares it",
        ),
    ],
)
def test_what_is_said(damage: Table, line: str, damaged: str, message: str) -> None:
    layouts = f"{damage.layouts}\n"
    assert layouts.count(f"\n{line}\n") == 1
    wrong = layouts.replace(f"\n{line}\n", f"\n{damaged}\n")
    assert damage.message(wrong) == f"{message}; {REMAKE}"


def test_lengths_of_arrays_that_padding_makes_up_for_are_not_noticed(
    damage: Table, small: Table, generated: Table
) -> None:
    """Every one of them: in unions, and in records that are aligned to what they take."""
    taken = {
        number.whose
        for table in (damage, small, generated)
        for number in table.numbers()
        if number.what == "length"
        for layouts in table.damaged(number, DIGITS)
        if not table.message(layouts)
    }
    assert taken <= {
        "Either.bytes",
        "VMCell.storage",
        "VMValue.bits",
        "VMGlobalDefinition.storage",
        "RawValue.bytes",
    }


def test_damaged_data_models_are_refused_unless_no_number_depends_on_them(
    damage: Table,
) -> None:
    taken = set()
    for number in re.finditer(r"(?<=[=/])\d+", damage.models):
        before, after = damage.models[: number.start()], damage.models[number.end() :]
        lost = [number[0][:i] + number[0][i + 1 :] for i in range(len(number[0]))]
        for other in {*lost, *DIGITS} - {number[0]}:
            try:
                damage.run(models=f"{before}{other}{after}")
            except ImportError:
                continue
            line = before.rpartition("\n")[2] + other
            taken.add(f"{line.split(' ')[0]} {line.rpartition(' ')[2]}")
    assert taken == {
        "le32-u64a4-f64a4-atomic64 u64=1",
        "le32-u64a4-f64a4-atomic64 u64=2",
        "le16-max2-noatomic u32=1",
        "le16-max2-noatomic u64=1",
    }
