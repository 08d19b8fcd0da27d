//! Fuel, epochs, and stores whose calls may wait.

use crate::Check;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use wasmtime::{Caller, Config, Engine, Func, Instance, Module, Result, Store, Trap, ensure};

pub const CHECKS: &[Check] = &[
    ("fuel is used up", fuel),
    ("fuel is asked for again while waiting", fuel_async),
    ("an epoch ends", epoch),
    ("an epoch is prolonged by a callback", epoch_callback),
    ("a host function waits on a stack of its own", waiting),
];

const LOOP: &str = r#"(module (import "" "host" (func $host))
    (func (export "count") (param i32) (result i32)
        (local $n i32)
        (loop $again
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $n) (local.get 0))))
        (local.get $n))
    (func (export "forever") (loop $again (call $host) (br $again))))"#;

/// Waits for a future that only waits for its own executor; counts how often it was asked.
fn block_on<T>(future: impl Future<Output = T>) -> (T, usize) {
    let mut future = pin!(future);
    let mut asked = 0;
    loop {
        asked += 1;
        if let Poll::Ready(got) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return (got, asked);
        }
    }
}

fn fuel() -> Result<()> {
    let engine = Engine::new(Config::new().consume_fuel(true))?;
    let mut store = Store::new(&engine, ());
    store.set_fuel(10_000)?;
    let host = Func::wrap(&mut store, || {});
    let instance = Instance::new(&mut store, &Module::new(&engine, LOOP)?, &[host.into()])?;
    let count = instance.get_typed_func::<i32, i32>(&mut store, "count")?;
    ensure!(count.call(&mut store, 100)? == 100);
    let left = store.get_fuel()?;
    ensure!(left > 9_000 && left < 9_700, "{left}");
    let forever = instance.get_typed_func::<(), ()>(&mut store, "forever")?;
    let trap = forever.call(&mut store, ()).unwrap_err();
    ensure!(trap.downcast_ref() == Some(&Trap::OutOfFuel), "{trap}");
    ensure!(store.get_fuel()? == 0);
    Ok(())
}

fn fuel_async() -> Result<()> {
    let engine = Engine::new(Config::new().consume_fuel(true))?;
    let mut store = Store::new(&engine, ());
    store.set_fuel(1_000_000)?;
    store.fuel_async_yield_interval(Some(1_000))?;
    let host = Func::wrap(&mut store, || {});
    let module = Module::new(&engine, LOOP)?;
    let (instance, _) = block_on(Instance::new_async(&mut store, &module, &[host.into()]));
    let count = instance?.get_typed_func::<i32, i32>(&mut store, "count")?;
    let (got, asked) = block_on(count.call_async(&mut store, 5_000));
    ensure!(got? == 5_000 && asked > 10, "{asked}");
    Ok(())
}

fn epoch() -> Result<()> {
    let engine = Engine::new(Config::new().epoch_interruption(true))?;
    let mut store = Store::new(&engine, 0);
    store.set_epoch_deadline(3);
    let host = Func::wrap(&mut store, |mut caller: Caller<'_, i32>| {
        *caller.data_mut() += 1;
        caller.engine().increment_epoch();
    });
    let instance = Instance::new(&mut store, &Module::new(&engine, LOOP)?, &[host.into()])?;
    let forever = instance.get_typed_func::<(), ()>(&mut store, "forever")?;
    let trap = forever.call(&mut store, ()).unwrap_err();
    ensure!(trap.downcast_ref() == Some(&Trap::Interrupt), "{trap}");
    ensure!(*store.data() == 3, "{}", store.data());
    Ok(())
}

fn epoch_callback() -> Result<()> {
    let engine = Engine::new(Config::new().epoch_interruption(true))?;
    let mut store = Store::new(&engine, 0);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| {
        *store.data_mut() += 1;
        if *store.data() < 4 {
            Ok(wasmtime::UpdateDeadline::Continue(2))
        } else {
            wasmtime::bail!("enough")
        }
    });
    let host = Func::wrap(&mut store, |caller: Caller<'_, i32>| caller.engine().increment_epoch());
    let instance = Instance::new(&mut store, &Module::new(&engine, LOOP)?, &[host.into()])?;
    let forever = instance.get_typed_func::<(), ()>(&mut store, "forever")?;
    let error = forever.call(&mut store, ()).unwrap_err();
    ensure!(format!("{error:?}").contains("enough") && *store.data() == 4);
    Ok(())
}

fn waiting() -> Result<()> {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let module = Module::new(
        &engine,
        r#"(module (import "" "wait" (func $wait (param i32) (result i32)))
            (func (export "run") (result i32)
                (i32.add (call $wait (i32.const 1)) (call $wait (i32.const 2)))))"#,
    )?;
    let wait = Func::wrap_async(&mut store, |_, (n,): (i32,)| {
        Box::new(async move {
            let mut waited = false;
            std::future::poll_fn(|_| {
                if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            n * 10
        })
    });
    let (instance, _) = block_on(Instance::new_async(&mut store, &module, &[wait.into()]));
    let run = instance?.get_typed_func::<(), i32>(&mut store, "run")?;
    let (got, asked) = block_on(run.call_async(&mut store, ()));
    ensure!(got? == 30 && asked == 3, "{asked}");
    Ok(())
}
