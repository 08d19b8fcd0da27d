"""Who judges generated bindings: compilers, ctypes, formatters, linters.

Each judge takes a crowd and gives the names of those at fault with what was said.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

from tests.agreement.bindings import HOST, STRICT, Rust, ran
from tests.agreement.layouts import by_the_engine, c_main, c_source, rust_program
from tests.support import ROOT, need

if TYPE_CHECKING:
    from tests.random.crowd import Crowd
    from tests.support import Ran

IN_C = r"\b(r\d+)(?:\.h:\d+:\d+: (?:error|note: in expansion)|\.vm\.yaml:\d)"
IN_RUST = r"(?:-->|Diff in) .*?/(r\d+)(?:_offsets)?\.rs:"
IN_PYTHON = r"(?:^|[/ ])(r\d+)\.py(?::|\t)"
"""How tools name the file of a module that they find fault with."""

PART = 50
"""Headers that are compiled together."""


def blamed(said: str, crowd: Crowd, pattern: str) -> dict[str, str]:
    """The members that a tool's messages name; all of them if it names none."""
    found: dict[str, str] = {}
    for match in re.finditer(pattern, said, re.MULTILINE):
        start = said.rfind("\n", 0, max(match.start() - 200, 0)) + 1
        found.setdefault(match[1], said[start : start + 3000])
    known = {name: about for name, about in found.items() if name in crowd.names}
    return known or dict.fromkeys(crowd.names, said[:3000])


def gcc(crowd: Crowd) -> dict[str, str]:
    """gcc takes all headers together, and measures what the engine says."""
    faults: dict[str, str] = {}
    for part in crowd.parts(PART):
        source = "".join(c_source(member.job) for member in part.members)
        said = compiled(
            "gcc", "-std=c11", part, source + c_main(*part.names), "-o", "it"
        )
        if said.code or said.err:
            faults |= blamed(said.err, part, IN_C)
            continue
        printed = ran([str(crowd.folder / "it")], crowd.folder).out
        faults |= _compared(part, printed, hidden=False, in_c=True)
    return faults


def gpp(crowd: Crowd) -> dict[str, str]:
    """g++ takes all headers together."""
    faults: dict[str, str] = {}
    for part in crowd.parts(PART):
        source = "".join(f'#include "{name}.h"\n' for name in part.names)
        said = compiled("g++", "-std=c++17", part, source, "-fsyntax-only")
        if said.code or said.err:
            faults |= blamed(said.err, part, IN_C)
    return faults


def compiled(tool: str, standard: str, crowd: Crowd, source: str, *flags: str) -> Ran:
    """What gcc or g++ says about a source that includes headers of the crowd."""
    language = ["-x", "c++" if tool == "g++" else "c"]
    command = [need(tool), standard, *STRICT, "-Wshadow", "-I", "c", *flags]
    return ran([*command, *language, "-"], crowd.bindings, source)


def _compared(
    crowd: Crowd, printed: str, *, hidden: bool, in_c: bool = False
) -> dict[str, str]:
    """The members for which a program's lines are not the engine's."""
    lines = iter(printed.splitlines())
    found = {}
    for member in crowd.members:
        for expected in by_the_engine(member.job, hidden=hidden, in_c=in_c):
            line = next(lines, "nothing")
            if line != expected:
                found[member.name] = f"measured: {line}\nengine:   {expected}"
    return found


def rustc(crowd: Crowd) -> dict[str, str]:
    """rustc takes the crate, and measures what the engine says."""
    rust, said = crowd.crate
    if said.code or said.err:
        return blamed(said.err, crowd, IN_RUST)
    program = crowd.folder / "measure"
    source = rust_program(*(member.job for member in crowd.members))
    rust.link(source, "bin", program, optimize=0)
    return _compared(crowd, ran([str(program)], crowd.folder).out, hidden=True)


def rustc_2024(crowd: Crowd) -> dict[str, str]:
    """In the newest edition rustc takes the crate as well."""
    folder = crowd.folder / "edition_2024"
    folder.mkdir()
    said = Rust(folder).compile(crowd.bindings, edition="2024", emit="metadata")
    return blamed(said.err, crowd, IN_RUST) if said.code or said.err else {}


def rustfmt(crowd: Crowd) -> dict[str, str]:
    """rustfmt has nothing to change."""
    command = [need("rustfmt"), "--edition", "2021", "--check", "src/lib.rs"]
    said = ran(command, crowd.bindings / "rust")
    return blamed(said.out + said.err, crowd, IN_RUST) if said.code else {}


def black(crowd: Crowd) -> dict[str, str]:
    """black has nothing to change."""
    options = ["--check", "--diff", "--quiet", "--target-version", "py310"]
    said = _python(crowd, "black", *options, *_modules(crowd))
    return blamed(said.out, crowd, IN_PYTHON) if said.code else {}


def ruff(crowd: Crowd) -> dict[str, str]:
    """ruff finds nothing, by its own choice of rules and by this project's."""
    # How names are made is the schema's affair.
    own = [
        "--config",
        str(ROOT / "pyproject.toml"),
        "--extend-ignore",
        "N801,N815,N816",
    ]
    for options in (["--isolated"], own):
        said = _python(crowd, "ruff", "check", "--no-cache", *options, *_modules(crowd))
        if said.code:
            return blamed(said.out + said.err, crowd, IN_PYTHON)
    return {}


def mypy(crowd: Crowd) -> dict[str, str]:
    """mypy finds nothing when it is strict."""
    options = ["--strict", "--cache-dir", str(crowd.folder / "mypy")]
    said = _python(crowd, "mypy", *options, *_modules(crowd))
    return blamed(said.out, crowd, IN_PYTHON) if said.code else {}


def _modules(crowd: Crowd) -> list[str]:
    return [f"{name}.py" for name in crowd.names]


def _python(crowd: Crowd, *command: str) -> Ran:
    return ran([sys.executable, "-m", *command], crowd.bindings / "python")


IMPORTS = """\
import json, sys, traceback
from importlib import import_module
from pathlib import Path

sys.path[:0] = ["python", {root!r}]
from tests.agreement.bindings import job_of, load
from tests.agreement.layouts import by_ctypes
import vmgen_runtime

# ctypes can't measure how u128 is aligned, and hosts like this one differ in that.
vmgen_runtime.set_host({host!r})
said = {{}}
for name in {names!r}:
    try:
        module = import_module(name)
        said[name] = by_ctypes(job_of(load(Path(f"{{name}}.vm.yaml"))), module)
    except Exception:
        said[name] = [traceback.format_exc()]
print(json.dumps(said))
"""


def ctypes(crowd: Crowd) -> dict[str, str]:
    """Every module can be imported, and ctypes measures what the engine says."""
    code = IMPORTS.format(root=str(ROOT), names=crowd.names, host=HOST)
    said = ran([sys.executable, "-W", "error", "-B", "-c", code], crowd.bindings)
    if said.code:
        return dict.fromkeys(crowd.names, said.err)
    measured = json.loads(said.out)
    faults = {}
    for member in crowd.members:
        found, expected = measured[member.name], by_the_engine(member.job, hidden=False)
        if found != expected:
            odd = [line for line in found if line not in expected]
            faults[member.name] = "\n".join(["measured, unlike the engine:", *odd])
    return faults
