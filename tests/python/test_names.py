"""Names of a schema that are also names of Python, of ctypes or of the runtime."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import black
import pytest

from tests.python.generated import import_from, loaded, write
from vmgen.languages.python import names
from vmgen.languages.python.docs import literal

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
vmgen: 1
module: named
constants:
  C: {type: u8, value: 5}
types:
  Struct: {kind: struct, fields: {at: u8, from: u16, u8: u32, u16: VmPtr<u8>, int: "[u8; 2]"}}
  Array: {kind: union, fields: {read: u8, float: "[Struct; 2]", _raw: "[VmPtr<Array>; 1]"}}
  Union: {kind: newtype, of: Struct}
  Opaque: {kind: opaque}
  ReadOnly: {kind: newtype, of: Option<VmPtr<Opaque>>}
  IntEnum: {kind: enum, tag: u8, variants: {Tag: 0, Final: 1, None: 2}}
  TaggedEnum: {kind: enum, tag: u8, variants: {Struct: Struct, Array: VmPtr<Array>, IntEnum: IntEnum, Payload: u8}}
  Tag: {kind: enum, tag: u8, variants: {A: VmPtr<Tag>, B: Payload, C: null}}
  Payload: {kind: enum, tag: u8, variants: {Tag: VmPtr<Tag>, B: u8}}
  Both: {kind: enum, tag: u8, variants: {A: Tag, B: Payload}}
  Final: {kind: struct, fields: {value: {type: TaggedEnum, access: [readonly]}, unit: VmPtr<()>}}
  RegionOffsets: {kind: struct, fields: {in_dll: u8}}
  Ends: {kind: enum, tag: u8, variants: {mro: {value: 0, allow: {reserved-name: it is tried}}, Name: {value: 1, python_name: name, allow: {reserved-name: it is tried}}}}
  Hides:
    kind: context
    counts: [n]
    flags: [f]
    fields: {str: u8, a: {type: u8, python_name: int}, b: {type: u8, python_name: bool}}
    regions: {c: {type: "[u8; n]", python_name: RegionOffsets}}
  Context:
    kind: context
    counts: [lambda, int]
    flags: [is]
    fields: {magic: {type: u8, value: C}, pack: u8, size: u16}
    regions:
      regions: "[Struct; lambda]"
      counts: "[RegionOffsets; int]"
      target: {type: Array, when: is}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names") / "names_under_test"
    folder.mkdir()
    path = folder / "named.vm.yaml"
    path.write_text(SCHEMA)
    return write(folder, loaded(path, path.name), options={"package": folder.name})


def test_a_module_of_taken_names_is_clean(folder: Path) -> None:
    text = (folder / "named.py").read_text()
    assert black.format_str(text, mode=black.Mode()) == text
    for judge in (
        ["mypy", "--strict", "-p", folder.name],
        ["ruff", "check", "--isolated", "."],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *judge],
            cwd=folder.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_records_of_taken_names_work(folder: Path) -> None:
    named = import_from(folder, "named")
    runtime = import_from(folder, "vmgen_runtime")
    struct = named.Struct(at_=1, from_=2, u8=3, u16=8, int=[4, 5])
    assert (struct.at_, struct.from_, struct.u8, struct.u16, list(struct.int)) == (
        1, 2, 3, 8, [4, 5],
    )  # fmt: skip
    again = named.Struct.read(
        named.Struct.pack(struct, "s390x-unknown-linux-gnu"), "s390x-unknown-linux-gnu"
    )
    assert (again.at_, again.u8) == (1, 3)
    union = named.Array()
    union.float[1].u8 = 7
    assert (union.read_, union.float[1].u8, named.Array._raw_.offset) == (0, 7, 0)
    assert [member.name for member in named.IntEnum] == ["Tag", "Final", "None_"]
    enum = named.TaggedEnum(tag=named.TaggedEnum.Tag.Payload_)
    enum.payload.Payload_ = 9
    assert enum.value == 9
    both = named.Both(tag=named.Both.Tag.B)
    both.payload.B.tag = named.Payload.Tag.B
    both.payload.B.payload.B = 3
    assert (both.value.tag, both.value.value) == (named.Payload.Tag.B, 3)
    data = named.Context.pack(
        {
            "pack_": 1,
            "size_": 2,
            "regions_": [struct],
            "counts_": [],
            "target_": {"read_": 6},
        },
        None,
        {"lambda": 1, "is": 1},
    )
    view = named.Context.read(data, None, named.ContextOffsets(lambda_=1, is_=True))
    assert (view.magic, view.pack_, view.size_, view.regions_[0].u8, view.target_.read_) == (
        5, 1, 2, 3, 6,
    )  # fmt: skip
    assert runtime.offset_of(named.Context, "size_") == 2


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("length", names.RECORD, "length"),
        ("from", names.RECORD, "from_"),
        ("read", names.RECORD, "read_"),
        ("from_buffer", names.RECORD, "from_buffer_"),
        ("read", names.NOTHING, "read"),
        ("regions", names.CONTEXT, "regions_"),
        ("_vm", names.RECORD, "_vm_"),
        ("Payload", names.VARIANT, "Payload_"),
    ],
)
def test_only_what_is_taken_gets_an_underscore(
    name: str, taken: frozenset[str], expected: str
) -> None:
    assert names.attribute(name, taken) == expected


FIELDS = "_counts: u32, _fixed: u32, _memory: u32, _model: u32, _size: u32"
UNDERSCORED = f"""\
vmgen: 1
module: underscored
types:
  Context:
    kind: context
    counts: [n]
    fields: {{{FIELDS}}}
    regions:
      _offsets: "[u32; n]"
      _offsets_for: u32
      _regions: "[u32; n]"
"""


@pytest.fixture(scope="module")
def underscored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names") / "names_with_underscores"
    folder.mkdir()
    path = folder / "underscored.vm.yaml"
    path.write_text(UNDERSCORED)
    return write(folder, loaded(path, path.name), options={"package": folder.name})


def test_parts_of_contexts_are_told_from_what_the_classes_keep_there(
    underscored: Path,
) -> None:
    module = import_from(underscored, "underscored")
    offsets = module.ContextOffsets(n=2)
    assert (offsets.size, offsets.counts, offsets._size_) == (40, {"n": 2}, 16)
    context = module.Context.read(bytes(range(40)), None, offsets)
    assert context._regions_[1] == int.from_bytes(bytes(range(36, 40)), sys.byteorder)


def test_no_part_can_have_the_name_of_what_a_class_has_for_itself(
    underscored: Path,
) -> None:
    module, runtime = (
        import_from(underscored, name) for name in ("underscored", "vmgen_runtime")
    )
    offsets = module.ContextOffsets(n=2)
    in_contexts = {*dir(runtime.Context), *dir(runtime.ContextOffsets), *vars(offsets)}
    in_records = {*dir(runtime.Struct), *dir(runtime.Union), *dir(runtime.Functions)}
    for found, taken in ((in_contexts, names.CONTEXT), (in_records, names.RECORD)):
        # Those that end in an underscore are no names of a schema.
        asked = {name for name in found if not name.endswith("_")}
        assert {n for n in asked if names.attribute(n, taken) == n} == set()


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "it's",
        'say "no"',
        "both ' and \"",
        "back\\slash",
        "new\nline",
        "é \u2028",
    ],
)
def test_a_literal_means_its_text_in_the_quotes_that_black_keeps(text: str) -> None:
    line = f"x = {literal(text)}\n"
    assert black.format_str(line, mode=black.Mode()) == line
    assert eval(literal(text)) == text
