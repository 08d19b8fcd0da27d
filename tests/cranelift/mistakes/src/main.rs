//! What rustc refuses.

#[path = "../../regions/src/bindings/cranelift_flags.rs"]
mod cranelift_flags;
#[path = "../../regions/src/bindings/cranelift_handles.rs"]
mod cranelift_handles;
#[path = "../../regions/src/bindings/jit_cranelift.rs"]
mod jit_cranelift;
#[path = "../../regions/src/bindings/jit_offsets.rs"]
mod jit_offsets;

use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::Value;

fn mistakes(all: jit_cranelift::Handles, pos: &mut FuncCursor<'_>, at: Value) {
    let context = all.context();
    let counts = jit_offsets::ContextCounts::default();
    let regions = context.with_counts(counts).unwrap();
    // A record has no value.
    context.first().load(pos, at);
    // An array has none either.
    all.global().storage().load(pos, at);
    // Compiled code doesn't write what it takes for constant.
    let _ = context.store().store(pos, at, at);
    // An atomic is loaded and stored by its own instructions.
    all.store().epoch().load(pos, at);
    let _ = all.store().epoch().store(pos, at, at);
    // Others aren't.
    all.store().fuel().load_atomic(pos, at);
    // Null points to nothing.
    context.start().pointee().data().load(pos, at);
    // There is no telling what bytes are.
    context.first().base().pointee();
    // Nobody knows what is behind a pointer that wasn't compared with null.
    context.heap().elements(1);
    // Code has to know which of the elements it loads that are regions.
    context.spots().given();
    // Compiled code doesn't write this either.
    let _ = context.ids().pointee().store(pos, at, at);
    // A number of something else.
    let _ = regions.globals().at(0);
    // An atomic where counts decide whether it is aligned.
    all.aside().seen().load_atomic(pos, at);
    all.aside().seen().load(pos, at);
    // What may change by itself has an address, and no instruction that has to happen.
    let device = all.device();
    let _ = device.status().address(pos, at);
    device.status().load(pos, at);
    let _ = device.status().store(pos, at, at);
    let element = device.ring().at(1).unwrap();
    let _ = element.address(pos, at);
    element.load(pos, at);
    device.seen().load_atomic(pos, at);
    device.next().pointee();
    let _ = device.slot().address(pos, at);
    device.slot().base();
}

fn main() {
    let _ = mistakes;
}
