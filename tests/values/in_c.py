"""Reads and writes of trees in C, through the generated headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.values.tree import Case, Group, Node, Word, is_wide, scalar
from vmgen.analysis.called import keyword_of
from vmgen.languages.c.words import WORDS as C_WORDS
from vmgen.schema.types import Atomic, FnPointer, Int, NonZero, Primitive
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.schema import model as m

HEAD = """\
#include <stddef.h>
#include <stdint.h>

void put(volatile void *place, size_t size, uint64_t value);
void put(volatile void *place, size_t size, uint64_t value)
{
    volatile unsigned char *to = place;
    const unsigned char *from = (const unsigned char *)&value;
    for (size_t i = 0; i < size; i++) to[i] = from[i];
}

uint64_t get(const volatile void *place, size_t size);
uint64_t get(const volatile void *place, size_t size)
{
    uint64_t value = 0;
    const volatile unsigned char *from = place;
    unsigned char *to = (unsigned char *)&value;
    for (size_t i = 0; i < size; i++) to[i] = from[i];
    return value;
}
"""
TAIL = """
void write_{module}(uint32_t which, void *at, const uint64_t *v);
void write_{module}(uint32_t which, void *at, const uint64_t *v)
{{
    (void)at, (void)v;
    switch (which) {{
{writes}
    default: break;
    }}
}}

void read_{module}(uint32_t which, void *at, uint64_t *v);
void read_{module}(uint32_t which, void *at, uint64_t *v)
{{
    (void)at, (void)v;
    switch (which) {{
{reads}
    default: break;
    }}
}}
"""
CASE = "    case {number}: {verb}_{module}_{number}(({name} *)at, v); break;"


def source(*modules: tuple[m.Module, Sequence[Case]]) -> str:
    """A program's source: ``write_<module>`` and ``read_<module>``, by a case's number.

    Both are given a record and two 64-bit halves for each word. A module has the names
    that it has in C.
    """
    return HEAD + "".join(_functions(module, cases) for module, cases in modules)


def _functions(module: m.Module, cases: Sequence[Case]) -> str:
    functions = [f'#include "{module.name}.h"']
    spelled = [
        f"{keyword_of(module.types[case.name])} {case.name}".lstrip() for case in cases
    ]
    for number, case in enumerate(cases):
        place = "(*r)"
        for verb, lines, const in (
            ("write", _writes(case.tree, place, module), "const "),
            ("read", _reads(case.tree, place, module), ""),
        ):
            body = "\n".join(f"    {line}" for line in lines)
            functions.append(
                f"/* {case.name}, case {case.number} */\n"
                f"static void {verb}_{module.name}_{number}"
                f"({spelled[number]} *r, {const}uint64_t *v)\n"
                f"{{\n{body}\n    (void)v;\n}}"
            )
    calls = {
        f"{verb}s": "\n".join(
            CASE.format(module=module.name, number=number, verb=verb, name=name)
            for number, name in enumerate(spelled)
        )
        for verb in ("write", "read")
    }
    functions.append(TAIL.format(module=module.name, **calls))
    return "\n\n".join(functions)


def _places(node: Node, place: str, module: m.Module) -> Iterator[tuple[Word, str]]:
    """The words of a tree, each with the C expression that names it."""
    if isinstance(node, Word):
        yield node, place
        return
    for part in node.parts:
        inside = place if part.anonymous else _inside(node, place, part.name)
        yield from _places(part.node, inside, module)


def _inside(group: Group, place: str, name: str | int) -> str:
    match group.kind:
        case "array":
            return f"{place}[{name}]"
        case "struct" | "context" | "functions" | "union":
            return f"{place}.{C_WORDS.spelled(str(name))}"
        case "tagged" if name != "tag":
            return f"{place}.payload.{C_WORDS.spelled(snake_case(str(name)))}"
        case "tagged":
            return f"{place}.tag"
        case "foreign":
            return f"{place}.bytes"
        case _:
            return place


def _writes(node: Node, place: str, module: m.Module) -> Iterator[str]:
    for word, at in _places(node, place, module):
        yield _write(word, at, f"v[{2 * word.slot}]", f"v[{2 * word.slot + 1}]", module)


def _reads(node: Node, place: str, module: m.Module) -> Iterator[str]:
    for word, at in _places(node, place, module):
        yield _read(word, at, f"v[{2 * word.slot}]", f"v[{2 * word.slot + 1}]", module)


def _write(word: Word, at: str, low: str, high: str, module: m.Module) -> str:
    type = scalar(word.type, dict(module.types))
    if is_wide(type):
        if word.little:
            return f"vm_le64_store(&{at}, {low}); vm_le64_store((char *)&{at} + 8, {high});"
        return f"{at}.low = {low}; {at}.high = {high};"
    if word.little and word.size > 1:
        bits = 8 * word.size
        return f"vm_le{bits}_store(&{at}, (uint{bits}_t){low});"
    match type:
        case Int(name) | NonZero(inner=name) | Atomic(inner=name):
            return f"{at} = {'!!' if name == 'bool' else _cast(name)}{low};"
        case Primitive("bool"):
            return f"{at} = {low} != 0;"
        case Primitive("char"):
            return f"{at} = (uint32_t){low};"
        case Primitive() | FnPointer():
            return f"put(&{at}, sizeof {at}, {low});"
        case _:
            return f"{at} = (void *)(uintptr_t){low};"


def _read(word: Word, at: str, low: str, high: str, module: m.Module) -> str:
    type = scalar(word.type, dict(module.types))
    if is_wide(type):
        if word.little:
            return f"{low} = vm_le64_load(&{at}); {high} = vm_le64_load((char *)&{at} + 8);"
        return f"{low} = {at}.low; {high} = (uint64_t){at}.high;"
    if word.little and word.size > 1:
        return f"{low} = vm_le{8 * word.size}_load(&{at});"
    match type:
        case Int(name) | NonZero(inner=name) | Atomic(inner=name) if name != "bool":
            read = f"(uint{8 * word.size}_t){at}"
            return f"{low} = {read} & (UINT64_MAX >> {64 - word.width});"
        case Atomic() | Primitive("bool" | "char"):
            return f"{low} = {at};"
        case Primitive() | FnPointer():
            return f"{low} = get(&{at}, sizeof {at});"
        case _:
            return f"{low} = (uintptr_t){at};"


def _cast(name: str) -> str:
    word = {"usize": "uintptr_t", "isize": "intptr_t"}.get(name)
    if word is None:
        word = f"{'u' * name.startswith('u')}int{name[1:]}_t"
    return f"({word})"
