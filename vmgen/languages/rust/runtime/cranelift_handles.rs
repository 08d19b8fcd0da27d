//! Handles of parts of records, which emit loads and stores in Cranelift's IR.
//!
//! A handle knows where its part is on the target compiled for, how wide it is and what may
//! be assumed of it. What is generated of a schema makes them; nothing here has an offset.
//!
//! What handles read and write has to be read and written through handles alone, in any one
//! function: Cranelift takes accesses with different alias regions, or one with and one
//! without a region, for accesses of different memory.

extern crate alloc;

use self::alloc::string::ToString;
use core::fmt;
use core::marker::PhantomData;

use cranelift_codegen::ir::{Inst, InstBuilder, TrapCode};

use super::cranelift_flags::flags;

pub use cranelift_codegen::ir::types;

pub use cranelift_codegen::cursor::FuncCursor;
pub use cranelift_codegen::ir::{Type, Value};
pub use cranelift_codegen::isa::TargetIsa;

/// Between the numbers of elements that follow each other, where each is a region.
const ELEMENT_STEP: u32 = 0x9e37_79b1;

/// The memory that a part is in, which no access with another region touches.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Region {
    /// Tells it from all others of the modules that are used together.
    pub id: u32,
    /// What it is called in the text of the IR.
    pub name: &'static str,
    /// Whether only contexts have fields in it.
    pub of_context: bool,
    /// Whether each element of an array is a region of its own.
    pub indexed: bool,
}

#[allow(dead_code, reason = "not every user needs all")]
impl Region {
    /// A region by its number and its name.
    #[must_use]
    pub const fn new(id: u32, name: &'static str) -> Self {
        Self {
            id,
            name,
            of_context: false,
            indexed: false,
        }
    }

    /// The number of the region that an element is, which is that of the whole but where each
    /// element is one.
    #[must_use]
    pub const fn of_element(self, element: u32) -> u32 {
        if self.indexed {
            let step = element.wrapping_add(1).wrapping_mul(ELEMENT_STEP);
            self.id.wrapping_add(step)
        } else {
            self.id
        }
    }

    /// The same where only contexts have fields in it.
    #[must_use]
    pub const fn of_context(mut self) -> Self {
        self.of_context = true;
        self
    }

    /// The same where each element is a region of its own.
    #[must_use]
    pub const fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }
}

/// How a part is held: as a value of one type, or as one that is as wide as a pointer.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The same type on every target.
    Fixed(Type),
    /// An integer as wide as a pointer.
    Pointer,
}

impl Shape {
    /// The type on targets with such pointers.
    #[must_use]
    pub const fn on(self, pointer: Type) -> Type {
        match self {
            Self::Fixed(held) => held,
            Self::Pointer => pointer,
        }
    }
}

/// What compiled code may assume of a part, and how it has to read it.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Assumed {
    /// It doesn't change while a compiled function runs.
    pub readonly: bool,
    /// It may be loaded earlier than it is needed.
    pub can_move: bool,
    /// Its bytes are in little-endian order on every target.
    pub little_endian: bool,
}

impl Assumed {
    /// Nothing at all.
    pub const NOTHING: Self = Self {
        readonly: false,
        can_move: false,
        little_endian: false,
    };
}

/// An integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Int;

/// A byte of an array of bytes, in which values of any type may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Byte;

/// A floating-point number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Float;

/// A pointer to what has no handles, or one that may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address;

/// A pointer to a record or a value, which may be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pointer<T> {
    to: T,
    assumed: Assumed,
}

/// A pointer that may be null, so that it isn't followed before it was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nullable<T> {
    to: T,
    assumed: Assumed,
}

/// Of what compiled code may read and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadWrite;

/// Of what compiled code may read, and nobody writes meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadOnly;

/// Of an atomic that no order is asked of, so that a plain instruction will do: one value may
/// then stand for two loads with no store between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Relaxed;

/// Of what is read and written by atomic instructions alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Atomic;

