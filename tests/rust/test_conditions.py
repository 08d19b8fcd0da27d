"""What Rust has under a condition: it compiles with and without, and no byte moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import EDITIONS, cargo, check, crate, execute, run, set_edition
from tests.support import Ran, findings, module_of, need, write_schema

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
    targets: [x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu]
    types:
      Header: {kind: struct, cfg: 'feature = "gc"', derive: [Default], fields: {kind: Kind, code: Option<VmPtr<Ref>>}}
      Kind: {kind: enum, tag: u32, cfg: 'feature="gc"', variants: {A: 0, B: {value: 1, cfg: unix}}}
      Ref: {kind: newtype, of: u32, cfg: 'feature = "gc"'}
      Either: {kind: enum, tag: u32, cfg: 'feature = "gc"', variants: {A: Ref, B: null}}
      Hidden: {kind: opaque, cfg: 'all(feature = "gc", feature = "other")'}
      Table2: {kind: functions, cfg: 'feature = "gc"', functions: {go: "(a: Ref)"}}
      Bytes: {kind: foreign, size: 8, align: 8, cfg: 'feature = "gc"'}
      Theirs: {kind: foreign, rust: "core::ffi::c_int", size: 4, align: 4, copy: true, cfg: 'feature = "gc"'}
      Frame:
        kind: context
        cfg: 'feature = "gc"'
        counts: [num]
        fields: {first: Header}
        regions: {all: "[Ref; num]"}
      Long:
        kind: struct
        cfg: 'all(feature = "a-feature-with-a-long-name", feature = "another-with-a-longer-name")'
        fields: {shared: AtomicU64}
      Always:
        kind: struct
        fields:
          header: Option<VmPtr<Header>>
          hidden: VmPtr<Hidden>
          far: VmPtr<Long>
          frame: VmPtr<Frame>
          list: VmPtr<List<u8>>
          link: "Option<VmPtr<Link<List<u8>, Ref>>>"
          place: Place
      List: {kind: struct, params: [T], cfg: 'feature = "gc"', fields: {next: VmPtr<T>}}
      Link: {kind: struct, params: [T, U], cfg: 'feature = "gc"', fields: {number: u32}}
      Maybe: {kind: enum, tag: u8, variants: {Odd: {cfg: 'feature = "gc"'}}}
      Place:
        kind: enum
        tag: u32
        variants:
          Nowhere: {cfg: 'not(feature = "gc")'}
          In: VmPtr<u8>
          Of: {type: Ref, cfg: 'feature = "gc"'}
      Padded:
        kind: enum
        tag: u32
        variants: {A: "[u8; 5]", B: {type: "[u8; 7]", cfg: 'feature = "gc"'}, C: u32}
      Level:
        kind: enum
        tag: u8
        variants: {Low: 0, High: {value: 1, cfg: 'feature = "gc"'}}
      Builtins:
        kind: functions
        functions:
          grow: "(a: u32) -> u32"
          drop: {signature: "(a: Ref)", cfg: 'feature = "gc"'}
          many:
            signature: "(context: VmPtr<Frame>, first: u64, second: u64, third: u64, fourth: Ref) -> usize"
            cfg: 'feature = "gc"'
    """
GC = ("--cfg", 'feature="gc"')
LONG = ("a-feature-with-a-long-name", "another-with-a-longer-name")
FLAGS = [
    (),
    GC,
    (*GC, "--cfg", 'feature="other"'),
    tuple(f'--cfg=feature="{name}"' for name in LONG),
]
FEATURES = ("gc", "other", *LONG)
KNOWN = [
    "--check-cfg=cfg(test)",
    '--check-cfg=cfg(feature, values("' + '", "'.join(FEATURES) + '"))',
]


@pytest.mark.parametrize("flags", FLAGS, ids=["none", "gc", "both", "long"])
def test_it_compiles_with_and_without(tmp_path: Path, flags: tuple[str, ...]) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    for edition in EDITIONS:
        assert check(folder, *KNOWN, *flags, edition=edition) == Ran(0, "", "")


@pytest.mark.parametrize("edition", EDITIONS)
def test_rustfmt_and_clippy_find_nothing(tmp_path: Path, edition: str) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA), features=" ".join(FEATURES))
    formatted = [need("rustfmt"), "--check", "--edition", edition, "src/lib.rs"]
    assert run(formatted, folder) == Ran(0, "", "")
    set_edition(folder, edition)
    for features in ("--no-default-features", "--all-features"):
        said = cargo(folder, "clippy", features, RUSTFLAGS="-Dwarnings")
        assert said == Ran(0, "", "")


def test_a_slot_is_there_in_any_case(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    text = (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert """\
    #[cfg(feature = "gc")]
    pub drop: unsafe extern "C" fn(a: Ref),
    #[cfg(not(feature = "gc"))]
    pub drop: unsafe extern "C" fn(),
""" in text
    program = """
        use bindings::sample::*;
        fn main() {
            println!("{} {}", size_of::<Builtins>(), size_of::<Place>());
        }
        """
    assert execute(folder, program, "2024") == "24 16\n"


def test_types_of_another_module_are_imported_under_their_condition(
    tmp_path: Path,
) -> None:
    write_schema(
        tmp_path,
        """\
        vmgen: 1
        module: common
        types:
          Ref: {kind: newtype, of: u32, cfg: 'feature = "gc"'}
          Header: {kind: struct, cfg: 'feature = "gc"', fields: {a: u32}}
        """,
        "common.vm.yaml",
    )
    user = module_of(
        tmp_path,
        """\
        vmgen: 1
        module: user
        uses: [common.vm.yaml]
        types:
          Always: {kind: struct, fields: {header: VmPtr<Header>}}
          Never: {kind: struct, cfg: 'feature = "gc"', fields: {all: Ref}}
        """,
    )
    folder = crate(tmp_path, user.uses[0].module, user)
    assert check(folder, *KNOWN) == Ran(0, "", "")
    assert check(folder, *KNOWN, *GC) == Ran(0, "", "")


def test_a_field_has_no_condition(tmp_path: Path) -> None:
    schema = "types: {A: {kind: struct, fields: {a: {type: u32, cfg: unix}}}}"
    said = findings(write_schema(tmp_path, schema))
    assert "error[VM004]: a field has no key `cfg`" in said
    assert "would move what follows: write `when`, which decides for all" in said
