mod vmgen;

/// The constant of a table of functions, and what lets compiled code call them.
macro_rules! functions {
    ($table:ident { $($name:ident: $function:expr,)* }) => {
        impl $table {
            pub const INIT: Self = Self { $($name: $function),* };

            /// Exposes the provenance of every function.
            pub fn expose_provenance(&self) -> NonNull<Self> {
                $((self.$name as *mut u8).expose_provenance();)*
                NonNull::from(self)
            }
        }
    };
}
use functions;
