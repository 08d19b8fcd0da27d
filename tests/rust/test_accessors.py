"""Accessors of unions: values in the host's byte order, of bytes that are all written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
    targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu]
    types:
      State: {kind: enum, tag: u8, variants: {Off: 0, On: 1}}
      Count: {kind: newtype, of: u32}
      Value:
        kind: union
        align: 16
        accessors: true
        derive: [Clone, Copy, Debug, Default]
        fields:
          i32: {type: i32, endian: little, accessors: {i32: i32, u32: u32}, doc: Four bytes.}
          i64: {type: i64, endian: little}
          host: {type: u16, accessors: {host: u16, signed_host: i16}}
          v128: {type: "[u8; 16]", accessors: {v128: u128}}
          byte: {type: i8, endian: little, accessors: {byte: u8}}
          few: "[u16; 2]"
          count: {type: Count, endian: little}
          bare: Count
          state: State
          size: {type: usize, endian: little, accessors: {size: isize}}
          link: Option<VmPtr<u8>>
          to:
            type: "*const u8"
            endian: little
            accessors: {to: "*const u8", void: "*const c_void"}
            allow: {raw-pointer: only the host reads it}
          there: {type: "*mut u8", accessors: {there: "*mut State"}, allow: {raw-pointer: only the host reads it}}
          type: {type: u8, allow: {reserved-name: it is its name}}
          spare: {type: u64, accessors: {}}
      Small: {kind: union, accessors: true, derive: [Clone, Copy, Debug], fields: {a: u8, b: {type: i8, accessors: {}}}}
      None2: {kind: union, accessors: true, derive: [Clone, Copy, Debug], fields: {a: {type: u8, accessors: {}}}}
      Holder: {kind: struct, derive: [Debug, Clone, Copy], fields: {value: Value, tiny: Small}}
    """
PROGRAM = """
    use bindings::sample::*;

    const NEGATIVE: Value = Value::i32(-2);

    fn main() {
        assert_eq!(NEGATIVE.get_i32(), -2);
        assert_eq!(NEGATIVE.get_u32(), 0xffff_fffe);
        assert_eq!(NEGATIVE.get_v128(), 0xffff_fffe);
        assert_eq!(Value::u32(7).get_i64(), 7);
        assert_eq!(Value::host(0xffff).get_signed_host(), -1);
        assert_eq!(Value::signed_host(-1).get_host(), 0xffff);
        assert_eq!(Value::v128(0x0102).get_byte(), 2);
        assert_eq!(Value::byte(0x80).get_host(), 0x80);
        assert_eq!(Value::few([1, 2]).get_u32(), 0x2_0001);
        assert_eq!(Value::count(9).get_bare().0, 9);
        assert_eq!(Value::state(State::On).get_type(), 1);
        assert_eq!(Value::size(-1).get_v128(), u64::MAX.into());
        assert_eq!(Value::default().get_v128(), 0);
        assert!(Value::i64(0).get_link().is_none());
        let byte = 5_u8;
        let to = Value::to(&byte);
        assert_eq!(unsafe { *to.get_void().cast::<u8>() }, 5);
        assert_eq!(to.get_i64() as usize, (&raw const byte).addr());
        assert!(Value::there(core::ptr::null_mut()).get_to().is_null());
        println!("{:?}", Value::i32(-2));
        let holder = Holder { value: Value::u32(1), tiny: Small::a(0xa) };
        println!("{:?} {:?}", holder.tiny, holder.value.get_link().is_some());
    }
    """
PRINTED = """\
Value { i32: 0xfffffffe, i64: 0x00000000fffffffe, host: 0xfffe, \
v128: 0x000000000000000000000000fffffffe, byte: 0xfe, few: [65534, 65535], \
count: 0xfffffffe, bare: Count(4294967294), state: State(254), size: 0xfffffffe, \
link: Some(0xfffffffe), to: 0xfffffffe, there: 0xfffffffe, type_: 0xfe }
Small { a: 0x0a } true
"""
IN_MEMORY = """
const fn bytes(value: sample::Value) -> [u8; 16] {
    // SAFETY: all of its bytes are written.
    unsafe { core::mem::transmute(value) }
}
const _: () = {
    let word = bytes(sample::Value::i32(0x0403_0201));
    assert!(word[0] == 1 && word[3] == 4 && word[4] == 0 && word[15] == 0);
    let host = bytes(sample::Value::host(1));
    assert!(host[0] == if cfg!(target_endian = "big") { 0 } else { 1 });
    assert!(sample::Value::u32(1).get_v128() == 1);
    assert!(sample::Value::v128(5).get_i64() == 5);
};
"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_members_are_read_as_values_whichever_was_written(
    tmp_path: Path, edition: str
) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    assert execute(folder, PROGRAM, edition) == PRINTED


def test_rustfmt_and_clippy_find_nothing_in_accessors(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    formatted = [need("rustfmt"), "--check", "--edition", "2024", "src/lib.rs"]
    assert run(formatted, folder) == Ran(0, "", "")
    set_edition(folder, "2024")
    flags = "-Dwarnings -Wclippy::pedantic"
    assert cargo(folder, "clippy", RUSTFLAGS=flags) == Ran(0, "", "")


@pytest.mark.parametrize(
    "target", ["x86_64-unknown-linux-gnu", "s390x-unknown-linux-gnu"]
)
def test_words_are_little_endian_in_memory_on_every_host(
    tmp_path: Path, target: str
) -> None:
    need_target(target)
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    with (folder / "src/lib.rs").open("a", encoding="utf-8") as lib:
        lib.write(IN_MEMORY)
    assert check(folder, "--target", target) == Ran(0, "", "")


def test_members_are_written_by_accessors_alone(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    with (folder / "src/lib.rs").open("a", encoding="utf-8") as lib:
        lib.write("pub fn half() -> sample::Value { sample::Value { host: 1 } }\n")
    assert "field `host` of union `sample::Value` is private" in check(folder).err
