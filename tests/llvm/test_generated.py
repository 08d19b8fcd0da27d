"""Modules of handles: when they are made, what black and mypy say, several modules."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import black
import pytest
from llvmlite import ir

from tests.llvm.generated import MODULES, handles, known, package
from tests.llvm.jit import HOST, POINTER, VOID, function, module_for, optimised
from tests.python.generated import import_from, loaded, texts
from tests.support import ROOT, vmgen

if TYPE_CHECKING:
    from pathlib import Path

MODE = black.Mode(target_versions={black.TargetVersion.PY310})
PROJECT = '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["python"]\n'
ASKED = PROJECT + '[tool.vmgen.python]\nllvmlite = "0.50"\n'

COMMON = """\
vmgen: 1
module: common
types:
  Header: {kind: struct, fields: {tag: u32, next: Option<VmPtr<Header>>}}
  Slot: {kind: struct, fields: {word: u64}}
"""
OWNER = """\
vmgen: 1
module: owner
uses: [common.vm.yaml]
types:
  Owner:
    kind: struct
    fields: {header: Header, first: VmPtr<Slot>, own: u32}
  Slots:
    kind: context
    counts: [n]
    fields: {magic: u32}
    regions:
      slots:
        type: "[Slot; n]"
        align: none
        allow: {misaligned-region: to be seen here}
"""
USER = """\
from owner_llvm import Handles

vm = Handles("x86_64-unknown-linux-gnu")


def emit(builder: object, base: object) -> None:
    vm.Owner.header.tag.load(builder, base)
    vm.Owner.first.deref().word.store(builder, base, base)
    vm.Slots.with_counts(n=3).slots[1].word.load(builder, base)
    for slot in vm.Owner.first.array(3):
        slot.word.address(builder, base)
    vm.Owner.header.load(builder, base)
    vm.Owner.other.load(builder, base)
    vm.Slots.with_counts(m=3)
"""


def written(folder: Path, configuration: str) -> list[str]:
    """The Python files that a build makes of two modules."""
    (folder / "pyproject.toml").write_text(configuration, encoding="utf-8")
    for name, text in {"common": COMMON, "owner": OWNER}.items():
        (folder / f"{name}.vm.yaml").write_text(text, encoding="utf-8")
    ran = vmgen("build", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    made = folder / "generated" / "python"
    return sorted(path.relative_to(made).as_posix() for path in made.rglob("*.py"))


@pytest.fixture(scope="module")
def two_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bindings of a module and of one that uses it."""
    folder = tmp_path_factory.mktemp("two")
    written(folder, ASKED + 'package = "two_modules"\n')
    made = folder / "two_modules"
    (folder / "generated" / "python").rename(made)
    return made


def test_handles_and_what_they_need_are_made_when_they_are_asked_for(
    tmp_path: Path,
) -> None:
    asked = set(written(tmp_path, ASKED))
    plain = set(written(tmp_path, PROJECT))
    more = {name for name in asked - plain if not name.startswith("vmgen_runtime/llvm")}
    assert more == {"common_llvm.py", "owner_llvm.py"}
    assert "vmgen_runtime/llvm.py" in asked
    assert not any("llvm" in name for name in plain)


@pytest.mark.parametrize("name", MODULES)
def test_black_changes_nothing(name: str) -> None:
    made = texts(known(name), options={"llvmlite": "0.50"})
    handles = [file for file in made if "llvm" in file]
    assert f"{name}_llvm.py" in handles
    for file in handles:
        assert black.format_str(made[file], mode=MODE) == made[file], file


def test_mypy_knows_the_handles_and_what_they_lack(tmp_path: Path) -> None:
    written(tmp_path, ASKED)
    folder = tmp_path / "generated" / "python"
    (folder / "user.py").write_text(USER, encoding="utf-8")
    command = ["mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "user.py"]
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stdout.splitlines() if ": note: " not in line]
    assert said == [
        'user.py:12: error: "HeaderHandles" has no attribute "load"  [attr-defined]',
        'user.py:13: error: "OwnerHandles" has no attribute "other"  [attr-defined]',
        'user.py:14: error: Unexpected keyword argument "m" for "with_counts" of '
        '"SlotsHandles"  [call-arg]',
        "Found 3 errors in 1 file (checked 1 source file)",
    ]


