"""Random schemas on random targets, and on data models that nobody has."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from scripts.rustc_targets import NO_CORE, compile_crate, layout_attribute
from tests.oracle.clang_differences import DIFFERENCES, has_odd_c_numbers, known
from tests.oracle.rustc_oracle import Crate, disagreements
from tests.oracle.rustc_source import knows
from tests.python.generated import loaded
from tests.random import strategies
from tests.random.sound import sound_schemas
from tests.support import missing, need, proving
from tests.targets.specification import specification
from vmgen.schema.model import ModelTarget, Module
from vmgen.targets.data_model import DataModel
from vmgen.targets.find import TARGETS

REFUSED = {d.targets for d in DIFFERENCES if d.remedy == "refused"}
TARGETS_OF_AN_EXAMPLE = 3

quiet = settings(
    max_examples=300 if proving() else 12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def on(schema: dict[str, object], *targets: ModelTarget) -> Module:
    """A random schema's module, on these targets instead of all."""
    with tempfile.TemporaryDirectory(prefix="vmgen-random-") as folder:
        path = Path(folder, "random.vm.yaml")
        path.write_text(strategies.as_text(schema, "random"), encoding="utf-8")
        return replace(loaded(path, path.name), targets=targets)


def some_targets() -> st.SearchStrategy[list[str]]:
    """Triples of different data models, most of the time."""
    by_model: dict[str, list[str]] = {}
    for target in TARGETS.values():
        by_model.setdefault(target.model.name, []).append(target.triple)
    one = st.sampled_from(sorted(by_model)).flatmap(
        lambda model: st.sampled_from(by_model[model])
    )
    many = TARGETS_OF_AN_EXAMPLE
    return st.lists(one, min_size=many, max_size=many, unique=True)


@st.composite
def data_models(draw: st.DrawFn) -> DataModel:
    """Any widths and alignments that Rust could have."""

    def align(most: int) -> int:
        return draw(st.sampled_from([a for a in (1, 2, 4, 8, 16) if a <= most]))

    pointer = draw(st.sampled_from([2, 4, 8]))
    columns = {"u16": 2, "u32": 4, "u64": 8, "u128": 16, "f32": 4, "f64": 8}
    aligns = {name: align(size) for name, size in columns.items()}
    return DataModel.described(
        "odd",
        pointer=pointer,
        endian=draw(st.sampled_from(["little", "big"])),
        align={**aligns, "pointer": aligns[f"u{8 * pointer}"]},
        atomics=[8, 16, 32, 64],
    )


@quiet
@given(schema=sound_schemas(), triples=some_targets())
def test_rustc_and_clang_lay_a_random_schema_out_as_the_engine_does(
    schema: dict[str, object], triples: list[str]
) -> None:
    need("rustc")
    targets = [TARGETS[triple] for triple in triples]
    module = on(schema, *(ModelTarget(t.triple, t.model) for t in targets))
    if knows(module):
        assert disagreements([module], triples) == []
    try:
        from tests.oracle import clang_oracle
    except ImportError:
        missing("libclang is not installed")
    asked = [
        t
        for t in targets
        if known(t) and not refused(t.triple) and not has_odd_c_numbers(t, module)
    ]
    assert clang_oracle.complaints([module], asked) == {}


def refused(triple: str) -> bool:
    """Whether clang's primitives are not rustc's, so that the header stops there."""
    return any(Path(triple).match(pattern) for pattern in REFUSED)


@quiet
@given(schema=sound_schemas(), model=data_models())
def test_rustc_lays_a_random_schema_out_so_on_a_random_data_model(
    schema: dict[str, object], model: DataModel
) -> None:
    need("rustc")
    module = on(schema, ModelTarget(model.name, model))
    assume(knows(module))
    crate = Crate([module])
    with tempfile.TemporaryDirectory(prefix="vmgen-random-") as folder:
        source = Path(folder, "layouts.rs")
        source.write_text(crate.text(layout_attribute()), encoding="utf-8")
        path = specification(model, Path(folder))
        output = compile_crate(source, f"--target={path}", "-Zunstable-options")
    assert crate.compare(model.name, output) == []


@pytest.mark.parametrize("bits", [16, 32, 64])
def test_a_specification_says_what_the_model_does(bits: int, tmp_path: Path) -> None:
    """The proof's proof: of a model with every alignment its own."""
    need("rustc")
    aligns = {"u16": 1, "u32": 2, "u64": 4, "u128": 2, "f32": 1, "f64": 2}
    model = DataModel.described(
        "odd", pointer=bits // 8, align={**aligns, "pointer": 1}
    )
    source = tmp_path / "probe.rs"
    names = ["u16", "u32", "u64", "u128", "f32", "f64", "*const u8"]
    source.write_text(
        NO_CORE
        + "".join(
            f"#[{layout_attribute()}(align)] pub type T{i} = {name};\n"
            for i, name in enumerate(names)
        ),
        encoding="utf-8",
    )
    path = specification(model, tmp_path)
    said = compile_crate(source, f"--target={path}", "-Zunstable-options")
    found = [line.split("(")[-1].split()[0] for line in said.splitlines()[: len(names)]]
    assert found == [*map(str, aligns.values()), "1"]
