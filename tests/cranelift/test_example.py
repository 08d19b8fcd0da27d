"""The example with a toy language: from a schema to running code and its inspector."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cranelift import project
from tests.support import ROOT, need

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.xdist_group("cranelift"),
    pytest.mark.skipif(sys.platform != "linux", reason="it looks into a process"),
]

EXAMPLE = ROOT / "examples" / "jit"

SHOWN = """\
fuel 999983, 17 numbers printed
variables [1597, 2584, 17, 2584]
memory of 8192 bytes, it begins with 0 1 1 2 3 5 8 13 21 34 55 89 144 233 377 610 987
"""


def copy_to(folder: Path) -> Path:
    """A copy of the example, without what was built in the other."""
    project.program("regions")
    made = shutil.ignore_patterns("generated", "target", ".venv")
    return shutil.copytree(EXAMPLE, folder / "jit", ignore=made)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example that is built."""
    example = copy_to(tmp_path_factory.mktemp("example"))
    done = make(example, "build")
    assert done.returncode == 0, done.stderr
    # Other copies are built into the same folder.
    shutil.copy(project.TARGET / "debug" / "toy", example / "toy")
    return example


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`make`, with this environment's `vmgen` on the PATH."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = {
        **os.environ,
        "PATH": path,
        "CARGO_TARGET_DIR": str(project.TARGET),
        "CARGO_INCREMENTAL": "0",
    }
    return subprocess.run(
        [
            need("make"),
            "--silent",
            "-C",
            str(folder),
            f"PYTHON={sys.executable}",
            *words,
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_compiled_code_did_is_seen_from_another_process(built: Path) -> None:
    done = make(built)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(SHOWN)


def test_the_readme_shows_what_it_prints_and_lines_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"```text\n{SHOWN}```\n" in readme
    for name, comment in (
        ("src/runtime.rs", "// the host, "),
        ("src/compile.rs", "// the compiler, "),
        ("inspect_toy.py", "# the inspector, "),
    ):
        (line,) = re.findall(rf"^(.*\S) +{comment}{name}$", readme, re.MULTILINE)
        assert line in (EXAMPLE / name).read_text(encoding="utf-8")


def test_a_narrower_field_stops_the_host_alone_and_is_right_everywhere_else(
    tmp_path: Path,
) -> None:
    example = copy_to(tmp_path)
    replace(
        example / "toy.vm.yaml",
        "UnsafeCell<i64>, doc: How",
        "UnsafeCell<i32>, doc: How",
    )
    stopped = make(example, "build")
    assert stopped.returncode != 0
    assert re.findall(r"^error\[?.*", stopped.stderr, re.MULTILINE)[:2] == [
        "error[E0308]: mismatched types",
        "error[E0308]: mismatched types",
    ]
    assert set(re.findall(r"--> (src/\S+\.rs):", stopped.stderr)) == {"src/runtime.rs"}

    host = example / "src" / "runtime.rs"
    replace(host, "UnsafeCell::new(fuel)", "UnsafeCell::new(fuel.try_into().unwrap())")
    replace(
        host,
        "*self.store.as_ref().fuel.get()",
        "(*self.store.as_ref().fuel.get()).into()",
    )
    done = make(example)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(SHOWN)


@pytest.mark.parametrize(
    ("program", "arguments", "said"),
    [
        ("i = 0;\nwhile 1 { mem[i] = i; i = i + 1; }", [], "an index out of bounds"),
        ("i = 0;\nwhile 1 { i = i + 1; }", ["--fuel", "7"], "out of fuel"),
        ("i = 0 - 1;\nprint mem[i];", [], "an index out of bounds"),
        ("i = 0;\nwhile i < { }", [], "bad.toy: line 2: expected a value, found `{`"),
        ("while 1 { i = 2;", [], "bad.toy: line 1: expected `}`, found ``"),
    ],
)
def test_a_program_that_goes_wrong_is_told_how(
    built: Path, tmp_path: Path, program: str, arguments: list[str], said: str
) -> None:
    (tmp_path / "bad.toy").write_text(program, encoding="utf-8")
    toy = built / "toy"
    done = subprocess.run(
        [toy, "bad.toy", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"toy: {said}")
