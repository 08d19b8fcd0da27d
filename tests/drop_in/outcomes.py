"""What runs on a tree of Wasmtime's crates: the embedder, and Wasmtime's own tests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.drop_in.cargo import FOLDER, Failed, attempt, cargo

WITHOUT_COMPILERS = (
    "runtime,std,gc,gc-drc,gc-null,component-model,async,threads,stack-switching"
)
"""Features of Wasmtime, all that the records have to do with."""

SUBSETS = (
    "runtime",
    "runtime,gc,gc-drc,gc-null",
    "runtime,component-model",
    "runtime,stack-switching",
)
"""Others, of builds without the component model, without the collector, or without both."""

TARGETS = ("i686-unknown-linux-gnu", "s390x-unknown-linux-gnu")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Names of what passed, and of what failed."""

    passed: frozenset[str]
    failed: frozenset[str]


def embedder(tree: Path) -> Outcomes:
    """Build and run it: each check is a line of what it prints."""
    cargo(tree, "build", "--package", "embedder")
    command = ["cargo", "run", "--quiet", "--locked", "--package", "embedder"]
    return _read(attempt(command, tree).stdout, r"ok (.*)", r"FAILED (.*?):.*")


def library_tests(tree: Path) -> Outcomes:
    """Wasmtime's own tests of its two crates' libraries.

    They write to a file what became of each: what they print, others print into.
    """
    packages = ["--package", "wasmtime", "--package", "wasmtime-environ", "--lib"]
    built = cargo(tree, "test", *packages, "--no-run", "--message-format", "json")
    log = FOLDER / "tests.log"
    text = ""
    for message in map(json.loads, built.splitlines()):
        if message["reason"] == "compiler-artifact" and message["executable"]:
            folder = Path(message["manifest_path"]).parent
            log.unlink(missing_ok=True)
            attempt([message["executable"], f"--logfile={log}"], folder)
            text += log.read_text("utf-8")
    return _read(text, r"ok (.*)", r"failed (.*)")


def _read(text: str, passed: str, failed: str) -> Outcomes:
    def names(pattern: str) -> frozenset[str]:
        return frozenset(re.findall(rf"^{pattern}$", text, re.M))

    outcomes = Outcomes(names(passed), names(failed))
    if not outcomes.passed:
        raise Failed(f"nothing passed:\n{text}")
    return outcomes


def warnings(tree: Path, features: str = "", target: str | None = None) -> list[str]:
    """What rustc warns of in the crates, by Wasmtime's own lints; with the features that
    Wasmtime has by default, or with these alone.

    Raises Failed where something doesn't compile.
    """
    command = ["check", "--package", "wasmtime", "--message-format", "json"]
    if target is not None:
        command += ["--target", target]
    if features:
        command += ["--no-default-features", "--features", features]
    found = []
    for line in cargo(tree, *command).splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-message":
            found.append(message["message"]["rendered"])
    return found
