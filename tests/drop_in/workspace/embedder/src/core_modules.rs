//! Imports, memories, tables, globals and functions.

use crate::Check;
use wasmtime::{
    Caller, Config, Engine, Extern, Func, Global, GlobalType, Instance, Memory, MemoryType, Module,
    Mutability, Ref, RefType, Result, SharedMemory, Store, Table, TableType, Val, ValType, ensure,
};

pub const CHECKS: &[Check] = &[
    ("a host function is called with and from its caller", host_function),
    ("an exported function is imported elsewhere", imported_function),
    ("a host function is called without types", unchecked_function),
    ("a memory grows under compiled code", memory),
    ("a memory of the host is imported", imported_memory),
    ("threads see one shared memory", shared_memory),
    ("several memories in one module", memories),
    ("a table of functions is filled, grown and called", table),
    ("a table is imported, copied and initialized", imported_table),
    ("an indirect call of another type traps", wrong_type),
    ("globals of all numeric types", globals),
    ("globals are imported from the host and from an instance", imported_globals),
    ("a global of a function", function_global),
    ("a vector in a global and through a call", vector),
    ("passive segments are used and dropped", segments),
    ("many results go through an array", many_results),
    ("a trap has a backtrace", backtrace),
    ("an endless recursion ends at the stack's limit", recursion),
];

fn instance(wat: &str) -> Result<(Store<()>, Instance)> {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &Module::new(&engine, wat)?, &[])?;
    Ok((store, instance))
}

fn host_function() -> Result<()> {
    let engine = Engine::default();
    let module = Module::new(
        &engine,
        r#"(module
            (import "" "f" (func $f (param i32 i64) (result i32)))
            (memory (export "memory") 1)
            (func (export "run") (param i32) (result i32)
                (i32.store (i32.const 8) (i32.const 35))
                (call $f (local.get 0) (i64.const 3))))"#,
    )?;
    let mut store = Store::new(&engine, 4_i32);
    let f = Func::wrap(&mut store, |mut caller: Caller<'_, i32>, a: i32, b: i64| {
        let Some(Extern::Memory(memory)) = caller.get_export("memory") else { return -1 };
        i32::from(memory.data(&caller)[8]) + a + b as i32 + *caller.data()
    });
    let run = Instance::new(&mut store, &module, &[f.into()])?
        .get_typed_func::<i32, i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, 1)? == 43);
    Ok(())
}

fn imported_function() -> Result<()> {
    let (mut store, first) = instance(
        r#"(module (global $n (mut i32) (i32.const 5))
            (func (export "f") (param i32) (result i32)
                (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n)))"#,
    )?;
    let f = first.get_func(&mut store, "f").unwrap();
    let module = Module::new(
        store.engine(),
        r#"(module (import "" "f" (func $f (param i32) (result i32))) (export "f" (func $f))
            (func (export "run") (result i32)
                (drop (call $f (i32.const 2))) (call $f (i32.const 3))))"#,
    )?;
    let second = Instance::new(&mut store, &module, &[f.into()])?;
    let run = second.get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 10);
    let again = second.get_typed_func::<i32, i32>(&mut store, "f")?;
    ensure!(again.call(&mut store, 1)? == 11);
    Ok(())
}

fn unchecked_function() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (func (export "f") (param i32 f64) (result f64 i32)
            (local.get 1) (local.get 0)))"#,
    )?;
    let f = instance.get_func(&mut store, "f").unwrap();
    let mut results = [Val::I32(0), Val::I32(0)];
    f.call(&mut store, &[Val::I32(7), Val::F64(2.5_f64.to_bits())], &mut results)?;
    ensure!(results[0].unwrap_f64() == 2.5 && results[1].unwrap_i32() == 7);
    Ok(())
}

