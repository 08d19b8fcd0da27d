"""A second process reads and checks small schemas, and nothing depends on it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support import ROOT, said_alone, vmgen, write_schema
from vmgen.build import pipeline
from vmgen.build.config import Config
from vmgen.build.project import SchemaPath, bytes_to_read
from vmgen.languages import LANGUAGES
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render

SCHEMAS = [
    *sorted((ROOT / "schemas").glob("*.vm.yaml")),
    *sorted((ROOT / "tests/schemas/good").glob("*.vm.yaml")),
]

SCRIPT = """\
import os, sys, time
from vmgen.build import forked
from vmgen.build.meanwhile import meanwhile
first = os.getpid()

def in_second() -> bool:
    return os.getpid() != first

"""


def run(script: str, *arguments: str) -> str:
    return said_alone(SCRIPT + dedent(script), *arguments)


def test_the_result_is_the_second_process_s() -> None:
    said = run("""
        with meanwhile(in_second) as result:
            print(in_second(), result())
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("no process is left")
    """)
    assert said == "False True\nno process is left\n"


def test_a_result_may_be_larger_than_a_pipe_holds() -> None:
    said = run("""
        with meanwhile(lambda: b"x" * 5_000_000) as result:
            time.sleep(0.05)
            print(len(result()))
    """)
    assert said == "5000000\n"


@pytest.mark.parametrize(
    "end",
    [
        "raise ValueError",
        "os._exit(0)",
        "os.kill(os.getpid(), 9)",
        "return lambda: 'can not be pickled'",
    ],
)
def test_without_a_result_the_task_is_done_again(end: str) -> None:
    said = run(f"""
        def task():
            if in_second():
                {end}
            return "done here"

        with meanwhile(task) as result:
            print(result())
    """)
    assert said == "done here\n"


def test_what_the_task_raises_is_raised_where_it_is_waited_for() -> None:
    said = run("""
        def task():
            raise ValueError("seven")

        with meanwhile(task) as result:
            print("before")
            try:
                result()
            except ValueError as error:
                print(error)
    """)
    assert said == "before\nseven\n"


def test_no_process_outlives_what_it_is_for() -> None:
    said = run("""
        start = time.monotonic()
        try:
            with meanwhile(lambda: time.sleep(60)):
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            print(time.monotonic() - start < 30)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("no process is left")
    """)
    assert said == "True\nno process is left\n"


def test_a_process_whose_first_one_was_killed_ends(tmp_path: Path) -> None:
    """Nobody reads what it has to send, which is more than a pipe holds."""
    note = tmp_path / "note"
    script = f"""
        def task():
            with open({str(note)!r}, "w") as file:
                file.write(str(os.getpid()))
            return b"x" * 5_000_000

        with meanwhile(task):
            while not (os.path.exists({str(note)!r}) and os.path.getsize({str(note)!r})):
                time.sleep(0.01)
            os.kill(first, 9)
    """
    subprocess.run(
        [sys.executable, "-c", SCRIPT + dedent(script)], cwd=ROOT, check=False
    )
    process = Path("/proc") / note.read_text()
    if not process.parent.joinpath("self").exists():
        pytest.skip("this system doesn't show its processes as files")
    for _ in range(500):
        if not process.exists() or ") Z" in process.joinpath("stat").read_text():
            return
        time.sleep(0.02)
    pytest.fail("it still runs")


@pytest.mark.parametrize("code", ["signal.SIG_IGN", "signal.SIG_DFL"])
def test_whoever_calls_may_have_processes_end_unnoticed(code: str) -> None:
    said = run(f"""
        import signal
        from vmgen.build.parallel import results

        signal.signal(signal.SIGCHLD, {code})
        with meanwhile(in_second) as result:
            print(result())
        print(list(results([os.getpgrp] * 3)) == [os.getpgrp()] * 3)
    """)
    assert said == "True\nTrue\n"


def test_a_process_with_threads_is_not_forked() -> None:
    said = run("""
        import threading

        forked._cores = lambda: 2
        print(forked.possible())
        stop = threading.Event()
        threading.Thread(target=stop.wait).start()
        print(forked.possible())
        stop.set()
    """)
    assert said == "True\nFalse\n"


@pytest.mark.parametrize("name", ["os.fork", "os.pipe"])
def test_one_process_does_it_where_the_system_gives_no_second(name: str) -> None:
    said = run(f"""
        def refuse():
            raise OSError("no more of it")

        {name} = refuse
        with meanwhile(os.getpid) as result:
            print(result() == first)
    """)
    assert said == "True\n"


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.name)
def test_a_module_that_was_sent_is_the_same(schema: Path) -> None:
    report = Report()
    checked = pipeline.check([SchemaPath(schema, schema.name)], Config(ROOT), report)
    assert checked
    sent, findings = pickle.loads(pickle.dumps((checked, report)))
    assert render(findings) == render(report)
    outputs = [
        list(pipeline.emit(modules, Config(ROOT), [*LANGUAGES]))
        for modules in (checked, sent)
    ]
    assert outputs[0] == outputs[1]


BUILD = """
import vmgen.build.pipeline
from vmgen.cli import main
forked._cores = lambda: int(sys.argv[1])
check = vmgen.build.pipeline.check

def told(*arguments, **named):
    with open(sys.argv[2], "w") as file:
        file.write("second" if in_second() else "first")
    return check(*arguments, **named)

vmgen.build.pipeline.check = told
os.chdir(sys.argv[3])
sys.exit(main(["build"]))
"""


@pytest.mark.parametrize(
    ("cores", "padding", "checker"),
    [(2, 0, "second"), (1, 0, "first"), (2, pipeline.CHEAP_TO_SEND, "first")],
    ids=["small", "one core", "large"],
)
def test_a_small_schema_is_checked_in_the_second_process(
    tmp_path: Path, cores: int, padding: int, checker: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["sample.vm.yaml"]\nlanguages = ["c"]\n'
    )
    write_schema(tmp_path, "types: {A: {kind: struct, fields: {a: u8}}}\n")
    with (tmp_path / "sample.vm.yaml").open("a") as file:
        file.write(f"#{'x' * padding}\n")
    note = tmp_path / "note"
    said = run(BUILD, str(cores), str(note), str(tmp_path))
    assert said.endswith("2 files changed, 0 as they were\n")
    assert note.read_text() == checker


def test_faults_are_told_as_if_there_were_one_process(tmp_path: Path) -> None:
    write_schema(tmp_path, "types: {A: {kind: struct, fields: {a: Nothing}}}\n")
    built = vmgen("build", "sample.vm.yaml", cwd=tmp_path)
    checked = vmgen("check", "sample.vm.yaml", cwd=tmp_path)
    assert built.code == checked.code == 1
    assert built.out == checked.out
    assert "error[VM008]" in built.out


def test_the_size_of_a_schema_counts_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    first = tmp_path / "first.yaml"
    first.write_text('include: [parts/a.yaml, "parts/b.yml", gone.yaml, \0.yaml]\n')
    part = tmp_path / "parts" / "a.yaml"
    part.write_text("include:\n  - ../first.yaml\n  - ../parts/a.yaml\n")
    other = tmp_path / "parts" / "b.yml"
    other.write_text("#" * 1000)
    sizes = [path.stat().st_size for path in (first, part, other)]
    assert bytes_to_read(first) == sum(sizes)
    assert bytes_to_read(tmp_path / "gone.yaml") == 0
