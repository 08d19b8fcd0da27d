//! Components: lowered imports, strings, resources and flags.

use crate::Check;
use wasmtime::component::{Component, Instance, Linker, Resource, ResourceType, Val};
use wasmtime::{Config, Engine, Result, Store, ensure};

pub const CHECKS: &[Check] = &[
    ("a component calls the host", host),
    ("a component takes and gives strings", strings),
    ("a component has resources with destructors", resources),
    ("a component drops the host's resource", host_resource),
    ("components call each other through an adapter", adapter),
    ("a component may not leave while it allocates", may_not_leave),
];

fn component(wat: &str, linker: impl FnOnce(&mut Linker<u32>) -> Result<()>) -> Result<(Store<u32>, Instance)> {
    let engine = Engine::new(Config::new().wasm_component_model(true))?;
    let component = Component::new(&engine, wat)?;
    let mut links = Linker::new(&engine);
    linker(&mut links)?;
    let mut store = Store::new(&engine, 0);
    let instance = links.instantiate(&mut store, &component)?;
    Ok((store, instance))
}

fn host() -> Result<()> {
    let (mut store, instance) = component(
        r#"(component
            (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
            (core func $low (canon lower (func $add)))
            (core module $m (import "" "add" (func $add (param i32 i32) (result i32)))
                (func (export "run") (param i32) (result i32)
                    (call $add (call $add (local.get 0) (i32.const 1)) (i32.const 2))))
            (core instance $i (instantiate $m (with "" (instance (export "add" (func $low))))))
            (func (export "run") (param "n" u32) (result u32) (canon lift (core func $i "run"))))"#,
        |linker| {
            linker.root().func_wrap("add", |mut store, (a, b): (u32, u32)| {
                *store.data_mut() += 1;
                Ok((a + b,))
            })
        },
    )?;
    let run = instance.get_typed_func::<(u32,), (u32,)>(&mut store, "run")?;
    ensure!(run.call(&mut store, (4,))? == (7,) && *store.data() == 2);
    Ok(())
}

const ALLOCATES: &str = r#"
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (i32.const 256))))"#;

fn strings() -> Result<()> {
    let wat = format!(
        r#"(component
            (core module $m {ALLOCATES}
                (global $freed (mut i32) (i32.const 0))
                (func (export "twice") (param $at i32) (param $len i32) (result i32)
                    (memory.copy (i32.const 512) (local.get $at) (local.get $len))
                    (memory.copy (i32.add (i32.const 512) (local.get $len)) (local.get $at) (local.get $len))
                    (i32.store (i32.const 16) (i32.const 512))
                    (i32.store (i32.const 20) (i32.mul (local.get $len) (i32.const 2)))
                    (i32.const 16))
                (func (export "free") (param i32) (global.set $freed (local.get 0)))
                (func (export "freed") (result i32) (global.get $freed)))
            (core instance $i (instantiate $m))
            (func (export "twice") (param "s" string) (result string)
                (canon lift (core func $i "twice") (memory (core memory $i "memory"))
                    (realloc (core func $i "realloc")) (post-return (core func $i "free"))))
            (func (export "freed") (result u32) (canon lift (core func $i "freed"))))"#
    );
    let (mut store, instance) = component(&wat, |_| Ok(()))?;
    let twice = instance.get_func(&mut store, "twice").unwrap();
    let mut results = [Val::Bool(false)];
    twice.call(&mut store, &[Val::String("walrus ".into())], &mut results)?;
    ensure!(results == [Val::String("walrus walrus ".into())], "{results:?}");
    let freed = instance.get_typed_func::<(), (u32,)>(&mut store, "freed")?;
    ensure!(freed.call(&mut store, ())? == (16,));
    Ok(())
}

