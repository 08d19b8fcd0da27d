use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::num::NonZeroUsize;
use core::ptr::NonNull;
use core::sync::atomic::AtomicUsize;

mod little_endian;
#[allow(unused_imports, reason = "not every module has words of a byte order")]
pub use little_endian::Le;

/// A non-null pointer to something that compiled code uses too.
///
/// At rest it is an integer as wide as a pointer, never zero, so that
/// `Option<VmPtr<T>>` is as wide and has zero for `None`. Records that a runtime and
/// the code it compiles share hold their pointers as this type and no other: it is
/// the one pointer that is [`VmSafe`].
///
/// # Provenance
///
/// A Rust pointer carries, besides its address, the permission to use one allocation:
/// its provenance. Machine code knows addresses only, and so does an interpreter that
/// gets its pointers by adding integers. To make an address that such code hands back
/// usable again, the permission has to have been made public before.
///
/// Making a `VmPtr` does that: it *exposes* the provenance of the pointer it is made
/// of. Reading it as a pointer picks up an exposed provenance that fits the address.
/// Neither costs an instruction. Both need a target with exposed provenance, which
/// pointers that are capabilities don't have.
///
/// Under Miri, give `-Zmiri-permissive-provenance`; without it every integer that
/// becomes a pointer is warned about. `-Zmiri-strict-provenance` can't work here.
///
/// # Sharing between threads
///
/// It is `Send` and `Sync` where `T` is. `T` is sized, since machine code has no idea
/// of a pointer that is two words.
#[repr(transparent)]
pub struct VmPtr<T> {
    address: NonZeroUsize,
    pointee: PhantomData<SendSyncPtr<T>>,
}

#[allow(dead_code, reason = "not every user needs all")]
impl<T> VmPtr<T> {
    /// A well-aligned address that points to nothing, for a slot that is not in use.
    #[must_use]
    pub fn dangling() -> Self {
        NonNull::dangling().into()
    }

    /// The pointer, its provenance picked up again.
    #[must_use]
    pub fn as_non_null(&self) -> NonNull<T> {
        let pointer = ::core::ptr::with_exposed_provenance_mut(self.address.get());
        // SAFETY: an address other than zero makes a pointer other than null.
        unsafe { NonNull::new_unchecked(pointer) }
    }

    /// As [`VmPtr::as_non_null`], in a type that may cross threads as `T` may.
    #[must_use]
    pub fn as_send_sync(&self) -> SendSyncPtr<T> {
        self.as_non_null().into()
    }

    /// As [`VmPtr::as_non_null`], as a raw pointer.
    #[must_use]
    pub fn as_ptr(&self) -> *mut T {
        self.as_non_null().as_ptr()
    }
}

impl<T> Clone for VmPtr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for VmPtr<T> {}

impl<T> fmt::Debug for VmPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_send_sync().fmt(f)
    }
}

impl<T> From<NonNull<T>> for VmPtr<T> {
    fn from(pointer: NonNull<T>) -> Self {
        let address = pointer.as_ptr().expose_provenance();
        Self {
            // SAFETY: a pointer other than null has an address other than zero.
            address: unsafe { NonZeroUsize::new_unchecked(address) },
            pointee: PhantomData,
        }
    }
}

impl<T> From<SendSyncPtr<T>> for VmPtr<T> {
    fn from(pointer: SendSyncPtr<T>) -> Self {
        pointer.as_non_null().into()
    }
}

/// A non-null pointer of the host's own, `Send` and `Sync` where its pointee is.
///
/// `NonNull` is neither, which makes every record that holds one neither as well.
/// Following the pointer stays unsafe; who does it answers for what threads do.
#[repr(transparent)]
pub struct SendSyncPtr<T: ?Sized>(NonNull<T>);

// SAFETY: the pointer alone allows nothing. Who follows it, which is unsafe, may treat
// it as a reference to `T`, and those cross threads on the same conditions.
unsafe impl<T: ?Sized + Send> Send for SendSyncPtr<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Sync> Sync for SendSyncPtr<T> {}

