"""What Rust has under a condition: it compiles with and without, and no byte moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import EDITIONS, cargo, check, crate, execute, run, set_edition
from tests.support import Ran, findings, module_of, need, vmgen, write_schema

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
    assert (
        "write `on` for the targets that it is there on, or `when` for a feature"
        in said
    )


SHARED = """
    types:
      Slot: {kind: newtype, of: u32}
      Frame: {kind: struct, fields: {depth: u32, next: "Option<VmPtr<Frame>>"}}
      Place: {kind: enum, tag: u32, variants: {Host: u32, Own: Slot, Far: null}}
      Builtins: {kind: functions, functions: {grow: "(slot: Slot)", drop: "(of: u32)"}}
      Both: {kind: struct, cfg: unix, fields: {a: u32}}
      Always:
        kind: context
        counts: {num: {index: FrameIndex}}
        regions: {frames: "[VMWord; num]"}
      Module:
        kind: context
        counts: {num: {index: FrameIndex}, slots: {index: SlotIndex}}
        fields: {first: VmPtr<Module>, next: Option<VmPtr<Always>>}
        regions: {words: "[VMWord; num]", all: "[Slot; slots]"}
      VMWord: {kind: struct, fields: {word: u32}}
"""
OURS = """
/// Ours.
pub mod numbers {
    /// Of frames.
    #[derive(Clone, Copy)]
    pub struct FrameIndex(pub u32);
    /// Of slots.
    #[cfg(feature = "gc")]
    #[derive(Clone, Copy)]
    pub struct SlotIndex(pub u32);
    impl super::sample_places::Index for FrameIndex {
        fn number(self) -> u32 {
            self.0
        }
    }
    #[cfg(feature = "gc")]
    impl super::sample_places::Index for SlotIndex {
        fn number(self) -> u32 {
            self.0
        }
    }
}
"""
CONDITIONS = """
Slot = 'feature="gc"'
Module = 'feature = "gc"'
Both = 'feature = "gc"'
"Place.Own" = 'feature = "gc"'
"Builtins.grow" = 'feature = "gc"'
"""


def configured(folder: Path, conditions: str, more: str = "") -> Ran:
    """Build `SHARED` as a project that puts types under conditions."""
    write_schema(folder, SHARED)
    (folder / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["rust"]\n'
        f'[tool.vmgen.rust]\nfeatures = "gc"\n{more}\n'
        f"[tool.vmgen.rust.cfg]\n{conditions}",
        encoding="utf-8",
    )
    return vmgen("build", cwd=folder)


@pytest.mark.parametrize("flags", [(), GC], ids=["none", "gc"])
def test_the_configuration_puts_types_under_conditions(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    more = 'modules = "places for_each"\nindices = "crate::numbers"'
    assert configured(tmp_path, CONDITIONS, more).code == 0
    folder = tmp_path / "generated" / "rust"
    with (folder / "src/lib.rs").open("a", encoding="utf-8") as lib:
        lib.write(OURS)
    assert check(folder, *KNOWN, *flags) == Ran(0, "", "")
    types, places, macros = (
        (folder / f"src/sample{name}.rs").read_text(encoding="utf-8")
        for name in ("", "_places", "_for_each")
    )
    assert '#[cfg(all(unix, feature = "gc"))]\n#[repr(C)]\npub struct Both {' in types
    assert (
        '#[cfg(feature = "gc")]\n    pub grow: unsafe extern "C" fn(slot: Slot' in types
    )
    assert """\
use crate::numbers::{FrameIndex};
#[cfg(feature = "gc")]
#[rustfmt::skip]
use crate::numbers::{SlotIndex};
""" in places
    assert '#[cfg(feature = "gc")]\nimpl Places for ModulePlaces {' in places
    assert "\n\nimpl Places for AlwaysPlaces {" in places
    assert '#[cfg(feature = "gc")]\n            context Module align' in macros


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ("Sloth = 'unix'", ": no schema has the type `Sloth`, did you mean `Slot`"),
        (
            "'Place.Ow' = 'unix'",
            ": no schema has the variant or function `Place.Ow`, did you mean `Place.Own`",
        ),
        ("Slot = 'feature'", " has no condition for `Slot`: `feature` needs a value: "),
        ("Slot = 3", ': `Slot` is not a condition of Rust, as `feature = "gc"`'),
        ("Slot.a = 'unix'", ": `Slot` is not a condition of Rust, as `feature ="),
    ],
)
def test_the_configuration_names_what_a_schema_has(
    tmp_path: Path, conditions: str, said: str
) -> None:
    ran = configured(tmp_path, conditions)
    assert ran.code == 2
    assert f"pyproject.toml: `tool.vmgen.rust.cfg`{said}" in ran.err
    assert not (tmp_path / "generated").exists()


def test_conditions_of_the_configuration_move_no_byte_either(tmp_path: Path) -> None:
    ran = configured(tmp_path, "Slot = 'unix'")
    assert ran.code == 1
    assert (
        "sample.vm.yaml:5:3: error[VM244]: `Slot` isn't always there, and `Place` holds "
        "or passes it by value" in ran.out
    )
    assert not (tmp_path / "generated").exists()
