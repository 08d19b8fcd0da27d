"""A language that a package brings along: found, configured, compiled, and what happens
when it is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT, missing, vmgen, vmgen_process
from vmgen.cli.candidates import candidates
from vmgen.languages import registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "tests" / "languages" / "vmgen_zig"
TORTURE = ROOT / "tests" / "schemas" / "good" / "torture.vm.yaml"
SCHEMA = """\
vmgen: 1
module: sample
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu]
types:
  Store: {kind: struct, fields: {base: VmPtr<u8>, length: u64, align: u32}}
"""
ZIG_OF = {
    "x86_64-unknown-linux-gnu": "x86_64-linux-gnu",
    "i686-unknown-linux-gnu": "x86-linux-gnu",
    "s390x-unknown-linux-gnu": "s390x-linux-gnu",
    "thumbv7em-none-eabihf": "thumb-freestanding-eabihf",
}


def install(folder: Path, name: str, value: str) -> None:
    """Write the entry point of a language, as installing its package would."""
    info = folder / f"vmgen_{name}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: vmgen_{name}\nVersion: 1\n"
    )
    (info / "entry_points.txt").write_text(f"[vmgen.languages]\n{name} = {value}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages are installed into."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    registry.forget()
    before = {*sys.modules}
    yield site
    registry.forget()
    for name in {*sys.modules} - before:
        if name.startswith("vmgen_"):
            del sys.modules[name]


@pytest.fixture
def project(tmp_path: Path, site: Path) -> Path:
    """A project that has a schema, and Zig installed."""
    shutil.copytree(PACKAGE, site / "vmgen_zig")
    install(site, "zig", "vmgen_zig:Zig")
    project = tmp_path / "project"
    project.mkdir()
    (project / "sample.vm.yaml").write_text(SCHEMA)
    return project


def zig(file: Path, target: str, cache: Path) -> str:
    """What Zig's compiler says of a file; nothing if it takes it."""
    try:
        import ziglang  # noqa: F401
    except ImportError:
        missing("the package ziglang is not installed")
    command = [sys.executable, "-m", "ziglang", "build-obj", "-fno-emit-bin"]
    command += ["-target", ZIG_OF[target], "--cache-dir", cache, file.name]
    done = subprocess.run(
        [*command, "--global-cache-dir", cache],
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == (done.stderr == ""), done.stderr
    return done.stderr


@pytest.mark.parametrize("target", ZIG_OF)
def test_zig_takes_every_record_of_the_torture_schema(
    project: Path, tmp_path: Path, target: str
) -> None:
    ran = vmgen("build", str(TORTURE), "--lang", "zig", "-o", "out", cwd=project)
    assert (ran.code, ran.err) == (0, "")
    assert zig(project / "out/zig/torture.zig", target, tmp_path / "zig") == ""


def test_zig_refuses_an_offset_that_is_not_its_own(
    project: Path, tmp_path: Path
) -> None:
    vmgen("build", "sample.vm.yaml", "--lang", "zig", "-o", "out", cwd=project)
    file = project / "out/zig/sample.zig"
    text = file.read_text()
    row = '"Store.length", @offsetOf(Store, "length"), &.{ 8, 4, 8 }'
    assert row in text
    file.write_text(text.replace(row, row.replace("8, 4", "8, 8")))
    assert zig(file, "x86_64-unknown-linux-gnu", tmp_path / "zig") == ""
    said = zig(file, "i686-unknown-linux-gnu", tmp_path / "zig")
    assert "error: Store.length" in said


def test_modules_use_one_another_in_it(project: Path, tmp_path: Path) -> None:
    (project / "user.vm.yaml").write_text(
        "vmgen: 1\nmodule: user\nuses: [sample.vm.yaml]\n"
        "targets: [x86_64-unknown-linux-gnu]\n"
        "types: {Pair: {kind: struct, fields: {a: Store, b: Store}}}\n"
    )
    ran = vmgen("build", "user.vm.yaml", "--lang", "zig", "-o", "out", cwd=project)
    assert (ran.code, ran.err) == (0, ""), ran.out
    file = project / "out/zig/user.zig"
    assert 'pub const Store = @import("sample.zig").Store;' in file.read_text()
    assert zig(file, "x86_64-unknown-linux-gnu", tmp_path / "zig") == ""


def test_a_project_chooses_and_configures_it(project: Path) -> None:
    config = project / "pyproject.toml"
    config.write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["zig", "c"]\n'
        '[tool.vmgen.zig]\nfile = "layout"\n'
    )
    assert vmgen("build", cwd=project).out == (
        "new      generated/c/sample.h\nnew      generated/c/vmgen.h\n"
        "new      generated/zig/layout.zig\n3 files changed, 0 as they were\n"
    )
    assert vmgen("build", "--check", cwd=project).out == "3 files, nothing to change\n"
    # A file that is made no longer is removed.
    config.write_text(config.read_text().replace("layout", "records"))
    assert vmgen("build", cwd=project).out == (
        "new      generated/zig/records.zig\nremoved  generated/zig/layout.zig\n"
        "2 files changed, 2 as they were\n"
    )
    config.write_text(config.read_text().replace("records", "a.b"))
    ran = vmgen("build", cwd=project)
    where = f"{project / 'pyproject.toml'}: `tool.vmgen.zig.file`"
    assert (ran.code, ran.err) == (
        2,
        f"vmgen: {where} is not the name of a file, as `layout`\n",
    )


