"""C programs that write and read records on another machine.

A program has a list of cases. With the argument ``write`` it is given the values of
all words on stdin and writes the records to stdout; with ``read`` it is the other way
round. A value is 16 bytes, the least significant first, on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.values import in_c
from tests.values.tree import Group
from vmgen.languages.c.declarators import Declarators
from vmgen.languages.c.words import WORDS as C_WORDS
from vmgen.schema import model as m
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.machines.trees import ContextCase
    from tests.values.tree import Case

DRIVER = """\
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void write_{name}(uint32_t which, void *at, const uint64_t *v);
void read_{name}(uint32_t which, void *at, uint64_t *v);

static const struct {{ size_t size, words; }} cases[] = {{
{cases}
}};
static _Alignas({align}) unsigned char record[{size}];
static uint64_t v[{words}];

static void get(void *to, size_t size)
{{
    if (fread(to, 1, size, stdin) != size) exit(2);
}}

static void put(const void *from, size_t size)
{{
    if (fwrite(from, 1, size, stdout) != size) exit(3);
}}

int main(int argc, char **argv)
{{
    int writing = argc == 2 && strcmp(argv[1], "write") == 0;
    unsigned char bytes[8];
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {{
        size_t halves = 2 * cases[i].words;
        memset(record, 0xee, sizeof record);
        memset(v, 0, sizeof v);
        if (writing) {{
            for (size_t n = 0; n < halves; n++) {{
                get(bytes, 8);
                for (int b = 8; b-- > 0;) v[n] = v[n] << 8 | bytes[b];
            }}
            write_{name}(i, record, v);
            put(record, cases[i].size);
        }} else {{
            get(record, cases[i].size);
            read_{name}(i, record, v);
            for (size_t n = 0; n < halves; n++) {{
                for (int b = 0; b < 8; b++) bytes[b] = (unsigned char)(v[n] >> 8 * b);
                put(bytes, 8);
            }}
        }}
    }}
    return getchar() != EOF;
}}
"""


def driver(name: str, cases: Sequence[Case]) -> str:
    """The main file of a program that has `write_<name>` and `read_<name>`."""
    return DRIVER.format(
        name=name,
        cases="\n".join(f"    {{{case.size}, {len(case.words)}}}," for case in cases),
        align=max(case.align for case in cases),
        size=max(case.size for case in cases),
        words=max(2 * len(case.words) for case in cases),
    )


HEAD = """\
#include <stdlib.h>
#include <string.h>
#include "{module}.h"

/* A word of any type, through an integer of its size, whatever the byte order. */
static inline void put(void *place, size_t size, uint64_t value)
{{
    uint32_t half = (uint32_t)value;
    memcpy(place, size == 4 ? (const void *)&half : (const void *)&value, size);
}}

static inline uint64_t get(const void *place, size_t size)
{{
    uint64_t value = 0;
    uint32_t half;
    memcpy(size == 4 ? (void *)&half : (void *)&value, place, size);
    return size == 4 ? half : value;
}}
"""


def records(module: m.Module, cases: Sequence[Case]) -> str:
    """`write_<module>` and `read_<module>`, for a machine of any byte order."""
    source = in_c.source((module, cases))
    assert source.startswith(in_c.HEAD)
    return HEAD.format(module=module.name) + source.removeprefix(in_c.HEAD)


CONTEXT = """\
static void {verb}_{number}({name} *r, {const}uint64_t *v)
{{
    {name}Counts counts;
    {name}Offsets o;
    memset(&counts, 0, sizeof counts);
{counts}
    if (!{prefix}_offsets_init(&o, {models}_MODEL_HOST, &counts)) abort();
    if (o.size != {size}) abort();
{body}
    (void)v;
}}
"""


DISPATCH = """\
void {verb}_{module}_contexts(uint32_t which, void *at, {const}uint64_t *v);
void {verb}_{module}_contexts(uint32_t which, void *at, {const}uint64_t *v)
{{
    switch (which) {{
{cases}
    default: break;
    }}
}}
"""


def contexts(module: m.Module, cases: Sequence[ContextCase]) -> str:
    """`write_<module>_contexts` and `read_<module>_contexts`, through the header."""
    texts = [HEAD.format(module=module.name)]
    for number, one in enumerate(cases):
        for verb in ("write", "read"):
            texts.append(
                CONTEXT.format(
                    verb=verb,
                    number=number,
                    name=one.case.name,
                    const="const " if verb == "write" else "",
                    counts="\n".join(
                        f"    counts.{C_WORDS.spelled(name)} = {count};"
                        for name, count in one.counts.items()
                    ),
                    prefix=snake_case(one.case.name),
                    models=module.name.upper(),
                    size=one.case.size,
                    body="\n".join(_body(module, one.case, verb)),
                )
            )
    for verb, const in (("write", "const "), ("read", "")):
        texts.append(
            DISPATCH.format(
                module=module.name,
                verb=verb,
                const=const,
                cases="\n".join(
                    f"    case {number}: {verb}_{number}(({one.case.name} *)at, v); break;"
                    for number, one in enumerate(cases)
                ),
            )
        )
    return "\n".join(texts)


def _body(module: m.Module, case: Case, verb: str) -> Iterator[str]:
    """Every field by its name, and every element where the header says it is."""
    lines = in_c._writes if verb == "write" else in_c._reads
    context = module.types[case.name]
    assert isinstance(context, m.Context)
    fixed = Group("context", case.name, case.tree.parts[: len(context.fields)])
    yield from (f"    {line}" for line in lines(fixed, "(*r)", module))

    declarators, prefix = Declarators(module.types), snake_case(case.name)
    regions = case.tree.parts[len(context.fields) :]
    for region, part in zip(context.regions, regions, strict=True):
        assert isinstance(part.node, Group)
        spelled = declarators.of(region.element)
        for index, element in enumerate(part.node.parts):
            # Not every element is aligned: it is copied.
            place = f"{prefix}_{region.name}_ptr(r, &o, {index})"
            yield f"    {{ {spelled.before}e{spelled.after};"
            if verb == "read":
                yield f"      memcpy(&e, {place}, sizeof e);"
            yield from (f"      {line}" for line in lines(element.node, "e", module))
            if verb == "write":
                yield f"      memcpy({place}, &e, sizeof e);"
            yield "    }"
