#![crate_type = "lib"]

use core::num::NonZeroUsize;

#[repr(C)]
pub struct Store {
    data: Option<NonZeroUsize>,
}

pub fn is_empty(store: &Store) -> bool {
    store.data.is_none()
}
