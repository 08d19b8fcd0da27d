//! How many loads Cranelift leaves, which shows what it was told.

use super::build::{function, loads, optimised};
use crate::bindings::cranelift_handles::{Direct, Handle, Int, ReadWrite};
use crate::bindings::jit_cranelift::{ContextHandles, Handles};
use crate::bindings::jit_offsets::{ContextCounts, DataModel};
use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::{types, InstBuilder, Value};

/// Prints a line for each function: its loads before and after.
pub fn print() {
    let handles = Handles::new(DataModel::HOST.unwrap()).unwrap();
    let context = handles.context();
    let all: [(&str, &dyn Fn(&mut FuncCursor<'_>, &[Value]) -> Vec<Value>); 18] = [
        ("the same field twice", &|pos, at| {
            let one = context.steps().load(pos, at[0]);
            let other = context.steps().load(pos, at[0]);
            vec![one, other]
        }),
        (
            "a field, before and after a store to another record",
            &|pos, at| {
                let one = context.steps().load(pos, at[0]);
                handles.store().fuel().store(pos, at[1], one).unwrap();
                let other = context.steps().load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "a field, before and after a store to the field of another one",
            &|pos, at| {
                let one = context.steps().load(pos, at[0]);
                context.steps().store(pos, at[1], one).unwrap();
                let other = context.steps().load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "a field, before and after a store to another field",
            &|pos, at| {
                let fuel = handles.store().fuel();
                let one = fuel.load(pos, at[0]);
                handles.store().limit().store(pos, at[1], one).unwrap();
                let other = fuel.load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "a member of a union, around a store to the other",
            &|pos, at| {
                let slot = context.slot();
                let one = slot.whole().load(pos, at[0]);
                let part = pos.ins().ireduce(types::I32, one);
                slot.part().store(pos, at[1], part).unwrap();
                let other = slot.whole().load(pos, at[0]);
                vec![one, other]
            },
        ),
        ("a readonly field, around a store to all", &|pos, at| {
            let one = context.store().load(pos, at[0]);
            let zero = pos.ins().iconst(types::I64, 0);
            context.steps().store(pos, at[0], zero).unwrap();
            context
                .first()
                .length()
                .store_atomic(pos, at[0], zero)
                .unwrap();
            let other = context.store().load(pos, at[0]);
            vec![one, other]
        }),
        ("an atomic twice", &|pos, at| {
            let one = handles.store().epoch().load_atomic(pos, at[0]);
            let other = handles.store().epoch().load_atomic(pos, at[0]);
            vec![one, other]
        }),
        ("an atomic twice that no order is asked of", &|pos, at| {
            let one = context.first().length().load(pos, at[0]);
            let other = context.first().length().load(pos, at[0]);
            vec![one, other]
        }),
        ("a field twice, an atomic between", &|pos, at| {
            let one = context.steps().load(pos, at[0]);
            let epoch = handles.store().epoch().load_atomic(pos, at[1]);
            let other = context.steps().load(pos, at[0]);
            vec![one, epoch, other]
        }),
        (
            "a chain, twice, a field behind it stored between",
            &|pos, at| {
                let limit = context.store().pointee().limit();
                let one = limit.load(pos, at[0]);
                context
                    .store()
                    .pointee()
                    .fuel()
                    .store(pos, at[0], one)
                    .unwrap();
                let other = limit.load(pos, at[0]);
                vec![one, other]
            },
        ),
        ("a trap, in two places", &|pos, at| {
            let code = cranelift_codegen::ir::TrapCode::unwrap_user(1);
            let one = context.store().trap_code(code).load(pos, at[0]);
            let steps = context.steps().load(pos, at[0]);
            context.steps().store(pos, at[1], steps).unwrap();
            let other = context.store().trap_code(code).load(pos, at[0]);
            vec![one, other]
        }),
        (
            "a value behind a pointer, around a store to a field",
            &|pos, at| {
                let epoch = context.epoch().pointee();
                let one = epoch.load(pos, at[0]);
                context.steps().store(pos, at[0], one).unwrap();
                let other = epoch.load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "an element of an array that never changes, around a fence",
            &|pos, at| {
                let ids = context.ids().elements(4);
                let one = ids.at(3).unwrap().load(pos, at[0]);
                handles.store().epoch().load_atomic(pos, at[1]);
                let other = ids.at(3).unwrap().load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "an element behind a pointer that is a region, around a store to another",
            &|pos, at| {
                let spots = context.spots().elements(3);
                let one = spots.at(1).unwrap().load(pos, at[0]);
                spots.at(2).unwrap().store(pos, at[0], one).unwrap();
                let other = spots.at(1).unwrap().load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "an element that is a region, around a store to another",
            &|pos, at| {
                let scratch = context.scratch();
                let one = scratch.at(1).unwrap().load(pos, at[0]);
                scratch.at(2).unwrap().store(pos, at[1], one).unwrap();
                let other = scratch.at(1).unwrap().load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "a field of a record that never changes, around a fence",
            &|pos, at| {
                let count = context.fixed().count();
                let one = count.load(pos, at[0]);
                handles.store().epoch().load_atomic(pos, at[1]);
                let other = count.load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "bytes, around a store to the same by another pointer",
            &|pos, at| {
                let heap = context.last().given().cast(types::I64).unwrap();
                let one = heap.load(pos, at[0]);
                heap.store(pos, at[1], one).unwrap();
                let other = heap.load(pos, at[0]);
                vec![one, other]
            },
        ),
        (
            "an element, around a store to its neighbour and a store to it",
            &|pos, at| {
                let elements = tags(context);
                let one = elements(0).load(pos, at[0]);
                elements(1).store(pos, at[0], one).unwrap();
                let again = elements(0).load(pos, at[0]);
                elements(0).store(pos, at[0], one).unwrap();
                let other = elements(0).load(pos, at[0]);
                vec![one, again, other]
            },
        ),
    ];
    for (name, body) in all {
        let func = function(2, &[], |pos, at| {
            let results = body(pos, at);
            // Something has to use the values.
            for (index, value) in results.iter().enumerate() {
                let flags = crate::flags::in_region(pos.func, 1, "results", false);
                let place = i32::try_from(index * 8 + 4096).unwrap();
                pos.ins().store(flags, *value, at[1], place);
            }
            vec![]
        });
        let before = loads(&func);
        println!("{} of {before}: {name}", loads(&optimised(func)));
    }
}

fn tags(context: ContextHandles) -> impl Fn(u32) -> Handle<Direct, Int, ReadWrite> {
    let counts = ContextCounts {
        num_tags: 2,
        ..ContextCounts::default()
    };
    let tags = context.with_counts(counts).unwrap().tags();
    move |index| tags.at(index).unwrap()
}
