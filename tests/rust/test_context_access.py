"""Typed access to a live context reaches every field and every element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.agreement.bindings import Rust, need_rust_target, write_bindings
from tests.rust.crates import check, crate, execute, texts_of
from tests.support import Ran, module_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    types:
      Pair: {kind: struct, copy: true, fields: {first: u32, second: u64}}
      Frame:
        kind: context
        align: 16
        counts: {num_pairs: How many pairs., num_bytes: How many bytes.}
        flags: {has_extra: Whether there is one more., has_words: Whether there are any.}
        fields:
          magic: u32
          link: {type: Option<VmPtr<Pair>>, access: [readonly]}
          raw: {type: "*mut u8", allow: {raw-pointer: to be left out}}
        regions:
          pairs: "[Pair; num_pairs]"
          bytes: "[u8; num_bytes]"
          single: Pair
          extra: {type: Pair, when: has_extra}
          words: {type: "[u16; num_bytes]", when: has_words}
          fixed: "[u16; 3]"
          last: u8
    """

PROGRAM = """\
use bindings::sample::{Frame, FrameAccess, Pair};
use bindings::sample_offsets::{DataModel, FrameCounts, FrameFixedOffsets, FrameOffsets};
use core::ptr::NonNull;

#[repr(C, align(16))]
struct Memory([u8; 4096]);

fn main() {
    let counts = FrameCounts {
        num_pairs: 2,
        num_bytes: 3,
        has_extra: true,
        has_words: false,
    };
    let host = DataModel::HOST.unwrap();
    let offsets = FrameOffsets::new(host, counts).unwrap();
    let mut memory = Memory([0; 4096]);
    let base = NonNull::from(&mut memory).cast::<Frame>();
    let frame = unsafe { FrameAccess::new(base, &offsets) };
    let mut place = Pair { first: 5, second: 6 };
    unsafe {
        frame.magic().write(0x1234);
        frame.link().write(Some(NonNull::from(&mut place).into()));
        for (index, pair) in frame.pairs().iter().enumerate() {
            pair.write(Pair { first: index as u32, second: 7 });
        }
        frame.bytes().at(2).write(9);
        frame.single().write(Pair { first: 8, second: 8 });
        frame.extra().unwrap().write(Pair { first: 9, second: 9 });
        frame.fixed().at(1).write(0xabcd);
        frame.last().write(77);
        assert_eq!((*frame.link().read().unwrap().as_ptr()).second, 6);
        assert_eq!(frame.part::<u32>(offsets.fixed().magic.of(host)).read(), 0x1234);
    }
    assert!(frame.words().is_none());
    assert!(frame.bytes().get(3).is_none());
    assert_eq!(frame.pairs().count(), 2);
    assert_eq!(frame.pairs().as_slice_ptr().len(), 2);
    assert_eq!(frame.offsets().size(), offsets.size());
    let at = |offset: u32| memory.0[offset as usize];
    println!("{:x} {:x}", at(0), at(1));
    println!("{} {}", at(offsets.pairs().at(1)), at(offsets.pairs().at(1) + 8));
    println!("{} {}", at(offsets.bytes().at(2)), at(offsets.single()));
    println!("{} {:x}", at(offsets.extra().unwrap()), at(offsets.fixed_().at(1)));
    println!("{}", at(offsets.last()));
    for (name, region) in offsets.regions() {
        println!("{name} {} {} {}", region.begin(), region.count(), region.size());
    }
    println!("{} of {}", offsets.size(), host.pointer_size());
    println!("{:?}", FrameFixedOffsets::LINK_ACCESS);
}
"""


