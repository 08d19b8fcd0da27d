"""Compiled templates that are kept between builds: a damaged one harms none."""

from __future__ import annotations

import os
import shutil
from hashlib import blake2b
from pathlib import Path

import pytest
from jinja2.bccache import bc_magic

from tests.support import vmgen_process, write_schema

SCHEMA = "types: {Memory: {kind: struct, fields: {base: VmPtr<u8>, length: usize}}}"


def build(folder: Path) -> dict[str, str]:
    """What a build makes where there is nothing yet."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    ran = vmgen_process("build", "sample.vm.yaml", "-o", "out", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    files = sorted(p for p in (folder / "out").rglob("*") if p.is_file())
    return {p.as_posix(): p.read_text(encoding="utf-8") for p in files}


def compiled(folder: Path) -> list[Path]:
    found = sorted((folder / ".cache" / "templates").glob("*.cache"))
    assert found
    return found


def flipped(sound: bytes) -> bytes:
    """One bit is another, somewhere in the code."""
    middle = len(sound) // 2
    return sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda sound: b"",
        lambda sound: b"damaged" * 100,
        lambda sound: sound[: len(sound) // 2],
        lambda sound: sound[:16],
        lambda sound: bytes(len(sound)),
        flipped,
    ],
    ids=["empty", "other", "cut-off", "no-code", "zeros", "flipped"],
)
def test_a_damaged_template_is_compiled_anew(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    write_schema(tmp_path, SCHEMA)
    made = build(tmp_path)
    sound = {path: path.read_bytes() for path in compiled(tmp_path)}
    for path, content in sound.items():
        path.write_bytes(damage(content))
    assert build(tmp_path) == made
    assert {path: path.read_bytes() for path in compiled(tmp_path)} == sound


def test_sound_templates_are_left_as_they_are(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    build(tmp_path)
    for path in compiled(tmp_path):
        os.utime(path, (1, 1))
    build(tmp_path)
    assert {path.stat().st_mtime for path in compiled(tmp_path)} == {1.0}


def test_templates_of_another_python_are_compiled_anew(tmp_path: Path) -> None:
    write_schema(tmp_path, SCHEMA)
    made = build(tmp_path)
    sound = {path: path.read_bytes() for path in compiled(tmp_path)}
    for path, content in sound.items():
        code = b"j2 of another" + content[16 + len(bc_magic) :]
        path.write_bytes(blake2b(code, digest_size=16).digest() + code)
    assert build(tmp_path) == made
    assert {path: path.read_bytes() for path in compiled(tmp_path)} == sound
