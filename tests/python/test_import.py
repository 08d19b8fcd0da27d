"""Importing a module proves its numbers, on every Python there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.python.generated import (
    NEWEST,
    OLDEST,
    SCHEMAS,
    import_from,
    loaded,
    module,
    pythons,
    run,
    texts,
    write,
)
from tests.support import missing

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
RELEASED = VERSIONS[:4]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_module_is_imported_without_a_warning(version: str, folder: Path) -> None:
    interpreter = pythons().get(version)
    if interpreter is None and version in RELEASED:
        missing(f"there is no Python {version}")
    if interpreter is None:
        pytest.skip(f"there is no Python {version}")
    done = run(folder, f"import {', '.join(SCHEMAS)}", interpreter)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_modules_are_imported_from_a_package_too(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b", module("small"), options={"package": "a.b"})
    done = run(tmp_path, "import a.b.small; print(a.b.small.VMMemory.__name__)")
    assert (done.code, done.out, done.err) == (0, "VMMemory\n", "")


def test_nothing_but_the_standard_library_is_imported(folder: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); import wasmtime42;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - sys.stdlib_module_names))"
    )
    assert run(folder, code).out == "['vmgen_runtime', 'wasmtime42']\n"


NUMBERS = re.compile(r"\d+")


def _tables() -> tuple[str, str, str]:
    """The small module in three parts: before the models, models, layouts and rest."""
    text = texts(module("small"))["small.py"]
    head, models, rest = re.split(r'(?<=models=""")|(?=""",\n    layouts)', text)
    return head, models, rest


def _layout_numbers() -> list[tuple[int, int, str]]:
    """Start and end, in the layouts' text, of each number that is part of a layout;
    and the type, or type and field, that it is of."""
    rest = _tables()[2]
    found = []
    owner, position = "", 0
    for line in rest.splitlines(keepends=True):
        matches = list(re.finditer(r"\S+", line))
        words = [match[0] for match in matches]
        starts = [position + match.start() for match in matches]
        checked: list[int] = []
        where = ""
        if len(words) >= 5 and words[0].isalpha() and not line.startswith("+"):
            owner = where = words[1]
            checked = [3, 4]
        elif line.startswith("+"):
            where = f"{owner}.{words[1]}"
            checked = [7, 8]
        elif len(words) == 4 and owner:
            where = f"{owner}.{words[0]}"
            checked = [3]
        for index in checked:
            for match in NUMBERS.finditer(words[index]):
                found.append(
                    (starts[index] + match.start(), starts[index] + match.end(), where)
                )
        position += len(line)
    return found


def _imported(text: str, runtime: object) -> None:
    """Run a module's text with a runtime that is imported already."""
    source = text.replace(
        "from vmgen_runtime import", "from small_whole.vmgen_runtime import"
    )
    exec(compile(source, "small.py", "exec"), {"__name__": "small"})


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = tmp_path_factory.mktemp("whole") / "small_whole"
    write(folder, module("small"), options={"package": "small_whole"})
    return import_from(folder, "vmgen_runtime")


def test_any_wrong_number_of_a_layout_is_found_and_named(runtime: object) -> None:
    head, models, rest = _tables()
    numbers = _layout_numbers()
    assert len(numbers) > 150
    for start, end, where in numbers:
        wrong = str(int(rest[start:end]) + 1)
        with pytest.raises(runtime.LayoutMismatch) as raised:  # type: ignore[attr-defined]
            _imported(head + models + rest[:start] + wrong + rest[end:], runtime)
        assert str(raised.value).startswith(f"{where}:"), (
            rest[start - 40 : end + 10],
            raised.value,
        )


def test_a_byte_that_is_lost_is_found_and_named(runtime: object) -> None:
    head, models, rest = _tables()
    for start, _, where in _layout_numbers():
        with pytest.raises(runtime.LayoutMismatch) as raised:  # type: ignore[attr-defined]
            _imported(head + models + rest[:start] + rest[start + 1 :], runtime)
        assert str(raised.value).startswith(f"{where}:"), raised.value


def test_any_wrong_number_of_a_data_model_is_found(runtime: object) -> None:
    head, models, rest = _tables()
    heads = [line for line in models.splitlines() if "=" in line]
    for line in heads:
        for match in NUMBERS.finditer(line, line.index("=")):
            if line[match.start() - 1] not in "=/":
                continue
            wrong = f"{line[: match.start()]}{int(match[0]) * 2}{line[match.end() :]}"
            with pytest.raises(ImportError):
                _imported(head + models.replace(line, wrong) + rest, runtime)


def test_a_mismatch_says_what_where_and_how_to_mend_it(runtime: object) -> None:
    head, models, rest = _tables()
    broken = rest.replace("length AtomicUsize 62 8,4", "length AtomicUsize 62 4,4")
    assert broken != rest
    with pytest.raises(runtime.LayoutMismatch) as raised:  # type: ignore[attr-defined]
        _imported(head + models + broken, runtime)
    assert str(raised.value) == (
        "VMMemory.length: its generated offset on le64 is 4, by the rules of repr(C) "
        "it is 8; tests/python/golden/small.vm.yaml:62 declares it; remake with "
        "`vmgen build tests/python/golden/small.vm.yaml`"
    )


def test_another_version_of_the_table_is_refused(runtime: object) -> None:
    text = texts(module("small"))["small.py"].replace("version=1", "version=2")
    with pytest.raises(ImportError) as raised:
        _imported(text, runtime)
    assert str(raised.value) == (
        "this vmgen_runtime reads tables of version 1, those of "
        "tests/python/golden/small.vm.yaml are of version 2: run "
        "`vmgen build tests/python/golden/small.vm.yaml`"
    )


CHAIN = """\
vmgen: 1
module: chain
types:
"""


def test_a_chain_of_pointers_costs_no_more_than_its_length(tmp_path: Path) -> None:
    """What `POINTER` fields take exponential time for."""
    lines = [
        f"  Link{i}: {{kind: struct, fields: {{next: VmPtr<Link{(i + 1) % 200}>, n: u8}}}}"
        for i in range(200)
    ]
    path = tmp_path / "chain.vm.yaml"
    path.write_text(CHAIN + "\n".join(lines) + "\n")
    write(tmp_path, loaded(path, path.name))
    code = (
        "import time; start = time.process_time(); import chain;"
        "first = chain.Link0(n=1);"
        "print(time.process_time() - start < 2, first.n)"
    )
    assert run(tmp_path, code).out == "True 1\n"