def test_records_of_another_module_have_that_modules_regions(two_modules: Path) -> None:
    vm = handles(two_modules, "owner").Handles(HOST)
    module = module_for()
    made, builder = function(module, "f", VOID, POINTER)
    vm.Owner.header.tag.load(builder, made.args[0])
    vm.Owner.own.load(builder, made.args[0])
    builder.ret_void()
    text = str(module)
    for node in ('!"vmgen common"', '!"Header.tag"', '!"vmgen owner"', '!"Owner.own"'):
        assert node in text


def test_a_region_of_another_module_can_misalign_a_record(two_modules: Path) -> None:
    def align(name: str) -> int:
        slot = handles(two_modules, name).Handles(HOST)
        module = module_for()
        made, builder = function(module, "f", VOID, POINTER)
        record = slot.Owner.first.deref() if name == "owner" else slot.Slot
        return int(record.word.load(builder, made.args[0]).align)

    assert (align("common"), align("owner")) == (8, 4)


def test_no_module_may_have_the_name_of_anothers_handles(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(ASKED, encoding="utf-8")
    for name in ("common", "common_llvm"):
        text = COMMON.replace("common", name).replace("Header", f"H{len(name)}")
        (tmp_path / f"{name}.vm.yaml").write_text(
            text.replace("Slot", f"S{len(name)}"), encoding="utf-8"
        )
    ran = vmgen("build", cwd=tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines()[0] == (
        "common_llvm.vm.yaml:2:9: error[VM012]: the module `common_llvm` is named as the "
        "handles for llvmlite of the module `common`"
    )


SAID = """\
vmgen: 1
module: said
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
types:
  Inner: {kind: struct, fields: {first: u32, last: {type: u64, alias: shared}}}
  Holder:
    kind: struct
    fields:
      inner: {type: Inner, access: [readonly, can_move]}
      slots: {type: "[u32; 4]", alias: {indexed: true}}
      length: {type: usize, atomic: relaxed}
      epoch:
        type: VmPtr<AtomicU64>
        points_to: {alias: epoch, atomic: acquire_release, bytes: all}
      ids: {type: VmPtr<u32>, points_to: {alias: ids, access: [readonly, can_move]}}
      fixed: {type: VmPtr<Inner>, points_to: {access: [readonly], bytes: all}}
      same: {type: VmPtr<u64>, points_to: {alias: shared}}
      page: {type: Option<VmPtr<u8>>, points_to: {bytes: 4096}}
"""
LOADED = {
    "a part of what is readonly": (
        "inner.first",
        "load i32, ptr %base, align 8, !invariant.load !0, !tbaa !3",
        "Inner.first",
    ),
    "a part of what isn't": ("slots.2", "load i32, ptr %.3, align 8, !tbaa !3", "[2]"),
    "an atomic that isn't by its type": (
        "length",
        "load atomic i64, ptr %.3 monotonic, align 8, !tbaa !2",
        "Holder.length",
    ),
    "an atomic behind a pointer": (
        "epoch.*",
        "load atomic i64, ptr %.4 acquire, align 8, !tbaa !6",
        "epoch",
    ),
    "what is readonly behind a pointer": (
        "ids.*",
        "load i32, ptr %.4, align 4, !invariant.load !3, !tbaa !6",
        "ids",
    ),
    "a part of a record that is": (
        "fixed.*.first",
        "load i32, ptr %.4, align 8, !invariant.load !3, !tbaa !7",
        "Inner.first",
    ),
    "a region that is shared": (
        "same.*",
        "load i64, ptr %.4, align 8, !tbaa !6",
        "shared",
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("said")
    (folder / "said.vm.yaml").write_text(SAID, encoding="utf-8")
    module = loaded(folder / "said.vm.yaml", "said.vm.yaml")
    return handles(package(folder, "llvm_said", module), "said")


def of(record: Any, path: str) -> Any:
    for name in path.split("."):
        if name.isdigit():
            record = record[int(name)]
        else:
            record = record.deref() if name == "*" else getattr(record, name)
    return record


@pytest.mark.parametrize(("path", "load", "region"), LOADED.values(), ids=LOADED)
def test_what_the_schema_says_of_a_part_is_said_of_its_loads(
    said: Any, path: str, load: str, region: str
) -> None:
    module = module_for()
    made, builder = function(module, "f", VOID, POINTER)
    made.args[0].name = "base"
    of(said.Handles(HOST).Holder, path).load(builder, made.args[0])
    lines = str(module).replace('"', "").splitlines()
    found = [line.split(" = ")[1] for line in lines if " = load" in line]
    assert found[-1] == load
    assert any(line.startswith("!") and f"!{region}" in line for line in lines) or any(
        f"slots{region}" in line for line in lines
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("epoch", "!dereferenceable !{i64 8} !align !{i64 8}"),
        ("ids", "!align !{i64 4}"),
        ("fixed", "!dereferenceable !{i64 16} !align !{i64 8}"),
        ("same", "!align !{i64 8}"),
        ("page", "!dereferenceable_or_null !{i64 4096}"),
    ],
)
def test_a_pointer_says_what_is_known_of_what_it_leads_to(
    said: Any, name: str, told: str
) -> None:
    module = module_for()
    made, builder = function(module, "f", VOID, POINTER)
    loaded = getattr(said.Handles(HOST).Holder, name).load(builder, made.args[0])
    known = [
        f"!{what} !{{{operand.operands[0].type} {operand.operands[0].constant}}}"
        for what, operand in loaded.metadata.items()
        if what in ("dereferenceable", "dereferenceable_or_null", "align")
    ]
    assert " ".join(known) == told


def test_targets_that_differ_in_a_long_alone_are_told_apart(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("longs")
    (folder / "longs.vm.yaml").write_text(
        "vmgen: 1\nmodule: longs\n"
        "targets: [x86_64-unknown-linux-gnu, x86_64-pc-windows-gnu]\ntypes:\n"
        "  A: {kind: context, counts: [n], "
        "regions: {a: '[c_long; n]', b: '[u8; n]'}}\n",
        encoding="utf-8",
    )
    module = loaded(folder / "longs.vm.yaml", "longs.vm.yaml")
    made = handles(package(folder, "llvm_longs", module), "longs")
    begins = {}
    for target in ("x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu"):
        placed = made.Handles(target).A.with_counts(n=4)
        begins[target] = placed.b[0]._place.offset
    assert [*begins.values()] == [32, 16]


LONGS = {
    "x86_64-unknown-linux-gnu": ("i8 True", "i32 True", "i64 False", "i64 True"),
    "x86_64-pc-windows-gnu": ("i8 True", "i32 True", "i32 False", "i32 True"),
    "aarch64-unknown-linux-gnu": ("i8 False", "i32 True", "i64 False", "i64 True"),
    "i686-unknown-linux-gnu": ("i8 True", "i32 True", "i32 False", "i32 True"),
    "avr-none": ("i8 True", "i16 True", "i32 False", "i32 True"),
}
"""Of C's numbers: the type, and whether it has a sign."""


def test_numbers_of_c_are_those_of_the_target(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Also of records of another module that a pointer alone leads to."""
    folder = tmp_path_factory.mktemp("of_c")
    listed = f"targets: [{', '.join(LONGS)}]\n"
    (folder / "of_c.vm.yaml").write_text(
        f"vmgen: 1\nmodule: of_c\n{listed}types:\n  A: {{kind: struct, fields: "
        "{letter: c_char, number: c_int, wide: c_ulong, row: '[c_long; 2]', "
        "longs: '*const c_long'}}\n",
        encoding="utf-8",
    )
    (folder / "user.vm.yaml").write_text(
        f"vmgen: 1\nmodule: user\nuses: [of_c.vm.yaml]\n{listed}types:\n"
        "  B: {kind: struct, fields: {far: VmPtr<A>}}\n",
        encoding="utf-8",
    )
    modules = [
        loaded(folder / f"{n}.vm.yaml", f"{n}.vm.yaml") for n in ("of_c", "user")
    ]
    made = package(folder, "llvm_of_c", *modules)
    for target, expected in LONGS.items():
        a = handles(made, "of_c").Handles(target).A
        b = handles(made, "user").Handles(target).B
        for it in (a, b.far.deref()):
            parts = (it.letter, it.number, it.wide, it.row[1])
            assert tuple(f"{p.type} {p.signed}" for p in parts) == expected, target
            assert it.row[1].mutable().signed
            assert it.row[1].cast(it.row[1].type).signed is None
            assert str(it.longs.deref().type) == expected[3].split()[0], target
            width = it.longs.deref()._width
            assert it.longs.array()[1]._place.offset == width, target
    of_c = handles(made, "of_c")
    name = of_c.Handles("x86_64-pc-windows-gnu").A._place.target.model.name
    said = f"{name} is more than one data model: name a target"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        of_c.Handles(name)


def test_how_much_there_is_depends_on_the_target(said: Any) -> None:
    target = "i686-unknown-linux-gnu"
    module = module_for(target)
    made, builder = function(module, "f", VOID, POINTER)
    said.Handles(target).Holder.fixed.load(builder, made.args[0])
    assert "!{ i64 12 }" in str(module)


def test_nothing_is_stored_to_a_part_of_what_is_readonly(said: Any) -> None:
    holder = said.Handles(HOST).Holder
    made, builder = function(module_for(), "f", VOID, POINTER)
    for part in (holder.inner.first, holder.ids.deref(), holder.fixed.deref().first):
        with pytest.raises(TypeError, match="is readonly"):
            part.store(builder, made.args[0], ir.Constant(part.type, 1))


def test_the_page_about_compilers_shows_code_that_runs(bindings: Path) -> None:
    page = (ROOT / "docs" / "compilers.md").read_text(encoding="utf-8")
    code = page.split("## LLVM, from Python")[1].split("```python\n")[1].split("```")[0]
    own = "from llvm_bindings import wasmtime42_llvm"
    assert "import wasmtime42_llvm" in code
    import_from(bindings, "wasmtime42_llvm")
    names: dict[str, Any] = {}
    exec(code.replace("import wasmtime42_llvm", own), names)
    optimised(names["module"])


def test_python_starts_without_llvmlite(two_modules: Path) -> None:
    """A module of ctypes classes doesn't import what its handles need."""
    import_from(two_modules, "owner")
    code = (
        "import sys; sys.path.insert(0, '.'); import two_modules.owner; "
        "print('llvmlite' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=two_modules.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


VERSIONS = """\
vmgen: 1
module: engine
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
versions: [{of: "1.0.0..1.0.2", module: engine1}, "2.0.0"]
types:
  - Store:
      kind: struct
      fields:
        - state: {type: u32, since: "2"}
        - fuel: u64
  - Extra: {kind: struct, since: "2", fields: {x: u8}}
"""


def test_the_handles_of_a_version_are_found_by_its_release(tmp_path: Path) -> None:
    folder = tmp_path / "handles_of_versions"
    folder.mkdir()
    (folder / "engine.vm.yaml").write_text(VERSIONS)
    (folder / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["engine.vm.yaml"]\nlanguages = ["python"]\nout = "."\n'
        'versions = ["*"]\n[tool.vmgen.python]\nllvmlite = "0.50"\n'
        'package = "handles_of_versions.python"\n'
    )
    assert vmgen("build", cwd=folder).code == 0
    made = folder / "python"
    text = (made / "engine_llvm.py").read_text()
    assert black.format_str(text, mode=black.Mode()) == text
    assert (
        '"""Handles for the versions of engine: `at("2.0.0")` is the module of one\'s."""'
        in text
    )
    use = folder / "use.py"
    use.write_text(
        "from handles_of_versions.python import engine_llvm\n"
        'old = engine_llvm.at("1.0.1").Handles("i686-unknown-linux-gnu")\n'
        'new = engine_llvm.at("2.0.0").Handles("x")\n'
        "print(old.Extra)  # type: ignore[attr-defined]\n"
        "print(old.Store.fuel, new.Extra.x)\n"
    )
    judged = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "handles_of_versions/use.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert judged.stdout == "Success: no issues found in 1 source file\n"
    sys.path.insert(0, str(tmp_path))
    try:
        entry = import_module("handles_of_versions.python.engine_llvm")
    finally:
        sys.path.remove(str(tmp_path))
    offsets = {
        release: entry.at(release).Handles("x86_64-unknown-linux-gnu").Store.fuel._place.offset
        for release in ("1.0.0", "1.0.2", "2.0.0")
    }  # fmt: skip
    assert offsets == {"1.0.0": 0, "1.0.2": 0, "2.0.0": 8}
    with pytest.raises(
        LookupError, match=r"there are no bindings of .*3\.0\.0; the nearest 2\.0\.0"
    ):
        entry.at("3.0.0")
