//! Continuations.

use crate::Check;
use wasmtime::{Config, Engine, Instance, Module, Result, Store, ensure};

pub const CHECKS: &[Check] = &[
    ("a continuation is suspended and resumed", suspend),
    ("a continuation within a continuation", nested),
    ("a continuation is bound to an argument, and kept in a table", kept),
    ("a continuation that was used up traps", used_up),
];

const WAT: &str = r#"(module
    (type $f (func (result i32))) (type $c (cont $f))
    (type $g (func (param i32) (result i32))) (type $d (cont $g))
    (tag $ask (param i32) (result i32))
    (elem declare func $two $outer $inc)
    (table $t 2 (ref null $c))

    (func $two (result i32)
        (i32.add (suspend $ask (i32.const 10)) (suspend $ask (i32.const 20))))
    (func $outer (result i32)
        (i32.mul (call $sum (cont.new $c (ref.func $two))) (suspend $ask (i32.const 1))))
    (func $inc (param i32) (result i32) (i32.add (local.get 0) (suspend $ask (i32.const 6))))

    ;; Runs a continuation, and answers with one more than what it asks with.
    (func $sum (param $c (ref null $c)) (result i32)
        (local $d (ref null $d)) (local $n i32)
        (block $first (result i32 (ref $d))
            (return (resume $c (on $ask $first) (local.get $c))))
        (local.set $d) (local.set $n)
        (loop $again
            (block $next (result i32 (ref $d))
                (return (resume $d (on $ask $next)
                    (i32.add (local.get $n) (i32.const 1)) (local.get $d))))
            (local.set $d) (local.set $n)
            (br $again))
        (unreachable))

    (func (export "suspend") (result i32) (call $sum (cont.new $c (ref.func $two))))
    (func (export "nested") (result i32) (call $sum (cont.new $c (ref.func $outer))))
    (func (export "kept") (result i32)
        (table.set $t (i32.const 1)
            (cont.bind $d $c (i32.const 100) (cont.new $d (ref.func $inc))))
        (call $sum (table.get $t (i32.const 1))))
    (func (export "used_up") (result i32)
        (drop (call $sum (table.get $t (i32.const 1))))
        (i32.const 0)))"#;

fn instance() -> Result<(Store<()>, Instance)> {
    let mut config = Config::new();
    config.wasm_function_references(true).wasm_exceptions(true).wasm_stack_switching(true);
    let engine = Engine::new(&config)?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &Module::new(&engine, WAT)?, &[])?;
    Ok((store, instance))
}

fn gives(name: &str, expected: i32) -> Result<()> {
    let (mut store, instance) = instance()?;
    let run = instance.get_typed_func::<(), i32>(&mut store, name)?;
    let got = run.call(&mut store, ())?;
    ensure!(got == expected, "{got}");
    Ok(())
}

fn suspend() -> Result<()> {
    gives("suspend", 32)
}

fn nested() -> Result<()> {
    gives("nested", 64)
}

fn kept() -> Result<()> {
    gives("kept", 107)
}

fn used_up() -> Result<()> {
    let (mut store, instance) = instance()?;
    let kept = instance.get_typed_func::<(), i32>(&mut store, "kept")?;
    let used_up = instance.get_typed_func::<(), i32>(&mut store, "used_up")?;
    kept.call(&mut store, ())?;
    let trap = used_up.call(&mut store, ()).unwrap_err();
    ensure!(trap.downcast_ref() == Some(&wasmtime::Trap::ContinuationAlreadyConsumed), "{trap}");
    Ok(())
}
