"""The tables of docs/from-c.md: each row says what compilers of four machines agree with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.owners.compiling import COMPILERS, built, compiled
from tests.owners.from_c_rows import ELSEWHERE, NOT_TRIED, REFUSED, SAID
from tests.support import ROOT, findings, vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs/from-c.md").read_text(encoding="utf-8")
HEADER = """\
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if defined(__cplusplus)
#  include <atomic>
#  define ATOMIC(type) std::atomic<type>
#else
#  define ATOMIC(type) _Atomic(type)
#endif
"""
CHECK = "generated/c/rows_header_check.c"


def rows(title: str) -> list[str]:
    """The first cells of the table below a heading."""
    table = PAGE[PAGE.index(f"\n## {title}\n") :]
    end = table.find("\n## ", 4)
    lines = re.findall(r"(?m)^\| (.*?) \| ", table[: end if end > 0 else None])
    return lines[1:]


def _with_on(node: Any) -> Any:
    """What was read, with the key `on` as it is written: YAML 1.1 takes it for true."""
    if not isinstance(node, dict):
        return node
    return {"on" if k is True else k: _with_on(v) for k, v in node.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a header of all rows and the schema of it, and what is made of that."""
    made = tmp_path_factory.mktemp("rows")
    declarations = "\n".join(c for c, _ in SAID.values())
    (made / "theirs.h").write_text(f"{HEADER}{declarations}\n", encoding="utf-8")
    schema: dict[str, dict[str, object]] = {
        "constants": {},
        "features": {},
        "types": {},
    }
    for _, text in SAID.values():
        for key, value in _with_on(yaml.safe_load(text)).items():
            where = schema[key] if key in schema else schema["types"]
            where.update(value if key in schema else {key: value})
    head = {
        "vmgen": 1,
        "module": "rows",
        "profile": {"c-abi": "the header declares it"},
        "c": {"header": "theirs.h"},
        "allow": {"layout-differs-by-target": "i386 aligns what has 64 bits to 4"},
        "targets": [*COMPILERS],
    }
    text = yaml.safe_dump({**head, **schema}, sort_keys=False)
    (made / "rows.vm.yaml").write_text(text, encoding="utf-8")
    built(made, "rows.vm.yaml")
    return made


def test_each_row_has_a_declaration_and_a_schema() -> None:
    assert sorted(rows("From C to the schema")) == sorted([*SAID, *ELSEWHERE])
    assert all((ROOT / path).exists() for path in ELSEWHERE.values())


def test_the_schema_has_no_findings(folder: Path) -> None:
    ran = vmgen("check", "rows.vm.yaml", "--strict", "--format", "concise", cwd=folder)
    assert (ran.code, ran.out) == (0, "no findings in 1 schema\n")


@pytest.mark.parametrize("target", COMPILERS)
def test_the_header_is_as_the_schema_says(folder: Path, target: str) -> None:
    command = [COMPILERS[target], "-std=gnu11"]
    assert compiled(folder, command, CHECK, into="checked.o") == []


def test_each_row_of_what_cannot_be_said_is_tried() -> None:
    known = [*REFUSED, *NOT_TRIED]
    assert sorted(rows("What can't be said")) == sorted(known)


@pytest.mark.parametrize("cell", REFUSED)
def test_what_cannot_be_said_is_refused(tmp_path: Path, cell: str) -> None:
    text, code = REFUSED[cell]
    types = "\n".join(f"  {line}" for line in text.splitlines())
    head = "profile: {c-abi: a test}\ntargets: [x86_64-unknown-linux-gnu]\ntypes:\n"
    said = findings(write_schema(tmp_path, head + types + "\n"))
    assert f"error[{code}]" in said
