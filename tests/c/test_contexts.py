"""The C code of contexts, compiled and run, gives the engine's offsets."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import job_of, run, write_headers
from tests.c.schemas import module
from tests.support import module_of, proving
from vmgen.languages.c.models import CModels
from vmgen.layout.expr import OffsetOverflow
from vmgen.schema import model as m
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vmgen.languages.job import Job
    from vmgen.layout.contexts import ContextLayout

VECTORS = 4000 if proving() else 500
U32_MAX = 0xFFFF_FFFF

READER = """\
#include <inttypes.h>
#include <stdio.h>
#include "%(module)s.h"

static uint32_t number(void)
{
    uint32_t read = 0;
    return scanf("%%" SCNu32, &read) == 1 ? read : 0;
}
%(functions)s
int main(void)
{
    int which;
    while (scanf("%%d", &which) == 1) {
        int model = (int)number();
        switch (which) {
%(cases)s
        }
    }
    return 0;
}
"""

FUNCTION = """
static void read_%(name)s(int model)
{
    %(type)sCounts counts;
    %(type)sOffsets o;
    vm_region region;
    uint32_t at, i;
%(reads)s
    if (!%(name)s_offsets_init(&o, model, &counts)) {
        puts("too large");
        return;
    }
    printf("size %%" PRIu32 "\\n", o.size);
%(fields)s
    for (i = 0; %(name)s_region(&o, i, &region); i++) {
        printf("%%s %%" PRIu32 " +%%" PRIu32 "\\n", region.name, region.offset, region.size);
    }
%(regions)s
}
"""

REGION = """\
    printf("%(region)s has %%" PRIu32 "\\n", %(name)s_%(region)s_len(&o));
    if (%(name)s_%(region)s_len(&o) > 0) {
        if (%(name)s_%(region)s_at(&o, 0, &at)) printf("first at %%" PRIu32 "\\n", at);
        if (%(name)s_%(region)s_at(&o, %(name)s_%(region)s_len(&o) - 1, &at))
            printf("last at %%" PRIu32 "\\n", at);
    }
    if (%(name)s_%(region)s_at(&o, %(name)s_%(region)s_len(&o), &at)) puts("one too many");
    if (%(name)s_%(region)s_at(&o, UINT32_MAX, &at)) puts("far too many");"""


def contexts_of(job: Job) -> list[m.Context]:
    return [d for d in job.module.types.values() if isinstance(d, m.Context)]


def reader(job: Job) -> str:
    functions, cases = [], []
    for index, context in enumerate(contexts_of(job)):
        name = snake_case(context.name)
        reads = [
            f"    counts.{c.name} = number(){' != 0' if c.flag else ''};"
            for c in context.counts
        ]
        fields = [
            f'    printf("{f.name} %u\\n", {name.upper()}_{f.name.upper()}_OFFSET(model));'
            for f in context.fields
        ]
        regions = [REGION % {"name": name, "region": r.name} for r in context.regions]
        functions.append(
            FUNCTION
            % {
                "name": name,
                "type": context.name,
                "reads": "\n".join(reads),
                "fields": "\n".join(fields),
                "regions": "\n".join(regions),
            }
        )
        cases.append(f"        case {index}: read_{name}(model); break;")
    return READER % {
        "module": job.module.name,
        "functions": "".join(functions),
        "cases": "\n".join(cases),
    }


def by_the_engine(
    context: m.Context, layout: ContextLayout, counts: dict[str, int]
) -> Iterator[str]:
    try:
        yield f"size {layout.total(counts)}"
    except OffsetOverflow:
        yield "too large"
        return
    for field, offset in zip(context.fields, layout.fixed.offsets, strict=True):
        yield f"{field.name} {offset}"
    for region in layout.regions:
        size = region.length(counts) * region.stride
        yield f"{region.name} {region.begin(counts)} +{size}"
    for region in layout.regions:
        length, begin = region.length(counts), region.begin(counts)
        yield f"{region.name} has {length}"
        if length:
            yield f"first at {begin}"
            yield f"last at {begin + (length - 1) * region.stride}"


def vectors(context: m.Context, chance: random.Random) -> Iterator[dict[str, int]]:
    """Counts: none, all alike, small, large, and such that the size is near 2**32."""
    names = [c.name for c in context.counts]
    flags = {c.name for c in context.counts if c.flag}

    def with_flags(counts: dict[str, int]) -> dict[str, int]:
        return {n: min(v, 1) if n in flags else v for n, v in counts.items()}

    yield dict.fromkeys(names, 0)
    yield with_flags(dict.fromkeys(names, 1))
    yield with_flags(dict.fromkeys(names, U32_MAX))
    for name in names:
        for value in (1, U32_MAX):
            yield with_flags({**dict.fromkeys(names, 0), name: value})
    while True:
        top = chance.choice([2, 5, 100, 1 << 16, 1 << 27, 1 << 28, 1 << 32])
        yield with_flags({n: chance.randrange(top) for n in names})


@pytest.mark.parametrize("standard", ["c11", "c++11"])
@pytest.mark.parametrize("name", ["small", "torture", "wasmtime42"])
def test_offsets_are_the_engines_for_all_models_and_counts(
    tmp_path: Path, name: str, standard: str
) -> None:
    job = job_of(module(name))
    write_headers(tmp_path, job.module)
    models = CModels(job)
    chance = random.Random(name)
    asked, expected, overflows = [], [], 0
    for index, context in enumerate(contexts_of(job)):
        row = models.numbers(job.contexts[context.name])
        given = vectors(context, chance)
        for number in range(VECTORS):
            counts = next(given)
            model = number % len(models.all)
            asked.append(" ".join(map(str, [index, model, *counts.values()])))
            lines = list(by_the_engine(context, row[model], counts))
            overflows += lines == ["too large"]
            expected += lines
    printed = run(tmp_path, reader(job), standard, "\n".join(asked)).splitlines()
    assert printed == expected
    assert overflows > 20


def test_a_size_of_exactly_u32_max_is_fine_and_one_more_is_not(tmp_path: Path) -> None:
    schema = """
        types:
          Bytes:
            kind: context
            counts: [n, m]
            fields: {first: u32}
            regions: {bytes: "[u8; n]", more: {type: "[u8; m]", align: 16}}
    """
    job = job_of(module_of(tmp_path, schema))
    write_headers(tmp_path, job.module)
    asked = [(0, 0, U32_MAX - 15, 0), (0, 0, U32_MAX - 4, 0), (0, 0, U32_MAX - 19, 15)]
    stdin = "\n".join(" ".join(map(str, line)) for line in asked)
    printed = run(tmp_path, reader(job), "c11", stdin).splitlines()
    sizes = [line for line in printed if line.startswith(("size", "too"))]
    assert sizes == ["too large", "too large", f"size {U32_MAX}"]


def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    write_headers(tmp_path, module("small"))
    source = """
        #include <stdio.h>
        #include "small.h"
        int main(void)
        {
            ContextCounts counts = {0, 0, false};
            ContextOffsets o;
            printf("%d ", context_offsets_init(&o, -1, &counts));
            printf("%d ", context_offsets_init(&o, SMALL_MODELS, &counts));
            printf("%d\\n", context_offsets_init(&o, SMALL_MODEL_HOST, &counts));
            return 0;
        }
    """
    assert run(tmp_path, source, "c11") == "0 0 1\n"


LIVE = """
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include "small.h"
    int main(void)
    {
        ContextCounts counts = {2, 3, true};
        ContextOffsets o, other;
        Context *context;
        Value value, copy;
        uint32_t at;
        if (!context_offsets_init(&o, SMALL_MODEL_HOST, &counts)) return 1;
        if (!context_offsets_init(&other, SMALL_MODEL_32, &counts)) return 1;
        context = (Context *)aligned_alloc(16, (o.size + 15) / 16 * 16);
        if (context == NULL) return 1;
        memset((void *)context, 0, o.size);
        context->magic = CONTEXT_MAGIC;
        context_memories_ptr(context, &o, 1)->current_length = 0x55;
        context_bytes_ptr(context, &o, 2)[0] = 0x66;
        context_globals_ptr(context, &o, 1)->storage[15] = 0x77;
        *context_unaligned_ptr(context, &o, 2) = 0x88;
        value.bits = 0x99;
        memcpy(context_start_ptr(context, &o, 0), &value, sizeof value);
        for (at = 0; at < o.size; at++)
            if (((unsigned char *)context)[at] != 0)
                printf("%u:%x ", (unsigned)at, ((unsigned char *)context)[at]);
        memcpy(&copy, context_start_ptr(context, &o, 0), sizeof copy);
        printf("%x ", (unsigned)copy.bits);
        printf("%d", context_memories_ptr(context, &o, 2) == NULL);
        printf("%d", context_start_ptr(context, &o, 1) == NULL);
        printf("%d\\n", context_memories_ptr(context, &other, 0) == NULL);
        free(context);
        return 0;
    }
"""


def test_a_live_context_is_written_where_the_engine_says(tmp_path: Path) -> None:
    job = job_of(module("small"))
    write_headers(tmp_path, job.module)
    layout = job.contexts["Context"][0]
    counts = {"num_memories": 2, "num_bytes": 3, "has_start": 1}
    begin = {r.name: r.begin(counts) for r in layout.regions}
    places = dict(enumerate(b"core"))
    places[begin["memories"] + 16 + 8] = 0x55
    places[begin["bytes"] + 2] = 0x66
    places[begin["globals"] + 16 + 15] = 0x77
    places[begin["unaligned"] + 8] = 0x88
    places[begin["start"]] = 0x99
    assert begin["start"] % 8 == 7
    expected = " ".join(f"{offset}:{byte:x}" for offset, byte in places.items())
    assert run(tmp_path, LIVE, "c11") == f"{expected} 99 111\n"