/// Of what may change by itself, as a device's register: no instruction of Cranelift's has to
/// happen, so that there is none for it.
#[allow(dead_code, reason = "a module may have nothing like that")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Volatile;

/// How a part is accessed that a plain load may read.
pub trait Load: Copy {}

impl Load for ReadWrite {}
impl Load for ReadOnly {}
impl Load for Relaxed {}

/// How a part is accessed that a plain store may write.
pub trait Store: Load {}

impl Store for ReadWrite {}
impl Store for Relaxed {}

/// How a part is accessed that atomic instructions may read and write.
pub trait InOrder: Copy {}

impl InOrder for Relaxed {}
impl InOrder for Atomic {}

/// What a value is that is loaded and stored as one: of a part, or of each element of an
/// array. `K` is its kind, `A` how it may be accessed.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held<K, A> {
    /// How it is held.
    pub shape: Shape,
    /// What may be assumed of it.
    pub assumed: Assumed,
    /// The memory that it is in.
    pub region: Region,
    kind: PhantomData<(K, A)>,
}

/// A part as a constant: where it is, as `O` says that, and what is held there.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot<O, K, A> {
    /// The offset in bytes for each data model.
    pub offset: O,
    /// What is held there.
    pub held: Held<K, A>,
}

#[allow(dead_code, reason = "not every user needs all")]
impl<K, A> Held<K, A> {
    /// A value of which nothing may be assumed.
    #[must_use]
    pub const fn new(shape: Shape, region: Region) -> Self {
        let assumed = Assumed::NOTHING;
        let kind = PhantomData;
        Self {
            shape,
            assumed,
            region,
            kind,
        }
    }

    /// The same where it doesn't change while a compiled function runs.
    #[must_use]
    pub const fn readonly(mut self) -> Self {
        self.assumed.readonly = true;
        self
    }

    /// The same where it may be loaded earlier than it is needed.
    #[must_use]
    pub const fn can_move(mut self) -> Self {
        self.assumed.can_move = true;
        self
    }

    /// The same where its bytes are in little-endian order on every target.
    #[must_use]
    pub const fn little_endian(mut self) -> Self {
        self.assumed.little_endian = true;
        self
    }

    /// Its width in bytes, on targets whose pointers have so many.
    #[must_use]
    pub fn width(&self, pointer_size: u32) -> u32 {
        match self.shape {
            Shape::Fixed(held) => held.bytes(),
            Shape::Pointer => pointer_size,
        }
    }
}

/// What one load or store is, but for the address that it is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    pub(super) offset: u64,
    pub(super) held: Type,
    pub(super) aligned: bool,
    pub(super) assumed: Assumed,
    pub(super) trap: Option<TrapCode>,
    pub(super) region: Region,
    pub(super) element: u32,
}

impl Access {
    fn load(&self, pos: &mut FuncCursor<'_>, base: Value) -> Value {
        let (base, offset) = near(pos, base, self.offset);
        let flags = flags(pos.func, self);
        pos.ins().load(self.held, flags, base, offset)
    }
}

/// How to get from the address that is given to the one that offsets count from.
pub trait Path: Copy {
    /// Emits what gets there.
    fn follow(self, pos: &mut FuncCursor<'_>, base: Value) -> Value;
}

/// The address that is given is the one that offsets count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Direct;

impl Path for Direct {
    fn follow(self, _: &mut FuncCursor<'_>, base: Value) -> Value {
        base
    }
}

/// The address is loaded from where another path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through<P> {
    before: P,
    link: Access,
}

