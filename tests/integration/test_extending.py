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

from tests.support import ROOT, need

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

    def append(self, path: str, text: str) -> None:
        """Lines at the end of a file that is there."""
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(dedent(text))
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
    copy.append(
        "vmgen/rules/values.py",
        '''

        @rule("VM199", "lonely-field", "A struct with a single field.", allowable=True)
        def lonely_field(analysis: Analysis) -> Iterator[Finding]:
            """A struct that holds one thing is passed to functions in another way than the
            thing itself."""
            for declared in analysis.types.values():
                if isinstance(declared, m.Struct) and len(declared.fields) == 1:
                    yield Finding(
                        f"`{declared.name}` has one field",
                        declared.span,
                        (declared.allow,),
                        helps=("declare a newtype",),
                    )
        ''',
    )
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
    assert "A struct that holds one thing" in copy.run(
        "vmgen", "explain", "lonely-field"
    )
    assert named(copy.touched, "VM199", "values", "VM199-id") == listed("A rule")


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


def declarers() -> list[str]:
    """The files that have a method for each kind of declaration."""
    folder = ROOT / "vmgen" / "languages"
    return [
        path.relative_to(ROOT).as_posix()
        for path in sorted(folder.rglob("*.py"))
        if re.search(r"^class \w+\(Declarer\[", path.read_text("utf-8"), re.MULTILINE)
    ]


def test_a_kind(copy: Copy) -> None:
    """A number that says which entry of a table is meant, laid out as a newtype is."""
    copy.insert(
        "vmgen/schema/kind_keys.py",
        "KINDS = {",
        """\
    "index": _kind(
        "index",
        "an index",
        {"of": Key(INTEGER, "The number's type.", "of: u32", required=True)},
    ),
""",
    )
    copy.insert(
        "vmgen/schema/model.py",
        "    of: TypeText\n    inner: Type",
        """

class Index(Newtype, frozen=True, kw_only=True):
    \"\"\"The number of an entry of some table.\"\"\"

    KIND = "index"
""",
    )
    copy.insert(
        "vmgen/schema/declarations.py",
        "    return m.Newtype(**common(key, node), of=text, inner=text.type)",
        """

def build_index(refs: References, key: Scalar, node: Mapping) -> m.Declaration | None:
    text = refs.type(node["of"])
    if text is None:
        return None
    return m.Index(**common(key, node), of=text, inner=text.type)
""",
    )
    copy.insert(
        "vmgen/schema/declarations.py",
        '    "newtype": build_newtype,',
        '    "index": build_index,\n',
    )
    copy.insert(
        "vmgen/languages/language.py",
        "    def newtype(self, record: Record, declared: m.Newtype) -> T: ...",
        "\n    @abstractmethod\n"
        "    def index(self, record: Record, declared: m.Index) -> T: ...\n",
    )
    copy.insert(
        "vmgen/languages/language.py",
        '    m.Newtype: "newtype",',
        '    m.Index: "index",\n',
    )
    for path in declarers():
        text = (copy.root / path).read_text(encoding="utf-8")
        (whole,) = re.findall(r"^    def newtype\([^)]*\) -> .*:$", text, re.MULTILINE)
        method = whole.replace("newtype", "index").replace("m.Newtype", "m.Index")
        text = text.replace(
            whole,
            f"{method}\n        return self.newtype(record, declared)\n\n{whole}",
        )
        (copy.root / path).write_text(text, encoding="utf-8")
        copy.touched.add(path)
    copy.write("schemas/vmgen.schema.json.new", copy.run("vmgen", "schema"))
    made = copy.root / "schemas/vmgen.schema.json.new"
    made.replace(copy.root / "schemas/vmgen.schema.json")
    copy.touched.remove("schemas/vmgen.schema.json.new")
    copy.touched.add("schemas/vmgen.schema.json")
    (copy.root / "sample.vm.yaml").write_text(
        "vmgen: 1\nmodule: sample\ntargets: [x86_64-unknown-linux-gnu]\ntypes:\n"
        "  TableIndex: {kind: index, of: u32}\n"
        "  Entry: {kind: struct, fields: {first: TableIndex, second: TableIndex}}\n",
        encoding="utf-8",
    )
    copy.run("vmgen", "build", "sample.vm.yaml", "-o", "out")
    table = (copy.root / "out/layout/sample.txt").read_text(encoding="utf-8")
    assert re.search(r"^  4\+4 +second: TableIndex$", table, re.MULTILINE)
    for command in (
        [need("gcc"), "-fsyntax-only", "-Wall", "-Werror", "out/c/sample.h"],
        [
            need("rustc"),
            "--edition=2021",
            "--crate-type=lib",
            "--emit=metadata",
            "out/rust/src/lib.rs",
        ],
        [sys.executable, "out/python/sample.py"],
    ):
        subprocess.run(command, cwd=copy.root, check=True)
    said = copy.run("vmgen", "layout", "sample.vm.yaml", "--format", "json")
    assert '"kind": "index"' in said
    assert len(copy.touched) <= 12
    touched = {p for p in copy.touched if p not in declarers()}
    assert touched == listed("A kind of declaration")
