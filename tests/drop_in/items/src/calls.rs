//! Calls of methods that have other names, found in tokens, so in macros too.

use proc_macro2::{Delimiter, Group, LineColumn, TokenStream, TokenTree};
use std::collections::HashMap;

/// What a call becomes: `places().tables().at({}).base()`, where `{}` is its argument. With
/// a receiver, only calls on something of that name are meant.
pub struct Rule {
    becomes: String,
    receiver: Option<String>,
}

/// Reads lines of `NAME BECOMES`, or `RECEIVER.NAME BECOMES`.
pub fn rules(text: &str) -> HashMap<String, Rule> {
    let mut rules = HashMap::new();
    for line in text.lines() {
        if let Some((name, becomes)) = line.split_once(' ') {
            let (receiver, name) = match name.split_once('.') {
                Some((receiver, name)) => (Some(receiver.to_owned()), name),
                None => (None, name),
            };
            let becomes = becomes.to_owned();
            rules.insert(name.to_owned(), Rule { becomes, receiver });
        }
    }
    rules
}

/// The text with these calls renamed, and how many there were.
pub fn rename(text: &str, tokens: TokenStream, rules: &HashMap<String, Rule>) -> (String, usize) {
    let mut found = Vec::new();
    look(tokens, rules, &mut found);
    let place = places(text);
    let mut renamed = text.to_owned();
    // From the last to the first, so that places stay what they are; of a call in another
    // one's argument the inner comes first.
    found.sort_by_key(|call| std::cmp::Reverse(place(call.start)));
    let count = found.len();
    for call in found {
        let open = place(call.arguments.span_open().start());
        let close = matching(&renamed, open);
        let argument = renamed[open + 1..close]
            .trim()
            .trim_end_matches(',')
            .to_owned();
        let text = match call.of_type {
            None => call.becomes.replace("{}", &argument),
            Some(of) => format!("{{ let it: &{of} = {argument}; it.{} }}", call.becomes),
        };
        renamed.replace_range(place(call.start)..=close, &text);
    }
    (renamed, count)
}

/// A call: of a method, or as `TYPE::NAME(&it)`.
struct Call<'a> {
    start: LineColumn,
    of_type: Option<String>,
    arguments: Group,
    becomes: &'a str,
}

/// Where the parenthesis at `open` is closed; what is in it has no others in its texts.
fn matching(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len() - 1
}

/// From lines and columns to bytes.
fn places(text: &str) -> impl Fn(LineColumn) -> usize {
    let mut starts = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let text = text.to_owned();
    move |at| {
        let start = starts[at.line - 1];
        let line = &text[start..];
        start
            + line
                .char_indices()
                .nth(at.column)
                .map_or(line.len(), |(byte, _)| byte)
    }
}

fn look<'a>(tokens: TokenStream, rules: &'a HashMap<String, Rule>, found: &mut Vec<Call<'a>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            look(group.stream(), rules, found);
        }
        let [
            TokenTree::Punct(mark),
            TokenTree::Ident(name),
            TokenTree::Group(call),
            ..,
        ] = &tokens[at..]
        else {
            continue;
        };
        if call.delimiter() != Delimiter::Parenthesis {
            continue;
        }
        let Some(rule) = rules.get(&name.to_string()) else {
            continue;
        };
        let before = &tokens[..at];
        let (start, of_type) = match (mark.as_char(), before) {
            ('.', _) if rule.fits(before) => (name.span().start(), None),
            (':', [.., TokenTree::Ident(of), TokenTree::Punct(_)]) if of != "Self" => {
                (of.span().start(), Some(of.to_string()))
            }
            _ => continue,
        };
        let (arguments, becomes) = (call.clone(), rule.becomes.as_str());
        found.push(Call {
            start,
            of_type,
            arguments,
            becomes,
        });
    }
}

impl Rule {
    /// Whether it is about calls on what ends in these tokens.
    fn fits(&self, before: &[TokenTree]) -> bool {
        self.receiver
            .as_ref()
            .is_none_or(|receiver| is_called(before, receiver))
    }
}

/// Whether what is before a dot ends in a name, or in a call of it.
fn is_called(before: &[TokenTree], name: &str) -> bool {
    let before = match before {
        [rest @ .., TokenTree::Group(_)] => rest,
        whole => whole,
    };
    matches!(before.last(), Some(TokenTree::Ident(last)) if last == name)
}
