"""Wasmer's records: every offset is the one that Wasmer 7.4.2's own code computes.

A second runtime, with habits of its own: no fixed part, a rounding before every
region, and the table of host functions inside the context.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.oracle.cargo_oracle import ROOT, CargoOracle, build
from vmgen.layout.expr import OffsetOverflow
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.layout.contexts import ContextLayout

VECTORS = 10_000
U32 = 2**32
WIDTHS = [(8, "x86_64-unknown-linux-gnu"), (4, "armv7-unknown-linux-gnueabihf")]

# Wasmer counts the entries of tables that the asked program has to build.
LIMITS = dict.fromkeys(
    ["num_tag_ids", "num_local_tables", "num_local_memories", "num_local_globals"],
    1 << 12,
)

# Reserved, but without an accessor; the total size shows that they are there.
SILENT = ["trap_handler", "gas_limiter", "stack_limit"]

KNOWN = [5, 1, 1, 3, 3, 3, 7, 2, 4]


@pytest.fixture(scope="session")
def wasmer_oracle() -> CargoOracle:
    return build("wasmer_types", "WASMER")


@pytest.fixture(scope="session")
def wasmer() -> Layouts:
    """The layouts of ``schemas/wasmer.vm.yaml`` on all of its targets."""
    path = ROOT / "schemas" / "wasmer.vm.yaml"
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None, list(report)
    return Layouts(module)


def context_on(layouts: Layouts, target: str) -> tuple[m.Context, ContextLayout]:
    declared = layouts.module.types["VMContext"]
    assert isinstance(declared, m.Context)
    return declared, layouts.context(declared.name)[layouts.class_of(target).index]


def stated(
    layouts: Layouts, target: str, layout: ContextLayout, counts: Mapping[str, int]
) -> str:
    """What vmgen says, in the words of the oracle's answer."""
    try:
        size = layout.total(counts)
    except OffsetOverflow:
        return "overflow"
    words = []
    for region in layout.regions:
        begin, length = region.begin(counts), region.length(counts)
        last = begin + region.stride * (length - 1) if length else "-"
        if region.name == "builtin_functions":
            record = layouts.record("VMBuiltinFunctionsArray", layouts.class_of(target))
            last = begin + record.offsets[-1]
        if region.name == "tag_ids":
            words.append(f"{region.name}={begin}")
        elif region.name not in SILENT:
            words.append(f"{region.name}={begin}:{last}")
    return " ".join([*words, f"size={size}"])


def as_a_module_has_them(counts: dict[str, int]) -> dict[str, int]:
    """The counts, changed where no module of Wasmer's could have them."""
    counts = {n: min(v, LIMITS.get(n, U32) - 1) for n, v in counts.items()}
    tables = counts["num_local_tables"]
    counts["num_imported_tables"] = min(counts["num_imported_tables"], tables)
    if counts["num_imported_tables"] == tables:
        counts["num_fixed_funcrefs"] = 0
    return counts


def vectors(layout: ContextLayout, names: list[str]) -> Iterator[list[int]]:
    """Small modules, any order of magnitude, and totals on either side of 2**32."""
    random = Random("wasmer")
    strides = {region.count: region.stride for region in layout.regions}
    unlimited = [n for n in names if n not in LIMITS and n != "num_imported_tables"]

    yield [0] * len(names)
    for number in range(1, VECTORS):
        counts = {n: random.randrange(6) for n in names}
        match number % 5:
            case 0:
                counts = {n: random.choice([0, 0, 0, 0, 1, 2]) for n in names}
            case 1:
                counts = {n: int(2 ** random.uniform(0, 25)) for n in names}
            case 2:
                counts[random.choice(unlimited)] = random.randrange(U32)
            case 3:
                filled = random.choice(unlimited)
                counts["num_local_tables"] += counts["num_imported_tables"] + 1
                counts[filled] = 0
                room = U32 - layout.total(counts) + random.randrange(-64, 65)
                counts[filled] = room // strides[filled]
            case _:
                pass
        counts = as_a_module_has_them(counts)
        yield [counts[n] for n in names]


