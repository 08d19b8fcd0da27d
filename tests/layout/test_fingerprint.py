"""The fingerprint: exact values, what changes it and what doesn't."""

from __future__ import annotations

from pathlib import Path

import pytest

from vmgen.layout.fingerprint import PRIME, Fingerprints, seed, take_in
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module

SCHEMA = """\
vmgen: 1
module: t
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu]
constants:
  MAGIC: {type: u32, value: 7}
types:
  Index: {kind: newtype, of: u32}
  Kind: {kind: enum, tag: u8, variants: {Low: 1, High: 2}}
  Value: {kind: enum, tag: u32, variants: {None: null, At: Index}}
  Record:
    kind: struct
    doc: A record.
    fields:
      first: {type: VmPtr<u8>, doc: The first.}
      second: {type: u32, access: [readonly]}
  Whole:
    kind: context
    counts: [many]
    fields: {magic: {type: u32, value: MAGIC}, other: u32}
    regions: {all: "[Record; many]"}
"""


def layouts(path: Path, text: str) -> Layouts:
    schema = path / "t.vm.yaml"
    schema.write_text(text)
    module = load_module(schema, schema.name, Report())
    assert module is not None
    return Layouts(module)


def of(path: Path, text: str, target: str = "x86_64-unknown-linux-gnu") -> int:
    laid_out = layouts(path, text)
    model = next(t.model for t in laid_out.module.targets if t.name == target)
    return Fingerprints(laid_out).of_class(
        laid_out.class_of(target).index, little_endian=model.endian == "little"
    )


def test_numbers_are_taken_in_one_after_the_other() -> None:
    found = seed(["some", "shape"])
    stepwise = found
    numbers = [0, 1, 2**32 - 1, 24, 24]
    for number in numbers:
        stepwise = (stepwise * 2**32 + number) % PRIME
    assert take_in(found, numbers) == stepwise
    assert take_in(found, []) == found
    assert take_in(take_in(found, numbers[:2]), numbers[2:]) == stepwise


def test_the_numbers_of_a_module_are_those_of_its_records_by_name(
    tmp_path: Path,
) -> None:
    found = Fingerprints(layouts(tmp_path, SCHEMA)).numbers(0)
    assert found == [
        *[4, 4],  # Index
        *[1, 1],  # Kind
        *[16, 8, 0, 8],  # Record
        *[8, 4, 0, 4],  # Value
        *[8, 8, 0, 4, 1, 16],  # Whole
    ]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("x86_64-unknown-linux-gnu", 0xF8AB44FEAB342E60),
        ("i686-unknown-linux-gnu", 0x676C588EB820EBAA),
        ("s390x-unknown-linux-gnu", 0xF88C7E0BC6BE0185),
    ],
)
def test_values_that_never_change(tmp_path: Path, target: str, expected: int) -> None:
    assert of(tmp_path, SCHEMA, target) == expected


def test_the_value_of_a_file_is_of_all_its_classes(tmp_path: Path) -> None:
    found = Fingerprints(layouts(tmp_path, SCHEMA))
    expected = take_in(take_in(found.seed, found.numbers(0)), found.numbers(1))
    assert found.of_file() == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: u32, access", "type: u64, access"),
        ("second:", "third:"),
        (", access: [readonly]", ""),
        ("Record:\n", "Renamed:\n"),
        ("Low: 1", "Low: 3"),
        ("value: 7", "value: 8"),
        ("type: u32, access", "type: i32, access"),
        ("type: u32, access", "type: u32, endian: little, access"),
        ("VmPtr<u8>", "Option<VmPtr<u8>>"),
        ("VmPtr<u8>", "AtomicUsize"),
        (", value: MAGIC", ""),
        ("module: t", "module: u"),
        ('"[Record; many]"', "Record"),
        ("VmPtr<u8>", "VmPtr<u8>, points_to: {bytes: 8}"),
        ("VmPtr<u8>", "VmPtr<u8>, points_to: {access: [readonly]}"),
        ("{None: null, At: Index}", "{At: Index, None: null}"),
    ],
)
def test_what_changes_the_layout_changes_it(tmp_path: Path, old: str, new: str) -> None:
    changed = SCHEMA.replace(old, new)
    if new == "Renamed:\n":
        changed = changed.replace("[Record;", "[Renamed;")
    assert changed != SCHEMA
    assert of(tmp_path, changed) != of(tmp_path, SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("doc: A record.", "doc: Another."),
        (", doc: The first.", ""),
        ("VmPtr<u8>", "VmPtr<u8>, alias: cells, atomic: relaxed"),
        ("VmPtr<u8>", "VmPtr<u8>, points_to: {alias: bytes, atomic: relaxed}"),
        ("vmgen: 1\n", "vmgen: 1\n# A comment.\n\n"),
        (
            "  Index: {kind: newtype, of: u32}\n"
            "  Kind: {kind: enum, tag: u8, variants: {Low: 1, High: 2}}\n",
            "  Kind: {kind: enum, tag: u8, variants: {Low: 1, High: 2}}\n"
            "  Index: {kind: newtype, of: u32}\n",
        ),
    ],
)
def test_what_changes_no_layout_changes_nothing(
    tmp_path: Path, old: str, new: str
) -> None:
    changed = SCHEMA.replace(old, new)
    assert changed != SCHEMA
    assert of(tmp_path, changed) == of(tmp_path, SCHEMA)


