"""Enums whose memory is trusted: Rust's own, laid out as the tag and union that C has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.c.headers import run as run_c
from tests.c.headers import write_headers
from tests.rust.crates import (
    EDITIONS,
    cargo,
    check,
    crate,
    execute,
    need_target,
    run,
    set_edition,
)
from tests.support import Ran, module_of, need

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
    targets: [x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu]
    types:
      Index: {kind: newtype, of: u32}
      State:
        kind: enum
        tag: u32
        trusted: only the host writes it
        derive: [Debug, Clone, Default]
        doc: How far it is.
        variants:
          Fresh: {value: 0, doc: Not run yet.}
          Running: 7
          Odd: {value: 9, cfg: windows}
      Small: {kind: enum, tag: i8, trusted: nobody writes, variants: {Below: -1, Above: 1}}
      Wide: {kind: enum, tag: usize, trusted: nobody writes, variants: {A: 0, B: 70}}
      Global:
        kind: enum
        tag: u32
        trusted: made by the host alone
        derive: [Debug, Clone, Copy, PartialEq]
        variants: {Host: Index, Instance: {type: Index, value: 5}, Flags: null}
      Chain:
        kind: enum
        tag: usize
        trusted: made by the host alone
        variants: {Absent: null, First: Option<VmPtr<u8>>, Many: "[u64; 3]"}
      Far:
        kind: enum
        tag: u64
        trusted: made by the host alone
        variants: {Low: {value: 1, type: u8}, High: 18446744073709551615}
      Uneven:
        kind: enum
        tag: u8
        trusted: made by the host alone
        derive: [Debug]
        variants: {Count: AtomicUsize, Bytes: "[u8; 300]"}
      Store:
        kind: struct
        derive: [Default, Debug]
        fields: {state: State, index: Index}
      All:
        kind: struct
        fields: {place: Global, chain: Chain, uneven: Uneven, wide: Wide, below: Small}
    """


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_judges_find_nothing(tmp_path: Path, edition: str) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    set_edition(folder, edition)
    assert check(folder, edition=edition) == Ran(0, "", "")
    formatted = [need("rustfmt"), "--check", "--edition", edition, "src/lib.rs"]
    assert run(formatted, folder) == Ran(0, "", "")
    pedantic = "-Dwarnings -Dclippy::pedantic"
    assert cargo(folder, "clippy", RUSTFLAGS=pedantic) == Ran(0, "", "")


def test_it_is_an_enum_with_the_reason(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    text = (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert """\
/// How far it is.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Debug)]
#[repr(u32)]
pub enum State {
    /// Not run yet.
    Fresh = StateTag::Fresh,
    Running = StateTag::Running,
    #[cfg(windows)]
    Odd = StateTag::Odd,
}
""" in text
    assert """\
// SAFETY: `repr(u32)`, and what it holds is checked at the end.
// Only these are ever written: only the host writes it.
unsafe impl VmSafe for State {}
""" in text
    assert (
        "#[repr(C, u32)]\npub enum Global {\n    Host(Index) = GlobalTag::Host,\n"
        in text
    )


def test_rust_and_c_agree_on_what_lies_there(tmp_path: Path) -> None:
    module = module_of(tmp_path, SCHEMA)
    program = r"""
        use bindings::sample::*;
        fn bytes<T>(value: &T) -> String {
            let at = std::ptr::from_ref(value).cast::<u8>();
            let all = unsafe { std::slice::from_raw_parts(at, size_of::<T>()) };
            all.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        fn number(global: Global) -> u32 {
            // Exhaustive: there is no other value.
            match global {
                Global::Host(index) => index.0,
                Global::Instance(index) => index.0 + 100,
                Global::Flags => 0,
            }
        }
        fn main() {
            println!("{}", bytes(&Global::Instance(Index(0x0102_0304))));
            println!("{}", bytes(&Chain::Many([1, 2, 3])));
            println!("{} {}", bytes(&State::Running), bytes(&Wide::B));
            eprint!("");
            let text = format!("{:?} {}", Store::default(), number(Global::Instance(Index(3))));
            assert_eq!(text, "Store { state: Fresh, index: Index(0) } 103");
        }
        """
    rust = execute(crate(tmp_path, module), program)
    headers = tmp_path / "c"
    write_headers(headers, module)
    source = r"""
        #include <stdio.h>
        #include "sample.h"
        static void show(const void *at, size_t size, const char *end) {
            for (size_t i = 0; i < size; i++) printf("%02x", ((const unsigned char *)at)[i]);
            fputs(end, stdout);
        }
        int main(void) {
            Global global = {.tag = Global_Instance, .payload.instance = 0x01020304};
            Chain chain = {.tag = Chain_Many, .payload.many = {1, 2, 3}};
            State state = State_Running;
            Wide wide = Wide_B;
            show(&global, sizeof global, "\n");
            show(&chain, sizeof chain, "\n");
            show(&state, sizeof state, " ");
            show(&wide, sizeof wide, "\n");
        }
        """
    assert run_c(headers, source, "c11") == rust


@pytest.mark.parametrize(
    "target",
    ["i686-unknown-linux-gnu", "s390x-unknown-linux-gnu", "thumbv6m-none-eabi"],
)
def test_other_targets_agree(tmp_path: Path, target: str) -> None:
    need_target(target)
    schema = SCHEMA.replace("targets: [", f"targets: [{target}, ")
    folder = crate(tmp_path, module_of(tmp_path, schema))
    assert check(folder, "--target", target) == Ran(0, "", "")
