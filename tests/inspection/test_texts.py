"""Texts of C, as `vmgen inspect` shows them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from tests.support import vmgen, write_schema

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    profile: {c-abi: it is a test}
    targets: [x86_64-unknown-linux-gnu]
    types:
      Task:
        kind: struct
        fields: {name: "*const c_char", comm: "[c_char; 8]", none: "*mut c_char"}
    """


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"hello\xe9\0", "0x1018 -> c_char ('hello\\xe9')"),
        (b"\0", "0x1018 -> c_char ('')"),
        (b"x" * 64 + b"\0", f"0x1018 -> c_char ('{'x' * 64}')"),
        (b"x" * 65 + b"\0", f"0x1018 -> c_char ('{'x' * 64}' ...)"),
    ],
    ids=["short", "empty", "as long as is shown", "longer"],
)
def test_a_text_is_shown_up_to_its_nul_and_a_limit(
    tmp_path: Path, text: bytes, shown: str
) -> None:
    assert lines(tmp_path, text)[1:] == [
        f"├─ name: {shown}",
        "├─ comm: 63 6f 6d 6d 00 78 79 7a (comm.xyz)",
        "└─ none: null",
    ]


def test_a_text_that_memory_ends_in_is_said_to(tmp_path: Path) -> None:
    assert "the bytes end at 0x101b" in lines(tmp_path, b"abc")[1]


def lines(folder: Path, text: bytes) -> list[str]:
    write_schema(folder, SCHEMA)
    task = struct.pack("<Q8sQ", 0x1018, b"comm\0xyz", 0)
    (folder / "memory.bin").write_bytes(task + text)
    where = ["--bytes", "memory.bin", "--base", "0x1000", "--at", "Task@0x1000"]
    target = ["--target", "x86_64-unknown-linux-gnu"]
    ran = vmgen("inspect", "sample.vm.yaml", *where, *target, cwd=folder)
    return ran.out.splitlines()
