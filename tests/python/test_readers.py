"""Records out of bytes of every data model, and back."""

from __future__ import annotations

import ctypes
from operator import or_
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from tests.python.generated import SCHEMAS, import_from, job_of, loaded, module, write
from tests.python.leaves import RECORDS, Leaves
from tests.random import strategies
from tests.random.sound import sound_schemas
from tests.support import proving

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from vmgen.layout.layouts import Layouts
    from vmgen.schema.model import ModelTarget


def one_target_per_model(layouts: Layouts) -> list[ModelTarget]:
    """A target for each layout class and byte order."""
    found = {}
    for target in layouts.module.targets:
        key = layouts.class_of(target.name).index, target.model.endian
        found.setdefault(key, target)
    return list(found.values())


def distinct_bytes(size: int) -> bytes:
    """Bytes that are never zero and change from place to place."""
    return bytes((7 * i + 1) % 251 + 1 for i in range(size))


def check_module(python: ModuleType, layouts: Layouts) -> int:
    """Every word of every record on every data model, both ways; how many words."""
    checked = 0
    layouts = layouts.called("python")
    for target in one_target_per_model(layouts):
        leaves = Leaves(layouts, layouts.class_of(target.name), target)
        for name, declared in layouts.module.types.items():
            if not isinstance(declared, RECORDS):
                continue
            cls = getattr(python, name)
            size = leaves.size(name)
            before, after = b"before", b"after"
            data = distinct_bytes(size)
            record = cls.read(before + data + after, target.name, len(before))
            covered = bytearray(size)
            for leaf in leaves.of(name):
                assert leaf.value(record) == leaf.expected(data, target.model.endian), (
                    target.name, name, leaf,
                )  # fmt: skip
                checked += 1
                mask = leaf.mask(size, target.model.endian)
                covered = bytearray(map(or_, covered, mask))
            packed = cls.pack(record, target.name)
            assert len(packed) == size
            assert all(
                one & mask == other & mask
                for one, other, mask in zip(packed, data, covered, strict=True)
            )
            assert cls.read(packed, target.name)._vm is record._vm
    return checked


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_word_is_read_where_the_engine_says_it_is(
    name: str, package: Path
) -> None:
    python = import_from(package, name)
    assert check_module(python, job_of(module(name)).layouts) > 100


@pytest.mark.parametrize("name", SCHEMAS)
def test_live_records_read_the_same_as_bytes_of_the_host(
    name: str, package: Path
) -> None:
    python = import_from(package, name)
    runtime = import_from(package, "vmgen_runtime")
    layouts = job_of(module(name)).layouts
    host = next(
        t
        for t in layouts.module.targets
        if t.name == "x86_64-unknown-linux-gnu"
        or (ctypes.sizeof(ctypes.c_void_p), t.name) == (4, "i686-unknown-linux-gnu")
    )
    leaves = Leaves(layouts, layouts.class_of(host.name), host)
    for type_name, declared in layouts.module.types.items():
        if not isinstance(declared, RECORDS):
            continue
        cls = getattr(python, type_name)
        record = runtime.allocate(cls)
        size = leaves.size(type_name)
        assert ctypes.sizeof(record) == runtime.size_of(cls) == size
        assert ctypes.addressof(record) % runtime.align_of(cls) == 0
        data = distinct_bytes(size)
        ctypes.memmove(ctypes.addressof(record), data, size)
        for leaf in leaves.of(type_name):
            assert leaf.value(record) == leaf.expected(data, host.model.endian), leaf


@settings(
    max_examples=1000 if proving() else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(schema=sound_schemas())
def test_random_records_are_read_where_the_engine_says(
    tmp_path_factory: pytest.TempPathFactory, schema: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("random") / "random_records"
    package = folder.parent.name.replace("-", "_")
    folder = folder.with_name(package)
    folder.mkdir()
    path = folder / "random.vm.yaml"
    path.write_text(strategies.as_text(schema, "random"), encoding="utf-8")
    made = loaded(path, path.name)
    write(folder, made, options={"package": package})
    check_module(import_from(folder, "random"), job_of(made).layouts)