#[allow(dead_code, reason = "not every user needs all")]
impl<T: ?Sized> SendSyncPtr<T> {
    /// Wraps a pointer.
    #[must_use]
    pub const fn new(pointer: NonNull<T>) -> Self {
        Self(pointer)
    }

    /// The pointer that was wrapped.
    #[must_use]
    pub const fn as_non_null(self) -> NonNull<T> {
        self.0
    }

    /// The same as a raw pointer.
    #[must_use]
    pub const fn as_ptr(self) -> *mut T {
        self.0.as_ptr()
    }

    /// The pointee.
    ///
    /// # Safety
    ///
    /// As for [`NonNull::as_ref`].
    #[must_use]
    pub const unsafe fn as_ref<'a>(&self) -> &'a T {
        // SAFETY: the caller keeps what `NonNull::as_ref` asks for.
        unsafe { self.0.as_ref() }
    }

    /// The pointee, to be changed.
    ///
    /// # Safety
    ///
    /// As for [`NonNull::as_mut`].
    #[must_use]
    pub const unsafe fn as_mut<'a>(&mut self) -> &'a mut T {
        // SAFETY: the caller keeps what `NonNull::as_mut` asks for.
        unsafe { self.0.as_mut() }
    }
}

impl<T: ?Sized> Clone for SendSyncPtr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for SendSyncPtr<T> {}

impl<T: ?Sized> PartialEq for SendSyncPtr<T> {
    fn eq(&self, other: &Self) -> bool {
        ::core::ptr::eq(self.0.as_ptr(), other.0.as_ptr())
    }
}

impl<T: ?Sized> Eq for SendSyncPtr<T> {}

impl<T: ?Sized> ::core::hash::Hash for SendSyncPtr<T> {
    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: ?Sized> fmt::Debug for SendSyncPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: ?Sized> fmt::Pointer for SendSyncPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: ?Sized> From<NonNull<T>> for SendSyncPtr<T> {
    fn from(pointer: NonNull<T>) -> Self {
        Self(pointer)
    }
}

/// Types that may lie in memory which compiled code reads and writes.
///
/// It is meant as a bound on the few functions that turn an offset into a typed
/// pointer, so that nothing else gets there.
///
/// # Safety
///
/// Whoever implements it promises that
///
/// * the type's layout is one that machine code can rely on: an integer, a composite
///   that is `repr(C)`, a wrapper that is `repr(transparent)`. Rust moves the fields
///   of other types, tuples among them, as it likes.
/// * every pointer in it has exposed its provenance, which means that it is a
///   [`VmPtr`]. `*mut T`, `NonNull<T>`, `&T` and `Box<T>` have not.
/// * all its fields keep these promises too.
/// * a wrapper of one integer that is passed by value is `repr(transparent)`, because
///   some calling conventions pass a struct of one integer otherwise than the integer.
pub unsafe trait VmSafe {}

/// Implements `VmSafe` for integers.
macro_rules! vm_safe {
    ($($int:ident)*) => {
        // SAFETY: integers have no padding, no invalid values, and a fixed layout.
        $(unsafe impl VmSafe for $int {})*
    };
}

vm_safe!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

// SAFETY: an atomic has the memory representation of its integer.
unsafe impl VmSafe for AtomicUsize {}
// SAFETY: as above. It is missing where the target has no such atomic, and that is why
// records that hold one are missing there too.
#[cfg(target_has_atomic = "64")]
unsafe impl VmSafe for ::core::sync::atomic::AtomicU64 {}

// SAFETY: an integer at rest, whose provenance was exposed when it was made.
unsafe impl<T: VmSafe> VmSafe for VmPtr<T> {}
// SAFETY: the same integer, with zero for `None`.
unsafe impl<T: VmSafe> VmSafe for Option<VmPtr<T>> {}
// SAFETY: as many of them as told, one after the other.
unsafe impl<T: VmSafe, const N: usize> VmSafe for [T; N] {}
// SAFETY: laid out as what it holds.
unsafe impl<T: VmSafe> VmSafe for UnsafeCell<T> {}
// SAFETY: nothing is there. It is the pointee of a pointer to who knows what.
unsafe impl VmSafe for () {}
// SAFETY: as above.
unsafe impl VmSafe for ::core::ffi::c_void {}

const _: () = {
    assert!(size_of::<VmPtr<u8>>() == size_of::<usize>());
    assert!(align_of::<VmPtr<u8>>() == align_of::<usize>());
    assert!(size_of::<Option<VmPtr<u8>>>() == size_of::<usize>());
    assert!(size_of::<Option<SendSyncPtr<u8>>>() == size_of::<*mut u8>());
};
#[cfg(test)]
mod tests {
    use super::*;
    use core::cell::Cell;