impl<P: Path> Path for Through<P> {
    fn follow(self, pos: &mut FuncCursor<'_>, base: Value) -> Value {
        let base = self.before.follow(pos, base);
        self.link.load(pos, base)
    }
}

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<P> {
    path: P,
    pointer: Type,
    /// What the address that offsets count from is a multiple of.
    align: u32,
    offset: u64,
    /// Where the record that is at a multiple of `align` is from the address that is given.
    shift: u64,
    /// Whether the address is one only behind a check.
    behind_check: bool,
    /// What may be assumed of everything there.
    assumed: Assumed,
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path> Place<P> {
    /// A record that is at a multiple of `align` bytes, on a target with such pointers.
    pub const fn new(path: P, pointer: Type, align: u32) -> Self {
        Self {
            path,
            pointer,
            align,
            offset: 0,
            shift: 0,
            behind_check: false,
            assumed: Assumed::NOTHING,
        }
    }

    /// The same where nothing in it changes while a compiled function runs.
    #[must_use]
    pub const fn readonly(mut self) -> Self {
        self.assumed.readonly = true;
        self
    }

    /// The same where all of it may be loaded earlier than it is needed.
    #[must_use]
    pub const fn can_move(mut self) -> Self {
        self.assumed.can_move = true;
        self
    }

    /// What is `offset` bytes into it.
    #[must_use]
    pub fn inside(mut self, offset: u32) -> Self {
        self.offset = self.offset.saturating_add(offset.into());
        self
    }

    /// The same from an address that is `offset` bytes before it.
    #[must_use]
    pub fn relative_to(mut self, offset: u32) -> Self {
        self.shift = self.shift.saturating_add(offset.into());
        self
    }

    /// The bytes from the address that is given.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.shift.saturating_add(self.offset)
    }

    /// The type of pointers.
    #[must_use]
    pub const fn pointer_type(&self) -> Type {
        self.pointer
    }

    /// Emits its address.
    pub fn address(self, pos: &mut FuncCursor<'_>, base: Value) -> Value {
        let base = self.path.follow(pos, base);
        far(pos, base, self.offset())
    }

    /// The value that is held here.
    pub fn holds<K, L, A>(self, held: &Held<L, A>, kind: K) -> Handle<P, K, A> {
        self.element(held, kind, 0)
    }

    fn element<K, L, A>(self, held: &Held<L, A>, kind: K, element: u32) -> Handle<P, K, A> {
        let value = held.shape.on(self.pointer);
        let within = u64::from(value.bytes()).saturating_sub(1);
        let can_move = held.assumed.can_move || self.assumed.can_move;
        let access = Access {
            offset: self.offset(),
            held: value,
            aligned: (u64::from(self.align) | self.offset) & within == 0,
            assumed: Assumed {
                readonly: held.assumed.readonly || self.assumed.readonly,
                can_move: can_move && !self.behind_check,
                little_endian: held.assumed.little_endian,
            },
            trap: None,
            region: held.region,
            element,
        };
        Handle {
            access,
            path: self.path,
            pointer: self.pointer,
            kind,
            how: PhantomData,
        }
    }
}

/// What a pointer leads to: a record by its handles, or a value.
pub trait Pointee: Copy {
    /// What it is by a path.
    type On<P: Path>;

    /// What its address is a multiple of wherever a pointer leads to it, in bytes.
    fn align(self) -> u32;

    /// What it is at a place.
    fn on<P: Path>(self, place: Place<P>) -> Self::On<P>;
}

/// The handles of a record.
pub trait Record: Pointee {
    /// Bytes from one of them to the next.
    fn size(self) -> u32;
}

