"""Schemas made of what vmgen itself wrote for another one have its layouts."""

from __future__ import annotations

import contextlib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import vmgen
from tests.binaries.programs import (
    ENGINE,
    bindings,
    compiled_c,
    probes_in_rust,
    run,
)
from tests.random.sound import sound_schemas
from tests.random.strategies import as_text
from tests.support import ROOT, need, proving
from vmgen.analysis.order import embedded
from vmgen.binaries.containers import images
from vmgen.build.config import Config
from vmgen.imports.binary import read_images
from vmgen.imports.clang_header import read_headers
from vmgen.imports.convert import draft_of
from vmgen.imports.fitting import need_c_abi
from vmgen.imports.names import type_name
from vmgen.imports.settle import settle
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Collection

    from vmgen.imports.found import Source
    from vmgen.layout.layouts import Layouts

HOST = "x86_64-unknown-linux-gnu"
EXAMPLES = 40 if proving() else 3


def imported(binary: Path, patterns: list[str]) -> str:
    return written(read_images(images(binary, binary.name), patterns, None))


def written(source: Source) -> str:
    """The schema of what was found, with the profile that has room for it."""
    draft = draft_of(source, c_abi=need_c_abi([source]))
    return settle(draft, "again", [], Config(Path())).text


def of_header(module: m.Module, folder: Path, patterns: list[str]) -> str:
    """The schema of the header that was made of another one."""
    files, flags = [f"c/{module.name}.h"], [f"-I{folder / 'c'}"]
    with contextlib.chdir(folder):
        return written(read_headers(files, patterns, HOST, flags, None))


def on_targets_of(module: m.Module, text: str, folder: Path, on: str = "*") -> Layouts:
    """The layouts of an imported schema on the targets of another one that fit."""
    fitting = [t.name for t in module.targets if fnmatchcase(t.name, on)]
    targets = ", ".join(fitting)
    lines = [
        f"targets: [{targets}]" if line.startswith("targets: ") else line
        for line in text.splitlines()
        if not line.lstrip().startswith(("expect_size:", "allow: {layout-differs"))
    ]
    path = folder / "again.vm.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    loaded = vmgen.load(path)
    assert loaded.module is not None, loaded.found
    from vmgen.layout.layouts import Layouts

    return Layouts(loaded.module)


def declared(module: m.Module, kinds: tuple[type, ...]) -> list[str]:
    """The types of some kinds that the bindings of a module declare."""
    return [
        name
        for name, one in module.own_types.items()
        if isinstance(one, kinds) and not isinstance(one, m.ForeignRecord)
    ]


def made_of_packed(module: m.Module) -> set[str]:
    """The types of a module that are packed, or hold such a type by value."""
    found = {
        name
        for name, one in module.types.items()
        if isinstance(one, (m.Struct, m.Union)) and one.packed
    }
    while more := {
        name
        for name, one in module.types.items()
        if name not in found and not found.isdisjoint(embedded(one))
    }:
        found |= more
    return found


def alike(
    module: m.Module,
    again: Layouts,
    kinds: tuple[type, ...],
    on: str = "*",
    without: Collection[str] = (),
) -> int:
    """How many types of a module are laid out in the same way in an imported one, on each
    target that fits a pattern. A type that is laid out otherwise fails."""
    from vmgen.layout.layouts import Layouts

    ours = Layouts(module)
    number = 0
    for name in declared(module, kinds):
        if name in without:
            continue
        mine, other = ours.of(name), again.of(type_name(name))
        for target in module.targets:
            if not fnmatchcase(target.name, on):
                continue
            here = ours.class_of(target.name).index
            there = again.class_of(target.name).index
            assert mine.extents[here] == other.extents[there], (name, target.name)
            assert [p.offsets[here] for p in mine.parts] == [
                p.offsets[there] for p in other.parts
            ], (name, target.name)
        number += 1
    return number


