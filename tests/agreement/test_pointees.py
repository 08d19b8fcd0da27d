"""Whatever a pointer may point to has a spelling in every language, or is a finding."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, write_headers
from tests.c.headers import check as check_c
from tests.python.generated import run as run_python
from tests.python.generated import write as write_python
from tests.rust.crates import check as check_rust
from tests.rust.crates import crate
from tests.support import Ran
from vmgen.reading.diagnostics import Report
from vmgen.rules import run_rules
from vmgen.rules.registry import rule_of
from vmgen.schema import load_module

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

POINTEES = (
    *("u8", "i64", "usize", "u128", "bool", "char", "f32", "f64", "f16", "f128"),
    *("()", "c_void", "core::ffi::c_void", "std::ffi::c_void", "libc::c_void"),
    *("std::os::raw::c_void", "c_int", "libc::c_int", "str", "[u8]", "!"),
    *("String", "Vec<u8>", "std::fs::File", "(u8, u16)", "Range<u8>", "Result<u8, u8>"),
    *("PhantomData<u8>", "Rc<u8>", "dyn Any", "impl Fn()", "NonZero<self>"),
    *("NonZero<u16>", "NonZeroU32", "AtomicBool", "AtomicU8", "AtomicU64"),
    *("AtomicUsize", "i8x16", "fn()", 'unsafe extern "C" fn(u8) -> u8', "fn(Vec<u8>)"),
    *(
        "Option<u32>",
        "Option<NonZeroU32>",
        "Option<Record>",
        "Option<Option<VmPtr<u8>>>",
    ),
    *("UnsafeCell<u8>", "[u8; 4]", "[(); 2]", "[c_void; 2]", "[Unknown; 2]", "Unknown"),
    *("Hidden", "Frame", "Record", "Either", "Choice", "Mode", "Handle", "Index"),
    *("Table", "Alien"),
)

WRAPPERS = (
    *("*const {}", "*mut {}", "&{}", "&mut {}", "Box<{}>", "NonNull<{}>", "VmPtr<{}>"),
    *("Option<VmPtr<{}>>", "Option<NonNull<{}>>", "Option<&{}>", "Option<Box<{}>>"),
    *("Option<*mut {}>", "*mut *const {}", "VmPtr<VmPtr<{}>>", "[*mut {}; 2]"),
    *("[VmPtr<{}>; 2]", "VmPtr<[{}; 2]>", "*mut [{}; 2]", "*const [{}]"),
    *("UnsafeCell<*mut {}>", "VmPtr<UnsafeCell<{}>>", "*mut UnsafeCell<{}>"),
    *("*const VmPtr<[{}; 3]>", "VmPtr<Option<VmPtr<{}>>>", "*mut Option<NonNull<{}>>"),
    *("VmPtr<*mut {}>", "*const &{}"),
)

HEAD = """\
vmgen: 1
module: sample
types:
  Hidden: {kind: opaque}
  Record: {kind: struct, fields: {x: u32}}
  Either: {kind: union, fields: {x: u32, y: u8}}
  Choice: {kind: enum, tag: u8, variants: {A: u32, B: null}}
  Mode: {kind: enum, tag: u8, variants: {A: 0, B: 1}}
  Index: {kind: newtype, of: u32}
  Handle: {kind: newtype, of: VmPtr<Record>}
  Table: {kind: functions, functions: {f: "(x: u32)"}}
  Alien: {kind: foreign, size: 4, align: 4}
  Frame: {kind: context, counts: [n], fields: {x: u32}}
"""

CONTAINERS = {
    "Fields": "kind: struct\n    fields:",
    "Members": "kind: union\n    fields:",
    "Fixed": "kind: context\n    counts: [n]\n    fields:",
    "Regions": "kind: context\n    counts: [n]\n    regions:",
    "Payloads": "kind: enum\n    tag: u8\n    variants:",
    "Slots": "kind: functions\n    functions:",
}

Part = tuple[str, str, str]
"""A container's name, a part's name, and the part's type as its container has it."""


def parts() -> list[Part]:
    """Every pointee behind every kind of pointer in every position."""
    made = []
    for i, pointee in enumerate(POINTEES):
        for j, wrapper in enumerate(WRAPPERS):
            type = wrapper.format(pointee)
            made += [
                (f"Fields{i}", f"x{j}", type),
                (f"Members{i}", f"x{j}", type),
                (f"Fixed{i}", f"x{j}", type),
                (f"Regions{i}", f"x{j}", f"[{type}; n]"),
                (f"Payloads{i}", f"X{j}", type),
                (f"Slots{i}", f"given{j}", f"(x: {type})"),
                (f"Slots{i}", f"taken{j}", f"() -> {type}"),
                (f"Newtype{i}_{j}".replace("_", "N"), "", type),
            ]
    return made


def read(
    path: Path, parts: dict[Part, list[str]]
) -> tuple[Module | None, Report, dict[int, Part]]:
    """The module with these parts, each allowed to break these rules; what is found in
    it; and the part that each line has."""
    by_container: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        by_container[part[0]].append(part)
    lines = HEAD.splitlines()
    where = {}
    for container, inside in by_container.items():
        kind = container.rstrip("0123456789")
        if kind in CONTAINERS:
            lines += [f"  {container}:", *f"    {CONTAINERS[kind]}".splitlines()]
        for part in inside:
            _, name, type = part
            key = "signature" if kind == "Slots" else "type"
            start = f"      {name}: {{{key}"
            if not name:
                start = f"  {container}: {{kind: newtype, of"
            allows = ", ".join(f"{rule}: it is a test" for rule in parts[part])
            allow = f", allow: {{{allows}}}" if allows else ""
            lines.append(f"{start}: '{type}'{allow}}}")
            where[len(lines)] = part
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = Report()
    module = load_module(path, path.name, report)
    if module is not None:
        run_rules(module, report)
    return module, report, where


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Module:
    """A module with every part that has no finding, once what can be allowed is."""
    path = tmp_path_factory.mktemp("pointees") / "sample.vm.yaml"
    kept: dict[Part, list[str]] = {part: [] for part in parts()}
    while True:
        module, report, where = read(path, kept)
        found: dict[Part, set[str]] = defaultdict(set)
        for diagnostic in report:
            if diagnostic.severity == "error":
                assert diagnostic.span is not None
                found[where[diagnostic.span.line]].add(diagnostic.code)
        if not found:
            assert module is not None
            return module
        for part, codes in found.items():
            rules = [rule_of(code) for code in sorted(codes)]
            fresh = [r.name for r in rules if r.name not in kept[part]]
            if len(fresh) == len(rules) and all(r.allowable for r in rules):
                kept[part] += fresh
            else:
                del kept[part]


def test_rust_compiles_whatever_may_be_pointed_to(
    tmp_path: Path, accepted: Module
) -> None:
    assert check_rust(crate(tmp_path, accepted)) == Ran(0, "", "")


@pytest.mark.parametrize("standard", ["c11", "c++11"])
def test_c_compiles_whatever_may_be_pointed_to(
    tmp_path: Path, accepted: Module, standard: str
) -> None:
    write_headers(tmp_path, accepted)
    found = check_c(tmp_path, '#include "sample.h"\n', standard, *STRICT)
    assert found == Ran(0, "", "")


def test_python_imports_whatever_may_be_pointed_to(
    tmp_path: Path, accepted: Module
) -> None:
    write_python(tmp_path, accepted)
    code = "import sample; print(sample.Fields0.x0.offset)"
    assert run_python(tmp_path, code) == Ran(0, "0\n", "")