fn resources() -> Result<()> {
    let (mut store, instance) = component(
        r#"(component
            (core module $d (global $dropped (mut i32) (i32.const 0))
                (func (export "dtor") (param i32)
                    (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
                (func (export "dropped") (result i32) (global.get $dropped)))
            (core instance $d (instantiate $d))
            (type $r (resource (rep i32) (dtor (core func $d "dtor"))))
            (export $exported "r" (type $r))
            (core func $new (canon resource.new $r)) (core func $rep (canon resource.rep $r))
            (core func $drop (canon resource.drop $r))
            (core module $m (import "" "new" (func $new (param i32) (result i32)))
                (import "" "rep" (func $rep (param i32) (result i32)))
                (import "" "drop" (func $drop (param i32)))
                (func (export "inside") (result i32)
                    (local $h i32)
                    (local.set $h (call $new (i32.const 30)))
                    (call $rep (local.get $h)) (call $drop (local.get $h)))
                (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
            (core instance $m (instantiate $m (with "" (instance
                (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))))))
            (func (export "inside") (result u32) (canon lift (core func $m "inside")))
            (func (export "make") (param "n" u32) (result (own $exported))
                (canon lift (core func $m "make")))
            (func (export "dropped") (result u32) (canon lift (core func $d "dropped"))))"#,
        |_| Ok(()),
    )?;
    let inside = instance.get_typed_func::<(), (u32,)>(&mut store, "inside")?;
    ensure!(inside.call(&mut store, ())? == (30,));
    let make = instance.get_func(&mut store, "make").unwrap();
    let mut results = [Val::Bool(false)];
    make.call(&mut store, &[Val::U32(12)], &mut results)?;
    let Val::Resource(made) = results[0] else { wasmtime::bail!("{results:?}") };
    made.resource_drop(&mut store)?;
    let dropped = instance.get_typed_func::<(), (u32,)>(&mut store, "dropped")?;
    ensure!(dropped.call(&mut store, ())? == (42,));
    Ok(())
}

struct Seal;

fn host_resource() -> Result<()> {
    let (mut store, instance) = component(
        r#"(component (import "seal" (type $s (sub resource)))
            (core func $drop (canon resource.drop $s))
            (core module $m (import "" "drop" (func $drop (param i32)))
                (func (export "take") (param i32) (call $drop (local.get 0))))
            (core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop))))))
            (func (export "take") (param "s" (own $s)) (canon lift (core func $m "take"))))"#,
        |linker| {
            let ty = ResourceType::host::<Seal>();
            linker.root().resource("seal", ty, |mut store, rep| {
                *store.data_mut() += rep;
                Ok(())
            })
        },
    )?;
    let take = instance.get_typed_func::<(Resource<Seal>,), ()>(&mut store, "take")?;
    take.call(&mut store, (Resource::new_own(11),))?;
    ensure!(*store.data() == 11);
    Ok(())
}

fn adapter() -> Result<()> {
    let wat = format!(
        r#"(component
            (component $callee
                (core module $m {ALLOCATES}
                    (func (export "length") (param i32 i32) (result i32)
                        (i32.add (local.get 1) (i32.load8_u (local.get 0)))))
                (core instance $i (instantiate $m))
                (func (export "length") (param "s" string) (result u32)
                    (canon lift (core func $i "length") (memory (core memory $i "memory"))
                        (realloc (core func $i "realloc")))))
            (component $caller
                (import "length" (func $length (param "s" string) (result u32)))
                (core module $memory {ALLOCATES} (data (i32.const 0) "\0a234"))
                (core instance $memory (instantiate $memory))
                (core func $length (canon lower (func $length) (memory (core memory $memory "memory"))
                    string-encoding=latin1+utf16 (realloc (core func $memory "realloc"))))
                (core module $m (import "" "length" (func $length (param i32 i32) (result i32)))
                    (func (export "run") (result i32) (call $length (i32.const 0) (i32.const 4))))
                (core instance $m (instantiate $m
                    (with "" (instance (export "length" (func $length))))))
                (func (export "run") (result u32) (canon lift (core func $m "run"))))
            (instance $callee (instantiate $callee))
            (instance $caller (instantiate $caller (with "length" (func $callee "length"))))
            (export "run" (func $caller "run")))"#
    );
    let (mut store, instance) = component(&wat, |_| Ok(()))?;
    let run = instance.get_typed_func::<(), (u32,)>(&mut store, "run")?;
    let got = run.call(&mut store, ())?;
    ensure!(got == (14,), "{got:?}");
    Ok(())
}

fn may_not_leave() -> Result<()> {
    let (mut store, instance) = component(
        r#"(component
            (import "leave" (func $leave))
            (core func $low (canon lower (func $leave)))
            (core module $m (import "" "leave" (func $leave)) (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                    (call $leave) (i32.const 64))
                (func (export "run") (param i32 i32)))
            (core instance $i (instantiate $m (with "" (instance (export "leave" (func $low))))))
            (func (export "run") (param "s" string) (canon lift (core func $i "run")
                (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))"#,
        |linker| linker.root().func_wrap("leave", |_, ()| Ok(())),
    )?;
    let run = instance.get_typed_func::<(&str,), ()>(&mut store, "run")?;
    let error = format!("{:?}", run.call(&mut store, ("x",)).unwrap_err());
    ensure!(error.contains("cannot leave component instance"), "{error}");
    Ok(())
}
