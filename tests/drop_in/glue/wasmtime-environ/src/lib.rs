mod indices;
/// Where everything is that compiled code shares with the runtime.
pub mod vmgen;
