"""Foreign types: the crates they come from, and whether they can be copied."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, write_headers
from tests.c.headers import check as check_c
from tests.python.generated import run as run_python
from tests.python.generated import write as write_python
from tests.rust.crates import check, crate, module_at, run, texts_of
from tests.support import Ran, findings, module_of, need, write_schema
from vmgen.build.config import Config
from vmgen.build.pipeline import rust_crates
from vmgen.reading.diagnostics import Report
from vmgen.rules import run_rules
from vmgen.schema import load_module

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    types:
      Word: {kind: foreign, rust: "core::ffi::c_int", size: 4, align: 4, copy: true}
      Blob: {kind: foreign, size: 12, align: 4, copy: true}
      Kept: {kind: foreign, size: 12, align: 4}
      Choice: {kind: enum, tag: u32, variants: {A: Word, B: Blob}}
      Either: {kind: union, fields: {word: Word, blob: Blob, choice: Choice, kept: Kept}}
      All:
        kind: struct
        copy: true
        fields: {word: Word, blob: "[Blob; 2]", choice: Choice}
    """


def test_foreign_types_that_say_so_can_be_copied(tmp_path: Path) -> None:
    assert check(crate(tmp_path, module_of(tmp_path, SCHEMA))) == Ran(0, "", "")


def test_rustc_tells_of_a_type_that_only_says_so(tmp_path: Path) -> None:
    schema = """\
        targets: [x86_64-unknown-linux-gnu]
        types:
          Names:
            kind: foreign
            rust: core::ops::Range<usize>
            size: 16
            align: 8
            copy: true
        """
    ran = check(crate(tmp_path, module_of(tmp_path, schema)))
    assert "the trait bound `core::ops::Range<usize>: Copy` is not satisfied" in (
        ran.err.replace("std::ops", "core::ops")
    )


def libc(folder: Path, **options: str) -> list[str]:
    """What is said of a type of the crate libc, with these options for Rust."""
    path = write_schema(
        folder, "types: {Word: {kind: foreign, rust: 'libc::c_int', size: 4, align: 4}}"
    )
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None
    config = Config(folder, options=MappingProxyType({"rust": options}))
    run_rules(module, report, rust_crates(config))
    return [f"{d.code}: {d.message}" for d in report]


def test_a_crate_that_is_missing_is_found(tmp_path: Path) -> None:
    missing = "VM904: the generated crate doesn't depend on `libc`"
    assert libc(tmp_path) == [missing]
    assert libc(tmp_path, dependencies="half@2") == [missing]
    assert libc(tmp_path, dependencies="half@2 libc@0.2") == []
    assert libc(tmp_path, runtime="crate::vm") == []


def test_without_rust_no_crate_is_missing(tmp_path: Path) -> None:
    assert rust_crates(Config(tmp_path, languages=("c", "python"))) is None


def test_cargo_is_told_of_the_crates(tmp_path: Path) -> None:
    module = module_of(tmp_path, SCHEMA)
    assert "[dependencies]" not in texts_of([module])["Cargo.toml"]
    manifest = texts_of([module], dependencies="my-libc@0.2 half@=2.4.1")["Cargo.toml"]
    assert manifest.endswith("""
[dependencies]
half = { version = "=2.4.1", default-features = false }
my-libc = { version = "0.2", default-features = false }
""")


@pytest.mark.parametrize("path", ["self::Other", "Other", "crate::sample::Other"])
def test_types_of_the_module_itself_are_known(tmp_path: Path, path: str) -> None:
    schema = f"""\
        types:
          Other: {{kind: struct, fields: {{x: u32}}}}
          Same: {{kind: foreign, rust: "{path}", size: 4, align: 4}}
        """
    assert findings(write_schema(tmp_path, schema)) == ""
    assert check(crate(tmp_path, module_of(tmp_path, schema))) == Ran(0, "", "")


def test_a_parameter_can_be_any_path(tmp_path: Path) -> None:
    schema = """\
        targets: [x86_64-unknown-linux-gnu]
        types:
          Table:
            kind: functions
            functions:
              add: "(x: core::arch::x86_64::__m128i, y: u8) -> core::net::Ipv4Addr"
        """
    module = module_of(tmp_path, schema)
    folder = crate(tmp_path, module)
    slot = (
        'add: unsafe extern "C" fn(x: core::arch::x86_64::__m128i, y: u8) '
        "-> core::net::Ipv4Addr,"
    )
    assert slot in (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert check(folder) == Ran(0, "", "")
    headers = write_headers(tmp_path, module)
    assert "void (*VM_NONNULL add)(void);" in headers["sample.h"]
    assert check_c(tmp_path, '#include "sample.h"\n', "c11", *STRICT) == Ran(0, "", "")
    write_python(tmp_path / "python", module)
    assert run_python(tmp_path / "python", "import sample") == Ran(0, "", "")


def test_what_is_promised_of_a_type_is_as_rustfmt_has_it_however_long_its_name_is(
    tmp_path: Path,
) -> None:
    """rustfmt breaks a line behind the name of the type that it is about."""
    kinds = (
        "{kind: opaque}",
        "{kind: struct, fields: {a: AtomicU64, b: u8}}",
        "{kind: struct, derive: [Default], fields: {b: u8}}",
        "{kind: union, fields: {b: u8}}",
        "{kind: newtype, of: u8}",
    )
    types = "".join(
        f"  {letter}{'Ab' * length}: {kind}\n"
        for letter, kind in zip("VWXYZ", kinds, strict=True)
        for length in (20, *range(28, 50))
    )
    module = module_at(write_schema(tmp_path, f"vmgen: 1\nmodule: m\ntypes:\n{types}"))
    folder = crate(tmp_path / "crate", module)
    command = [need("rustfmt"), "--check", "--edition", "2021", "src/lib.rs"]
    assert run(command, folder) == Ran(0, "", "")


def test_what_is_but_bytes_is_as_rustfmt_has_it_however_long_its_name_is(
    tmp_path: Path,
) -> None:
    """rustfmt breaks a chain of calls before a line is full."""
    size = "{kind: foreign, size: 8, align: 8}"
    types = "".join(f"  {'Ab' * length}: {size}\n" for length in range(1, 20))
    module = module_at(write_schema(tmp_path, f"vmgen: 1\nmodule: m\ntypes:\n{types}"))
    folder = crate(tmp_path / "crate", module)
    check = [need("rustfmt"), "--check", "--edition", "2021", "src/lib.rs"]
    assert run(check, folder) == Ran(0, "", "")
