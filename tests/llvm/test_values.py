"""Values travel between code that LLVM makes of handles and the generated Python.

Each word of each record has a value of its own, in all cases of unions and enums; the
memory is the process's own. The same for contexts with random counts, and for random
schemas.
"""

from __future__ import annotations

from traceback import format_exc
from typing import TYPE_CHECKING

import pytest

from tests.llvm.exchange import exchange_contexts, exchange_records, words_of_records
from tests.llvm.generated import MODULES, known, package
from tests.random import strategies
from tests.random.crowd import Crowd, Walk
from tests.support import proving
from vmgen.analysis.called import module_in
from vmgen.schema import model as m

if TYPE_CHECKING:
    from pathlib import Path

CONTEXTS = 40 if proving() else 6
"""With how many counts each context is tried."""
RANDOM = 600 if proving() else 40
"""How many random schemas are tried."""
WALK = Walk(strategies.schemas(allowed=True), RANDOM, start=13)


@pytest.mark.parametrize("optimise", [False, True], ids=["as emitted", "optimised"])
@pytest.mark.parametrize("name", MODULES)
def test_code_reads_what_python_wrote_and_python_what_code_wrote(
    bindings: Path, name: str, optimise: bool
) -> None:
    exchange_records(known(name), bindings, optimise=optimise)


def contexts() -> list[tuple[str, str]]:
    return [
        (name, declared.name)
        for name in MODULES
        for declared in known(name).types.values()
        if isinstance(declared, m.Context)
    ]


@pytest.mark.parametrize(("name", "context"), contexts())
def test_a_context_has_the_same_values_for_code_and_for_python(
    bindings: Path, name: str, context: str
) -> None:
    exchange_contexts(known(name), bindings, context, CONTEXTS)


@pytest.mark.parametrize("name", MODULES)
def test_every_word_but_those_of_foreign_types_has_a_handle(
    bindings: Path, name: str
) -> None:
    for case, words in words_of_records(known(name), bindings):
        left = [word for word in case.words if word not in words]
        assert all(str(word.type) == "u8" for word in left), case.name
        assert len(words) == len({word.slot for word in words})


def judge(crowd: Crowd) -> dict[str, str]:
    """What of a crowd isn't the same for code and for Python."""
    name = f"of_{crowd.folder.name}".replace("-", "_")
    made = package(crowd.folder, name, *(member.module for member in crowd.members))
    found = {}
    for member in crowd.members:
        try:
            module = module_in(member.module, "python")
            exchange_records(module, made, optimise=True)
            for name, declared in module.types.items():
                if isinstance(declared, m.Context):
                    exchange_contexts(module, made, name, 3)
        except Exception:
            found[member.name] = format_exc()
    return found


@pytest.mark.xdist_group("random")
def test_random_schemas_have_the_same_values_for_code_and_for_python(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    WALK.hold(WALK.gather(tmp_path_factory.mktemp("llvm_random")), judge)
