//! The host: it compiles a program, makes the records that its code works on, and runs it.
//!
//! `toy PROGRAM [--fuel N] [--wait]`; with `--wait` it tells where the context is when the
//! program has run, and waits for the end of its input, so that it can be looked into.

mod compile;
mod language;
mod runtime;

use std::io::{Read, Write};
use std::process::ExitCode;

use compile::Outcome;
use runtime::Instance;

const USAGE: &str = "usage: toy PROGRAM [--fuel N] [--wait]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("toy: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let (mut path, mut fuel, mut wait) = (None, 1_000_000, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--wait" => wait = true,
            "--fuel" => {
                let given = arguments.next().and_then(|n| n.parse().ok());
                fuel = given.ok_or(USAGE)?;
            }
            _ if path.is_none() => path = Some(argument),
            _ => return Err(USAGE.into()),
        }
    }
    let path = path.ok_or(USAGE)?;
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let program = language::parse(&text).map_err(|message| format!("{path}: {message}"))?;

    let instance = Instance::new(&program, fuel).map_err(|error| error.to_string())?;
    let code = compile::compile(&program, instance.offsets()).map_err(|error| error.to_string())?;
    let outcome = instance.run(&code);
    eprintln!("{outcome}; {} of fuel left", instance.fuel());
    if wait {
        println!("waiting {} {:#x}", std::process::id(), instance.address());
        std::io::stdout().flush().map_err(|e| e.to_string())?;
        std::io::stdin()
            .read_to_end(&mut Vec::new())
            .map_err(|e| e.to_string())?;
    }
    match outcome {
        Outcome::Done => Ok(()),
        other => Err(other.to_string()),
    }
}
