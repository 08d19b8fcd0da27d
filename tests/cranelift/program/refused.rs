//! What handles refuse: nothing of it panics, and nothing of it is a wrong load.

use super::build::{function, Jit};
use crate::bindings::jit_cranelift::{GlobalIndex, Handles};
use crate::bindings::jit_offsets::ContextCounts;
use crate::bindings::{narrow_cranelift, narrow_offsets};
use cranelift_codegen::ir::{types, InstBuilder};

pub fn print() {
    let narrow = narrow_offsets::DataModel::of_target("msp430-none-elf").unwrap();
    println!("{}", narrow_cranelift::Handles::new(narrow).unwrap_err());
    let jit = Jit::new(&[]);
    println!(
        "{}",
        narrow_cranelift::Handles::of_isa(jit.isa()).unwrap_err()
    );
    let handles = Handles::of_isa(jit.isa()).unwrap();
    println!("{:?} {}", handles.model(), handles.pointer_type());
    let context = handles.context();
    let many = ContextCounts {
        num_globals: u32::MAX,
        ..ContextCounts::default()
    };
    println!("{}", context.with_counts(many).unwrap_err());
    let two = ContextCounts {
        num_globals: 2,
        ..ContextCounts::default()
    };
    let regions = context.with_counts(two).unwrap();
    println!("{}", regions.globals().at(GlobalIndex(2)).unwrap_err());
    println!("{}", regions.tags().at(0).unwrap_err());
    println!("{}", regions.more().is_none());
    println!("{}", regions.pairs().at(GlobalIndex(2)).unwrap_err());
    println!("{}", context.scratch().at(4).unwrap_err());
    let storage = regions.globals().at(GlobalIndex(1)).unwrap().storage();
    println!("{}", storage.at(16).unwrap_err());
    println!("{}", storage.cast(types::I8X32).unwrap_err());
    println!("{}", storage.cast(types::F64).unwrap().value_type());
    println!("{}", context.steps().cast(types::I32).unwrap_err());
    println!("{}", context.steps().cast(types::F64).unwrap().value_type());
    function(1, &[], |pos, at| {
        let narrow = pos.ins().iconst(types::I32, 0);
        println!("{}", context.steps().store(pos, at[0], narrow).unwrap_err());
        let fixed = context.fixed().count();
        println!("{}", fixed.store(pos, at[0], at[0]).unwrap_err());
        let length = context.first().length();
        println!("{}", length.store_atomic(pos, at[0], narrow).unwrap_err());
        vec![]
    });
    // Offsets that no instruction has room for are added.
    let large = ContextCounts {
        num_tags: 0x2000_0001,
        ..ContextCounts::default()
    };
    let tags = context.with_counts(large).unwrap().tags();
    let last = tags.at(0x2000_0000).unwrap();
    let func = function(1, &[], |pos, at| {
        last.load(pos, at[0]);
        context.steps().relative_to(16).load(pos, at[0]);
        context.relative_to(0xffff_ffff).steps().load(pos, at[0]);
        vec![]
    });
    print!("{}", func.display());
}
