"""The program that finds the items of Rust files, and calls of methods in them."""

from __future__ import annotations

from pathlib import Path

from tests.drop_in.cargo import FOLDER, HERE, run


def items(*words: str | Path) -> str:
    """What it says; `items/src/main.rs` tells what it takes."""
    manifest = str(HERE / "items" / "Cargo.toml")
    program = ["cargo", "run", "--quiet", "--locked", "--manifest-path", manifest, "--"]
    return run([*program, *words], FOLDER)


def remove(file: Path, names: list[str]) -> int:
    """Take items out of a file; gives how many lines fewer it has."""
    return int(items("remove", file, *names))


def methods(file: Path, owner: str) -> list[list[str]]:
    """The methods of a type in a file: ``[NAME, RESULT]``, or with the type of an index."""
    return [line.split()[1:] for line in items("methods", file, owner).splitlines()]


def rename(file: Path, rules: Path) -> int:
    """Rename calls in a file; gives how many."""
    return int(items("rename", file, rules))
