"""Where the generated code of each language says that a context's parts are.

Everyone answers a question about one context, one target and one vector of counts
with one line: ``field=offset``, ``region=begin:last`` (the last element's offset, or a
dash), ``region=begin`` of a single record, and ``size=bytes``; or ``overflow``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.analysis.called import name_in
from vmgen.languages.c.models import CModels
from vmgen.languages.c.names import UNPREFIXED
from vmgen.languages.c.words import WORDS as C_WORDS
from vmgen.languages.python import names
from vmgen.languages.rust.names import free
from vmgen.languages.rust.words import WORDS as RUST_WORDS
from vmgen.layout.expr import OffsetOverflow
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from vmgen.languages.job import Job
    from vmgen.layout.contexts import ContextLayout

RUST_METHODS = {"new", "model", "counts", "fixed", "size", "regions"}


def contexts_of(job: Job) -> list[m.Context]:
    return [d for d in job.module.types.values() if isinstance(d, m.Context)]


def named_in(job: Job, language: str) -> Iterator[tuple[m.Context, m.Context]]:
    """The contexts as the schema has them, and as a language does."""
    return zip(contexts_of(job), contexts_of(job.called(language)), strict=True)


def by_the_engine(
    context: m.Context, layout: ContextLayout, counts: Mapping[str, int]
) -> str:
    """The answer of `vmgen.layout.contexts`."""
    try:
        size = layout.total(counts)
    except OffsetOverflow:
        return "overflow"
    words = [
        f"{field.name}={offset}"
        for field, offset in zip(context.fields, layout.fixed.offsets, strict=True)
    ]
    for source, region in zip(context.regions, layout.regions, strict=True):
        begin, length = region.begin(counts), region.length(counts)
        last = begin + region.stride * (length - 1) if length else "-"
        single = source.count is None
        words.append(f"{region.name}={begin}" + ("" if single else f":{last}"))
    return " ".join([*words, f"size={size}"])


def by_python(
    context: m.Context, module: ModuleType, target: str, counts: Mapping[str, int]
) -> str:
    """The answer of the generated class ``<context>Offsets``."""
    cls = getattr(module, f"{name_in(context, 'python')}Offsets")
    given = {names.attribute(name, names.CONTEXT): c for name, c in counts.items()}
    try:
        offsets: Any = cls(target, **given)
    except OverflowError:
        return "overflow"
    words = [
        f"{field.name}={getattr(offsets, names.attribute(name, names.CONTEXT))}"
        for field, name in ((f, name_in(f, "python")) for f in context.fields)
    ]
    for region in context.regions:
        name = name_in(region, "python")
        placed = getattr(offsets, names.attribute(name, names.CONTEXT))
        last = placed[-1] if len(placed) else "-"
        single = region.count is None
        words.append(f"{region.name}={placed.begin}" + ("" if single else f":{last}"))
    return " ".join([*words, f"size={offsets.size}"])


def question(
    number: int, job: Job, context: m.Context, target: str, counts: Mapping[str, int]
) -> str:
    """A line for the programs: the context's number among all that the program has
    been made for, the target's layout class, the counts."""
    index = job.layouts.class_of(target).index
    return " ".join(
        map(str, [number, index, *(counts[c.name] for c in context.counts)])
    )


C_PROGRAM = """\
#include <inttypes.h>
#include <stdio.h>
{includes}

static uint32_t number(void)
{{
    uint32_t read = 0;
    return scanf("%" SCNu32, &read) == 1 ? read : 0;
}}
{functions}
int main(void)
{{
    unsigned which;
    while (scanf("%u", &which) == 1) {{
        uint32_t layout_class = number();
        switch (which) {{
{cases}
        default: return 1;
        }}
    }}
    return 0;
}}
"""
C_FUNCTION = """
static void answer_{type}(uint32_t layout_class)
{{
    static const int models[] = {{{models}}};
    const int model = models[layout_class];
    {type}Counts counts;
    {type}Offsets o;
    uint32_t last;
{reads}
    if (!{init}(&o, model, &counts)) {{
        puts("overflow");
        return;
    }}
{fields}
{regions}
    (void)last;
    printf("size=%" PRIu32 "\\n", o.size);
}}
"""
C_REGION = """\
    printf("{region}=%" PRIu32, o.begin.{member});
    if ({len}(&o) == 0) printf(":-");
    else if ({at}(&o, {len}(&o) - 1, &last)) printf(":%" PRIu32, last);
    if ({at}(&o, {len}(&o), &last)) printf("!");
    printf(" ");"""
C_SINGLE = '    printf("{region}=%" PRIu32 " ", o.begin.{member});'


def c_program(*jobs: Job) -> str:
    """A program that answers `question`, through the generated headers."""
    known = [called for job in jobs for _, called in named_in(job, "c")]
    return C_PROGRAM.format(
        includes="".join(f'#include "{job.module.name}.h"\n' for job in jobs),
        functions="".join(text for job in jobs for text in _c_functions(job)),
        cases="\n".join(
            f"        case {i}: answer_{c.name}(layout_class); break;"
            for i, c in enumerate(known)
        ),
    )


