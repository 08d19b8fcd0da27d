"""A program that is compiled and run prints the engine's numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.c.headers import job_of, run, write_headers
from tests.c.schemas import SCHEMAS, module
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vmgen.languages.job import Job

HOST = "x86_64-unknown-linux-gnu"


def members(declared: m.Declaration) -> list[str]:
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            return [f.name for f in fields]
        case m.TaggedEnum():
            return ["tag", "payload"]
        case m.Functions(slots=slots):
            return [s.name for s in slots]
        case _:
            return []


def laid_out(job: Job) -> Iterator[m.Declaration]:
    for declared in job.module.types.values():
        if not isinstance(declared, (m.Opaque, m.Context)):
            yield declared


def there(job: Job, name: str) -> list[bool]:
    """Which parts of a type are there on the host."""
    host = job.layouts.class_of(HOST)
    return [host.index not in part.absent for part in job.layouts.parts(name)]


def program(job: Job) -> str:
    lines = ["#include <stdio.h>", f'#include "{job.module.name}.h"']
    body = []
    for declared in laid_out(job):
        name = declared.name
        lines.append(f"struct probe_{name} {{ char before; {name} it; }};")
        numbers = [f"sizeof({name})", f"offsetof(struct probe_{name}, it)"]
        numbers += [
            f"offsetof({name}, {member})"
            for member, is_there in zip(
                members(declared), there(job, name), strict=False
            )
            if is_there
        ]
        body += [f'    printf("{name}");']
        body += [f'    printf(" %lu", (unsigned long){n});' for n in numbers]
        body += ['    printf("\\n");']
    return "\n".join([*lines, "int main(void) {", *body, "    return 0;", "}", ""])


def by_the_engine(job: Job) -> str:
    host = job.layouts.class_of(HOST)
    lines = []
    for declared in laid_out(job):
        record = job.layouts.record(declared.name, host)
        here = zip(record.offsets, there(job, declared.name), strict=True)
        offsets = [at for at, is_there in here if is_there]
        numbers = [record.size, record.align, *offsets]
        lines.append(" ".join(map(str, [declared.name, *numbers])))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("standard", ["c11", "c++17"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_a_program_prints_the_numbers_of_the_engine(
    tmp_path: Path, name: str, standard: str
) -> None:
    job = job_of(module(name))
    write_headers(tmp_path, job.module)
    printed = run(tmp_path, program(job), standard)
    assert printed == by_the_engine(job)
    assert len(printed.splitlines()) >= 6
