"""The command line as a whole: help, usage, configuration, and no traceback ever."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.support import ROOT, vmgen, write_schema
from vmgen.cli.arguments import parse
from vmgen.cli.commands import COMMANDS, module_of

SCHEMA = "types:\n  Point: {kind: struct, fields: {x: u32, y: u32}}\n"


def test_no_command_prints_the_help_and_is_a_usage_error(tmp_path: Path) -> None:
    ran = vmgen(cwd=tmp_path)
    assert ran.code == 2
    for command in ("build", "check", "layout", "explain", "targets", "schema", "init"):
        assert f"    {command} " in ran.out


def test_help_is_no_error(tmp_path: Path) -> None:
    assert vmgen("--help", cwd=tmp_path).code == 0
    assert vmgen("build", "--help", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    "arguments",
    [("bild",), ("build", "--nothing"), ("check", "--format", "xml"), ("completion",)],
)
def test_a_wrong_call_is_told_on_standard_error(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ran = vmgen(*arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("usage: vmgen")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_parser_finds_nothing_but_what_was_said(name: str) -> None:
    """So that the defaults, which need no parser, stand in one place."""
    command = import_module(module_of(name))
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    command.add_arguments(parser)
    fields = set(command.Arguments.__struct_fields__) - {"said"}
    actions = [a for a in parser._actions if not isinstance(a, argparse._HelpAction)]
    assert {action.dest for action in actions} == fields
    assert {action.default for action in actions} <= {argparse.SUPPRESS}


@pytest.mark.parametrize(
    ("call", "mixed"),
    [
        ("layout a.vm.yaml One Two --format json", "layout a.vm.yaml --format json One Two"),
        ("layout a.vm.yaml One Two --format json", "layout a.vm.yaml One --format json Two"),
        ("check a.vm.yaml b.vm.yaml --strict", "check a.vm.yaml --strict b.vm.yaml"),
        ("build a.vm.yaml b.vm.yaml --list-outputs", "build a.vm.yaml --list-outputs b.vm.yaml"),
        ("diff a.vm.yaml b.vm.yaml --format json", "diff a.vm.yaml --format json b.vm.yaml"),
        ("targets i686-* aarch64-* --models", "targets i686-* --models aarch64-*"),
        ("import c a.h b.h --type One", "import --type One c a.h b.h"),
        ("import c a.h b.h --type One", "import c --type One a.h b.h"),
        ("import c a.h b.h --type One", "import c a.h --type One b.h"),
        ("layout -- --odd --name", "layout -- --odd --name"),
        ("layout --format json -- a --odd", "layout --format json -- a --odd"),
    ],
)  # fmt: skip
def test_options_may_stand_anywhere(call: str, mixed: str) -> None:
    def said(line: str) -> dict[str, object]:
        name, *words = line.split()
        args = parse(name, "", import_module(module_of(name)), words)
        return {f: getattr(args, f) for f in args.__struct_fields__ if f != "said"}

    assert said(mixed) == said(call)


def test_languages_may_be_named_one_by_one(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA, "a.vm.yaml")
    both = ("build", "a.vm.yaml", "--list-outputs", "--lang")
    at_once = vmgen(*both, "c,layout", cwd=tmp_path)
    assert at_once.code == 0
    assert "c/sample.h" in at_once.out
    assert vmgen(*both, "c", "--lang", "layout", cwd=tmp_path) == at_once


def test_a_build_without_arguments_needs_no_parser(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.vmgen]\nschemas = ['a.vm.yaml']\n")
    write_schema(tmp_path, SCHEMA, "a.vm.yaml")
    script = (
        "import sys; from vmgen.cli import main; main(sys.argv[1:]); "
        "print('argparse' in sys.modules)"
    )
    for words, parsed in ([], "False"), (["--lang", "c"], "True"):
        said = subprocess.run(
            [sys.executable, "-c", script, "build", *words],
            cwd=tmp_path,
            env={**os.environ, "VMGEN_CACHE_DIR": str(tmp_path / ".cache")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert said.endswith(f"{parsed}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema = []", "[tool.vmgen] has no key `schema`, did you mean `schemas`"),
        ("schemas = 1", "`tool.vmgen.schemas` is not a list of paths"),
        ("out = 1", "`tool.vmgen.out` is not a path"),
        ('languages = ["zig"]', "`tool.vmgen.languages`: no language `zig`"),
        ("features = {gc = 1}", "`tool.vmgen.features` is not a table of true and false"),
        ("strict = 1", "`tool.vmgen.strict` is not true or false"),
        ("rust = 1", "`tool.vmgen.rust` is not a table"),
        ("rust = {runtim = 'a'}", "[tool.vmgen.rust] has no key `runtim`, did you mean `runtime`"),
        ("rust = {runtime = 1}", "`tool.vmgen.rust.runtime` is not a path of Rust, as `crate::vm`"),
        ("rust = {runtime = 'a b'}", "`tool.vmgen.rust.runtime` is not a path of Rust, as `crate::vm`"),
        ("rust = {types-out = '/tmp'}", "`tool.vmgen.rust.types-out` is not a folder below that of this file, as `crates/vm/src/generated`"),
        ("rust = {offsets-out = 'a/../../b'}", "`tool.vmgen.rust.offsets-out` is not a folder below that of this file, as `crates/vm/src/generated`"),
        ("rust = {types-out = ''}", "`tool.vmgen.rust.types-out` is not a folder below that of this file, as `crates/vm/src/generated`"),
        ("rust = {types-out = 'a/', offsets-out = 'a'}", "`tool.vmgen.rust.types-out` is not a folder below that of this file, as `crates/vm/src/generated`"),
        ("rust = {types-out = 'a/b', offsets-out = 'a', offsets = 'c'}", "`tool.vmgen.rust.types-out` is in the folder `a` of `offsets-out`; each crate needs its own"),
        ("rust = {types-out = 'a', offsets-out = 'a/b', offsets = 'c'}", "`tool.vmgen.rust.offsets-out` is in the folder `a` of `types-out`; each crate needs its own"),
        ("rust = {types-out = 'generated/rust/src', offsets-out = 'a', offsets = 'c'}", "`tool.vmgen.rust.types-out` is in the output folder `generated`; choose a folder outside of it"),
        ("rust = {offsets-out = 'a'}", "`tool.vmgen.rust.offsets` is missing: the types and the offsets are in two folders, so say by which path the types name the offsets, as `offsets = \"my_offsets::generated\"`"),
        ("rust = {offsets = 'a'}", "`tool.vmgen.rust.offsets` is for types and offsets in two folders; set `types-out` or `offsets-out`, or leave it out"),
        ("rust = {modules = 'palces'}", "`tool.vmgen.rust.modules` is not modules to make as well: `places`, `for_each` or both"),
        ("rust = {indices = 'crate::indices'}", "`tool.vmgen.rust.indices` says nothing without `modules = \"places\"`"),
        ("rust = {offsets = 'a b'}", "`tool.vmgen.rust.offsets` is not a path of Rust, as `my_offsets::generated`"),
        ("rust = {crate = 'a\"b'}", "`tool.vmgen.rust.crate` is not the name of a crate"),
        ("c = {prefix = '_a'}", "`tool.vmgen.c.prefix` is not the beginning of a name, as `wt_`"),
        ("c = {prefix = 'a__'}", "`tool.vmgen.c.prefix` is not the beginning of a name, as `wt_`"),
        ("c = {include = '../a'}", "`tool.vmgen.c.include` is not a folder below `c/`, as `wasm/runtime`"),
        ("c = {include = '/a'}", "`tool.vmgen.c.include` is not a folder below `c/`, as `wasm/runtime`"),
        ("python = {package = 'a; b'}", "`tool.vmgen.python.package` is not a dotted package, as `a.b`"),
        ("c = {llvm = '16'}", "`tool.vmgen.c.llvm` is not `true`"),
        ("python = {llvmlite = '0.49'}", "`tool.vmgen.python.llvmlite` is not a version of llvmlite that handles are made for: `0.50`"),
        ("python = {llvmlite = true}", "`tool.vmgen.python.llvmlite` is not a version of llvmlite that handles are made for: `0.50`"),
        ("schemas = [", "Invalid value"),
    ],
)  # fmt: skip
def test_a_wrong_configuration_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.vmgen]\n{text}\n")
    ran = vmgen("build", cwd=tmp_path)
    assert ran.code == 2
    assert message in ran.err


@pytest.mark.parametrize("word", ["true", "'true'"])
def test_an_option_that_is_asked_for_may_be_true_as_toml_has_it(
    tmp_path: Path, word: str
) -> None:
    write_schema(tmp_path, SCHEMA)
    (tmp_path / "pyproject.toml").write_text(f"[tool.vmgen]\nc = {{llvm = {word}}}\n")
    ran = vmgen("build", "sample.vm.yaml", "--lang", "c", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "generated" / "c" / "sample_llvm.h").exists()


def test_a_check_of_one_schema_counts_its_findings(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    ran = vmgen("check", "sample.vm.yaml", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "no findings in 1 schema\n", "")


def test_a_folder_stands_for_its_schemas(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA + "include: [part.vm.yaml]\n", "a.vm.yaml")
    write_schema(tmp_path, "vmgen: 1\ntypes: {}\n", "part.vm.yaml")
    ran = vmgen("check", ".", cwd=tmp_path)
    assert ran.out == "no findings in 1 schema\n"


@pytest.mark.parametrize(
    "text",
    [
        '"module": two',
        "module : two",
        "? module\n: two",
        "module: &name two\ndoc: *name",
        "module:\n  two",
        "\ufeffmodule: two",
        '{"vmgen": 1, "module": "two"}',
    ],
)
def test_a_module_may_be_named_in_all_the_ways_of_yaml(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.vm.yaml").write_text(
        text if "vmgen" in text else f"{text}\nvmgen: 1\n"
    )
    ran = vmgen("check", ".", "--format", "concise", cwd=tmp_path)
    assert ran.out == "no findings in 1 schema\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vmgen: 1\nmodul: two\n", "a schema needs the key `module`"),
        ("vmgen: 1\ntypes: {}\n", "a schema needs the key `module`"),
        ("vmgen: 1\nmodule: Two\n", "`Two` can't be the name of a module"),
        ("types: {\n", "did not find expected node content"),
        ("", "the file is empty"),
    ],
)
def test_what_no_schema_includes_is_not_passed_over(
    tmp_path: Path, text: str, said: str
) -> None:
    write_schema(tmp_path, SCHEMA, "a.vm.yaml")
    (tmp_path / "b.vm.yaml").write_text(text)
    ran = vmgen("check", ".", "--format", "concise", cwd=tmp_path)
    assert ran.code == 1
    assert said in ran.out


@pytest.mark.parametrize("command", ["check", "build", "layout", "doc"])
def test_a_schema_that_is_not_there_is_no_finding(tmp_path: Path, command: str) -> None:
    ran = vmgen(command, "none.vm.yaml", cwd=tmp_path)
    said = "vmgen: can't read `none.vm.yaml`: no such file or directory\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)


def test_only_what_is_missing_is_called_missing(tmp_path: Path) -> None:
    said = vmgen("completion", cwd=tmp_path).err
    assert said.endswith("the following arguments are required: shell\n")


def test_an_empty_path_is_not_the_current_folder(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    ran = vmgen("build", "", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (2, "", "vmgen: a schema's path is empty\n")


def test_a_feature_that_no_schema_has_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.vmgen]\nschemas = ['*.vm.yaml']\nfeatures = {gcc = false}\n"
    )
    write_schema(tmp_path, "features: {gc: true}\n" + SCHEMA, "a.vm.yaml")
    for command in "check", "build":
        ran = vmgen(command, cwd=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.endswith(
            "pyproject.toml: no schema has the feature `gcc`, did you mean `gc`\n"
        )
    assert vmgen("check", "a.vm.yaml", cwd=tmp_path).code == 0


def test_two_schemas_of_one_module_are_refused(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA, "a.vm.yaml")
    write_schema(tmp_path, SCHEMA, "b.vm.yaml")
    ran = vmgen("check", "a.vm.yaml", "b.vm.yaml", "--format", "concise", cwd=tmp_path)
    assert ran.code == 1
    assert ran.out == (
        "b.vm.yaml:2:9: error: VM017 the module `sample` is described twice\n"
        "1 error in 2 schemas\n"
    )


def test_what_is_wrong_with_a_shared_fragment_is_told_once(tmp_path: Path) -> None:
    part = "vmgen: 1\ntypes:\n  P: {kind: struct, fields: {errno: u8}}\n"
    (tmp_path / "part.vm.yaml").write_text(part)
    for name in "ab":
        text = f"vmgen: 1\nmodule: {name}\ninclude: [part.vm.yaml]\n"
        text += "allow: {declared-in-two-modules: for the test}\n"
        write_schema(tmp_path, text, f"{name}.vm.yaml")
    ran = vmgen("check", "a.vm.yaml", "b.vm.yaml", "--format", "concise", cwd=tmp_path)
    assert ran.out.splitlines()[-1] == "1 warning in 2 schemas"
    ran = vmgen("build", "a.vm.yaml", "b.vm.yaml", cwd=tmp_path)
    assert ran.out.endswith("; 1 warning, see `vmgen check`\n")


def test_findings_are_all_reported_at_once_and_sorted(tmp_path: Path) -> None:
    write_schema(
        tmp_path,
        """\
        types:
          B: {kind: struct, fields: {x: bool, y: Missing}}
          A: {kind: struct, fields: {z: "*mut u8"}}
        """,
    )
    ran = vmgen("check", "sample.vm.yaml", "--format", "concise", cwd=tmp_path)
    assert ran.code == 1
    codes = [line.split()[2] for line in ran.out.splitlines()[:-1]]
    assert codes == ["VM101", "VM008", "VM102"]


def test_findings_as_json_have_places(tmp_path: Path) -> None:
    write_schema(tmp_path, "types:\n  A: {kind: struct, fields: {x: Missing}}\n")
    ran = vmgen("check", "sample.vm.yaml", "--format", "json", cwd=tmp_path)
    assert ran.code == 1
    (found,) = json.loads(ran.out)
    assert found == {
        "code": "VM008",
        "severity": "error",
        "message": "no type is named `Missing`",
        "path": "sample.vm.yaml",
        "line": 4,
        "column": 33,
        "end_line": 4,
        "end_column": 40,
        "notes": [],
        "helps": [],
    }


def test_targets_can_be_listed_and_filtered(tmp_path: Path) -> None:
    ran = vmgen("targets", "i686-*-linux-gnu", cwd=tmp_path)
    assert ran.code == 0
    assert ran.out.splitlines()[1].split()[0] == "i686-unknown-linux-gnu"
    assert len(vmgen("targets", cwd=tmp_path).out.splitlines()) > 300


def test_an_unknown_target_is_told(tmp_path: Path) -> None:
    ran = vmgen("targets", "x86_64-unknown-linux-gun", cwd=tmp_path)
    assert ran.code == 2
    assert "unknown target `x86_64-unknown-linux-gun`, did you mean " in ran.err


STREAMS = """
import os, sys
for number in {closed}:
    os.close(number)