IN_C = (m.Struct, m.Union, m.TaggedEnum, m.Functions)
"""C has typedefs of integers for the other kinds, which are types of no size of their own."""
IN_RUST = (*IN_C, m.PlainEnum, m.Newtype)


def test_the_c_of_the_test_s_engine(tmp_path: Path) -> None:
    module = bindings(ENGINE, tmp_path)
    names = declared(module, IN_C)
    again = imported(compiled_c(module, tmp_path), names)
    # What an atomic is aligned to is what was asked for where it was compiled.
    there = on_targets_of(module, again, tmp_path)
    assert alike(module, there, IN_C, on=HOST) == 6


def rust_object(module: m.Module, folder: Path) -> Path:
    (folder / "probes.rs").write_text(probes_in_rust(module), encoding="utf-8")
    rustc = [need("rustc"), "--edition", "2024", "-g", "--crate-type=lib"]
    run([*rustc, "--emit=obj", "probes.rs"], folder)
    return folder / "probes.o"


def test_the_rust_of_the_test_s_engine(tmp_path: Path) -> None:
    module = bindings(ENGINE, tmp_path)
    names = declared(module, IN_RUST)
    again = imported(rust_object(module, tmp_path), names)
    assert alike(module, on_targets_of(module, again, tmp_path), IN_RUST) == 8


@pytest.mark.parametrize(
    ("schema", "in_c", "c_on", "in_rust", "rust_on"),
    # An `align` that changes nothing on the target compiled for isn't seen there; nor is the
    # size elsewhere of a type that isn't the schema's.
    [("wasmtime", 46, "*64*", 66, "*64*"), ("wasmer", 17, "x86_64-*", 20, "x86_64-*")],
)
def test_the_shipped_schemas(
    schema: str, in_c: int, c_on: str, in_rust: int, rust_on: str, tmp_path: Path
) -> None:
    module = bindings(ROOT / "schemas" / f"{schema}.vm.yaml", tmp_path)
    names = declared(module, IN_C)
    again = imported(compiled_c(module, tmp_path), names)
    assert alike(module, on_targets_of(module, again, tmp_path), IN_C, c_on) == in_c
    names = declared(module, IN_RUST)
    again = imported(rust_object(module, tmp_path), names)
    there = on_targets_of(module, again, tmp_path, rust_on)
    assert alike(module, there, IN_RUST, rust_on) == in_rust


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(schema=sound_schemas(contexts=False, theirs=False))
def test_random_schemas(
    schema: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("random")
    path = folder / "random.vm.yaml"
    path.write_text(as_text(schema, "random_records"), encoding="utf-8")
    module = bindings(path, folder)
    names = declared(module, IN_C)
    if names:
        # C's types have no atomics in them: elsewhere these may be aligned otherwise. What
        # gcc packs it doesn't state the alignment of.
        again = imported(compiled_c(module, folder), names)
        there = on_targets_of(module, again, folder, HOST)
        packed = made_of_packed(module)
        known = set(names) - packed
        assert alike(module, there, IN_C, HOST, packed) == len(known)
        again = of_header(module, folder, names)
        there = on_targets_of(module, again, folder, HOST)
        assert alike(module, there, IN_C, HOST) == len(names)
    names = declared(module, IN_RUST)
    if names:
        # An `align` that changes nothing on the target compiled for isn't seen there; what
        # C calls a `long` is as wide there as it is, and a number of Rust's.
        text = path.read_text(encoding="utf-8")
        on = HOST if '"align"' in text or "c_" in text else "*"
        again = imported(rust_object(module, folder), names)
        there = on_targets_of(module, again, folder, on)
        # Bit-fields are bytes there, from where the field before them ends.
        bits = {
            name
            for name, one in module.types.items()
            if isinstance(one, m.Struct) and any(field.bits for field in one.fields)
        }
        known = set(names) - bits
        assert alike(module, there, IN_RUST, on, bits) == len(known)
