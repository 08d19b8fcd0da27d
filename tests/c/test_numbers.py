"""Every number in a header is held against the compiler's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import THIRTY_TWO_BITS, check, job_of, write_headers
from tests.c.numbers import judged
from tests.c.schemas import SCHEMAS, module
from tests.support import Ran, module_of
from vmgen.languages.c.models import CModels

if TYPE_CHECKING:
    from pathlib import Path

    from tests.c.numbers import Number
    from vmgen.languages.job import Job

SAID = re.compile(r'static assertion failed: "([^"]+) differs from ([^;"]+);')


def raised(header: str, numbers: list[Number]) -> str:
    """The header with one added to each of those numbers."""
    for start, end, _ in reversed(numbers):
        header = f"{header[:start]}{int(header[start:end]) + 1}{header[end:]}"
    return header


def not_compiled(job: Job, host: int) -> set[str]:
    """What would be said of rows whose conditions aren't met in a layout class."""
    found = set()
    for record in job.records:
        here = [part.name for part in record.parts if host not in part.absent]
        for part in record.parts:
            if host in part.absent:
                found.add(f"{record.name}.{part.name}: offset")
                found.add(f"{record.name}.{part.name}: offset or size")
            if not here or part.name != here[-1]:
                found.add(f"{record.name}.{part.name}: end")
    return found


def said_of(folder: Path, name: str, flags: tuple[str, ...]) -> list[str]:
    said = check(folder, f'#include "{name}.h"\n', "c11", *flags, "-fmax-errors=0")
    assert said.code != 0
    return [what for what, _ in SAID.findall(said.err)]


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("bits", [64, 32])
def test_every_wrong_number_is_reported_by_its_own_message(
    tmp_path: Path, name: str, bits: int
) -> None:
    text = write_headers(tmp_path, module(name))[f"{name}.h"]
    job = job_of(module(name))
    target = f"{'x86_64' if bits == 64 else 'i686'}-unknown-linux-gnu"
    host = job.layouts.class_of(target).index
    models = CModels(job).all
    model = next(m.index for m in models if host in m.classes)
    numbers = judged(text, model, len(models))
    # One more of an element and of a stride would agree.
    rows = [n for n in numbers if text[n.start - 1] != "["]
    unseen = not_compiled(job, host)
    rows = [n for n in rows if n.says not in unseen]
    (tmp_path / f"{name}.h").write_text(raised(text, rows), encoding="utf-8")
    said = said_of(tmp_path, name, THIRTY_TWO_BITS if bits == 32 else ())
    assert sorted(set(said)) == sorted({number.says for number in rows})
    assert len(said) > 30


def test_every_wrong_number_of_a_context_is_reported(tmp_path: Path) -> None:
    text = write_headers(tmp_path, module("small"))["small.h"]
    rows = [n for n in judged(text, 0, 3) if n.says.startswith("Context")]
    (tmp_path / "small.h").write_text(raised(text, rows), encoding="utf-8")
    assert said_of(tmp_path, "small", ()) == [
        "Context: alignment",
        "Context.magic: offset",
        "Context.store: offset",
        "Context.store: end",
        "Context.memories: size of an element",
        "Context.bytes: size of an element",
        "Context.globals: size of an element",
        "Context.globals: alignment of an element",
        "Context.unaligned: size of an element",
        "Context.tags: size of an element",
        "Context.start: size of an element",
    ]


def test_one_wrong_number_is_one_error_that_says_what_to_do(tmp_path: Path) -> None:
    text = write_headers(tmp_path, module("small"))["small.h"]
    right = "VMGEN_OFFSETS(Store, hidden, 104, 76, 76);"
    assert right in text
    wrong = text.replace(right, right.replace("104", "8"))
    (tmp_path / "small.h").write_text(wrong, encoding="utf-8")
    said = check(tmp_path, '#include "small.h"\n', "c11")
    assert re.findall(r"error: .*", said.err) == [
        'error: static assertion failed: "Store.hidden: offset differs from '
        "tests/golden/small.vm.yaml; vmgen build tests/golden/small.vm.yaml "
        'makes it anew"'
    ]


