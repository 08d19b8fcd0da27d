"""Names that are taken, and what the configuration says of names in the bindings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import vmgen, write_schema
from vmgen.build.config import find_config
from vmgen.build.pipeline import check
from vmgen.build.project import find_schemas
from vmgen.reading.diagnostics import Report


def said(folder: Path, schema: str, options: str = "") -> list[str]:
    """Codes and messages about a schema in a project with these options."""
    write_schema(folder, f"vmgen: 1\n{schema}")
    (folder / "pyproject.toml").write_text(f"[tool.vmgen]\n{options}")
    report = Report()
    config = find_config(folder)
    check(find_schemas([str(folder / "sample.vm.yaml")], config), config, report)
    return [f"{found.code} {found.message}" for found in report]


CONSTANT = "module: sample\nconstants: {%s: {type: u32, value: 1}}\n"
TYPE = "module: sample\ntypes: {%s: {kind: struct, fields: {a: u32}}}\n"
CONTEXT = "module: sample\ntypes: {Sig: {kind: context, fields: {magic: u32}}}\n"
ENUM = "module: sample\ntypes: {SOCK: {kind: enum, tag: u8, variants: {RAW: 1}}}\n"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (CONSTANT % "LITTLE_ENDIAN", "VM030 `LITTLE_ENDIAN` is also a macro of a header of C or Linux"),
        (CONSTANT % "FILE", "VM018 `FILE` is a macro or a type in C on some platforms"),
        (CONSTANT % "INT32_MAX", "VM011 `INT32_MAX` is a macro of C's <stdint.h>"),
        (CONSTANT % "VM_ATOMIC", "VM011 `VM_ATOMIC` is a macro of vmgen.h"),
        (CONSTANT % "VMGEN_MORE", "VM011 `VMGEN_MORE` is a name of vmgen.h"),
        (TYPE % "HANDLE", "VM018 `HANDLE` is a macro or a type in C on some platforms"),
        (ENUM, "VM030 `SOCK_RAW`, what C calls a value of `SOCK`, is also a macro of a header of C or Linux"),
    ],
)  # fmt: skip
def test_a_prefix_frees_what_c_has(tmp_path: Path, schema: str, expected: str) -> None:
    assert said(tmp_path, schema) == [expected]
    assert said(tmp_path, schema, 'c = {prefix = "rt_"}\n') == []


@pytest.mark.parametrize(
    ("schema", "prefix", "expected"),
    [
        (CONSTANT % "ENDIAN", "LITTLE_", "VM030 `LITTLE_ENDIAN` is also a macro of a header of C or Linux"),
        (CONSTANT % "ATOMIC", "VM_", "VM011 `VM_ATOMIC` is a macro of vmgen.h"),
        (CONSTANT % "MORE", "VMGEN_", "VM011 `VMGEN_MORE` is a name of vmgen.h"),
        (TYPE % "NDLE", "HA", "VM018 `HANDLE` is a macro or a type in C on some platforms"),
    ],
)  # fmt: skip
def test_a_name_is_judged_with_its_prefix(
    tmp_path: Path, schema: str, prefix: str, expected: str
) -> None:
    assert said(tmp_path, schema) == []
    assert said(tmp_path, schema, f'c = {{prefix = "{prefix}"}}\n') == [expected]


def test_a_prefix_frees_nothing_that_rust_has(tmp_path: Path) -> None:
    assert said(tmp_path, TYPE % "Vec", 'c = {prefix = "rt_"}\n') == [
        "VM011 `Vec` is a name of Rust's prelude"
    ]


MODULE = "module: %s\ntypes: {Point: {kind: struct, fields: {x: u32}}}\n"
INCLUDE, PACKAGE = 'c = {include = "rt"}\n', 'python = {package = "rt"}\n'


@pytest.mark.parametrize(
    ("name", "options", "left"),
    [
        ("stdint", INCLUDE, "VM011 `stdint` is a header of C"),
        ("winbase", INCLUDE, "VM018 `winbase.h` is a header of Windows"),
        ("queue", PACKAGE, "VM011 `queue` is a module of Python's library"),
        ("signal", INCLUDE + PACKAGE, "VM011 `signal` is a header of C"),
    ],
)
def test_a_folder_and_a_package_free_names_of_modules(
    tmp_path: Path, name: str, options: str, left: str
) -> None:
    assert left in said(tmp_path, MODULE % name)
    assert said(tmp_path, MODULE % name, options) == []


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (INCLUDE, "VM011 `signal` is a module of Python's library"),
        (PACKAGE, "VM011 `signal` is a header of C"),
    ],
)
def test_each_frees_what_it_is_for(tmp_path: Path, options: str, left: str) -> None:
    assert said(tmp_path, MODULE % "signal", options) == [left]


@pytest.mark.parametrize("name", ["aux", "struct", "vmptr"])
def test_some_names_no_option_frees(tmp_path: Path, name: str) -> None:
    found = said(tmp_path, MODULE % name, INCLUDE + PACKAGE)
    assert [line.partition(" ")[0] for line in found] == ["VM011"]


def test_layouts_are_shown_with_the_same_names(tmp_path: Path) -> None:
    write_schema(
        tmp_path,
        "vmgen: 1\n"
        + CONSTANT % "LITTLE_ENDIAN"
        + "types: {Point: {kind: newtype, of: u8}}\n",
    )
    assert "VM030" in vmgen("layout", "sample.vm.yaml", cwd=tmp_path).err
    (tmp_path / "pyproject.toml").write_text('[tool.vmgen]\nc = {prefix = "rt_"}\n')
    shown = vmgen("layout", "sample.vm.yaml", cwd=tmp_path)
    assert (shown.code, shown.err) == (0, "")


VARIANT = "module: sample\ntypes: {Kind: {kind: enum, tag: u8, variants: {%s: 1}}}\n"


@pytest.mark.parametrize("name", ["ContextGetI32_0", "Slot1_0_2Wide"])
def test_a_variant_may_have_an_underscore_between_digits_as_rustc_allows(
    tmp_path: Path, name: str
) -> None:
    assert said(tmp_path, VARIANT % name) == []


@pytest.mark.parametrize("name", ["Context__Get", "I32__0", "I32_", "3I", "I-3"])
def test_a_variant_has_one_underscore_at_a_time_and_none_at_its_end(
    tmp_path: Path, name: str
) -> None:
    message = f"VM010 `{name}` can't be the name of a variant"
    assert said(tmp_path, VARIANT % name) == [message]
