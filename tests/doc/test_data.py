"""What the page is told: looks, references, and what a part holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.doc.conftest import DEMO
from tests.support import module_of
from vmgen.layout.layouts import Layouts
from vmgen.schema.model import Module
from vmgen.schema.typetext import parse_type
from vmgen.show.page.data import module_data
from vmgen.show.page.looks import held_records, look_of, references


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Module:
    folder: Path = tmp_path_factory.mktemp("data")
    return module_of(folder, DEMO)


@pytest.mark.parametrize(
    ("type", "look", "held"),
    [
        ("u8", "number", None),
        ("usize", "number", None),
        ("[u8; 16]", "number", None),
        ("Tag", "number", None),
        ("State", "number", None),
        ("UnsafeCell<u64>", "number", None),
        ("VmPtr<u8>", "pointer", None),
        ("Option<VmPtr<Func>>", "pointer", None),
        ("[VmPtr<Func>; 2]", "pointer", None),
        ("AtomicU64", "atomic", None),
        ("UnsafeCell<AtomicUsize>", "atomic", None),
        ("Inner", "record", ("Inner", 1)),
        ("[[Inner; 2]; 3]", "record", ("Inner", 6)),
        ("UnsafeCell<Bits>", "record", ("Bits", 1)),
        ("Choice", "record", ("Choice", 1)),
        ("Other", "record", None),
    ],
)
def test_a_part(
    module: Module, type: str, look: str, held: tuple[str, int] | None
) -> None:
    parsed = parse_type(type).type
    assert look_of(parsed, module.types) == look
    assert held_records(parsed, module.types) == held


def test_who_refers_to_whom(module: Module) -> None:
    found = references(module.types)
    assert found["Func"] == [
        ("Context", "func", "points"),
        ("Context", "funcs", "holds"),
    ]
    assert found["Inner"] == [("Func", "inner", "holds"), ("Context", "start", "holds")]
    assert found["Hidden"] == [("Func", "hidden", "points")]
    assert found["Calls"] == []


def described(module: Module, name: str) -> dict[str, Any]:
    data = module_data(Layouts(module))
    found: dict[str, Any] = next(t for t in data["types"] if t["name"] == name)
    return found


def test_a_target_has_its_byte_order_and_the_modules_fingerprint(
    module: Module,
) -> None:
    layouts = Layouts(module)
    classes = module_data(layouts)["classes"]
    expected = [
        layouts.fingerprints.of_class(index, little_endian=index != 3)
        for index in range(4)
    ]
    assert [one["targets"] for one in classes] == [
        [["x86_64-unknown-linux-gnu", "little", f"{expected[0]:016x}"]],
        [["i686-unknown-linux-gnu", "little", f"{expected[1]:016x}"]],
        [["i686-pc-windows-msvc", "little", f"{expected[2]:016x}"]],
        [["s390x-unknown-linux-gnu", "big", f"{expected[3]:016x}"]],
    ]


def test_layouts_that_look_alike_are_one(module: Module) -> None:
    choice = described(module, "Choice")
    assert [layout["size"] for layout in choice["layouts"]] == [16, 12]
    assert choice["labels"] == [
        "64-bit; 32-bit",
        "32-bit, u64 and f64 aligned to 4",
    ]
    # x86-64, i686 Linux, i686 Windows, s390x: a layout for each class.
    assert choice["uses"] == [0, 1, 0, 0]


def test_a_region_has_its_offset_as_an_expression(module: Module) -> None:
    layout = described(module, "Context")["layouts"][0]
    tags, kinds, odd, funcs, *_ = layout["regions"]
    assert tags["offset"] == 16
    assert kinds["offset"] == {"sum": [16, {"term": [4, "num_tags", None]}]}
    assert odd["formula"] == "kinds + 4 * num_tags"
    assert funcs["misaligned"]["counts"] == {"has_start": 1}
    assert layout["regions"][4]["offset"]["align_up"][1] == 64


def test_a_part_that_is_on_some_targets(tmp_path: Path) -> None:
    module = module_of(
        tmp_path,
        "vmgen: 1\nmodule: sample\n"
        "targets: [x86_64-unknown-linux-gnu, x86_64-pc-windows-msvc]\n"
        "types:\n  Thing:\n    kind: struct\n    fields:\n      a: u32\n"
        "      b: {type: u32, on: {os: linux}}\n      c: u64\n",
    )
    (thing,) = module_data(Layouts(module))["types"]
    assert [part.get("notes") for part in thing["parts"]] == [
        None,
        ["only on linux"],
        None,
    ]
    assert [layout.get("absent") for layout in thing["layouts"]] == [None, [1]]
    assert [layout["padding"] for layout in thing["layouts"]] == [
        [None, None, None],
        [[4, 4], None, None],
    ]
