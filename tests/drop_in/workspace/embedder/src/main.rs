//! Runs modules and components that use every record which compiled code shares with
//! Wasmtime, and prints `ok NAME` or `FAILED NAME: why` for each check.

mod components;
mod core_modules;
mod engines;
mod gc;
mod interrupts;
mod switching;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use wasmtime::Result;

type Check = (&'static str, fn() -> Result<()>);

fn main() -> ExitCode {
    let mut failed = 0;
    let all = [
        core_modules::CHECKS,
        engines::CHECKS,
        gc::CHECKS,
        interrupts::CHECKS,
        switching::CHECKS,
        components::CHECKS,
    ];
    for (name, check) in all.into_iter().flatten() {
        match catch_unwind(AssertUnwindSafe(check)) {
            Ok(Ok(())) => println!("ok {name}"),
            Ok(Err(error)) => {
                failed += 1;
                println!("FAILED {name}: {}", format!("{error:?}").replace('\n', " "));
            }
            Err(_) => {
                failed += 1;
                println!("FAILED {name}: it panicked");
            }
        }
    }
    ExitCode::from(u8::from(failed != 0))
}
