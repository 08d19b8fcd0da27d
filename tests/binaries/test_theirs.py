"""A runtime's own Rust: enums with tags, pointers with niches, names of several types."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binaries.programs import ENGINE, run
from tests.support import need, vmgen

TEXT = ENGINE.read_text(encoding="utf-8")
AT = TEXT.replace("module: engine\n", "module: engine\nrust_path: theirs::vm\n")
UNTOLD = (
    "56:3: warning: VM507 `Instance` isn't verified: the binary's type says nothing of "
    "its fields"
)


@pytest.fixture(scope="module", params=["4", "5"])
def theirs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("theirs")
    source = Path(__file__).parent / "theirs.rs"
    run(
        [
            *(need("rustc"), "--edition", "2024", "-g"),
            *(f"-Cdwarf-version={request.param}", str(source), "-o", "libtheirs.so"),
        ],
        folder,
    )
    return folder


def held(folder: Path, schema: str) -> list[str]:
    (folder / "engine.vm.yaml").write_text(schema, encoding="utf-8")
    arguments = ("verify", "engine.vm.yaml", "--binary", "libtheirs.so")
    ran = vmgen(*arguments, "--format", "concise", cwd=folder)
    assert ran.err == ""
    lines = [line.removeprefix("engine.vm.yaml:") for line in ran.out.splitlines()]
    return [f"exit {ran.code}", *lines]


def test_it_is_as_the_schema_says(theirs: Path) -> None:
    assert held(theirs, AT) == [
        "exit 0",
        UNTOLD,
        "8 types of `engine` are laid out as in libtheirs.so on x86_64-unknown-linux-gnu "
        "(66 numbers), 1 type unverified",
    ]


def test_a_name_of_several_types_is_not_guessed(theirs: Path) -> None:
    assert held(theirs, TEXT) == [
        "exit 0",
        "13:3: warning: VM507 `Memory` isn't verified: the binary has several of that name: "
        "`theirs::compiler::Memory`, `theirs::vm::Memory`",
        UNTOLD.replace("56:3", "55:3"),
        "7 types of `engine` are laid out as in libtheirs.so on x86_64-unknown-linux-gnu "
        "(59 numbers), 2 types unverified",
    ]


def test_the_path_of_one_type_tells_which(theirs: Path) -> None:
    told = TEXT.replace(
        "  Memory:\n    kind: struct\n",
        "  Memory:\n    kind: struct\n    rust_path: theirs::vm::Memory\n",
    )
    assert held(theirs, told)[1:] == [
        UNTOLD,
        "8 types of `engine` are laid out as in libtheirs.so on x86_64-unknown-linux-gnu "
        "(66 numbers), 1 type unverified",
    ]


CHANGES = {
    "the tags of a tagged enum exchanged": (
        "InMemory: TypeIndex, AtIndex: TypeIndex",
        "AtIndex: TypeIndex, InMemory: TypeIndex",
        [
            "35:28: error: VM505 `Place::AtIndex` is 1, and 2 in the binary",
            "35:48: error: VM505 `Place::InMemory` is 2, and 1 in the binary",
        ],
    ),
    "a value of a plain enum": (
        "{Low: 1, High: 200}",
        "{Low: 1, High: 201}",
        ["12:24: error: VM505 `Level::High` is 201, and 200 in the binary"],
    ),
    "a variant less": (
        "{Low: 1, High: 200}",
        "{Low: 1}",
        [
            "9:3: error: VM505 the binary's `Level` has a variant `High` with the value "
            "200, which the schema hasn't"
        ],
    ),
    "a variant more": (
        "{Low: 1, High: 200}",
        "{Low: 1, High: 200, Higher: 201}",
        ["12:35: error: VM505 `Level` has no `Higher` in the binary"],
    ),
    "a pointer that is never null": (
        "parent: Option<VmPtr<Store>>",
        "parent: VmPtr<Store>",
        [
            "42:7: error: VM506 `Store.parent` is `VmPtr<Store>`, and may be null in the "
            "binary"
        ],
    ),
    "an enum that is no Option": (
        "place: Place",
        "place: Option<VmPtr<u8>>",
        [
            "44:7: error: VM504 `Store.place` is `Option<VmPtr<u8>>`, and the enum `Place` of "
            "8 bytes in the binary"
        ],
    ),
    "a record that is a number there": (
        "fuel: UnsafeCell<i64>",
        "fuel: Place",
        [
            "41:7: error: VM504 `Store.fuel` is `Place`, and `i64` of 8 bytes in the binary"
        ],
    ),
    "a pointer that may be null": (
        "builtins: VmPtr<Builtins>",
        "builtins: Option<VmPtr<Builtins>>",
        [
            "48:7: error: VM506 `Store.builtins` is `Option<VmPtr<Builtins>>`, and never "
            "null in the binary"
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_one_change_is_told_by_value(
    change: tuple[str, str, list[str]], theirs: Path
) -> None:
    before, after, expected = change
    assert AT.count(before) == 1
    said = held(theirs, AT.replace(before, after))
    assert said[:-2] == ["exit 1", *expected]


class TestVersions:
    """A schema that describes several versions, and a binary that is one of them."""

    FIELDS = """\
      fuel: UnsafeCell<i64>
      parent: Option<VmPtr<Store>>
      index: TypeIndex
      place: Place
      level: Level
      rows: "[[u16; 2]; 3]"
      memory: Memory
      builtins: VmPtr<Builtins>
"""
    LISTED = """\
      - fuel: UnsafeCell<i64>
      - parent: Option<VmPtr<Store>>
      - index: {type: TypeIndex, since: "1.1"}
      - place: Place
      - index: {type: TypeIndex, until: "1.1"}
      - level: Level
      - rows: "[[u16; 2]; 3]"
      - memory: Memory
      - builtins: VmPtr<Builtins>
"""
    SCHEMA = AT.replace(FIELDS, LISTED).replace(
        "rust_path: theirs::vm\n",
        'rust_path: theirs::vm\nversions: ["1.0.0", "1.1.0", "2.0.0..2.0.3"]\n',
    )

    def test_the_binary_tells_which_it_is(self, theirs: Path) -> None:
        assert held(theirs, self.SCHEMA)[-1] == (
            "8 types of `engine` 1.1.0..2.0.3 are laid out as in libtheirs.so on "
            "x86_64-unknown-linux-gnu (66 numbers), 1 type unverified"
        )

    def test_one_that_is_asked_for_may_be_another(self, theirs: Path) -> None:
        (theirs / "engine.vm.yaml").write_text(self.SCHEMA, encoding="utf-8")
        arguments = ("verify", "engine.vm.yaml", "--binary", "libtheirs.so")
        more = ("--version", "1.0.0", "--format", "concise")
        ran = vmgen(*arguments, *more, cwd=theirs)
        assert ran.code == 1
        assert ran.out.splitlines() == [
            "engine.vm.yaml:45:9: error: VM503 `Store.place` is at 16, and at 20 in the "
            "binary",
            f"engine.vm.yaml:{UNTOLD.replace('56:3', '58:3')}",
            "7 types of `engine` 1.0.0 are laid out as in libtheirs.so on "
            "x86_64-unknown-linux-gnu (43 numbers), 1 difference, 1 type unverified",
        ]