    #[test]
    fn a_pointer_reads_and_writes_what_it_was_made_of() {
        let mut cell = 7_u64;
        let pointer = VmPtr::from(NonNull::from(&mut cell));
        // SAFETY: `cell` lives on, and nothing else refers to it.
        unsafe {
            assert_eq!(pointer.as_non_null().read(), 7);
            pointer.as_ptr().write(8);
            assert_eq!(pointer.as_send_sync().as_ptr().read(), 8);
        }
        assert_eq!(cell, 8);
    }

    #[test]
    fn an_address_that_went_through_memory_is_still_a_pointer() {
        let mut cell = 7_u64;
        let mut memory = [0_u8; size_of::<VmPtr<u64>>()];
        let slot = memory.as_mut_ptr().cast::<VmPtr<u64>>();
        // SAFETY: the slot is as long as a pointer, of any alignment, and `cell` lives.
        unsafe {
            slot.write_unaligned(NonNull::from(&mut cell).into());
            let address = usize::from_ne_bytes(memory);
            let bytes = address.to_ne_bytes();
            let read = bytes.as_ptr().cast::<VmPtr<u64>>().read_unaligned();
            assert_eq!(read.as_non_null().read(), 7);
        }
    }

    #[test]
    fn none_is_zero_and_some_is_the_address() {
        let none: Option<VmPtr<u8>> = None;
        let some = Some(VmPtr::from(NonNull::<u8>::dangling()));
        // SAFETY: both are as wide as `usize` and hold an integer.
        let words = unsafe {
            [
                ::core::mem::transmute::<Option<VmPtr<u8>>, usize>(none),
                ::core::mem::transmute::<Option<VmPtr<u8>>, usize>(some),
            ]
        };
        assert_eq!(words, [0, 1]);
    }

    #[test]
    fn a_dangling_pointer_is_aligned_and_not_null() {
        assert_eq!(VmPtr::<u64>::dangling().as_ptr().addr(), align_of::<u64>());
        assert_eq!(VmPtr::<u8>::dangling().as_ptr().addr(), 1);
    }

    #[test]
    fn conversions_keep_the_address() {
        let mut cell = 1_u32;
        let plain = NonNull::from(&mut cell);
        let sent = SendSyncPtr::from(plain);
        let pointer = VmPtr::from(sent);
        assert_eq!(pointer.as_non_null(), plain);
        assert_eq!(pointer.as_send_sync(), sent);
        assert_eq!(pointer.as_ptr(), plain.as_ptr());
        let copied = pointer;
        assert_eq!(copied.as_ptr(), pointer.as_ptr());
        #[allow(clippy::clone_on_copy, reason = "it is what is tested")]
        let cloned = pointer.clone();
        assert_eq!(cloned.as_ptr(), pointer.as_ptr());
    }

    /// Text of at most 32 bytes, as there is no allocator here.
    struct Text([u8; 32], usize);

