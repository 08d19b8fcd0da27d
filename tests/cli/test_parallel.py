"""Work is shared between two processes, and none of it is lost with one of them."""

from __future__ import annotations

import os
from textwrap import dedent

import pytest

from tests.support import said_alone
from vmgen.build import forked, parallel

SCRIPT = """\
import os, sys, time
from functools import partial
from vmgen.build.parallel import results
from vmgen.build import forked
forked._cores = lambda: 2
first = os.getpid()

def in_second() -> bool:
    return os.getpid() != first

"""


def run(script: str) -> str:
    return said_alone(SCRIPT + dedent(script))


def test_results_are_in_order_and_from_both() -> None:
    said = run("""
        def task(number):
            time.sleep(0.02)
            return number, in_second()

        found = list(results([partial(task, n) for n in range(20)]))
        print([n for n, _ in found] == list(range(20)), sorted({s for _, s in found}))
    """)
    assert said == "True [False, True]\n"


def test_there_may_be_more_tasks_than_can_be_claimed_one_by_one() -> None:
    said = run("""
        found = list(results([partial(int, n) for n in range(1000)]))
        print(found == list(range(1000)))
    """)
    assert said == "True\n"


@pytest.mark.parametrize("end", ["raise ValueError", "os._exit(0)", "os.kill(os.getpid(), 9)"])  # fmt: skip
def test_what_the_second_process_does_not_finish_is_done_again(end: str) -> None:
    said = run(f"""
        def task(number):
            time.sleep(0.02)
            if in_second() and number > 3:
                {end}
            return number

        print(list(results([partial(task, n) for n in range(12)])))
    """)
    assert said == f"{[*range(12)]}\n"


def test_what_a_task_raises_is_raised() -> None:
    said = run("""
        def task(number):
            time.sleep(0.02)
            if number == 7:
                raise ValueError("seven")
            return number

        try:
            list(results([partial(task, n) for n in range(12)]))
        except ValueError as error:
            print(error)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("no process is left")
    """)
    assert said == "seven\nno process is left\n"


@pytest.mark.parametrize("name", ["os.fork", "os.pipe", "tempfile.TemporaryFile"])
def test_one_process_does_it_where_the_system_gives_no_second(name: str) -> None:
    said = run(f"""
        import tempfile

        def refuse():
            raise OSError("no more of it")

        {name} = refuse
        print(set(results([os.getpid] * 4)) == {{first}})
    """)
    assert said == "True\n"


@pytest.mark.parametrize("without", ["fork", "cores"])
def test_one_process_does_it_alone(
    without: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if without == "fork":
        monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(forked, "_cores", lambda: 1 if without == "cores" else 2)
    assert set(parallel.results([os.getpid] * 4)) == {os.getpid()}
