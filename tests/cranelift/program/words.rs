//! Values in memory of the other byte order, by Cranelift's interpreter.

use super::build::function;
use crate::bindings::jit_cranelift::Handles;
use crate::bindings::jit_offsets::DataModel;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::data_value::DataValue;
use cranelift_codegen::ir::{types, AbiParam, Endianness, Function, InstBuilder, Value};
use cranelift_codegen::ir::{StackSlotData, StackSlotKind};
use cranelift_interpreter::environment::FunctionStore;
use cranelift_interpreter::interpreter::{Interpreter, InterpreterState};
use cranelift_interpreter::step::ControlFlow;

/// Prints the bytes that a store of 0x0102… leaves, and what a load makes of them.
pub fn print() {
    let target = DataModel::of_target("s390x-unknown-linux-gnu").unwrap();
    let store = Handles::new(target).unwrap().store();
    show("fuel, of 64 bits", store.fuel().offset(), 8, &|pos, at| {
        let number = pos.ins().iconst(types::I64, 0x0102_0304_0506_0708);
        store.fuel().store(pos, at, number).unwrap();
        store.fuel().load(pos, at)
    });
    show(
        "limit, of a pointer's width",
        store.limit().offset(),
        8,
        &|pos, at| {
            let number = pos.ins().iconst(types::I64, 0x0102_0304_0506_0708);
            store.limit().store(pos, at, number).unwrap();
            store.limit().load(pos, at)
        },
    );
    show(
        "word, little-endian",
        store.word().offset(),
        4,
        &|pos, at| {
            let number = pos.ins().iconst(types::I32, 0x0102_0304);
            store.word().store(pos, at, number).unwrap();
            store.word().load(pos, at)
        },
    );
    show(
        "half, little-endian",
        store.half().offset(),
        2,
        &|pos, at| {
            let number = pos.ins().iconst(types::I16, 0x0102);
            store.half().store(pos, at, number).unwrap();
            store.half().load(pos, at)
        },
    );
    show("wide", store.wide().offset(), 16, &|pos, at| {
        let low = pos.ins().iconst(types::I64, 0x090a_0b0c_0d0e_0f10);
        let high = pos.ins().iconst(types::I64, 0x0102_0304_0506_0708);
        let number = pos.ins().iconcat(low, high);
        store.wide().store(pos, at, number).unwrap();
        store.wide().load(pos, at)
    });
}

/// Runs what stores and loads in memory of its own.
fn show(name: &str, offset: u64, width: u64, body: &dyn Fn(&mut FuncCursor<'_>, Value) -> Value) {
    let places = (offset..offset + width).map(|place| i32::try_from(place).unwrap());
    let func = in_memory(body, places);
    let mut functions = FunctionStore::default();
    functions.add("it".into(), &func);
    let mut state = InterpreterState::default().with_function_store(functions);
    state.native_endianness = Endianness::Big;
    let done = Interpreter::new(state).call_by_name("it", &[]).unwrap();
    let ControlFlow::Return(values) = done else {
        panic!("{done:?}")
    };
    let (loaded, bytes) = values.split_last().unwrap();
    let bytes: Vec<String> = bytes
        .iter()
        .map(|byte| match byte {
            DataValue::I8(byte) => format!("{byte:02x}"),
            other => panic!("{other}"),
        })
        .collect();
    println!("{name}: {} is {loaded:x?}", bytes.join(" "));
}

/// A function with memory of its own, which gives the bytes at some places and the value of
/// what is asked.
fn in_memory(
    body: &dyn Fn(&mut FuncCursor<'_>, Value) -> Value,
    places: impl Iterator<Item = i32>,
) -> Function {
    let mut func = function(0, &[], |_, _| vec![]);
    let block = func.layout.entry_block().unwrap();
    let end = func.layout.last_inst(block).unwrap();
    func.layout.remove_inst(end);
    let data = StackSlotData::new(StackSlotKind::ExplicitSlot, 256, 4);
    let slot = func.create_sized_stack_slot(data);
    let mut pos = FuncCursor::new(&mut func).at_bottom(block);
    let at = pos.ins().stack_addr(types::I64, slot, 0);
    let loaded = body(&mut pos, at);
    let flags = crate::flags::Flags::new();
    let mut results: Vec<Value> = places
        .map(|place| pos.ins().load(types::I8, flags, at, place))
        .collect();
    results.push(loaded);
    pos.ins().return_(&results);
    for value in results {
        let held = func.dfg.value_type(value);
        func.signature.returns.push(AbiParam::new(held));
    }
    func
}
