"""Who judges bindings on the targets that a schema names besides the host.

Each judge takes a crowd and gives the names of those at fault with what was said.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.rustc_targets import CompilerError
from tests.agreement.bindings import HOST, Rust, need_rust_target, ran, write_bindings
from tests.agreement.layouts import by_the_engine
from tests.oracle import real_core, rustc_oracle, rustc_source
from tests.oracle.clang_differences import (
    DIFFERENCES,
    REFUSED,
    has_odd_c_numbers,
    known,
)
from tests.oracle.crates import lacks_atomics
from tests.oracle.need_clang import need_libclang
from tests.random.judges import IN_C, IN_RUST, PART, blamed, compiled
from tests.support import ROOT, missing, need, proving
from vmgen.layout.models import used_columns
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.clang_oracle import Clang, Complaint
    from tests.random.crowd import Crowd, Member
    from tests.support import Ran
    from vmgen.targets.find import Target

RUST_ELSEWHERE = ("i686-unknown-linux-gnu", "riscv32imac-unknown-none-elf")
"""Targets of `strategies.TARGETS` whose library rustup installs for the tests."""


def clang(crowd: Crowd) -> dict[str, str]:
    """clang takes each header on every target that its schema names, and lays it out
    as the engine does. Where the two compilers are known to differ, it is refused."""
    oracle = need_libclang()
    named: dict[str, list[Member]] = {}
    for member in crowd.members:
        for target in _judged(member):
            named.setdefault(target, []).append(member)
    folder = crowd.bindings / "c"

    def ask(clang: Clang, target: Target) -> list[tuple[Member, Complaint]]:
        asked = (
            (m, oracle.compare(clang, target, folder, m.module, m.job.layouts))
            for m in named[target.triple]
        )
        return [(m, complaint) for m, complaint in asked if complaint]

    faults: dict[str, str] = {}
    targets = [TARGETS[triple] for triple in named]
    for target, complaints in oracle.each_target(targets, ask):
        for member, complaint in complaints:
            if not (complaint.messages and _differs(target, member)):
                faults.setdefault(member.name, f"{target.triple}: {complaint}")
    return faults


def _judged(member: Member) -> list[str]:
    """The targets on which clang can be asked about a schema. Of those that name each
    of rustc's, a target for each data model will do unless everything is proved."""
    asked = [t for t in member.targets if t in TARGETS and known(TARGETS[t])]
    if member.module.all_targets and not proving():
        asked = [*{TARGETS[t].model: t for t in reversed(asked)}.values()]
    return asked


def _differs(target: Target, member: Member) -> bool:
    """Whether clang lays out a type that the header measures unlike rustc there."""
    odd = {
        d.type
        for d in DIFFERENCES
        if d.remedy == REFUSED and fnmatchcase(target.triple, d.targets)
    }
    floats = "f64" in used_columns(member.module)
    if "VmPtr" in odd or (floats and any("f64" in type for type in odd)):
        return True
    return has_odd_c_numbers(target, member.module)


def gcc_i386(crowd: Crowd) -> dict[str, str]:
    """gcc takes the headers of schemas that name i386 Linux there as well."""
    faults: dict[str, str] = {}
    for part in _naming("i686-unknown-linux-gnu", crowd).parts(PART):
        source = "".join(f'#include "{name}.h"\n' for name in part.names)
        flags = ("-m32", "-ffreestanding", "-Wno-psabi", "-fsyntax-only")
        said = compiled("gcc", "-std=c11", part, source, *flags)
        if said.code or said.err:
            faults |= blamed(said.err, part, IN_C)
    return faults


def _naming(target: str, crowd: Crowd) -> Crowd:
    """Those of a crowd that name a target."""
    return crowd.only(m for m in crowd.members if target in m.targets)


def rustc_layouts(crowd: Crowd) -> dict[str, str]:
    """rustc lays types out as the engine does, on a target of every layout class."""
    need("rustc")
    faults: dict[str, str] = {}
    known = crowd.only(m for m in crowd.members if rustc_source.knows(m.module))
    for target, members in _by_target(known):
        if _wrong_layouts(members, target):
            for member in members:
                if said := _wrong_layouts([member], target):
                    faults.setdefault(member.name, f"{target}: {said}")
    return faults


def _wrong_layouts(members: list[Member], target: str) -> str:
    modules = [member.module for member in members]
    try:
        found = rustc_oracle.disagreements(modules, [target], jobs=1)
    except CompilerError as error:
        return str(error)[:3000]
    return "\n".join(map(str, found[:5]))