def _c_functions(job: Job) -> Iterator[str]:
    models = CModels(job)
    of_class = {c: model.index for model in models.all for c in model.classes}
    for shown, context in named_in(job, "c"):
        reads = [
            f"    counts.{C_WORDS.spelled(c.name)} = number(){' != 0' if c.flag else ''};"
            for c in context.counts
        ]
        fields = [
            f'    printf("{f.name}=%u ", (unsigned)'
            f"{UNPREFIXED.offset(context.name, called.name)}(model));"
            for f, called in zip(shown.fields, context.fields, strict=True)
        ]
        regions = [
            (C_SINGLE if r.count is None else C_REGION).format(
                region=name,
                member=C_WORDS.spelled(r.name),
                len=UNPREFIXED.function(context.name, r.name, "len"),
                at=UNPREFIXED.function(context.name, r.name, "at"),
            )
            for name, r in zip(
                (r.name for r in shown.regions), context.regions, strict=True
            )
        ]
        yield C_FUNCTION.format(
            type=context.name,
            init=UNPREFIXED.function(context.name, "offsets_init"),
            models=", ".join(str(of_class[i]) for i in sorted(of_class)),
            reads="\n".join(reads),
            fields="\n".join(fields),
            regions="\n".join(regions),
        )


RUST_PROGRAM = """\
#![allow(non_snake_case, unused)]
use std::io::{{read_to_string, stdin, stdout, BufWriter, Write}};

type Numbers<'a> = &'a mut dyn Iterator<Item = u32>;

/// The offset of the last element, if there is one.
macro_rules! last {{
    ($region:ident) => {{{{
        assert_eq!($region.get($region.count()), None);
        match $region.count() {{
            0 => String::from("-"),
            count => {{
                assert_eq!($region.get(count - 1), Some($region.at(count - 1)));
                $region.at(count - 1).to_string()
            }}
        }}
    }}}};
}}
{functions}
fn main() {{
    let text = read_to_string(stdin()).unwrap();
    let mut out = BufWriter::new(stdout());
    for line in text.lines() {{
        let mut numbers = line.split(' ').map(|word| word.parse::<u32>().unwrap());
        let which = numbers.next().unwrap();
        let class = numbers.next().unwrap() as usize;
        let answer = match which {{
{cases}
            _ => unreachable!(),
        }};
        writeln!(out, "{{}}", answer.unwrap_or("overflow".into())).unwrap();
    }}
}}
"""
RUST_FUNCTION = """
fn answer_{type}(class: usize, numbers: Numbers) -> Option<String> {{
    use bindings::{module}_offsets::*;
    let targets = [{targets}];
    let model = DataModel::of_target(targets[class]).unwrap();
    let counts = {type}Counts {{
{reads}
    }};
    let o = {type}Offsets::new(model, counts).ok()?;
    assert_eq!((o.model(), o.counts()), (model, &counts));
    let mut said = String::new();
{fields}
    let regions = o.regions();
{regions}
    Some(said + &format!("size={{}}", o.size()))
}}
"""
RUST_REGION = """\
    assert_eq!(regions[{index}].0, "{region}");
    let region = regions[{index}].1;
    assert_eq!(o.{method}(), {accessed});
    said += &format!("{shown}={{}}{last} ", region.begin(){given});"""


def rust_program(*jobs: Job) -> str:
    """A program that answers `question`, through the generated crate `bindings`."""
    known = [called for job in jobs for _, called in named_in(job, "rust")]
    return RUST_PROGRAM.format(
        functions="".join(text for job in jobs for text in _rust_functions(job)),
        cases="\n".join(
            f"            {i} => answer_{c.name}(class, &mut numbers),"
            for i, c in enumerate(known)
        ),
    )


def _rust_functions(job: Job) -> Iterator[str]:
    for shown, context in named_in(job, "rust"):
        fields = [
            (f.name, RUST_WORDS.spelled(called.name))
            for f, called in zip(shown.fields, context.fields, strict=True)
        ]
        yield RUST_FUNCTION.format(
            module=job.module.name,
            type=context.name,
            targets=", ".join(f'"{c.targets[-1]}"' for c in job.layouts.classes),
            reads="\n".join(_rust_reads(context)),
            fields="\n".join(
                f'    said += &format!("{name}={{}} ", o.fixed().{member}.of(model));'
                for name, member in fields
            ),
            regions="\n".join(_rust_regions(shown, context)),
        )


def _rust_reads(context: m.Context) -> Iterator[str]:
    for count in context.counts:
        flag = " != 0" if count.flag else ""
        name = RUST_WORDS.spelled(count.name)
        yield f"        {name}: numbers.next().unwrap(){flag},"


def _rust_regions(shown: m.Context, context: m.Context) -> Iterator[str]:
    for index, region in enumerate(context.regions):
        single = region.count is None
        accessed = "region.begin()" if single else "region"
        if region.when:
            accessed = f"counts.{region.when}.then_some({accessed})"
        yield RUST_REGION.format(
            index=index,
            region=region.name,
            shown=shown.regions[index].name,
            method=free(RUST_WORDS.spelled(region.name), RUST_METHODS),
            accessed=accessed,
            last="" if single else ":{}",
            given="" if single else ", last!(region)",
        )
