//! What a promise that isn't kept does, which shows that the promises are made.

use super::build::{function, Jit};
use crate::bindings::{jit_cranelift, jit_offsets, wrong_cranelift, wrong_offsets};
use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::{types, AbiParam, InstBuilder, Signature, Value};
use cranelift_codegen::isa::CallConv;
use cranelift_module::{Linkage, Module};

/// What the host does meanwhile: it moves the limit on.
extern "C" fn grow(limit: *mut usize) {
    unsafe { *limit += 100 };
}

/// Prints what two loads give, between which the host changes the field, where the schema
/// says that it changes, and where it says that it doesn't.
pub fn print() {
    let model = jit_offsets::DataModel::HOST.unwrap();
    let right = jit_cranelift::Handles::new(model).unwrap().store().limit();
    println!("{:?}", run(&|pos, at| right.load(pos, at)));
    let model = wrong_offsets::DataModel::HOST.unwrap();
    let wrong = wrong_cranelift::Handles::new(model)
        .unwrap()
        .store()
        .limit();
    println!("{:?}", run(&|pos, at| wrong.load(pos, at)));
}

fn run(load: &dyn Fn(&mut FuncCursor<'_>, Value) -> Value) -> [usize; 2] {
    let mut jit = Jit::new(&[("grow", grow as *const u8)]);
    let mut takes = Signature::new(CallConv::SystemV);
    takes.params.push(AbiParam::new(types::I64));
    let grow = jit
        .module()
        .declare_function("grow", Linkage::Import, &takes)
        .unwrap();
    let offset = crate::bindings::jit_offsets::STORE
        .limit
        .of(crate::bindings::jit_offsets::DataModel::HOST.unwrap());
    let func = function(2, &[], |pos, at| {
        let grow = jit.module().declare_func_in_func(grow, pos.func);
        let one = load(pos, at[0]);
        let limit = pos.ins().iconst(types::I64, i64::from(offset));
        let limit = pos.ins().iadd(at[0], limit);
        pos.ins().call(grow, &[limit]);
        let other = load(pos, at[0]);
        let flags = crate::flags::Flags::trusted();
        pos.ins().store(flags, one, at[1], 0);
        pos.ins().store(flags, other, at[1], 8);
        vec![]
    });
    let code = jit.compile(func);
    let code: extern "C" fn(*mut usize, *mut usize) = unsafe { std::mem::transmute(code) };
    let mut store = [7_usize; 16];
    let mut found = [0; 2];
    code(store.as_mut_ptr(), found.as_mut_ptr());
    found
}
