"""A module as the source of a crate that needs no ``core``, with layouts to ask for.

Nothing here knows a width or an alignment of a target: integers and pointers are
rustc's own, and what core builds from them is built the same way. What the compiler
is asked is a list of `Question`s, one for each type that has a layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

from vmgen.schema import model as m
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts
    from vmgen.targets.conditions import Condition

_Part = tuple[str, "Condition | None"]
"""A field's type, and the condition without which it is empty."""

Wants = Literal["extent", "record", "tagged", "offsets"]


@dataclass(frozen=True, slots=True)
class Question:
    """An item of the crate, and which numbers of its layout count.

    ``extent`` is size and alignment; ``record`` also the offset of each field;
    ``tagged`` also the offset of the tag and of the payloads; ``offsets`` are the
    offsets of the fields alone.
    """

    name: str
    item: str
    wants: Wants


LIBRARY = """\
#![feature(no_core, lang_items, rustc_attrs, intrinsics, decl_macro, pattern_types)]
#![allow(internal_features, dead_code)]
#![no_core]
#![crate_type = "lib"]
#[lang = "pointee_sized"] pub trait PointeeSized {}
#[lang = "meta_sized"] pub trait MetaSized: PointeeSized {}
#[lang = "sized"] pub trait Sized: MetaSized {}
#[lang = "copy"] pub trait Copy {}
#[lang = "bikeshed_guaranteed_no_drop"] pub trait BikeshedGuaranteedNoDrop {}
#[lang = "phantom_data"] pub struct PhantomData<T: PointeeSized>;
#[lang = "manually_drop"] #[repr(transparent)] pub struct ManuallyDrop<T>(T);
#[lang = "unsafe_cell"] #[repr(transparent)] pub struct UnsafeCell<T>(T);
#[rustc_builtin_macro(pattern_type)] pub macro pattern_type($($arg:tt)*) {}
#[rustc_intrinsic] pub const fn size_of<T>() -> usize;
pub enum Option<T> { None, Some(T) }
#[repr(transparent)] pub struct VmPtr<T>(NonZeroUsize, PhantomData<*mut T>);
#[repr(transparent)] pub struct NonNull<T: 'static>(&'static T);
#[repr(transparent)] pub struct Box<T: 'static>(&'static T);
#[repr(C, align(1))] pub struct AtomicBool(UnsafeCell<u8>);
#[allow(non_camel_case_types)] pub struct c_void;
#[allow(non_camel_case_types)] pub type c_char = u8;
#[allow(non_camel_case_types)] pub type c_schar = i8;
#[allow(non_camel_case_types)] pub type c_uchar = u8;
#[allow(non_camel_case_types)] pub type c_short = i16;
#[allow(non_camel_case_types)] pub type c_ushort = u16;
#[allow(non_camel_case_types)] pub type c_longlong = i64;
#[allow(non_camel_case_types)] pub type c_ulonglong = u64;
#[allow(non_camel_case_types)] pub type c_float = f32;
#[allow(non_camel_case_types)] pub type c_double = f64;
"""


_WIDE_INT = 'not(target_pointer_width = "16")'
_WIDE_LONG = (
    'any(all(target_pointer_width = "64", not(target_os = "windows")), '
    'all(target_arch = "wasm32", target_os = "linux"))'
)
_BY_CONDITION = (
    ("c_int", _WIDE_INT, ("i32", "i16")),
    ("c_uint", _WIDE_INT, ("u32", "u16")),
    ("c_long", _WIDE_LONG, ("i64", "i32")),
    ("c_ulong", _WIDE_LONG, ("u64", "u32")),
)
"""What `core::ffi` makes of a target's `cfg`; `c-int-width` is 16 where pointers have 16 bits
(tests/oracle/test_c_types.py)."""


def library() -> str:
    """The types of core, and Wasmtime's VmPtr, as they are declared there."""
    lines = [LIBRARY]
    widths = [("", f"{bits}", bits) for bits in (8, 16, 32, 64, 128)]
    widths += [
        (f'#[cfg(target_pointer_width = "{bits}")] ', "size", bits)
        for bits in (16, 32, 64)
    ]
    for cfg, suffix, bits in widths:
        for sign in "ui":
            inner = f"{sign}{suffix}"
            upper = inner.capitalize()
            lines += [
                f"{cfg}#[repr(C, align({bits // 8}))] "
                f"pub struct Atomic{upper}(UnsafeCell<{inner}>);\n",
                f"{cfg}#[repr(transparent)] pub struct NonZero{upper}"
                f"(pattern_type!(u{suffix} is 1..={2**bits - 1}));\n",
            ]
    for name, condition, (wide, narrow) in _BY_CONDITION:
        lines += [
            f"#[allow(non_camel_case_types)] #[cfg({condition})] pub type {name} = {wide};\n",
            f"#[allow(non_camel_case_types)] #[cfg(not({condition}))] "
            f"pub type {name} = {narrow};\n",
        ]
    for exponent in range(8):
        lines.append(
            f"#[repr(C, align({2**exponent}))] pub struct Align{2**exponent};\n"
        )
    return "".join(lines)


