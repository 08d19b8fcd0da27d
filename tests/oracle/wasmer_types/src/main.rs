//! Answers, from Wasmer's own offset code, the questions that vmgen's tests ask.
//!
//! One question a line on stdin, one answer a line on stdout, in order:
//!
//! | question | answer |
//! |---|---|
//! | `context P n1 … n9` | `VMContext`: `region=begin:last`, and `size=…` |
//! | `records P` | `Type.field=offset` and `Type:size=…` of the records of fixed size |
//!
//! `P` is the pointer's width in bytes, 4 or 8. The order of the counts is that of
//! `context::COUNTS`, and `counts` on the command line prints it. `last` is the offset of the
//! region's last element, or `-` where the region is empty; where Wasmer computes no element's
//! offset, the answer is `region=begin` alone. Where the numbers do not fit into Wasmer's u32
//! arithmetic the answer is `overflow`.
//!
//! A question that cannot be read, or counts that no module has, are a fault of the asker: a line
//! on stderr and exit code 2.

mod context;
mod records;

use std::any::Any;
use std::io::{self, BufRead, BufWriter, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("counts") {
        println!("context {}", context::COUNTS.join(" "));
        return ExitCode::SUCCESS;
    }
    match answer_all(io::stdin().lock(), BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasmer-types-oracle: {error}");
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
        ["context", width, counts @ ..] => {
            let (width, counts) = (pointer_width(width)?, numbers(counts)?);
            context::check(&counts)?;
            or_overflow(|| context::describe(width, counts))
        }
        ["records", width] => Ok(records::describe(pointer_width(width)?)),
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

/// Runs Wasmer's arithmetic; only a panic that is an overflow becomes an answer.
fn or_overflow(describe: impl FnOnce() -> String) -> Result<String, String> {
    panic::catch_unwind(AssertUnwindSafe(describe)).or_else(|payload| {
        let message = panic_message(payload.as_ref());
        // `checked_add(..).unwrap()` says the first, a checked `*` the second.
        if message.contains("on a `None` value") || message.contains("with overflow") {
            Ok("overflow".to_string())
        } else {
            Err(format!("Wasmer panicked: {message}"))
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
