"""The tables of reserved words, held against those who reserve them."""

from __future__ import annotations

import ctypes
import keyword
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT, findings, need, vmgen, write_schema
from vmgen.languages.c import words as c
from vmgen.languages.c.files import runtime_source
from vmgen.languages.python import words as python
from vmgen.languages.rust import words as rust
from vmgen.languages.words import Role
from vmgen.rules.reserved import DEVICES, reserved

WORDS = sorted(
    rust.KEYWORDS
    | c.KEYWORDS
    | c.CPP_KEYWORDS
    | python.KEYWORDS
    | {"macro_rules", "raw", "safe", "lazy", "final"}
)


def refused(command: list[str], lines: list[str], path: Path) -> set[str]:
    """The words, each on a line of its own, that a compiler finds fault with."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = subprocess.run(
        [*command, path.name],
        capture_output=True,
        text=True,
        check=False,
        cwd=path.parent,
    )
    found = re.findall(rf"^{re.escape(path.name)}:(\d+):\d+:", ran.stderr, re.MULTILINE)
    return {WORDS[int(number) - 1] for number in found}


def test_rust_refuses_these_and_no_others(tmp_path: Path) -> None:
    lines = [f"pub struct S{i} {{ pub {word}: u8 }}" for i, word in enumerate(WORDS)]
    rustc = [need("rustc"), "--crate-type=lib", "--emit=metadata", "-Awarnings"]
    found: set[str] = set()
    for edition in ("2015", "2018", "2021", "2024"):
        command = [*rustc, "--error-format=short", f"--edition={edition}"]
        found |= refused(command, lines, tmp_path / "words.rs")
    assert found == rust.KEYWORDS


def c_lines() -> list[str]:
    return [f"struct s{i} {{ int {word}; }};" for i, word in enumerate(WORDS)]


def test_cpp_refuses_these_and_no_others(tmp_path: Path) -> None:
    found: set[str] = set()
    for standard in ("c++11", "c++14", "c++17", "c++20", "c++23"):
        command = [need("g++"), f"-std={standard}", "-fsyntax-only", "-fmax-errors=0"]
        found |= refused(command, c_lines(), tmp_path / "words.cc")
    # `int friend;` declares nothing, which g++ lets pass.
    assert found | {"friend"} == c.CPP_KEYWORDS


def test_c_refuses_no_others(tmp_path: Path) -> None:
    # `int const;` and the like declare nothing; C23's words need a newer compiler.
    found: set[str] = set()
    for standard in ("c11", "c17", "c2x"):
        command = [need("gcc"), f"-std={standard}", "-fsyntax-only", "-fmax-errors=0"]
        found |= refused(command, c_lines(), tmp_path / "words.c")
    assert found < c.KEYWORDS
    assert {"auto", "default", "int", "register", "union", "while"} < found


def test_pythons_keywords_are_those_of_this_python() -> None:
    assert frozenset(keyword.kwlist) == python.KEYWORDS


def test_attributes_of_ctypes_are_those_of_this_ctypes() -> None:
    class Empty(ctypes.Structure):
        pass

    has = {*dir(Empty), *dir(type(Empty))}
    assert {name for name in has if not name.endswith("_")} == python.CTYPES


@pytest.mark.parametrize(
    ("name", "language", "role", "spelled"),
    [
        ("type", "Rust", "field", "type_"),
        ("type", "Python", "field", "type"),
        ("class", "Rust", "field", "class"),
        ("class", "C", "field", "class_"),
        ("class", "Python", "parameter", "class_"),
        ("from_buffer", "Python", "field", "from_buffer_"),
        ("from_buffer", "Python", "parameter", "from_buffer"),
        ("from_buffer", "C", "field", "from_buffer"),
        ("counts", "Python", "context", "counts_"),
        ("counts", "Python", "field", "counts"),
        ("base", "Python", "field", "base"),
    ],
)
def test_escaped(name: str, language: str, role: Role, spelled: str) -> None:
    (words,) = (words for words in reserved().words if words.title == language)
    assert words.spelled(name, role) == spelled


def test_constants_take_no_name_of_the_headers_that_every_header_includes() -> None:
    headers = "".join(f"#include <{h}.h>\n" for h in ("stddef", "stdint", "stdbool"))
    found: set[str] = set()
    for standard in ("c11", "c17", "c2x"):
        command = [need("gcc"), f"-std={standard}", "-dM", "-E", "-x", "c", "-"]
        ran = subprocess.run(
            command, input=headers, capture_output=True, text=True, check=True
        )
        found.update(re.findall(r"^#define ([A-Z](?:_?[A-Z0-9])*)\b", ran.stdout, re.M))
    assert "UINT32_MAX" in found
    # `NULL` is no name in YAML.
    assert found - {"NULL"} <= reserved().names("constant")


@pytest.mark.parametrize(
    "name", sorted(rust.CRATES | python.FILES | DEVICES | {"vmgen"})
)
def test_a_module_takes_no_name_that_others_need(name: str, tmp_path: Path) -> None:
    schema = write_schema(tmp_path, f"vmgen: 1\nmodule: {name}\n")
    assert "error[VM011]" in findings(schema)


OWN = {"vmgen_runtime", "typing_extensions"} | {
    path.stem for path in (ROOT / "generated/python").glob("*.py")
}
"""What the generated Python imports of itself, and what only type checkers see."""


def test_no_module_hides_what_importing_the_bindings_imports() -> None:
    sources = [
        *(ROOT / "templates").rglob("*.j2"),
        *(ROOT / "generated/python").rglob("*.py"),
        *(ROOT / "vmgen/languages/c/runtime").rglob("*.h"),
    ]
    templates = [p.read_text(encoding="utf-8") for p in sources]
    imported = re.findall(r"^ *(?:import|from) ([a-z]\w+)", "\n".join(templates), re.M)
    imported = sorted({*imported} - OWN)
    assert {"ctypes", "enum", "sys"} <= {*imported}
    code = f"import sys; before = {{*sys.modules}}; import {', '.join(imported)}\n"
    code += "print(*{*sys.modules} - before)"
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert {
        name for name in loaded if FIELD.fullmatch(name) and name[0] != "_"
    } <= reserved().names("module")
    headers = re.findall(r"#\s*include <(\w+)\.h>", "\n".join(templates))
    assert {*headers} <= reserved().names("module")


def test_the_names_of_vmgen_h_are_reserved() -> None:
    header = runtime_source()
    names = {*re.findall(r"#\s*define (\w+)", header), *re.findall(r"\bVM_\w+", header)}
    wide = {n for n in names if n == n.upper() and not n.startswith(c.PREFIXES)}
    assert {n for n in wide if n.startswith("VM_")} <= c.RUNTIME
    assert re.search(r"\bvm_region;", header)


FIELD = re.compile(r"_?[a-z](_?[a-z0-9])*")
VARIANT = re.compile(r"[A-Z][A-Za-z0-9]*")


def fields(role: Role) -> list[str]:
    return sorted(word for word in reserved().names(role) if FIELD.fullmatch(word))


def reserved_everywhere() -> str:
    """A schema with every reserved word in every role that can keep it."""
    own, in_context, passed = fields("field"), fields("context"), fields("parameter")
    variants = [word for word in reserved().names("variant") if VARIANT.fullmatch(word)]
    members = "".join(f"      {word}: u8\n" for word in own)
    parts = "".join(f"      {word}: u8\n" for word in in_context)
    regions = "".join(f'      {word}: "[u8; words]"\n' for word in in_context)
    counted = "".join(f'      of_{word}: "[u8; {word}]"\n' for word in in_context)
    slots = "".join(
        f'      {word}: "({passed[i % len(passed)]}: u8) -> u8"\n'
        for i, word in enumerate(w for w in own if w[0] != "_")
    )
    plain = "".join(f"      {word}: null\n" for word in variants)
    tagged = "".join(f"      {w}: u8\n" for w in [*variants, "Class", "Type", "Value"])
    allow = "    allow: {reserved-name: for the test}\n"
    return (
        "vmgen: 1\nmodule: words\n"
        "targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]\ntypes:\n"
        f"  Record:\n    kind: struct\n{allow}    fields:\n{members}"
        f"  Overlay:\n    kind: union\n{allow}    fields:\n{members}"
        f"  Parts:\n    kind: context\n{allow}    fields:\n{parts}"
        f"  Regions:\n    kind: context\n{allow}    counts: [words]\n"
        f"    regions:\n{regions}"
        f"  Counted:\n    kind: context\n{allow}    counts: [{', '.join(in_context)}]\n"
        f"    regions:\n{counted}"
        f"  Table:\n    kind: functions\n{allow}    functions:\n{slots}"
        f"  Plain:\n    kind: enum\n    tag: u8\n{allow}    variants:\n{plain}"
        f"  Tagged:\n    kind: enum\n    tag: u8\n{allow}    variants:\n{tagged}"
    )


def test_bindings_keep_every_word_that_is_allowed(tmp_path: Path) -> None:
    schema = write_schema(tmp_path, reserved_everywhere())
    assert findings(schema) == ""
    built = vmgen("build", schema.name, "-o", "out", cwd=tmp_path)
    assert built.code == 0, built.out + built.err
    out = tmp_path / "out"
    commands = [
        [need("rustc"), "--crate-type=lib", "--emit=metadata", "-Dwarnings",
         "--edition=2024", "-o", "lib.rmeta", "rust/src/lib.rs"],
        [need("gcc"), "-std=c11", "-Wall", "-Werror", "-fsyntax-only", "c/words.h"],
        [need("g++"), "-std=c++20", "-Wall", "-Werror", "-fsyntax-only", "c/words.h"],
        [sys.executable, "-W", "error", "-c", "import words; words.Table"],
    ]  # fmt: skip
    for command in commands:
        ran = subprocess.run(
            command,
            cwd=out,
            env={**os.environ, "PYTHONPATH": "python"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[:2000]
