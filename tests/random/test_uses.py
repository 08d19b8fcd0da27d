"""Random schemas in two modules of which one uses the other: nothing is laid out otherwise,
and compilers take them together."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.random import judges
from tests.random.crowd import Crowd, Judge, Member
from tests.random.sound import sound_schemas
from tests.random.strategies import MARK
from tests.support import proving
from vmgen.build.pipeline import Checked
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.rules import run_rules
from vmgen.schema import Loader
from vmgen.schema import model as m

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

pytestmark = pytest.mark.xdist_group("random")

NUMBER = 300 if proving() else 10
Tree = dict[str, Any]

JUDGES = {
    "gcc": judges.gcc,
    "g++": judges.gpp,
    "rustc": judges.rustc,
    "rustfmt": judges.rustfmt,
    "ctypes": judges.ctypes,
    "black": judges.black,
    "mypy": judges.mypy,
}


def parted(schema: Tree, root: str) -> tuple[Tree, Tree] | None:
    """A schema as two: one with a type and all that it needs, and one that uses it. None
    where nothing is left for one of the two."""
    types: Tree = schema["types"]
    needed = {root}
    waiting = [root]
    while waiting:
        text = json.dumps(types[waiting.pop()])
        more = {name for name in types if re.search(rf"\b{name}\b", text)} - needed
        needed |= more
        waiting += sorted(more)
    rest = {name: one for name, one in types.items() if name not in needed}
    text = json.dumps(rest)
    if not any(re.search(rf"\b{name}\b", text) for name in needed):
        return None
    common = {
        **schema,
        "types": {name: types[name] for name in types if name in needed},
    }
    user = {**schema, "types": rest}
    # What is declared there can be named here.
    user.pop("constants", None)
    return common, user


class Pairs:
    """Schemas as two modules each, that the rules accept, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.members: list[Member] = []
        self.differ: list[str] = []
        self.number = 0

    def meet(self, schema: Tree, root: str) -> None:
        both = parted(schema, root)
        if both is None or "data_models" in schema or "allow" in schema:
            return
        whole = self._read("whole", schema)
        texts = [self._written(*each) for each in zip(("c", "u"), both, strict=True)]
        report = Report()
        loader = Loader(report)
        made = []
        for name, path in texts:
            for module in loader.load_all(path, path.name):
                layouts = run_rules(module, report)
                if layouts is not None:
                    made.append((name, path, module, layouts))
        if whole is None or report.has_errors or len(made) < 2:
            return
        self.number += 1
        for name, path, module, layouts in made:
            text = path.read_text(encoding="utf-8")
            self.members.append(Member(name, name, text, Checked(module, layouts)))
            if numbers(module, layouts) != numbers(whole, Layouts(whole), module):
                self.differ.append(text)

    def _written(self, letter: str, schema: Tree) -> tuple[str, Path]:
        index = 2 * self.number + (letter == "u")
        name = f"r{index}"
        own = f"{MARK}{2 * self.number}z"
        tree = {**schema, "module": name}
        if letter == "u":
            tree["uses"] = [f"r{index - 1}.vm.yaml"]
        text = json.dumps(tree, ensure_ascii=False, indent=1).replace(MARK, own)
        path = self.folder / f"{name}.vm.yaml"
        path.write_text(text.replace(MARK.upper(), own.upper()), encoding="utf-8")
        return name, path

    def _read(self, name: str, schema: Tree) -> Module | None:
        own = f"{MARK}{2 * self.number}z"
        text = json.dumps({**schema, "module": name}, ensure_ascii=False)
        text = text.replace(MARK, own).replace(MARK.upper(), own.upper())
        path = self.folder / f"{name}.vm.yaml"
        path.write_text(text, encoding="utf-8")
        return Loader(Report()).load(path, path.name)


def numbers(
    module: m.Module, layouts: Layouts, of: m.Module | None = None
) -> list[Any]:
    """The numbers of a module's own types, or of those that another one has."""
    return [
        (name, layouts.record(name, layouts.class_of(target.name)))
        for name in (of or module).own_types
        if not isinstance(module.types[name], m.Opaque)
        for target in module.targets
    ]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    made = Pairs(tmp_path_factory.mktemp("uses"))

    @seed(7)
    @settings(
        max_examples=20 * NUMBER,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(sound_schemas(allowed=True), st.integers(0, 7))
    def gather(schema: Tree, index: int) -> None:
        if made.number < NUMBER:
            names = sorted(schema["types"])
            made.meet(schema, names[index % len(names)])

    gather()
    assert made.number == NUMBER
    return made


def test_in_two_modules_everything_is_laid_out_as_in_one(pairs: Pairs) -> None:
    assert pairs.differ == []


@pytest.fixture(scope="module")
def crowd(pairs: Pairs) -> Crowd:
    return Crowd(pairs.members, pairs.folder)


@pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
def test_bindings_of_modules_that_use_others_are_as_they_should_be(
    crowd: Crowd, judge: Judge
) -> None:
    for name, said in judge(crowd).items():
        text = next(one.text for one in crowd.members if one.name == name)
        pytest.fail(f"{text}\n\n{said}")
