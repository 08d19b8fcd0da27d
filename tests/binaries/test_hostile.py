"""Broken binaries end in a message, whatever is broken, in bounded time and memory."""

from __future__ import annotations

import time
from random import Random

import pytest

import vmgen
from tests.binaries.programs import ENGINE, bindings, compiled_c, run
from tests.support import need, proving
from vmgen.binaries.containers import images_of
from vmgen.binaries.image import BinaryError
from vmgen.binaries.verify import verify

LAYOUTS = vmgen.lay_out(vmgen.load(ENGINE))
EXAMPLES = 2_000 if proving() else 60
LIMIT = 20.0
"""Seconds within which a file of a few kilobytes is read or refused, on any machine."""


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A file of each container and version of DWARF that is read."""
    folder = tmp_path_factory.mktemp("hostile")
    module = bindings(ENGINE, folder)
    found = []
    for cc, *flags in (
        ("gcc", "-gdwarf-4"),
        ("gcc", "-gdwarf-5", "-fdebug-types-section"),
        ("gcc", "-gz=zlib"),
        ("x86_64-linux-gnu", "-gdwarf-5", "-gz=zstd"),
        ("aarch64-macos",),
        ("wasm32-wasi",),
    ):
        found.append(compiled_c(module, folder, *flags, cc=cc).read_bytes())
    (folder / "probes.a").unlink(missing_ok=True)
    run([need("ar"), "rc", "probes.a", "probes.o"], folder)
    found.append((folder / "probes.a").read_bytes())
    return found


def survives(data: bytes, seed: int) -> None:
    """Hold a schema against a file; whatever comes of it, it is no other exception."""
    started = time.monotonic()
    said = "fine"
    try:
        verify([LAYOUTS], images_of(data, "hostile"))
    except BinaryError as error:
        said = str(error)
    except Exception as error:
        raise AssertionError(f"seed {seed}") from error
    assert said.splitlines() == [said], seed
    assert time.monotonic() - started < LIMIT, seed


def test_bytes_that_are_changed(binaries: list[bytes]) -> None:
    for seed in range(EXAMPLES):
        random = Random(seed)
        whole = bytearray(random.choice(binaries))
        for _ in range(random.randint(1, 8)):
            whole[random.randrange(len(whole))] = random.randrange(256)
        survives(bytes(whole), seed)


def test_files_that_are_cut_off(binaries: list[bytes]) -> None:
    for seed in range(EXAMPLES):
        random = Random(seed)
        whole = random.choice(binaries)
        survives(whole[: random.randrange(len(whole))], seed)


def test_the_files_are_sound(binaries: list[bytes]) -> None:
    for data in binaries:
        assert len(verify([LAYOUTS], images_of(data, "sound"))[0].right) == 9
