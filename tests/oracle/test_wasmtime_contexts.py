"""Contexts: every offset is the one that Wasmtime's own code computes.

The counts are random but seeded, so that a failure comes back. Beside small modules
there are huge counts, and sums that end just below and just above 2**32.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.oracle.contexts import P4, P8, context_of, stated, target_of
from tests.oracle.release_numbers import question
from tests.oracle.releases import BUILT, oracle
from tests.support import proving
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.layouts import Layouts

VECTORS = 10_000 if proving() else 3_000
U32 = 2**32
CONTEXTS = [("core", "VMContext"), ("component", "VMComponentContext")]

# Wasmtime takes two of these from tables of the component: nine intrinsics or more
# exist, and entries of a table take memory in the program that is asked.
LIMITS = {
    "num_unsafe_intrinsics": 10,
    "num_trampolines": 1 << 16,
    "has_startup_func": 2,
}

KNOWN_CORE = [2, 3, 2, 5, 1, 3, 1, 2, 3, 3, 4]
KNOWN_COMPONENT = [3, 5, 2, 4, 2, 1, 2, 1, 2, 3]


def vectors(
    layout: ContextLayout, names: list[str], random: Random
) -> Iterator[list[int]]:
    """Counts of six kinds in turn, the limits of `LIMITS` kept."""
    strides: Counter[str] = Counter()
    for region in layout.regions:
        strides[str(region.count)] += region.stride

    def limited(name: str, value: int) -> int:
        return min(value, LIMITS.get(name, U32) - 1)

    yield [0] * len(names)
    for number in range(1, VECTORS):
        match number % 6:
            case 0:  # a small module; every residue of every count comes up
                counts = {n: random.randrange(6) for n in names}
            case 1:  # mostly empty
                counts = {n: random.choice([0, 0, 0, 0, 1, 2]) for n in names}
            case 2:  # any order of magnitude
                counts = {n: int(2 ** random.uniform(0, 25)) for n in names}
            case 3:  # one count so huge that it may overflow by itself
                counts = {n: random.randrange(4) for n in names}
                counts[random.choice(names)] = random.randrange(U32)
            case 4:  # all of them
                counts = {n: random.randrange(U32) for n in names}
            case _:  # the total next to 2**32, on either side
                counts = {n: random.randrange(100) for n in names}
                filled = random.choice([n for n in names if n not in LIMITS])
                counts[filled] = 0
                room = U32 - layout.total(counts) + random.randrange(-64, 65)
                counts[filled] = room // strides[filled]
        yield [limited(n, counts[n]) for n in names]


@pytest.mark.parametrize("release", BUILT)
@pytest.mark.parametrize("width", [8, 4])
@pytest.mark.parametrize(("kind", "name"), CONTEXTS)
def test_contexts_agree_for_thousands_of_random_counts(
    wasmtime: Callable[[str], Layouts], kind: str, name: str, width: int, release: str
) -> None:
    layouts, program = wasmtime(release), oracle(release)
    layout = context_of(layouts, name, target_of(width))
    declared = layouts.module.types[name]
    assert isinstance(declared, m.Context)
    names = program.counts(kind)
    assert sorted(names) == sorted(count.name for count in declared.counts)

    asked = list(vectors(layout, names, Random(f"{kind} {width}")))
    answers = program.ask(
        [f"{kind} {width} {' '.join(map(str, counts))}" for counts in asked]
    )

    for counts, answer in zip(asked, answers, strict=True):
        by_name = dict(zip(names, counts, strict=True))
        assert stated(declared, layout, by_name) == answer, by_name
    assert len(asked) == VECTORS
    overflows = answers.count("overflow")
    assert VECTORS / 5 < overflows < VECTORS * 3 / 5, "both outcomes are well covered"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "core 8",
            "imported_memories=48:72 defined_memories=96:112 owned_memories=120:136 "
            "imported_functions=152:248 imported_tables=272:272 "
            "imported_globals=296:344 imported_tags=368:368 defined_tables=392:408 "
            "defined_globals=432:464 defined_tags=480:488 func_refs=492:588 size=620",
        ),
        (
            "core 4",
            "imported_memories=24:36 defined_memories=48:56 owned_memories=60:68 "
            "imported_functions=76:124 imported_tables=136:136 "
            "imported_globals=148:180 imported_tags=196:196 defined_tables=208:216 "
            "defined_globals=224:256 defined_tags=272:280 func_refs=284:332 size=348",
        ),
        (
            "component 8",
            "flags=32:64 task_may_block=80 trampoline_func_refs=96:224 "
            "intrinsic_func_refs=256:288 lowerings=320:368 memories=384:392 "
            "tables=400:400 reallocs=424:432 callbacks=440:440 post_returns=448:456 "
            "resource_destructors=464:480 size=488",
        ),
        (
            "component 4",
            "flags=16:48 task_may_block=64 trampoline_func_refs=80:144 "
            "intrinsic_func_refs=160:176 lowerings=192:216 memories=224:228 "
            "tables=232:232 reallocs=244:248 callbacks=252:252 post_returns=256:260 "
            "resource_destructors=264:272 size=276",
        ),
    ],
)
def test_a_known_layout_is_what_wasmtime_and_vmgen_both_say(
    wasmtime: Callable[[str], Layouts], question: str, answer: str
) -> None:
    program, layouts = oracle("42.0.2"), wasmtime("42.0.2")
    kind, width = question.split()
    name, known = (
        ("VMContext", KNOWN_CORE)
        if kind == "core"
        else ("VMComponentContext", KNOWN_COMPONENT)
    )
    (theirs,) = program.ask([f"{question} {' '.join(map(str, known))}"])
    assert theirs.endswith(answer)

    counts = dict(zip(program.counts(kind), known, strict=True))
    layout = context_of(layouts, name, target_of(int(width)))
    declared = layouts.module.types[name]
    assert isinstance(declared, m.Context)
    assert stated(declared, layout, counts) == theirs


@pytest.mark.parametrize("release", BUILT)
@pytest.mark.parametrize("name", [name for _, name in CONTEXTS])
def test_every_target_of_the_schema_has_one_of_the_two_layouts(
    wasmtime: Callable[[str], Layouts], name: str, release: str
) -> None:
    """Wasmtime knows pointer widths, not targets; so no target may need more."""
    layouts = wasmtime(release)
    compared = {8: context_of(layouts, name, P8), 4: context_of(layouts, name, P4)}
    for target in layouts.module.targets:
        layout = context_of(layouts, name, target.name)
        assert layout == compared[target.model.pointer], target.name


@pytest.mark.parametrize(
    ("release", "rests"),
    [
        ("42.0.2", [0, 4, 0, 4, 0]),
        ("48.0.6", [0, 0, 0, 0, 0]),
        ("50.0.1", [0, 0, 0, 0, 0]),
    ],
)
def test_an_odd_number_of_tags_puts_func_refs_at_4_mod_8_until_wasmtime_aligns_them(
    release: str, rests: list[int]
) -> None:
    """What `misaligned-region` reports of VMContext, in Wasmtime's own words."""
    program = oracle(release)
    names = program.counts("core")
    tags = [{"num_defined_tags": n} for n in range(5)]
    answers = program.ask([question("core", 8, names, counts) for counts in tags])
    begins = [
        int(word.removeprefix("func_refs=").split(":")[0])
        for answer in answers
        for word in answer.split()
        if word.startswith("func_refs=")
    ]
    assert [begin % 8 for begin in begins] == rests
