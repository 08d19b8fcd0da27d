"""A data model of a project's own: right in every language, and nowhere else taken.

`packed2` is like no target of rustc: pointers of 32 bits, and nothing aligned to more
than two bytes. rustc is asked by way of a target specification; gcc for i686 packs its
structs like that when told to, and what it makes runs here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.rustc_targets import compile_crate, layout_attribute
from tests.machines.exchange import Exchange, differences
from tests.machines.machines import Machine
from tests.oracle.real_core import compiler
from tests.oracle.rustc_oracle import Crate
from tests.python.generated import loaded
from tests.support import missing, need, proving, vmgen, write_schema
from tests.targets.specification import specification
from vmgen.layout.layouts import Layouts
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

NAME = "own.vm.yaml"
SCHEMA = """\
vmgen: 1
module: own
targets: [packed2]
data_models:
  packed2:
    pointer: 32
    align: {pointer: 2, u32: 2, u64: 2, u128: 2, f32: 2, f64: 2}
    atomics: [8, 16, 32, 64]
types:
  Index: {kind: newtype, of: u32}
  State: {kind: enum, tag: u16, variants: {Idle: 0, Busy: 4}}
  Event: {kind: enum, tag: u8, variants: {Nothing: null, Number: i64, Where: VmPtr<u8>}}
  Either: {kind: union, fields: {small: u16, large: u64}}
  Memory:
    kind: struct
    fields:
      first: u8
      base: VmPtr<u8>
      state: State
      total: u64
      last: u8
      index: Index
      event: Event
      either: Either
      word: {type: u32, endian: little}
  Thing:
    kind: context
    align: 2
    counts: [num_memories, num_links]
    flags: [has_extra]
    fields: {magic: u32, owner: Option<VmPtr<Memory>>}
    regions:
      memories: "[Memory; num_memories]"
      links: "[VmPtr<Memory>; num_links]"
      extra: {type: Event, when: has_extra}
"""

ALIGNED = """\
  Wide: {kind: struct, align: 8, fields: {storage: "[u8; 12]"}}
  Aligned: {kind: struct, fields: {first: u16, length: AtomicUsize, wide: Wide}}
"""
"""What is aligned by what it is, and not by the data model; gcc can't pack that."""

PACKED2 = Machine(
    "packed2",
    "i686-linux-gnu-gcc",
    flags=("-fpack-struct=2", '-DVMGEN_ARCH="packed2"'),
)


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    return write_schema(
        tmp_path, SCHEMA.replace("  Thing:", f"{ALIGNED}  Thing:"), NAME
    )


@pytest.fixture
def module(schema: Path) -> Module:
    return loaded(schema, schema.name)


def test_no_target_of_rustc_is_like_it(module: Module) -> None:
    keys = {target.model.layout_key for target in TARGETS.values()}
    assert module.targets[0].model.layout_key not in keys


def test_its_layouts_are_what_rustc_makes_of_its_specification(
    module: Module, tmp_path: Path
) -> None:
    need("rustc")
    crate = Crate([module])
    source = tmp_path / "layouts.rs"
    source.write_text(crate.text(layout_attribute()), encoding="utf-8")
    path = specification(module.targets[0].model, tmp_path)
    output = compile_crate(source, f"--target={path}", "-Zunstable-options")
    assert crate.compare("packed2", output) == []
    layouts = Layouts(module)
    memory = layouts.record("Memory", layouts.class_of("packed2"))
    assert (memory.size, memory.align) == (44, 2)
    assert memory.offsets == (0, 2, 6, 8, 16, 18, 22, 32, 40)


def test_values_travel_between_c_and_python(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    schema = write_schema(tmp_path, SCHEMA, NAME)
    lacking = PACKED2.lacks()
    if lacking:
        missing(lacking)
    exchange = Exchange(str(schema), PACKED2, tmp_path_factory.mktemp("packed2"))
    assert differences(exchange.c()) == []
    contexts = exchange.contexts()
    assert contexts is not None
    assert differences(contexts) == []


if proving():  # It takes a compilation of core.

    def test_the_generated_crate_is_right_by_its_own_assertions(
        schema: Path, module: Module, tmp_path: Path
    ) -> None:
        rustc = compiler()
        if rustc is None:
            missing("no toolchain has the component rust-src")
        target = str(specification(module.targets[0].model, tmp_path))
        core = tmp_path / "core"
        core.mkdir()
        rustc.core(target, core)
        built = vmgen("build", schema.name, "-o", "out", "--lang", "rust", cwd=tmp_path)
        assert built.code == 0, built.out
        root = tmp_path / "out" / "rust" / "src" / "lib.rs"
        assert rustc.judge(root, target, core).err == ""
        own = root.with_name("own.rs")
        text = own.read_text(encoding="utf-8")
        own.write_text(
            text.replace("44, 2, 0, 2,", "44, 2, 0, 4,", 1), encoding="utf-8"
        )
        refused = rustc.judge(root, target, core)
        message = (
            "the offset of Memory.base is 2 here, and 4 according to own.vm.yaml:18;"
        )
        assert message in refused.err
