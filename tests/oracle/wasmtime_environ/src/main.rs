//! Answers, from Wasmtime's own offset code, the questions that vmgen's tests ask.
//!
//! One question a line on stdin, one answer a line on stdout, in order:
//!
//! | question | answer |
//! |---|---|
//! | `core P n1 … n` | `VMContext`: `field=offset`, `region=begin:last`, and `size=…` |
//! | `component P n1 … n10` | the same of `VMComponentContext` |
//! | `records P` | `Type.field=offset` and `Type:size=…` of the records of fixed size |
//! | `constants` | `NAME=value`, and `Type::Variant=value` of the enums |
//! | `signatures` | `Table.slot=name:type,…->type` of the tables of function pointers |
//! | `module HEX` | the counts of a WebAssembly module, and the order of its func refs |
//!
//! `P` is the pointer's width in bytes, 4 or 8. The order of the counts is that of
//! `core::COUNTS` and `component::COUNTS`, and `counts` on the command line prints it. `last` is the
//! offset of the region's last element, or `-` where the region is empty; a region that is a single
//! record is `name=offset`. Where the numbers do not fit into Wasmtime's u32 arithmetic the answer
//! is `overflow`.
//!
//! A question that cannot be read is a fault of the asker: a line on stderr and exit code 2.

mod component;
mod constants;
mod core;
mod module;
mod records;
mod signatures;

use std::any::Any;
use std::io::{self, BufRead, BufWriter, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("counts") {
        println!("core {}", core::COUNTS.join(" "));
        println!("component {}", component::COUNTS.join(" "));
        return ExitCode::SUCCESS;
    }
    match answer_all(io::stdin().lock(), BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasmtime-environ-oracle: {error}");
            ExitCode::from(2)
        }
    }
}

fn answer_all(questions: impl BufRead, mut answers: impl Write) -> Result<(), String> {
    // Overflows arrive as panics; their messages on stderr would only bury a real fault.
    panic::set_hook(Box::new(|_| {}));
    for (number, line) in questions.lines().enumerate() {
        let line = line.map_err(|error| error.to_string())?;
        let answer = answer(&line).map_err(|error| format!("line {}: {error}", number + 1))?;
        writeln!(answers, "{answer}").map_err(|error| error.to_string())?;
    }
    answers.flush().map_err(|error| error.to_string())
}

fn answer(line: &str) -> Result<String, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["core", width, counts @ ..] => {
            let (width, counts) = (pointer_width(width)?, numbers(counts)?);
            core::check(&counts)?;
            or_overflow(|| core::describe(width, counts))
        }
        ["component", width, counts @ ..] => {
            let (width, counts) = (pointer_width(width)?, numbers(counts)?);
            component::check(&counts)?;
            or_overflow(|| component::describe(width, counts))
        }
        ["records", width] => Ok(records::describe(pointer_width(width)?)),
        ["constants"] => Ok(constants::describe()),
        ["signatures"] => Ok(signatures::describe()),
        ["module", hex] => module::describe(&bytes(hex)?),
        _ => Err(format!("unknown question: {line}")),
    }
}

fn pointer_width(word: &str) -> Result<u8, String> {
    match word {
        "4" => Ok(4),
        "8" => Ok(8),
        _ => Err(format!("a pointer is 4 or 8 bytes wide, not {word}")),
    }
}

fn numbers<const N: usize>(words: &[&str]) -> Result<[u32; N], String> {
    let parsed: Result<Vec<u32>, _> = words.iter().map(|word| word.parse()).collect();
    parsed
        .map_err(|error| error.to_string())?
        .try_into()
        .map_err(|got: Vec<u32>| format!("{N} counts are needed, got {}", got.len()))
}

fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return Err("a module is an even number of hexadecimal digits".to_string());
    }
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|error| error.to_string()))
        .collect()
}

/// Runs Wasmtime's arithmetic; only a panic that is an overflow becomes an answer.
fn or_overflow(describe: impl FnOnce() -> String) -> Result<String, String> {
    panic::catch_unwind(AssertUnwindSafe(describe)).or_else(|payload| {
        let message = panic_message(payload.as_ref());
        // `checked_add(..).unwrap()` says the first, a checked `+` or `*` the second.
        if message.contains("on a `None` value") || message.contains("with overflow") {
            Ok("overflow".to_string())
        } else {
            Err(format!("Wasmtime panicked: {message}"))
        }
    })
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a payload that is no text")
}

/// `name=begin:last`, where `last` asks Wasmtime for the region's last element.
fn region(name: &str, begin: u32, count: u32, element: impl Fn(u32) -> u32) -> String {
    match count.checked_sub(1) {
        Some(last) => format!("{name}={begin}:{}", element(last)),
        None => format!("{name}={begin}:-"),
    }
}

/// `name=begin` of a record that is there or not, `name=-` where it isn't.
#[cfg(since_46)]
fn single(name: &str, there: bool, begin: impl Fn() -> u32) -> String {
    if there {
        format!("{name}={}", begin())
    } else {
        format!("{name}=-")
    }
}
