"""Additions to the program, each made for real in a copy of it, in the files that
docs/how-it-works.md lists for it and in no other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support import ROOT

COPIED = ("vmgen", "templates", "schemas")
TESTS = ("support.py", "rules/test_bad_schemas.py", "test_explain.py", "test_house.py")
HOUSE = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")


class Copy:
    """A copy of the program, and the files of it that were written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.touched: set[str] = set()

    def write(self, path: str, text: str) -> None:
        """A new file."""
        assert not (self.root / path).exists()
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(dedent(text), encoding="utf-8")
        self.touched.add(path)

    def insert(self, path: str, after: str, text: str) -> None:
        """Lines in a file that is there, after the first line that is `after`."""
        file = self.root / path
        old = file.read_text(encoding="utf-8")
        assert f"{after}\n" in old, f"{path} has no line `{after}`"
        new = old.replace(f"{after}\n", f"{after}\n{text}", 1)
        file.write_text(new, encoding="utf-8")
        self.touched.add(path)

    def run(self, *words: str) -> str:
        """What a Python module of the copy says, run in the copy."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", *words],
            cwd=self.root,
            env={
                "PYTHONPATH": str(self.root),
                "PATH": "/usr/bin:/bin",
                "NO_COLOR": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == "", done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """The program and those of its tests that are about rules and imports."""
    for folder in COPIED:
        shutil.copytree(
            ROOT / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    for test in TESTS:
        (tmp_path / "tests" / test).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / test, tmp_path / "tests" / test)
    shutil.copytree(ROOT / "tests/schemas/bad", tmp_path / "tests/schemas/bad")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return Copy(tmp_path)


def listed(heading: str) -> set[str]:
    """The files that a section of the document says are written to add something."""
    section = HOUSE.partition(f"### {heading}\n")[2].partition("\n#")[0]
    assert section, f"docs/how-it-works.md has no section `{heading}`"
    return set(re.findall(r"^- `([^`]+)`", section, re.MULTILINE))


def test_a_rule(copy: Copy) -> None:
    copy.insert(
        "vmgen/rules/vmsafe.py",
        "    from vmgen.rules.finding import Finding",
        dedent('''

        @rule("VM199", "lonely-field", "A struct with a single field.", allowable=True)
        def lonely_field(analysis: Analysis) -> Iterator[Finding]:
            """It could be a newtype."""
            for declared in analysis.types.values():
                if isinstance(declared, m.Struct) and len(declared.fields) == 1:
                    yield Finding(
                        f"`{declared.name}` has one field",
                        declared.span,
                        (declared.allow,),
                        helps=("declare a newtype",),
                    )
        '''),
    )
    text = (copy.root / "vmgen/rules/vmsafe.py").read_text(encoding="utf-8")
    # A rule's function makes findings, also when the module is run.
    runtime = "from vmgen.rules.finding import Finding, about"
    text = text.replace("from vmgen.rules.finding import about", runtime, 1)
    (copy.root / "vmgen/rules/vmsafe.py").write_text(text, encoding="utf-8")
    bad = (
        "vmgen: 1\nmodule: sample\ntypes:\n  Id: {kind: struct, fields: {value: u32}}\n"
    )
    good = bad.replace(
        "{kind: struct, fields: {value: u32}}", "{kind: newtype, of: u32}"
    )
    copy.write("vmgen/rules/examples/VM199.bad.vm.yaml", bad)
    copy.write("vmgen/rules/examples/VM199.good.vm.yaml", good)
    copy.write("tests/schemas/bad/VM199-id.vm.yaml", bad)
    copy.write(
        "tests/schemas/bad/VM199-id.err",
        """\
        VM199-id.vm.yaml:4:3: error[VM199]: `Id` has one field
          |
        4 |   Id: {kind: struct, fields: {value: u32}}
          |   ^^
          = help: declare a newtype
        """,
    )
    said = copy.run("pytest", "-q", "-p", "no:cacheprovider", "-k", "VM199", "tests")
    assert re.search(r"^[1-9]\d* passed", said, re.MULTILINE), said
    assert "It could be a newtype." in copy.run("vmgen", "explain", "lonely-field")
    assert named(copy.touched, "VM199", "vmsafe", "VM199-id") == listed("A rule")


def named(paths: set[str], code: str, topic: str, schema: str) -> set[str]:
    """The paths as the document has them, with words for what was chosen."""
    found = set()
    for path in paths:
        path = path.replace(schema, "CODE-what").replace(code, "CODE")
        found.add(path.replace(topic, "TOPIC"))
    return found


def test_a_language_of_vmgens_own(copy: Copy) -> None:
    package = ROOT / "tests/languages/vmgen_zig"
    for name in ("__init__.py", "declarations.py"):
        text = (package / name).read_text(encoding="utf-8")
        text = text.replace("vmgen_zig", "vmgen.languages.zig")
        copy.write(f"vmgen/languages/zig/{name}", text)
    root = 'TEMPLATES = Path(__file__).parents[3] / "templates" / "zig"'
    file = copy.root / "vmgen/languages/zig/__init__.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"TEMPLATES = .*", root, text), encoding="utf-8")
    template = (package / "templates/module.zig.j2").read_text(encoding="utf-8")
    copy.write("templates/zig/module.zig.j2", template)
    copy.insert(
        "vmgen/languages/registry.py",
        "OWN = {",
        '    "zig": "vmgen.languages.zig:Zig",\n',
    )
    schema = "schemas/wasmer.vm.yaml"
    said = copy.run("vmgen", "build", schema, "--lang", "zig", "-o", "out")
    assert said == "new      out/zig/wasmer.zig\n1 file changed, 0 as they were\n"
    assert "pub const VMContext = " in (copy.root / "out/zig/wasmer.zig").read_text()
    said = copy.run("pytest", "-q", "-p", "no:cacheprovider", "tests/test_house.py")
    assert "2 passed" in said
    folders = {re.sub(r"zig/.*", "NAME/", path) for path in copy.touched}
    assert folders == listed("A language")


def test_a_command(copy: Copy) -> None:
    copy.write(
        "vmgen/cli/kinds.py",
        '''\
        """`vmgen kinds`: the kinds that types can have."""

        from __future__ import annotations

        from typing import TYPE_CHECKING

        from vmgen.cli.arguments import Call

        if TYPE_CHECKING:
            import argparse

            from vmgen.cli.console import Console


        class Arguments(Call, frozen=True, kw_only=True):
            long: bool = False


        def add_arguments(parser: argparse.ArgumentParser) -> None:
            parser.add_argument("--long", action="store_true", help="say more")


        def run(args: Arguments, console: Console) -> int:
            from vmgen.schema.declarations import BUILDERS

            for kind in BUILDERS:
                console.out(f"kind: {kind}\\n" if args.long else f"{kind}\\n")
            return 0
        ''',
    )
    copy.insert(
        "vmgen/cli/commands.py",
        "COMMANDS = {",
        '    "kinds": "list the kinds that types can have",\n',
    )
    assert copy.run("vmgen", "kinds").startswith("struct\nunion\n")
    assert copy.run("vmgen", "kinds", "--long").startswith("kind: struct\n")
    assert "list the kinds that types can have" in copy.run("vmgen", "--help")
    found = copy.run("pytest", "-q", "-p", "no:cacheprovider", "tests/test_house.py")
    assert "2 passed" in found
    touched = {path.replace("kinds", "NAME") for path in copy.touched}
    assert touched == listed("A command")