@pytest.mark.parametrize(("width", "target"), WIDTHS)
def test_the_context_agrees_for_ten_thousand_random_counts(
    wasmer_oracle: CargoOracle, wasmer: Layouts, width: int, target: str
) -> None:
    declared, layout = context_on(wasmer, target)
    names = wasmer_oracle.counts("context")
    assert names == [count.name for count in declared.counts]

    asked = list(vectors(layout, names))
    answers = wasmer_oracle.ask(
        [f"context {width} {' '.join(map(str, counts))}" for counts in asked]
    )

    for counts, answer in zip(asked, answers, strict=True):
        by_name = dict(zip(names, counts, strict=True))
        assert stated(wasmer, target, layout, by_name) == answer, by_name
    assert 1_500 < answers.count("overflow") < 5_000, "both outcomes are well covered"


@pytest.mark.parametrize(
    ("width", "target", "answer"),
    [
        (
            *WIDTHS[0],
            "imported_functions=0:128 imported_tables=160:160 imported_memories=176:176"
            " tag_ids=192 imported_globals=208:240 tables=256:288"
            " fixed_funcref_tables=304:496 memories=528:544 globals=560:608"
            " builtin_functions=624:904 size=932",
        ),
        (
            *WIDTHS[1],
            "imported_functions=0:64 imported_tables=80:80 imported_memories=88:88"
            " tag_ids=96 imported_globals=108:124 tables=132:148"
            " fixed_funcref_tables=156:252 memories=268:276 globals=288:336"
            " builtin_functions=352:492 size=508",
        ),
    ],
)
def test_a_known_layout_is_what_wasmer_and_vmgen_both_say(
    wasmer_oracle: CargoOracle, wasmer: Layouts, width: int, target: str, answer: str
) -> None:
    question = f"context {width} {' '.join(map(str, KNOWN))}"
    assert wasmer_oracle.ask([question]) == [answer]

    counts = dict(zip(wasmer_oracle.counts("context"), KNOWN, strict=True))
    _, layout = context_on(wasmer, target)
    assert stated(wasmer, target, layout, counts) == answer


def test_every_target_of_the_schema_has_one_of_the_two_layouts(
    wasmer: Layouts,
) -> None:
    """Wasmer knows pointer widths, not targets; so no target may need more."""
    compared = {width: context_on(wasmer, target)[1] for width, target in WIDTHS}
    for target in wasmer.module.targets:
        _, layout = context_on(wasmer, target.name)
        assert layout == compared[target.model.pointer], target.name


@pytest.mark.parametrize(("width", "target"), WIDTHS)
def test_every_record_that_wasmer_has_offsets_for_agrees(
    wasmer_oracle: CargoOracle, wasmer: Layouts, width: int, target: str
) -> None:
    (answer,) = wasmer_oracle.ask([f"records {width}"])
    asked = [word.split("=") for word in answer.split()]
    assert len(asked) == 68
    for name, offset in asked:
        owner, _, member = name.replace(":size", "").partition(".")
        record = wasmer.record(owner, wasmer.class_of(target))
        if not member:
            assert record.size == int(offset), name
            continue
        declared = wasmer.module.types[owner]
        assert isinstance(declared, m.Struct | m.Functions)
        members = (
            declared.slots if isinstance(declared, m.Functions) else declared.fields
        )
        index = [known.name for known in members].index(member)
        assert record.offsets[index] == int(offset), name


def test_the_table_of_host_functions_has_no_slot_that_wasmer_lacks(
    wasmer_oracle: CargoOracle, wasmer: Layouts
) -> None:
    (answer,) = wasmer_oracle.ask(["records 8"])
    prefix = "VMBuiltinFunctionsArray."
    names = [word.partition("=")[0] for word in answer.split()]
    declared = wasmer.module.types["VMBuiltinFunctionsArray"]
    assert isinstance(declared, m.Functions)
    assert [prefix + slot.name for slot in declared.slots] == [
        name for name in names if name.startswith(prefix)
    ]
