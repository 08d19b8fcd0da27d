//! `items remove FILE NAME…` takes items out of a Rust file, with their attributes, their
//! documentation and the comment right above them, and prints how many lines that were.
//! `items methods FILE TYPE…` prints the methods of traits and inherent impls that take
//! `&self` and at most one index, each as `TYPE METHOD RESULT [INDEX]`.
//!
//! `items rename FILE RULES` renames calls of methods by the rules in another file, and
//! prints how many; `calls.rs` says what the rules look like.
//!
//! A name is that of an item; of several items, all go. Items without a name of their own
//! are named after what they are of: `impl T`, `impl Trait for T`, `const _ of T`,
//! `call name!` for a macro that is called, `rule name word` for a rule of a macro, and `use name` for one name of an import. `T::name` is
//! one item of an inherent impl or of a trait, and `but T::name` leaves that one where the
//! rest of its impl goes. What is not there is an error, and nothing is written.

mod calls;
mod names;
mod uses;

use names::{Found, in_file};
use std::collections::BTreeSet;
use std::error::Error;
use std::ops::Range;
use std::{env, fs};

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> Fallible<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [verb, path, names @ ..] = &words[..] else {
        return Err("items remove|methods|rename FILE NAME…".into());
    };
    let text = fs::read_to_string(path)?;
    if verb == "rename" {
        let rules = calls::rules(&fs::read_to_string(&names[0])?);
        let tokens = text.parse().map_err(|e| format!("{path}: {e}"))?;
        let (renamed, count) = calls::rename(&text, tokens, &rules);
        if count != 0 {
            fs::write(path, renamed)?;
        }
        println!("{count}");
        return Ok(());
    }
    let file = syn::parse_file(&text).map_err(|e| format!("{path}: {e}"))?;
    match verb.as_str() {
        "remove" => {
            let (left, gone) = remove(&text, &file, names).map_err(|e| format!("{path}: {e}"))?;
            fs::write(path, left)?;
            println!("{gone}");
        }
        "methods" => {
            for name in names {
                for line in names::methods(&file, name) {
                    println!("{name} {line}");
                }
            }
        }
        _ => return Err(format!("no such verb: {verb}").into()),
    }
    Ok(())
}

/// The text without the items, and how many lines fewer it has.
fn remove(text: &str, file: &syn::File, names: &[String]) -> Fallible<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let after = |prefix| {
        names
            .iter()
            .filter_map(move |name| name.strip_prefix(prefix))
            .collect()
    };
    let imports: BTreeSet<&str> = after("use ");
    let kept: BTreeSet<&str> = after("but ");
    let mut missing: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    missing.retain(|name| !name.starts_with("but "));

    let found = in_file(file);
    let is_kept = |inner: &Found, outer: &Found| {
        kept.contains(inner.name.as_str()) && outer.lines.contains(&inner.lines.start)
    };
    let mut edits: Vec<(Range<usize>, Option<String>)> = Vec::new();
    for whole in &found {
        if !missing.remove(whole.name.as_str()) && !names.contains(&whole.name) {
            continue;
        }
        if !found.iter().any(|part| is_kept(part, whole)) {
            edits.push((with_comment(&lines, whole.lines.clone()), None));
            continue;
        }
        for part in &found {
            let inside = whole.lines.contains(&part.lines.start) && part.lines != whole.lines;
            if inside && !is_kept(part, whole) {
                edits.push((with_comment(&lines, part.lines.clone()), None));
            }
        }
    }
    for item in &file.items {
        if let syn::Item::Use(import) = item {
            let (left, taken) = uses::without(import, &imports);
            if !taken.is_empty() {
                for name in taken {
                    missing.remove(format!("use {name}").as_str());
                }
                edits.push((names::lines_of(import), left));
            }
        }
    }
    if !missing.is_empty() {
        return Err(format!("there is no {missing:?}").into());
    }

    edits.sort_by_key(|(span, _)| (span.start, usize::MAX - span.end));
    let mut left = Vec::new();
    let mut next = 0;
    for (span, instead) in edits {
        if span.start < next {
            continue; // within an item that is gone
        }
        left.extend(lines[next..span.start].iter().map(ToString::to_string));
        left.extend(instead);
        next = span.end;
    }
    left.extend(lines[next..].iter().map(ToString::to_string));
    let gone = lines.len() - left.len();
    Ok((left.join("\n") + "\n", gone))
}

/// The span, with comments that end on the line above it.
fn with_comment(lines: &[&str], mut span: Range<usize>) -> Range<usize> {
    while span.start > 0 && lines[span.start - 1].trim_start().starts_with("//") {
        span.start -= 1;
    }
    span
}
