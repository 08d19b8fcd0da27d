//! Nothing: the library is what it depends on.