def test_a_changed_package_is_no_build_with_nothing_to_do(
    project: Path, site: Path
) -> None:
    call = ("build", "sample.vm.yaml", "--lang", "zig", "-o", "out")
    path = {"PYTHONPATH": str(site)}
    assert vmgen_process(*call, cwd=project, **path).code == 0
    said = "1 file, nothing to change\n"
    assert vmgen_process(*call, cwd=project, **path).out == said
    template = site / "vmgen_zig/templates/module.zig.j2"
    template.write_text(template.read_text() + "// A line more.\n")
    assert vmgen_process(*call, cwd=project, **path).out == (
        "changed  out/zig/sample.zig\n1 file changed, 0 as they were\n"
    )


def test_completion_offers_it(project: Path) -> None:
    offered = [c.word for c in candidates(["build", "--lang", "c,"])]
    assert offered == ["c,rust", "c,python", "c,layout", "c,gdb", "c,lldb", "c,zig"]


BASE = """\
from vmgen.languages.job import Output
from vmgen.languages.language import Language
"""
BROKEN = BASE + """
class Broken(Language):
    name = "broken"
    def module_files(self, job):
        {}
"""


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nothing_of_this_name\n",
         "--lang: the language `broken` (vmgen_broken:Broken) doesn't load: "
         "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("raise SystemExit(3)\n",
         "--lang: the language `broken` (vmgen_broken:Broken) doesn't load: SystemExit: 3"),
        ("Broken = 1\n",
         "--lang: the language `broken` is no subclass of vmgen.languages.language.Language"),
        (BASE + "class Broken(Language):\n    name = 'other'\n",
         "--lang: the language `broken` doesn't say that this is its `name`"),
        (BASE + "class Broken(Language):\n    name = 'broken'\n",
         "--lang: the language `broken` can't be made: TypeError: Can't instantiate "
         "abstract class Broken with abstract method module_files"),
        (BROKEN.format("return [job.nothing]"),
         "the language `broken` failed: AttributeError: 'Job' object has no attribute 'nothing'"),
        (BROKEN.format("return None"),
         "the language `broken` failed: TypeError: 'NoneType' object is not iterable"),
        (BROKEN.format("return ['text']"),
         "the language `broken` made a str, which is no vmgen.languages.job.Output"),
        (BROKEN.format("return [Output('../sample.x', '')]"),
         "the language `broken` made the path `../sample.x`, which is not below `broken/`"),
        (BROKEN.format("return [Output('broken/../sample.x', '')]"),
         "the language `broken` made the path `broken/../sample.x`, which is not below `broken/`"),
        (BROKEN.format("return [Output('broken/sample.x', 1)]"),
         "the language `broken` made the file `broken/sample.x`, whose text is no str"),
        (BROKEN.format("return [Output(1, '')]"),
         "the language `broken` made a file whose path is no str: 1"),
        (BROKEN.format("return [Output('broken/sample.x', '\\ud800')]"),
         "the language `broken` made the file `broken/sample.x`, which can't be written as UTF-8"),
        (BROKEN.format("return [Output('broken/x', '// @generated by vmgen. Do not edit.')] * 2"),
         "the language `broken` made the file `broken/x` twice"),
        (BROKEN.format("return ()") + "    def words(self):\n        return 1 / 0\n",
         "the language `broken` failed: ZeroDivisionError: division by zero"),
        (BROKEN.format("return ()") + "    def derived(self, module):\n        return 1 / 0\n",
         "the language `broken` failed: ZeroDivisionError: division by zero"),
        (BROKEN.format("return [Output('broken/sample.x', 'mine')]"),
         "the language `broken` made the file `broken/sample.x`, which doesn't begin with the "
         "lines of vmgen.languages.header as a comment"),
        (BROKEN.format("return ()") + "    needs = ('c', 'cpp')\n",
         "--lang: the language `broken` needs `cpp`, which isn't there"),
        (BROKEN.format("return ()") + "    needs = None\n",
         "--lang: the language `broken` failed: TypeError: 'NoneType' object is not iterable"),
    ],
)  # fmt: skip
def test_a_language_that_is_wrong_stops_a_build_by_its_name(
    project: Path, site: Path, code: str, message: str
) -> None:
    (site / "vmgen_broken.py").write_text(code)
    install(site, "broken", "vmgen_broken:Broken")
    call = ("build", "sample.vm.yaml", "--lang", "c,broken", "-o", "out")
    ran = vmgen(*call, cwd=project)
    assert (ran.code, ran.out, ran.err) == (2, "", f"vmgen: {message}\n")
    assert not (project / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("{'key': Option('(', 'a key')}",
         "PatternError" if sys.version_info >= (3, 13) else "error: missing ), unterminated"),
        ("1", "AttributeError: 'int' object has no attribute 'values'"),
    ],
)  # fmt: skip
def test_options_that_are_wrong_are_told_by_its_name(
    project: Path, site: Path, options: str, message: str
) -> None:
    code = BASE.replace("import Language", "import Language, Option") + (
        "class Broken(Language):\n    name = 'broken'\n"
        f"    options = {options}\n    def module_files(self, job): ...\n"
    )
    (site / "vmgen_broken.py").write_text(code)
    install(site, "broken", "vmgen_broken:Broken")
    (project / "pyproject.toml").write_text("[tool.vmgen.broken]\nkey = 'value'\n")
    ran = vmgen("check", "sample.vm.yaml", cwd=project)
    assert ran.code == 2
    where = f"{project / 'pyproject.toml'}: [tool.vmgen.broken]"
    assert ran.err.startswith(
        f"vmgen: {where}: the language `broken` failed: {message}"
    )


