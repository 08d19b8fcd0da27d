//! Imports without some of their names.

use quote::ToTokens;
use std::collections::BTreeSet;
use syn::{ItemUse, UseTree};

/// An import without these names, or `None` if none is left; and the names that it had.
pub fn without(import: &ItemUse, names: &BTreeSet<&str>) -> (Option<String>, Vec<String>) {
    let mut taken = Vec::new();
    let left = tree(&import.tree, "", names, &mut taken).map(|tree| {
        let mut import = import.clone();
        import.tree = tree;
        import.to_token_stream().to_string()
    });
    (left, taken)
}

/// The same of what is below the module `parent`, of which `self` is the name.
fn tree(
    whole: &UseTree,
    parent: &str,
    names: &BTreeSet<&str>,
    taken: &mut Vec<String>,
) -> Option<UseTree> {
    match whole {
        UseTree::Path(path) => {
            tree(&path.tree, &path.ident.to_string(), names, taken).map(|below| {
                let mut path = path.clone();
                *path.tree = below;
                UseTree::Path(path)
            })
        }
        UseTree::Group(group) => {
            let mut group = group.clone();
            group.items = group
                .items
                .iter()
                .filter_map(|item| tree(item, parent, names, taken))
                .collect();
            match group.items.len() {
                0 => None,
                1 => group.items.pop().map(syn::punctuated::Pair::into_value),
                _ => Some(UseTree::Group(group)),
            }
        }
        UseTree::Name(name) => {
            let ident = name.ident.to_string();
            let called = if ident == "self" { parent } else { &ident };
            if names.contains(called) {
                taken.push(called.to_string());
                None
            } else {
                Some(whole.clone())
            }
        }
        other => Some(other.clone()),
    }
}