def knows(module: m.Module) -> bool:
    """Whether Rust has all that a module's records are made of: it has no bit-fields."""
    records = (d for d in module.types.values() if isinstance(d, m.Struct))
    return not any(field.bits for record in records for field in record.fields)


class ModuleSource:
    """One module's items and questions, and what the engine says about them."""

    def __init__(self, module: m.Module, layouts: Layouts) -> None:
        self.module = module
        self.layouts = layouts
        self._names = {name: f"T{i}" for i, name in enumerate(module.types)}
        self._extents = list(dict.fromkeys(self._field_types()))

    def unasked(self) -> Iterator[str]:
        """The items that other items name, but that have no layout themselves."""
        for name, declaration in self.module.types.items():
            match declaration:
                case m.Opaque() | m.Context():
                    yield f"pub struct {self._names[name]};"
                case m.Foreign():
                    for where, size, _ in _cases(declaration):
                        yield (
                            f"#[cfg({where})] "
                            f"pub const {self._names[name]}_SIZE: usize = {size};"
                        )

    def questions(self) -> Iterator[Question]:
        for name, declaration in self.module.types.items():
            yield from self._declared(name, declaration)
        for i, type in enumerate(self._extents):
            yield Question(f"{type}", f"pub type F{i} = {self.spell(type)};", "extent")

    def answers(self, layout_class: LayoutClass) -> Iterator[tuple[int, ...]]:
        """The engine's numbers, in the order of the questions."""
        for name, declaration in self.module.types.items():
            record = self.layouts.record(name, layout_class)
            match declaration:
                case m.Context():
                    layout = self.layouts.context(declaration.name)[layout_class.index]
                    for counts in count_vectors(declaration):
                        offsets = _all(declaration.fields, record.offsets)
                        for region, placed in zip(
                            declaration.regions, layout.regions, strict=True
                        ):
                            begin = placed.begin(counts)
                            offsets += [begin] * len(self._region(region, counts))
                        yield (*offsets, layout.total(counts))
                case m.Opaque():
                    continue
                case m.Struct(fields=fields) | m.Union(fields=fields):
                    size = record.size
                    if m.is_prefix(declaration):
                        # Where it ends, which for a compiler is the end of a record.
                        size = -(-size // record.align) * record.align
                    yield (size, record.align, *_all(fields, record.offsets))
                case _:
                    yield (record.size, record.align, *record.offsets)
        for type in self._extents:
            yield self.layouts.extent(type, layout_class)

    def _field_types(self) -> Iterator[t.Type]:
        for declaration in self.module.types.values():
            match declaration:
                case m.Struct(fields=fields) | m.Union(fields=fields):
                    yield from (field.type for field in fields)
                case m.TaggedEnum(tag=tag, variants=variants):
                    yield tag
                    yield from (v.text.type for v in variants if v.text)
                case m.Context(fields=fields, regions=regions):
                    yield from (field.type for field in fields)
                    yield from (region.element for region in regions)
                case m.Newtype(inner=inner) | m.PlainEnum(tag=inner):
                    yield inner
                case _:
                    pass

    def _declared(self, name: str, declaration: m.Declaration) -> Iterator[Question]:
        rust = self._names[name]
        match declaration:
            case m.Struct(fields=fields, align=align, packed=packed):
                parts = [part for field in fields for part in self._field(field)]
                item = f"{_repr(align, packed)} pub struct {rust} {{ {_body(parts)} }}"
                yield Question(name, item, "record")
            case m.Union(fields=fields, align=align, packed=packed):
                body = _body(
                    (f"ManuallyDrop<{part}>", on)
                    for field in fields
                    for part, on in self._field(field)
                )
                item = f"{_repr(align, packed)} pub union {rust} {{ {body} }}"
                yield Question(name, item, "record")
            case m.PlainEnum(tag=tag, variants=variants):
                body = ", ".join(
                    f"V{i} = {_discriminant(v.value, tag)}"
                    for i, v in enumerate(variants)
                )
                item = f"#[repr({tag})] pub enum {rust} {{ {body} }}"
                yield Question(name, item, "extent")
            case m.TaggedEnum(tag=tag, variants=variants):
                body = ", ".join(
                    f"V{i}{f'({self.spell(v.text.type)})' if v.text else ''}"
                    f" = {_discriminant(v.value, tag)}"
                    for i, v in enumerate(variants)
                )
                item = f"#[repr(C, {tag})] pub enum {rust} {{ {body} }}"
                yield Question(name, item, "tagged")
            case m.Newtype(inner=inner):
                item = f"#[repr(transparent)] pub struct {rust}({self.spell(inner)});"
                yield Question(name, item, "extent")
            case m.Functions(slots=slots):
                body = self._fields([slot.signature for slot in slots])
                item = f"#[repr(C)] pub struct {rust} {{ {body} }}"
                yield Question(name, item, "record")
            case m.Foreign():
                aligned = " ".join(
                    f"#[cfg_attr({where}, repr(C, align({align})))]"
                    for where, _, align in _cases(declaration)
                )
                item = f"{aligned} pub struct {rust}([u8; {rust}_SIZE]);"
                yield Question(name, item, "extent")
            case m.Opaque():
                pass
            case m.Context():
                yield from self._context(name, rust, declaration)
            case _:
                raise TypeError(f"{name} is of an unknown kind")

    def _context(self, name: str, rust: str, context: m.Context) -> Iterator[Question]:
        for vector, counts in enumerate(count_vectors(context)):
            parts = [part for field in context.fields for part in self._field(field)]
            for region in context.regions:
                parts += [(part, None) for part in self._region(region, counts)]
            parts.append(("[u8; 0]", None))
            body = _body(parts)
            head = f"{_repr(context.align)} pub struct {rust}C{vector}"
            yield Question(f"{name} with {counts}", f"{head} {{ {body} }}", "offsets")

    def _region(self, region: m.Region, counts: dict[str, int]) -> list[str]:
        """The fields that a region is: its elements, below an empty one to align it."""
        element = self.spell(region.element)
        count = 1 if region.count is None else region.count
        length = counts[count] if isinstance(count, str) else count
        if region.when is not None and not counts[region.when]:
            length = 0
        if region.align is None:
            return [f"[{element}; {length}]"]
        if region.align == 1:
            return [f"[[u8; size_of::<{element}>()]; {length}]"]
        return [f"Align{region.align}", f"[{element}; {length}]"]

    def _fields(self, types: list[t.Type]) -> str:
        return _body((self.spell(type), None) for type in types)

    def _field(self, field: m.Field) -> list[_Part]:
        """A field, below an empty one if it is aligned to more than its type is."""
        aligned: list[_Part] = []
        if field.align:
            aligned = [(f"Align{field.align.number}", field.on)]
        return [*aligned, (self.spell(field.type), field.on)]

    def spell(self, type: t.Type) -> str:
        """A type as this crate's Rust."""
        match type:
            case t.Parameter():
                return "()"
            case t.Int() | t.Primitive() | t.Atomic() | t.NonZero() | t.Unit():
                return str(type)
            case t.CNumber(name):
                return {"size_t": "usize", "ssize_t": "isize"}.get(name, name)
            case t.VmPtr(pointee):
                return f"VmPtr<{self.spell(pointee)}>"
            case t.RawPointer("&" | "&mut" as spelling, pointee):
                return f"&'static {spelling[1:]} {self.spell(pointee)}"
            case t.RawPointer("*mut" | "*const" as spelling, pointee):
                return f"{spelling} {self.spell(pointee)}"
            case t.RawPointer(spelling, pointee):
                return f"{spelling}<{self.spell(pointee)}>"
            case t.Option(inner):
                return f"Option<{self.spell(inner)}>"
            case t.UnsafeCell(inner):
                return f"UnsafeCell<{self.spell(inner)}>"
            case t.Array(element, length):
                return f"[{self.spell(element)}; {length}]"
            case t.FnPointer():
                return 'extern "C" fn()'
            case t.Named(name):
                return self._names[name]
            case t.Vector() | t.RustLayout():
                raise TypeError(f"{type} has no layout")
        assert_never(type)


def count_vectors(context: m.Context) -> list[dict[str, int]]:
    """Counts to try: none of anything, one of each, all different, and every second."""
    names = [count.name for count in context.counts]
    flags = {count.name for count in context.counts if count.flag}
    return [
        dict.fromkeys(names, 0),
        dict.fromkeys(names, 1),
        {name: int(name in flags) or 2 * i + 3 for i, name in enumerate(names)},
        {name: i % 2 for i, name in enumerate(names)},
    ]


def _cases(declared: m.Foreign) -> Iterator[tuple[str, int, int]]:
    """Where a foreign type has which size and which alignment."""
    before: list[str] = []
    for case in declared.cases:
        yield f"all({', '.join([case.on.rust, *before])})", case.size, case.align
        before.append(f"not({case.on.rust})")
    for width, size in declared.size.items():
        where = ", ".join([f'target_pointer_width = "{width}"', *before])
        yield f"all({where})", size, declared.align[width]


def _body(parts: Iterable[_Part]) -> str:
    return ", ".join(_on(f"f{i}: ", *part) for i, part in enumerate(parts))


def _repr(align: int | None, packed: m.Given | None = None) -> str:
    if packed:
        return f"#[repr(C, packed({packed.number}))]"
    return f"#[repr(C, align({align}))]" if align else "#[repr(C)]"


def _all(fields: Iterable[m.Field], offsets: Iterable[int]) -> list[int]:
    """The offsets of fields, of those too that align the one behind them."""
    return [
        offset
        for field, offset in zip(fields, offsets, strict=True)
        for _ in range(2 if field.align else 1)
    ]


def _discriminant(value: int, tag: t.Int) -> str:
    # Without core there is no unary minus; a cast to the tag's width wraps.
    return f"{value % 2**128}_u128 as {tag}"


def _on(name: str, type: str, condition: Condition | None) -> str:
    """A field, which is empty where its condition isn't met."""
    if condition is None:
        return f"{name}{type}"
    return (
        f"#[cfg({condition.rust})] {name}{type}, "
        f"#[cfg(not({condition.rust}))] {name}[u8; 0]"
    )
