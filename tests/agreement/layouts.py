"""Sizes, alignments and offsets of all types of a module, as each language sees them.

Everyone makes the same lines, ``Name size align offset offset …``. A context's line is
about its fixed fields, its size is where they end; so it is with a record of which only a
prefix is known, but in C, which may have no name for the last field. C's lines leave out
what is anonymous there, and go through it.
"""

from __future__ import annotations

import ctypes
from importlib import import_module
from typing import TYPE_CHECKING, Any

from vmgen.analysis.called import name_in
from vmgen.languages.c.models import CModels
from vmgen.languages.c.words import WORDS as C_WORDS
from vmgen.languages.python import names
from vmgen.languages.rust.words import WORDS as RUST_WORDS
from vmgen.layout.inside import members
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from vmgen.languages.job import Job
    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.parts import Part

HOST = "x86_64-unknown-linux-gnu"


def laid_out(job: Job, language: str = "") -> Iterator[tuple[m.Declaration, list[str]]]:
    """Every type that has bytes, with the names of its parts, as a language has them."""
    job = job.called(language)
    host = job.layouts.class_of(HOST)
    for declared in job.module.own_types.values():
        parts: list[str] = []
        match declared:
            case m.Opaque() | m.Context(fields=()):
                continue
            case m.Struct() | m.Union() if language == "c":
                if not _is_anonymous(declared):
                    yield declared, [
                        part.name for part in _measured(declared, job, host)
                    ]
                continue
            case m.Struct(fields=fields) | m.Union(fields=fields):
                # Neither C nor Rust says where a bit-field is.
                parts = [f.name for f in fields if not f.bits]
            case m.Context(fields=fields):
                parts = [f.name for f in fields]
                if language == "c":
                    here = job.layouts.parts(declared.name)
                    parts = [p.name for p in here if host.index not in p.absent]
            case m.Functions(slots=slots):
                parts = [s.name for s in slots]
            case m.TaggedEnum():
                parts = ["tag", "payload"]
        yield declared, parts[: len(job.layouts.record(declared.name, host).offsets)]


def by_the_engine(
    job: Job, *, hidden: bool = True, target: str = HOST, in_c: bool = False
) -> list[str]:
    """The lines of `vmgen.layout`. In Rust some parts are hidden; C has only those that
    are there on the target."""
    layout_class = job.layouts.class_of(target)
    lines = []
    for declared, _ in laid_out(job):
        record = job.layouts.record(declared.name, layout_class)
        each = zip(
            record.offsets, record.bits or [None] * len(record.offsets), strict=True
        )
        # Neither C nor Rust says where a bit-field is.
        offsets = [at for at, bits in each if bits is None]
        if hidden and _is_hidden(declared):
            offsets = []
        size = record.size
        if in_c and isinstance(declared, (m.Struct, m.Union)):
            if _is_anonymous(declared):
                continue
            named = _measured(declared, job, layout_class)
            offsets = [part.offsets[layout_class.index] for part in named]
            size = -(-size // record.align) * record.align
        elif in_c and isinstance(declared, m.Context):
            parts = job.layouts.parts(declared.name)
            pairs = zip(record.offsets, parts, strict=True)
            offsets = [at for at, p in pairs if layout_class.index not in p.absent]
        numbers = [size, record.align, *offsets]
        lines.append(" ".join(map(str, [declared.name, *numbers])))
    return lines


def shown(job: Job, language: str) -> Iterator[tuple[str, m.Declaration, list[str]]]:
    """What a language's lines are about: the schema's name for a type, and how the language
    has it and its parts."""
    names_of = {name_in(d, language): name for name, d in job.module.types.items()}
    for declared, parts in laid_out(job, language):
        yield names_of[declared.name], declared, parts


def _measured(declared: m.Declaration, job: Job, host: LayoutClass) -> Iterator[Part]:
    """What C says the offsets of in a layout class: what has a name and is there, but for
    bit-fields."""
    for part in members(declared.name, job.layouts):
        if not part.bits and host.index not in part.absent:
            yield part


def _is_anonymous(declared: m.Declaration) -> bool:
    """Whether C has no name for a type."""
    return declared.in_place is not None and declared.in_place.anonymous


def _is_open(declared: m.Declaration) -> bool:
    """Whether a record goes on behind its fields."""
    return isinstance(declared, m.Context) or m.is_prefix(declared)


def _is_hidden(declared: m.Declaration) -> bool:
    """Whether Rust has what is in a type to itself."""
    accessed = isinstance(declared, m.Union) and declared.accessors
    return accessed or isinstance(declared, m.TaggedEnum)


def c_source(job: Job) -> str:
    """A function ``print_<module>``, through the generated header."""
    lines = ["#include <stdio.h>", f'#include "{job.module.name}.h"']
    body = []
    spelled = CModels(job.called("c")).names.type
    for name_here, declared, parts in shown(job, "c"):
        probe, name = f"probe_{declared.name}", spelled(declared.name)
        align = f"_Alignof({name})"
        if not (isinstance(declared, m.Context) and declared.flexible):
            # A typedef has its type's alignment, and what is declared by it another.
            lines.append(f"struct {probe} {{ char before; {name} it; }};")
            align = f"offsetof(struct {probe}, it)"
        spellings = [C_WORDS.spelled(part) for part in parts]
        offsets = [f"offsetof({name}, {member})" for member in spellings]
        size = f"sizeof({name})"
        if isinstance(declared, m.Context):
            size = f"{offsets[-1]} + sizeof((({name} *)0)->{spellings[-1]})"
        numbers = [size, align, *offsets]
        body += [f'    printf("{name_here}");']
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
    for name_here, declared, parts in shown(job, "rust"):
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
        if _is_open(declared):
            size = f"end_of(|c: &{path}| &c.{names_of[-1]})"
        offsets = [f"offset_of!({path}, {name})" for name in names_of]
        body.append(f'    println!("{name_here}{{}}", row(&[')
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
    is no class of ctypes, and the alignment of what goes on behind its fields.
    """
    host = job.layouts.class_of(HOST)
    lines = []
    for name_here, declared, parts in shown(job, "python"):
        record = job.layouts.record(name_here, host)
        cls: Any = getattr(module, declared.name)
        if isinstance(declared, m.PlainEnum):
            lines.append(f"{name_here} {record.size} {record.align}")
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
            if _is_open(declared):
                last = getattr(probe, names.attribute(parts[-1], taken))
                size = last.offset + last.size
        if _is_open(declared):
            align = record.align
        lines.append(" ".join(map(str, [name_here, size, align, *offsets])))
    return lines


def by_python(job: Job, module: ModuleType, target: str) -> list[str]:
    """The lines of a generated module's table for a target."""
    runtime = import_module("vmgen_runtime")
    lines = []
    for name_here, declared, parts in shown(job, "python"):
        cls: Any = getattr(module, declared.name)
        if m.is_prefix(declared):
            # Python has none of all of it.
            record = job.layouts.record(name_here, job.layouts.class_of(target))
            numbers = [record.size, record.align]
        else:
            numbers = [runtime.size_of(cls, target), runtime.align_of(cls, target)]
        taken = names.CONTEXT if isinstance(declared, m.Context) else names.RECORD
        for part in parts:
            attribute = names.attribute(part, taken)
            numbers.append(runtime.offset_of(cls, attribute, target))
        lines.append(" ".join(map(str, [name_here, *numbers])))
    return lines
