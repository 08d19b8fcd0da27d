"""The module that leads to each version, and what refuses to read the wrong one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT, vmgen, write_schema

SCHEMA = """
vmgen: 1
module: engine
versions: [{of: "1.0.0..1.0.2", module: engine1}, "2.0.0", "3.0.0"]
types:
  - Store:
      kind: struct
      fields:
        - magic: {type: u32, value: MAGIC_WORD}
        - state: {type: u32, since: "2"}
        - root: VmPtr<Node>
        - next: Option<VmPtr<Node>>
        - inner: {type: Inner, since: "3"}
        - held: {type: Held, since: "3"}
        - id: {type: NonZeroU32, since: "3", allow: {non-zero-integer: zero is nobody}}
  - Inner: {kind: struct, since: "3", fields: {data: VmPtr<u8>}}
  - Held: {kind: enum, tag: u32, since: "3", variants: [Empty, {Full: {value: 7, type: u32}}]}
  - Node: {kind: struct, fields: {count: u64}}
constants: {MAGIC_WORD: {type: u32, bytes: core}}
"""
CONFIG = """
[tool.vmgen]
schemas = ["engine.vm.yaml"]
languages = ["python"]
out = "."
versions = ["*"]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    write_schema(folder, SCHEMA, "engine.vm.yaml")
    (folder / "pyproject.toml").write_text(CONFIG)
    ran = vmgen("build", cwd=folder)
    assert ran.code == 0, ran.out
    return folder / "python"


def run(project: Path, program: str, cwd: Path | None = None) -> str:
    ran = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(project)!r})\n{program}"],
        capture_output=True,
        text=True,
        cwd=cwd,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_each_release_has_the_module_of_its_version(project: Path) -> None:
    said = run(
        project,
        """
import engine, sys
assert not [m for m in sys.modules if m.startswith("engine") and m != "engine"]
for version in ("1.0.0", "1.0.2", "2.0.0", "3.0.0"):
    module = engine.at(version)
    print(version, module.__name__, hasattr(module.Store, "state"), hasattr(module, "Inner"))
""",
    )
    assert said == """\
1.0.0 engine1 False False
1.0.2 engine1 False False
2.0.0 engine_2 True False
3.0.0 engine_3 True True
"""


REFUSED = """
import engine
from vmgen_runtime import WrongVersion
def tried(what):
    try:
        what()
    except WrongVersion as error:
        print(error)
    else:
        print("taken")
two = engine.at("2.0.0").LAYOUT_FINGERPRINT
tried(lambda: engine.at("1.0.3"))
tried(lambda: engine.at("2.0"))
tried(lambda: engine.at("new"))
tried(lambda: engine.at("2.0.0", two))
tried(lambda: engine.at("1.0.0", two))
tried(lambda: engine.at("1.0.0", 5))
print(engine.VERSIONS.of_fingerprint(two))
"""


def test_what_is_no_such_version_is_refused(project: Path) -> None:
    said = run(project, REFUSED).splitlines()
    assert said[:4] == [
        "there are no bindings of engine 1.0.3; the nearest 1.0.2 and 2.0.0",
        "there are no bindings of engine 2.0; the nearest 1.0.2 and 2.0.0",
        "`new` is no version, as 3.0.0 is one",
        "taken",
    ]
    assert said[4].startswith("the layouts have the fingerprint 0x")
    assert said[4].endswith(" here; 2.0.0 has that")
    assert said[5].endswith(" here; no version that there are bindings of has that")
    assert said[6] == "2.0.0"


LOOKED_AT = """
import ctypes, engine
from vmgen_runtime import WrongVersion, checked, refuse_implausible
store = engine.at("3.0.0").Store
memory = (ctypes.c_uint64 * 8)()
at = ctypes.addressof(memory)
def tried(*words):
    memory[:6] = (*words, *(0, 1)[len(words) - 4 :])
    try:
        checked(store, at)
    except WrongVersion as error:
        print(str(error).partition(": ")[2])
    else:
        print("taken")
core = int.from_bytes(b"core", "little")
tried(core, at, 0, at + 1, 0)
tried(core + (7 << 32), at, at + 8, at, 0)
tried(core + 1, at, 0, at, 0)
tried(core, 0, 0, at, 0)
tried(core, (at | 15) - 11, 0, at, 0)
tried(core, at, 8, at, 0)
tried(core, at, 0, 1 << 60, 0)
tried(core, at, 0, at, 7)
tried(core, at, 0, at, 3)
tried(core, at, 0, at, 7, 0)
try:
    checked(store, 1 << 50)
except WrongVersion as error:
    print(error)
memory[:6] = core, at, 0, at, 0, 1
live = store.at(at)
refuse_implausible(live)
memory[1] = 0
try:
    refuse_implausible(live)
except WrongVersion:
    print("refused")
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux reads its own memory safely"
)
@pytest.mark.skipif(sys.byteorder != "little", reason="the words are written as such")
def test_a_record_is_looked_at_before_a_pointer_is_followed(project: Path) -> None:
    said = run(project, LOOKED_AT)
    assert re.sub("0x7[0-9a-f]*4,", "ODD,", said) == """\
taken
taken
`Store.magic` is 0x65726f64, and always 0x65726f63
`Store.root` is null, and never is
`Store.root` is ODD, which is no multiple of 8
`Store.next` is 0x8, where nothing can be read
`Store.inner.data` is 0x1000000000000000, where nothing can be read
taken
`Store.held.tag` is 3, which no variant is
`Store.id` is 0, and never is
no Store is at 0x4000000000000: nothing can be read
refused
"""


def test_a_type_checker_knows_the_classes_of_each_version(
    project: Path, tmp_path: Path
) -> None:
    program = tmp_path / "use.py"
    program.write_text("""\
import engine

old = engine.at("1.0.1").Store
new = engine.at("3.0.0")
reveal_type(old.at(4096).root.deref().count)
reveal_type(new.Inner.at(4096).data)
engine.at("2.0.0").Inner


def of(version: str) -> int:
    return int(engine.at(version).Store.at(4096).state)
""")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", str(program)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"MYPYPATH": str(project), "PATH": "", "MYPY_CACHE_DIR": str(tmp_path / "cache")},
    )  # fmt: skip
    lines = [line.partition(": ")[2] for line in ran.stdout.splitlines()]
    assert lines[:3] == [
        'note: Revealed type is "int"',
        'note: Revealed type is "vmgen_runtime.pointers.VmPtr[vmgen_runtime.scalars.u8]"',
        'error: "type[_engine_2]" has no attribute "Inner"  [attr-defined]',
    ], (
        ran.stdout + ran.stderr
    )
    assert lines[3:] == [""]


def test_the_entry_is_as_black_writes_it(project: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "black",
            "--check",
            "--quiet",
            str(project / "engine.py"),
        ]
    )
    assert ran.returncode == 0


def test_a_build_id_is_read_of_an_elf_file() -> None:
    from vmgen.languages.python.runtime.plausible import build_id

    assert build_id(__file__) is None
    library = Path(sys.executable).resolve()
    found = build_id(str(library))
    if found is not None:
        assert len(found) >= 16
        assert bytes.fromhex(found) in library.read_bytes()
