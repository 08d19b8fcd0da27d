use super::VmSafe;

/// An integer that is little-endian at rest, whatever the host's byte order.
///
/// The bytes can only be reached through [`Le::new`] and [`Le::get`], so that a word
/// cannot be mistaken for one in the host's order. Nothing happens at run time where
/// the two orders are the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(transparent)]
pub struct Le<T>(T);

mod words {
    /// The integers.
    pub trait Word: Copy {}

    /// `word` with its bytes in little-endian order, or back in the host's.
    pub const fn little_endian<T: Word>(mut word: T) -> T {
        if cfg!(target_endian = "big") {
            let at = &raw mut word;
            // SAFETY: an integer is as wide and as aligned as the unsigned one that it is
            // taken for here.
            unsafe {
                match size_of::<T>() {
                    2 => *at.cast() = (*at.cast::<u16>()).swap_bytes(),
                    4 => *at.cast() = (*at.cast::<u32>()).swap_bytes(),
                    8 => *at.cast() = (*at.cast::<u64>()).swap_bytes(),
                    16 => *at.cast() = (*at.cast::<u128>()).swap_bytes(),
                    _ => {}
                }
            }
        }
        word
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<T: words::Word> Le<T> {
    /// Stores `value` with its least significant byte first.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(words::little_endian(value))
    }

    /// The value, in the host's byte order.
    #[must_use]
    pub const fn get(self) -> T {
        words::little_endian(self.0)
    }

    /// Replaces the value.
    pub const fn set(&mut self, value: T) {
        *self = Self::new(value);
    }
}

impl<T: words::Word> From<T> for Le<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: words::Word + ::core::fmt::Debug> ::core::fmt::Debug for Le<T> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.get(), f)
    }
}

// SAFETY: transparent over an integer, which is VmSafe.
unsafe impl<T: words::Word> VmSafe for Le<T> {}

/// Makes integers words, and has them made of little-endian ones.
macro_rules! little_endian {
    ($($int:ident)*) => {$(
        impl words::Word for $int {}

        impl From<Le<$int>> for $int {
            fn from(word: Le<$int>) -> Self {
                word.get()
            }
        }
    )*};
}

little_endian!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
