"""The examples that work on records of others, live."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import subprocess
import sys

from tests.support import ROOT, missing

EXAMPLES = ROOT / "examples"
SETUP = 425
"""The system call `io_uring_setup`."""


def printed(example: str, *arguments: str) -> str:
    """What an example prints, which has to end well."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / example), *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def linux_has_io_uring() -> bool:
    """Whether the kernel lets us have a ring: it may be too old, or forbid it."""
    libc = ctypes.CDLL(None, use_errno=True)
    file = libc.syscall(SETUP, 1, ctypes.create_string_buffer(120))
    if file < 0:
        return False
    os.close(file)
    return True


def need_package(name: str) -> None:
    if importlib.util.find_spec(name) is None:
        missing(f"{name} is not installed")


def test_numpy_and_pyarrow_hand_arrays_to_the_generated_classes() -> None:
    need_package("numpy")
    need_package("pyarrow")
    assert printed("shared_arrays.py") == (
        "A tensor of 2 dimensions on kDLCPU\n"
        "  kDLInt of 32 bits: [[0, 2], [4, 6], [8, 10]]\n"
        "A column of 4, 1 of them null\n"
        "  'u': ['alpha', 'beta', None, 'gamma']\n"
        "  released: True\n"
    )


def test_the_kernel_does_nothing_for_the_generated_records() -> None:
    if sys.platform != "linux" or not linux_has_io_uring():
        missing("the kernel has no io_uring for us")
    assert printed("io_uring_nop.py") == "0x5eed is done, and came to 0\n"
