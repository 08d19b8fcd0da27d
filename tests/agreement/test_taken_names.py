"""Types called as something that generated code uses: nothing of it may be hidden."""

from __future__ import annotations

import builtins
import ctypes
import enum
import re
import subprocess
import sys
import typing
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, write_headers
from tests.c.headers import check as check_c
from tests.python.generated import run as run_python
from tests.python.generated import texts as python_texts
from tests.python.generated import write as write_python
from tests.rust.crates import check as check_rust
from tests.rust.crates import crate, texts_of, write
from tests.rust.test_runtime import OWN_RUNTIME
from tests.support import Ran, module_of
from vmgen.languages.rust.words import LIBRARY, PRELUDE, RUNTIME
from vmgen.rules.reserved import reserved
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from vmgen.schema.model import Module

USES = """\
  Table: {kind: functions, functions: {f: "(x: Option<VmPtr<u8>>) -> u32"}}
  Plain: {kind: enum, tag: u8, variants: {First: 0, Second: 1}}
  Tagged: {kind: enum, tag: u8, variants: {First: u32, Second: null, Third: "UnsafeCell<u8>"}}
  Copied: {kind: enum, tag: u8, variants: {First: u32, Second: VmPtr<u8>}}
  Unseen: {kind: opaque}
  FourBytes: {kind: foreign, size: 4, align: 4, copy: true}
  All:
    kind: struct
    fields:
      atomic: {type: AtomicU64, allow: {atomic-not-on-target: it is a test}}
      width: AtomicUsize
      cell: UnsafeCell<Option<VmPtr<All>>>
      raw: {type: "NonNull<u8>", allow: {raw-pointer: it is a test}}
      word: {type: u64, endian: little}
      some: {type: NonZeroU32, allow: {non-zero-integer: it is a test}}
      tagged: Tagged
  Either: {kind: union, fields: {all: All, bytes: FourBytes}}
  Pair: {kind: struct, copy: true, fields: {a: Copied, b: FourBytes}}
  Live:
    kind: context
    counts: [n]
    flags: [has_last]
    fields: {first: Option<VmPtr<u8>>}
    regions:
      some: "[u64; n]"
      last: {type: u32, when: has_last}
"""
"""Something of every kind, with every library type that Rust's bindings name."""

KINDS = {
    "struct": "fields: {x: u32}",
    "newtype": "of: u32",
    "enum": "tag: u8, variants: {First: u32, Second: null}",
}


def python_names(runtime: str) -> list[str]:
    """Names that Python and the modules behind the bindings have; of those that differ in
    case alone, the first."""
    found = {n for of in (builtins, ctypes, enum, typing) for n in vars(of)}
    found |= set(re.findall(r"^(?:class )?([A-Z]\w+)\b", runtime, re.MULTILINE))
    found = {n for n in found if n.isalnum() and n[0].isupper()}
    return list({snake_case(n): n for n in sorted(found, reverse=True)}.values())


def names(*sets: Iterable[str]) -> list[str]:
    """Names that types can have."""
    keywords = frozenset().union(*(words.all_keywords for words in reserved().words))
    every = {name for names in sets for name in names}
    return sorted(name for name in every if name not in keywords)


def called(folder: Path, kind: str, names: Iterable[str]) -> Module:
    """A module that declares types of a kind with these names."""
    lines = []
    for name in names:
        allow = ", allow: {reserved-name: on purpose}"
        needed = allow if reserved().why(name, "type") else ""
        lines.append(f"  {name}: {{kind: {kind}, {KINDS[kind]}{needed}}}\n")
    return module_of(folder, f"types:\n{''.join(lines)}{USES}")


RUST_NAMES = names(PRELUDE, LIBRARY, RUNTIME)


@pytest.mark.parametrize("kind", KINDS)
def test_rust_is_not_mistaken_about_a_name(tmp_path: Path, kind: str) -> None:
    module = called(tmp_path, kind, RUST_NAMES)
    assert check_rust(crate(tmp_path, module)) == Ran(0, "", "")


def test_rust_with_ones_own_runtime_is_neither(tmp_path: Path) -> None:
    texts = texts_of([called(tmp_path, "newtype", RUST_NAMES)], runtime="crate::vm")
    library = OWN_RUNTIME + "".join(f"pub mod {path[4:-3]};\n" for path in texts)
    folder = write(tmp_path, {**texts, "src/lib.rs": library})
    assert check_rust(folder) == Ran(0, "", "")


@pytest.mark.parametrize("kind", KINDS)
def test_python_is_not_mistaken_about_a_name(tmp_path: Path, kind: str) -> None:
    runtime = "".join(
        text
        for path, text in python_texts(module_of(tmp_path, f"types:\n{USES}")).items()
        if path.startswith("vmgen_runtime")
    )
    module = called(tmp_path, kind, names(python_names(runtime)))
    write_python(tmp_path, module)
    assert run_python(tmp_path, "import sample") == Ran(0, "", "")
    judged = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "sample.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.stdout == "Success: no issues found in 1 source file\n"


@pytest.mark.parametrize("standard", ["c11", "c++11"])
@pytest.mark.parametrize("kind", KINDS)
def test_c_is_not_mistaken_about_a_name(
    tmp_path: Path, kind: str, standard: str
) -> None:
    write_headers(tmp_path, called(tmp_path, kind, RUST_NAMES))
    found = check_c(tmp_path, '#include "sample.h"\n', standard, *STRICT)
    assert found == Ran(0, "", "")