fn memory() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (memory (export "m") 1 3) (data (i32.const 4) "walrus")
            (func (export "grow") (result i32)
                (drop (memory.grow (i32.const 1)))
                (i32.store8 (i32.const 70000) (i32.const 9))
                (memory.size))
            (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
            (func (export "copy") (memory.copy (i32.const 100) (i32.const 4) (i32.const 6))
                (memory.fill (i32.const 106) (i32.const 33) (i32.const 2))))"#,
    )?;
    let memory = instance.get_memory(&mut store, "m").unwrap();
    let load = instance.get_typed_func::<i32, i32>(&mut store, "load")?;
    ensure!(load.call(&mut store, 65536).is_err(), "beyond the end");
    let grow = instance.get_typed_func::<(), i32>(&mut store, "grow")?;
    ensure!(grow.call(&mut store, ())? == 2 && memory.size(&store) == 2);
    ensure!(memory.data(&store)[70000] == 9 && load.call(&mut store, 65536)? == 0);
    ensure!(memory.grow(&mut store, 1)? == 2 && load.call(&mut store, 131_072)? == 0);
    ensure!(memory.grow(&mut store, 1).is_err(), "beyond the maximum");
    instance.get_typed_func::<(), ()>(&mut store, "copy")?.call(&mut store, ())?;
    ensure!(&memory.data(&store)[100..108] == b"walrus!!");
    Ok(())
}

fn imported_memory() -> Result<()> {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, None))?;
    let module = Module::new(
        &engine,
        r#"(module (import "" "m" (memory 1))
            (func (export "run") (result i32)
                (drop (memory.grow (i32.const 2)))
                (i32.store (i32.const 150000) (i32.const 77)) (memory.size)))"#,
    )?;
    let run = Instance::new(&mut store, &module, &[memory.into()])?
        .get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 3 && memory.data(&store)[150_000] == 77);
    Ok(())
}

fn shared_memory() -> Result<()> {
    let mut config = Config::new();
    config.wasm_threads(true).shared_memory(true);
    let engine = Engine::new(&config)?;
    let module = Module::new(
        &engine,
        r#"(module (import "" "m" (memory 1 4 shared))
            (func (export "add") (param i32)
                (loop $again
                    (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
                    (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "grow") (result i32) (drop (memory.grow (i32.const 1))) (memory.size))
            (func (export "notify") (result i32)
                (memory.atomic.notify (i32.const 8) (i32.const 1))))"#,
    )?;
    let memory = SharedMemory::new(&engine, MemoryType::shared(1, 4))?;
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let (engine, module, memory) = (engine.clone(), module.clone(), memory.clone());
            std::thread::spawn(move || -> Result<()> {
                let mut store = Store::new(&engine, ());
                let instance = Instance::new(&mut store, &module, &[memory.into()])?;
                let add = instance.get_typed_func::<i32, ()>(&mut store, "add")?;
                add.call(&mut store, 1000)
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap()?;
    }
    // SAFETY: the other threads are done.
    let count = unsafe { *memory.data()[8].get().cast::<u32>() };
    ensure!(count == 2000, "{count}");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[memory.clone().into()])?;
    let grow = instance.get_typed_func::<(), i32>(&mut store, "grow")?;
    ensure!(grow.call(&mut store, ())? == 2 && memory.size() == 2);
    let notify = instance.get_typed_func::<(), i32>(&mut store, "notify")?;
    ensure!(notify.call(&mut store, ())? == 0);
    Ok(())
}

fn memories() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (memory $a 1) (memory $b 2)
            (func (export "run") (result i32)
                (i32.store $b (i32.const 70000) (i32.const 5))
                (memory.copy $a $b (i32.const 0) (i32.const 70000) (i32.const 4))
                (i32.add (i32.load $a (i32.const 0)) (memory.size $b))))"#,
    )?;
    let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 7);
    Ok(())
}

const TABLE: &str = r#"(module
    (type $t (func (param i32) (result i32)))
    (table $t (export "t") 3 funcref)
    (elem (i32.const 0) $double $triple)
    (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func $triple (export "triple") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
    (func $none (export "none"))
    (elem declare func $none)
    (func (export "call") (param i32 i32) (result i32)
        (call_indirect (type $t) (local.get 1) (local.get 0)))
    (func (export "grow") (result i32)
        (drop (table.grow $t (ref.func $triple) (i32.const 2)))
        (table.set $t (i32.const 2) (table.get $t (i32.const 4)))
        (table.size $t))
    (func (export "null") (result i32) (ref.is_null (table.get $t (i32.const 2))))
    (func (export "spoil") (table.fill $t (i32.const 0) (ref.func $none) (i32.const 1))))"#;