    impl fmt::Write for Text {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            let end = self.1 + part.len();
            let room = self.0.get_mut(self.1..end).ok_or(fmt::Error)?;
            room.copy_from_slice(part.as_bytes());
            self.1 = end;
            Ok(())
        }
    }

    fn debug(value: &dyn fmt::Debug) -> Text {
        let mut text = Text([0; 32], 0);
        fmt::write(&mut text, format_args!("{value:?}")).unwrap();
        text
    }

    #[test]
    fn debug_shows_the_address() {
        #[repr(align(8))]
        struct Eight;
        let text = debug(&VmPtr::<Eight>::dangling());
        assert_eq!(&text.0[..text.1], b"0x8");
    }

    #[test]
    fn little_endian_words_have_their_least_byte_first() {
        let mut word = Le::<u32>::new(0x0102_0304);
        // SAFETY: `Le<u32>` is transparent over four bytes.
        let bytes = unsafe { ::core::mem::transmute::<Le<u32>, [u8; 4]>(word) };
        assert_eq!(bytes, [4, 3, 2, 1]);
        assert_eq!(word.get(), 0x0102_0304);
        word.set(5);
        assert_eq!(u32::from(word), 5);
        assert_eq!(word, Le::from(5));
        let text = debug(&word);
        assert_eq!(&text.0[..text.1], b"5");
    }

    trait Otherwise {
        const YES: bool = false;
    }

    /// Whether a type keeps a bound: an inherent constant, which only exists where it
    /// does, hides the one of the trait.
    macro_rules! keeps {
        ($type:ty: $($bound:tt)+) => {{
            struct Asked<T>(PhantomData<T>);
            #[allow(dead_code, reason = "a bound may not hold")]
            impl<T: $($bound)+> Asked<T> {
                const YES: bool = true;
            }
            impl<T> Otherwise for Asked<T> {}
            Asked::<$type>::YES
        }};
    }

    #[test]
    fn pointers_cross_threads_where_their_pointee_does() {
        assert!(keeps!(VmPtr<u8>: Send));
        assert!(keeps!(VmPtr<u8>: Sync));
        assert!(keeps!(VmPtr<Cell<u8>>: Send));
        assert!(!keeps!(VmPtr<Cell<u8>>: Sync));
        assert!(!keeps!(VmPtr<*mut u8>: Send));
        assert!(!keeps!(VmPtr<*mut u8>: Sync));
        assert!(keeps!(SendSyncPtr<[u8]>: Send));
        assert!(!keeps!(SendSyncPtr<Cell<u8>>: Sync));
        assert!(!keeps!(SendSyncPtr<*mut u8>: Send));
    }

    #[test]
    fn only_types_with_a_known_layout_are_vm_safe() {
        assert!(keeps!(u8: VmSafe));
        assert!(keeps!(i128: VmSafe));
        assert!(keeps!(AtomicUsize: VmSafe));
        assert!(keeps!(VmPtr<u8>: VmSafe));
        assert!(keeps!(Option<VmPtr<VmPtr<u8>>>: VmSafe));
        assert!(keeps!(Le<u64>: VmSafe));
        assert!(!keeps!(bool: VmSafe));
        assert!(!keeps!(char: VmSafe));
        assert!(!keeps!(f32: VmSafe));
        assert!(!keeps!(*mut u8: VmSafe));
        assert!(!keeps!(NonNull<u8>: VmSafe));
        assert!(!keeps!(SendSyncPtr<u8>: VmSafe));
        assert!(!keeps!(Option<u32>: VmSafe));
        assert!(!keeps!((u8, u8): VmSafe));
        assert!(!keeps!(VmPtr<bool>: VmSafe));
        assert!(!keeps!(::core::sync::atomic::AtomicU32: VmSafe));
    }

    #[test]
    #[cfg(target_has_atomic = "64")]
    fn atomics_of_64_bits_are_vm_safe_where_they_exist() {
        assert!(keeps!(::core::sync::atomic::AtomicU64: VmSafe));
    }
}