USED = """\
vmgen: 1
module: used
constants: {TAG: {type: u32, value: 7}}
types:
  Header: {kind: struct, fields: {tag: {type: u32, value: TAG}, length: u32}}
  Limits: {kind: struct, fields: {host: Host, lanes: "[u8; 4]"}}
  Host: {kind: foreign, size: 8, align: 4}
  Frame: {kind: context, align: 8, counts: [n], regions: {all: {type: "[u16; n]", align: 4}}}
  Other: {kind: struct, fields: {length: u32}}
"""
USER = """\
vmgen: 1
module: t
uses: [used.vm.yaml]
types:
  Record: {kind: struct, fields: {header: Header, limits: VmPtr<Limits>, frame: VmPtr<Frame>}}
"""


def of_user(path: Path, used: str, user: str = USER) -> Fingerprints:
    (path / "used.vm.yaml").write_text(used)
    return Fingerprints(layouts(path, user))


def test_the_numbers_of_a_module_are_of_its_own_records(tmp_path: Path) -> None:
    found = of_user(tmp_path, USED)
    assert found.numbers(0) == [24, 8, 0, 8, 16]
    whole = [1, *found.numbers(0)]
    assert found.of_class(0, little_endian=True) == take_in(found.seed, whole)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("length: u32}}\n  Limits", "size: u32}}\n  Limits"),
        ("length: u32}}\n  Limits", "length: i32}}\n  Limits"),
        ("length: u32}}\n  Limits", "length: u32}, align: 8}\n  Limits"),
        ("lanes: ", "sum: u32, lanes: "),
        ("size: 8, align: 4", "size: 16, align: 4"),
        ("size: 8, align: 4", "size: 8, align: 8"),
        ("context, align: 8", "context, align: 16"),
        ("[u16; n]", "[u32; n]"),
        ('"[u16; n]", align: 4', '"[u16; n]", align: 8'),
        ("value: 7", "value: 8"),
        ("Host", "Guest"),
    ],
)
def test_what_changes_a_record_that_is_used_changes_it(
    tmp_path: Path, old: str, new: str
) -> None:
    changed = USED.replace(old, new)
    assert changed != USED
    assert of_user(tmp_path, changed).seed != of_user(tmp_path, USED).seed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  Other: {kind: struct, fields: {length: u32}}\n", ""),
        ("module: used", "module: renamed"),
        ("{kind: foreign,", "{kind: foreign, doc: Of the host.,"),
    ],
)
def test_what_changes_nothing_that_is_used_changes_nothing(
    tmp_path: Path, old: str, new: str
) -> None:
    changed = USED.replace(old, new)
    assert changed != USED
    assert of_user(tmp_path, changed).seed == of_user(tmp_path, USED).seed


def test_a_record_may_move_to_a_module_further_away(tmp_path: Path) -> None:
    before = of_user(tmp_path, USED).seed
    host = "  Host: {kind: foreign, size: 8, align: 4}\n"
    (tmp_path / "base.vm.yaml").write_text("vmgen: 1\nmodule: base\ntypes:\n" + host)
    moved = USED.replace(host, "").replace(
        "module: used\n", "module: used\nuses: [base.vm.yaml]\n"
    )
    assert of_user(tmp_path, moved).seed == before