fn table() -> Result<()> {
    let (mut store, instance) = instance(TABLE)?;
    let call = instance.get_typed_func::<(i32, i32), i32>(&mut store, "call")?;
    ensure!(call.call(&mut store, (0, 7))? == 14 && call.call(&mut store, (1, 7))? == 21);
    let null = instance.get_typed_func::<(), i32>(&mut store, "null")?;
    ensure!(null.call(&mut store, ())? == 1 && call.call(&mut store, (2, 7)).is_err());
    let grow = instance.get_typed_func::<(), i32>(&mut store, "grow")?;
    ensure!(grow.call(&mut store, ())? == 5);
    ensure!(call.call(&mut store, (2, 5))? == 15 && call.call(&mut store, (4, 5))? == 15);
    let table = instance.get_table(&mut store, "t").unwrap();
    let of_host = Func::wrap(&mut store, |a: i32| a + 1);
    table.set(&mut store, 1, Ref::Func(Some(of_host)))?;
    ensure!(call.call(&mut store, (1, 7))? == 8);
    ensure!(table.size(&store) == 5 && call.call(&mut store, (5, 0)).is_err());
    Ok(())
}

fn imported_table() -> Result<()> {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let table = Table::new(&mut store, TableType::new(RefType::FUNCREF, 4, None), Ref::Func(None))?;
    let module = Module::new(
        &engine,
        r#"(module (import "" "t" (table $t 4 funcref)) (table $own 2 funcref)
            (type $t (func (result i32)))
            (elem $e func $nine) (elem (table $own) (i32.const 1) func $ten)
            (func $nine (result i32) (i32.const 9)) (func $ten (result i32) (i32.const 10))
            (func (export "run") (result i32)
                (table.init $t $e (i32.const 2) (i32.const 0) (i32.const 1))
                (table.copy $t $own (i32.const 3) (i32.const 1) (i32.const 1))
                (elem.drop $e)
                (i32.add (call_indirect $t (type $t) (i32.const 2))
                         (call_indirect $t (type $t) (i32.const 3)))))"#,
    )?;
    let run = Instance::new(&mut store, &module, &[table.into()])?
        .get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 19);
    let Some(Ref::Func(Some(nine))) = table.get(&mut store, 2) else { wasmtime::bail!("no function") };
    ensure!(nine.typed::<(), i32>(&store)?.call(&mut store, ())? == 9);
    Ok(())
}

fn wrong_type() -> Result<()> {
    let (mut store, instance) = instance(TABLE)?;
    instance.get_typed_func::<(), ()>(&mut store, "spoil")?.call(&mut store, ())?;
    let call = instance.get_typed_func::<(i32, i32), i32>(&mut store, "call")?;
    let trap = call.call(&mut store, (0, 7)).unwrap_err();
    ensure!(trap.downcast_ref() == Some(&wasmtime::Trap::BadSignature), "{trap}");
    Ok(())
}

fn globals() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (global $a (export "a") (mut i32) (i32.const 1))
            (global $b (export "b") (mut i64) (i64.const 2))
            (global $c (export "c") (mut f32) (f32.const 1.5))
            (global $d (export "d") (mut f64) (f64.const 2.5))
            (func (export "run") (result f64)
                (global.set $a (i32.const -3)) (global.set $b (i64.const -5000000000))
                (f64.add (global.get $d) (f64.promote_f32 (global.get $c)))))"#,
    )?;
    let run = instance.get_typed_func::<(), f64>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 4.0);
    let mut get = |name| instance.get_global(&mut store, name).unwrap().get(&mut store);
    ensure!(get("a").unwrap_i32() == -3 && get("b").unwrap_i64() == -5_000_000_000);
    let c = instance.get_global(&mut store, "c").unwrap();
    c.set(&mut store, Val::F32(10_f32.to_bits()))?;
    ensure!(run.call(&mut store, ())? == 12.5);
    Ok(())
}

