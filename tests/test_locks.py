"""What the tests install is locked, and the locks are of what is asked for today."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from scripts import lock
from tests.cranelift.project import LOCKS, OTHERS
from tests.oracle.releases import RELEASES, SOURCE
from tests.support import ROOT, toolchain
from vmgen.languages.rust.crate import RUST_VERSION

RENEW = "make lock renews it"


def asked() -> list[lock.Requirement]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return lock.requirements(tomllib.loads(text))


def test_every_requirement_has_a_lowest_version() -> None:
    assert set(lock.lowest(asked())) == {canonicalize_name(r.name) for r in asked()}
    with pytest.raises(ValueError, match="`attrs<30` has no lowest version"):
        lock.lowest([lock.Requirement("attrs<30")])


def test_the_lock_has_a_version_of_each_requirement_that_is_admitted() -> None:
    locked = lock.locked(lock.LOCK)
    not_admitted = [
        str(requirement)
        for requirement in asked()
        if not requirement.specifier.contains(
            locked[canonicalize_name(requirement.name)]
        )
    ]
    assert not_admitted == [], RENEW


def test_the_other_lock_has_the_lowest_versions_that_are_admitted() -> None:
    locked = lock.locked(lock.LOWEST)
    wanted = lock.lowest(asked())
    lowest = {r.name: r for r in asked()}
    assert len(lowest) == len(wanted)
    for name, version in wanted.items():
        exactly = lock.Requirement(f"{name}=={version}").specifier
        assert exactly.contains(locked[name]), RENEW


def checked_in(name: str) -> list[Path]:
    """The files of a name, but for what is fetched or made."""
    return [
        path
        for path in ROOT.rglob(name)
        if not {"build", "target", "node_modules", ".venv"}
        & set(path.relative_to(ROOT).parts)
    ]


def test_whatever_npm_is_asked_for_is_locked() -> None:
    asked_for = checked_in("package.json")
    assert len(asked_for) == 4
    assert [p for p in asked_for if not p.with_name("package-lock.json").exists()] == []


def test_whatever_cargo_is_asked_for_is_locked() -> None:
    manifests = {
        p: tomllib.loads(p.read_text("utf-8")) for p in checked_in("Cargo.toml")
    }
    asked_for = [p for p, made in manifests.items() if made.get("dependencies")]
    # There are more, but it finds those of tests and of examples.
    assert {p.parent.name for p in asked_for} >= {"wasmtime", "embedder", "jit"}
    # A member of a workspace has that of the workspace.
    locks = [
        [p.with_name("Cargo.lock"), p.parent.parent / "Cargo.lock"] for p in asked_for
    ]
    assert all(any(lock.exists() for lock in each) for each in locks)
    locked = {lock.stem for lock in (SOURCE / "locks").iterdir()}
    assert locked == set(RELEASES)
    assert {lock.stem for lock in LOCKS.iterdir()} == set(OTHERS)


def test_the_least_toolchain_is_the_one_that_generated_crates_name() -> None:
    assert toolchain("RUST_LEAST") == f"{RUST_VERSION}.0"
