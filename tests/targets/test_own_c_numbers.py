"""What a data model of a project's own tells of C's numbers: everything is as on the target
of rustc that has them, which its own compilers judge elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import import_from, write
from tests.support import module_of, vmgen, write_schema
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from pathlib import Path

TWINS = {
    "llp64": "x86_64-pc-windows-msvc",
    "lp64": "s390x-unknown-linux-gnu",
    "int16": "avr-none",
    "ilp32": "armv7-unknown-linux-gnueabihf",
}
SCHEMA = f"""\
vmgen: 1
module: own
targets: [{", ".join((*TWINS, *TWINS.values()))}]
data_models:
  llp64: {{pointer: 64, c: {{long: 32, char: signed}}}}
  lp64: {{pointer: 64, endian: big, align: {{u128: 8}}, c: {{long: 64, char: unsigned}}}}
  int16:
    pointer: 16
    align: {{pointer: 1, u16: 1, u32: 1, u64: 1, u128: 1, f32: 1, f64: 1}}
    c: {{char: signed}}
  ilp32: {{pointer: 32, align: {{u128: 8}}, c: {{int: 32, long: 32, char: unsigned}}}}
types:
  Numbers:
    kind: struct
    fields: {{count: c_int, total: c_long, letters: "[c_char; 4]", last: c_ulong}}
"""


def test_records_are_laid_out_as_on_the_target_that_has_the_same(
    tmp_path: Path,
) -> None:
    write_schema(tmp_path, SCHEMA)
    ran = vmgen(
        *("layout", "sample.vm.yaml", "--target", "*", "--format", "json"), cwd=tmp_path
    )
    found = {each["target"]: each["types"] for each in json.loads(ran.out)}
    assert {name: found[name] for name in TWINS} == {
        name: found[twin] for name, twin in TWINS.items()
    }
    assert {name: found[name]["Numbers"]["size"] for name in TWINS} == {
        "llp64": 16,
        "lp64": 32,
        "int16": 14,
        "ilp32": 16,
    }
    layouts = Layouts(module_of(tmp_path, SCHEMA))
    by_name = {t.name: layouts.fingerprint(t) for t in layouts.module.targets}
    assert all(by_name[name] == by_name[twin] for name, twin in TWINS.items())


@pytest.fixture
def numbers(tmp_path: Path) -> Any:
    name = "own_c_numbers"
    package = write(
        tmp_path / name, module_of(tmp_path, SCHEMA), options={"package": name}
    )
    import_from(package, "vmgen_runtime").set_host(None)
    return import_from(package, "own").Numbers


def test_their_bytes_are_read_as_there(numbers: Any) -> None:
    letters = {
        name: [
            list(numbers.read(b"\xfe" * 32, target).letters) for target in (name, twin)
        ]
        for name, twin in TWINS.items()
    }
    assert letters == {
        name: [[-2 if name in ("llp64", "int16") else 254] * 4] * 2 for name in TWINS
    }
    totals = {name: numbers.read(b"\xff" * 32, name).last for name in TWINS}
    wide, narrow = (1 << 64) - 1, (1 << 32) - 1
    assert totals == {"llp64": narrow, "lp64": wide, "int16": narrow, "ilp32": narrow}
