"""Broken binaries end in a message, in bounded time, whatever is asked of them."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from tests.binaries.programs import run
from tests.support import need, proving, vmgen
from vmgen.binaries.containers import images_of
from vmgen.binaries.image import BinaryError
from vmgen.build.config import Config
from vmgen.imports.binary import read_images
from vmgen.imports.convert import draft_of
from vmgen.imports.found import ImportFailed
from vmgen.imports.rust_items import items
from vmgen.imports.settle import settle

HERE = Path(__file__).parent
EXAMPLES = 2_000 if proving() else 30
LIMIT = 20.0
"""Seconds within which a file of a few kilobytes is read or refused, on any machine."""


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("hostile")
    found = []
    for flag in "-gdwarf-4", "-gdwarf-5":
        source = str(HERE / "sample.c")
        run([need("gcc"), flag, "-c", source, "-o", "sample.o"], folder)
        found.append((folder / "sample.o").read_bytes())
    rustc = [need("rustc"), "--edition", "2024", "-g", "--crate-type=lib"]
    source = str(HERE / "rust_sample.rs")
    run([*rustc, "--emit=obj", source, "-o", "rust.o"], folder)
    found.append((folder / "rust.o").read_bytes())
    return found


def survives(data: bytes, seed: int) -> None:
    """Make a schema of a file; whatever comes of it, it is no other exception."""
    started = time.monotonic()
    said = "fine"
    try:
        draft = draft_of(read_images(images_of(data, "hostile"), ["*"], None))
        settle(draft, "sample", [], Config(HERE))
    except (BinaryError, ImportFailed) as error:
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
        draft = draft_of(read_images(images_of(data, "sound"), ["*"], None))
        assert len(draft.declared) > 10


def test_headers_that_are_changed(tmp_path: Path) -> None:
    """What isn't C is for clang to refuse; what is, is imported or refused in a line."""
    lines = (HERE / "abilities.h").read_text(encoding="utf-8").splitlines()
    words = sorted(set(" ".join(lines).split()))
    for seed in range(EXAMPLES // 5):
        random = Random(seed)
        changed = [*lines]
        for _ in range(random.randint(1, 3)):
            at = random.randrange(4, len(changed))
            pieces = changed[at].split(" ")
            pieces[random.randrange(len(pieces))] = random.choice(words)
            changed[at] = " ".join(pieces)
        (tmp_path / "changed.h").write_text("\n".join(changed), encoding="utf-8")
        ran = vmgen("import", "c", "changed.h", cwd=tmp_path)
        assert ran.code in (0, 2), (seed, ran.err)
        assert len(ran.err.splitlines()) == 1, (seed, ran.err)


def test_sources_that_are_changed() -> None:
    """What isn't Rust is for rustc to refuse; looking for items comes to an end."""
    whole = (HERE / "rust_sample.rs").read_text(encoding="utf-8")
    started = time.monotonic()
    for seed in range(EXAMPLES):
        random = Random(seed)
        text = list(whole[: random.randrange(len(whole))])
        for _ in range(random.randint(1, 20)):
            text[random.randrange(len(text))] = random.choice("{}()[]<>\"'/*#;,r!")
        assert all(item.path for item in items("".join(text)))
    assert time.monotonic() - started < LIMIT


@pytest.mark.parametrize("piece", ["mod a {", "{", "/*", 'r#"', "#[", "struct A<", "'"])
def test_sources_without_end(piece: str) -> None:
    started = time.monotonic()
    assert all(item.path for item in items(piece * 3_000))
    assert time.monotonic() - started < LIMIT
