"""Rust that names every value of a module's records twice: as the host has it, and by its
handle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.not_vm_safe import not_vm_safe
from vmgen.analysis.vmsafe import is_vm_safe
from vmgen.languages.rust.cranelift import METHODS
from vmgen.languages.rust.names import free, spelled
from vmgen.languages.rust.spelling import Spelling
from vmgen.layout.accesses import Accesses
from vmgen.schema import model as m
from vmgen.targets.find import TARGETS
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.analysis.values import Value
    from vmgen.layout.accesses import Access
    from vmgen.layout.layouts import Layouts

HOST = "x86_64-unknown-linux-gnu"
FEW = 3
"""Elements that are looked at of an array in a record."""


def cases(layouts: Layouts) -> str:
    """A file for a module inside that of the types, whose `run` goes through all values."""
    return _Cases(layouts).text()


class _Cases:
    def __init__(self, layouts: Layouts) -> None:
        self.module = layouts.module
        self.accesses = Accesses(layouts)
        self.unsafe = not_vm_safe(layouts.module)

    def text(self) -> str:
        name = self.module.name
        records = [d for d in self.module.own_types.values() if self._has_values(d)]
        functions = "".join(map(self._function, records))
        calls = "".join([f"    {snake_case(d.name)}_(test, all);\n" for d in records])
        return (
            "#![allow(unused_unsafe, unused_variables)]\n"
            "use super::*;\n"
            f"use crate::bindings::{name}_cranelift::Handles;\n"
            f"#[allow(unused_imports)]\nuse crate::bindings::{name}_offsets as offsets;\n"
            "use crate::program::values::{raw, Test};\n"
            "\n"
            "pub fn run(test: &mut Test) {\n"
            "    let all = Handles::of_isa(test.isa()).unwrap();\n"
            f"{calls}}}\n{functions}"
        )

    def _has_values(self, declared: m.Declaration) -> bool:
        return bool(self.accesses.of_record(declared.name))

    def _function(self, declared: m.Declaration) -> str:
        name = declared.name
        handles = f"all.{free(spelled(snake_case(name)), HANDLES)}()"
        head = f"\nfn {snake_case(name)}_(test: &mut Test, all: Handles) {{\n"
        if isinstance(declared, m.Context):
            return head + self._context(declared, handles) + "}\n"
        rust = self._rust(declared)
        lines = "".join(self._values(name, name, f"(*it.cast::<{rust}>())", handles))
        if is_rust_enum(declared):
            head = self._parts(declared) + head
        return (
            f"{head}    let (size, align) = (size_of::<{rust}>(), align_of::<{rust}>());\n"
            f"    test.record(size, align, |test, it, size| {{\n{lines}    }});\n}}\n"
        )

    def _rust(self, declared: m.Declaration) -> str:
        if isinstance(declared, m.Struct) and declared.params:
            return f"{declared.name}<{', '.join(['()'] * len(declared.params))}>"
        if isinstance(declared, m.Context):
            return f"{declared.name}Fixed"
        return f"{declared.name}Parts_" if is_rust_enum(declared) else declared.name

    def _carried(self, declared: m.Declaration, name: str) -> str:
        """The type that a variant has behind its tag, as the host's module spells it."""
        assert isinstance(declared, m.TaggedEnum)
        text = next(v.text for v in declared.variants if v.name == name)
        assert text is not None
        return Spelling(self.module, own_runtime=False).type(text.type)

    def _parts(self, declared: m.Declaration) -> str:
        """An enum of Rust's as RFC 2195 says that it is laid out."""
        assert isinstance(declared, m.TaggedEnum)
        carried = "".join(
            [
                f"    {v.name}: core::mem::ManuallyDrop<{self._carried(declared, v.name)}>,\n"
                for v in declared.variants
                if v.text is not None
            ]
        )
        name, tag = declared.name, declared.tag.name
        return (
            f"\n#[repr(C)]\n#[allow(non_snake_case)]\nunion {name}Payload_ {{\n{carried}}}\n"
            f"#[repr(C)]\nstruct {name}Parts_ {{ tag: {tag}, payload: {name}Payload_ }}\n"
        )

    def _values(self, shown: str, name: str, place: str, handles: str) -> Iterator[str]:
        """The lines about each value of a record at a place of the host's, of which it has
        these handles."""
        taken = set(METHODS)
        for access in self.accesses.of_record(name):
            if access.role == "element" or not self._is_there(name, access):
                continue
            method = spelled(access.name)
            field = f"{place}.{method}"
            if access.role == "variant":
                method = f"payload_{snake_case(access.name)}"
                type = self._carried(self.module.types[name], access.name)
                field = f"(*(&raw mut {place}.payload).cast::<{type}>())"
            method = free(method, taken)
            taken.add(method)
            handle = f"{handles}.{method}()"
            yield from self._value(f"{shown}.{access.name}", access, field, handle)

    def _is_there(self, record: str, access: Access) -> bool:
        """Whether a part is there on this machine."""
        declared = self.module.types[record]
        if not isinstance(declared, m.Struct | m.Union | m.Context):
            return True
        model = TARGETS[HOST].model
        fields = (f for f in declared.fields if f.name == access.name and f.on)
        return all(field.on.holds(HOST, model) for field in fields if field.on)

    def _is_loaded(self, value: Value) -> bool:
        """Whether its width is the same on all targets, or that of pointers."""
        if value.scalar is None or value.scalar.of_c is None:
            return True
        widths = self.accesses.widths(value.scalar)
        pointers = [c.model.pointer for c in self.accesses.layouts.classes]
        return len(set(widths)) == 1 or [*widths] == pointers

    def _value(
        self, shown: str, access: Access, field: str, handle: str
    ) -> Iterator[str]:
        value = access.value
        if value is None or access.volatile or not self._is_loaded(value):
            return
        count = value.count if value.array else 1
        for index in sorted({0, count // 2, count - 1}) if count else ():
            at = f"{handle}.at({index}).unwrap()" if value.array else handle
            name = f"{shown}[{index}]" if value.array else shown
            if value.record:
                if not self.accesses.of_record(value.record):
                    return
                rust = self._rust(self.module.types[value.record])
                inner = f"raw(&raw mut {field}, {count}, {index}).0.cast::<{rust}>()"
                yield from self._values(name, value.record, f"(*{inner})", at)
            else:
                place = f"raw(&raw mut {field}, {count}, {index})"
                yield _value(name, place, at)

    def _context(self, declared: m.Context, handles: str) -> str:
        name = declared.name
        counts = "".join(
            [
                f"            {spelled(c.name)}: test.number() % "
                + ("2 == 1,\n" if c.flag else "4,\n")
                for c in declared.counts
            ]
        )
        fixed = f"(*it.cast::<{self._rust(declared)}>())"
        lines = (
            "".join(self._values(name, name, fixed, handles)) if declared.fields else ""
        )
        regions = "".join(
            self._region(name, access)
            for access in self.accesses.of_record(name)
            if access.role == "element"
        )
        return (
            "    for _ in 0..4 {\n"
            f"        let counts = offsets::{name}Counts {{\n{counts}        }};\n"
            "        let model = offsets::DataModel::HOST.unwrap();\n"
            f"        let live = offsets::{name}Offsets::new(model, counts).unwrap();\n"
            f"        let regions = {handles}.with_counts(counts).unwrap();\n"
            f"        let align = offsets::{self._table(name)}.record_align.of(model) as usize;\n"
            "        test.record(live.size() as usize, align, |test, it, size| {\n"
            f"            let base = core::ptr::NonNull::new(it.cast::<{name}>()).unwrap();\n"
            f"            let host = unsafe {{ {name}Access::new(base, &live) }};\n"
            f"{lines}{regions}"
            "            let _ = (host, regions);\n"
            "        });\n    }\n"
        )

    def _table(self, name: str) -> str:
        return f"{snake_case(name).upper()}_FIXED"

    def _region(self, name: str, access: Access) -> str:
        declared = self.module.types[name]
        assert isinstance(declared, m.Context)
        region = next(r for r in declared.regions if r.name == access.name)
        if not is_vm_safe(region.element, self.module, self.unsafe):
            # There is no typed pointer to it.
            return ""
        method = spelled(region.name)
        shown = f"{name}.{region.name}"
        if region.count is None:
            lines = "".join(self._element(shown, access, "here", "part", 1, 0))
            body = f"let (here, part) = (host, handle);\n{lines}"
        else:
            index = self._index(declared, str(region.count))
            lines = "".join(self._element(f"{shown}[]", access, "here", "part", 1, 0))
            # What nobody here looks into is one place, and has no elements.
            body = (
                "let _ = (host, handle);"
                if not lines
                else (
                    "for index in 0..host.count() {\n"
                    "let here = host.at(index);\n"
                    f"let part = handle.at({index}).unwrap();\n{lines}}}\n"
                )
            )
        if region.when is not None:
            return (
                f"if let (Some(host), Some(handle)) = (host.{method}(), regions.{method}()) "
                f"{{ {body} }}\n"
            )
        return f"{{ let (host, handle) = (host.{method}(), regions.{method}());\n{body} }}\n"

    def _element(
        self, shown: str, access: Access, host: str, handle: str, count: int, index: int
    ) -> Iterator[str]:
        value = access.value
        if value is None:
            return
        place = f"(*{host}.as_ptr())"
        yield from self._value(shown, access, place, handle)

    def _index(self, declared: m.Context, count: str) -> str:
        for each in declared.counts:
            if each.name == count and each.index is not None:
                name = self.module.name
                return f"crate::bindings::{name}_cranelift::{each.index.text}(index)"
        return "index"


def _value(name: str, place: str, handle: str) -> str:
    return (
        f'        test.value("{name}", (it, size), unsafe {{ {place} }}, &{handle});\n'
    )


def is_rust_enum(declared: m.Declaration) -> bool:
    """Whether it is an enum of Rust's own, which has a payload."""
    return (
        isinstance(declared, m.TaggedEnum)
        and bool(declared.trusted)
        and any(v.text for v in declared.variants)
    )


HANDLES = frozenset({"new", "of_isa", "model", "pointer_type"})