def test_a_target_of_no_model_is_one_error_that_names_it(tmp_path: Path) -> None:
    schema = """
        vmgen: 1
        module: narrow
        targets: [x86_64-unknown-linux-gnu]
        types:
          Pair: {kind: struct, fields: {first: u64, second: VmPtr<u8>}}
          Whole:
            kind: context
            counts: [n]
            fields: {first: VmPtr<u8>}
            regions: {pairs: "[Pair; n]"}
    """
    write_headers(tmp_path, module_of(tmp_path, schema))
    said = check(tmp_path, '#include "narrow.h"\n', "c11", *THIRTY_TWO_BITS)
    assert re.findall(r"error: .*", said.err) == [
        'error: static assertion failed: "this target (x86, Linux, pointers of 4 bytes) '
        "is laid out like no target of sample.vm.yaml; add it to `targets` or "
        '`data_models` there, then run: vmgen build sample.vm.yaml"'
    ]


ALIGNED_DOUBLES = (*THIRTY_TWO_BITS, "-malign-double")
"""Makes gcc align u64 on i386 as Windows does."""


@pytest.mark.parametrize(
    ("targets", "flags", "errors"),
    [
        ("i686-unknown-linux-gnu", THIRTY_TWO_BITS, 0),
        ("i686-unknown-linux-gnu", ALIGNED_DOUBLES, 1),
        ("i686-pc-windows-msvc", THIRTY_TWO_BITS, 1),
        ("i686-pc-windows-msvc", ALIGNED_DOUBLES, 0),
        ("i686-pc-windows-msvc, i686-unknown-linux-gnu", THIRTY_TWO_BITS, 0),
        ("i686-pc-windows-msvc, i686-unknown-linux-gnu", ALIGNED_DOUBLES, 0),
        ("i686-pc-windows-msvc, i686-unknown-linux-gnu", (), 1),
    ],
)
def test_what_the_compiler_does_decides_and_not_its_name(
    tmp_path: Path, targets: str, flags: tuple[str, ...], errors: int
) -> None:
    schema = f"""
        vmgen: 1
        module: narrow
        targets: [{targets}]
        types:
          Pair: {{kind: struct, fields: {{first: u8, second: u64, third: VmPtr<u8>}}}}
    """
    write_headers(tmp_path, module_of(tmp_path, schema))
    said = check(tmp_path, '#include "narrow.h"\n', "c11", *flags)
    assert len(re.findall(r"error: ", said.err)) == errors


@pytest.mark.parametrize("flags", [(), THIRTY_TWO_BITS, ALIGNED_DOUBLES])
def test_a_model_may_be_found_at_two_pointer_widths(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    schema = """
        types:
          Pair: {kind: struct, fields: {first: u8, second: u64}}
    """
    text = write_headers(tmp_path, module_of(tmp_path, schema))["sample.h"]
    assert "VMGEN_OFFSETS(Pair, second, 8, 4, 1, 2);" in text
    assert check(tmp_path, '#include "sample.h"\n', "c11", *flags) == Ran(0, "", "")


def test_a_data_model_of_ones_own_is_measured(tmp_path: Path) -> None:
    schema = """
        vmgen: 1
        module: own
        data_models: {dsp: {pointer: 32, align: {u64: 8, u128: 4}}}
        targets: [dsp]
        types:
          Pair: {kind: struct, fields: {first: u8, second: u64}}
          Wide: {kind: struct, fields: {first: u8, second: u128}}
    """
    write_headers(tmp_path, module_of(tmp_path, schema))
    own = ('-DVMGEN_ARCH="dsp"', "-DVM_U128_ALIGN=8", "-malign-double")
    said = check(tmp_path, '#include "own.h"\n', "c11", *THIRTY_TWO_BITS, *own)
    assert "this target (dsp, Linux, pointers of 4 bytes) is laid out like" in said.err