def _by_target(crowd: Crowd) -> Iterator[tuple[str, list[Member]]]:
    """Targets with members that name them, such that each layout class of each member
    has one of its targets there; as few targets as that takes."""
    popular = Counter(t for m in crowd.members for t in m.targets)
    asked: dict[str, list[Member]] = {}
    for member in crowd.members:
        for layout_class in member.job.layouts.classes:
            targets = [t for t in layout_class.targets if t in TARGETS]
            if targets:
                best = max(targets, key=lambda t: (popular[t], t))
                asked.setdefault(best, []).append(member)
    yield from asked.items()


def rustc_elsewhere(crowd: Crowd) -> dict[str, str]:
    """rustc takes the crate, whose assertions it evaluates, on other targets than the
    host: on two, and when everything is proved on one of every layout class."""
    faults: dict[str, str] = {}
    for part, said in _with_core(crowd) if proving() else _with_library(crowd):
        # What points at no line is said of the target, whatever is compiled for it.
        if said.code or " --> " in said.err:
            faults |= blamed(said.err, part, IN_RUST)
    return faults


def _with_library(crowd: Crowd) -> Iterator[tuple[Crowd, Ran]]:
    """Parts of a crowd, and what rustc says of their crate on a target that it has a
    library for."""
    for target in RUST_ELSEWHERE:
        need_rust_target(target)
        part = _naming(target, crowd)
        if part.members:
            with _crate(part) as folder:
                rust = Rust(Path(folder), target)
                yield part, rust.compile(Path(folder), emit="metadata")


def _with_core(crowd: Crowd) -> Iterator[tuple[Crowd, Ran]]:
    """The same on any target, with a `core` that is compiled for it."""
    rustc = real_core.compiler()
    if rustc is None:
        missing("no toolchain has the component rust-src")
    for target, members in _by_target(crowd):
        if target == HOST or lacks_atomics(target):
            # core has no AtomicUsize on the latter, which the crate's vmptr.rs names.
            continue
        if target in TARGETS and not rustc.has_the_tables_model(target):
            continue
        part = crowd.only(members)
        with _crate(part) as folder:
            if not rustc.installed(target):
                rustc.core(target, Path(folder))
            root = Path(folder, "rust", "src", "lib.rs")
            yield part, rustc.judge(root, target, Path(folder))


def _crate(crowd: Crowd) -> tempfile.TemporaryDirectory[str]:
    """A folder with a crate of a part of a crowd, of the modules as they are there."""
    made = tempfile.TemporaryDirectory(prefix="vmgen-part-")
    write_bindings(Path(made.name), [m.module for m in crowd.members], ["rust"])
    for name in crowd.names:
        for file in (f"{name}.rs", f"{name}_offsets.rs"):
            path = Path("rust", "src", file)
            shutil.copy(crowd.bindings / path, Path(made.name) / path)
    return made


COLUMNS = """\
import json, sys, traceback
from importlib import import_module
from pathlib import Path

sys.path[:0] = ["python", {root!r}]
from tests.agreement.bindings import job_of, load
from tests.agreement.layouts import by_python
import vmgen_runtime

vmgen_runtime.set_host({host!r})
said = {{}}
for name, targets in json.load(sys.stdin).items():
    try:
        job, module = job_of(load(Path(f"{{name}}.vm.yaml"))), import_module(name)
        said[name] = [by_python(job, module, target) for target in targets]
    except Exception:
        said[name] = [[traceback.format_exc()]]
print(json.dumps(said))
"""


def python_columns(crowd: Crowd) -> dict[str, str]:
    """Python's tables have the engine's numbers on every target."""
    targets = {m.name: m.targets for m in crowd.members}
    code = COLUMNS.format(root=str(ROOT), host=HOST)
    command = [sys.executable, "-W", "error", "-B", "-c", code]
    said = ran(command, crowd.bindings, json.dumps(targets))
    if said.code:
        return dict.fromkeys(crowd.names, said.err)
    faults = {}
    for name, tables in json.loads(said.out).items():
        job = next(m.job for m in crowd.members if m.name == name)
        expected = (by_the_engine(job, hidden=False, target=t) for t in targets[name])
        for target, found, right in zip(targets[name], tables, expected, strict=False):
            if found != right:
                odd = [line for line in found if line not in right]
                text = "\n".join([f"{target}, unlike the engine:", *odd])
                faults.setdefault(name, text)
    return faults
