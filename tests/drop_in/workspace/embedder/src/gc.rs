//! Garbage collected references and exceptions.

use crate::Check;
use wasmtime::{
    Collector, Config, Engine, ExternRef, Instance, Module, Result, Rooted, Store, ensure,
};

pub const CHECKS: &[Check] = &[
    ("structs and arrays, counted", || objects(Collector::DeferredReferenceCounting)),
    ("structs and arrays, never freed", || objects(Collector::Null)),
    ("values of the host come back", || externs(Collector::DeferredReferenceCounting)),
    ("values of the host come back, never freed", || externs(Collector::Null)),
    ("garbage is collected while code runs", garbage),
    ("functions in objects and casts", functions),
    ("an exception is thrown and caught", exceptions),
    ("an exception of another instance's tag", imported_tag),
    ("an exception reaches the host", uncaught),
];

fn config(collector: Collector) -> Config {
    let mut config = Config::new();
    config.wasm_function_references(true).wasm_gc(true).wasm_exceptions(true);
    config.collector(collector);
    config
}

fn instance(collector: Collector, wat: &str) -> Result<(Store<()>, Instance)> {
    let engine = Engine::new(&config(collector))?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &Module::new(&engine, wat)?, &[])?;
    Ok((store, instance))
}

fn objects(collector: Collector) -> Result<()> {
    let (mut store, instance) = instance(
        collector,
        r#"(module
            (type $p (struct (field i8) (field (mut i32)) (field (mut i64)) (field (mut f64))))
            (type $a (array (mut i16)))
            (type $of (array (mut (ref null $p))))
            (global $kept (mut (ref null $p)) (ref.null $p))
            (data $d "\01\00\02\00\03\00")
            (func (export "run") (result i32)
                (local $p (ref null $p)) (local $a (ref null $a)) (local $of (ref null $of))
                (local.set $p (struct.new $p (i32.const 1) (i32.const 20) (i64.const 300) (f64.const 4000)))
                (global.set $kept (local.get $p))
                (struct.set $p 1 (local.get $p)
                    (i32.add (struct.get $p 1 (local.get $p)) (i32.const 2)))
                (local.set $a (array.new_data $a $d (i32.const 0) (i32.const 3)))
                (local.set $of (array.new $of (local.get $p) (i32.const 5)))
                (array.set $of (local.get $of) (i32.const 1) (ref.null $p))
                (array.copy $of $of (local.get $of) (i32.const 3) (local.get $of) (i32.const 1) (i32.const 2))
                (i32.add (i32.add (i32.add
                    (struct.get_s $p 0 (array.get $of (local.get $of) (i32.const 4)))
                    (struct.get $p 1 (global.get $kept)))
                    (i32.wrap_i64 (struct.get $p 2 (local.get $p))))
                    (i32.add (i32.trunc_f64_s (struct.get $p 3 (local.get $p)))
                        (i32.add
                            (i32.mul (array.get_u $a (local.get $a) (i32.const 2)) (i32.const 10000))
                            (array.len (local.get $of)))))))"#,
    )?;
    let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    let got = run.call(&mut store, ())?;
    ensure!(got == 34_328, "{got}");
    Ok(())
}

fn externs(collector: Collector) -> Result<()> {
    let (mut store, instance) = instance(
        collector,
        r#"(module (table $t 2 externref) (global $g (mut externref) (ref.null extern))
            (func (export "put") (param externref)
                (table.set $t (i32.const 1) (local.get 0)) (global.set $g (local.get 0))
                (drop (table.grow $t (local.get 0) (i32.const 1))))
            (func (export "get") (result externref externref)
                (table.get $t (i32.const 2)) (global.get $g)))"#,
    )?;
    let put = instance.get_typed_func::<Option<Rooted<ExternRef>>, ()>(&mut store, "put")?;
    type Two = (Option<Rooted<ExternRef>>, Option<Rooted<ExternRef>>);
    let get = instance.get_typed_func::<(), Two>(&mut store, "get")?;
    let value = ExternRef::new(&mut store, "a seal")?;
    put.call(&mut store, Some(value))?;
    store.gc(None)?;
    let (from_table, from_global) = get.call(&mut store, ())?;
    for got in [from_table, from_global] {
        let held = got.unwrap().data(&store)?.unwrap().downcast_ref::<&str>();
        ensure!(held == Some(&"a seal"));
    }
    Ok(())
}