/// A part, which can be loaded and stored.
///
/// `P` is how to get to the record, `K` what the part is, `A` how it may be accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle<P, K, A> {
    access: Access,
    path: P,
    pointer: Type,
    kind: K,
    how: PhantomData<A>,
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, K: Copy, A> Handle<P, K, A> {
    /// The type of its value.
    #[must_use]
    pub const fn value_type(&self) -> Type {
        self.access.held
    }

    /// The bytes from the address that is given, or from what the last pointer on the way
    /// points to.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.access.offset
    }

    /// The memory that it is in.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.access.region
    }

    /// What may be assumed of it here.
    #[must_use]
    pub const fn assumed(&self) -> Assumed {
        self.access.assumed
    }

    /// Emits its address.
    pub fn address(self, pos: &mut FuncCursor<'_>, base: Value) -> Value {
        let base = self.path.follow(pos, base);
        far(pos, base, self.access.offset)
    }

    /// The same where an access of bad memory is a trap with this code. So it stays where it
    /// is, whatever may be assumed of the part.
    #[must_use]
    pub fn trap_code(mut self, code: TrapCode) -> Self {
        self.access.trap = Some(code);
        self.access.assumed.can_move = false;
        self
    }

    /// The same as a value of another type that is as wide.
    ///
    /// # Errors
    ///
    /// When the type isn't as wide.
    pub fn cast(mut self, to: Type) -> Result<Handle<P, Int, A>, WrongType> {
        if to.bytes() != self.access.held.bytes() || to.bits() != self.access.held.bits() {
            return Err(WrongType {
                is: to,
                holds: self.access.held,
            });
        }
        self.access.held = to;
        Ok(self.of_kind(Int))
    }

    fn of_kind<L>(self, kind: L) -> Handle<P, L, A> {
        Handle {
            access: self.access,
            path: self.path,
            pointer: self.pointer,
            kind,
            how: PhantomData,
        }
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<K: Copy, A> Handle<Direct, K, A> {
    /// The same from the address of something that has the record `offset` bytes into it.
    #[must_use]
    pub fn relative_to(mut self, offset: u32) -> Self {
        self.access.offset = self.access.offset.saturating_add(offset.into());
        self
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, K: Copy, A: Load> Handle<P, K, A> {
    /// Emits a load.
    pub fn load(self, pos: &mut FuncCursor<'_>, base: Value) -> Value {
        let base = self.path.follow(pos, base);
        self.access.load(pos, base)
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, K: Copy, A: Store> Handle<P, K, A> {
    /// Emits a store.
    ///
    /// # Errors
    ///
    /// When the value isn't of the part's type, so that more or less than it would be
    /// written, or the part is in something that compiled code takes for constant.
    pub fn store(
        self,
        pos: &mut FuncCursor<'_>,
        base: Value,
        value: Value,
    ) -> Result<Inst, Refused> {
        self.access.expect(pos, value)?;
        let base = self.path.follow(pos, base);
        let (base, offset) = near(pos, base, self.access.offset);
        let flags = flags(pos.func, &self.access);
        Ok(pos.ins().store(flags, value, base, offset))
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, K: Copy, A: InOrder> Handle<P, K, A> {
    /// Emits an atomic load, in an order that all threads agree on.
    pub fn load_atomic(self, pos: &mut FuncCursor<'_>, base: Value) -> Value {
        let base = self.address(pos, base);
        let flags = flags(pos.func, &self.access.changing());
        pos.ins().atomic_load(self.access.held, flags, base)
    }

    /// Emits an atomic store, in an order that all threads agree on.
    ///
    /// # Errors
    ///
    /// When the value isn't of the part's type, so that more or less than it would be
    /// written.
    pub fn store_atomic(
        self,
        pos: &mut FuncCursor<'_>,
        base: Value,
        value: Value,
    ) -> Result<Inst, Refused> {
        let access = self.access.changing();
        access.expect(pos, value)?;
        let base = self.address(pos, base);
        let flags = flags(pos.func, &access);
        Ok(pos.ins().atomic_store(flags, value, base))
    }
}

impl Access {
    fn expect(&self, pos: &FuncCursor<'_>, value: Value) -> Result<(), Refused> {
        let is = pos.func.dfg.value_type(value);
        let holds = self.held;
        if is != holds {
            return Err(Refused::Type(WrongType { is, holds }));
        }
        if self.assumed.readonly {
            return Err(Refused::ReadOnly);
        }
        Ok(())
    }

    /// The same of an atomic, which others change whatever it is in.
    fn changing(mut self) -> Self {
        self.assumed.readonly = false;
        self.assumed.can_move = false;
        self
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, T: Pointee, A: Load> Handle<P, Pointer<T>, A> {
    /// What it points to.
    pub fn pointee(self) -> T::On<Through<P>> {
        self.kind.to.on(self.behind(self.kind, false))
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, T: Pointee, A: Load> Handle<P, Nullable<T>, A> {
    /// What it points to, for code that runs only where the pointer isn't null. So the loads
    /// behind it stay there, whatever may be assumed of the parts.
    pub fn pointee_if_checked(self) -> T::On<Through<P>> {
        let Nullable { to, assumed } = self.kind;
        to.on(self.behind(Pointer { to, assumed }, true))
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, K: Copy, L: Copy, A: Load, const INDEXED: bool>
    Handle<P, Pointer<ValueAt<K, L, INDEXED>>, A>
{
    /// What it points to as the first of so many values.
    pub fn elements(self, count: u32) -> Array<Through<P>, u32, Values<K, L>> {
        let to = self.kind.to;
        Array::of_values(self.behind(self.kind, false), count, &to.held, to.kind)
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, K: Copy, L: Copy, A: Load> Handle<P, Pointer<ValueAt<K, L>>, A> {
    /// What is there, for code that has the pointer already, or an address that it came to
    /// from there.
    pub fn given(self) -> Array<Direct, u32, Values<K, L>> {
        let Pointer { to, assumed } = self.kind;
        let mut place = Place::new(Direct, self.pointer, to.align);
        place.assumed = assumed;
        Array::of_values(place, u32::MAX, &to.held, to.kind)
    }
}

impl<P: Path, K: Copy, A> Handle<P, K, A> {
    fn behind<T: Pointee>(&self, pointer: Pointer<T>, check: bool) -> Place<Through<P>> {
        let path = Through {
            before: self.path,
            link: self.access,
        };
        let mut place = Place::new(path, self.pointer, pointer.to.align());
        place.behind_check = check;
        place.assumed = pointer.assumed;
        place
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<T> Pointer<T> {
    /// One to that.
    pub const fn to(to: T) -> Self {
        let assumed = Assumed::NOTHING;
        Self { to, assumed }
    }

    /// One to what doesn't change while a compiled function runs.
    #[must_use]
    pub const fn readonly(mut self) -> Self {
        self.assumed.readonly = true;
        self
    }

    /// One to what may be loaded earlier than it is needed.
    #[must_use]
    pub const fn can_move(mut self) -> Self {
        self.assumed.can_move = true;
        self
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<T> Nullable<T> {
    /// One to that.
    pub const fn to(to: T) -> Self {
        let assumed = Assumed::NOTHING;
        Self { to, assumed }
    }

    /// One to what doesn't change while a compiled function runs.
    #[must_use]
    pub const fn readonly(mut self) -> Self {
        self.assumed.readonly = true;
        self
    }

    /// One to what may be loaded earlier than it is needed.
    #[must_use]
    pub const fn can_move(mut self) -> Self {
        self.assumed.can_move = true;
        self
    }
}

/// A value that a pointer leads to; `INDEXED` says that it is the first of an array in which
/// each element is a region of its own, so that code has to know which one it accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueAt<K, A, const INDEXED: bool = false> {
    held: Held<K, A>,
    kind: K,
    align: u32,
}

#[allow(dead_code, reason = "not every user needs all")]
impl<K: Copy, A: Copy, const INDEXED: bool> ValueAt<K, A, INDEXED> {
    /// One that is at a multiple of `align` bytes.
    pub const fn new(held: Held<K, A>, kind: K, align: u32) -> Self {
        Self { held, kind, align }
    }
}

impl<K: Copy, A: Copy, const INDEXED: bool> Pointee for ValueAt<K, A, INDEXED> {
    type On<P: Path> = Handle<P, K, A>;

    fn align(self) -> u32 {
        self.align
    }

    fn on<P: Path>(self, place: Place<P>) -> Handle<P, K, A> {
        place.holds(&self.held, self.kind)
    }
}

/// A type of numbers that elements are told apart by.
pub trait Index: Copy {
    /// The number.
    fn number(self) -> u32;
}

impl Index for u32 {
    fn number(self) -> u32 {
        self
    }
}

/// How the elements of an array are told apart: by an `Index`, or by a type that gives its
/// number in another way.
pub trait Numbers {
    /// What an element is asked for by.
    type By;

    /// Its number; the largest if that isn't known to 32 bits, which no element has.
    fn number(by: Self::By) -> u32;
}

impl<I: Index> Numbers for I {
    type By = I;

    fn number(by: I) -> u32 {
        by.number()
    }
}

/// A number of any integer type, as `Numbers` has it.
#[allow(dead_code, reason = "not every user has types of its own")]
pub fn number<N: TryInto<u32>>(number: N) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

/// What an element of an array is.
pub trait Element: Copy {
    /// What it is known by.
    type At<P: Path>;

    /// The element of that number, which is at a place.
    fn at<P: Path>(self, place: Place<P>, number: u32) -> Self::At<P>;
}

/// Values that can be loaded and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values<K, A> {
    held: Held<K, A>,
    kind: K,
}

impl<K: Copy, A: Copy> Element for Values<K, A> {
    type At<P: Path> = Handle<P, K, A>;

    fn at<P: Path>(self, place: Place<P>, number: u32) -> Handle<P, K, A> {
        place.element(&self.held, self.kind, number)
    }
}

/// Records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Records<T> {
    record: T,
}

impl<T: Record> Element for Records<T> {
    type At<P: Path> = T::On<P>;

    fn at<P: Path>(self, place: Place<P>, _: u32) -> T::On<P> {
        self.record.on(place)
    }
}

/// Arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows<E> {
    stride: u32,
    count: u32,
    element: E,
}

impl<E: Element> Element for Rows<E> {
    type At<P: Path> = Array<P, u32, E>;

    fn at<P: Path>(self, place: Place<P>, _: u32) -> Array<P, u32, E> {
        Array {
            place,
            stride: self.stride,
            count: self.count,
            element: self.element,
            index: PhantomData,
        }
    }
}

/// Elements one after the other, which `I` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Array<P, I, E> {
    place: Place<P>,
    stride: u32,
    count: u32,
    element: E,
    index: PhantomData<fn(I)>,
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, I, K: Copy, A: Copy> Array<P, I, Values<K, A>> {
    /// So many values.
    pub fn of_values(place: Place<P>, count: u32, held: &Held<K, A>, kind: K) -> Self {
        Self {
            place,
            stride: held.shape.on(place.pointer).bytes(),
            count,
            element: Values { held: *held, kind },
            index: PhantomData,
        }
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, I, T: Record> Array<P, I, Records<T>> {
    /// So many records.
    pub fn of_records(place: Place<P>, count: u32, record: T) -> Self {
        Self {
            place,
            stride: record.size(),
            count,
            element: Records { record },
            index: PhantomData,
        }
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, I, E: Element> Array<P, I, E> {
    /// How many elements there are.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Bytes from one element to the next.
    #[must_use]
    pub const fn stride(&self) -> u32 {
        self.stride
    }

    /// Bytes from the address that is given to the first element.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.place.offset()
    }

    /// Emits the address of the first element, which is there if there are any.
    pub fn address(self, pos: &mut FuncCursor<'_>, base: Value) -> Value {
        self.place.address(pos, base)
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, E: Element> Array<P, u32, E> {
    /// So many arrays like this one, which is the first of them.
    pub fn in_each<I>(self, count: u32) -> Array<P, I, Rows<E>> {
        let element = Rows {
            stride: self.stride,
            count: self.count,
            element: self.element,
        };
        Array {
            place: self.place,
            stride: self.stride.saturating_mul(self.count),
            count,
            element,
            index: PhantomData,
        }
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, I: Numbers, E: Element> Array<P, I, E> {
    /// The element of that number.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn at(self, index: I::By) -> Result<E::At<P>, OutOfBounds> {
        let index = I::number(index);
        let count = self.count;
        if index >= count {
            return Err(OutOfBounds { index, count });
        }
        let mut place = self.place;
        let offset = u64::from(self.stride).saturating_mul(index.into());
        place.offset = place.offset.saturating_add(offset);
        Ok(self.element.at(place, index))
    }
}

#[allow(dead_code, reason = "not every user needs all")]
impl<P: Path, I, A: Copy> Array<P, I, Values<Byte, A>> {
    /// The bytes from the first on as a value of some type.
    ///
    /// # Errors
    ///
    /// When the type is wider than all of them.
    pub fn cast(self, to: Type) -> Result<Handle<P, Int, A>, WrongType> {
        let held = self.element.held;
        if to.bytes() > self.count {
            let holds = held.shape.on(self.place.pointer);
            return Err(WrongType { is: to, holds });
        }
        let mut whole = Held::<Int, A>::new(Shape::Fixed(to), held.region);
        whole.assumed = held.assumed;
        Ok(self.place.holds(&whole, Int))
    }
}

/// An offset that an instruction can take, from an address that is made for it if it has to
/// be.
fn near(pos: &mut FuncCursor<'_>, base: Value, offset: u64) -> (Value, i32) {
    match i32::try_from(offset) {
        Ok(near) => (base, near),
        Err(_) => (far(pos, base, offset), 0),
    }
}

/// The address that is so many bytes behind another.
fn far(pos: &mut FuncCursor<'_>, base: Value, offset: u64) -> Value {
    if offset == 0 {
        return base;
    }
    let address = pos.func.dfg.value_type(base);
    // Addresses wrap around; a constant has no bits that its type hasn't.
    let mask = u64::MAX >> 64_u32.saturating_sub(address.bits());
    #[allow(clippy::cast_possible_wrap, reason = "bits are bits")]
    let offset = pos.ins().iconst(address, (offset & mask) as i64);
    pos.ins().iadd(base, offset)
}

/// An element that isn't there.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfBounds {
    /// The number that was asked for.
    pub index: u32,
    /// How many elements there are.
    pub count: u32,
}

impl fmt::Display for OutOfBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "element {} of {}", self.index, self.count)
    }
}

impl core::error::Error for OutOfBounds {}

/// Why nothing is stored.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The value has another type than the part.
    Type(WrongType),
    /// The part is in something that compiled code takes for constant.
    ReadOnly,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(wrong) => wrong.fmt(f),
            Self::ReadOnly => f.write_str("what it is in is readonly"),
        }
    }
}

impl core::error::Error for Refused {}

/// A value of another type than the part has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongType {
    /// Its type.
    pub is: Type,
    /// The part's type.
    pub holds: Type,
}

impl fmt::Display for WrongType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} where {} is held", self.is, self.holds)
    }
}

impl core::error::Error for WrongType {}

/// A target that there are no handles for.
#[allow(dead_code, reason = "not every user needs all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// The schema has no target of that name.
    Target,
    /// Pointers have so many bytes, and no backend has such.
    PointerSize(u32),
    /// The handles of another module are for a target with other pointers.
    Different,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target => f.write_str("the schema doesn't have this target"),
            Self::PointerSize(bytes) => {
                write!(f, "Cranelift has no backend with pointers of {bytes} bytes")
            }
            Self::Different => f.write_str("the handles of two modules are for different targets"),
        }
    }
}

impl core::error::Error for Unsupported {}

/// What the target that code is compiled for is to a schema, which knows targets by their
/// names.
///
/// # Errors
///
/// When the schema doesn't have it.
pub fn target_of<M>(
    isa: &dyn TargetIsa,
    of_target: fn(&str) -> Option<M>,
) -> Result<M, Unsupported> {
    of_target(&isa.triple().to_string()).ok_or(Unsupported::Target)
}

/// Sees to it that handles are for one target.
///
/// # Errors
///
/// When their pointers differ.
#[allow(dead_code, reason = "not every user needs all")]
pub fn same_target(one: Type, other: Type) -> Result<(), Unsupported> {
    if one == other {
        Ok(())
    } else {
        Err(Unsupported::Different)
    }
}

/// The type of pointers that have so many bytes.
///
/// # Errors
///
/// When no backend has such pointers.
pub const fn pointer_type(bytes: u32) -> Result<Type, Unsupported> {
    match bytes {
        4 => Ok(types::I32),
        8 => Ok(types::I64),
        _ => Err(Unsupported::PointerSize(bytes)),
    }
}
