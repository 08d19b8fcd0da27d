"""Random pairs of schemas: what is told of their numbers is what rustc prints of both."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from msgspec import Struct

from tests.agreement.layouts import HOST, laid_out, rust_program
from tests.changes.mutations import pairs
from tests.random.crowd import Crowd, Member, accepted
from tests.random.strategies import MARK, as_text
from tests.support import need, proving
from vmgen.changes.compare import Compared, compare
from vmgen.changes.side import Side, of_layouts, sides
from vmgen.reading.diagnostics import Report
from vmgen.rules import run_rules
from vmgen.schema import load_module
from vmgen.schema import model as m

pytestmark = pytest.mark.xdist_group("random")

NUMBER = 200 if proving() else 60
Tree = dict[str, Any]
Numbers = dict[tuple[str, str | None, str], int]
"""A number of each type's size and alignment and of each part's offset, on the host."""


class Pair(Struct):
    """Two schemas that the rules accept, compared; and both as modules of one crate."""

    text: str
    compared: Compared
    members: tuple[Member, Member]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    folder = tmp_path_factory.mktemp("pairs")
    found: list[Pair] = []

    @seed(12)
    @settings(
        max_examples=4 * NUMBER,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(pairs())
    def gather(pair: tuple[Tree, Tree]) -> None:
        old, new = pair
        if len(found) < NUMBER and old != new:
            made = _pair(old, new, folder, len(found))
            if made is not None:
                found.append(made)

    gather()
    assert len(found) == NUMBER
    return found


def _pair(old: Tree, new: Tree, folder: Path, index: int) -> Pair | None:
    compared = []
    for name, schema in (("old", old), ("new", new)):
        side = _side(schema, name)
        if side is None:
            return None
        compared.append(side)
    members = (
        accepted(old, f"r{2 * index}", folder),
        accepted(new, f"r{2 * index + 1}", folder),
    )
    one, other = members
    if one is None or other is None:
        return None
    text = f"{as_text(old, 'old')}\n{as_text(new, 'new')}"
    return Pair(text, compare(sides(*compared)), (one, other))


def _side(schema: Tree, name: str) -> Side | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.vm.yaml"
        path.write_text(as_text(schema, "pair"), encoding="utf-8")
        report = Report()
        module = load_module(path, path.name, report)
        if module is None or report.has_errors:
            return None
        layouts = run_rules(module, report)
    return None if layouts is None else of_layouts(layouts, name)


def _printed(members: list[Member], lines: Iterator[str]) -> dict[str, Numbers]:
    """What rustc printed of each module, by the names that types have in the schema."""
    found = {}
    for member in members:
        numbers: Numbers = {}
        for declared, parts in laid_out(member.job):
            name, *row = next(lines).split()
            assert name == declared.name
            size, align, *offsets = map(int, row)
            shown = name.replace(f"{MARK}{member.name[1:]}z", MARK)
            if not (isinstance(declared, m.Context) or m.is_prefix(declared)):
                numbers[shown, None, "size"] = size
            if not m.is_prefix(declared):
                numbers[shown, None, "align"] = align
            if offsets:
                for part, offset in zip(parts, offsets, strict=True):
                    numbers[shown, part, "offset"] = offset
        found[member.name] = numbers
    return found


@pytest.fixture(scope="module")
def printed(
    crowd: list[Pair], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Numbers]:
    """What one program prints of all modules."""
    need("rustc")
    members = [member for pair in crowd for member in pair.members]
    whole = Crowd(members, tmp_path_factory.mktemp("crate"))
    rust, ran = whole.crate
    assert ran.code == 0, ran.err
    program = whole.folder / "program"
    rust.link(rust_program(*(m.job for m in members)), "bin", program, optimize=0)
    from tests.agreement.bindings import ran as run

    return _printed(members, iter(run([str(program)], whole.folder).out.splitlines()))


def test_told_numbers_are_what_rustc_prints(
    crowd: list[Pair], printed: dict[str, Numbers]
) -> None:
    """For what has its name on both sides: all that differs is told, and nothing else."""
    for pair in crowd:
        old, new = (printed[member.name] for member in pair.members)
        differ = {
            (*what, old[what], new[what])
            for what in old.keys() & new.keys()
            if old[what] != new[what]
        }
        told = {
            (n.record, n.part, n.what, n.old, n.new)
            for found in pair.compared.found
            for effect in found.effects
            for n in effect.numbers
            if HOST in effect.targets
            and (n.record, n.part, n.what) in old.keys() & new.keys()
        }
        assert told == differ, pair.text
        if differ:
            assert any(
                f.kind.level == "compiled" for f in pair.compared.found
            ), pair.text


def test_fingerprints_differ_where_compiled_code_or_readers_break(
    crowd: list[Pair],
) -> None:
    breaking = 0
    for pair in crowd:
        both = pair.compared.sides
        same = [
            name
            for name in both.kinds
            if both.old.targets[name].fingerprint == both.new.targets[name].fingerprint
        ]
        for found in pair.compared.found:
            if found.kind.level in ("compiled", "readers"):
                breaking += 1
                on = {t for effect in found.effects for t in effect.targets}
                # A rounding that moves nothing on a target is nothing there.
                assert not on & set(same), pair.text
                assert len(same) < len(both.kinds) or not on, pair.text
        if len(same) == len(both.kinds):
            assert {f.kind.level for f in pair.compared.found} <= {"source", "none"}
    assert breaking > len(crowd) // 2


def test_what_is_alike_has_no_changes(crowd: list[Pair]) -> None:
    for pair in crowd[:20]:
        for side in (pair.compared.sides.old, pair.compared.sides.new):
            assert compare(sides(side, side)).found == ()
