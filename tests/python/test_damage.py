"""No number of a generated table loses a digit without the import saying so.

What is wrong on the running host is named if ctypes has that number; any other is found
by the fingerprint. Names and types aren't looked for. The length of an array is part of
a type; where padding takes what it is wrong by, no layout is another one.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.python.damaged import Table
from tests.python.generated import import_from, loaded, module, texts, write
from tests.random import strategies
from tests.random.sound import sound_schemas
from tests.support import ROOT, proving

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.python.damaged import Number

GENERATED = ROOT / "generated" / "python"
SAMPLE = 20
DIGITS = "0123456789"
KINDS = {"size", "alignment", "offset", "rounding", "stride"}
HOST = 0
"""The column of the host, which is the first target of all schemas here."""

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
REMADE = f"according to what was made of damage.vm.yaml; {REMAKE}"
EDITED = (
    "damaged was edited: its numbers aren't those that were made of damage.vm.yaml; "
    f"{REMAKE}"
)


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
    return Table(texts(module("everything"))["everything.py"], damage.runtime)


@pytest.fixture(scope="module", params=["wasmtime42", "wasmer"])
def generated(request: pytest.FixtureRequest) -> Table:
    """The table of a module in the repository, with the runtime beside it."""
    name = "vmgen_runtime_of_the_repository"
    if name not in sys.modules:
        path = GENERATED / "vmgen_runtime" / "__init__.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    source = (GENERATED / f"{request.param}.py").read_text(encoding="utf-8")
    return Table(source, sys.modules[name])


def unnoticed(table: Table, numbers: Iterable[Number]) -> list[str]:
    """Damaged numbers that are taken, or that should be named and aren't."""
    found = []
    for number in numbers:
        others = DIGITS if proving() else random.choice(DIGITS)
        judged = number.is_judged and not table.is_in_doubt
        own = number.column in (None, HOST) and judged
        for source in table.damaged(number.start, number.end, others):
            message = table.message(source)
            named = message.startswith((f"{number.whose}:", "SyntaxError"))
            if not message or (own and not named):
                found.append(f"{number.what} of {number.whose} -> {message}")
    return found


def test_what_is_not_damaged_is_taken(damage: Table, generated: Table) -> None:
    damage.run()
    generated.run()


def test_any_damaged_number_is_noticed_and_one_of_the_host_is_named(
    damage: Table,
) -> None:
    numbers = list(damage.numbers())
    assert len(numbers) > 350
    assert {number.what for number in numbers} == KINDS
    own = [n for n in numbers if n.column in (None, HOST)]
    others = [n for n in numbers if n not in own]
    if not proving():
        others = random.sample(others, 2 * SAMPLE)
    assert unnoticed(damage, [*own, *others]) == []


def test_a_damaged_number_of_a_schema_with_everything_is_noticed(small: Table) -> None:
    numbers = list(small.numbers())
    if not proving():
        numbers = random.sample(numbers, SAMPLE)
    assert unnoticed(small, numbers) == []


def test_a_damaged_number_of_the_repository_is_noticed(generated: Table) -> None:
    numbers = list(generated.numbers())
    assert len(numbers) > 400
    if not proving():
        numbers = random.sample(numbers, SAMPLE)
    assert unnoticed(generated, numbers) == []


@settings(
    max_examples=1000 if proving() else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(schema=sound_schemas(allowed=True), data=st.data())
def test_a_damaged_number_of_a_random_schema_is_noticed(
    damage: Table,
    tmp_path_factory: pytest.TempPathFactory,
    schema: dict[str, object],
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.mktemp("random") / "random.vm.yaml"
    path.write_text(strategies.as_text(schema, "random"), encoding="utf-8")
    table = Table(texts(loaded(path, path.name))["random.py"], damage.runtime)
    table.run()
    numbers = list(table.numbers())
    if numbers:
        some = data.draw(st.lists(st.sampled_from(numbers), max_size=5))
        assert unnoticed(table, some) == []


@pytest.mark.parametrize(
    ("row", "damaged", "message"),
    [
        (
            "(48, 16, 0, 16, 32)",
            "(48, 16, 0, 16, 3)",
            f"Inner.last: its offset here is 32, and 3 {REMADE}",
        ),
        (
            "(48, 16, 0, 16, 32)",
            "(8, 16, 0, 16, 32)",
            f"Inner: its size here is 48, and 8 {REMADE}",
        ),
        (
            "(176, 16, 0, 16, 64, 160)",
            "(176, 6, 0, 16, 64, 160)",
            f"Outer: its alignment here is 16, and 6 {REMADE}",
        ),
        (
            "(192, 32, 0, 16)",
            "(192, 2, 0, 16)",
            f"Raised: its alignment here is 16, and 2 {REMADE}",
        ),
        ("(192, 32, 0, 16)", "(192, 16, 0, 16)", EDITED),
        ("(32, 8, 0, 8, 24)", "(32, 8, 0, 8, 2)", EDITED),
        (
            "(48, 16, 0, 16, 32)",
            "(48, 16, 0, 1632)",
            f"Inner.wide: its offset here is 16, and 1632 {REMADE}",
        ),
    ],
)
def test_what_is_said(damage: Table, row: str, damaged: str, message: str) -> None:
    assert damage.source.count(f" {row},\n") >= 1
    wrong = damage.source.replace(f" {row},\n", f" {damaged},\n", 1)
    assert damage.message(wrong) == message


def test_lengths_of_arrays_that_padding_makes_up_for_are_not_noticed(
    damage: Table, small: Table
) -> None:
    """Every one of them: in unions, and in records that are aligned to what they take."""
    taken = {
        whose
        for table in (damage, small)
        for start, end, whose in table.lengths()
        for source in table.damaged(start, end, "05")
        if not table.message(source)
    }
    assert taken <= {"Either.bytes", "VMCell.storage", "VMValue.bits"}


def test_damaged_data_models_are_refused(damage: Table) -> None:
    for start, end in damage.model_numbers():
        for source in damage.damaged(start, end, random.choice(DIGITS)):
            assert damage.message(source) != ""


def test_a_damaged_fingerprint_is_refused(damage: Table) -> None:
    for name in (
        "FILE_FINGERPRINT: Final[int] = 0x",
        "seed=0x",
        "models_fingerprint=0x",
    ):
        start = damage.source.index(name) + len(name)
        digit = "1" if damage.source[start] != "1" else "2"
        wrong = f"{damage.source[:start]}{digit}{damage.source[start + 1 :]}"
        assert damage.message(wrong) == EDITED
