//! The same modules by other compilers, and in memory that is pooled.

use crate::Check;
use wasmtime::{
    Config, Engine, Func, InstanceAllocationStrategy, Linker, Module, PoolingAllocationConfig,
    Result, Store, Strategy, ensure,
};

pub const CHECKS: &[Check] = &[
    ("Winch compiles it", winch),
    ("Pulley interprets it", pulley),
    ("tables are filled at once", eager_tables),
    ("memories move", moving_memories),
    ("instances are pooled", pooled),
    ("an instance larger than the pool's is refused", too_large),
    ("a compiled module is stored and loaded", stored),
];

const WAT: &str = r#"(module
    (import "" "host" (func $host (param i32) (result i32)))
    (memory (export "m") 1 4) (data (i32.const 0) "\05")
    (global $g (mut i64) (i64.const 100))
    (type $t (func (param i32) (result i32)))
    (table 4 funcref) (elem (i32.const 1) $host $inc)
    (func $inc (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "run") (result i64)
        (local $sum i32)
        (drop (memory.grow (i32.const 1)))
        (i32.store (i32.const 65600) (call $host (i32.load8_u (i32.const 0))))
        (local.set $sum (i32.load (i32.const 65600)))
        (local.set $sum (call_indirect (type $t) (local.get $sum) (i32.const 1)))
        (local.set $sum (call_indirect (type $t) (local.get $sum) (i32.const 2)))
        (global.set $g (i64.add (global.get $g) (i64.extend_i32_u (local.get $sum))))
        (i64.add (global.get $g) (i64.extend_i32_u (memory.size)))))"#;

fn run(config: &Config) -> Result<()> {
    let engine = Engine::new(config)?;
    run_module(&engine, &Module::new(&engine, WAT)?)
}

fn run_module(engine: &Engine, module: &Module) -> Result<()> {
    let mut store = Store::new(engine, ());
    let mut linker = Linker::new(engine);
    let host = Func::wrap(&mut store, |a: i32| a * 10);
    linker.define(&store, "", "host", host)?;
    let instance = linker.instantiate(&mut store, module)?;
    let run = instance.get_typed_func::<(), i64>(&mut store, "run")?;
    // 5 * 10, times 10, and 1; added to 100; two pages.
    let got = run.call(&mut store, ())?;
    ensure!(got == 603, "{got}");
    Ok(())
}

fn winch() -> Result<()> {
    run(Config::new().strategy(Strategy::Winch))
}

fn pulley() -> Result<()> {
    run(Config::new().target("pulley64")?)
}

fn eager_tables() -> Result<()> {
    run(Config::new().table_lazy_init(false))
}

fn moving_memories() -> Result<()> {
    run(Config::new().memory_may_move(true).memory_reservation(0).memory_guard_size(0))
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_memories(2).total_tables(2).total_core_instances(2).max_memory_size(1 << 20);
    pool
}

fn pooled() -> Result<()> {
    let mut config = Config::new();
    config.memory_reservation(1 << 20);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    run(&config)
}

fn too_large() -> Result<()> {
    let mut pool = pool();
    pool.max_core_instance_size(1024);
    let mut config = Config::new();
    config.memory_reservation(1 << 20);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    let engine = Engine::new(&config)?;
    let wat = format!("(module {})", "(global i32 (i32.const 1))".repeat(200));
    let Err(error) = Module::new(&engine, wat) else {
        wasmtime::bail!("200 globals fit into 1024 bytes")
    };
    let error = format!("{error:?}");
    ensure!(error.contains("- 3200 bytes - "), "{error}");
    Ok(())
}

fn stored() -> Result<()> {
    let engine = Engine::default();
    let bytes = Module::new(&engine, WAT)?.serialize()?;
    // SAFETY: the bytes are what this very engine has made.
    let module = unsafe { Module::deserialize(&engine, bytes)? };
    run_module(&engine, &module)
}
