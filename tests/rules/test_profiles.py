"""Profiles, and what is allowed in a whole module or a whole project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import check, crate
from tests.support import Ran, findings, module_of, vmgen, write_schema
from vmgen.rules.registry import rule_of
from vmgen.schema.profiles import ADMITTED

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """\
    targets: [x86_64-unknown-linux-gnu]
    types:
      Name: {kind: struct, fields: {text: "*const u8", known: bool, score: f64}}
      Plugin:
        kind: struct
        fields:
          name: VmPtr<Name>
          arguments: "*mut *mut u8"
          state: AtomicU32
          limit: Option<NonZeroU32>
          index: Option<Index>
      Handle: {kind: newtype, of: "*mut Plugin"}
      Index: {kind: newtype, of: NonZeroU32}
      Value: {kind: union, fields: {pointer: "*mut u8", number: f32}}
      Event: {kind: enum, tag: u32, variants: {Ready: "*mut u8", Idle: null}}
      Limits: {kind: struct, fields: {fuel: u64, next: Option<VmPtr<Limits>>}}
    """
C_ABI = 'profile: {c-abi: "the host declares it"}\n'
PROJECT = """\
[tool.vmgen]
schemas = ["plugin.vm.yaml"]
"""


def plugin(folder: Path, before: str = "") -> Path:
    lines = PLUGIN.splitlines()
    text = "\n".join(line[4:] for line in lines)
    return write_schema(folder, before + text, "plugin.vm.yaml")


def test_a_c_abi_needs_no_allow(tmp_path: Path) -> None:
    said = findings(plugin(tmp_path))
    refused = {code for code in ADMITTED if f"[{code}]" in said}
    assert refused == {"VM101", "VM102", "VM103", "VM105", "VM106", "VM108"}
    assert findings(plugin(tmp_path, C_ABI)) == ""


def test_only_rules_that_can_be_allowed_are_admitted() -> None:
    assert all(rule_of(code).allowable for code in ADMITTED)


def test_rules_about_layout_stay(tmp_path: Path) -> None:
    schema = """\
        profile: {c-abi: "others own it"}
        targets: [i686-unknown-linux-gnu, armv7-unknown-linux-gnueabihf]
        types:
          Sample: {kind: struct, fields: {name: "*const u8", value: f64}}
        """
    said = findings(write_schema(tmp_path, schema))
    assert "warning[VM302]: `value` is at 4 on i686-unknown-linux-gnu and at 8" in said
    assert said.count("help: ") == 1
    once = "say at the top why that is so, for all that they declare: `allow: {layout-differs"
    assert once in said
    at_top = "allow: {layout-differs-by-target: i386 aligns them to 4}\n"
    assert findings(write_schema(tmp_path, at_top + dedented_by(8, schema))) == ""


def test_rust_makes_nothing_vm_safe_that_is_not(tmp_path: Path) -> None:
    made = crate(tmp_path, module_of(tmp_path, C_ABI + "\n" + dedented(PLUGIN)))
    assert check(made) == Ran(0, "", "")
    text = (made / "src" / "sample.rs").read_text(encoding="utf-8")
    safe = [line.split()[-2] for line in text.splitlines() if "VmSafe for" in line]
    assert safe == ["Limits"]
    assert text.count("the host declares it") == 1


def dedented(text: str) -> str:
    return dedented_by(4, text)


def dedented_by(width: int, text: str) -> str:
    return "\n".join(line[width:] for line in text.splitlines())


@pytest.mark.parametrize(
    "where", ["rust/src/sample.rs", "c/sample.h", "python/sample.py"]
)
def test_the_reason_stands_once_at_the_head(tmp_path: Path, where: str) -> None:
    plugin(tmp_path, C_ABI)
    assert vmgen("build", "plugin.vm.yaml", cwd=tmp_path).code == 0
    text = (tmp_path / "generated" / where).read_text(encoding="utf-8")
    assert text.count("Profile c-abi: the host declares it.") == 1
    assert "the host declares it" in "\n".join(text.splitlines()[:12])


def test_a_project_has_a_profile_for_all_its_schemas(tmp_path: Path) -> None:
    plugin(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        PROJECT + 'profile = {c-abi = "the host declares it"}\n'
    )
    assert vmgen("check", cwd=tmp_path).out == "no findings in 1 schema\n"
    assert vmgen("build", cwd=tmp_path).code == 0
    head = (tmp_path / "generated/c/sample.h").read_text(encoding="utf-8")
    assert "/** Profile c-abi: the host declares it. */\n" in head


def test_a_schema_can_live_by_vmsafe_in_a_project_that_does_not(tmp_path: Path) -> None:
    plugin(tmp_path, "profile: vmsafe\n")
    (tmp_path / "pyproject.toml").write_text(
        PROJECT + 'profile = {c-abi = "the host declares it"}\n'
    )
    assert "error[VM102]" in vmgen("check", cwd=tmp_path).out


FAULTS = {
    'profile = "c-abi"': "`tool.vmgen.profile` is not complete: say whose layouts these "
    'are, as `{c-abi = "…"}`',
    'profile = {c-abi = " "}': '`tool.vmgen.profile` is not "vmsafe", or `{c-abi = "a '
    'reason"}`',
    'profile = "c"': '`tool.vmgen.profile` is not "vmsafe", or `{c-abi = "a reason"}`',
    'allow = ["raw-pointer"]': "`tool.vmgen.allow` is not a table of rules, each with the "
    "reason",
    'allow = {raw-pointer = ""}': "`tool.vmgen.allow.raw-pointer` is not a reason",
    'allow = {raw-pointr = "x"}': "`tool.vmgen.allow.raw-pointr` is not the name of a "
    "rule, did you mean `raw-pointer`",
    'allow = {duplicate-key = "x"}': "`tool.vmgen.allow.duplicate-key` is not a rule that "
    "a project can allow",
    'allow = {renamed = "x"}': "`tool.vmgen.allow.renamed` is not a rule that a project "
    "can allow",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_project_says_it_well_or_not_at_all(tmp_path: Path, line: str) -> None:
    plugin(tmp_path)
    (tmp_path / "pyproject.toml").write_text(f"{PROJECT}{line}\n")
    ran = vmgen("check", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"vmgen: {tmp_path}/pyproject.toml: {FAULTS[line]}\n"


def test_what_a_project_allows_in_vain_is_told_at_its_place(tmp_path: Path) -> None:
    write_schema(
        tmp_path, 'types: {A: {kind: struct, fields: {p: "*mut u8"}}}', "plugin.vm.yaml"
    )
    (tmp_path / "pyproject.toml").write_text(
        f'{PROJECT}[tool.vmgen.allow]\nraw-pointer = "a"\nfloating-point = "b"\n'
    )
    ran = vmgen("check", "--format", "concise", cwd=tmp_path)
    assert ran.out == (
        "pyproject.toml:5:1: warning: VM901 `floating-point` is allowed in the whole "
        "project and finds nothing\n1 warning in 1 schema\n"
    )
    assert vmgen("check", "plugin.vm.yaml", cwd=tmp_path).code == 0
    assert vmgen("build", cwd=tmp_path).code == 0
