pub use imp::VMContinuationStack;