def test_a_name_that_two_packages_have_is_no_language(
    project: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.syspath_prepend(other)
    install(other, "zig", "vmgen_other:Zig")
    (other / "vmgen_zig-1.dist-info").rename(other / "vmgen_other-1.dist-info")
    metadata = other / "vmgen_other-1.dist-info" / "METADATA"
    metadata.write_text("Metadata-Version: 2.1\nName: vmgen_other\nVersion: 1\n")
    ran = vmgen("build", "sample.vm.yaml", "--lang", "zig", "-o", "out", cwd=project)
    assert (ran.code, ran.err) == (
        2,
        "vmgen: --lang: several packages have a language `zig`: "
        "vmgen_other:Zig, vmgen_zig:Zig\n",
    )


def test_one_that_is_wrong_is_asked_nothing_by_a_build_without_it(
    project: Path, site: Path
) -> None:
    (site / "vmgen_broken.py").write_text("raise ValueError\n")
    install(site, "broken", "vmgen_broken:Broken")
    ran = vmgen("build", "sample.vm.yaml", "--lang", "zig", "-o", "out", cwd=project)
    assert (ran.code, ran.err) == (0, "")
    (project / "pyproject.toml").write_text("[tool.vmgen.broken]\nkey = 'value'\n")
    ran = vmgen("check", "sample.vm.yaml", cwd=project)
    assert ran.code == 2
    assert "[tool.vmgen.broken]: the language `broken` (vmgen_broken" in ran.err


WORDY = """\
from vmgen.languages.language import Language
from vmgen.languages.words import Derived, Taken, Words, names

class Wordy(Language):
    name = "wordy"
    def words(self):
        taken = Taken(names("length"), "a method of every record in Wordy")
        return Words("Wordy", {"Wordy": names("base align")}, {"field": (taken,)})
    def derived(self, module):
        for name, declared in module.own_types.items():
            yield Derived(f"{name}List", name, declared.span, f"Wordy's list of `{name}`")
    def module_files(self, job):
        return ()
"""


def test_rules_ask_it_for_the_names_that_it_needs(project: Path, site: Path) -> None:
    (site / "vmgen_wordy.py").write_text(WORDY)
    install(site, "wordy", "vmgen_wordy:Wordy")
    (project / "pyproject.toml").write_text('[tool.vmgen]\nlanguages = ["wordy"]\n')
    schema = project / "sample.vm.yaml"
    schema.write_text(f"{SCHEMA}  StoreList: {{kind: newtype, of: u32}}\n")
    call = ("check", "sample.vm.yaml", "--format", "concise")
    assert vmgen(*call, cwd=project).out.splitlines()[:4] == [
        "sample.vm.yaml:5:34: error: VM011 `base` is a keyword of Wordy",
        "sample.vm.yaml:5:51: error: VM011 `length` is a method of every record in Wordy",
        "sample.vm.yaml:5:64: error: VM011 `align` is a keyword of Wordy",
        "sample.vm.yaml:6:3: error: VM012 `StoreList` is also Wordy's list of `Store`",
    ]
    (project / "pyproject.toml").write_text('[tool.vmgen]\nlanguages = ["c"]\n')
    assert "error" not in vmgen(*call, cwd=project).out
