"""A number that is not the compiler's stops the compiler, with a message that helps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import check, module_at, texts_of, write
from tests.support import Ran, module_of, write_schema

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    types:
      Leaf:
        kind: newtype
        of: u32
      Holder:
        kind: struct
        fields:
          base: VmPtr<u8>
          count: usize
          leaf: Leaf
      Choice:
        kind: enum
        tag: u32
        variants: {Leaf: Leaf, Wide: u64}
      Frame:
        kind: context
        align: 16
        counts: [num_leaves]
        fields: {first: u32, second: VmPtr<Holder>}
        regions: {leaves: "[Leaf; num_leaves]"}
    """


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, str]:
    return texts_of([module_of(tmp_path, SCHEMA)])


def _said(folder: Path, texts: dict[str, str], *flags: str) -> str:
    """What rustc's first error says."""
    said = check(write(folder, texts), *flags)
    assert said.code == 1
    found = re.findall(r"error\[E0080\]: evaluation panicked: (.*)", said.err)
    # That the file was edited is said as well, and not about what was measured.
    first = [text for text in found if "was edited" not in text]
    assert first, said.err
    return str(first[0])


def test_every_number_is_checked(tmp_path: Path, texts: dict[str, str]) -> None:
    source = texts["src/sample_offsets.rs"]
    said = []
    for name in ("record_size", "record_align", "base", "count", "leaf"):
        row = re.search(rf"HOLDER: (?:.*\n)*?        {name}: \[(\d+)", source)
        assert row
        start, end = row.span(1)
        wrong = f"{source[:start]}{int(row[1]) + 1}{source[end:]}"
        said.append(_said(tmp_path, {**texts, "src/sample_offsets.rs": wrong}))
    rest = "remake this file with `vmgen build sample.vm.yaml`"
    assert said == [
        f"the size of Holder is 24 here, and 25 according to sample.vm.yaml; {rest}",
        f"the alignment of Holder is 8 here, and 9 according to sample.vm.yaml; {rest}",
        f"the offset of Holder.base is 0 here, and 1 according to sample.vm.yaml; {rest}",
        f"the offset of Holder.count is 8 here, and 9 according to sample.vm.yaml; {rest}",
        f"the offset of Holder.leaf is 16 here, and 17 according to sample.vm.yaml; {rest}",
    ]


def test_a_field_of_another_type_is_noticed(
    tmp_path: Path, texts: dict[str, str]
) -> None:
    changed = texts["src/sample.rs"].replace(
        "pub base: VmPtr<u8>", "pub base: [u8; 12]"
    )
    said = _said(tmp_path, {**texts, "src/sample.rs": changed})
    assert said.startswith("the offset of Holder.count is 16 here, and 8 according to")


def test_a_tagged_enum_is_checked_though_its_fields_are_private(
    tmp_path: Path, texts: dict[str, str]
) -> None:
    changed = texts["src/sample.rs"].replace("    tag: u32,\n", "    tag: u8,\n", 1)
    changed = changed.replace("-> u32 {\n        self.tag", "-> u8 {\n        self.tag")
    changed = changed.replace("Result<ChoiceValue, u32>", "Result<ChoiceValue, u8>")
    changed = changed.replace("Wide: u64", "Wide: u16").replace(
        "Wide(u64)", "Wide(u16)"
    )
    said = _said(tmp_path, {**texts, "src/sample.rs": changed})
    assert said.startswith("the offset of Choice.payload is 4 here, and 8 according to")


def test_a_target_that_the_schema_does_not_have_is_named(tmp_path: Path) -> None:
    module = module_of(tmp_path, "    targets: [i686-unknown-linux-gnu]\n" + SCHEMA)
    said = _said(tmp_path, texts_of([module]), "--target", "x86_64-unknown-linux-gnu")
    assert said == (
        "sample.vm.yaml has no target like x86_64-linux, little-endian, pointers of 8 "
        "bytes aligned to 8, u32 to 4, u64 to 8; add the target to its `targets` and "
        "run `vmgen build sample.vm.yaml`"
    )


def test_a_field_that_is_not_vm_safe_is_an_error(
    tmp_path: Path, texts: dict[str, str]
) -> None:
    source = texts["src/sample.rs"]
    assert "        vm_safe::<VmPtr<u8>>();\n" in source
    changed = source.replace("vm_safe::<VmPtr<u8>>", "vm_safe::<*mut u8>")
    said = check(write(tmp_path, {**texts, "src/sample.rs": changed}))
    assert said.code == 1
    assert "the trait bound `*mut u8: vmptr::VmSafe` is not satisfied" in said.err


def test_a_path_with_quotes_and_backslashes_breaks_nothing(tmp_path: Path) -> None:
    path = write_schema(tmp_path, SCHEMA)
    folder = write(tmp_path, texts_of([module_at(path, 'odd "name"\\.vm.yaml')]))
    assert check(folder) == Ran(0, "", "")


def test_a_record_that_is_added_changes_its_own_group_of_checks(tmp_path: Path) -> None:
    names = [f"Record{i}" for i in range(100, 300)]
    before = _groups(tmp_path, names)
    assert [name for group in before for name in group] == names
    assert len(before) == 14
    # The group that it comes into is one that ends where it did before.
    after = _groups(tmp_path, [*names, "Record1600"])
    assert [g for g in after if "Record1600" not in g] == [
        g for g in before if "Record160" not in g
    ]
    # What ends a group makes two of one.
    ended = next(g[-1] for g in before)
    merged = _groups(tmp_path, [name for name in names if name != ended])
    assert merged == [before[0][:-1] + before[1], *before[2:]]


def _groups(folder: Path, names: list[str]) -> list[list[str]]:
    """The records that are checked together."""
    records = "".join(
        f"      {name}: {{kind: struct, fields: {{a: u32}}}}\n" for name in names
    )
    text = texts_of([module_of(folder, f"    types:\n{records}")])["src/sample.rs"]
    calls = re.findall(r"(?ms)^    layouts! \{\n(.*?)^    \}\n", text)
    return [re.findall(r"(?m)^        (\w+) as ", call) for call in calls]


def test_records_with_bit_fields_are_named(tmp_path: Path) -> None:
    fields = "{first: u8, low: {type: u32, bits: 3}, last: u64}"
    schema = f"    types:\n      Bits: {{kind: struct, fields: {fields}}}\n"
    texts = texts_of([module_of(tmp_path, schema)])
    source = texts["src/sample_offsets.rs"]
    said = []
    for name in ("record_size", "record_align", "first", "last"):
        row = re.search(rf"BITS: (?:.*\n)*?        {name}: \[(\d+)", source)
        assert row
        edited = f"{source[: row.start(1)]}99{source[row.end(1) :]}"
        text = _said(tmp_path, {**texts, "src/sample_offsets.rs": edited})
        said.append(text.partition(" according")[0])
    assert said == [
        "the size of Bits is 16 here, and 99",
        "the alignment of Bits is 8 here, and 99",
        "the offset of Bits.first is 0 here, and 99",
        "the offset of Bits.last is 8 here, and 99",
    ]
