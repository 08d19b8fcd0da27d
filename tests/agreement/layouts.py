"""Sizes, alignments and offsets of all types of a module, as each language sees them.

Everyone makes the same lines, ``Name size align offset offset …``. A context's line is
about its fixed fields, its size is where they end.
"""

from __future__ import annotations

import ctypes
from importlib import import_module
from typing import TYPE_CHECKING, Any

from vmgen.languages.c.models import CModels
from vmgen.languages.c.words import WORDS as C_WORDS
from vmgen.languages.python import names
from vmgen.languages.rust.words import WORDS as RUST_WORDS
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from vmgen.languages.job import Job
    from vmgen.layout.classes import LayoutClass

HOST = "x86_64-unknown-linux-gnu"


def there(
    job: Job, name: str, host: LayoutClass, *, bit_fields: bool = True
) -> list[bool]:
    """Which parts of a type are there in a layout class, in C."""
    parts = job.layouts.parts(name)
    return [host.index not in p.absent for p in parts if bit_fields or not p.bits]


def laid_out(job: Job, language: str = "") -> Iterator[tuple[m.Declaration, list[str]]]:
    """Every type that has bytes, with the names of its parts, as a language has them."""
    job = job.called(language)
    host = job.layouts.class_of(HOST)
    for declared in job.module.types.values():
        parts: list[str] = []
        match declared:
            case m.Opaque() | m.Context(fields=()):
                continue
            case m.Struct(fields=fields) | m.Union(fields=fields):
                # Neither C nor Rust says where a bit-field is.
                parts = [f.name for f in fields if not f.bits]
            case m.Context(fields=fields):
                parts = [f.name for f in fields]
            case m.Functions(slots=slots):
                parts = [s.name for s in slots]
            case m.TaggedEnum():
                parts = ["tag", "payload"]
        yield declared, parts[: len(job.layouts.record(declared.name, host).offsets)]


def by_the_engine(
    job: Job, *, hidden: bool = True, target: str = HOST, all_parts: bool = True
) -> list[str]:
    """The lines of `vmgen.layout`. In Rust some parts are hidden; C has only those that
    are there on the target."""
    layout_class = job.layouts.class_of(target)
    lines = []
    for declared, _ in laid_out(job):
        record = job.layouts.record(declared.name, layout_class)
        private = hidden and _is_hidden(declared)
        here = [True] * len(record.offsets)
        if not all_parts:
            here = there(job, declared.name, layout_class)
        # Neither C nor Rust says where a bit-field is.
        places = record.bits or [None] * len(record.offsets)
        each = zip(record.offsets, here, places, strict=True)
        offsets = [at for at, is_there, bits in each if is_there and bits is None]
        numbers = [record.size, record.align, *([] if private else offsets)]
        lines.append(" ".join(map(str, [declared.name, *numbers])))
    return lines


def _is_hidden(declared: m.Declaration) -> bool:
    """Whether Rust has what is in a type to itself."""
    accessed = isinstance(declared, m.Union) and declared.accessors
    return accessed or isinstance(declared, m.TaggedEnum)


def c_source(job: Job) -> str:
    """A function ``print_<module>``, through the generated header."""
    lines = ["#include <stdio.h>", f'#include "{job.module.name}.h"']
    body = []
    spelled = CModels(job.called("c")).names.type
    for (shown, _), (declared, parts) in zip(
        laid_out(job), laid_out(job, "c"), strict=True
    ):
        probe, name = f"probe_{declared.name}", spelled(declared.name)
        lines.append(f"struct {probe} {{ char before; {name} it; }};")
        host = job.layouts.class_of(HOST)
        here = there(job, shown.name, host, bit_fields=False)
        parts = [part for part, is_there in zip(parts, here, strict=False) if is_there]
        members = [C_WORDS.spelled(part) for part in parts]
        offsets = [f"offsetof({name}, {member})" for member in members]
        size = f"sizeof({name})"
        if isinstance(declared, m.Context):
            size = f"{offsets[-1]} + sizeof((({name} *)0)->{members[-1]})"
        numbers = [size, f"offsetof(struct {probe}, it)", *offsets]
        body += [f'    printf("{shown.name}");']
        body += [f'    printf(" %lu", (unsigned long)({n}));' for n in numbers]
        body += ['    printf("\\n");']
    function = f"void print_{job.module.name}(void)"
    return "\n".join([*lines, f"{function};", function, "{", *body, "}", ""])


def c_main(*modules: str) -> str:
    """A program's `main` that prints modules, one after the other."""
    calls = "\n".join(f"    print_{name}();" for name in modules)
    return f"int main(void)\n{{\n{calls}\n    return 0;\n}}\n"


