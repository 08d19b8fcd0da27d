"""One wrong thing in a schema is one finding, at its place, with both numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binaries.programs import (
    ENGINE,
    bindings,
    compiled_c,
    probes_in_rust,
    run,
)
from tests.support import need, vmgen

TEXT = ENGINE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``probes.o`` of C and ``libprobes.so`` of Rust."""
    folder = tmp_path_factory.mktemp("differences")
    module = bindings(ENGINE, folder)
    compiled_c(module, folder)
    (folder / "probes.rs").write_text(probes_in_rust(module), encoding="utf-8")
    rustc = [need("rustc"), "--edition", "2024", "-g", "--crate-type=cdylib"]
    run([*rustc, "probes.rs"], folder)
    return folder


def held(folder: Path, schema: str, binary: str) -> list[str]:
    """The findings of `vmgen verify`, without where they are in which binary."""
    (folder / "changed.vm.yaml").write_text(schema, encoding="utf-8")
    arguments = ("verify", "changed.vm.yaml", "--binary", binary)
    ran = vmgen(*arguments, "--format", "concise", cwd=folder)
    *found, summary = ran.out.splitlines()
    assert (ran.code, ran.err) == (1, ""), ran.err
    assert "of `engine`" in summary
    return [line.removeprefix("changed.vm.yaml:") for line in found]


CHANGES = {
    "two fields exchanged": (
        "      index: TypeIndex\n      place: Place\n",
        "      place: Place\n      index: TypeIndex\n",
        ["42:7: error: VM503 `Store.place` is at 16, and at 20 in the binary"],
    ),
    "a field more": (
        "      index: TypeIndex\n",
        "      index: TypeIndex\n      more: u32\n",
        ["43:7: error: VM502 `Store` has no `more` in the binary"],
    ),
    "a field less": (
        "      rows: \"[[u16; 2]; 3]\"\n",
        "",
        [
            "36:3: error: VM502 the binary's `Store` has a member `rows` of 12 bytes at "
            "30, which the schema hasn't"
        ],
    ),
    "another name": (
        "current_length: AtomicUsize",
        "length: AtomicUsize",
        [
            "17:7: error: VM502 `Memory.length` is called `current_length` in the binary"
        ],
    ),
    "another width of the same room": (
        "rows: \"[[u16; 2]; 3]\"",
        "rows: \"[[u8; 4]; 3]\"",
        [
            "45:7: error: VM504 `Store.rows` is `[[u8; 4]; 3]`, and of elements that are "
            "an array of 2 × `{u16}` of 2 bytes in the binary"
        ],
    ),
    "another sign": (
        "fuel: UnsafeCell<i64>",
        "fuel: UnsafeCell<u64>",
        [
            "40:7: error: VM504 `Store.fuel` is `UnsafeCell<u64>`, and `{i64}` of 8 bytes "
            "in the binary"
        ],
    ),
    "a pointer for an integer": (
        "      parent: Option<VmPtr<Store>>",
        "      parent: \"[u32; 2]\"",
        [
            "41:7: error: VM504 `Store.parent` is `[u32; 2]`, and {parent} in the binary"
        ],
    ),
    "an alignment": (
        "    align: 16\n    fields: {storage",
        "    align: 8\n    fields: {storage",
        ["19:3: error: VM501 `Global` is aligned to 8, and to 16 in the binary"],
    ),
    "a size": (
        'storage: "[u8; 16]"',
        'storage: "[u8; 32]"',
        [
            "22:14: error: VM504 `Global.storage` is `[u8; 32]`, and an array of 16 × "
            "`{u8}` of 1 byte in the binary",
        ],
    ),
}  # fmt: skip

IN_C = {
    "{u8}": "`unsigned char`", "{u16}": "`short unsigned int`", "{i64}": "`long int`",
    "{parent}": "a pointer of 8 bytes",
}  # fmt: skip
IN_RUST = {
    "{u8}": "`u8`", "{u16}": "`u16`", "{i64}": "`i64`",
    "{parent}": "the enum `Option<probes::vmptr::VmPtr<probes::engine::Store>>` of 8 bytes",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_one_change_of_a_record_is_one_finding(
    change: tuple[str, str, list[str]], made: Path
) -> None:
    before, after, expected = change
    assert TEXT.count(before) == 1
    changed = TEXT.replace(before, after)
    for binary, names in ("probes.o", IN_C), ("libprobes.so", IN_RUST):
        said = [
            line for line in held(made, changed, binary) if "warning: VM507" not in line
        ]
        assert said == [_named(line, names) for line in expected]


def _named(line: str, names: dict[str, str]) -> str:
    for placeholder, name in names.items():
        line = line.replace(f"`{placeholder}`", name).replace(placeholder, name)
    return line
