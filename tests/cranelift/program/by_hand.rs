//! What handles emit beside what is written by hand.

use super::build::function;
use crate::bindings::jit_cranelift::{GlobalIndex, Handles};
use crate::bindings::jit_offsets::{
    ContextCounts, ContextOffsets, DataModel, CONTEXT_FIXED, STORE,
};
use crate::flags::in_region;
use cranelift_codegen::ir::{types, Function, InstBuilder};

/// Prints the text of a function, and whether the one without handles has the same.
pub fn print() {
    let model = DataModel::HOST.unwrap();
    let [with, without] = [handles(model), by_hand(model)].map(|f| f.display().to_string());
    print!("{with}");
    println!(
        "{}",
        if with == without {
            "the same by hand".into()
        } else {
            without
        }
    );
}

fn counts() -> ContextCounts {
    ContextCounts {
        num_tags: 1,
        num_globals: 2,
        has_start: true,
    }
}

fn handles(model: DataModel) -> Function {
    let handles = Handles::new(model).unwrap();
    let context = handles.context();
    let regions = context.with_counts(counts()).unwrap();
    function(1, &[], |pos, at| {
        let store = context.store().pointee();
        let fuel = store.fuel().load(pos, at[0]);
        let fuel = pos.ins().iadd(fuel, fuel);
        store.fuel().store(pos, at[0], fuel).unwrap();
        store.epoch().load_atomic(pos, at[0]);
        store.word().load(pos, at[0]);
        let global = regions.globals().at(GlobalIndex(1)).unwrap();
        global.storage().cast(types::I32).unwrap().load(pos, at[0]);
        let function = regions.functions().at(GlobalIndex(0)).unwrap();
        function.code().load(pos, at[0]);
        vec![]
    })
}

fn by_hand(model: DataModel) -> Function {
    let offsets = ContextOffsets::new(model, counts()).unwrap();
    let at_of = |row: crate::bindings::jit_offsets::Row| row.of(model).cast_signed();
    let name = |id: &str| {
        crate::bindings::jit_cranelift::StoreSlots::FUEL
            .held
            .region
            .name
            == id
    };
    assert!(name("Store.fuel"));
    function(1, &[], |pos, at| {
        use crate::bindings::jit_cranelift::{
            ContextSlots, FunctionSlots, GlobalSlots, StoreSlots,
        };
        let base = at[0];
        let store = ContextSlots::STORE.held.region.id;
        let fuel_region = StoreSlots::FUEL.held.region.id;
        let store_flags = |func: &mut Function| {
            in_region(func, store, "Context.store", true)
                .with_readonly()
                .with_can_move()
        };
        let flags = store_flags(pos.func);
        let pointer = pos
            .ins()
            .load(types::I64, flags, base, at_of(CONTEXT_FIXED.store));
        let flags = in_region(pos.func, fuel_region, "Store.fuel", false);
        let fuel = pos
            .ins()
            .load(types::I64, flags, pointer, at_of(STORE.fuel));
        let fuel = pos.ins().iadd(fuel, fuel);
        let flags = store_flags(pos.func);
        let pointer = pos
            .ins()
            .load(types::I64, flags, base, at_of(CONTEXT_FIXED.store));
        let flags = in_region(pos.func, fuel_region, "Store.fuel", false);
        pos.ins().store(flags, fuel, pointer, at_of(STORE.fuel));
        let flags = store_flags(pos.func);
        let pointer = pos
            .ins()
            .load(types::I64, flags, base, at_of(CONTEXT_FIXED.store));
        let offset = pos.ins().iconst(types::I64, i64::from(at_of(STORE.epoch)));
        let epoch = pos.ins().iadd(pointer, offset);
        let flags = in_region(
            pos.func,
            StoreSlots::EPOCH.held.region.id,
            "Store.epoch",
            false,
        );
        pos.ins().atomic_load(types::I64, flags, epoch);
        let flags = store_flags(pos.func);
        let pointer = pos
            .ins()
            .load(types::I64, flags, base, at_of(CONTEXT_FIXED.store));
        let word = StoreSlots::WORD.held.region.id;
        let flags = in_region(pos.func, word, "Store.word", false)
            .with_endianness(cranelift_codegen::ir::Endianness::Little);
        pos.ins()
            .load(types::I32, flags, pointer, at_of(STORE.word));
        let global = GlobalSlots::STORAGE.held.region.id;
        let flags = in_region(pos.func, global, "Global.storage", false);
        let place = offsets.globals().at(1).cast_signed();
        pos.ins().load(types::I32, flags, base, place);
        // One tag puts the functions, which nothing rounds, where they aren't aligned.
        let code = FunctionSlots::CODE.held.region.id;
        let flags = unaligned(in_region(pos.func, code, "Function.code", false))
            .with_readonly()
            .with_can_move();
        let place = offsets.functions().at(0).cast_signed();
        pos.ins().load(types::I64, flags, base, place);
        vec![]
    })
}

/// The same flags without that of an aligned access, which none takes away.
fn unaligned(flags: crate::flags::Flags) -> crate::flags::Flags {
    crate::flags::Flags::new()
        .with_notrap()
        .with_alias_region(flags.alias_region())
}
