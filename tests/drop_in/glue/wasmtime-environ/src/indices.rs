//! The types by which elements of contexts are told apart.

#[cfg(feature = "component-model")]
pub use crate::component::*;
pub use crate::*;
