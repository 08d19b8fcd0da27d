"""Headers of C as those of an owner: a prefix keeps ours apart, and assertions compare them.

Each judge takes a crowd and gives the names of those at fault with what was said.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.agreement.bindings import STRICT, ran
from tests.random.judges import PART, blamed, compiled
from tests.support import need
from vmgen.build.config import Config
from vmgen.build.pipeline import Checked, emit
from vmgen.languages.c.names import UNPREFIXED
from vmgen.languages.c.words import WORDS
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.schema import load_module
from vmgen.schema import model as m

if TYPE_CHECKING:

    from tests.random.crowd import Crowd, Member

PREFIX = "our_"
IN_CHECK = r"\b(r\d+)c?(?:_header_check\.c|\.h):\d+:\d+: (?:error|note: in expansion)"
"""How compilers name the file of a module that they find fault with."""


def beside(crowd: Crowd) -> dict[str, str]:
    """With a prefix the headers are beside those without one, in one file."""
    write_ours(crowd)
    faults: dict[str, str] = {}
    for part in crowd.parts(PART):
        lines = [
            f'#include "{name}.h"\n#include "ours/{name}.h"\n' for name in part.names
        ]
        for tool, standard in (("gcc", "-std=c11"), ("g++", "-std=c++17")):
            said = compiled(tool, standard, part, "".join(lines), "-fsyntax-only")
            if said.code or said.err:
                faults |= blamed(said.err, part, IN_CHECK)
    return faults


def owners(crowd: Crowd) -> dict[str, str]:
    """Each header has what its own schema says of it, by the names that it has in C.

    The files of assertions are compiled one by one, and to the end: compilers judge
    bit-fields when they make code.
    """
    write_ours(crowd)
    sources = [f"ours/{name}c_header_check.c" for name in crowd.names]
    faults: dict[str, str] = {}
    for tool, standard in (("gcc", "-std=c11"), ("g++", "-std=c++17")):
        language = ["-x", "c++" if tool == "g++" else "c"]
        flags = [standard, *STRICT, "-O1", "-S", "-I."]
        command = [need(tool), *flags, *language, *sources]
        said = ran(command, crowd.bindings / "c")
        if said.code or said.err:
            faults |= blamed(said.err, crowd, IN_CHECK)
    return faults


def write_ours(crowd: Crowd) -> None:
    """Write headers with a prefix, below those of the crowd, and what compares them."""
    folder = crowd.bindings / "c" / "ours"
    if folder.exists():
        return
    folder.mkdir()
    checked = [each.checked for each in crowd.members]
    owned = [_owned(member) for member in crowd.members]
    config = Config(crowd.folder, options={"c": {"prefix": PREFIX}})
    for output in (*emit(checked, config, ("c",)), *emit(owned, config, ("c",))):
        path = folder / Path(output.path).name
        path.write_text(output.text, encoding="utf-8")


def _owned(member: Member) -> Checked:
    """A member whose header is somebody else's, under another name."""
    name = f"{member.name}c"
    schema = json.loads(member.text)
    called = member.job.called("c").module
    both = zip(member.module.types.values(), called.types.values(), strict=True)
    without = []
    for ours, theirs in both:
        if isinstance(ours, m.Context) and not ours.fields:
            without.append(ours.name)
        elif isinstance(ours, m.Context):
            # Regions are behind what is declared; C++ has no arrays of any length.
            without += [f"{ours.name}.{region.name}" for region in ours.regions]
        elif isinstance(ours, (m.PlainEnum, m.TaggedEnum)):
            listed = schema["types"][ours.name]["variants"]
            for variant, other in zip(ours.variants, theirs.variants, strict=True):
                value = UNPREFIXED.value(theirs.name, other)
                listed[variant.name] = {**(listed[variant.name] or {}), "c_name": value}
    for declared in schema["types"].values():
        for key in ("fields", "functions"):
            _as_spelled(declared.get(key, {}))
    owner = {"header": f"<{member.name}.h>", "without": without}
    schema |= {"module": name, "c": owner}
    report = Report()
    with TemporaryDirectory(prefix="vmgen-random-") as folder:
        path = Path(folder, f"{name}.vm.yaml")
        path.write_text(json.dumps(schema, ensure_ascii=False), encoding="utf-8")
        module = load_module(path, path.name, report)
    assert module is not None, render(report)
    return Checked(module, Layouts(module))


def _as_spelled(parts: dict[str, Any]) -> None:
    """Give parts that are reserved the name that they have in our header."""
    for name, part in parts.items():
        long = part if isinstance(part, dict) else {}
        for kind in ("struct", "union"):
            _as_spelled(long.get(kind, {}))
        called = long.get("c_name", name)
        if WORDS.spelled(called) != called:
            assert long, "what is reserved is allowed"
            long["c_name"] = WORDS.spelled(called)
