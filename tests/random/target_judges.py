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
from tests.agreement.bindings import (
    HOST,
    Rust,
    need_rust_target,
    ran,
    write_bindings,
)
from tests.agreement.layouts import by_the_engine
from tests.oracle import real_core, rustc_oracle
from tests.oracle.clang_differences import DIFFERENCES, REFUSED, known
from tests.oracle.need_clang import need_libclang
from tests.random.judges import IN_RUST, blamed
from tests.support import ROOT, missing, need, proving
from vmgen.languages.models import used_columns
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.clang_oracle import Clang, Complaint
    from tests.random.crowd import Crowd, Member
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
    named = [t.name for t in member.module.targets]
    asked = [t for t in named if t in TARGETS and known(TARGETS[t])]
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
    return "VmPtr" in odd or (floats and any("f64" in type for type in odd))


def rustc_layouts(crowd: Crowd) -> dict[str, str]:
    """rustc lays types out as the engine does, on a target of every layout class."""
    need("rustc")
    faults: dict[str, str] = {}
    for target, members in _by_target(crowd):
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
    popular = Counter(t.name for m in crowd.members for t in m.module.targets)
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
    if not proving():
        faults: dict[str, str] = {}
        for target in RUST_ELSEWHERE:
            need_rust_target(target)
            members = [
                m
                for m in crowd.members
                if any(t.name == target for t in m.module.targets)
            ]
            with _part(crowd, members) as folder:
                said = Rust(Path(folder), target).compile(Path(folder), emit="metadata")
            if said.code or said.err:
                part = type(crowd)(members, crowd.folder)
                faults |= blamed(said.err, part, IN_RUST)
        return faults
    rustc = real_core.compiler()
    if rustc is None:
        missing("no toolchain has the component rust-src")
    faults = {}
    for target, members in _by_target(crowd):
        with _part(crowd, members) as folder:
            if not rustc.installed(target):
                rustc.core(target, Path(folder))
            root = Path(folder, "rust", "src", "lib.rs")
            said = rustc.judge(root, target, Path(folder))
        if said.code or said.err:
            part = type(crowd)(members, crowd.folder)
            faults |= blamed(said.err, part, IN_RUST)
    return faults


def _part(crowd: Crowd, members: list[Member]) -> tempfile.TemporaryDirectory[str]:
    """A folder with a crate of some of the crowd's modules, as they are there."""
    made = tempfile.TemporaryDirectory(prefix="vmgen-part-")
    write_bindings(Path(made.name), [member.module for member in members], ["rust"])
    for member in members:
        for file in (f"{member.name}.rs", f"{member.name}_offsets.rs"):
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
    targets = {m.name: [t.name for t in m.module.targets] for m in crowd.members}
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