fn garbage() -> Result<()> {
    let (mut store, instance) = instance(
        Collector::DeferredReferenceCounting,
        r#"(module (type $n (struct (field (ref null $n)) (field i64)))
            (global $kept (mut (ref null $n)) (ref.null $n))
            (func (export "run") (param $i i32) (result i64)
                (local $sum i64) (local $n (ref null $n))
                (loop $again
                    (local.set $n (struct.new $n (ref.null $n) (i64.extend_i32_u (local.get $i))))
                    (if (i32.eqz (i32.rem_u (local.get $i) (i32.const 1000))) (then
                        (global.set $kept (struct.new $n (global.get $kept)
                            (struct.get $n 1 (local.get $n))))))
                    (br_if $again (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
                (local.set $n (global.get $kept))
                (loop $next (if (ref.is_null (local.get $n)) (then) (else
                    (local.set $sum (i64.add (local.get $sum) (struct.get $n 1 (local.get $n))))
                    (local.set $n (struct.get $n 0 (local.get $n))) (br $next))))
                (local.get $sum)))"#,
    )?;
    let run = instance.get_typed_func::<i32, i64>(&mut store, "run")?;
    ensure!(run.call(&mut store, 20_000)? == 210_000);
    store.gc(None)?;
    Ok(())
}

fn functions() -> Result<()> {
    let (mut store, instance) = instance(
        Collector::DeferredReferenceCounting,
        r#"(module (type $f (func (result i32))) (type $s (sub (struct (field (ref $f)))))
            (type $t (sub $s (struct (field (ref $f)) (field i32))))
            (func $one (result i32) (i32.const 1)) (elem declare func $one)
            (func (export "run") (result i32)
                (local $any anyref)
                (local.set $any (struct.new $t (ref.func $one) (i32.const 30)))
                (i32.add (i32.add
                    (call_ref $f (struct.get $s 0 (ref.cast (ref $s) (local.get $any))))
                    (struct.get $t 1 (ref.cast (ref $t) (local.get $any))))
                    (i32.add (ref.test (ref i31) (local.get $any))
                        (i31.get_s (ref.i31 (i32.const -8)))))))"#,
    )?;
    let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 23);
    Ok(())
}

const THROWS: &str = r#"(module (tag $e (export "e") (param i32 i64))
    (func $throw (export "throw") (param i32) (throw $e (local.get 0) (i64.const 40)))
    (func (export "catch") (param i32) (result i64)
        (local $n i32) (local $m i64)
        (block $h (result i32 i64)
            (try_table (catch $e $h) (call $throw (local.get 0)))
            (return (i64.const -1)))
        (local.set $m) (local.set $n)
        (i64.add (local.get $m) (i64.extend_i32_u (local.get $n)))))"#;

fn exceptions() -> Result<()> {
    let (mut store, instance) = instance(Collector::DeferredReferenceCounting, THROWS)?;
    let catch = instance.get_typed_func::<i32, i64>(&mut store, "catch")?;
    ensure!(catch.call(&mut store, 2)? == 42);
    Ok(())
}

fn imported_tag() -> Result<()> {
    let (mut store, first) = instance(Collector::DeferredReferenceCounting, THROWS)?;
    let module = Module::new(
        store.engine(),
        r#"(module (import "" "e" (tag $e (param i32 i64)))
            (import "" "throw" (func $throw (param i32))) (tag $own (param i32 i64))
            (func (export "run") (result i32)
                (block $wrong (result i32 i64)
                    (block $right (result i32 i64)
                        (try_table (catch $own $wrong) (catch $e $right)
                            (call $throw (i32.const 5)))
                        (return (i32.const -1)))
                    (drop) (return))
                (drop) (drop) (i32.const -2)))"#,
    )?;
    let tag = first.get_tag(&mut store, "e").unwrap();
    let throw = first.get_func(&mut store, "throw").unwrap();
    let second = Instance::new(&mut store, &module, &[tag.into(), throw.into()])?;
    let run = second.get_typed_func::<(), i32>(&mut store, "run")?;
    ensure!(run.call(&mut store, ())? == 5);
    Ok(())
}

fn uncaught() -> Result<()> {
    let (mut store, instance) = instance(Collector::DeferredReferenceCounting, THROWS)?;
    let throw = instance.get_typed_func::<i32, ()>(&mut store, "throw")?;
    let error = throw.call(&mut store, 7).unwrap_err();
    ensure!(error.is::<wasmtime::ThrownException>(), "{error}");
    let exception = store.take_pending_exception().unwrap();
    ensure!(exception.field(&mut store, 0)?.unwrap_i32() == 7);
    ensure!(exception.field(&mut store, 1)?.unwrap_i64() == 40);
    Ok(())
}