if {full}:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
os.execv(sys.executable, [sys.executable, "-m", "vmgen", *sys.argv[1:]])
"""


def with_streams(
    folder: Path, *arguments: str, closed: tuple[int, ...] = (), full: bool = False
) -> tuple[int, str]:
    """The exit code and standard error of a call whose output can't be written."""
    done = subprocess.run(
        [sys.executable, "-c", STREAMS.format(closed=closed, full=full), *arguments],
        cwd=folder,
        env={**os.environ, "VMGEN_CACHE_DIR": str(folder / ".cache")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_closed_streams_are_no_fault(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA, "a.vm.yaml")
    for words in (
        ["check", "a.vm.yaml"],
        ["build", "a.vm.yaml"],
        ["layout", "a.vm.yaml"],
        ["--help"],
    ):
        assert with_streams(tmp_path, *words, closed=(1,)) == (0, "")
    assert with_streams(tmp_path, "build", closed=(2,))[0] == 2
    assert with_streams(tmp_path, "build", closed=(1, 2))[0] == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_that_can_not_be_written_is_told_once(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA, "a.vm.yaml")
    for words in ["check", "a.vm.yaml"], ["build", "a.vm.yaml"], ["build", "a.vm.yaml"]:
        code, said = with_streams(tmp_path, *words, full=True)
        assert code == 2
        assert re.fullmatch("vmgen: (can't write: )?no space left on device\n", said)


SENT = "import sys; sys.path.insert(0, {folder!r}); import {module}; " + (
    "from vmgen.cli import run_and_exit; run_and_exit()"
)
INTERRUPTING = """
import os, signal, sys

# A shell has what it runs behind it ignore interrupts, and so do their children.
signal.signal(signal.SIGINT, signal.default_int_handler)

class Dying:
    def __del__(self):
        # What is raised here goes no further.
        os.kill(os.getpid(), signal.SIGINT)

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            Dying()

sys.meta_path.insert(0, Interrupting())
"""


@pytest.mark.parametrize(
    "name",
    [
        "vmgen.build.stamp",
        "vmgen.build.cache",
        "vmgen.cli.commands",
        "msgspec",
        "vmgen.cli.build",
        "vmgen.build.pipeline",
        "jinja2",
        "vmgen.build.write",
    ],
)
def test_an_interrupt_is_no_fault_however_early(tmp_path: Path, name: str) -> None:
    write_schema(tmp_path, SCHEMA)
    (tmp_path / "interrupting.py").write_text(INTERRUPTING.format(name=name))
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            SENT.format(folder=str(tmp_path), module="interrupting"),
            *("build", "sample.vm.yaml", "-o", "out"),
        ],
        cwd=tmp_path,
        env={**os.environ, "VMGEN_CACHE_DIR": str(tmp_path / ".cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert not (tmp_path / "out").exists()


READER = """
import subprocess, sys
command = subprocess.Popen(
    [sys.executable, "-m", "vmgen", *sys.argv[1:]], stdout=subprocess.PIPE
)
command.stdout.readline()
command.stdout.close()
sys.exit(command.wait())
"""


@pytest.mark.parametrize(
    ("unbuffered", "words"),
    [
        ("", ("build", "--diff", "large.vm.yaml", "-o", "out")),
        ("", ("check", "wrong.vm.yaml")),
        ("", ("layout", "large.vm.yaml", "--format", "json")),
        ("1", ("layout", "large.vm.yaml", "--format", "json")),
    ],
)
def test_a_reader_that_has_seen_enough_ends_a_command_quietly(
    tmp_path: Path, unbuffered: str, words: tuple[str, ...]
) -> None:
    """As with `head -1`; each of these says more than a pipe holds."""
    fields = "".join(f"      f{n}: u32\n" for n in range(4000))
    large = f"types:\n  Large:\n    kind: struct\n    fields:\n{fields}"
    write_schema(tmp_path, large, "large.vm.yaml")
    write_schema(tmp_path, large.replace("u32", "bool"), "wrong.vm.yaml")
    done = subprocess.run(
        [sys.executable, "-c", READER, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (141, "")


def test_a_reader_of_complaints_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    source, sink = os.pipe()
    os.close(source)
    done = subprocess.run(
        [sys.executable, "-m", "vmgen", "check", "none.vm.yaml"],
        cwd=tmp_path,
        stderr=sink,
        check=False,
    )
    os.close(sink)
    assert done.returncode == 141


def test_files_are_not_opened_in_the_places_of_closed_streams(tmp_path: Path) -> None:
    """Or else what is said would be written into them."""
    script = """
import os, sys
for number in 0, 1, 2:
    os.close(number)
sys.stdout = sys.stderr = None
import vmgen.cli

def note():
    with open("first", "w") as file:
        os.write(1, b"said")
        os.write(2, b"said")
        file.write(str(file.fileno()))
    print("said")
    return 0

vmgen.cli.main = note
vmgen.cli.run_and_exit()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0
    assert (tmp_path / "first").read_text() == "3"


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are of no use")
@pytest.mark.parametrize("mebibytes", [10, 20, 40])
def test_a_limit_on_memory_is_told_as_one(tmp_path: Path, mebibytes: int) -> None:
    """Whichever part finds no room: the loader, an import, the reader, a language."""
    fields = "".join(f"      f{n}: u32\n" for n in range(20_000))
    write_schema(tmp_path, f"types:\n  Large:\n    kind: struct\n    fields:\n{fields}")
    script = """
import resource, sys
from pathlib import Path
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = used + int(sys.argv.pop(1)) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from vmgen.cli import run_and_exit
run_and_exit()
"""
    words = ["build", "sample.vm.yaml", "-o", "out"]
    done = subprocess.run(
        [sys.executable, "-c", script, str(mebibytes), *words],
        cwd=tmp_path,
        env={**os.environ, "VMGEN_CACHE_DIR": str(tmp_path / ".cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "vmgen: not enough memory\n"
    assert not (tmp_path / "out").exists()
