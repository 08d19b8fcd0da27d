"""The offsets of contexts are the same in Rust, C and Python, and the engine's.

A program in C and one in Rust are compiled against the generated code and asked about
random counts, seeded, for every layout class of the schema; Python is asked in this
process. Wasmtime's own code answers the same questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.agreement.bindings import (
    CHECKED_IN,
    Rust,
    bindings_of,
    compile_c,
    job_of,
    module,
    python,
    ran,
)
from tests.agreement.offsets import (
    by_python,
    by_the_engine,
    c_program,
    contexts_of,
    question,
    rust_program,
)
from tests.agreement.vectors import vectors
from tests.oracle.cargo_oracle import CargoOracle
from tests.oracle.releases import oracle
from tests.oracle.test_wasmtime_contexts import vectors as vectors_of_wasmtime
from tests.support import proving

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from vmgen.languages.job import Job
    from vmgen.schema import model as m

pytestmark = pytest.mark.xdist_group("contexts")

VECTORS = 50_000 if proving() else 10_000
WASMTIMES = 10_000 if proving() else 2_000
CONTEXTS = [
    ("wasmtime42", "VMContext"),
    ("wasmtime42", "VMComponentContext"),
    ("wasmer", "VMContext"),
    ("torture", "SmallContext"),
    ("torture", "NaturalContext"),
    ("torture", "RoundedContext"),
]


@dataclass(frozen=True, slots=True)
class Generated:
    """The generated code of one module, ready to be asked."""

    job: Job
    programs: dict[str, Path]
    python: ModuleType

    def questions(
        self, context: m.Context, target: str, given: list[dict[str, int]]
    ) -> list[str]:
        """A line for the programs per vector of counts."""
        number = contexts_of(self.job).index(context)
        return [question(number, self.job, context, target, counts) for counts in given]

    def ask(self, language: str, questions: list[str]) -> list[str]:
        """The answers of the program in a language."""
        program = self.programs[language]
        done = ran([str(program)], program.parent, "\n".join(questions))
        assert (done.code, done.err) == (0, ""), done.err
        return done.out.splitlines()


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Generated]:
    made = {}
    for name in dict.fromkeys(name for name, _ in CONTEXTS):
        folder = tmp_path_factory.mktemp(name)
        bindings = bindings_of(name, folder)
        job = job_of(module(name))
        programs = {"c": folder / "c_offsets", "rust": folder / "rust_offsets"}
        compile_c(bindings, c_program(job), programs["c"])
        Rust.build(bindings, folder).link(rust_program(job), "bin", programs["rust"])
        made[name] = Generated(job, programs, python(bindings, name)[0])
    return made


def asked(
    generated: dict[str, Generated], name: str, context: str
) -> tuple[Generated, m.Context]:
    found = generated[name]
    return found, next(c for c in contexts_of(found.job) if c.name == context)


@pytest.mark.parametrize(("name", "context"), CONTEXTS)
def test_every_language_agrees_with_the_engine_on_every_layout_class(
    generated: dict[str, Generated], name: str, context: str
) -> None:
    it, declared = asked(generated, name, context)
    layouts = it.job.contexts[context]
    number = VECTORS if name in CHECKED_IN else VECTORS // 10
    known: dict[object, tuple[list[dict[str, int]], list[str]]] = {}
    for layout_class in it.job.layouts.classes:
        layout, target = layouts[layout_class.index], layout_class.targets[0]
        # Classes that lay a context out alike are asked the same, computed once.
        found = known.get(layout)
        if found is None:
            given = list(vectors(declared, layout, target, number))
            said = [by_the_engine(declared, layout, counts) for counts in given]
            found = known[layout] = given, said
        given, said = found
        questions = it.questions(declared, target, given)
        assert it.ask("c", questions) == said, target
        assert it.ask("rust", questions) == said, target
        for counts, answer in zip(given, said, strict=True):
            assert by_python(declared, it.python, target, counts) == answer, target
        assert len(said) == number
        assert number // 8 < said.count("overflow") < number * 5 // 8


@pytest.fixture(scope="module")
def wasmtime_environ() -> CargoOracle:
    """Wasmtime's own offset code; see tests/oracle."""
    return oracle("42.0.2")


@pytest.mark.parametrize(
    ("width", "target"),
    [(8, "x86_64-unknown-linux-gnu"), (4, "armv7-unknown-linux-gnueabihf")],
)
@pytest.mark.parametrize(
    ("kind", "context"), [("core", "VMContext"), ("component", "VMComponentContext")]
)
def test_every_language_says_what_wasmtimes_own_code_says(
    generated: dict[str, Generated],
    wasmtime_environ: CargoOracle,
    kind: str,
    context: str,
    width: int,
    target: str,
) -> None:
    it, declared = asked(generated, "wasmtime42", context)
    layout = it.job.contexts[context][it.job.layouts.class_of(target).index]
    names = wasmtime_environ.counts(kind)
    assert sorted(names) == sorted(c.name for c in declared.counts)
    random = Random(f"agreement {context} {width}")
    lists = list(islice(vectors_of_wasmtime(layout, names, random), WASMTIMES))
    said = wasmtime_environ.ask(
        [f"{kind} {width} {' '.join(map(str, counts))}" for counts in lists]
    )

    given = [dict(zip(names, counts, strict=True)) for counts in lists]
    questions = it.questions(declared, target, given)
    assert it.ask("c", questions) == said
    assert it.ask("rust", questions) == said
    for counts, answer in zip(given, said, strict=True):
        assert by_python(declared, it.python, target, counts) == answer
    assert len(said) == WASMTIMES
