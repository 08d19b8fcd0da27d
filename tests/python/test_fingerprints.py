"""The fingerprints of a module are those of `vmgen.layout.fingerprint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.python.generated import SCHEMAS, import_from, job_of, module, write
from tests.support import module_of
from vmgen.languages.python.runtime import schema as runtime
from vmgen.layout import fingerprint
from vmgen.layout.fingerprint import Fingerprints

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module


@pytest.mark.parametrize("numbers", [[], [0], [1, 2**32 - 1, 0, 24], list(range(1000))])
def test_numbers_are_taken_in_alike(numbers: list[int]) -> None:
    start = fingerprint.seed(["some", "shape"])
    assert runtime.PRIME == fingerprint.PRIME
    found = runtime.take_in(start, runtime.remainder(runtime.packed(numbers)))
    assert found == fingerprint.take_in(start, numbers)


def check(made: Module, imported: Any, vm: Any) -> None:
    """Hold the fingerprints of an imported module against those of its layouts."""
    layouts = job_of(made).layouts
    found = Fingerprints(layouts)
    assert found.of_file() == imported.FILE_FINGERPRINT
    classes = [
        cls
        for cls in vars(imported).values()
        if isinstance(cls, type)
        and issubclass(cls, vm.Struct)
        and cls.__module__ == imported.__name__
    ]
    for target in made.targets:
        index = layouts.class_of(target.name).index
        little = target.model.endian == "little"
        expected = found.of_class(index, little_endian=little)
        assert vm.fingerprint_of(classes[0], target.name) == expected
    host = vm.fingerprint_of(classes[0])
    assert host == imported.LAYOUT_FINGERPRINT


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_fingerprint_is_the_one_of_the_layouts(
    package: Path, vm: Any, name: str
) -> None:
    check(module(name), import_from(package, name), vm)


USED = """\
vmgen: 1
module: base
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu]
constants: {MAGIC: {type: u32, value: 7}}
types:
  Header: {kind: struct, fields: {magic: {type: u32, value: MAGIC}, base: VmPtr<Code>}}
  Code: {kind: opaque}
  Index: {kind: newtype, of: u16}
"""
USER = """\
  Holder: {kind: struct, fields: {index: Index, flag: u8, header: Header, value: u64}}
  Table:
    kind: context
    counts: [many]
    fields: {magic: {type: u32, value: MAGIC}}
    regions: {headers: "[Header; many]"}
"""


@pytest.fixture(scope="module")
def using(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    """A module whose types another one uses, that one, and their runtime."""
    folder = tmp_path_factory.mktemp("using")
    base = module_of(folder, USED)
    user = module_of(folder, USED.replace("module: base", "module: user") + USER)
    used = dict.fromkeys(["Header", "Code", "Index", "MAGIC"], "base")
    user = replace(user, used=used)
    package = write(
        folder / "using_package", base, user, options={"package": "using_package"}
    )
    names = ("base", "user", "vmgen_runtime")
    return base, user, *(import_from(package, name) for name in names)


def test_types_of_another_module_are_that_modules(using: tuple[Any, ...]) -> None:
    _, _, base, user, vm = using
    assert user.Header is base.Header
    assert user.MAGIC == 7
    holder = user.Holder(index=3)
    holder.header.base = 0x1000
    assert repr(holder) == (
        "Holder(index=3, flag=0, header=Header(magic=0, base=VmPtr<Code>(0x1000)), value=0)"
    )
    packed = user.Holder.pack(
        {"index": 1, "flag": 2, "header": {"base": 16}, "value": 5},
        "s390x-unknown-linux-gnu",
    )
    read = user.Holder.read(packed, "s390x-unknown-linux-gnu")
    assert isinstance(read.header, base.Header)
    assert (read.index, read.header.magic, read.header.base.address) == (1, 7, 16)
    assert vm.size_of(user.Holder, "i686-unknown-linux-gnu") == 20
    context = user.Table.read(bytes(64), counts={"many": 3})
    assert [header.magic for header in context.headers] == [0, 0, 0]


def test_what_a_module_uses_is_in_its_fingerprints(using: tuple[Any, ...]) -> None:
    made_base, made_user, base, user, vm = using
    check(made_base, base, vm)
    check(made_user, user, vm)
