"""Words where the runtime stands: alignments that ctypes doesn't know."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import Any

import pytest

from vmgen.languages.python.runtime import scalars
from vmgen.languages.python.runtime.layouts import address
from vmgen.targets.find import TARGETS

LONG_DOUBLES = {
    "x86_64-unknown-linux-gnu": ("linux", 16, 16),
    "x86_64-pc-windows-msvc": ("win32", 8, 8),
    "aarch64-apple-darwin": ("darwin", 8, 8),
    "aarch64-unknown-linux-gnu": ("linux", 16, 16),
    "powerpc64-unknown-linux-gnu": ("linux", 16, 16),
    "s390x-unknown-linux-gnu": ("linux", 16, 8),
    "i686-unknown-linux-gnu": ("linux", 12, 4),
    "i686-pc-windows-msvc": ("win32", 8, 8),
    "armv7-unknown-linux-gnueabihf": ("linux", 8, 8),
    "mips-unknown-linux-gnu": ("linux", 8, 8),
    "wasm32-unknown-emscripten": ("emscripten", 16, 16),
}
"""What Python and its C compiler say on each: `sys.platform`, and the size and the
alignment of a long double."""

UNKNOWN = {
    "csky-unknown-linux-gnuabiv2": ("linux", 8, 4),
    "sparc-unknown-linux-gnu": ("linux", 16, 8),
    "powerpc-unknown-linux-gnu": ("linux", 16, 16),
}


def alignment_on(
    monkeypatch: pytest.MonkeyPatch, target: str, platform: str, size: int, align: int
) -> int | None:
    """What `wide_alignment` says on a target."""
    model = TARGETS[target].model
    host = SimpleNamespace(
        pointer=model.pointer, order=model.endian, aligns={"u64": model.align_u64}
    )
    said = SimpleNamespace(
        sizeof=lambda _: size, alignment=lambda _: align, c_longdouble=None
    )
    monkeypatch.setattr(scalars, "HOST", host)
    monkeypatch.setattr(scalars, "ctypes", said)
    monkeypatch.setattr(scalars, "sys", SimpleNamespace(platform=platform))
    return scalars.wide_alignment()


@pytest.mark.parametrize("target", LONG_DOUBLES)
def test_a_wide_integer_is_aligned_as_rustc_does(
    monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    found = alignment_on(monkeypatch, target, *LONG_DOUBLES[target])
    assert found == TARGETS[target].model.align_u128


@pytest.mark.parametrize("target", UNKNOWN)
def test_an_alignment_that_is_not_known_is_not_guessed(
    monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    assert alignment_on(monkeypatch, target, *UNKNOWN[target]) is None


def test_an_atomic_that_ctypes_can_not_be_told_about_is_a_structure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on a 32-bit x86 since Python 3.13."""
    monkeypatch.setattr(scalars, "raise_alignment", lambda cls, align: False)
    made: Any = scalars._aligned(scalars.AtomicI64)
    assert issubclass(made, ctypes.Structure)

    class Outer(ctypes.Structure):
        _fields_ = [("first", ctypes.c_uint8), ("word", made)]

    outer: Any = Outer()
    outer.word._put(-2)
    assert (outer.word.value, repr(outer.word)) == (-2, "AtomicI64(-2)")
    assert bytes(outer)[8:] == (-2).to_bytes(8, "little", signed=True)
    with pytest.raises(OverflowError):
        outer.word._put(1 << 63)
    with pytest.raises(AttributeError, match="is atomic: use store"):
        outer.word.value = 1


def test_a_word_of_unknown_alignment_is_no_field_and_can_be_pointed_to() -> None:
    parts = {"_ctype": ctypes.c_uint64 * 2, "_stored": scalars._Bytes16()}
    unplaced: Any = type("u128", (scalars.Scalar, scalars.Unplaced), parts)
    with pytest.raises(TypeError):

        class Outer(ctypes.Structure):
            _fields_ = [("wide", unplaced)]

    memory = (ctypes.c_uint64 * 2)(5, 1)
    word = unplaced.from_address(ctypes.addressof(memory))
    assert word.value == (1 << 64) + 5
    assert address(word) == ctypes.addressof(memory)