def rust_source(job: Job) -> str:
    """A function ``print_<module>``, through the generated crate `bindings`."""
    module = job.module.name
    body = []
    for (shown, _), (declared, parts) in zip(
        laid_out(job), laid_out(job, "rust"), strict=True
    ):
        # Whatever a record is generic over stands behind pointers.
        given = ["u8"] * len(getattr(declared, "params", ()))
        arguments = f"<{', '.join(given)}>" if given else ""
        path = f"bindings::{module}::{declared.name}{arguments}"
        names_of = [RUST_WORDS.spelled(part) for part in parts]
        size = f"size_of::<{path}>()"
        align = f"align_of::<{path}>()"
        if _is_hidden(declared):
            names_of = []
        if isinstance(declared, m.Context):
            path = f"{path}Fixed"
            size = f"end_of(|c: &{path}| &c.{names_of[-1]})"
        offsets = [f"offset_of!({path}, {name})" for name in names_of]
        body.append(f'    println!("{shown.name}{{}}", row(&[')
        body += [f"        {number}," for number in (size, align, *offsets)]
        body.append("    ]));")
    return "\n".join([f"fn print_{module}() {{", *body, "}", ""])


RUST_HEAD = """\
#![allow(dead_code)]
#[allow(unused_imports)]
use core::mem::{offset_of, MaybeUninit};

fn row(numbers: &[usize]) -> String {
    numbers.iter().map(|n| format!(" {n}")).collect()
}

/// Where the last field of a context's fixed part ends.
fn end_of<C, F>(field: impl Fn(&C) -> &F) -> usize {
    let context = MaybeUninit::<C>::zeroed();
    // Only addresses are looked at.
    let at = field(unsafe { context.assume_init_ref() }) as *const F as usize;
    at - context.as_ptr() as usize + size_of::<F>()
}

"""


def rust_program(*jobs: Job) -> str:
    """A program that prints modules, one after the other."""
    calls = "\n".join(f"    print_{job.module.name}();" for job in jobs)
    functions = "\n".join(map(rust_source, jobs))
    return f"{RUST_HEAD}{functions}\nfn main() {{\n{calls}\n}}\n"


def by_ctypes(job: Job, module: ModuleType) -> list[str]:
    """The lines of ctypes itself: of classes with the generated ones' fields.

    Where ctypes can't be asked, the engine's number stands: that is a plain enum, which
    is no class of ctypes, and the alignment of a context.
    """
    host = job.layouts.class_of(HOST)
    lines = []
    for (shown, _), (declared, parts) in zip(
        laid_out(job), laid_out(job, "python"), strict=True
    ):
        record = job.layouts.record(shown.name, host)
        cls: Any = getattr(module, declared.name)
        if isinstance(declared, m.PlainEnum):
            lines.append(f"{shown.name} {record.size} {record.align}")
            continue
        taken = names.RECORD
        if isinstance(declared, m.Context):
            cls, taken = cls._vm.fixed.cls, names.CONTEXT
        size, align = ctypes.sizeof(cls), ctypes.alignment(cls)
        offsets: list[int] = []
        if fields := getattr(cls, "_fields_", ()):
            base = ctypes.Union if issubclass(cls, ctypes.Union) else ctypes.Structure
            packed = getattr(cls, "_pack_", 0)
            stated = {"_pack_": packed, "_layout_": "ms"} if packed else {}
            probe: Any = type("Probe", (base,), {**stated, "_fields_": fields})
            offsets = [
                getattr(probe, names.attribute(part, taken)).offset for part in parts
            ]
            if isinstance(declared, m.Context):
                last = getattr(probe, names.attribute(parts[-1], taken))
                size = last.offset + last.size
        if isinstance(declared, m.Context):
            align = record.align
        lines.append(" ".join(map(str, [shown.name, size, align, *offsets])))
    return lines


def by_python(job: Job, module: ModuleType, target: str) -> list[str]:
    """The lines of a generated module's table for a target."""
    runtime = import_module("vmgen_runtime")
    lines = []
    for (shown, _), (declared, parts) in zip(
        laid_out(job), laid_out(job, "python"), strict=True
    ):
        cls: Any = getattr(module, declared.name)
        numbers = [runtime.size_of(cls, target), runtime.align_of(cls, target)]
        taken = names.CONTEXT if isinstance(declared, m.Context) else names.RECORD
        for part in parts:
            attribute = names.attribute(part, taken)
            numbers.append(runtime.offset_of(cls, attribute, target))
        lines.append(" ".join(map(str, [shown.name, *numbers])))
    return lines
