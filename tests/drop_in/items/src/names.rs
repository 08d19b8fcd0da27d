//! What the items of a file are called, and where they are.

use proc_macro2::TokenTree;
use quote::ToTokens;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{FnArg, ImplItem, Item, ReturnType, Signature, TraitItem, Type};

/// An item of a file: its name, and its lines from 0.
pub struct Found {
    pub name: String,
    pub lines: Range<usize>,
}

/// The lines of something, from 0, the attributes included.
pub fn lines_of(part: &impl Spanned) -> Range<usize> {
    let span = part.span();
    span.start().line - 1..span.end().line
}

/// All items of a file, and those of its impls and traits, but not of modules inside.
pub fn in_file(file: &syn::File) -> Vec<Found> {
    let mut found = Vec::new();
    for item in &file.items {
        for name in names(item) {
            found.push(Found {
                name,
                lines: lines_of(item),
            });
        }
        for (name, lines) in inside(item) {
            found.push(Found { name, lines });
        }
        if let Item::Macro(item) = item {
            found.extend(rules(item));
        }
    }
    found
}

fn names(item: &Item) -> Vec<String> {
    let of = |ident: &syn::Ident| vec![ident.to_string()];
    match item {
        Item::Const(item) if item.ident == "_" => named_types(item)
            .map(|name| format!("const _ of {name}"))
            .collect(),
        Item::Const(item) => of(&item.ident),
        Item::Enum(item) => of(&item.ident),
        Item::Fn(item) => of(&item.sig.ident),
        Item::Mod(item) => of(&item.ident),
        Item::Static(item) => of(&item.ident),
        Item::Struct(item) => of(&item.ident),
        Item::Trait(item) => of(&item.ident),
        Item::Type(item) => of(&item.ident),
        Item::Union(item) => of(&item.ident),
        Item::Macro(item) => match (&item.ident, item.mac.path.segments.last()) {
            (Some(ident), _) => of(ident),
            (None, Some(called)) => vec![format!("call {}!", called.ident)],
            (None, None) => vec![],
        },
        Item::Impl(item) => {
            let own = last(&item.self_ty);
            vec![match &item.trait_ {
                None => format!("impl {own}"),
                Some((_, path, _)) => format!(
                    "impl {} for {own}",
                    path.segments
                        .last()
                        .map(|s| s.ident.to_string())
                        .unwrap_or_default()
                ),
            }]
        }
        _ => vec![],
    }
}

/// Identifiers that a constant without a name begins with a capital, as types do.
fn named_types(item: &syn::ItemConst) -> impl Iterator<Item = String> {
    let mut names = Vec::new();
    let mut waiting: Vec<_> = item.expr.to_token_stream().into_iter().collect();
    while let Some(token) = waiting.pop() {
        match token {
            TokenTree::Group(group) => waiting.extend(group.stream()),
            TokenTree::Ident(ident) => names.push(ident.to_string()),
            _ => {}
        }
    }
    names.retain(|n| n.starts_with(char::is_uppercase));
    names.sort();
    names.dedup();
    names.into_iter()
}

fn inside(item: &Item) -> Vec<(String, Range<usize>)> {
    match item {
        Item::Impl(whole) if whole.trait_.is_none() => whole
            .items
            .iter()
            .filter_map(|part| {
                let name = match part {
                    ImplItem::Fn(part) => &part.sig.ident,
                    ImplItem::Const(part) => &part.ident,
                    _ => return None,
                };
                Some((format!("{}::{name}", last(&whole.self_ty)), lines_of(part)))
            })
            .collect(),
        Item::Trait(whole) => whole
            .items
            .iter()
            .filter_map(|part| match part {
                TraitItem::Fn(f) => {
                    Some((format!("{}::{}", whole.ident, f.sig.ident), lines_of(part)))
                }
                _ => None,
            })
            .collect(),
        _ => vec![],
    }
}

/// The rules of a macro, by the last word of what they match.
fn rules(item: &syn::ItemMacro) -> Vec<Found> {
    let Some(ident) = &item.ident else {
        return vec![];
    };
    let tokens: Vec<TokenTree> = item.mac.tokens.clone().into_iter().collect();
    let arms = tokens.split(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ';'));
    let found = arms.filter_map(|arm| {
        let (TokenTree::Group(matched), body) = (arm.first()?, arm.last()?) else {
            return None;
        };
        let TokenTree::Ident(last) = matched.stream().into_iter().last()? else {
            return None;
        };
        let lines = matched.span_open().start().line - 1..body.span().end().line;
        Some(Found {
            name: format!("rule {ident} {last}"),
            lines,
        })
    });
    found.collect()
}

/// `A` of `a::b::A<C>`.
fn last(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
        _ => None,
    }
    .unwrap_or_else(|| ty.to_token_stream().to_string())
}

/// `METHOD RESULT [INDEX]` for each method of a trait or a type that has no other arguments.
pub fn methods(file: &syn::File, owner: &str) -> Vec<String> {
    let mut signatures: Vec<&Signature> = Vec::new();
    for item in &file.items {
        match item {
            Item::Trait(item) if item.ident == owner => {
                signatures.extend(item.items.iter().filter_map(|part| match part {
                    TraitItem::Fn(part) => Some(&part.sig),
                    _ => None,
                }));
            }
            Item::Impl(item) if item.trait_.is_none() && last(&item.self_ty) == owner => {
                signatures.extend(item.items.iter().filter_map(|part| match part {
                    ImplItem::Fn(part) => Some(&part.sig),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    signatures.into_iter().filter_map(line).collect()
}

fn line(signature: &Signature) -> Option<String> {
    let ReturnType::Type(_, result) = &signature.output else {
        return None;
    };
    let mut inputs = signature.inputs.iter();
    let Some(FnArg::Receiver(_)) = inputs.next() else {
        return None;
    };
    let mut words = vec![signature.ident.to_string(), last(result)];
    match (inputs.next(), inputs.next()) {
        (None, _) => {}
        (Some(FnArg::Typed(index)), None) => words.push(last(&index.ty)),
        _ => return None,
    }
    Some(words.join(" "))
}