def test_everything_is_where_the_offsets_say(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    assert execute(folder, PROGRAM) == (
        "34 12\n"
        "1 7\n"
        "9 8\n"
        "9 cd\n"
        "77\n"
        "pairs 24 2 32\n"
        "bytes 56 3 3\n"
        "single 64 1 16\n"
        "extra 80 1 16\n"
        "words 96 0 0\n"
        "fixed 96 3 6\n"
        "last 102 1 1\n"
        "103 of 8\n"
        "Access { readonly: true, can_move: false, little_endian: false }\n"
    )


def test_offsets_are_constants_and_overflow_is_an_error(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    program = """\
use bindings::sample_offsets::{DataModel, FrameCounts, FrameOffsets};

const COUNTS: FrameCounts = FrameCounts {
    num_pairs: 0x0fff_fffe,
    num_bytes: 0,
    has_extra: false,
    has_words: false,
};
const MODEL: DataModel = DataModel::of_target("x86_64-unknown-linux-gnu").unwrap();
const FIXED: u32 = bindings::sample_offsets::FRAME_FIXED.link.of(MODEL);

fn main() {
    println!("{FIXED}");
    let Err(error) = FrameOffsets::new(MODEL, COUNTS) else { panic!() };
    println!("{error}");
    let fewer = FrameCounts { num_pairs: 3, ..COUNTS };
    println!("{}", FrameOffsets::new(MODEL, fewer).unwrap().size());
    assert_eq!(DataModel::of_target("pdp11"), None);
    assert_eq!(DataModel::HOST, Some(MODEL));
}
"""
    assert execute(folder, program) == (
        "8\nFrame with these counts doesn't fit 32 bits\n95\n"
    )


def test_a_pointer_size_that_several_data_models_have_needs_a_choice(
    tmp_path: Path,
) -> None:
    targets = "[x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, i686-pc-windows-msvc]"
    fields = "{a: usize, b: usize, c: u64}"
    schema = f"targets: {targets}\ntypes: {{A: {{kind: struct, fields: {fields}}}}}"
    folder = crate(tmp_path, module_of(tmp_path, schema))
    program = """\
use bindings::sample_offsets::DataModel;

const LINUX: DataModel = DataModel::of_target("i686-unknown-linux-gnu").unwrap();
const CHOSEN: Option<DataModel> = DataModel::of_pointer_size(4, LINUX);

fn main() {
    println!("{CHOSEN:?}");
    for bytes in [2, 4, 8] {
        println!("{:?}", DataModel::ALL.map(|m| DataModel::of_pointer_size(bytes, m)));
    }
}
"""
    assert execute(folder, program) == (
        "Some(P32U64A4)\n"
        "[None, None, None]\n"
        "[None, Some(P32U64A4), Some(P32)]\n"
        "[Some(P64), Some(P64), Some(P64)]\n"
    )


def test_an_index_that_does_not_exist_panics(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    program = """\
use bindings::sample_offsets::{DataModel, FrameCounts, FrameOffsets};

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let counts = FrameCounts { num_pairs: 2, ..Default::default() };
    let pairs = FrameOffsets::new(DataModel::HOST.unwrap(), counts).unwrap().pairs();
    println!("{:?} {:?}", pairs.get(1), pairs.get(2));
    println!("{}", std::panic::catch_unwind(|| pairs.at(2)).is_err());
}
"""
    assert execute(folder, program) == "Some(40) None\ntrue\n"


def test_a_part_that_is_not_vm_safe_has_no_accessor(tmp_path: Path) -> None:
    text = texts_of([module_of(tmp_path, SCHEMA)])["src/sample.rs"]
    access = text.partition("pub struct FrameAccess")[0].rpartition("/// A live")[2]
    assert "/// Not VmSafe, and so not here: raw.\n" in access
    assert "pub fn raw" not in text


def test_computed_offsets_need_a_vm_safe_type(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    text = (folder / "src" / "lib.rs").read_text(encoding="utf-8")
    text += """
pub fn flag(frame: sample::FrameAccess<'_>) -> core::ptr::NonNull<bool> {
    unsafe { frame.part(0) }
}
"""
    (folder / "src" / "lib.rs").write_text(text, encoding="utf-8")
    said = check(folder)
    assert said.code == 1
    assert "the trait bound `bool: vmptr::VmSafe` is not satisfied" in said.err


def test_offsets_of_another_model_are_refused(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    program = """\
use bindings::sample::FrameAccess;
use bindings::sample_offsets::{DataModel, FrameCounts, FrameOffsets};

fn main() {
    std::panic::set_hook(Box::new(|said| println!("{}", said.payload_as_str().unwrap())));
    let model = DataModel::of_target("i686-unknown-linux-gnu").unwrap();
    let offsets = FrameOffsets::new(model, FrameCounts::default()).unwrap();
    let base = core::ptr::NonNull::dangling();
    let made = std::panic::catch_unwind(|| unsafe { FrameAccess::new(base, &offsets) }.magic());
    println!("{}", made.is_err());
}
"""
    assert execute(folder, program) == (
        "the offsets of the context are for another target\ntrue\n"
    )
    assert check(folder) == Ran(0, "", "")


def test_a_target_without_the_atomics_of_a_context_has_no_warning(
    tmp_path: Path,
) -> None:
    """Without the context's access nothing there makes `Elements`."""
    target = "riscv32imac-unknown-none-elf"
    need_rust_target(target)
    schema = f"""
        targets: [x86_64-unknown-linux-gnu, {target}]
        types:
          Frame: {{kind: context, counts: [n], regions: {{all: "[AtomicU64; n]"}}}}
    """
    write_bindings(tmp_path, [module_of(tmp_path, schema)], ["rust"])
    said = Rust(tmp_path, target).compile(tmp_path, emit="metadata")
    assert said == Ran(0, "", "")
