"""Random conditions: each version is what a schema for it alone would be."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.schema.test_versions import said
from tests.support import proving, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.schema import Loader, load_module
from vmgen.schema import model as m

RELEASES = ("1.0.0", "1.0.1", "1.1.0", "2.0.0", "2.0.1")
LISTED = ("1.0.0", "1.0.1", "1.1.0", "2.0.0..2.0.1")
TYPES = ("u8", "u32", "u64", "usize", "VmPtr<T0>", '"[u16; LENGTH]"')

Versions = frozenset[int]
some = st.sets(st.integers(0, len(LISTED) - 1), min_size=1).map(frozenset)


@st.composite
def condition(draw: Any, here: Versions) -> str:
    """Some way to say in which versions something is there; none where it is in all."""
    if len(here) == len(LISTED) and draw(st.booleans()):
        return ""
    terms = " or ".join(LISTED[i] for i in sorted(here))
    ways = [f'versions: "{terms}"']
    first, last = min(here), max(here)
    if len(here) == last - first + 1:
        since = f'since: "{RELEASES[first]}"' if first else ""
        until = f'until: "{LISTED[last + 1].split("..")[0]}"' if last < 3 else ""
        ways.append(", ".join(filter(None, (since, until))) or 'since: "1"')
    if here == {0, 1, 2}:
        ways += ['versions: "1"', 'until: "2"']
    if here == {3}:
        ways += ['versions: "2.."', 'since: "2"', 'versions: "2.0.0.."']
    if here == {0, 1}:
        ways.append('versions: "1.0"')
    return str(draw(st.sampled_from(ways)))


Member = tuple[str, str, Versions, str, str]
"""Of a field its name, type, versions, former name (until 1.1.0) and condition."""


@st.composite
def members(draw: Any, index: int) -> list[Member]:
    found: list[Member] = []
    taken: dict[str, set[int]] = {}
    for number in range(draw(st.integers(1, 6))):
        # The same name again is the same field, elsewhere or of another type.
        name = draw(st.sampled_from([f"f{number}", "f0", "f1"]))
        free = set(range(len(LISTED))) - taken.get(name, set())
        here = draw(some) & free
        if not here:
            continue
        taken.setdefault(name, set()).update(here)
        twice = len([f for f in found if f[0] == name]) > 0
        was = f"old_{number}" if not twice and draw(st.booleans()) else ""
        found.append((name, draw(st.sampled_from(TYPES)), frozenset(here), was, draw(condition(frozenset(here)))))  # fmt: skip
    always = frozenset(range(len(LISTED)))
    return [*found, ("last", "u64", always, "", "")]


@st.composite
def schemas(draw: Any) -> tuple[str, list[str]]:
    """A schema with versions, and the schema of each version alone."""
    lengths = [draw(st.integers(1, 3)) for _ in LISTED]
    alone: list[list[str]] = [[] for _ in LISTED]
    cases = ", ".join(
        f'{{is: {n}, versions: "{release}"}}'
        for n, release in zip(lengths, LISTED, strict=True)
    )
    head = ["vmgen: 1", "module: random", "targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]"]  # fmt: skip
    lines = [
        *head,
        "versions: [" + ", ".join(f'"{release}"' for release in LISTED) + "]",
        f"constants: {{LENGTH: {{type: u32, value: [{cases}]}}}}",
        "types:",
    ]
    for version, length in enumerate(lengths):
        constant = f"constants: {{LENGTH: {{type: u32, value: {length}}}}}"
        alone[version] += [*head, constant, "types:"]
    for index in range(draw(st.integers(1, 3))):
        align = draw(st.sampled_from([0, 8, 16]))
        aligned = draw(some)
        lines += [f"  T{index}:", "    kind: struct"]
        if align:
            when = " or ".join(LISTED[i] for i in sorted(aligned))
            lines.append(f'    align: [{{is: {align}, versions: "{when}"}}]')
        lines.append("    fields:")
        for text in alone:
            text += [f"  T{index}:", "    kind: struct"]
        for version in aligned if align else ():
            alone[version].append(f"    align: {align}")
        for text in alone:
            text.append("    fields:")
        for name, type, here, was, when in draw(members(index)):
            more = f", {when}" if when else ""
            more += f', was: {{{was}: "1.1.0"}}' if was else ""
            lines.append(f"      - {name}: {{type: {type}{more}}}")
            for version in here:
                old = was and version < 2
                former = f", was: {was}" if was and not old else ""
                line = f"      - {was if old else name}: {{type: {type}{former}}}"
                alone[version].append(line)
    return "\n".join(lines) + "\n", ["\n".join(text) + "\n" for text in alone]


def read(path: Path) -> m.Module:
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None, render(report)
    assert not len(report), render(report)
    return module


@given(schemas())
@settings(max_examples=300 if proving() else 60, deadline=None)
def test_each_version_is_what_a_schema_for_it_alone_is(
    drawn: tuple[str, list[str]],
) -> None:
    text, alone = drawn
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = write_schema(folder, text, "random.vm.yaml")
        report = Report()
        loader = Loader(report)
        exact = [loader.load(path, path.name, release) for release in RELEASES]
        assert not len(report), text + render(report)
        for release, module in zip(RELEASES, exact, strict=True):
            assert module is not None
            wanted = read(write_schema(folder, alone[min(RELEASES.index(release), 3)]))
            assert said(module) == said(wanted), text
            first, second = (Layouts(each).fingerprints for each in (module, wanted))
            assert first.of_file() == second.of_file()
        shared = Loader(Report()).load_all(path, path.name)
        by_version = {v.text: each for each in shared for v in each.listed}
        for text_of, module in zip(LISTED, exact, strict=False):
            assert module is not None
            assert said(by_version[text_of]) == said(module)