fn imported_globals() -> Result<()> {
    let (mut store, first) = instance(r#"(module (global (export "g") (mut i64) (i64.const 40)))"#)?;
    let of_instance = first.get_global(&mut store, "g").unwrap();
    let ty = GlobalType::new(ValType::I64, Mutability::Var);
    let of_host = Global::new(&mut store, ty, Val::I64(2))?;
    let module = Module::new(
        store.engine(),
        r#"(module (import "" "a" (global $a (mut i64))) (import "" "b" (global $b (mut i64)))
            (func (export "run") (result i64)
                (global.set $a (i64.add (global.get $a) (global.get $b))) (global.get $a)))"#,
    )?;
    let second = Instance::new(&mut store, &module, &[of_instance.into(), of_host.into()])?;
    let run = second.get_typed_func::<(), i64>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 42 && run.call(&mut store, ())? == 44);
    ensure!(of_instance.get(&mut store).unwrap_i64() == 44);
    Ok(())
}

fn function_global() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (type $t (func (result i32))) (global $g (export "g") (mut funcref) (ref.null func))
            (table 1 funcref) (func $six (result i32) (i32.const 6)) (elem declare func $six)
            (func (export "run") (result i32) (global.set $g (ref.func $six))
                (table.set (i32.const 0) (global.get $g))
                (call_indirect (type $t) (i32.const 0))))"#,
    )?;
    let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 6);
    let six = *instance.get_global(&mut store, "g").unwrap().get(&mut store).unwrap_funcref().unwrap();
    ensure!(six.typed::<(), i32>(&store)?.call(&mut store, ())? == 6);
    Ok(())
}

fn vector() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (global $v (export "v") (mut v128) (v128.const i32x4 1 2 3 4))
            (func (export "run") (param v128) (result v128)
                (global.set $v (i32x4.add (global.get $v) (local.get 0))) (global.get $v)))"#,
    )?;
    let run = instance.get_func(&mut store, "run").unwrap();
    let mut results = [Val::I32(0)];
    run.call(&mut store, &[Val::V128((1_u128 << 96 | 1).into())], &mut results)?;
    let expected = 2 | 2 << 32 | 3 << 64 | 5 << 96;
    ensure!(results[0].unwrap_v128().as_u128() == expected);
    let held = instance.get_global(&mut store, "v").unwrap().get(&mut store);
    ensure!(held.unwrap_v128().as_u128() == expected);
    Ok(())
}

fn segments() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (memory 1) (data $d "seal")
            (func (export "run") (result i32)
                (memory.init $d (i32.const 16) (i32.const 0) (i32.const 4))
                (data.drop $d) (i32.load (i32.const 16)))
            (func (export "again") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))))"#,
    )?;
    let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == i32::from_le_bytes(*b"seal"));
    let again = instance.get_typed_func::<(), ()>(&mut store, "again")?;
    ensure!(again.call(&mut store, ()).is_err(), "it was dropped");
    Ok(())
}

fn many_results() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (func (export "f") (param i32 i64 f32 f64) (result f64 f32 i64 i32 i32 i64)
            (local.get 3) (local.get 2) (local.get 1) (local.get 0)
            (i32.const 9) (i64.const 10)))"#,
    )?;
    let f = instance
        .get_typed_func::<(i32, i64, f32, f64), (f64, f32, i64, i32, i32, i64)>(&mut store, "f")?;
    ensure!(f.call(&mut store, (1, 2, 3.0, 4.0))? == (4.0, 3.0, 2, 1, 9, 10));
    Ok(())
}

fn backtrace() -> Result<()> {
    let (mut store, instance) = instance(
        r#"(module (func $inner (unreachable)) (func $outer (export "run") (call $inner)))"#,
    )?;
    let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
    let error = run.call(&mut store, ()).unwrap_err();
    let trace = error.downcast_ref::<wasmtime::WasmBacktrace>().unwrap();
    let names: Vec<_> = trace.frames().iter().filter_map(wasmtime::FrameInfo::func_name).collect();
    ensure!(names == ["inner", "outer"], "{names:?}");
    Ok(())
}

fn recursion() -> Result<()> {
    let (mut store, instance) = instance(r#"(module (func $f (export "run") (call $f) (call $f)))"#)?;
    let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
    let trap = run.call(&mut store, ()).unwrap_err();
    ensure!(trap.downcast_ref() == Some(&wasmtime::Trap::StackOverflow), "{trap}");
    Ok(())
}
